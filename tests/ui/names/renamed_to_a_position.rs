use reduce_core::Reduce;

#[derive(Reduce)]
struct Pair(#[reduce(rename = "1")] u32, u32);

fn main() {}
