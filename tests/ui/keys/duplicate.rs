use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(name = "a.Record", name = "b.Record")]
struct Record {
    #[reduce(rename = "number")]
    #[reduce(rename = "id")]
    id: u32,
}

fn main() {}
