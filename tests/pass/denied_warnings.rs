//! The strictest lints a user may have.
#![deny(warnings, missing_docs, unused, unused_qualifications, unused_lifetimes, unused_results)]
#![deny(trivial_casts, trivial_numeric_casts, single_use_lifetimes, variant_size_differences)]
#![deny(elided_lifetimes_in_paths, explicit_outlives_requirements, missing_debug_implementations)]
#![deny(unreachable_pub, non_ascii_idents, let_underscore_drop, rust_2018_idioms, future_incompatible)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery, clippy::unwrap_used, clippy::absolute_paths)]
#![forbid(unsafe_code)]

use reduce_core::{Error, Reduce, from_slice, to_vec};
use std::rc::Rc;

/// Generic, with all sources of skipped fields, and of those that a stream lacks.
#[derive(Reduce, Debug, PartialEq)]
#[reduce(validate = Record::check, version = 2, deny_newer, deny_unknown)]
struct Record<'a, T> {
    id: u32,
    name: &'a str,
    value: Option<T>,
    shared: Rc<u8>,
    #[reduce(default)]
    added: Option<T>,
    #[reduce(default = one, alias = "once")]
    first: u8,
    #[reduce(rebuild = twice, from(id), convert = str::parse::<u64>, convert = u64::from_be_bytes)]
    double: u64,
    #[reduce(skip, default)]
    cached: Vec<u8>,
    #[reduce(skip, default = one)]
    one: u8,
    #[reduce(skip, rebuild = twice, from(id))]
    twice: u64,
}

impl<T> Record<'_, T> {
    const fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

const fn one() -> u8 {
    1
}

fn twice(id: u32) -> u64 {
    u64::from(id) * 2
}

/// All kinds of variants.
#[derive(Reduce, Debug, PartialEq, Eq)]
enum Choice {
    #[reduce(other)]
    Nothing,
    #[reduce(alias = "Two")]
    Parts(u8, u16),
    Named { part: u32 },
}

fn main() -> Result<(), Error> {
    let record = Record {
        id: 4,
        name: "n",
        value: Some('v'),
        shared: Rc::new(3),
        added: None,
        first: one(),
        double: 5,
        cached: Vec::new(),
        one: one(),
        twice: twice(4),
    };
    assert_eq!(from_slice::<Record<'_, char>>(&to_vec(&record)?)?, record);
    for choice in [Choice::Nothing, Choice::Parts(1, 2), Choice::Named { part: 3 }] {
        assert_eq!(from_slice::<Choice>(&to_vec(&choice)?)?, choice);
    }
    Ok(())
}
