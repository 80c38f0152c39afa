use reduce_core::{Reduce, Unknown};

#[derive(Reduce)]
struct Record {
    id: u32,
    #[reduce(unknown = Unknown::new)]
    rest: Unknown,
}

#[derive(Reduce)]
#[reduce(unknown)]
struct Wrong {
    id: u32,
}

#[derive(Reduce)]
enum Event {
    Pressed(u32),
    #[reduce(unknown)]
    Newer,
}

fn main() {}
