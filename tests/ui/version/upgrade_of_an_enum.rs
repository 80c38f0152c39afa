use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(version = 2, upgrade(1 = from_one))]
enum Shape {
    Circle(f64),
}

fn main() {}
