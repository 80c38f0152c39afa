use reduce_core::Reduce;

#[derive(Reduce)]
struct Order {
    total: u32,
    #[reduce(default = "eura")]
    currency: String,
}

fn euro() -> String {
    "EUR".into()
}

fn main() {}
