//! `Box`: stored as what it holds.

use crate::column::{Column, Slot};
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::{Expand, Pointee};
use crate::program::{PartDef, TypeDef};
use crate::read::{Collect, Native, Plan, Reader};
use crate::reduce::Reduce;
use crate::stack;
use crate::write::{Columns, Writer};
use alloc::boxed::Box;

impl<T: Describe + ?Sized> Describe for Box<T> {
    fn def() -> &'static TypeDef {
        T::def()
    }

    const PART: PartDef = T::PART;
}

impl<T: Reduce + ?Sized> Reduce for Box<T> {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        w.nested(self, |w| (**self).reduce(w))
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
        r.nested::<(), _>(|r| elsewhere(Plan::IN_ROWS, r), |r| T::expand_box(Native, r))
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        if r.enter_with(0)? {
            return elsewhere(plan, r);
        }
        let value = T::expand_box(plan, r)?;
        r.budget.leave();
        Ok(value)
    }

    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::adapt(Plan::native_in(slot), r)
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect_below(c);
    }
}

/// The value is read on another stack.
#[cold]
#[inline(never)]
fn elsewhere<'de, T: Pointee<'de> + ?Sized>(
    plan: Plan,
    r: &mut Reader<'_, 'de>,
) -> Result<Box<T>, Error> {
    stack::elsewhere(0, || Box::adapt(plan, r))
}
