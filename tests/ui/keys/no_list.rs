use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    #[reduce]
    id: u32,
    #[reduce = "skip"]
    name: String,
}

fn main() {}
