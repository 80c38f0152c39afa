//! `Cow`: borrowed from the stream where the bytes allow, owned otherwise.

use crate::column::{Column, Slot};
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::{PartDef, TypeDef};
use crate::read::{Elements, Mode, Native, Plan, Reader};
use crate::reduce::Reduce;
use crate::write::{Columns, Writer};
use alloc::borrow::{Cow, ToOwned};
use alloc::vec::Vec;

/// What a `Cow` can be loaded of.
#[diagnostic::on_unimplemented(message = "a `Cow<{Self}>` cannot be loaded")]
pub trait Borrowable<'de>: ToOwned {
    /// Reads the value, borrowed if it can be.
    #[doc(hidden)]
    fn expand_cow<'a, M: Mode<'de>>(
        mode: M,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Cow<'a, Self>, Error>
    where
        'de: 'a,
        Self: 'a;
}

impl<T: Describe + ToOwned + ?Sized> Describe for Cow<'_, T> {
    fn def() -> &'static TypeDef {
        T::def()
    }

    const PART: PartDef = T::PART;
}

impl<T: Reduce + ToOwned + ?Sized> Reduce for Cow<'_, T> {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        (**self).reduce(w)
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
        T::reduce_column(values.map(|value| &**value), column, columns)
    }
}

impl<'de: 'a, 'a, T: Borrowable<'de> + Describe + ?Sized> Expand<'de> for Cow<'a, T> {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        T::expand_cow(Native, r)
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        T::expand_cow(plan, r)
    }

    #[inline]
    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        T::expand_cow(slot, r)
    }
}

impl<'de, T: Expand<'de> + Clone> Borrowable<'de> for T {
    fn expand_cow<'a, M: Mode<'de>>(
        mode: M,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Cow<'a, Self>, Error>
    where
        'de: 'a,
        Self: 'a,
    {
        mode.value(r).map(Cow::Owned)
    }
}

impl<'de> Borrowable<'de> for str {
    fn expand_cow<'a, M: Mode<'de>>(
        mode: M,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Cow<'a, Self>, Error>
    where
        'de: 'a,
        Self: 'a,
    {
        mode.value(r).map(Cow::Borrowed)
    }
}

impl<'de, T: Expand<'de> + Clone> Borrowable<'de> for [T] {
    fn expand_cow<'a, M: Mode<'de>>(
        mode: M,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Cow<'a, Self>, Error>
    where
        'de: 'a,
        Self: 'a,
    {
        if let Some(plan) = mode.plan() {
            return Vec::adapt(plan, r).map(Cow::Owned);
        }
        r.nested_here::<T, _>(|r| {
            let list = match mode.slot() {
                None => r.begin_list(T::def)?,
                Some(slot) => {
                    let (length, first) = r.columns()?.list(slot)?;
                    Elements::InColumns(length, first)
                }
            };
            let length = match list {
                Elements::InRows(length) | Elements::Outside(length) => length,
                Elements::InColumns(length, first) => return T::borrow_slots(length, first, r),
            };
            let elements = T::borrow_elements(length, r)?;
            r.end_list();
            Ok(elements)
        })
    }
}
