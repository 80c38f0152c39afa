use reduce_core::{Record, Reduce};

#[derive(Reduce)]
#[reduce(version = 3, upgrade(1 = from_one, 2 = from_two))]
struct Line {
    text: String,
}

fn from_one(_: &mut Record) -> bool {
    true
}

fn from_two(_: &mut Record) -> Result<(), u8> {
    Ok(())
}

fn main() {}
