use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(via = Kelvin)]
enum Celsius {
    #[reduce(rename = "Cold")]
    Below(#[reduce(skip, default)] f64),
}

fn main() {}
