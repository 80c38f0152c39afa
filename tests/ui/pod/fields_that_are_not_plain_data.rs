use reduce_core::Reduce;

#[derive(Reduce, Clone, Copy)]
#[repr(C)]
#[reduce(pod)]
struct Flag {
    letter: char,
    set: bool,
}

fn main() {}
