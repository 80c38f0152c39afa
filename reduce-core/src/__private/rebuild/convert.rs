//! Functions that `convert` names: from what a field was to what it is.

use super::outcome::{Failure, Fallible, Otherwise, Outcome, Plain, Within};
use super::signature::{Called, FnSig};
use super::{Callee, Site, called};
use crate::__private::fields::in_field;
use crate::describe::Describe;
use crate::error::{Error, ErrorKind};
use crate::expand::Expand;
use crate::program::DefFn;
use crate::read::{Collect, Mode, ReadFields, Reader};
use core::marker::PhantomData;
use core::ops::Deref;

/// A function that takes one value: what a field was.
#[diagnostic::on_unimplemented(
    message = "the `convert` function has the wrong signature",
    label = "expected a function of one parameter, found `{Self}`",
    note = "a `convert` function gets what the field was, by value, and returns what the field is or a `Result` of it; what reads other fields is a `rebuild` function"
)]
pub trait Takes: FnSig {
    /// What the field was.
    type Old;
    /// It as the function's arguments.
    fn args(old: Self::Old) -> Self::Args;
}

#[diagnostic::do_not_recommend]
impl<Old, R> Takes for fn(Old) -> R {
    type Old = Old;
    #[inline(always)]
    fn args(old: Old) -> (Old,) {
        (old,)
    }
}

/// A signature that makes a `T` of what the field was; `How` is inferred.
#[diagnostic::on_unimplemented(
    message = "the `convert` function has the wrong signature",
    label = "expected `fn(_) -> {T}` or a `Result` of it, found `{Self}`",
    note = "a `convert` function gets what the field was, by value, and returns what the field is or a `Result` of it"
)]
pub trait Converts<T, How>: Takes {}

#[diagnostic::do_not_recommend]
impl<Old, T> Converts<T, Plain> for fn(Old) -> T {}

#[diagnostic::do_not_recommend]
impl<Old, T, E> Converts<T, Fallible<E>> for fn(Old) -> Result<T, E> {}

#[diagnostic::do_not_recommend]
impl<Old, T, Out: Within<T>, F: Future<Output = Out>> Converts<T, Otherwise<Out>> for fn(Old) -> F {}

/// The description of what the field was.
pub const fn earlier<C>(_: &Callee<C>) -> DefFn
where
    C: Called,
    C::Sig: Takes<Old: Describe>,
{
    <<C::Sig as Takes>::Old as Describe>::def
}

/// A way to a `T` from what the field was.
pub struct Conversion<T, C>(Unconverted<T, C>);

/// A function that is none of one parameter, or whose parameter cannot be loaded: the error is that of [`earlier`].
pub struct Unconverted<T, C>(Callee<C>, PhantomData<T>);

/// A way to a `T` from what the field was.
#[inline(always)]
pub fn conversion<T, C>(callee: Callee<C>) -> Conversion<T, C> {
    Conversion(Unconverted(callee, PhantomData))
}

impl<'de, T, C> Conversion<T, C>
where
    C: Called,
    C::Sig: Takes<Old: Expand<'de>>,
{
    /// Reads the field, the `index`-th of those it stands among, and converts it.
    pub fn expand<How>(
        self,
        index: usize,
        site: Site,
        fields: &mut impl ReadFields<'de>,
        r: &mut Reader<'_, 'de>,
    ) -> Result<T, Error>
    where
        C::Sig: Converts<T, How>,
        How: Outcome<C::Output, T>,
        How::Error: Failure,
    {
        let mode = fields.need(index, r)?;
        self.read(mode, site, r)
    }

    /// The same, where the stream has a `None` that the field's own type fills in.
    pub fn expand_or<How>(
        self,
        index: usize,
        site: Site,
        fields: &mut impl ReadFields<'de>,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Option<T>, Error>
    where
        C::Sig: Converts<T, How>,
        How: Outcome<C::Output, T>,
        How::Error: Failure,
    {
        match fields.find(index, r)? {
            Some(mode) => self.read(mode, site, r).map(Some),
            None => Ok(None),
        }
    }

    fn read<How>(
        self,
        mode: impl Mode<'de>,
        site: Site,
        r: &mut Reader<'_, 'de>,
    ) -> Result<T, Error>
    where
        C::Sig: Converts<T, How>,
        How: Outcome<C::Output, T>,
        How::Error: Failure,
    {
        let old = in_field(mode.value(r), site.at)?;
        called(site.at, r)?;
        let converted = How::outcome(self.0.0.0.call(<C::Sig as Takes>::args(old)));
        converted.map_err(|error| convert_failed(error, site, r))
    }
}

impl<'de, T, C> Conversion<T, C>
where
    C: Called,
    C::Sig: Takes<Old: Expand<'de>>,
{
    /// Converts what is read as what the field was.
    pub fn whole<How>(
        self,
        site: Site,
        mode: impl Mode<'de>,
        r: &mut Reader<'_, 'de>,
    ) -> Result<T, Error>
    where
        C::Sig: Converts<T, How>,
        How: Outcome<C::Output, T>,
        How::Error: Failure,
    {
        let old = mode.value(r)?;
        called("", r)?;
        let converted = How::outcome(self.0.0.0.call(<C::Sig as Takes>::args(old)));
        // The field is named by the caller.
        let site = Site { at: "", ..site };
        converted.map_err(|error| convert_failed(error, site, r))
    }
}

impl<'de, T, C> Conversion<T, C>
where
    C: Called,
    C::Sig: Takes<Old: Expand<'de>>,
{
    /// Adds the shared types of what the field was.
    pub fn collect(self, c: &mut Collect<'de>) {
        <<C::Sig as Takes>::Old>::collect(c);
    }
}

impl<T, C> Deref for Conversion<T, C> {
    type Target = Unconverted<T, C>;
    #[inline(always)]
    fn deref(&self) -> &Unconverted<T, C> {
        &self.0
    }
}

impl<T, C> Unconverted<T, C> {
    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn expand_or<F>(
        &self,
        index: usize,
        site: Site,
        fields: &mut F,
        r: &mut Reader<'_, '_>,
    ) -> Result<Option<T>, Error> {
        self.expand(index, site, fields, r).map(Some)
    }

    /// Never runs either.
    #[cold]
    pub fn expand<F>(
        &self,
        _: usize,
        site: Site,
        _: &mut F,
        _: &mut Reader<'_, '_>,
    ) -> Result<T, Error> {
        Err(Error::new(ErrorKind::Unavailable, "a field that cannot be converted")
            .in_field(site.at))
    }

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn whole<M>(&self, site: Site, _: M, _: &mut Reader<'_, '_>) -> Result<T, Error> {
        Err(Error::new(ErrorKind::Unavailable, "a field that cannot be converted")
            .in_field(site.at))
    }

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn collect(&self, _: &mut Collect<'_>) {}
}

#[cold]
#[inline(never)]
fn convert_failed<E: Failure>(error: E, site: Site, r: &Reader<'_, '_>) -> Error {
    Error::convert(site.at, site.function, error.into_cause(), r)
}
