use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(via = Kelvin)]
struct Celsius {
    degrees: f64,
}

#[derive(Reduce)]
struct Kelvin(f64);

impl From<Kelvin> for Celsius {
    fn from(kelvin: Kelvin) -> Self {
        Celsius { degrees: kelvin.0 - 273.15 }
    }
}

fn main() {}
