use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    value: &'static u32,
}

fn main() {}
