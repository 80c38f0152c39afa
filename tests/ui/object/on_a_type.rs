#[reduce_core::object]
struct Circle {
    radius: f64,
}

trait Shape {}

#[reduce_core::object]
impl Shape for Circle {}

fn main() {}
