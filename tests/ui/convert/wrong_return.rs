use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    #[reduce(convert = parse)]
    id: u32,
}

fn parse(old: String) -> Option<u32> {
    old.parse().ok()
}

fn main() {}
