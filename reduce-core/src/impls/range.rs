//! Ranges: records with the names and fields that they have in Rust; `RangeFull` is one without fields.
//!
//! A `RangeInclusive` that was iterated to its end has bounds without meaning, and cannot be made again from
//! them: dumping it is an error.

use super::shape::next_field;
use crate::__private::reduce_field;
use crate::column::Column;
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::{Field, Fields, PartDef, TypeDef};
use crate::read::{Collect, Mode, Native, ReadFields, Reader};
use crate::reduce::Reduce;
use crate::write::{Columns, Writer, no_place};
use core::ops::{
    Bound, Range, RangeBounds, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive,
};

record! {
    [T] Range<T>, "Range", |range, r| { start: T = range.start, end: T = range.end }
    => Ok(Range { start, end })
}

record! {
    [T] RangeFrom<T>, "RangeFrom", |range, r| { start: T = range.start } => Ok(RangeFrom { start })
}

record! {
    [T] RangeTo<T>, "RangeTo", |range, r| { end: T = range.end } => Ok(RangeTo { end })
}

record! {
    [T] RangeToInclusive<T>, "RangeToInclusive", |range, r| { end: T = range.end }
    => Ok(RangeToInclusive { end })
}

impl Describe for RangeFull {
    fn def() -> &'static TypeDef {
        const { &TypeDef::record::<Self>("RangeFull", Fields::Unit).by_name() }
    }

    const PART: PartDef = PartDef::in_columns(Self::def);
}

impl Reduce for RangeFull {
    #[inline]
    fn reduce(&self, _: &mut Writer<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn reduce_rows(_: &[&Self], _: Column, _: &mut Columns<'_>) -> Result<(), Error> {
        Ok(())
    }
}

impl<'de> Expand<'de> for RangeFull {
    #[inline]
    fn expand(_: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(RangeFull)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        mode.fields(r)?.end(r).map(|()| RangeFull)
    }
}

impl<T: Describe> Describe for RangeInclusive<T> {
    fn def() -> &'static TypeDef {
        const {
            &TypeDef::record::<Self>(
                "RangeInclusive",
                Fields::Named(
                    const { &[Field::part("start", T::PART), Field::part("end", T::PART)] },
                ),
            )
            .by_name()
        }
    }

    const PART: PartDef = PartDef::in_columns(Self::def);
}

impl<T: Reduce> Reduce for RangeInclusive<T> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        if is_exhausted(self) {
            return Err(w.unavailable(
                "the `RangeInclusive` was iterated to its end and has no bounds left; dump it before, or a new one",
            ));
        }
        reduce_field(self.start(), "start", w)?;
        reduce_field(self.end(), "end", w)
    }

    fn reduce_rows(rows: &[&Self], column: Column, columns: &mut Columns<'_>) -> Result<(), Error> {
        if rows.iter().any(|row| is_exhausted(row)) {
            return Err(no_place());
        }
        let (start, end) = (columns.part(column, 0)?, columns.part(column, 1)?);
        T::reduce_column(rows.iter().map(|row| row.start()), start, columns)?;
        T::reduce_column(rows.iter().map(|row| row.end()), end, columns)
    }
}

/// Only an exhausted one excludes its end: this way no comparison of `T` is asked for.
fn is_exhausted<T>(range: &RangeInclusive<T>) -> bool {
    matches!(range.end_bound(), Bound::Excluded(_))
}

impl<'de, T: Expand<'de>> Expand<'de> for RangeInclusive<T> {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::expand_by(Native, r)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let mut fields = mode.fields(r)?;
        let start = next_field(&mut fields, 0, "start", r)?;
        let end = next_field(&mut fields, 1, "end", r)?;
        fields.end(r)?;
        Ok(RangeInclusive::new(start, end))
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}
