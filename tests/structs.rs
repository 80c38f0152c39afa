//! Derived structs: named, tuple, unit, empty, with odd names and layouts.

use reduce_core::{ErrorKind, Expand, Reduce};
use std::fmt::Debug;

fn again<T: Reduce + for<'de> Expand<'de>>(value: &T) -> T {
    reduce_core::from_slice(&reduce_core::to_vec(value).unwrap()).unwrap()
}

fn comes_back<T: Reduce + for<'de> Expand<'de> + PartialEq + Debug>(value: T) {
    assert_eq!(again(&value), value);
}

/// The bytes of the value alone, without header, program and `stop`.
fn data<T: Reduce>(value: &T, length: usize) -> Vec<u8> {
    let bytes = reduce_core::to_vec(value).unwrap();
    bytes[bytes.len() - length - 1..bytes.len() - 1].to_vec()
}

#[derive(Reduce, Debug, PartialEq)]
struct Named {
    id: u32,
    name: String,
    on: bool,
}

#[derive(Reduce, Debug, PartialEq)]
struct Pair(u8, String);

#[derive(Reduce, Debug, PartialEq)]
struct Unit;

#[derive(Reduce, Debug, PartialEq)]
struct NoFields {}

#[derive(Reduce, Debug, PartialEq)]
struct NoPositions();

#[test]
fn every_kind_of_struct_comes_back() {
    comes_back(Named { id: 300, name: "a name".into(), on: true });
    comes_back(Pair(7, "seven".into()));
    comes_back(Unit);
    comes_back(NoFields {});
    comes_back(NoPositions());
}

#[test]
fn a_struct_without_fields_takes_no_bytes_in_the_data() {
    // Two `u8` with empty structs between them stand side by side.
    #[derive(Reduce)]
    struct Around(u8, Unit, NoFields, NoPositions, u8);
    assert_eq!(data(&Around(0xA1, Unit, NoFields {}, NoPositions(), 0xA2), 2), [0xA1, 0xA2]);
}

#[test]
fn fields_are_written_in_order_of_declaration() {
    #[derive(Reduce)]
    struct Bytes {
        z: u8,
        a: u8,
        m: u8,
    }
    assert_eq!(data(&Bytes { z: 1, a: 2, m: 3 }, 3), [1, 2, 3]);
}

#[test]
fn structs_nest() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Outer {
        named: Named,
        pairs: Vec<Pair>,
        unit: Option<Unit>,
        nothing: Option<Unit>,
    }
    comes_back(Outer {
        named: Named { id: 0, name: String::new(), on: false },
        pairs: vec![Pair(0, "x".into()), Pair(255, "y".into())],
        unit: Some(Unit),
        nothing: None,
    });
}

#[test]
fn raw_identifiers_are_stored_without_their_mark() {
    #[derive(Reduce, Debug, PartialEq)]
    struct r#Struct {
        r#type: u8,
        r#fn: u16,
    }
    mod plain {
        #[derive(reduce_core::Reduce)]
        #[reduce(name = "Struct")]
        pub struct Plain {
            #[reduce(rename = "type")]
            pub kind: u8,
            #[reduce(rename = "fn")]
            pub function: u16,
        }
    }
    let bytes = reduce_core::to_vec(&r#Struct { r#type: 1, r#fn: 2 }).unwrap();
    assert_eq!(bytes, reduce_core::to_vec(&plain::Plain { kind: 1, function: 2 }).unwrap());
    comes_back(r#Struct { r#type: 1, r#fn: 2 });
}

#[test]
fn names_of_generated_variables_serve_as_fields() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Locals {
        r: u8,
        w: u8,
        __field0: u8,
        __field1: u8,
        __value: u8,
        __callee: u8,
        de: u8,
        value: u8,
        result: u8,
    }
    comes_back(Locals {
        r: 1,
        w: 2,
        __field0: 3,
        __field1: 4,
        __value: 5,
        __callee: 6,
        de: 7,
        value: 8,
        result: 9,
    });
}

