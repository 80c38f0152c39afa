use reduce_core::{Reduce, Value};

#[derive(Reduce)]
enum Event {
    Pressed(u32),
    #[reduce(other, rename = "newer")]
    Newer(Value),
}

fn main() {}
