use reduce_core::Reduce;

#[derive(Reduce, Clone, Copy)]
#[repr(u8)]
#[reduce(pod)]
enum Kind {
    One,
    Two,
}

fn main() {}
