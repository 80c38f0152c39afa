use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    #[reduce(skip default)]
    id: u32,
    #[reduce(rename = "title" with = Text)]
    name: String,
}

fn main() {}
