//! Fields of derived types: written and read by their type, or by an adapter of it.
//!
//! A field's type is named in all three impls, and rustc would report one that cannot be stored in each of them. So
//! generated code calls `part::<File>().reduce(..)`: the method is looked up along the `Deref`s of [`Part`], and only
//! `Describe` reports. The method found is
//!
//! 1. [`Part`]'s, where `File` has the trait: the one that runs,
//! 2. [`Described`]'s, where `File` has only `Describe`: its bound is the error,
//! 3. [`Undescribed`]'s otherwise: no error here, and so none beside the one in `Describe`.
//!
//! Type parameters have the trait by the bounds of the impl. What runs takes `self` by value, so that no blanket trait of
//! the user's with a method of that name comes first.

mod adapting;
mod owning;
mod stored;

pub use adapting::adapting;
pub use owning::owning;
pub use stored::stored;

use super::fields::{in_field, reduce_field};
use crate::column::Column;
use crate::describe::Describe;
use crate::error::{Error, ErrorKind};
use crate::expand::Expand;
use crate::read::columns::Rows;
use crate::read::{Collect, Mode, ReadFields, Reader};
use crate::reduce::Reduce;
use crate::row::{self, Row, RowMut};
use crate::write::{Columns, Writer};
use core::marker::PhantomData;
use core::ops::Deref;

/// A field of type `T`.
pub struct Part<T: ?Sized>(Described<T>);

/// A field whose type may have no reducer or no expander.
pub struct Described<T: ?Sized>(Undescribed<T>);

/// A field whose type cannot be stored.
pub struct Undescribed<T: ?Sized>(PhantomData<T>);

/// A field of type `T`.
#[inline(always)]
pub fn part<T: ?Sized>() -> Part<T> {
    Part(Described(Undescribed(PhantomData)))
}

impl<T: Reduce + ?Sized> Part<T> {
    /// Writes the field; `at` is its step in an error's path.
    #[inline(always)]
    pub fn reduce(self, value: &T, at: &'static str, w: &mut Writer<'_>) -> Result<(), Error> {
        reduce_field(value, at, w)
    }
}

impl<T: Reduce + ?Sized> Part<T> {
    /// Adds the field of some rows to its column.
    #[inline(always)]
    pub fn reduce_column<'a, R: ?Sized>(
        self,
        rows: &'a [&'a R],
        field: impl Fn(&'a R) -> &'a T + Clone,
        column: Column,
        columns: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        T: 'a,
    {
        T::reduce_column(rows.iter().map(move |row| field(row)), column, columns)
    }

    /// Adds the field of those rows that are of a variant to its column.
    #[inline(always)]
    pub fn reduce_variant_column<'a, R>(
        self,
        rows: &'a [&'a R],
        field: impl Fn(&'a R) -> Option<&'a T> + Clone,
        column: Column,
        columns: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        T: 'a,
    {
        T::reduce_column(rows.iter().filter_map(move |row| field(row)), column, columns)
    }
}

impl<'de, T: Expand<'de>> Part<T> {
    /// Reads the field, the `index`-th of those it stands among; `at` is its step in an error's path.
    #[inline(always)]
    pub fn expand(
        self,
        index: usize,
        at: &'static str,
        fields: &mut impl ReadFields<'de>,
        r: &mut Reader<'_, 'de>,
    ) -> Result<T, Error> {
        fields.field(index, at, r)
    }
}

impl<'de, T: Expand<'de>> Part<T> {
    /// As [`expand`](Self::expand), where something stands in for a field that the stream lacks.
    #[inline(always)]
    pub fn expand_or(
        self,
        index: usize,
        at: &'static str,
        fields: &mut impl ReadFields<'de>,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Option<T>, Error> {
        fields.field_or(index, at, r)
    }
}

impl<'de, T: Expand<'de>> Part<T> {
    /// Reads what is stored in the place of the type that has the field.
    #[inline(always)]
    pub fn whole(self, mode: impl Mode<'de>, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        mode.value(r)
    }
}

impl<T: Reduce + ?Sized> Part<T> {
    /// Writes the field to a row of fixed width.
    #[inline(always)]
    pub fn put(self, value: &T, row: &mut RowMut<'_>) {
        value.put_row(row);
    }
}

impl<'de, T: Expand<'de>> Part<T> {
    /// Reads the field from a row of fixed width.
    #[inline(always)]
    pub fn get(self, row: &mut Row<'_>) -> T {
        T::get_row(row)
    }
}

impl<'de, T: Expand<'de>> Part<T> {
    /// Begins to read the field of records side by side, of which the rows have the first parts.
    #[inline(always)]
    pub fn rows<'c>(
        self,
        index: usize,
        parts: Rows<'c, 'de>,
    ) -> Result<impl FnMut(usize, &mut Reader<'_, 'de>) -> Result<T, Error> + use<'c, 'de, T>, Error>
    {
        T::expand_rows::<true>(parts.part(index))
    }

    /// The field of one of them; `at` is its step in an error's path.
    #[inline(always)]
    pub fn in_row<'s>(
        self,
        at: &'static str,
        rows: &mut impl FnMut(usize, &mut Reader<'s, 'de>) -> Result<T, Error>,
        row: usize,
        r: &mut Reader<'s, 'de>,
    ) -> Result<T, Error> {
        in_field(rows(row, r), at)
    }
}

