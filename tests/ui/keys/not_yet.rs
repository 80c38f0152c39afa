use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(version = 2, upgrade(1 = from_one))]
enum Shape {
    #[reduce(other)]
    Point,
    #[reduce(alias = "Round")]
    Circle {
        #[reduce(alias = "r")]
        radius: f64,
        #[reduce(unknown)]
        center: (f64, f64),
    },
}

fn main() {}
