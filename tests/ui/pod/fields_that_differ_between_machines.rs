use bytemuck::{Pod, Zeroable};
use reduce_core::Reduce;

#[derive(Reduce, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
#[reduce(pod)]
struct Sizes {
    count: usize,
}

fn main() {}
