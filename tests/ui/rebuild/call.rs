use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = "build(id)")]
    made: Vec<u8>,
}

fn main() {}
