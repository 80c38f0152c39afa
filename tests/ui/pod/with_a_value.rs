use bytemuck::{Pod, Zeroable};
use reduce_core::Reduce;

#[derive(Reduce, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
#[reduce(pod = true)]
struct Point {
    x: f64,
}

fn main() {}
