use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = "build")]
    made: Vec<u8>,
}

fn build(id: &u64, name: &str) -> String {
    format!("{id} {name}")
}

fn main() {}
