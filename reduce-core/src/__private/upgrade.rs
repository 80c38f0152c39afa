//! Calls of the functions that `upgrade` names, and fields that they made.

use super::fields::in_field;
use super::rebuild::{Called, Callee, Failure, Fallible, FnSig, Outcome, Plain};
use crate::context::Context;
use crate::error::{BoxError, Error, ErrorKind};
use crate::read::Reader;
use crate::read::adapt::{Plan, upgrade as plans};
use crate::value::Record;

pub use crate::read::adapt::upgrade::{Made, Step};

/// A signature that serves as `upgrade(N = path)`; `How` is inferred.
#[diagnostic::on_unimplemented(
    message = "the `upgrade` function has the wrong signature",
    label = "expected `fn(&mut Record) -> Result<(), E>`, found `{Self}`",
    note = "an `upgrade` function changes the record of the earlier version, and returns nothing or a `Result<(), E>`",
    note = "a second parameter is the context of the load: `fn(&mut Record, &Context<'_>)`"
)]
pub trait Upgrades<'r, How>: FnSig {
    /// The record and the context as the function's arguments.
    fn args(record: &'r mut Record, context: &'r Context<'r>) -> Self::Args;
}

#[diagnostic::do_not_recommend]
impl<'r> Upgrades<'r, Plain> for fn(&'r mut Record) {
    fn args(record: &'r mut Record, _: &'r Context<'r>) -> (&'r mut Record,) {
        (record,)
    }
}

#[diagnostic::do_not_recommend]
impl<'r, E> Upgrades<'r, Fallible<E>> for fn(&'r mut Record) -> Result<(), E> {
    fn args(record: &'r mut Record, _: &'r Context<'r>) -> (&'r mut Record,) {
        (record,)
    }
}

#[diagnostic::do_not_recommend]
impl<'r> Upgrades<'r, Plain> for fn(&'r mut Record, &'r Context<'r>) {
    fn args(record: &'r mut Record, context: &'r Context<'r>) -> (&'r mut Record, &'r Context<'r>) {
        (record, context)
    }
}

#[diagnostic::do_not_recommend]
impl<'r, E> Upgrades<'r, Fallible<E>> for fn(&'r mut Record, &'r Context<'r>) -> Result<(), E> {
    fn args(record: &'r mut Record, context: &'r Context<'r>) -> (&'r mut Record, &'r Context<'r>) {
        (record, context)
    }
}

/// Has a function upgrade a record.
pub fn upgrade<'r, C, How>(
    callee: Callee<C>,
    record: &'r mut Record,
    context: &'r Context<'r>,
) -> Result<(), BoxError>
where
    C: Called,
    C::Sig: Upgrades<'r, How>,
    How: Outcome<C::Output, ()>,
    How::Error: Failure,
{
    How::outcome(callee.0.call(<C::Sig as Upgrades<'r, How>>::args(record, context)))
        .map_err(Failure::into_cause)
}

/// Reads a field that an upgrade function made.
pub fn made<T>(
    made: Made,
    at: &'static str,
    read: impl for<'s, 'x> FnOnce(usize, Plan, &mut Reader<'s, 'x>) -> Result<T, Error>,
    r: &mut Reader<'_, '_>,
) -> Result<T, Error> {
    match made_or(made, at, read, r)? {
        Some(value) => Ok(value),
        // Only what can be filled in is `None`.
        None => Err(Error::new(ErrorKind::InvalidValue, "nothing for a field").in_field(at)),
    }
}

/// As [`made`], where something stands in for a `None`.
pub fn made_or<T>(
    made: Made,
    at: &'static str,
    read: impl for<'s, 'x> FnOnce(usize, Plan, &mut Reader<'s, 'x>) -> Result<T, Error>,
    r: &mut Reader<'_, '_>,
) -> Result<Option<T>, Error> {
    in_field(plans::made(&made, read, r), at)
}
