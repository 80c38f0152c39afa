use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    f0: u8,
    f1: u8,
    f2: u8,
    f3: u8,
    f4: u8,
    f5: u8,
    f6: u8,
    f7: u8,
    f8: u8,
    f9: u8,
    f10: u8,
    f11: u8,
    f12: u8,
    f13: u8,
    f14: u8,
    f15: u8,
    f16: u8,
    #[reduce(skip, rebuild = build)]
    made: Vec<u8>,
}

fn main() {}
