use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(transparent)]
struct Id {
    number: u32,
    #[reduce(unknown)]
    rest: reduce_core::Unknown,
}

fn main() {}
