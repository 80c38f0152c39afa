use reduce_core::Reduce;

trait Shape {
    fn area(&self) -> f64;
}

#[derive(Reduce)]
#[reduce(implements(Shape))]
struct Circle {
    radius: f64,
}

impl Shape for Circle {
    fn area(&self) -> f64 {
        self.radius
    }
}

fn main() {}
