//! Rows side by side of a list: whether the column of a field is there, and has the rows, is looked at once for all of
//! them.

use super::{Columns, NONE, Opened, astray};
use crate::column::{Column, Slot};
use crate::error::Error;
use crate::expand::{Expand, place};
use crate::read::Reader;
use alloc::vec::Vec;

/// So many rows of a column.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'c, 'de> {
    columns: &'c Columns<'de>,
    first: Slot,
    count: usize,
}

/// The elements of a list in columns.
#[inline(always)]
pub fn each_row<'de, T: Expand<'de>>(
    count: usize,
    first: Slot,
    r: &mut Reader<'_, 'de>,
) -> Result<Vec<T>, Error> {
    r.allocate(count, size_of::<T>())?;
    let mut elements = Vec::with_capacity(count);
    // Of what has no rows there may be no column.
    if count > 0 {
        let columns = r.shared_columns()?;
        let mut value = T::expand_rows::<false>(Rows { columns: &columns, first, count })?;
        for row in 0..count {
            match value(row, r) {
                Ok(element) => place(element, &mut elements)?,
                Err(error) => return Err(error.in_element(row)),
            }
        }
    }
    Ok(elements)
}

/// What a column has of a row. There is no other that it is asked for: an error, that never is, would be looked at by all
/// that the value goes through, and keep small records from being put into the loop over the rows.
#[inline(always)]
pub fn of_row<W: Copy + Default>(words: &[W], row: usize) -> W {
    words.get(row).copied().unwrap_or_default()
}

/// What a column has of so many rows, of which `words` begin with the first.
#[inline(always)]
fn of_rows<W>(words: &[W], count: usize) -> Result<&[W], Error> {
    // The compiler knows by this how many they are: a row below `count` needs no look.
    words.get(..count).ok_or_else(astray)
}

/// The accessors of numbers and texts.
macro_rules! words {
    ($($rows:ident $from:ident $word:ty, $variant:ident;)*) => {
        impl<'c, 'de> Rows<'c, 'de> {$(
            #[inline(always)]
            pub(crate) fn $rows(self) -> Result<&'c [$word], Error> {
                of_rows(self.columns.$from(self.first.column, self.first.row), self.count)
            }
        )*}

        impl<'de> Columns<'de> {$(
            /// What a column has from a row on: nothing, where it is another one.
            #[inline(never)]
            fn $from(&self, column: Column, row: u32) -> &[$word] {
                match self.opened.get(column.at()) {
                    Some(Opened::$variant(words)) => from_row(words, row),
                    _ => &[],
                }
            }
        )*}
    };
}

words! {
    w8 w8_from u8, W8;
    w16 w16_from u16, W16;
    w32 w32_from u32, W32;
    w64 w64_from u64, W64;
    w128 w128_from u128, W128;
    strs strs_from &'de str, Strs;
}

impl<'c, 'de> Rows<'c, 'de> {
    /// The slot of the value in one of them.
    #[inline(always)]
    pub(crate) fn slot(self, row: usize) -> Slot {
        self.first.in_row(row)
    }

    /// So many rows of another column.
    #[inline(always)]
    fn of(self, first: Slot, count: usize) -> Self {
        Rows { first, count, ..self }
    }

    /// The first parts of records.
    #[inline(always)]
    pub fn parts(self) -> Result<Self, Error> {
        Ok(self.of(self.columns.parts(self.first)?, self.count))
    }

    /// Other parts of theirs, by those.
    #[inline(always)]
    pub fn part(self, index: usize) -> Self {
        self.of(self.first.column.behind(index).slot(self.first.row), self.count)
    }

