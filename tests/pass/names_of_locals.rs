//! Fields, functions, constants and lifetimes named as the locals of generated code.
#![allow(non_upper_case_globals)]

use reduce_core::{Reduce, from_slice, to_vec};

static r: u8 = 1;
static w: u8 = 2;
const value: u8 = 3;

#[derive(Reduce, Debug, PartialEq)]
#[reduce(validate = __validate)]
struct Record {
    r: u8,
    w: u8,
    value: u8,
    self_: u8,
    de: u8,
    at: u8,
    __p: u8,
    __field0: u8,
    __value: u8,
    #[reduce(default)]
    __mode: u8,
    #[reduce(rebuild = __fields, from(__mode), convert = __variant)]
    __fields: u8,
    #[reduce(skip, rebuild = add, from(r, w))]
    __callee: u8,
    #[reduce(skip, rebuild = __context, context(u64))]
    __context: u64,
    #[reduce(skip, default = __default)]
    stored: u8,
}

fn add(a: &u8, b: &u8) -> u8 {
    a + b + r + w + value
}

fn __fields(__mode: u8) -> u8 {
    __mode
}

fn __variant(__fields: char) -> u8 {
    __fields as u8
}

fn __default() -> u8 {
    r
}

#[allow(clippy::too_many_arguments)]
fn __context(c: &u64, a: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8) -> u64 {
    c + u64::from(a)
}

fn __validate(record: &Record) -> Result<(), String> {
    if record.value == value { Ok(()) } else { Err("not three".into()) }
}

#[derive(Reduce, Debug, PartialEq)]
enum Choice {
    Record { r: u8, w: u8, value: u8, __field0: u8, __field1: u8 },
    Mode { __mode: u8, __fields: u8, __variant: u8 },
    Parts(u8, u8),
}

#[derive(Reduce, Debug, PartialEq)]
struct Borrowed<'de, 'r> {
    de: &'de str,
    r: &'r [u8],
}

#[derive(Reduce, Debug, PartialEq)]
struct Generic<T, R, W>(T, R, W);

fn main() {
    let record = Record {
        r: 1,
        w: 2,
        value: 3,
        self_: 4,
        de: 5,
        at: 6,
        __p: 7,
        __field0: 8,
        __value: 9,
        __mode: 10,
        __fields: 11,
        __callee: 9,
        __context: 101,
        stored: 1,
    };
    let bytes = to_vec(&record).unwrap();
    let again: Record = reduce_core::Loader::new().context(100u64).from_slice(&bytes).unwrap();
    assert_eq!(again, record);
    for choice in [
        Choice::Record { r: 1, w: 2, value: 3, __field0: 4, __field1: 5 },
        Choice::Mode { __mode: 1, __fields: 2, __variant: 3 },
        Choice::Parts(6, 7),
    ] {
        assert_eq!(from_slice::<Choice>(&to_vec(&choice).unwrap()).unwrap(), choice);
    }
    let borrowed = Borrowed { de: "de", r: b"r" };
    let bytes = to_vec(&borrowed).unwrap();
    assert_eq!(from_slice::<Borrowed<'_, '_>>(&bytes).unwrap(), borrowed);
    let generic = Generic(1u8, 'r', "w".to_string());
    assert_eq!(from_slice::<Generic<u8, char, String>>(&to_vec(&generic).unwrap()).unwrap(), generic);
}
