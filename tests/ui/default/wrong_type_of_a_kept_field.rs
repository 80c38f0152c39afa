use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    #[reduce(default = "zero")]
    made: Vec<u8>,
}

fn zero() -> u8 {
    0
}

fn main() {}
