//! A list in columns: opened whole, and handed out by rows.
//!
//! All blocks of a list are decoded and checked when it begins (`open`): whatever is asked of a row afterwards is there. A
//! [`Slot`] is one value; types of ours read it natively (`slot`).

mod begin;
mod open;
mod pass;
mod slot;
#[cfg(test)]
mod tests;
mod turn;
mod untyped;

use crate::block::TextArena;
use crate::column::{Column, Slot};
use crate::error::{Error, ErrorKind};
use crate::read::Reader;
use alloc::vec::Vec;

pub(crate) use pass::pass;
pub(crate) use untyped::{blocks, ended};

/// The columns of the list that is read. Kept, with what it has allocated, for the next one.
#[derive(Debug, Default)]
pub(crate) struct Columns<'de> {
    pub(super) opened: Vec<Opened<'de>>,
    /// The values of all columns by their width. Where a list's elements begin, and the places of options and of variants, are
    /// among those of 32 bits.
    w8: Vec<u8>,
    w16: Vec<u16>,
    w32: Vec<u32>,
    w64: Vec<u64>,
    w128: Vec<u128>,
    texts: TextArena,
    /// The texts of dictionaries.
    strs: Vec<&'de str>,
    /// Which rows of an option hold something; how many rows a variant has. Used while a column is opened.
    flags: Vec<u8>,
    counts: Vec<u32>,
    /// Records around columns of the layout, which it has none of.
    around: Vec<(Column, Column)>,
}

/// One column, open. `at` is where its values begin among those of their width.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Opened<'de> {
    /// The stream has none, or nobody wants it.
    Absent,
    Unit,
    W8 {
        at: usize,
        rows: u32,
    },
    W16 {
        at: usize,
        rows: u32,
    },
    W32 {
        at: usize,
        rows: u32,
    },
    W64 {
        at: usize,
        rows: u32,
    },
    W128 {
        at: usize,
        rows: u32,
    },
    /// Texts one after the other, and where each begins in them.
    Str {
        text: &'de str,
        starts: usize,
        rows: u32,
    },
    /// Texts of which there are few: which one each row has, of those from `texts` on.
    StrOf {
        texts: usize,
        which: Which,
        rows: u32,
    },
    /// Lists of bytes. Those in them are the rows of this same column, by their places in `bytes`.
    Bytes {
        bytes: &'de [u8],
        starts: usize,
        rows: u32,
    },
    BytesOf {
        bytes: &'de [u8],
        starts: usize,
        which: Which,
        rows: u32,
    },
    Record {
        first: Column,
        rows: u32,
    },
    Array {
        element: Column,
        length: u32,
        rows: u32,
    },
    /// For each row its row in the column of values, or `NONE`.
    Option {
        places: usize,
        inner: Column,
        rows: u32,
    },
    /// For each row its variant (a word of 8 bits, or of 32 where there are `many`), and its row in the columns of that one.
    Enum {
        variants: usize,
        places: usize,
        first: Column,
        many: bool,
        rows: u32,
    },
    /// Where each row's elements begin in their column; they end where those of the next row begin.
    List {
        starts: usize,
        element: Column,
        rows: u32,
    },
    Map {
        starts: usize,
        key: Column,
        rows: u32,
    },
}

/// Which text of a dictionary each row has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which {
    /// Each its own.
    Own,
    Few(usize),
    Many(usize),
}

/// In the place of a row: there is no value.
pub(super) const NONE: u32 = u32::MAX;

/// The accessors of numbers: one, and those of rows side by side.
macro_rules! words {
    ($($one:ident $many:ident $word:ty, $variant:ident;)*) => {$(
        #[inline(always)]
        pub(crate) fn $one(&self, slot: Slot) -> Result<$word, Error> {
            match self.opened.get(slot.column.at()) {
                Some(Opened::$variant { at, rows }) if slot.row < *rows => {
                    word(&self.$one, *at, slot.row)
                }
                _ => Err(astray()),
            }
        }

        /// Those of so many rows, of which the slot is in the first.
        #[inline]
        pub(crate) fn $many(&self, count: usize, first: Slot) -> Result<&[$word], Error> {
            match self.opened.get(first.column.at()) {
                Some(Opened::$variant { at, rows }) => {
                    rows_of(&self.$one, *at, *rows, count, first.row).ok_or_else(astray)
                }
                _ => Err(astray()),
            }
        }
    )*};
}

