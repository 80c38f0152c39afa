use reduce_core::Reduce;

#[derive(Reduce)]
enum Shape {
    #[reduce(alias = "Square")]
    Circle(f64),
    Square(f64),
    #[reduce(alias = "Square")]
    Oblong(f64, f64),
}

fn main() {}
