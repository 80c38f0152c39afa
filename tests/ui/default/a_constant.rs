use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, default = ZERO)]
    made: Vec<u8>,
}

const ZERO: Vec<u8> = vec![];

fn main() {}
