use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = "build")]
    made: Vec<u8>,
}

async fn build(_: &u64, _: &str) -> Vec<u8> {
    vec![]
}

fn main() {}
