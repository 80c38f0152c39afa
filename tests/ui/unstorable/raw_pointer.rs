use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    value: *const u8,
}

fn main() {}
