use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(transparent)]
enum Shape {
    Circle(f64),
}

fn main() {}
