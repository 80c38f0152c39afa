use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    value: std::sync::Arc<dyn Fn() -> u32>,
}

fn main() {}
