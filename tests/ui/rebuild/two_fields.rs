use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    #[reduce(skip, rebuild = one)]
    one: u8,
    #[reduce(skip, rebuild = two)]
    two: u8,
}

fn one(_: &u64) -> u8 {
    1
}

fn two(_: &u32) -> u16 {
    2
}

fn main() {}
