use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(name = "")]
struct Record {
    #[reduce(rename = "")]
    id: u32,
}

fn main() {}
