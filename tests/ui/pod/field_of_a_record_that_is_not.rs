use bytemuck::{Pod, Zeroable};
use reduce_core::Reduce;

#[derive(Reduce, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Point {
    x: u32,
    y: u32,
}

#[derive(Reduce, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
#[reduce(pod)]
struct Line {
    from: Point,
    to: Point,
}

fn main() {}
