use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    value: std::fs::File,
}

fn main() {}
