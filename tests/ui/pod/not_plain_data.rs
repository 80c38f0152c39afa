use reduce_core::Reduce;

#[derive(Reduce, Clone, Copy)]
#[repr(C)]
#[reduce(pod)]
struct Point {
    x: f64,
    y: f64,
}

fn main() {}
