use reduce_core::Reduce;

#[derive(Reduce)]
struct Point(f64, f64, #[reduce(unknown)] reduce_core::Unknown);

fn main() {}
