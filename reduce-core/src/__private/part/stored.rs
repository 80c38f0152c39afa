//! Fields that are stored in a way of the runtime's: under `shared = false`.

use super::Undescribed;
use crate::__private::fields::in_field;
use crate::error::Error;
use crate::impls::stored::{Way, WayBack, WayOut};
use crate::pod::{InPlace, Raw};
use crate::read::{Collect, Mode, ReadFields, Reader};
use crate::write::Writer;
use core::marker::PhantomData;
use core::ops::Deref;

/// A field of type `T` that is stored in the way `W`: under `shared = false`.
pub struct Stored<W, T>(Undirected<W, T>);

/// A field of type `T` that may have no reducer or no expander.
pub struct Undirected<W, T>(Undescribed<T>, PhantomData<W>);

/// A field of type `T` that is stored in the way `W`.
#[inline(always)]
pub fn stored<W, T>() -> Stored<W, T> {
    Stored(Undirected(Undescribed(PhantomData), PhantomData))
}

impl<W: WayOut<T>, T> Stored<W, T> {
    /// Writes the field; `at` is its step in an error's path.
    #[inline]
    pub fn reduce(self, value: &T, at: &'static str, w: &mut Writer<'_>) -> Result<(), Error> {
        W::reduce(value, w).map_err(|error| error.in_field(at))
    }
}

impl<'de, W: WayBack<'de, T>, T> Stored<W, T> {
    /// Reads the field, the `index`-th of those it stands among; `at` is its step in an error's path.
    #[inline]
    pub fn expand(
        self,
        index: usize,
        at: &'static str,
        fields: &mut impl ReadFields<'de>,
        r: &mut Reader<'_, 'de>,
    ) -> Result<T, Error> {
        let mode = fields.need(index, r)?;
        in_field(W::expand(mode, r), at)
    }

    /// As [`expand`](Self::expand), where something stands in for a field that the stream lacks.
    #[inline]
    pub fn expand_or(
        self,
        index: usize,
        at: &'static str,
        fields: &mut impl ReadFields<'de>,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Option<T>, Error> {
        let Some(mode) = fields.find(index, r)? else { return Ok(None) };
        in_field(W::expand(mode, r), at).map(Some)
    }

    /// Reads what is stored in the place of the type that has the field.
    #[inline]
    pub fn whole(self, mode: impl Mode<'de>, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        W::expand(mode, r)
    }
}

impl<'de, W: WayBack<'de, T>, T> Stored<W, T> {
    /// Adds the shared types of the field.
    #[inline]
    pub fn collect(self, c: &mut Collect<'de>) {
        W::collect(c);
    }
}

impl<T: Raw> Stored<InPlace, T> {
    /// The field with the bytes of each of its numbers turned around.
    #[inline]
    pub fn swapped(self, value: T) -> T {
        value.swapped()
    }
}

impl<W, T> Deref for Stored<W, T> {
    type Target = Undirected<W, T>;
    #[inline(always)]
    fn deref(&self) -> &Undirected<W, T> {
        &self.0
    }
}

impl<W: Way<T>, T> Undirected<W, T> {
    /// The error of a type that has no reducer.
    pub fn reduce(&self, value: &T, at: &'static str, w: &mut Writer<'_>) -> Result<(), Error>
    where
        W: WayOut<T>,
    {
        W::reduce(value, w).map_err(|error| error.in_field(at))
    }

    /// The error of a type that has no expander.
    pub fn expand<'de>(
        &self,
        index: usize,
        at: &'static str,
        fields: &mut impl ReadFields<'de>,
        r: &mut Reader<'_, 'de>,
    ) -> Result<T, Error>
    where
        W: WayBack<'de, T>,
    {
        let mode = fields.need(index, r)?;
        in_field(W::expand(mode, r), at)
    }

    /// The error of a type that has no expander.
    pub fn expand_or<'de>(
        &self,
        index: usize,
        at: &'static str,
        fields: &mut impl ReadFields<'de>,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Option<T>, Error>
    where
        W: WayBack<'de, T>,
    {
        let Some(mode) = fields.find(index, r)? else { return Ok(None) };
        in_field(W::expand(mode, r), at).map(Some)
    }

    /// The error of a type that has no expander.
    pub fn whole<'de>(&self, mode: impl Mode<'de>, r: &mut Reader<'_, 'de>) -> Result<T, Error>
    where
        W: WayBack<'de, T>,
    {
        W::expand(mode, r)
    }
}

impl<W, T> Deref for Undirected<W, T> {
    type Target = Undescribed<T>;
    #[inline(always)]
    fn deref(&self) -> &Undescribed<T> {
        &self.0
    }
}