    /// The numbers of the variants of an enum that has few.
    #[inline(always)]
    pub fn variants(self) -> Result<&'c [u8], Error> {
        of_rows(self.columns.variants_from(self.first.column, self.first.row), self.count)
    }

    /// `u8`s, which may be some of those in lists of bytes.
    #[inline(always)]
    pub(crate) fn bytes(self) -> Result<&'c [u8], Error> {
        of_rows(self.columns.bytes_from(self.first.column, self.first.row), self.count)
    }

    /// The elements of arrays that have `length` of them.
    #[inline(always)]
    pub(crate) fn elements(self, length: usize) -> Result<Self, Error> {
        match (self.columns.array(self.first)?, self.count.checked_mul(length)) {
            ((ours, first), Some(count)) if ours == length => Ok(self.of(first, count)),
            _ => Err(astray()),
        }
    }

    /// For each option the row of what it holds, or [`NONE`]; and all that is held, of which the first is in a row of
    /// its own. Nothing, where nothing is held: there may be no column of it.
    #[inline(always)]
    pub(crate) fn options(self) -> Result<(&'c [u32], Option<Self>), Error> {
        let (places, held) = self.columns.options_from(self.first, self.count)?;
        let held = held.map(|(first, count)| self.of(first, count));
        Ok((of_rows(places, self.count)?, held))
    }

    /// The row of the first one.
    #[inline(always)]
    pub(crate) fn row(self) -> u32 {
        self.first.row
    }

    /// Lists. None where those of bytes are in a dictionary.
    #[inline(always)]
    pub(crate) fn lists(self) -> Result<Option<Lists<'c, 'de>>, Error> {
        let Some((starts, element)) = self.columns.lists_from(self.first) else { return Ok(None) };
        let ends = of_rows(starts.get(1..).unwrap_or_default(), self.count)?;
        let starts = of_rows(starts, self.count)?;
        let (first, end) = (starts.first().copied(), ends.last().copied());
        let (first, end) = (first.unwrap_or_default(), end.unwrap_or_default());
        let elements = self.of(element.slot(first), end.saturating_sub(first) as usize);
        Ok(Some(Lists { starts, ends, elements }))
    }

    #[inline(always)]
    pub(crate) fn is_empty(self) -> bool {
        self.count == 0
    }
}

/// Lists side by side, and the elements of them all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lists<'c, 'de> {
    starts: &'c [u32],
    ends: &'c [u32],
    elements: Rows<'c, 'de>,
}

impl<'c, 'de> Lists<'c, 'de> {
    #[inline(always)]
    pub(crate) fn elements(&self) -> Rows<'c, 'de> {
        self.elements
    }

    /// The first of the elements that the list of a row has, and how many it has.
    #[inline(always)]
    pub(crate) fn of_row(&self, row: usize) -> (usize, usize) {
        let (start, end) = (of_row(self.starts, row), of_row(self.ends, row));
        // They do not fall.
        let from = start.wrapping_sub(self.elements.row());
        (from as usize, end.wrapping_sub(start) as usize)
    }
}

impl<'de> Columns<'de> {
    #[inline(never)]
    fn bytes_from(&self, column: Column, row: u32) -> &[u8] {
        match self.opened.get(column.at()) {
            Some(Opened::W8(words)) => from_row(words, row),
            Some(
                Opened::Bytes { bytes, .. }
                | Opened::BytesFew { bytes, .. }
                | Opened::BytesMany { bytes, .. },
            ) => from_row(bytes, row),
            _ => &[],
        }
    }

    #[inline(never)]
    fn variants_from(&self, column: Column, row: u32) -> &[u8] {
        match self.opened.get(column.at()) {
            Some(Opened::Enum { variants, .. }) => from_row(variants, row),
            _ => &[],
        }
    }

    #[inline(never)]
    #[allow(clippy::type_complexity)] // as one looks at it
    fn options_from(
        &self,
        first: Slot,
        count: usize,
    ) -> Result<(&[u32], Option<(Slot, usize)>), Error> {
        let Some(Opened::Option { places, inner }) = self.opened.get(first.column.at()) else {
            return Err(astray());
        };
        let places = of_rows(from_row(places, first.row), count)?;
        let is_held = |place: &&u32| **place != NONE;
        // They rise.
        let (low, high) = (places.iter().find(is_held), places.iter().rfind(is_held));
        let held = low.zip(high).map(|(low, high)| {
            (inner.slot(*low), (high.wrapping_sub(*low) as usize).saturating_add(1))
        });
        Ok((places, held))
    }

    #[inline(never)]
    fn lists_from(&self, first: Slot) -> Option<(&[u32], Column)> {
        match self.opened.get(first.column.at()) {
            Some(Opened::List { starts, element }) => Some((from_row(starts, first.row), *element)),
            _ => None,
        }
    }
}

#[inline(always)]
fn from_row<W>(words: &[W], first: u32) -> &[W] {
    words.get(first as usize..).unwrap_or_default()
}
