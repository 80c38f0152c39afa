use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(deny_unknown)]
struct Record {
    id: u32,
    #[reduce(unknown)]
    rest: reduce_core::Unknown,
}

fn main() {}
