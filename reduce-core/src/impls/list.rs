//! Slices and `Vec`: lists.

use crate::column::{Column, Slot};
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::{Expand, owned_pointee};
use crate::program::{PartDef, TypeDef};
use crate::read::columns::Rows;
use crate::read::{Collect, Elements, Mode, Plan, Planned, Reader};
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
        let again = |w: &mut Writer<'_>| self.reduce(w);
        w.nested(again, |w| {
            if T::offer_elements(self, w)? {
                return Ok(());
            }
            if w.slice_in_columns(self) {
                return Ok(());
            }
            if const { T::WIDTH.align() > 1 } && w.aligns() && !self.is_empty() {
                w.aligned_length(self.len(), T::WIDTH.align());
            } else {
                w.list_length(self.len());
            }
            T::reduce_elements(self, w)
        })
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
            elsewhere => expand_elements(Planned::Native(elsewhere), r),
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
    fn expand_rows<'c>(
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
            let slot = rows.slot(row);
            let (Some(lists), Some(elements)) = (&lists, &mut elements) else {
                return Self::expand_slot(slot, r);
            };
            let (from, count) = lists.of_row(row)?;
            let again = |r: &mut Reader<'_, 'de>| elsewhere(Plan::native_in(slot), r);
            r.nested::<T, _>(again, |r| elements(from, count, r))
        })
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let again = |r: &mut Reader<'_, 'de>| elsewhere(plan, r);
        r.nested::<T, _>(again, |r| {
            let elements = r.begin_planned(plan, T::def, size_of::<T>())?;
            expand_elements(elements, r)
        })
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}

/// The list is read on another stack.
#[cold]
#[inline(never)]
fn elsewhere<'de, T: Expand<'de>>(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Vec<T>, Error> {
    stack::elsewhere(size_of::<T>(), || Vec::adapt(plan, r))
}

/// The elements of a list that has begun, wherever they lie: one copy for the rarer ways.
#[inline(never)]
fn expand_elements<'de, T: Expand<'de>>(
    elements: Planned,
    r: &mut Reader<'_, 'de>,
) -> Result<Vec<T>, Error> {
    let (length, plan) = match elements {
        Planned::By(length, plan) => (length, plan),
        Planned::Native(Elements::InColumns(length, first)) => {
            return T::expand_slots(length, first, r);
        }
        Planned::Native(Elements::InRows(length) | Elements::Outside(length)) => {
            let outside = r.is_outside().then(|| T::expand_outside(length, r)).flatten();
            let elements = outside.unwrap_or_else(|| T::expand_elements(length, r))?;
            r.end_list();
            return Ok(elements);
        }
    };
    let mut elements = Vec::with_capacity(r.ahead(length, size_of::<T>()));
    for index in 0..length {
        if elements.len() == elements.capacity() {
            r.grow(&mut elements, length)?;
        }
        match plan.element(index).value(r) {
            Ok(element) => elements.push(element),
            Err(error) => return Err(error.in_element(index)),
        }
    }
    r.end_list();
    Ok(elements)
}

owned_pointee! { [T: Expand<'de>] [T], Vec<T>, T::collect; }
