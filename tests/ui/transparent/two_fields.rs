use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(transparent)]
struct Pair(u8, u8);

fn main() {}
