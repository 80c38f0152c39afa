//! Random programs and values, loaded as types of all shapes: what the rules say comes of each, a value or an error.

mod program;
mod reading;
mod records;
mod types;

use program::{Choices, Made, P, V, earlier, is_fixed, lies_in_columns, schema, stream, value};
use proptest::prelude::*;
use reduce_core::schema::{Schema, Severity, compare};
use reduce_core::{Describe, Error, ErrorKind, Expand, Reduce, from_slice};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::rc::Rc;
use types::*;

/// Loads a value of a program that the type may have had, and says whether that was a value.
fn try_as<T>(choices: &[u8], flips: &[(usize, u8)]) -> bool
where
    T: Known + Debug + Reduce + for<'de> Expand<'de>,
{
    let mut choices = Choices::new(choices);
    let (n, mut made) = (T::model(), Made::default());
    // How deep types go that hold themselves.
    let from = choices.below(2);
    let p = earlier(&n, &mut choices, from);
    let v = value(&p, &mut choices, &mut made);
    let bytes = stream(&p, &v, false);
    let (expected, by_value) = reading::read(&n, &p, &v);
    check_schema::<T>(&p, &v, expected.is_some(), by_value);
    let found: Result<T, Error> = from_slice(&bytes);
    check(&found, expected.clone(), &p, &v);
    fuzz::<T>(&bytes, flips);
    // All lists in columns give the same; so does a list of such values, where they can lie there.
    let bytes = stream(&p, &v, true);
    check(&from_slice::<T>(&bytes), expected.clone(), &p, &v);
    fuzz::<T>(&bytes, flips);
    if lies_in_columns(&p) {
        let bytes = stream(&P::List(Box::new(p.clone())), &V::List(vec![v.clone(); 2]), true);
        match from_slice::<Vec<T>>(&bytes) {
            Ok(list) => {
                assert_eq!(list.len(), 2);
                list.into_iter().for_each(|one| check(&Ok(one), expected.clone(), &p, &v));
            }
            Err(error) => check::<T>(&Err(error), expected, &p, &v),
        }
        fuzz::<Vec<T>>(&bytes, flips);
    }
    found.is_ok()
}

/// Compares what was loaded with what the rules say.
fn check<T: Known + Debug>(found: &Result<T, Error>, expected: Option<reading::O>, p: &P, v: &V) {
    let name = std::any::type_name::<T>();
    match (found, expected) {
        (Ok(found), Some(expected)) => {
            let found = found.outcome().numbered();
            assert_eq!(found, expected.numbered(), "{v:?} of {p:?} as {name}");
        }
        (Ok(found), None) => panic!("{found:?}, not an error, from {v:?} of {p:?}"),
        (Err(error), Some(expected)) => {
            panic!("{error:#}\n\nnot {expected:?}, from {v:?} of {p:?} as {name}")
        }
        (Err(error), None) => {
            let kind = error.kind();
            let kinds = [ErrorKind::TypeMismatch, ErrorKind::InvalidValue, ErrorKind::Convert];
            assert!(kinds.contains(&kind), "{error:#} ({kind:?}) from {v:?} of {p:?} as {name}");
        }
    }
}

/// Other bytes are another value or an error, less is an error.
fn fuzz<T: for<'de> Expand<'de>>(bytes: &[u8], flips: &[(usize, u8)]) {
    for (at, bit) in flips {
        let mut wrong = bytes.to_vec();
        let at = at % wrong.len();
        wrong[at] ^= 1 << (bit % 8);
        let _ = from_slice::<T>(&wrong);
        assert!(from_slice::<T>(&bytes[..at]).is_err());
    }
}

/// What is said of the change before any value is there holds for this one.
fn check_schema<T: Describe>(p: &P, v: &V, loads: bool, by_value: bool) {
    let now = Schema::new().named::<T>("S");
    let earlier: Schema = schema(p).parse().unwrap();
    let changes = compare(&earlier, &now).old_streams;
    let said = changes.iter().map(|change| change.severity()).max();
    let told = || format!("{changes:?} of {v:?} of {p:?} as {}", std::any::type_name::<T>());
    if said.is_none_or(|said| said == Severity::Harmless) {
        assert!(loads || by_value, "fails: {}", told());
    }
    if said == Some(Severity::Breaks) && is_fixed(p) {
        assert!(!loads, "loads: {}", told());
    }
}

/// The types that all is loaded as.
macro_rules! for_each_type {
    ($($of:ty),* $(,)?) => {
        const TYPES: &[fn(&[u8], &[(usize, u8)]) -> bool] = &[$(try_as::<$of>),*];
    };
}
for_each_type! {
    Numbers, Filled, Renamed, Strict, Converted, Lists, Pointers, OtherPointers, Deep, Tree, Moved, Pair, Kind, Point,
    Vec<Pointers>, Option<Rc<Renamed>>, Rc<Option<Kind>>, BTreeMap<u8, Filled>, (Pair, Rc<Kind>), [Tree; 2],
    Vec<(Rc<u32>, Option<Rc<u32>>)>, Rc<Rc<Pair>>, BTreeSet<(u8, Option<String>)>, Option<Option<i32>>,
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_change_of_types_gives_what_the_rules_say(
        choices in proptest::collection::vec(any::<u8>(), 0..160),
        flips in proptest::collection::vec((any::<usize>(), any::<u8>()), 0..4),
        of in 0..TYPES.len(),
    ) {
        TYPES[of](&choices, &flips);
    }
}

/// A case that never loads, or always, would prove little.
#[test]
fn of_every_type_some_programs_load_and_some_do_not() {
    for (at, of) in TYPES.iter().enumerate() {
        let mut random = at as u32;
        let mut choices = || {
            std::array::from_fn::<u8, 200, _>(|_| {
                random = random.wrapping_mul(1_103_515_245).wrapping_add(12_345);
                (random >> 16) as u8
            })
        };
        // Seldom all of a large type fits.
        let (mut loaded, mut failed) = (false, false);
        for _ in 0..5000 {
            match of(&choices(), &[]) {
                true => loaded = true,
                false => failed = true,
            }
            if loaded && failed {
                break;
            }
        }
        assert!(loaded && failed, "type {at}");
    }
}
