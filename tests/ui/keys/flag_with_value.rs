use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(transparent = true)]
struct Id {
    #[reduce(skip(yes), default)]
    cached: u8,
    number: u32,
}

fn main() {}