impl<'de> Columns<'de> {
    #[inline(always)]
    fn opened(&self, column: Column) -> Result<&Opened<'de>, Error> {
        self.opened.get(column.at()).ok_or_else(astray)
    }

    /// Whether the stream has the column.
    #[inline(always)]
    pub(crate) fn has(&self, column: Column) -> bool {
        !matches!(self.opened.get(column.at()), None | Some(Opened::Absent))
    }

    words! {
        w16 w16s u16, W16;
        w32 w32s u32, W32;
        w64 w64s u64, W64;
        w128 w128s u128, W128;
    }

    #[inline(always)]
    pub(crate) fn w8(&self, slot: Slot) -> Result<u8, Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::W8 { at, rows }) if slot.row < *rows => word(&self.w8, *at, slot.row),
            _ => self.listed(1, slot)?.first().copied().ok_or_else(astray),
        }
    }

    /// Those of so many rows, of which the slot is in the first.
    #[inline]
    pub(crate) fn w8s(&self, count: usize, first: Slot) -> Result<&[u8], Error> {
        match self.opened.get(first.column.at()) {
            Some(Opened::W8 { at, rows }) => {
                rows_of(&self.w8, *at, *rows, count, first.row).ok_or_else(astray)
            }
            _ => self.listed(count, first),
        }
    }

    /// So many bytes in the lists of a column, as they lie in the stream.
    pub(crate) fn listed(&self, count: usize, first: Slot) -> Result<&'de [u8], Error> {
        match self.opened(first.column)? {
            Opened::Bytes { bytes, .. } | Opened::BytesOf { bytes, .. } => {
                let place = first.row as usize;
                let end = place.checked_add(count).ok_or_else(astray)?;
                bytes.get(place..end).ok_or_else(astray)
            }
            _ => Err(astray()),
        }
    }

    #[inline]
    pub(crate) fn str(&self, slot: Slot) -> Result<&'de str, Error> {
        let text = match self.opened(slot.column)? {
            Opened::Str { text, starts, rows } if slot.row < *rows => {
                let (start, end) = span(&self.texts.starts, *starts, slot.row)?;
                text.get(start as usize..end as usize)
            }
            Opened::StrOf { texts, which, rows } if slot.row < *rows => {
                let place = texts.checked_add(self.which(*which, slot.row)? as usize);
                place.and_then(|place| self.strs.get(place)).copied()
            }
            _ => None,
        };
        text.ok_or_else(astray)
    }

    #[inline]
    pub(crate) fn bytes(&self, slot: Slot) -> Result<&'de [u8], Error> {
        let (count, first) = self.list(slot)?;
        self.listed(count, first)
    }

    /// Which text of a dictionary a row has.
    #[inline(always)]
    fn which(&self, which: Which, row: u32) -> Result<u32, Error> {
        match which {
            Which::Few(at) => word(&self.texts.few, at, row).map(u32::from),
            Which::Many(at) => word(&self.texts.many, at, row).map(u32::from),
            Which::Own => Ok(row),
        }
    }

    /// The columns of a record's parts begin with this one; they have the record's row.
    #[inline(always)]
    pub(crate) fn parts(&self, slot: Slot) -> Result<Slot, Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::Record { first, rows }) if slot.row < *rows => Ok(first.slot(slot.row)),
            _ => Err(astray()),
        }
    }

    /// The first of an array's elements, which are in the rows behind it too, and how many there are.
    #[inline]
    pub(crate) fn array(&self, slot: Slot) -> Result<(usize, Slot), Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::Array { element, length, rows }) if slot.row < *rows => {
                let row = slot.row.checked_mul(*length).ok_or_else(astray)?;
                Ok((*length as usize, element.slot(row)))
            }
            _ => Err(astray()),
        }
    }

    /// What an option holds.
    #[inline(always)]
    pub(crate) fn option(&self, slot: Slot) -> Result<Option<Slot>, Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::Option { places, inner, rows }) if slot.row < *rows => {
                let place = word(&self.w32, *places, slot.row)?;
                Ok((place != NONE).then(|| inner.slot(place)))
            }
            _ => Err(astray()),
        }
    }

    /// Which variant it is, and the record of its fields.
    #[inline]
    pub(crate) fn variant(&self, slot: Slot) -> Result<(u32, Slot), Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::Enum { variants, places, first, many, rows }) if slot.row < *rows => {
                let variant = if *many {
                    word(&self.w32, *variants, slot.row)?
                } else {
                    word(&self.w8, *variants, slot.row)?.into()
                };
                let place = word(&self.w32, *places, slot.row)?;
                // Every variant has a column: the number was looked at.
                Ok((variant, Column(first.0.saturating_add(variant)).slot(place)))
            }
            _ => Err(astray()),
        }
    }

    /// How many elements a list has, and the first of them; the others are in the rows behind it.
    #[inline]
    pub(crate) fn list(&self, slot: Slot) -> Result<(usize, Slot), Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::List { starts, element, rows }) if slot.row < *rows => {
                elements(&self.w32, *starts, *element, slot.row)
            }
            Some(Opened::Bytes { starts, rows, .. }) if slot.row < *rows => {
                elements(&self.texts.starts, *starts, slot.column, slot.row)
            }
            Some(Opened::BytesOf { starts, which, rows, .. }) if slot.row < *rows => {
                let which = self.which(*which, slot.row)?;
                elements(&self.texts.starts, *starts, slot.column, which)
            }
            _ => Err(astray()),
        }
    }

    /// As [`list`](Self::list), of a map's keys; the values are in the same rows of the next column.
    #[inline]
    pub(crate) fn map(&self, slot: Slot) -> Result<(usize, Slot), Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::Map { starts, key, rows }) if slot.row < *rows => {
                elements(&self.w32, *starts, *key, slot.row)
            }
            _ => Err(astray()),
        }
    }
}

