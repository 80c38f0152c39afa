use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(deny_newer)]
struct Record {
    id: u32,
}

fn main() {}
