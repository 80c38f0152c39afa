use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = "build")]
    made: Vec<u8>,
}

async fn build(_: &u32, _: &str) -> std::io::Result<Vec<u8>> {
    Ok(vec![])
}

fn main() {}
