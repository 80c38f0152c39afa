use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(version = "2")]
struct Text {
    id: u32,
}

#[derive(Reduce)]
#[reduce(version = 0)]
struct Zero {
    id: u32,
}

#[derive(Reduce)]
#[reduce(version = -1)]
struct Negative {
    id: u32,
}

#[derive(Reduce)]
#[reduce(version = 5_000_000_000)]
struct Large {
    id: u32,
}

fn main() {}
