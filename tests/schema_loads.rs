//! What is said of a change of types is what a load of earlier streams does.

use reduce_core::schema::{Schema, Severity, compare};
use reduce_core::{Describe, Expand, Reduce};
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
    loads::<[u8; 3], Vec<u8>>([[1; 3]], []);
    loads::<[u8; 2], [u8; 3]>([], [[1; 2]]);
    loads::<Vec<u8>, (u8, u8)>([], [vec![1, 2]]);
    loads::<(u8, u8), (u8, u8, u8)>([], [(1, 2)]);
    loads::<Vec<u8>, BTreeMap<u8, u8>>([], [vec![1]]);
}
