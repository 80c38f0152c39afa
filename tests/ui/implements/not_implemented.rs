use reduce_core::Reduce;

#[reduce_core::object]
trait Shape {
    fn area(&self) -> f64;
}

#[derive(Reduce)]
#[reduce(implements(Shape))]
struct Circle {
    radius: f64,
}

fn main() {}
