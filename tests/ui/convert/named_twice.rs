use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    #[reduce(convert = parse, convert = round, convert = "parse")]
    id: u32,
}

fn parse(old: String) -> Result<u32, std::num::ParseIntError> {
    old.parse()
}

fn round(old: f64) -> u32 {
    old.round() as u32
}

fn main() {}
