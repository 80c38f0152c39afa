use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(transparent)]
struct Id {
    #[reduce(rename = "id")]
    number: u32,
}

fn main() {}
