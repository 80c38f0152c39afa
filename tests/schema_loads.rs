//! What is said of a change of types is what a load of earlier streams does.

use reduce_core::schema::{Schema, Severity, compare};
use reduce_core::{Describe, Expand, Reduce, Unknown, Value};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::rc::Rc;

/// Some values of a type load as another one, and some do not: just as it is said of the types.
#[track_caller]
fn loads<Old, New>(loading: impl IntoIterator<Item = Old>, failing: impl IntoIterator<Item = Old>)
where
    Old: Reduce + Debug,
    New: Describe + for<'de> Expand<'de> + Debug,
{
    let (mut some_load, mut some_fail) = (false, false);
    for value in loading {
        some_load = true;
        let loaded = reduce_core::from_slice::<New>(&reduce_core::to_vec(&value).unwrap());
        assert!(loaded.is_ok(), "{value:?}: {}", loaded.unwrap_err());
    }
    for value in failing {
        some_fail = true;
        let loaded = reduce_core::from_slice::<New>(&reduce_core::to_vec(&value).unwrap());
        assert!(loaded.is_err(), "{value:?} as {loaded:?}");
    }
    let done = match (some_load, some_fail) {
        (true, false) => Severity::Harmless,
        (true, true) => Severity::MayFail,
        (false, _) => Severity::Breaks,
    };
    let (old, new) = (Schema::new().named::<Old>("S"), Schema::new().named::<New>("S"));
    let changes = compare(&old, &new).old_streams;
    let said = changes.iter().map(|change| change.severity()).max();
    assert_eq!(said.unwrap_or(Severity::Harmless), done, "{changes:?}");
}

#[test]
fn what_is_said_of_types_is_what_loads_do() {
    loads::<u8, u16>([0, 255], []);
    loads::<u32, u16>([0, 65_535], [65_536]);
    loads::<i32, u32>([0, i32::MAX], [-1, i32::MIN]);
    loads::<i16, i8>([-128, 127], [-129, 128]);
    loads::<u128, i128>([0], [u128::MAX]);
    loads::<f32, f64>([0.1, f32::NAN], []);
    loads::<f64, f32>([0.5, f64::INFINITY], [0.1]);
    loads::<i16, f32>([i16::MIN, i16::MAX], []);
    loads::<u32, f32>([16_777_216], [16_777_217]);
    loads::<i32, f64>([i32::MIN, i32::MAX], []);
    loads::<i64, f64>([i64::MIN], [i64::MAX]);
    loads::<f32, u8>([], [1.0]);
    loads::<bool, u8>([], [true]);
    loads::<char, u32>([], ['a']);
    loads::<String, Vec<u8>>([], ["a".to_string()]);
    loads::<u8, Option<u8>>([1], []);
    loads::<Option<u8>, u8>([Some(1)], [None]);
    loads::<Option<u8>, Option<u16>>([Some(1), None], []);
    loads::<Rc<u8>, Option<Rc<u8>>>([Rc::new(1)], []);
    loads::<Rc<Option<u8>>, Option<u8>>([Rc::new(Some(1)), Rc::new(None)], []);
    loads::<Option<u8>, Rc<Option<u8>>>([Some(1), None], []);
    loads::<[u8; 3], Vec<u8>>([[1; 3]], []);
    loads::<[u8; 2], [u8; 3]>([], [[1; 2]]);
    loads::<Vec<u8>, (u8, u8)>([], [vec![1, 2]]);
    loads::<(u8, u8), (u8, u8, u8)>([], [(1, 2)]);
    loads::<Vec<u8>, BTreeMap<u8, u8>>([], [vec![1]]);
}

