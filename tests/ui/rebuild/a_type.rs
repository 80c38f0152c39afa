use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = Builder)]
    made: Vec<u8>,
}

struct Builder {
    id: u32,
}

fn main() {}
