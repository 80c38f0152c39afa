use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(transparent)]
struct Id(#[reduce(alias = "id")] u32);

#[derive(Reduce)]
struct Record {
    id: u32,
    #[reduce(skip, default, alias = "buffer")]
    cache: Vec<u8>,
}

fn main() {}
