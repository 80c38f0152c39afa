use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(via = "Kelvin +")]
struct Celsius {
    degrees: f64,
}

fn main() {}
