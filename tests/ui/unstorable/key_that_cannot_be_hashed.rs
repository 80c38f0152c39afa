use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    value: std::collections::HashMap<f64, String>,
}

fn main() {}
