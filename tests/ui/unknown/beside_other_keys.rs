use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    #[reduce(unknown, default)]
    rest: reduce_core::Unknown,
}

#[derive(Reduce)]
struct Skipped {
    id: u32,
    #[reduce(skip, rebuild = make, unknown)]
    rest: reduce_core::Unknown,
}

fn main() {}
