use reduce_core::{Reduce, Value};

#[derive(Reduce)]
struct Record {
    id: u32,
    #[reduce(other)]
    rest: Value,
}

#[derive(Reduce)]
#[reduce(other)]
enum Event {
    Pressed(u32),
}

#[derive(Reduce)]
enum Shape {
    Circle(f64),
    #[reduce(other = Newer)]
    Newer(Value),
}

fn main() {}
