//! Arrays of any length: their elements, and no length.

use super::number_list::borrow_rows;
use crate::column::{Column, Slot};
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::{PartDef, TypeDef};
use crate::read::columns::{Rows, astray};
use crate::read::{Collect, Mode, Plan, Reader};
use crate::reduce::Reduce;
use crate::row::{Row, RowMut, Width};
use crate::write::{Columns, Writer};
use alloc::borrow::Cow;
use alloc::format;

impl<T: Describe, const N: usize> Describe for [T; N] {
    fn def() -> &'static TypeDef {
        const { &TypeDef::array::<Self>(N, T::def).columns(T::PART.columns) }
    }

    const PART: PartDef = PartDef::in_columns(Self::def);

    const WIDTH: Width = T::WIDTH.of_array(N);
}

impl<T: Reduce, const N: usize> Reduce for [T; N] {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        T::reduce_elements(self, w)
    }

    #[inline]
    fn reduce_column<'a>(
        values: impl Iterator<Item = &'a Self> + Clone,
        column: Column,
        columns: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        Self: 'a,
    {
        let element = columns.element(column)?;
        T::reduce_arrays(values, element, columns)
    }

    #[inline]
    fn put_row(&self, row: &mut RowMut<'_>) {
        T::put_rows(self, row);
    }
}

impl<'de, T: Expand<'de>, const N: usize> Expand<'de> for [T; N] {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        r.elements(N as u64)?;
        T::expand_array(r)
    }

    #[inline]
    fn get_row(row: &mut Row<'_>) -> Self {
        T::get_rows(row)
    }

    #[inline]
    fn lend(rows: &[u8]) -> Option<&[Self]> {
        T::lend(rows).map(|elements| elements.as_chunks().0)
    }

    fn borrow_elements<'a>(count: usize, r: &mut Reader<'_, 'de>) -> Result<Cow<'a, [Self]>, Error>
    where
        'de: 'a,
        Self: Clone + 'a,
    {
        borrow_rows(count, r)
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let (length, element) = r.begin_sequence(plan, T::def)?;
        if length != N {
            return Err(r.invalid(format!("{length} elements, for an array of {N}")));
        }
        let elements = array_of(r, |index, r| element.element(index).value(r))?;
        r.end_list();
        Ok(elements)
    }

    #[inline]
    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let (length, first) = r.columns()?.array(slot)?;
        if length != N {
            return Err(astray());
        }
        T::expand_slot_array(first, r)
    }

    #[inline(always)]
    fn expand_rows<'c, const WITHIN: bool>(
        rows: Rows<'c, 'de>,
    ) -> Result<impl FnMut(usize, &mut Reader<'_, 'de>) -> Result<Self, Error>, Error> {
        T::expand_array_rows(rows.elements(N)?)
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}

/// An array of what is read one by one, up to the first error.
pub(crate) fn array_of<'s, 'de, T, const N: usize>(
    r: &mut Reader<'s, 'de>,
    mut read: impl FnMut(usize, &mut Reader<'s, 'de>) -> Result<T, Error>,
) -> Result<[T; N], Error> {
    let mut failed = None;
    let elements = core::array::from_fn::<Option<T>, N, _>(|index| {
        if failed.is_some() {
            return None;
        }
        read(index, r).map_err(|error| failed = Some(error.in_element(index))).ok()
    });
    match failed {
        Some(error) => Err(error),
        None => all(elements, r),
    }
}

/// The elements of an array that are all there.
pub(crate) fn all<T, const N: usize>(
    elements: [Option<T>; N],
    r: &Reader<'_, '_>,
) -> Result<[T; N], Error> {
    // `map` cannot fail halfway: whether all are there is asked first.
    if elements.iter().any(Option::is_none) {
        return Err(r.invalid("an array lacks an element"));
    }
    Ok(elements.map(|element| match element {
        Some(element) => element,
        None => unreachable!("looked at above"),
    }))
}
