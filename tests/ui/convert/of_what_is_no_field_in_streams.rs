use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    #[reduce(skip, default, convert = parse)]
    cache: u32,
}

#[derive(Reduce)]
#[reduce(transparent)]
struct Id(#[reduce(convert = parse)] u32);

fn main() {}
