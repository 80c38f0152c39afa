use reduce_core::Reduce;

#[derive(Reduce)]
struct Node {
    #[reduce(skip, default, state)]
    cache: u32,
    #[reduce(state, rebuild = open, from(cache))]
    handle: u32,
}

fn open(_: &u32) -> u32 {
    0
}

fn main() {}
