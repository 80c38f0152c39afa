use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(tagged)]
enum Shape {
    #[reduce(getter)]
    Circle {
        #[reduce(getter = "radius")]
        radius: f64,
    },
}

fn main() {}
