//! Packed structs, whose fields are copied before they are borrowed; other representations.
use reduce_core::{Reduce, from_slice, to_vec};

#[derive(Reduce, Clone, Copy)]
#[repr(C, packed)]
struct Header {
    tag: u8,
    length: u32,
    #[reduce(skip, default)]
    cached: u64,
}

#[derive(Reduce, Clone, Copy)]
#[repr(packed(2))]
struct Parts<T>(u8, T);

#[derive(Reduce, Debug, PartialEq)]
#[repr(C, align(32))]
struct Aligned {
    a: u8,
}

#[derive(Reduce, Debug, PartialEq)]
#[repr(transparent)]
#[reduce(transparent)]
struct Meters(f64);

fn main() {
    let bytes = to_vec(&Header { tag: 1, length: 70_000, cached: 5 }).unwrap();
    let Header { tag, length, cached } = from_slice(&bytes).unwrap();
    assert_eq!((tag, length, cached), (1, 70_000, 0));
    let Parts(a, b) = from_slice::<Parts<u64>>(&to_vec(&Parts(1, 1u64 << 50)).unwrap()).unwrap();
    assert_eq!((a, b), (1, 1 << 50));
    assert_eq!(from_slice::<Aligned>(&to_vec(&Aligned { a: 3 }).unwrap()).unwrap(), Aligned { a: 3 });
    assert_eq!(to_vec(&Meters(2.5)).unwrap(), to_vec(&2.5f64).unwrap());
    assert_eq!(from_slice::<Meters>(&to_vec(&2.5f64).unwrap()).unwrap(), Meters(2.5));
}
