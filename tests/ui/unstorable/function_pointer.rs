use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    value: fn(u32) -> u32,
}

fn main() {}
