use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    #[reduce(alias)]
    id: u32,
    #[reduce(alias("name", "label"))]
    name: String,
    #[reduce(alias = "")]
    note: String,
}

fn main() {}
