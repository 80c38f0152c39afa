use reduce_core::Reduce;

#[derive(Reduce)]
enum Shape {
    Circle(f64),
    #[reduce(other)]
    Unknown,
    #[reduce(other)]
    Newer(reduce_core::Value),
}

fn main() {}
