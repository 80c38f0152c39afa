use reduce_core::Reduce;

#[derive(Reduce)]
struct First {
    #[reduce(skip)]
    cached: u8,
}

#[derive(Reduce)]
struct Second {
    first: First,
    #[reduce(skip, rebuild = build)]
    made: u8,
}

fn build(_: &u64) -> u8 {
    0
}

fn main() {}
