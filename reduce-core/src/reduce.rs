//! `Reduce`: how a value is taken apart.

use crate::column::Column;
use crate::describe::Describe;
use crate::error::Error;
use crate::row::{self, RowMut};
use crate::write::{Columns, Writer, by_hand, in_chunks, in_chunks_of_lists};
use core::any::TypeId;

/// A value that can be taken apart into a stream.
///
/// `#[derive(Reduce)]` writes this, [`Describe`] and [`Expand`](crate::Expand); see [`Describe`] for all three by
/// hand. The counterpart in Python is
/// [`__reduce__`](https://docs.python.org/3/library/pickle.html#object.__reduce__) of PEP 307.
///
/// A reducer must be pure: one dump may call it more than once. It is implemented for unsized types (`str`, `[T]`, `Path`) and
/// for references, which are written as what they refer to.
///
/// ```
/// use reduce_core::{Expand, Reduce};
///
/// fn copy<T: Reduce + for<'de> Expand<'de>>(value: &T) -> Result<T, reduce_core::Error> {
///     reduce_core::from_slice(&reduce_core::to_vec(value)?)
/// }
/// assert_eq!(copy(&Some(3))?, Some(3));
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be dumped",
    label = "`{Self}` has no reducer",
    note = "for a type of your own: `#[derive(Reduce)]`",
    note = "for a type of another crate: `#[reduce(with = Adapter)]` on the field",
    note = "for what has no meaning outside of this process (a connection, an open file, an `Instant`, a lock's guard): `#[reduce(skip, rebuild = path)]` or `#[reduce(skip, default)]` on the field"
)]
pub trait Reduce: Describe {
    /// Writes the value's parts, in the order in which its description names them.
    ///
    /// # Errors
    ///
    /// When a part cannot be taken apart just now (a `RefCell` that is mutably borrowed, a poisoned lock), a limit is
    /// reached, or an adapter fails.
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error>;

    /// Writes the elements of a list whose length has been written. Numbers of fixed width are written all at once.
    #[doc(hidden)]
    fn reduce_elements(elements: &[Self], w: &mut Writer<'_>) -> Result<(), Error>
    where
        Self: Sized,
    {
        if const { Self::WIDTH.is_narrow() } {
            row::reduce(elements, w);
            return Ok(());
        }
        for (index, element) in elements.iter().enumerate() {
            element.reduce(w).map_err(|error| error.in_element(index))?;
        }
        Ok(())
    }

    /// Writes the value to a row of fixed width.
    #[doc(hidden)]
    #[inline]
    fn put_row(&self, _: &mut RowMut<'_>) {}

    /// As [`put_row`](Self::put_row), of the elements of an array.
    #[doc(hidden)]
    #[inline]
    fn put_rows(elements: &[Self], row: &mut RowMut<'_>)
    where
        Self: Sized,
    {
        elements.iter().for_each(|element| element.put_row(row));
    }

    /// Offers the elements of a list to whoever takes buffers; whether they were taken. Only numbers are offered.
    #[doc(hidden)]
    #[inline(always)]
    fn offer_elements(_: &[Self], _: &mut Writer<'_>) -> Result<bool, Error>
    where
        Self: Sized,
    {
        Ok(false)
    }

    /// Adds values to a column of a list, at most [`CHUNK`](crate::write::CHUNK) of them: those of a record are gone
    /// through once for each field. Only types whose [`PART`](Describe::PART) says so are asked to.
    #[doc(hidden)]
    fn reduce_rows(
        _rows: &[&Self],
        _column: Column,
        _columns: &mut Columns<'_>,
    ) -> Result<(), Error> {
        Err(by_hand())
    }

    /// As [`reduce_rows`](Self::reduce_rows), of any number of values: those without parts go straight to their column.
    #[doc(hidden)]
    #[inline]
    fn reduce_column<'a>(
        values: impl Iterator<Item = &'a Self> + Clone,
        column: Column,
        columns: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        Self: 'a,
    {
        in_chunks(values, |rows| Self::reduce_rows(rows, column, columns))
    }

    /// As [`reduce_column`](Self::reduce_column), of lists of values that lie side by side.
    #[doc(hidden)]
    #[inline]
    fn reduce_lists<'a>(
        lists: impl Iterator<Item = &'a [Self]> + Clone,
        column: Column,
        columns: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        Self: Sized + 'a,
    {
        let element = columns.lists(column, lists.clone().map(<[Self]>::len))?;
        in_chunks_of_lists(lists, |rows| {
            Self::reduce_column(rows.iter().copied(), element, columns)
        })
    }

    /// As [`reduce_column`](Self::reduce_column), of arrays of values.
    #[doc(hidden)]
    #[inline]
    fn reduce_arrays<'a, const N: usize>(
        arrays: impl Iterator<Item = &'a [Self; N]> + Clone,
        column: Column,
        columns: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        Self: Sized + 'a,
    {
        Self::reduce_column(arrays.flatten(), column, columns)
    }

    /// Writes the kept fields that are not state.
    #[doc(hidden)]
    fn reduce_kept(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.reduce(w)
    }

    /// Writes the state fields.
    #[doc(hidden)]
    fn reduce_state(&self, _: &mut Writer<'_>) -> Result<(), Error> {
        Ok(())
    }

    /// Whether a pointer of this type may refer to the object, which was written behind one of another type: behind a
    /// trait object, the registry must know it as an implementation.
    #[doc(hidden)]
    #[inline(always)]
    fn referable(&self, _: &mut Writer<'_>) -> Result<(), Error> {
        Ok(())
    }

    /// Whether the object is written without its state at first: behind a trait object, the object itself says.
    #[doc(hidden)]
    fn two_phase(&self, _: &Writer<'_>) -> bool {
        Self::TWO_PHASE
    }

    /// The type of the object itself: behind a trait object, the concrete one.
    #[doc(hidden)]
    fn identity(&self) -> TypeId {
        typeid::of::<Self>()
    }
}
