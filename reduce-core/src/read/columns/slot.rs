//! Reading from a slot natively: the third way in which an expander reads.
//!
//! What the stream lacks of a record is an absent column, so that fields that were added, removed and reordered are read in this
//! way too.

use crate::column::Slot;
use crate::describe::Describe;
use crate::error::{Error, ErrorKind};
use crate::expand::Expand;
use crate::program::DefFn;
use crate::read::adapt::upgrade::{Made, Step};
use crate::read::adapt::{Plan, astray};
use crate::read::mode::{Mode, ReadFields};
use crate::read::unshare::Content;
use crate::read::{Install, Reader};
use crate::unknown::Unknown;
use crate::value::Value;
use alloc::format;
use core::ops::Range;

/// Goes through the fields of a record in columns.
#[derive(Clone, Copy, Debug)]
pub struct SlotFields(Slot);

impl<'de> Mode<'de> for Slot {
    type Fields<'s>
        = SlotFields
    where
        'de: 's;

    #[inline(always)]
    fn plan(self) -> Option<Plan> {
        None
    }

    #[inline(always)]
    fn slot(self) -> Option<Slot> {
        Some(self)
    }

    #[inline(always)]
    fn value<T: Expand<'de>>(self, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        T::expand_slot(self, r)
    }

    #[cold]
    fn by_hand<T: Expand<'de>>(self, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        Err(rows_only(T::def().name(), r))
    }

    #[cold]
    fn dynamic(self, r: &mut Reader<'_, 'de>) -> Result<(), Error> {
        Err(astray(r))
    }

    #[inline]
    fn sequence<T: Describe>(
        self,
        r: &mut Reader<'_, 'de>,
    ) -> Result<(usize, Self, Option<Slot>), Error> {
        r.columns()?.list(self).map(|(length, first)| (length, first, Some(first)))
    }

    #[inline]
    fn entries(self, r: &mut Reader<'_, 'de>) -> Result<(usize, Self, Self), Error> {
        let (count, key) = r.columns()?.map(self)?;
        Ok((count, key, key.column.behind(1).slot(key.row)))
    }

    #[inline(always)]
    fn element(self, index: usize) -> Self {
        self.in_row(index)
    }

    #[inline(always)]
    fn part(self, index: usize, r: &Reader<'_, 'de>) -> Result<Self, Error> {
        let first = r.columns()?.parts(self)?;
        Ok(first.column.behind(index).slot(first.row))
    }

    #[cold]
    fn kept<T: Expand<'de>>(self, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        Err(astray(r))
    }

    #[cold]
    fn queued<T: Expand<'de> + 'static>(
        self,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Install<T>, Error> {
        Err(astray(r))
    }

    #[cold]
    fn reads(self, _: DefFn, _: Content, _: &mut Reader<'_, 'de>) -> bool {
        false
    }

    #[cold]
    fn content(self, ours: DefFn, _: &Reader<'_, 'de>) -> Content {
        Content::ours(ours)
    }

    #[inline(always)]
    fn fields<'s>(self, r: &mut Reader<'s, 'de>) -> Result<SlotFields, Error> {
        r.columns()?.parts(self).map(SlotFields)
    }

    #[inline(always)]
    fn no_fields(self, _: &mut Reader<'_, 'de>) -> Result<(), Error> {
        Ok(())
    }

    #[inline(always)]
    fn upgraded<'s>(self, _: &[Step<'_>], r: &mut Reader<'s, 'de>) -> Result<SlotFields, Error> {
        // Records of an earlier version are read by a plan.
        self.fields(r)
    }

    #[cold]
    fn state<'s>(self, r: &mut Reader<'s, 'de>) -> Result<SlotFields, Error> {
        Err(astray(r))
    }

    #[cold]
    fn other(self, r: &mut Reader<'_, 'de>) -> Result<Value, Error> {
        Err(astray(r))
    }

    #[inline]
    fn variant(
        self,
        _: &'static str,
        count: u32,
        r: &mut Reader<'_, 'de>,
    ) -> Result<(u32, Self), Error> {
        match r.columns()?.variant(self)? {
            (variant, fields) if variant < count => Ok((variant, fields)),
            _ => Err(astray(r)),
        }
    }
}

impl<'de> ReadFields<'de> for SlotFields {
    type Mode = Slot;

    #[inline(always)]
    fn find(&mut self, index: usize, r: &mut Reader<'_, 'de>) -> Result<Option<Slot>, Error> {
        let column = self.0.column.behind(index);
        Ok(r.columns()?.has(column).then(|| column.slot(self.0.row)))
    }

    #[inline(always)]
    fn need(&mut self, index: usize, _: &mut Reader<'_, 'de>) -> Result<Slot, Error> {
        // One that the stream lacks is read by a plan, which has the error for it.
        Ok(self.0.column.behind(index).slot(self.0.row))
    }

    #[inline(always)]
    fn conversion(&mut self, _: usize, _: &mut Reader<'_, 'de>) -> Result<usize, Error> {
        Ok(0)
    }

    #[cold]
    fn unknown(&mut self, r: &mut Reader<'_, 'de>) -> Result<Unknown, Error> {
        Err(astray(r))
    }

    #[inline(always)]
    fn made(&mut self, _: usize, _: &mut Reader<'_, 'de>) -> Result<Option<Made>, Error> {
        Ok(None)
    }

    #[inline(always)]
    fn end(&mut self, _: &mut Reader<'_, 'de>) -> Result<(), Error> {
        Ok(())
    }
}

impl Slot {
    /// So many rows further.
    #[inline(always)]
    pub(crate) fn in_row(self, index: usize) -> Self {
        // Beyond the last row of a column nothing is found.
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        self.column.slot(self.row.saturating_add(index))
    }

    /// So many rows, of which this is the first.
    #[inline]
    pub(crate) fn rows(self, count: usize) -> Result<Range<u32>, Error> {
        let end = u32::try_from(count).ok().and_then(|count| self.row.checked_add(count));
        end.map(|end| self.row..end).ok_or_else(super::astray)
    }
}

/// The program is that of the type, and so its expander should read what it cannot.
#[cold]
fn rows_only(name: Option<&str>, r: &Reader<'_, '_>) -> Error {
    let name = name.map_or("a type".into(), |name| format!("`{name}`"));
    r.input.error(
        ErrorKind::Unsupported,
        format!(
            "the list lies in columns, and {name} in it has an expander that is written by hand, which reads rows alone; \
             derive `Expand` for it, or load a type that derives it and convert"
        ),
    )
}
