use reduce_core::Reduce;
use std::fs::File;

#[derive(Reduce)]
struct Node {
    name: String,
    #[reduce(state)]
    log: Option<File>,
}

fn main() {}
