//! `transparent`: a newtype stored as what it holds.

use reduce_core::{Adapter, BoxError, Context, Describe, Expand, Reduce};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::marker::PhantomData;

fn stored_as<T, U>(value: T, same: U)
where
    T: Reduce + for<'de> Expand<'de> + PartialEq + Debug,
    U: Reduce + for<'de> Expand<'de> + PartialEq + Debug,
{
    let bytes = reduce_core::to_vec(&value).unwrap();
    assert_eq!(bytes, reduce_core::to_vec(&same).unwrap());
    assert_eq!(reduce_core::from_slice::<T>(&bytes).unwrap(), value);
    assert_eq!(reduce_core::from_slice::<U>(&bytes).unwrap(), same);
}

#[derive(Reduce, Debug, PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
#[reduce(transparent)]
struct Id(u64);

#[derive(Reduce, Debug, PartialEq)]
#[reduce(transparent)]
struct Tagged<Tag> {
    value: String,
    tag: PhantomData<Tag>,
}

#[test]
fn a_newtype_is_stored_as_its_field() {
    stored_as(Id(300), 300u64);
    stored_as(Tagged::<Id> { value: "x".into(), tag: PhantomData }, "x".to_string());
    stored_as(vec![Id(1), Id(2)], vec![1u64, 2]);
    stored_as(BTreeMap::from([(Id(1), Some(Id(2)))]), BTreeMap::from([(1u64, Some(2u64))]));
}

#[test]
fn a_newtype_has_no_name_in_the_stream() {
    #[derive(Reduce)]
    struct Named(#[allow(dead_code, reason = "only described")] Id);
    assert_eq!(Id::def().name(), None);
    assert_eq!(Named::def().name(), Some("Named"));
}

#[test]
fn newtypes_of_newtypes_and_of_structs_are_stored_as_the_innermost() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(transparent)]
    struct Outer(Middle);
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(transparent)]
    struct Middle {
        inner: Inner,
    }
    #[derive(Reduce, Debug, PartialEq, Clone, Copy)]
    struct Inner {
        a: u8,
    }
    stored_as(Outer(Middle { inner: Inner { a: 1 } }), Inner { a: 1 });
}

#[test]
fn skipped_fields_beside_the_stored_one_are_made() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(transparent)]
    struct Cached {
        text: String,
        #[reduce(skip, rebuild = length)]
        length: usize,
        #[reduce(skip, default)]
        hits: u8,
    }
    fn length(text: &str) -> usize {
        text.len()
    }
    stored_as(Cached { text: "four".into(), length: 4, hits: 0 }, "four".to_string());
}

#[test]
fn a_newtype_around_an_adapted_field_is_stored_as_the_adapter_says() {
    #[derive(Debug, PartialEq)]
    struct Foreign(u8);
    struct AsNumber;
    impl Adapter<Foreign> for AsNumber {
        type Stored = u8;
        fn reduce(value: &Foreign, _: &Context<'_>) -> Result<u8, BoxError> {
            Ok(value.0)
        }
        fn expand(stored: u8, _: &Context<'_>) -> Result<Foreign, BoxError> {
            if stored > 9 { Err("above nine".into()) } else { Ok(Foreign(stored)) }
        }
    }
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(transparent)]
    struct Wrapped(#[reduce(with = AsNumber)] Foreign);
    stored_as(Wrapped(Foreign(9)), 9u8);
    let bytes = reduce_core::to_vec(&vec![1u8, 10]).unwrap();
    let error = reduce_core::from_slice::<Vec<Wrapped>>(&bytes).unwrap_err();
    // A newtype leaves no step in the path.
    assert_eq!(error.to_string(), "[1]: the adapter failed: above nine");
}

#[test]
fn a_newtype_with_validate_refuses_values() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(transparent, validate = below_ten)]
    struct Digit(u8);
    fn below_ten(digit: &Digit) -> Result<(), &'static str> {
        if digit.0 < 10 { Ok(()) } else { Err("not a digit") }
    }
    stored_as(Digit(9), 9u8);
    let bytes = reduce_core::to_vec(&Some(10u8)).unwrap();
    let error = reduce_core::from_slice::<Option<Digit>>(&bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the validate function \"below_ten\" refused the value: not a digit"
    );
}

#[test]
fn a_newtype_of_a_list_of_itself_is_a_list_of_lists() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(transparent)]
    struct Nest(Vec<Nest>);
    let nest = Nest(vec![Nest(vec![]), Nest(vec![Nest(vec![])])]);
    let bytes = reduce_core::to_vec(&nest).unwrap();
    assert_eq!(reduce_core::from_slice::<Nest>(&bytes).unwrap(), nest);
}

#[test]
fn a_newtype_borrows_from_the_stream() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(transparent)]
    struct Text<'a>(&'a str);
    let bytes = reduce_core::to_vec("borrowed").unwrap();
    let text: Text<'_> = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!(text, Text("borrowed"));
    assert!(bytes.as_ptr_range().contains(&text.0.as_ptr()));
}
