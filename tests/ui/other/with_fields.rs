use reduce_core::Reduce;

#[derive(Reduce)]
enum Shape {
    Circle(f64),
    #[reduce(other)]
    Newer { value: reduce_core::Value },
}

#[derive(Reduce)]
enum Event {
    Pressed(u32),
    #[reduce(other)]
    Newer(reduce_core::Value, u32),
}

fn main() {}
