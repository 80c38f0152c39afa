use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, default = "zero")]
    made: Vec<u8>,
}

async fn zero() -> Vec<u8> {
    vec![]
}

fn main() {}
