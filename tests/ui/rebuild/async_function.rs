use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = "build")]
    made: Vec<u8>,
}

async fn build(id: &u32, name: &str) -> Vec<u8> {
    vec![0; *id as usize + name.len()]
}

fn main() {}
