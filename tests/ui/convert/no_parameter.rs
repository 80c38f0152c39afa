use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    #[reduce(convert = zero)]
    id: u32,
}

fn zero() -> u32 {
    0
}

fn main() {}
