use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    value: std::collections::HashMap<String, std::time::Instant>,
}

fn main() {}
