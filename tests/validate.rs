//! `validate`: a value that is whole is looked at before anyone else sees it.

use reduce_core::{ErrorKind, Reduce};
use std::cell::Cell;
use std::error::Error as _;
use std::fmt;

#[derive(Reduce, Debug, PartialEq, Clone)]
#[reduce(validate = Range::check)]
struct Range {
    low: u32,
    high: u32,
}

#[derive(Debug, PartialEq)]
struct Inverted {
    low: u32,
    high: u32,
}

impl fmt::Display for Inverted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is above {}", self.low, self.high)
    }
}

impl std::error::Error for Inverted {}

impl Range {
    fn check(&self) -> Result<(), Inverted> {
        if self.low <= self.high {
            Ok(())
        } else {
            Err(Inverted { low: self.low, high: self.high })
        }
    }
}

#[test]
fn a_value_that_keeps_its_invariant_loads() {
    let range = Range { low: 1, high: 1 };
    let bytes = reduce_core::to_vec(&range).unwrap();
    assert_eq!(reduce_core::from_slice::<Range>(&bytes).unwrap(), range);
}

#[test]
fn a_value_that_breaks_its_invariant_is_refused_with_the_cause() {
    // Dumps do not validate: the value exists.
    let bytes = reduce_core::to_vec(&Range { low: 2, high: 1 }).unwrap();
    let error = reduce_core::from_slice::<Range>(&bytes).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Validate, ""));
    assert_eq!(
        error.to_string(),
        "the validate function \"Range::check\" refused the value: 2 is above 1"
    );
    let cause = error.source().unwrap().downcast_ref::<Inverted>().unwrap();
    assert_eq!(*cause, Inverted { low: 2, high: 1 });
}

#[test]
fn the_path_leads_to_the_refused_value() {
    #[derive(Reduce, Debug)]
    struct Plan {
        #[allow(dead_code, reason = "never made")]
        ranges: Vec<Option<Range>>,
    }
    let good = Some(Range { low: 1, high: 2 });
    let plan = Plan { ranges: vec![good.clone(), None, Some(Range { low: 9, high: 8 }), good] };
    let bytes = reduce_core::to_vec(&plan).unwrap();
    let error = reduce_core::from_slice::<Plan>(&bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "ranges[2]: the validate function \"Range::check\" refused the value: 9 is above 8"
    );
}

#[test]
fn validate_sees_rebuilt_and_skipped_fields() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(validate = complete)]
    struct Text {
        text: String,
        #[reduce(skip, rebuild = count)]
        words: usize,
        #[reduce(skip, default)]
        spare: u8,
    }
    fn count(text: &str) -> usize {
        text.split_whitespace().count()
    }
    fn complete(text: &Text) -> Result<(), String> {
        match (text.words, text.spare) {
            (2, 0) => Ok(()),
            (words, spare) => Err(format!("{words} words, {spare}")),
        }
    }
    let load = |text: &str| {
        let value = Text { text: text.into(), words: 0, spare: 7 };
        reduce_core::from_slice::<Text>(&reduce_core::to_vec(&value).unwrap())
    };
    assert_eq!(load("two words").unwrap().words, 2);
    let error = load("only one more").unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "3 words, 0");
}

#[test]
fn validate_of_an_enum_sees_every_variant() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(validate = even)]
    enum Number {
        None,
        One(u8),
        Two { a: u8, b: u8 },
    }
    fn even(number: &Number) -> Result<(), &'static str> {
        let sum = match number {
            Number::None => 0,
            Number::One(a) => *a,
            Number::Two { a, b } => a + b,
        };
        if sum % 2 == 0 { Ok(()) } else { Err("odd") }
    }
    let load =
        |number: &Number| reduce_core::from_slice::<Number>(&reduce_core::to_vec(number).unwrap());
    assert_eq!(load(&Number::None).unwrap(), Number::None);
    assert_eq!(load(&Number::One(2)).unwrap(), Number::One(2));
    assert_eq!(load(&Number::One(3)).unwrap_err().kind(), ErrorKind::Validate);
    let error = load(&Number::Two { a: 1, b: 2 }).unwrap_err();
    assert_eq!(error.to_string(), "the validate function \"even\" refused the value: odd");
}

#[test]
fn validate_goes_with_a_rebuild_of_the_whole_value() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(rebuild = Sorted::new, validate = Sorted::check)]
    struct Sorted {
        items: Vec<u8>,
    }
    impl Sorted {
        fn new(mut items: Vec<u8>) -> Self {
            items.sort_unstable();
            Sorted { items }
        }
        fn check(&self) -> Result<(), String> {
            if self.items.is_sorted() && !self.items.is_empty() {
                Ok(())
            } else {
                Err(format!("{:?}", self.items))
            }
        }
    }
    let load = |items: &[u8]| {
        let bytes = reduce_core::to_vec(&Sorted { items: items.to_vec() }).unwrap();
        reduce_core::from_slice::<Sorted>(&bytes)
    };
    assert_eq!(load(&[3, 1, 2]).unwrap().items, [1, 2, 3]);
    assert_eq!(load(&[]).unwrap_err().kind(), ErrorKind::Validate);
}

#[test]
fn validate_goes_with_generics() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(validate = not_empty)]
    struct NonEmpty<T>(Vec<T>);
    fn not_empty<T>(list: &NonEmpty<T>) -> Result<(), &'static str> {
        if list.0.is_empty() { Err("the list is empty") } else { Ok(()) }
    }
    let bytes = reduce_core::to_vec(&NonEmpty(vec![1u8])).unwrap();
    assert_eq!(reduce_core::from_slice::<NonEmpty<u8>>(&bytes).unwrap(), NonEmpty(vec![1]));
    let bytes = reduce_core::to_vec(&NonEmpty::<u8>(vec![])).unwrap();
    assert!(
        reduce_core::from_slice::<NonEmpty<u8>>(&bytes)
            .unwrap_err()
            .to_string()
            .ends_with("the list is empty")
    );
}

thread_local! {
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

#[test]
fn validate_does_not_run_for_a_stream_that_is_malformed_later_on() {
    #[derive(Reduce)]
    #[reduce(validate = counted)]
    struct Counted(u8);
    fn counted(value: &Counted) -> Result<(), String> {
        CALLS.set(CALLS.get() + u32::from(value.0));
        Ok(())
    }
    let bytes = reduce_core::to_vec(&vec![Counted(1), Counted(1), Counted(1)]).unwrap();
    for length in 0..bytes.len() {
        assert!(reduce_core::from_slice::<Vec<Counted>>(&bytes[..length]).is_err());
    }
    assert_eq!(CALLS.get(), 0);
    reduce_core::from_slice::<Vec<Counted>>(&bytes).unwrap();
    assert_eq!(CALLS.get(), 3);
}
