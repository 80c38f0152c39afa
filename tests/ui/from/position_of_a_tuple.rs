use reduce_core::Reduce;

#[derive(Reduce)]
struct Pair(u32, #[reduce(skip, rebuild = build, from(id))] u32, #[reduce(skip, rebuild = build, from(3))] u32);

fn main() {}
