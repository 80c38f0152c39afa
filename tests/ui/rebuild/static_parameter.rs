use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = "build")]
    made: Vec<u8>,
}

fn build(_: &u32, name: &'static str) -> Vec<u8> {
    name.into()
}

fn main() {}
