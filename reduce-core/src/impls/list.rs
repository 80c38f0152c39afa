//! Slices and `Vec`: lists.

use crate::column::{Column, Slot};
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::{Expand, owned_pointee};
use crate::program::{PartDef, TypeDef};
use crate::read::columns::Rows;
use crate::read::{Collect, Elements, Plan, Planned, Reader};
use crate::reduce::Reduce;
use crate::stack;
use crate::write::{Columns, Writer};
use alloc::vec::Vec;

impl<T: Describe> Describe for [T] {
    fn def() -> &'static TypeDef {
        const { &TypeDef::list::<Self>(T::def).columns(T::PART.columns) }
    }

    const PART: PartDef = PartDef::in_columns(Self::def);
}

impl<T: Reduce> Reduce for [T] {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        // A constant by itself, so that no code is made for the other case.
        if const { T::PART.derived } { reduce_derived(self, w) } else { reduce_list(self, w) }
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
        T::reduce_lists(values, column, columns)
    }
}

#[inline(always)]
fn reduce_list<T: Reduce>(elements: &[T], w: &mut Writer<'_>) -> Result<(), Error> {
    w.nested(elements, |w| {
        if T::offer_elements(elements, w)? {
            return Ok(());
        }
        if w.slice_in_columns(elements) {
            return Ok(());
        }
        if const { T::WIDTH.align() > 1 } && w.aligns() && !elements.is_empty() {
            w.aligned_length(elements.len(), T::WIDTH.align());
        } else {
            w.list_length(elements.len());
        }
        T::reduce_elements(elements, w)
    })
}

/// Of elements whose reducers are derived there is much in it: the way to it is not worth a copy for each field.
#[inline(never)]
fn reduce_derived<T: Reduce>(elements: &[T], w: &mut Writer<'_>) -> Result<(), Error> {
    reduce_list(elements, w)
}

impl<T: Describe> Describe for Vec<T> {
    fn def() -> &'static TypeDef {
        <[T]>::def()
    }

    const PART: PartDef = <[T]>::PART;
}

impl<T: Reduce> Reduce for Vec<T> {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.as_slice().reduce(w)
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
        T::reduce_lists(values.map(Vec::as_slice), column, columns)
    }
}

impl<'de, T: Expand<'de>> Expand<'de> for Vec<T> {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let again = |r: &mut Reader<'_, 'de>| elsewhere(Plan::IN_ROWS, r);
        r.nested::<T, _>(again, |r| match r.begin_list(T::def)? {
            Elements::InRows(length) => T::expand_elements(length, r),
            elsewhere => T::expand_planned(Planned::Native(elsewhere), r),
        })
    }

    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let again = |r: &mut Reader<'_, 'de>| elsewhere(Plan::native_in(slot), r);
        r.nested::<T, _>(again, |r| {
            let (length, first) = r.columns()?.list(slot)?;
            T::expand_slots(length, first, r)
        })
    }

    #[inline(always)]
    fn expand_rows<'c, const WITHIN: bool>(
        rows: Rows<'c, 'de>,
    ) -> Result<impl FnMut(usize, &mut Reader<'_, 'de>) -> Result<Self, Error>, Error> {
        let lists = rows.lists()?;
        // Of none there may be no column.
        let mut elements = match &lists {
            Some(lists) if !lists.elements().is_empty() => {
                Some(T::expand_list_rows(lists.elements())?)
            }
            _ => None,
        };
        Ok(move |row, r: &mut Reader<'_, 'de>| {
            let (Some(lists), Some(elements)) = (&lists, &mut elements) else {
                return Self::expand_slot(rows.slot(row), r);
            };
            let (from, count) = lists.of_row(row);
            // Where the slot is, is asked where it is needed, which is rare.
            let again = |r: &mut Reader<'_, 'de>| elsewhere_in(rows, row, r);
            r.nested::<T, _>(again, |r| elements(from, count, r))
        })
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        match r.begin_planned(plan, T::def, size_of::<T>())? {
            Some(elements) => {
                let elements = T::expand_planned(elements, r)?;
                r.budget.leave();
                Ok(elements)
            }
            None => elsewhere(plan, r),
        }
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}

/// The list in a row is read on another stack.
#[cold]
#[inline(never)]
fn elsewhere_in<'de, T: Expand<'de>>(
    rows: Rows<'_, 'de>,
    row: usize,
    r: &mut Reader<'_, 'de>,
) -> Result<Vec<T>, Error> {
    elsewhere(Plan::native_in(rows.slot(row)), r)
}

/// The list is read on another stack.
#[cold]
#[inline(never)]
fn elsewhere<'de, T: Expand<'de>>(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Vec<T>, Error> {
    stack::elsewhere(size_of::<T>(), || Vec::adapt(plan, r))
}

owned_pointee! { [T: Expand<'de>] [T], Vec<T>, T::collect; }
