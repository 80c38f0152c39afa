use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(context(Pool))]
struct Record {
    id: u32,
}

fn main() {}
