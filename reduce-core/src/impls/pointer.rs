//! `Box`: stored as what it holds.

use crate::column::{Column, Slot};
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::{Expand, Pointee};
use crate::program::{PartDef, TypeDef};
use crate::read::{Collect, Native, Plan, Reader};
use crate::reduce::Reduce;
use crate::write::{Columns, Writer};
use alloc::boxed::Box;

impl<T: Describe + ?Sized> Describe for Box<T> {
    fn def() -> &'static TypeDef {
        T::def()
    }

    const PART: PartDef = T::PART;
}

impl<T: Reduce + ?Sized> Reduce for Box<T> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        w.nested(|w| self.reduce(w), |w| (**self).reduce(w))
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

impl<'de, T: Pointee<'de> + ?Sized> Expand<'de> for Box<T> {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        r.nested::<(), _>(Self::expand, |r| T::expand_box(Native, r))
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        r.nested::<(), _>(|r| Self::adapt(plan, r), |r| T::expand_box(plan, r))
    }

    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        r.nested::<(), _>(|r| Self::expand_slot(slot, r), |r| T::expand_box(slot, r))
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect_below(c);
    }
}
