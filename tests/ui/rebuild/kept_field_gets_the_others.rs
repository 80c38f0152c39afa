use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(rebuild = build)]
    made: Vec<u8>,
    #[reduce(rebuild = count)]
    count: u64,
}

fn build(id: &u32, name: &str, made: &[u8]) -> Vec<u8> {
    [name.as_bytes(), made, &id.to_le_bytes()].concat()
}

fn count(_: u32, name: &str) -> usize {
    name.len()
}

fn main() {}
