use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(rebuild = build)]
enum Shape {
    Circle(f64),
}

fn main() {}
