use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    #[reduce(convert = ZERO)]
    id: u32,
}

const ZERO: u32 = 0;

fn main() {}
