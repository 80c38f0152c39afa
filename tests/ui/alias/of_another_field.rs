use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    #[reduce(alias = "number")]
    id: u32,
    #[reduce(alias = "title")]
    number: u32,
    #[reduce(rename = "label", alias = "title")]
    name: String,
}

#[derive(Reduce)]
struct Pair(u32, #[reduce(alias = "0")] u32);

fn main() {}
