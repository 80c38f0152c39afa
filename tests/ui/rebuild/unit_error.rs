use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = "build")]
    made: Vec<u8>,
}

fn build(_: &u32, _: &str) -> Result<Vec<u8>, ()> {
    Err(())
}

fn main() {}
