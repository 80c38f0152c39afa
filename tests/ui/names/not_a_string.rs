use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(name = app::Record)]
struct Record {
    #[reduce(rename = number)]
    id: u32,
}

fn main() {}
