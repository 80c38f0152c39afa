use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    #[reduce(skip, rebuild = first, from(second))]
    first: u8,
    #[reduce(skip, rebuild = second, from(id))]
    second: u8,
}

fn main() {}
