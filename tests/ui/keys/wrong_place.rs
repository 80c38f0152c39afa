use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(skip)]
enum Shape {
    #[reduce(skip)]
    Point,
    #[reduce(name = "Round")]
    Circle(#[reduce(validate = check)] f64),
}

fn main() {}
