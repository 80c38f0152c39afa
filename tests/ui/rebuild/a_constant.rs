use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = BUILD)]
    made: Vec<u8>,
}

const BUILD: u8 = 0;

fn main() {}
