use reduce_core::Reduce;

#[derive(Reduce, Clone, Copy)]
#[repr(C)]
#[reduce(pod)]
struct Pair<T> {
    a: T,
    b: T,
}

#[derive(Reduce, Clone, Copy)]
#[reduce(pod)]
struct Empty;

fn main() {}
