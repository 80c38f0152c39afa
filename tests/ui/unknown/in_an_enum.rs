use reduce_core::Reduce;

#[derive(Reduce)]
enum Shape {
    Circle {
        radius: f64,
        #[reduce(unknown)]
        rest: reduce_core::Unknown,
    },
}

fn main() {}
