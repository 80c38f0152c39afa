//! What generated code calls for fields, variants and stand-ins.

use super::rebuild::{Failure, called};
use crate::adapter::Adapter;
use crate::error::{BoxError, Error, ErrorKind};
use crate::expand::Expand;
use crate::program::DefFn;
use crate::read::Reader;
use crate::reduce::Reduce;
use crate::write::Writer;

/// Writes a field; `at` is its step in an error's path.
#[inline(always)]
pub fn reduce_field<T: Reduce + ?Sized>(
    value: &T,
    at: &'static str,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    match value.reduce(w) {
        Ok(()) => Ok(()),
        Err(error) => Err(error.in_field(at)),
    }
}

/// Reads a field; `at` is its step in an error's path.
#[inline(always)]
pub fn expand_field<'de, T: Expand<'de>>(
    at: &'static str,
    r: &mut Reader<'_, 'de>,
) -> Result<T, Error> {
    match T::expand(r) {
        Ok(value) => Ok(value),
        Err(error) => Err(error.in_field(at)),
    }
}

/// Puts a field in front of an error's path.
///
/// Not `map_err`: a closure is a function of its own, which need not be inlined.
#[inline(always)]
pub(crate) fn in_field<T>(read: Result<T, Error>, at: &'static str) -> Result<T, Error> {
    match read {
        Ok(value) => Ok(value),
        Err(error) => Err(error.in_field(at)),
    }
}

/// The description of a field that an adapter stores.
pub const fn adapted<A: Adapter<T>, T>() -> DefFn {
    A::adapted_def
}

/// Writes the index of a variant.
#[inline(always)]
pub fn reduce_variant(index: u32, w: &mut Writer<'_>) -> Result<(), Error> {
    w.varint(u64::from(index));
    Ok(())
}

/// The indices of the variants of some rows.
#[inline(always)]
pub fn each_variant<'a, R>(
    rows: &'a [&'a R],
    variant: impl Fn(&'a R) -> u32 + 'a,
) -> impl Iterator<Item = u32> + 'a {
    rows.iter().map(move |row| variant(row))
}

/// Reads the index of one of `count` variants.
#[inline(always)]
pub fn expand_variant(
    name: &'static str,
    count: u32,
    r: &mut Reader<'_, '_>,
) -> Result<u32, Error> {
    let at = r.offset();
    let number = r.input.varint()?;
    match u32::try_from(number) {
        Ok(index) if index < count => Ok(index),
        _ => Err(unknown_variant(name, number, at)),
    }
}

/// The answer to an index that [`expand_variant`] lets through for no variant.
#[cold]
pub fn no_variant<T>(name: &'static str, r: &Reader<'_, '_>) -> Result<T, Error> {
    Err(r.invalid(alloc::format!("the enum `{name}` has no such variant")))
}

#[cold]
fn unknown_variant(name: &'static str, number: u64, at: usize) -> Error {
    Error::new(ErrorKind::Malformed, alloc::format!("the enum `{name}` has no variant {number}"))
        .with_offset(at)
}

/// A type that is made from `T` to be stored in its place.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be stored via `{Self}`",
    label = "`From<&{T}>` is not implemented for `{Self}`",
    note = "`via` makes what is stored from a reference: `impl From<&{T}> for {Self}`"
)]
pub trait StandsFor<T> {
    /// What is stored.
    fn stand_for(value: &T) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T, V: for<'a> From<&'a T>> StandsFor<T> for V {
    #[inline(always)]
    fn stand_for(value: &T) -> V {
        V::from(value)
    }
}

/// A type that a `T` is made from when it is loaded; `E` is inferred.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be loaded via `{Self}`",
    label = "`TryFrom<{Self}>` is not implemented for `{T}`",
    note = "`via` makes the value from what was stored: `impl TryFrom<{Self}> for {T}`, or `impl From<{Self}> for {T}` where that cannot fail"
)]
pub trait Restores<T, E> {
    /// The value.
    fn restore(self) -> Result<T, E>;
}

#[diagnostic::do_not_recommend]
impl<T: TryFrom<V, Error = E>, V, E> Restores<T, E> for V {
    #[inline(always)]
    fn restore(self) -> Result<T, E> {
        T::try_from(self)
    }
}

/// A value as the type that stands in for it.
#[inline(always)]
pub fn reduce_via<T, V: StandsFor<T>>(value: &T) -> V {
    V::stand_for(value)
}

// Between a type and the one that stands in for it there may be a pointer that no impl of ours sees: a level of depth.

/// Goes a level deeper, to a stand-in `V` that is written.
pub fn nested_reduce<V>(
    w: &mut Writer<'_>,
    write: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    w.nested_here::<V>(|w| write(w))
}

/// Goes a level deeper, to a stand-in `V` that is read.
pub fn nested_expand<'s, 'de, V>(
    r: &mut Reader<'s, 'de>,
    read: impl FnOnce(&mut Reader<'s, 'de>) -> Result<V, Error>,
) -> Result<V, Error> {
    r.nested_here::<V, _>(read)
}

/// From here on large byte lists are offered to whoever takes buffers: `out_of_band` on a field.
#[inline(always)]
pub fn mark_out_of_band<'w, 's>(w: &'w mut Writer<'s>) -> &'w mut Writer<'s> {
    w.mark_out_of_band();
    w
}

/// The end of the field.
#[inline(always)]
pub fn unmark_out_of_band(done: Result<(), Error>, w: &mut Writer<'_>) -> Result<(), Error> {
    w.unmark_out_of_band();
    done
}

/// A value from the type that stands in for it, which has been read.
pub fn expand_via<T, V, E>(stored: V, r: &mut Reader<'_, '_>) -> Result<T, Error>
where
    V: Restores<T, E>,
    E: Failure,
{
    called("", r)?;
    stored.restore().map_err(|cause| conversion_failed(cause.into_cause(), r.offset()))
}

#[cold]
fn conversion_failed(cause: BoxError, offset: usize) -> Error {
    Error::from_cause(ErrorKind::Convert, "the conversion from the stored value failed", cause)
        .with_offset(offset)
}
