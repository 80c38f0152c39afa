//! `Option`.

use crate::column::{Column, Slot};
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::{PartDef, TypeDef};
use crate::read::adapt::{Node, astray};
use crate::read::columns::{self, NONE, Rows};
use crate::read::{Collect, Mode, Plan, Reader};
use crate::reduce::Reduce;
use crate::write::{CHUNK, Columns, Writer, filled};

impl<T: Describe> Describe for Option<T> {
    fn def() -> &'static TypeDef {
        const { &TypeDef::option::<Self>(T::def).columns(T::PART.columns) }
    }

    const PART: PartDef = PartDef::in_columns(Self::def);
}

impl<T: Reduce> Reduce for Option<T> {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        match self {
            None => {
                w.byte(0);
                Ok(())
            }
            Some(value) => {
                w.byte(1);
                value.reduce(w)
            }
        }
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
        columns.w8(column)?.extend(values.clone().map(|value| u8::from(value.is_some())));
        let inner = columns.inner(column)?;
        let Some(first) = values.clone().find_map(Option::as_ref) else { return Ok(()) };
        // Without a branch on what is there: every place is written, and kept where there is something.
        let mut held = filled(first);
        let mut count = 0usize;
        for value in values {
            // It never is as many: so it is clear that there is one.
            if let Some(place) = held.get_mut(count % CHUNK) {
                *place = value.as_ref().unwrap_or(first);
            }
            count += usize::from(value.is_some());
            if count == CHUNK {
                T::reduce_column(held.iter().copied(), inner, columns)?;
                count = 0;
            }
        }
        let held = held.get(..count).unwrap_or_default();
        T::reduce_column(held.iter().copied(), inner, columns)
    }
}

impl<'de, T: Expand<'de>> Expand<'de> for Option<T> {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        if r.input.option()? { T::expand(r).map(Some) } else { Ok(None) }
    }

    #[inline]
    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        match r.columns()?.option(slot)? {
            Some(value) => T::expand_slot(value, r).map(Some),
            None => Ok(None),
        }
    }

    #[inline(always)]
    fn expand_rows<'c, const WITHIN: bool>(
        rows: Rows<'c, 'de>,
    ) -> Result<impl FnMut(usize, &mut Reader<'_, 'de>) -> Result<Self, Error>, Error> {
        let (places, held) = rows.options()?;
        let from = held.map_or(NONE, Rows::row);
        let mut values = held.map(T::expand_rows::<true>).transpose()?;
        Ok(move |row, r: &mut Reader<'_, 'de>| match places.get(row).copied().unwrap_or(NONE) {
            NONE => Ok(None),
            place => match &mut values {
                Some(values) => values(place.wrapping_sub(from) as usize, r).map(Some),
                None => Err(columns::astray()),
            },
        })
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        match r.plans.node(plan) {
            Node::Some(value) => plan.hand(*value).value(r).map(Some),
            Node::Option(value) => plan.held(*value, r)?.map(|value| value.value(r)).transpose(),
            _ => Err(astray(r)),
        }
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}
