use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(rebuild = build)]
struct Record {
    id: u32,
    name: String,
}

fn build(id: &u32, name: &str) -> Record {
    Record { id: *id, name: name.into() }
}

fn main() {}
