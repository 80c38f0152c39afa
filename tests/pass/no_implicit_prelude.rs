//! No prelude, and nothing in its place.
#![no_implicit_prelude]
#![forbid(unsafe_code)]

#[derive(::reduce_core::Reduce)]
struct Record<T> {
    value: T,
    #[reduce(skip, rebuild = make, from(value))]
    made: u8,
    #[reduce(default)]
    added: u8,
    #[reduce(default = zero, alias = "nil")]
    zero: u8,
    #[reduce(rebuild = make, from(value), convert = round)]
    kept: u8,
}

fn zero() -> u8 {
    0
}

fn round(old: f64) -> u8 {
    old as u8
}

fn make<T>(_: &T) -> u8 {
    9
}

#[derive(::reduce_core::Reduce)]
enum Choice {
    #[reduce(other)]
    One,
    Two(u8),
    Three { a: u8 },
}

fn main() {
    let bytes = ::reduce_core::to_vec(&Record { value: 1u8, made: 0, added: 3, zero: 4, kept: 5 }).unwrap();
    let again: Record<u8> = ::reduce_core::from_slice(&bytes).unwrap();
    ::std::assert_eq!((again.value, again.made), (1, 9));
    ::std::assert_eq!((again.added, again.zero, again.kept), (3, 4, 5));
    let bytes = ::reduce_core::to_vec(&[Choice::One, Choice::Two(2), Choice::Three { a: 3 }]).unwrap();
    let choices: [Choice; 3] = ::reduce_core::from_slice(&bytes).unwrap();
    ::std::assert!(::std::matches!(choices, [Choice::One, Choice::Two(2), Choice::Three { a: 3 }]));
}
