use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    #[reduce(rebuild = first, from(id, second))]
    first: u32,
    #[reduce(rebuild = second, from(cache))]
    second: u32,
    #[reduce(skip, default)]
    cache: u32,
}

fn main() {}
