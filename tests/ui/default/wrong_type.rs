use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, default = "zero")]
    made: Vec<u8>,
}

fn zero() -> u8 {
    0
}

fn main() {}
