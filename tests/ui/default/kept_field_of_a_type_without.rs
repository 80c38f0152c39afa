use reduce_core::Reduce;

#[derive(Reduce)]
struct Record {
    id: u32,
    #[reduce(default)]
    side: Side,
}

#[derive(Reduce)]
enum Side {
    Left,
    Right,
}

fn main() {}
