//! Slices and `Vec`: lists.

use crate::column::{Column, Slot};
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::{Expand, owned_pointee};
use crate::program::{PartDef, TypeDef};
use crate::read::{Collect, Elements, Mode, Plan, Reader};
use crate::reduce::Reduce;
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
        r.nested::<T, _>(Self::expand, |r| match r.begin_list(T::def)? {
            Elements::InRows(length) => T::expand_elements(length, r),
            Elements::Outside(length) => expand_outside(length, r),
            Elements::InColumns(length, first) => T::expand_slots(length, first, r),
        })
    }

    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let again = |r: &mut Reader<'_, 'de>| Self::expand_slot(slot, r);
        r.nested::<T, _>(again, |r| {
            let (length, first) = r.columns()?.list(slot)?;
            T::expand_slots(length, first, r)
        })
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let again = |r: &mut Reader<'_, 'de>| Self::adapt(plan, r);
        r.nested::<T, _>(again, |r| {
            let (length, element) = r.begin_sequence(plan, T::def)?;
            if let Some(first) = element.native_slot(r) {
                return T::expand_slots(length, first, r);
            }
            if element.is_native() {
                return expand_elements(length, r);
            }
            r.allocate(length, size_of::<T>())?;
            let mut elements = Vec::with_capacity(r.ahead(length, size_of::<T>()));
            for index in 0..length {
                elements.push(
                    element.element(index).value(r).map_err(|error| error.in_element(index))?,
                );
            }
            r.end_list();
            Ok(elements)
        })
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}

/// The elements of a list that has begun.
#[inline]
fn expand_elements<'de, T: Expand<'de>>(
    length: usize,
    r: &mut Reader<'_, 'de>,
) -> Result<Vec<T>, Error> {
    if r.is_outside() { expand_outside(length, r) } else { T::expand_elements(length, r) }
}

#[cold]
fn expand_outside<'de, T: Expand<'de>>(
    length: usize,
    r: &mut Reader<'_, 'de>,
) -> Result<Vec<T>, Error> {
    let elements = T::expand_outside(length, r)?;
    r.end_list();
    Ok(elements)
}

owned_pointee! { [T: Expand<'de>] [T], Vec<T>, T::collect; }
