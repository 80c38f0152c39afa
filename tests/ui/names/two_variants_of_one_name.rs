use reduce_core::Reduce;

#[derive(Reduce)]
enum Shape {
    #[reduce(rename = "Round")]
    Circle(f64),
    #[reduce(rename = "Round")]
    Ellipse(f64, f64),
}

fn main() {}
