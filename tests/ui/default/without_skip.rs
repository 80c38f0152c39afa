use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(default)]
    made: Vec<u8>,
}

fn main() {}
