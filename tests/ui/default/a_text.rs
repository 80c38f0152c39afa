use reduce_core::Reduce;

#[derive(Reduce)]
struct Order {
    total: u32,
    #[reduce(default = "EUR")]
    currency: String,
    #[reduce(default = "not paid")]
    state: String,
    #[reduce(skip, default = "")]
    note: String,
}

fn main() {}
