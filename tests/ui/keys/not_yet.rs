use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(pod)]
struct Plain {
    x: f64,
}

fn main() {}
