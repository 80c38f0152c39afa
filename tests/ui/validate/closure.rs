use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(validate = |record| record.id > 0)]
struct Record {
    id: u32,
    name: String,
}

fn main() {}
