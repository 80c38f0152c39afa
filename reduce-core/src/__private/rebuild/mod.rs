//! Calls of the functions that `rebuild`, `validate`, `default` and `convert` name, checked so that a wrong one
//! is reported at the attribute.
//!
//! Generated code makes two statements: [`callee`] infers the function's own `fn` type, and the
//! call compares it with the one that the attribute needs. Two plain `fn` types are compared
//! because rustc reports a failed `Fn*` bound in its own words, whatever `on_unimplemented` says.
//!
//! `signature` compares, `lend` says how a kept field may be handed over, `outcome` what a function
//! may return. Nothing here holds a value across the call: a function that panics leaks nothing.

mod convert;
mod lend;
mod outcome;
mod signature;

use core::any::{Any, type_name};

use crate::{Error, Reader};

// Errors name these by the shortest path that is public.
pub use self::convert::{Conversion, Converts, Takes, conversion, earlier};
pub use self::lend::LendAs;
pub use self::outcome::{Failure, Fallible, Gives, Otherwise, Outcome, Plain, Waits, Within};
pub use self::signature::{
    ArgTuple, Callable, Called, FnSig, Matches, MatchesByValue, MatchesDefault, Typed, Validates,
};

/// A function that an attribute names, as a [`Called`].
pub struct Callee<C>(pub(super) C);

/// Where a function is called from, for errors.
pub struct Site {
    /// The field that is made; empty for the container.
    pub at: &'static str,
    /// The function's path as the attribute has it.
    pub function: &'static str,
}

/// Infers the signature of the function that an attribute names.
#[inline(always)]
pub const fn callee<F: Callable<Sig>, Sig: FnSig>(function: F) -> Callee<Typed<F, Sig>> {
    Callee(Typed::new(function))
}

/// Makes a skipped field from references to kept fields.
#[inline]
pub fn rebuild<Args, T, C, How>(
    callee: Callee<C>,
    args: Args,
    site: Site,
    r: &Reader<'_, '_>,
) -> Result<T, Error>
where
    Args: ArgTuple,
    C: Called,
    C::Sig: Matches<Args::Fn<T>, How>,
    How: Outcome<C::Output, T>,
    How::Error: Failure,
{
    called(site.at, r)?;
    let args = <C::Sig as Matches<Args::Fn<T>, How>>::args(args);
    How::outcome(callee.0.call(args)).map_err(|error| rebuild_failed(error, site, r))
}

/// Makes the whole value from kept fields by value.
#[inline]
pub fn rebuild_value<Args, T, C, How>(
    callee: Callee<C>,
    args: Args,
    site: Site,
    r: &Reader<'_, '_>,
) -> Result<T, Error>
where
    Args: ArgTuple,
    C: Called,
    C::Sig: MatchesByValue<Args::Fn<T>, How>,
    How: Outcome<C::Output, T>,
    How::Error: Failure,
{
    called(site.at, r)?;
    let args = <C::Sig as MatchesByValue<Args::Fn<T>, How>>::args(args);
    How::outcome(callee.0.call(args)).map_err(|error| rebuild_failed(error, site, r))
}

/// Makes a default with the function of `default = path`, for this field.
#[inline]
pub fn default_from<T, C>(
    callee: Callee<C>,
    at: &'static str,
    r: &Reader<'_, '_>,
) -> Result<T, Error>
where
    C: Called,
    C::Sig: MatchesDefault<fn() -> T>,
{
    called(at, r)?;
    Ok(C::Sig::value(callee.0.call(C::Sig::args(()))))
}

/// Passed in front of every function of the user's: takes a call from those that are left to the load.
#[inline(never)]
pub(super) fn called(at: &'static str, r: &Reader<'_, '_>) -> Result<(), Error> {
    r.context().call().map_err(|error| error.with_offset(r.offset()).in_field(at))
}

/// Has a function check a value that is whole.
#[inline]
pub fn validate<'v, T, C, How>(
    callee: Callee<C>,
    value: &'v T,
    site: Site,
    r: &Reader<'_, '_>,
) -> Result<(), Error>
where
    C: Called,
    C::Sig: Validates<&'v T, How>,
    How: Outcome<C::Output, ()>,
    How::Error: Failure,
{
    called(site.at, r)?;
    let args = <C::Sig as Validates<&'v T, How>>::args(value);
    How::outcome(callee.0.call(args)).map_err(|error| validate_failed(error, site, r))
}

/// The session's context value of type `C`, for the field that asks for it.
#[inline]
pub fn context<'s, C: Any>(at: &'static str, r: &Reader<'s, '_>) -> Result<&'s C, Error> {
    r.context().get::<C>().ok_or_else(|| missing_context(at, type_name::<C>(), r))
}

// The error paths depend on the error type alone, so that functions share them.

#[cold]
#[inline(never)]
fn rebuild_failed<E: Failure>(error: E, site: Site, r: &Reader<'_, '_>) -> Error {
    Error::rebuild(site.at, site.function, error.into_cause(), r)
}

#[cold]
#[inline(never)]
fn validate_failed<E: Failure>(error: E, site: Site, r: &Reader<'_, '_>) -> Error {
    Error::validate(site.function, error.into_cause(), r)
}

#[cold]
#[inline(never)]
fn missing_context(at: &'static str, type_name: &'static str, r: &Reader<'_, '_>) -> Error {
    r.context().missing(type_name).with_offset(r.offset()).in_field(at)
}
