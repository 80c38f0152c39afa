use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    #[reduce(unknown)]
    rest: reduce_core::Unknown,
    #[reduce(unknown)]
    more: reduce_core::Unknown,
}

fn main() {}
