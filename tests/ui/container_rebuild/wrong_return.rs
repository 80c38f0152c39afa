use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(rebuild = build)]
struct Record {
    id: u32,
    name: String,
}

fn build(id: u32, name: String) -> (u32, String) {
    (id, name)
}

fn main() {}
