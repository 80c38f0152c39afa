use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(version = 2, upgrade(from_one))]
struct Record {
    id: u32,
}

#[derive(Reduce)]
#[reduce(version = 3, upgrade(1 = , 2 = |record, context| Ok(())))]
struct Other {
    id: u32,
}

#[derive(Reduce)]
#[reduce(version = 2, upgrade())]
struct Empty {
    id: u32,
}

fn main() {}
