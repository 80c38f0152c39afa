//! `Option`, `Result`, `Bound`, `ControlFlow`, `Ordering` and ranges.

mod round_trip;

use proptest::prelude::*;
use reduce_core::{Describe, ErrorKind};
use round_trip::{check, claim, dump_refusal, refusal};
use std::cmp::Ordering;
use std::ops::{Bound, ControlFlow, Range, RangeFrom, RangeInclusive, RangeTo, RangeToInclusive};

proptest! {
    #[test]
    fn choices_come_back(text: String, number: i32) {
        check(&Some(Some(text.clone())));
        check(&Some(None::<String>));
        check(&Ok::<_, i32>(text.clone()));
        check(&Err::<String, _>(number));
        check(&Bound::Included(text.clone()));
        check(&Bound::Excluded(number));
        check(&ControlFlow::<_, i32>::Break(text.clone()));
        check(&ControlFlow::<String, _>::Continue(number));
        check(&[Ordering::Less, Ordering::Equal, Ordering::Greater]);
    }

    #[test]
    fn ranges_come_back(start: i64, end: i64, text: String) {
        check(&(start..end));
        check(&(start..=end));
        check(&(start..));
        check(&(..end));
        check(&(..=end));
        check(&(text.clone()..text.clone()));
        check(&(text.clone()..=text));
    }
}

#[test]
fn ranges_and_bounds_without_contents_come_back() {
    check(&(..));
    check(&Bound::<String>::Unbounded);
}

#[test]
fn names_are_those_of_std() {
    let names = [
        Result::<u8, u8>::def(),
        Bound::<u8>::def(),
        ControlFlow::<u8, u8>::def(),
        Ordering::def(),
        Range::<u8>::def(),
        RangeInclusive::<u8>::def(),
        RangeFrom::<u8>::def(),
        RangeTo::<u8>::def(),
        RangeToInclusive::<u8>::def(),
        <std::ops::RangeFull>::def(),
    ]
    .map(|def| def.name().unwrap());
    assert_eq!(
        names,
        [
            "Result",
            "Bound",
            "ControlFlow",
            "Ordering",
            "Range",
            "RangeInclusive",
            "RangeFrom",
            "RangeTo",
            "RangeToInclusive",
            "RangeFull",
        ]
    );
}

#[test]
fn variants_are_numbered_as_documented() {
    type Flow = ControlFlow<u8, u8>;
    let loads = |bytes: &[u8]| reduce_core::from_slice::<Flow>(bytes).unwrap();
    assert_eq!(loads(&claim::<Flow>(&[0, 9])), Flow::Continue(9));
    assert_eq!(loads(&claim::<Flow>(&[1, 9])), Flow::Break(9));
    let bounds = claim::<[Bound<u8>; 3]>(&[0, 5, 1, 6, 2]);
    assert_eq!(
        reduce_core::from_slice::<[Bound<u8>; 3]>(&bounds).unwrap(),
        [Bound::Included(5), Bound::Excluded(6), Bound::Unbounded]
    );
    let orders = claim::<[Ordering; 3]>(&[0, 1, 2]);
    assert_eq!(
        reduce_core::from_slice::<[Ordering; 3]>(&orders).unwrap(),
        [Ordering::Less, Ordering::Equal, Ordering::Greater]
    );
    let results = claim::<[Result<u8, bool>; 2]>(&[0, 7, 1, 1]);
    assert_eq!(
        reduce_core::from_slice::<[Result<u8, bool>; 2]>(&results).unwrap(),
        [Ok(7), Err(true)]
    );
}

#[test]
fn unknown_variants_are_refused() {
    for (kind, _, text) in [
        refusal::<Result<u8, u8>>(&claim::<Result<u8, u8>>(&[2, 0])),
        refusal::<Bound<u8>>(&claim::<Bound<u8>>(&[3])),
        refusal::<ControlFlow<u8>>(&claim::<ControlFlow<u8>>(&[2])),
        refusal::<Ordering>(&claim::<Ordering>(&[3])),
    ] {
        assert_eq!(kind, ErrorKind::Malformed);
        assert!(text.contains("has no variant"), "{text}");
    }
    assert_eq!(refusal::<Option<u8>>(&claim::<Option<u8>>(&[2, 0])).0, ErrorKind::Malformed);
}

#[test]
fn errors_inside_name_the_variant_or_the_field() {
    let bytes = claim::<Result<u8, bool>>(&[1, 9]);
    assert_eq!(refusal::<Result<u8, bool>>(&bytes).1, "Err.0");
    let bytes = claim::<Range<bool>>(&[1, 9]);
    assert_eq!(refusal::<Range<bool>>(&bytes).1, "end");
    let bytes = claim::<RangeInclusive<bool>>(&[9, 1]);
    assert_eq!(refusal::<RangeInclusive<bool>>(&bytes).1, "start");
}

#[test]
fn a_range_iterated_to_its_end_is_an_error() {
    let mut range = 1..=3;
    assert_eq!(range.next(), Some(1));
    check(&range);
    assert_eq!(range.by_ref().count(), 2);
    let (kind, path, text) = dump_refusal(&[range]);
    assert_eq!((kind, path.as_str()), (ErrorKind::Unavailable, "[0]"));
    assert!(text.contains("was iterated to its end"), "{text}");
    // Empty from the start is not the same.
    #[allow(clippy::reversed_empty_ranges)]
    check(&(3..=1));
}
