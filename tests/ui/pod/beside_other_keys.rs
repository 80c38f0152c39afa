use bytemuck::{Pod, Zeroable};
use reduce_core::Reduce;

#[derive(Reduce, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
#[reduce(pod, validate = check)]
struct Checked {
    number: u8,
}

#[derive(Reduce, Clone, Copy, Pod, Zeroable)]
#[repr(transparent)]
#[reduce(transparent, pod)]
struct Number(u32);

#[derive(Reduce, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
#[reduce(pod)]
struct Fields {
    #[reduce(skip, default)]
    cache: u32,
    #[reduce(with = AsText)]
    number: u32,
    #[reduce(state)]
    state: u32,
    #[reduce(out_of_band)]
    bytes: [u8; 4],
}

fn main() {}
