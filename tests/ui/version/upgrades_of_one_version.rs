use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(version = 2, upgrade(1 = from_one), upgrade(1 = from_first))]
struct Record {
    id: u32,
}

fn main() {}
