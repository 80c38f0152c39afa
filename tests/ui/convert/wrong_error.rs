use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    #[reduce(convert = parse)]
    id: u32,
}

struct NotAnError;

fn parse(old: String) -> Result<u32, NotAnError> {
    old.parse().map_err(|_| NotAnError)
}

fn main() {}
