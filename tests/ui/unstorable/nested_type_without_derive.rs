use reduce_core::Reduce;

#[derive(Reduce)]
struct Order {
    id: u32,
    customer: Customer,
}

struct Customer {
    name: String,
}

fn main() {}
