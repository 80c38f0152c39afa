use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    value: Vec<std::fs::File>,
}

fn main() {}