impl<'de, T: Expand<'de>> Part<T> {
    /// Adds the shared types of the field.
    #[inline(always)]
    pub fn collect(self, c: &mut Collect<'de>) {
        T::collect(c);
    }

    /// Whether the field is a cell that can be set just now.
    #[inline(always)]
    pub fn settable(self, cell: &T) -> bool {
        cell.settable()
    }

    /// Sets the field, a cell.
    #[inline(always)]
    pub fn set(self, cell: &T, value: T) {
        cell.set(value);
    }
}

/// [`Owning`] hands over to it by value.
impl<T: ?Sized> Clone for Part<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Part<T> {}

impl<T: ?Sized> Clone for Described<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Described<T> {}

impl<T: ?Sized> Clone for Undescribed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Undescribed<T> {}

impl<T: ?Sized> Deref for Part<T> {
    type Target = Described<T>;
    #[inline(always)]
    fn deref(&self) -> &Described<T> {
        &self.0
    }
}

impl<T: Describe + ?Sized> Described<T> {
    /// The error of a type that has no reducer.
    pub fn reduce(&self, value: &T, at: &'static str, w: &mut Writer<'_>) -> Result<(), Error>
    where
        T: Reduce,
    {
        reduce_field(value, at, w)
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
        T: Expand<'de>,
    {
        fields.field(index, at, r)
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
        T: Expand<'de>,
    {
        fields.field_or(index, at, r)
    }

    /// The error of a type that has no expander.
    pub fn whole<'de>(&self, mode: impl Mode<'de>, r: &mut Reader<'_, 'de>) -> Result<T, Error>
    where
        T: Expand<'de>,
    {
        mode.value(r)
    }
}

impl<T: ?Sized> Deref for Described<T> {
    type Target = Undescribed<T>;
    #[inline(always)]
    fn deref(&self) -> &Undescribed<T> {
        &self.0
    }
}

impl<T: ?Sized> Undescribed<T> {
    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn reduce(&self, _: &T, at: &'static str, _: &mut Writer<'_>) -> Result<(), Error> {
        Err(undescribed(at))
    }

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn expand<F>(
        &self,
        _: usize,
        at: &'static str,
        _: &mut F,
        _: &mut Reader<'_, '_>,
    ) -> Result<T, Error>
    where
        T: Sized,
    {
        Err(undescribed(at))
    }

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn expand_or<F>(
        &self,
        _: usize,
        at: &'static str,
        _: &mut F,
        _: &mut Reader<'_, '_>,
    ) -> Result<Option<T>, Error>
    where
        T: Sized,
    {
        Err(undescribed(at))
    }

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn whole<M>(&self, _: M, _: &mut Reader<'_, '_>) -> Result<T, Error>
    where
        T: Sized,
    {
        Err(undescribed(""))
    }
}

// `Described` needs none of these: its `reduce` and `expand` are the errors of a type without a reducer or an expander.
impl<T> Undescribed<T> {
    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn swapped(&self, value: T) -> T {
        value
    }
}

impl<T: ?Sized> Undescribed<T> {
    /// Never runs: one of the impls does not compile.
    #[cold]
    pub fn reduce_column<'a, R: ?Sized + 'a>(
        &self,
        _: &'a [&'a R],
        _: impl Fn(&'a R) -> &'a T + Clone,
        _: Column,
        _: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        T: 'a,
    {
        Err(undescribed(""))
    }

    /// Never runs: one of the impls does not compile.
    #[cold]
    pub fn reduce_variant_column<'a, R: 'a>(
        &self,
        _: &'a [&'a R],
        _: impl Fn(&'a R) -> Option<&'a T> + Clone,
        _: Column,
        _: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        T: 'a,
    {
        Err(undescribed(""))
    }

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn put(&self, _: &T, _: &mut RowMut<'_>) {}

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn get(&self, _: &mut Row<'_>) -> T
    where
        T: Sized,
    {
        row::never()
    }

    /// Never runs: one of the impls does not compile.
    #[cold]
    pub fn rows(&self, _: usize, _: Rows<'_, '_>) -> Result<(), Error> {
        Err(undescribed(""))
    }

    /// Never runs: one of the impls does not compile.
    #[cold]
    pub fn in_row<C>(
        &self,
        at: &'static str,
        _: &mut C,
        _: usize,
        _: &mut Reader<'_, '_>,
    ) -> Result<T, Error>
    where
        T: Sized,
    {
        Err(undescribed(at))
    }

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn collect(&self, _: &mut Collect<'_>) {}

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn settable(&self, _: &T) -> bool {
        false
    }

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn set(&self, _: &T, _: T)
    where
        T: Sized,
    {
    }
}

#[cold]
fn undescribed(at: &'static str) -> Error {
    Error::new(ErrorKind::Unavailable, "a field that cannot be stored").in_field(at)
}
