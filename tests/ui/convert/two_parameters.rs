use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    #[reduce(convert = parse)]
    id: u32,
    name: String,
}

fn parse(old: String, name: &str) -> u32 {
    old.len() as u32 + name.len() as u32
}

fn main() {}
