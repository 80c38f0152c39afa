use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    value: Box<dyn std::fmt::Display>,
}

fn main() {}