/// Both forms of a struct `S`, and values of the first that load as the second and that fail to.
macro_rules! fields {
    (
        { $($(#[$of_old:meta])* $old:ident: $old_type:ty),* } =>
        $(#[$of_new:meta])* { $($(#[$of_field:meta])* $new:ident: $new_type:ty),* },
        [$($loading:expr),*], [$($failing:expr),*]
    ) => {{
        mod old {
            #[allow(unused_imports)]
            use super::*;
            #[derive(Reduce, Debug)]
            pub(super) struct S { $($(#[$of_old])* $old: $old_type),* }
            pub(super) fn values() -> (Vec<S>, Vec<S>) {
                (vec![$($loading),*], vec![$($failing),*])
            }
        }
        mod new {
            #[allow(unused_imports)]
            use super::*;
            #[derive(Reduce, Debug)]
            $(#[$of_new])*
            #[allow(dead_code)]
            pub(super) struct S { $($(#[$of_field])* $new: $new_type),* }
        }
        let (loading, failing) = old::values();
        loads::<old::S, new::S>(loading, failing);
    }};
}

fn parsed(number: u8) -> Result<String, std::num::TryFromIntError> {
    Ok(number.to_string())
}

fn counted(numbers: Vec<u16>) -> Vec<String> {
    numbers.iter().map(u16::to_string).collect()
}

/// Takes what has the name of the stream's type, though not its program.
fn x_of(p: wide::P) -> Q {
    Q { x: u8::try_from(p.x % 256).unwrap() }
}

mod wide {
    #[derive(reduce_core::Reduce)]
    #[reduce(name = "P")]
    pub(super) struct P {
        pub(super) x: u32,
    }
}

#[derive(Reduce, Debug, Default)]
#[reduce(name = "P")]
struct P {
    x: u16,
}

#[derive(Reduce, Debug)]
#[reduce(name = "Q")]
struct Q {
    #[allow(dead_code)]
    x: u8,
}

#[derive(Reduce, Debug)]
#[reduce(name = "E")]
enum E {
    A,
    P(P),
}

#[test]
fn what_is_said_of_fields_is_what_loads_do() {
    fields!({ a: u8, b: bool } => { b: bool, a: u8 }, [S { a: 1, b: true }], []);
    fields!({ a: u8, b: bool } => { b: bool }, [S { a: 1, b: true }], []);
    fields!({ a: u8, b: bool } => #[reduce(deny_unknown)] { b: bool }, [], [S { a: 1, b: true }]);
    fields!({ a: u8, b: bool } => { b: bool, #[reduce(unknown)] more: Unknown }, [S { a: 1, b: true }], []);
    fields!({ a: u8, #[reduce(unknown)] more: Unknown } => { a: u8 }, [S { a: 1, more: Unknown::new() }], []);
    fields!({ a: P } => { a: Value }, [S { a: P { x: 1 } }], []);
    fields!({ a: Value } => { a: u8 }, [], [S { a: Value::from(1u8) }]);
    fields!({ a: u8 } => { a: u8, b: bool }, [], [S { a: 1 }]);
    fields!({ a: u8 } => { a: u8, #[reduce(default)] b: bool }, [S { a: 1 }], []);
    fields!({ a: u8 } => { b: u8 }, [], [S { a: 1 }]);
    fields!({ a: u8 } => { #[reduce(alias = "a")] b: u8 }, [S { a: 1 }], []);
    fields!({ a: u16 } => { #[reduce(alias = "a")] b: u8 }, [S { a: 1 }], [S { a: 256 }]);
    fields!({ a: Option<u8> } => { a: u8 }, [S { a: Some(1) }], [S { a: None }]);
    fields!({ a: Option<u8> } => { #[reduce(default)] a: u8 }, [S { a: Some(1) }, S { a: None }], []);
    fields!({ a: u8 } => { #[reduce(state)] a: u8 }, [], [S { a: 1 }]);
    fields!({ #[reduce(state)] a: u8 } => { a: u8 }, [], [S { a: 1 }]);
    fields!({ a: u8 } => { #[reduce(convert = parsed)] a: String }, [S { a: 1 }], []);
    fields!({ a: u16 } => { #[reduce(convert = parsed)] a: String }, [S { a: 1 }], [S { a: 256 }]);
    fields!({ a: bool } => { #[reduce(convert = parsed)] a: String }, [], [S { a: true }]);
    fields!({ a: Option<u8> } => { #[reduce(convert = parsed)] a: String }, [S { a: Some(1) }], [S { a: None }]);
    fields!({ a: Option<u16> } => { #[reduce(convert = parsed)] a: String }, [S { a: Some(1) }], [S { a: None }]);
    fields!({ a: Option<u8> } => { #[reduce(convert = parsed, default)] a: String }, [S { a: Some(1) }, S { a: None }], []);
    fields!({ a: Vec<u8> } => { #[reduce(convert = counted)] a: Vec<String> }, [S { a: vec![1] }], []);
    fields!({ a: P } => { #[reduce(convert = x_of)] a: Q }, [S { a: P { x: 256 } }], []);
    fields!({ a: Rc<P> } => { #[reduce(convert = x_of)] a: Q }, [S { a: Rc::new(P { x: 256 }) }], []);
    fields!({ a: P } => { a: Q }, [S { a: P { x: 1 } }], [S { a: P { x: 256 } }]);
    fields!({ a: Vec<P> } => { a: Vec<Q> }, [S { a: vec![P { x: 1 }] }], [S { a: vec![P { x: 256 }] }]);
    fields!({ a: P } => { a: E }, [S { a: P { x: 1 } }], []);
    fields!({ a: E } => { a: P }, [S { a: E::P(P { x: 1 }) }], [S { a: E::A }]);
    fields!({ a: Q } => { a: E }, [], [S { a: Q { x: 1 } }]);
    fields!({ a: E } => { a: Q }, [], [S { a: E::P(P { x: 1 }) }]);
    fields!({ a: P } => { a: u16 }, [], [S { a: P { x: 1 } }]);
    fields!({} => #[reduce(version = 2)] {}, [S {}], []);
    fields!({} => #[reduce(version = 2, deny_newer)] {}, [S {}], []);
}

/// Of an enum `S`, as one that keeps such would have it.
fn unknown_variant() -> Value {
    mod later {
        #[derive(reduce_core::Reduce)]
        pub enum S {
            B(u8),
        }
    }
    Value::of(&later::S::B(1)).unwrap()
}

/// As [`fields`], of an enum.
macro_rules! variants {
    (
        $(#[$of_old:meta])* { $($old:tt)* } => $(#[$of_new:meta])* { $($new:tt)* },
        [$($loading:expr),*], [$($failing:expr),*]
    ) => {{
        mod old {
            use super::*;
            #[derive(Reduce, Debug)]
            $(#[$of_old])*
            #[allow(dead_code)]
            pub(super) enum S { $($old)* }
            use S::*;
            pub(super) fn values() -> (Vec<S>, Vec<S>) {
                (vec![$($loading),*], vec![$($failing),*])
            }
        }
        mod new {
            use super::*;
            #[derive(Reduce, Debug)]
            $(#[$of_new])*
            #[allow(dead_code)]
            pub(super) enum S { $($new)* }
        }
        let (loading, failing) = old::values();
        loads::<old::S, new::S>(loading, failing);
    }};
}

#[test]
fn what_is_said_of_variants_is_what_loads_do() {
    variants!({ A, B(u8) } => { B(u8), C, A }, [A, B(1)], []);
    variants!({ A, B(u8) } => { A }, [A], [B(1)]);
    variants!({ A, B(u8) } => { A, #[reduce(alias = "B")] C(u16) }, [A, B(1)], []);
    variants!({ A, B(u8) } => { A, #[reduce(other)] C }, [A, B(1)], []);
    variants!({ A, B(u8) } => { A, #[reduce(other)] C(Value) }, [A, B(1)], []);
    variants!({ A, #[reduce(other)] C(Value) } => { A }, [A], [C(unknown_variant())]);
    variants!({ A, B(u16) } => { A, B(u8) }, [A, B(1)], [B(256)]);
    variants!({ A, B(u8) } => { A, B { #[reduce(rename = "0")] x: u8 } }, [A, B(1)], []);
    variants!({ A, B(u8) } => { A, B(u8, #[reduce(default)] u8) }, [A, B(1)], []);
    variants!(#[reduce(version = 2)] { A } => #[reduce(version = 1)] { A }, [A], []);
    variants!(#[reduce(version = 2)] { A } => #[reduce(version = 1, deny_newer)] { A }, [], [A]);
    variants!({ A, B { x: u8, y: u8 } } => { A, B { x: u8 } }, [A, B { x: 1, y: 2 }], []);
    variants!({ A, B { x: u8, y: u8 } } => #[reduce(deny_unknown)] { A, B { x: u8 } }, [], [B { x: 1, y: 2 }]);
}

#[test]
fn a_root_keeps_its_name() {
    loads::<P, Q>([], [P { x: 1 }]);
    loads::<Vec<P>, Vec<Q>>([], [vec![P { x: 1 }]]);
    loads::<P, Option<Q>>([], [P { x: 1 }]);
    loads::<Rc<P>, Q>([], [Rc::new(P { x: 1 })]);
    loads::<BTreeMap<u8, P>, Vec<(u8, Q)>>([], [BTreeMap::from([(1, P { x: 1 })])]);
    loads::<Rc<Option<u8>>, Option<u8>>([Rc::new(None), Rc::new(Some(1))], []);
    loads::<Option<u8>, Rc<Option<u8>>>([None, Some(1)], []);
}

/// Records that functions upgrade: whether they load rests with those, and that is what is said.
#[test]
fn what_is_said_of_upgraded_records_is_left_to_their_functions() {
    mod first {
        #[derive(reduce_core::Reduce, Debug)]
        pub struct S {
            pub a: u8,
            pub b: String,
        }
    }
    mod good {
        use reduce_core::{BoxError, Record};

        #[derive(reduce_core::Reduce, Debug)]
        #[reduce(version = 1, upgrade(0 = text))]
        pub struct S {
            pub a: String,
            pub c: bool,
        }

        fn text(record: &mut Record) -> Result<(), BoxError> {
            let a: u8 = record.get_as("a")?;
            record.set("a", a.to_string())?;
            record.insert("c", true)?;
            Ok(())
        }
    }
    mod idle {
        #[derive(reduce_core::Reduce, Debug)]
        #[reduce(version = 1, upgrade(0 = nothing))]
        pub struct S {
            pub a: String,
            pub c: bool,
        }

        fn nothing(_: &mut reduce_core::Record) {}
    }
    mod late {
        #[derive(reduce_core::Reduce, Debug)]
        #[reduce(version = 2, upgrade(1 = nothing))]
        pub struct S {
            pub a: u8,
        }

        fn nothing(_: &mut reduce_core::Record) {}
    }
    let old = Schema::new().of::<first::S>();
    let said = |now: Schema| {
        compare(&old, &now).old_streams.iter().map(|change| change.severity()).max().unwrap()
    };
    let bytes = reduce_core::to_vec(&first::S { a: 7, b: "b".into() }).unwrap();
    let loaded: good::S = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!((loaded.a.as_str(), loaded.c), ("7", true));
    assert_eq!(said(Schema::new().of::<good::S>()), Severity::Upgraded);
    // As far as the types tell, this one is no different.
    let error = reduce_core::from_slice::<idle::S>(&bytes).unwrap_err().to_string();
    assert!(error.starts_with("a: the stream has `u8`, which cannot become `str`"), "{error}");
    assert_eq!(said(Schema::new().of::<idle::S>()), Severity::Upgraded);
    // This one loads, and passes by the function that the next version needed.
    assert_eq!(reduce_core::from_slice::<late::S>(&bytes).unwrap().a, 7);
    assert_eq!(said(Schema::new().of::<late::S>()), Severity::Breaks);
}