#[inline(always)]
fn word<W: Copy>(words: &[W], at: usize, row: u32) -> Result<W, Error> {
    let place = at.checked_add(row as usize);
    place.and_then(|place| words.get(place)).copied().ok_or_else(astray)
}

/// The words of rows side by side, of a column of so many.
#[inline]
fn rows_of<W>(words: &[W], at: usize, rows: u32, count: usize, first: u32) -> Option<&[W]> {
    let first = first as usize;
    let behind = first.checked_add(count).filter(|behind| *behind <= rows as usize)?;
    words.get(at.checked_add(first)?..at.checked_add(behind)?)
}

/// Where what a row has begins and ends.
#[inline(always)]
fn span(starts: &[u32], at: usize, row: u32) -> Result<(u32, u32), Error> {
    let place = at.checked_add(row as usize);
    match place.and_then(|place| starts.get(place..)).and_then(<[u32]>::first_chunk) {
        Some([start, end]) => Ok((*start, *end)),
        None => Err(astray()),
    }
}

#[inline]
fn elements(starts: &[u32], at: usize, of: Column, row: u32) -> Result<(usize, Slot), Error> {
    let (start, end) = span(starts, at, row)?;
    let count = end.checked_sub(start).ok_or_else(astray)?;
    Ok((count as usize, of.slot(start)))
}

/// A column has another shape than its layout says, or lacks a row that it was opened with: neither comes of any bytes.
#[cold]
pub(crate) fn astray() -> Error {
    Error::new(ErrorKind::Malformed, "a column does not have what its layout says")
}

impl<'de> Reader<'_, 'de> {
    /// The columns of the list that is read.
    #[inline(always)]
    pub(crate) fn columns(&self) -> Result<&Columns<'de>, Error> {
        self.columns.as_deref().ok_or_else(astray)
    }
}
