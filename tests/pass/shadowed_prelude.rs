//! The user's own `Result`, `Option`, `Some`, `Ok`, `Vec`, `String`, `Box`, and a macro and module of common names.
#![allow(non_snake_case, non_upper_case_globals, dead_code, unused_macros)]

use reduce_core::Reduce;

pub struct Result;
pub struct Option;
pub struct Vec;
pub struct String;
pub struct Box;
pub struct Error;
pub struct Reader;
pub struct Writer;
pub struct Fields;
pub trait Default {}
pub trait From {}
pub trait Sized {}
pub trait Describe {}
pub trait Expand {}
pub fn Ok() {}
pub fn Err() {}
pub fn Some() {}
pub const None: u8 = 0;
pub mod core {}
pub mod std {}
pub mod alloc {}
macro_rules! vec {
    () => {};
}

/// A method of every type, by value, named as methods that generated code calls.
pub trait Hijack: ::core::marker::Sized {
    fn reduce(self) {}
    fn expand(self) {}
    fn rebuilds(self) {}
    fn into(self) {}
    fn fields(self) {}
    fn state(self) {}
    fn variant(self) {}
    fn conversion(self) {}
    fn end(self) {}
    fn expand_or(self) {}
    fn whole(self) {}
    fn alias(self) {}
    fn fillable(self) {}
    fn converts(self) {}
}

impl<T> Hijack for T {}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(validate = check)]
struct Record<T> {
    id: u32,
    value: T,
    #[reduce(default, alias = "extra")]
    added: u8,
    #[reduce(rebuild = make, from(id), convert = parse)]
    kept: u64,
    #[reduce(skip, default)]
    cached: u8,
    #[reduce(skip, rebuild = make, from(id))]
    made: u64,
}

fn check<T>(_: &Record<T>) -> ::std::result::Result<(), ::std::string::String> {
    ::std::result::Result::Ok(())
}

fn make(id: &u32) -> ::std::result::Result<u64, ::std::string::String> {
    ::std::result::Result::Ok((*id).into_u64())
}

fn parse(old: &str) -> ::std::result::Result<u64, ::std::num::ParseIntError> {
    old.parse()
}

trait IntoU64 {
    fn into_u64(self) -> u64;
}

impl IntoU64 for u32 {
    fn into_u64(self) -> u64 {
        self as u64
    }
}

#[derive(Reduce, Debug, PartialEq)]
enum Choice {
    Ok(u8),
    Err { None: u8 },
    Some,
}

fn main() {
    let record = Record { id: 1, value: 'v', added: 2, kept: 3, cached: 0, made: 1 };
    let bytes = reduce_core::to_vec(&record).unwrap();
    assert_eq!(reduce_core::from_slice::<Record<char>>(&bytes).unwrap(), record);
    for choice in [Choice::Ok(1), Choice::Err { None: 2 }, Choice::Some] {
        let bytes = reduce_core::to_vec(&choice).unwrap();
        assert_eq!(reduce_core::from_slice::<Choice>(&bytes).unwrap(), choice);
    }
}
