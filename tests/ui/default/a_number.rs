use reduce_core::Reduce;

#[derive(Reduce)]
struct Order {
    #[reduce(default = 1)]
    count: u32,
    #[reduce(default = -1)]
    balance: i32,
    #[reduce(default = "1.5")]
    rate: f32,
    #[reduce(default = true)]
    open: bool,
    #[reduce(skip, default = None)]
    note: Option<u8>,
}

fn main() {}
