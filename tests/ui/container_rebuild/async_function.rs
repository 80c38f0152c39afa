use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(rebuild = build)]
struct Record {
    id: u32,
    name: String,
}

async fn build(id: u32, name: String) -> Record {
    Record { id, name }
}

fn main() {}
