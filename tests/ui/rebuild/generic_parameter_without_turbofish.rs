use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    name: String,
    #[reduce(skip, rebuild = build)]
    made: Vec<u8>,
}

fn build<P: AsRef<str>>(_: &u32, name: P) -> Vec<u8> {
    name.as_ref().into()
}

fn main() {}
