use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(rebuild = build)]
struct Record {
    id: u32,
    #[reduce(skip, default)]
    cached: u8,
    #[reduce(skip, rebuild = make, from(id))]
    made: Vec<u8>,
}

fn main() {}
