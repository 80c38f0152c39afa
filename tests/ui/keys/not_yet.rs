use reduce_core::Reduce;

#[derive(Reduce)]
#[reduce(pod)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Reduce)]
#[reduce(version = 2, upgrade(1 = from_one))]
struct Record {
    id: u32,
    #[reduce(unknown)]
    rest: reduce_core::Unknown,
}

#[derive(Reduce)]
enum Event {
    Pressed(u32),
    #[reduce(other)]
    Newer(reduce_core::Value),
}

fn main() {}
