use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    #[reduce(skip, default, rebuild = build)]
    made: u32,
}

fn main() {}
