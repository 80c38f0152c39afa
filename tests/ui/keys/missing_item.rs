use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    #[reduce(skip,, default)]
    id: u32,
}

fn main() {}