#[test]
fn a_struct_with_many_fields_comes_back() {
    macro_rules! wide {
        ($($field:ident = $value:expr),*) => {
            #[derive(Reduce, Debug, PartialEq)]
            struct Wide { $($field: u64),* }
            comes_back(Wide { $($field: $value),* });
        };
    }
    wide!(
        a0 = 0,
        a1 = 1,
        a2 = 2,
        a3 = 3,
        a4 = 4,
        a5 = 5,
        a6 = 6,
        a7 = 7,
        a8 = 8,
        a9 = 9,
        b0 = 10,
        b1 = 11,
        b2 = 127,
        b3 = 128,
        b4 = 255,
        b5 = 256,
        b6 = 16383,
        b7 = 16384,
        b8 = 1 << 32,
        b9 = u64::MAX,
        c0 = 1,
        c1 = 2,
        c2 = 3,
        c3 = 4,
        c4 = 5,
        c5 = 6,
        c6 = 7,
        c7 = 8,
        c8 = 9
    );
}

#[test]
fn a_packed_struct_is_copied_field_by_field() {
    #[derive(Reduce, Debug, PartialEq, Clone, Copy)]
    #[repr(C, packed)]
    struct Packed {
        tag: u8,
        value: u64,
    }
    comes_back(Packed { tag: 1, value: u64::MAX - 1 });
}

#[test]
fn a_skipped_field_is_not_stored_and_has_its_default() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Cached {
        key: u8,
        #[reduce(skip, default)]
        cache: Vec<String>,
        #[reduce(skip, default = seven)]
        hits: u32,
        last: u8,
    }
    fn seven() -> u32 {
        7
    }
    let value = Cached { key: 1, cache: vec!["not stored".into()], hits: 99, last: 2 };
    assert_eq!(data(&value, 2), [1, 2]);
    assert_eq!(again(&value), Cached { key: 1, cache: vec![], hits: 7, last: 2 });
}

#[test]
fn skipped_fields_of_a_tuple_keep_the_others_in_place() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Holes(#[reduce(skip, default)] u8, u8, #[reduce(skip, default)] u8, u8);
    assert_eq!(again(&Holes(1, 2, 3, 4)), Holes(0, 2, 0, 4));

    // Which field is skipped shows: another hole is another type.
    mod moved {
        #[derive(reduce_core::Reduce, Debug, PartialEq)]
        pub struct Holes(
            pub u8,
            #[reduce(skip, default)] pub u8,
            pub u8,
            #[reduce(skip, default)] pub u8,
        );
    }
    assert_eq!(again(&moved::Holes(1, 2, 3, 4)), moved::Holes(1, 0, 3, 0));
    let bytes = reduce_core::to_vec(&Holes(1, 2, 3, 4)).unwrap();
    let error = reduce_core::from_slice::<moved::Holes>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
}

#[test]
fn a_struct_of_skipped_fields_alone_loads_from_a_stream_without_data() {
    #[derive(Reduce, Debug, PartialEq)]
    struct AllSkipped {
        #[reduce(skip, default)]
        a: Option<u8>,
        #[reduce(skip, default)]
        b: String,
    }
    let value = AllSkipped { a: Some(1), b: "gone".into() };
    assert_eq!(again(&value), AllSkipped { a: None, b: String::new() });
}

#[test]
fn types_of_one_name_and_shape_are_one_in_a_stream() {
    mod other {
        #[derive(reduce_core::Reduce, Debug, PartialEq)]
        pub struct Pair(pub u8, pub String);
    }
    let bytes = reduce_core::to_vec(&Pair(1, "x".into())).unwrap();
    assert_eq!(reduce_core::from_slice::<other::Pair>(&bytes).unwrap(), other::Pair(1, "x".into()));
}

#[test]
fn a_type_made_by_a_macro_comes_back() {
    macro_rules! point {
        ($name:ident, $type:ty, $($axis:ident),*) => {
            #[derive(Reduce, Debug, PartialEq)]
            struct $name { $($axis: $type),* }
        };
    }
    point!(Flat, f32, x, y);
    point!(Solid, Option<f64>, x, y, z);
    comes_back(Flat { x: 0.5, y: -0.0 });
    comes_back(Solid { x: Some(1e300), y: None, z: Some(f64::INFINITY) });
}
