use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, default = vec![0])]
    made: Vec<u8>,
}

fn main() {}
