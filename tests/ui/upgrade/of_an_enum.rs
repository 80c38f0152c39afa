use reduce_core::{Record, Reduce};

#[derive(Reduce)]
#[reduce(version = 2, upgrade(1 = from_one))]
enum Line {
    Empty,
}

fn from_one(_: &mut Record) {}

fn main() {}
