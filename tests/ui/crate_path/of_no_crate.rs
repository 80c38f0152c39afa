use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(crate = pickle)]
struct Record {
    id: u32,
    name: String,
}

fn main() {}
