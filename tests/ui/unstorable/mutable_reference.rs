use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    value: &'static mut u32,
}

fn main() {}
