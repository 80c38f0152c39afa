use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce()]
struct Record {
    id: u32,
}

fn main() {}
