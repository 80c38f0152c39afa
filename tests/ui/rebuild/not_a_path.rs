use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = 5)]
    made: Vec<u8>,
}

fn main() {}
