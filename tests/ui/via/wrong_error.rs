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

struct Frozen;

impl TryFrom<Kelvin> for Celsius {
    type Error = Frozen;
    fn try_from(_: Kelvin) -> Result<Self, Frozen> {
        Err(Frozen)
    }
}

fn main() {}
