use reduce_core::{Record, Reduce};

#[derive(Reduce)]
#[reduce(version = 2, upgrade(1 = from_one))]
struct Line<'a> {
    text: &'a str,
    number: u32,
}

fn from_one(_: &mut Record) {}

fn main() {}
