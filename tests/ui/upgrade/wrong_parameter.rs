use reduce_core::{Reduce, Value};

#[derive(Reduce)]
#[reduce(version = 2, upgrade(1 = from_one))]
struct Line {
    text: String,
}

fn from_one(_: &mut Value) {}

fn main() {}
