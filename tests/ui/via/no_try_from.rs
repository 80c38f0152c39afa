use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(via = Kelvin)]
struct Celsius {
    degrees: f64,
}

#[derive(Reduce)]
struct Kelvin(f64);

impl From<&Celsius> for Kelvin {
    fn from(celsius: &Celsius) -> Self {
        Kelvin(celsius.degrees + 273.15)
    }
}

fn main() {}
