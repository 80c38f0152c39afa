use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(transparent)]
struct Unit;

fn main() {}
