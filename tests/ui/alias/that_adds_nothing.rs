use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    #[reduce(alias = "id")]
    id: u32,
    #[reduce(rename = "label", alias = "name", alias = "label", alias = "name")]
    name: String,
}

fn main() {}
