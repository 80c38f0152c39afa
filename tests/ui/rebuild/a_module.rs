use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = builder)]
    made: Vec<u8>,
}

mod builder {}

fn main() {}
