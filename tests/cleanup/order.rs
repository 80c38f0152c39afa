//! In which order what was made of a value is dropped when the rest of it cannot be made.

use crate::live::{Live, Stop, assert_clean, dropped, make, stop};
use reduce_core::{Error, Expand, Loader, Reduce};
use std::panic::{AssertUnwindSafe, catch_unwind};

#[derive(Reduce)]
struct Three {
    #[reduce(skip, rebuild = make, from())]
    _first: Live,
    #[reduce(skip, rebuild = make, from())]
    _second: Live,
    #[reduce(skip, rebuild = make, from())]
    _third: Live,
}

#[derive(Reduce)]
struct Outer {
    before: Three,
    list: Vec<Three>,
    #[reduce(skip, rebuild = make, from())]
    _own: Live,
}

#[derive(Reduce)]
#[reduce(validate = refuse)]
struct Refused {
    #[reduce(skip, rebuild = make, from())]
    _first: Live,
    #[reduce(skip, rebuild = make, from())]
    _second: Live,
}

fn refuse(_: &Refused) -> Result<(), String> {
    Err("never".into())
}

fn three() -> Three {
    Three { _first: Live::new(), _second: Live::new(), _third: Live::new() }
}

/// What a load drops that fails, and then one that panics, when it has made so many.
fn drops<T: Reduce + for<'de> Expand<'de>>(value: T, at: u32) -> Vec<u32> {
    let bytes = reduce_core::to_vec(&value).unwrap();
    drop(value);
    stop(Some((at, Stop::Fail)), None);
    let loaded: Result<T, Error> = Loader::new().from_slice(&bytes);
    assert!(loaded.is_err());
    let failed = dropped();
    stop(Some((at, Stop::Panic)), None);
    let caught = catch_unwind(AssertUnwindSafe(|| reduce_core::from_slice::<T>(&bytes)));
    assert!(caught.is_err());
    assert_eq!(dropped(), failed, "a panic drops in another order than an error");
    assert_clean(&|| format!("{at}"));
    failed
}

#[test]
fn fields_are_dropped_in_reverse_order() {
    assert_eq!(drops(three(), 2), [1, 0]);
    assert_eq!(drops(three(), 1), [0]);
    assert_eq!(drops((three(), three(), three()), 7), [6, 3, 4, 5, 0, 1, 2]);
}

#[test]
fn what_is_whole_drops_itself_as_ever_and_elements_as_their_list_drops_them() {
    let outer = || Outer { before: three(), list: vec![three(), three()], _own: Live::new() };
    // In the list: the field that was begun, the elements in front of it, and what stands in front of the list.
    assert_eq!(drops(outer(), 8), [7, 6, 3, 4, 5, 0, 1, 2]);
    // Behind it.
    assert_eq!(drops(outer(), 9), [3, 4, 5, 6, 7, 8, 0, 1, 2]);
    // In columns.
    let many: Vec<Three> = (0..20).map(|_| three()).collect();
    let mut order = vec![31, 30];
    order.extend(0..30);
    assert_eq!(drops(many, 32), order);
}

#[test]
fn a_value_that_is_refused_drops_itself() {
    let bytes =
        reduce_core::to_vec(&Refused { _first: Live::new(), _second: Live::new() }).unwrap();
    stop(None, None);
    assert!(reduce_core::from_slice::<Refused>(&bytes).is_err());
    assert_eq!(dropped(), [0, 1]);
    assert_clean(&|| "refused".into());
}
