use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(version = 4, upgrade(1 = from_one), upgrade(3 = from_three))]
struct Record {
    id: u32,
}

#[derive(Reduce)]
#[reduce(version = 4, upgrade(1 = from_one, 2 = from_two))]
struct Last {
    id: u32,
}

fn main() {}
