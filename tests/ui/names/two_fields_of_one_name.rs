use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    #[reduce(rename = "id")]
    number: u32,
}

fn main() {}
