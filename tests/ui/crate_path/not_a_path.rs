use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(crate = "my framework")]
struct Record {
    id: u32,
}

fn main() {}
