use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = "build")]
    made: Vec<u8>,
}

fn build(id: &u32, name: &str) -> std::io::Result<String> {
    Ok(format!("{id} {name}"))
}

fn main() {}
