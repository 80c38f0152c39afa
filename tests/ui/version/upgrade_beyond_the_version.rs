use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(version = 2, upgrade(1 = from_one, 2 = from_two))]
struct Record {
    id: u32,
}

fn main() {}
