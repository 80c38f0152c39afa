use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(name)]
struct Record {
    #[reduce(rename = )]
    id: u32,
    #[reduce(skip, rebuild)]
    made: Vec<u8>,
    #[reduce(with)]
    name: String,
}

fn main() {}
