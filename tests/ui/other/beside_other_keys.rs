use reduce_core::Reduce;

#[derive(Reduce)]
enum Shape {
    Circle(f64),
    #[reduce(other, alias = "Oval")]
    Newer,
}

#[derive(Reduce)]
enum Event {
    Pressed(u32),
    #[reduce(other)]
    Newer(#[reduce(default)] reduce_core::Value),
}

fn main() {}
