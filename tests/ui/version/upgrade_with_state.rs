use reduce_core::Reduce;
use std::cell::Cell;

#[derive(Reduce)]
#[reduce(version = 2, upgrade(1 = from_one))]
struct Node {
    id: u32,
    #[reduce(state)]
    next: Cell<u32>,
}

fn main() {}
