use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(upgrade(1 = from_one))]
struct Record {
    id: u32,
}

fn main() {}
