//! A list in columns: opened whole, and handed out by rows.
//!
//! All blocks of a list are decoded and checked when it begins (`open`): whatever is asked of a row afterwards is there. A
//! [`Slot`] is one value; types of ours read it natively (`slot`), and those that are made of their parts alone read the rows
//! of a list together (`rows`).

mod begin;
mod open;
mod pass;
mod rows;
mod slot;
mod spare;
#[cfg(test)]
mod tests;
mod turn;
mod untyped;

use crate::block::TextArena;
use crate::column::{Column, Slot};
use crate::error::{Error, ErrorKind};
use crate::read::Reader;
use alloc::rc::Rc;
use alloc::vec::Vec;
use spare::Spare;

pub(crate) use pass::pass;
pub use rows::{Rows, each_row, of_row};
pub(crate) use spare::{keep, kept};
pub(crate) use untyped::{blocks, ended};

/// The columns of the list that is read. Kept, with some of what it has allocated, for the next one.
#[derive(Debug, Default)]
pub(crate) struct Columns<'de> {
    pub(super) opened: Vec<Opened<'de>>,
    spare: Spare<'de>,
    /// Which rows of an option hold something; how many rows a variant has. Used while a column is opened.
    flags: Vec<u8>,
    counts: Vec<u32>,
    /// How long texts are, and which of a dictionary. Used likewise.
    lengths: TextArena,
    /// Records around columns of the layout, which it has none of.
    around: Vec<(Column, Column)>,
}

/// One column, open: what its rows have is by itself, so that one look says that a row is there and where.
#[derive(Debug)]
pub(crate) enum Opened<'de> {
    /// The stream has none, or nobody wants it.
    Absent,
    Unit,
    W8(Vec<u8>),
    W16(Vec<u16>),
    W32(Vec<u32>),
    W64(Vec<u64>),
    W128(Vec<u128>),
    Strs(Vec<&'de str>),
    /// Lists of bytes. Those in them are the rows of this same column, by their places in `bytes`.
    Bytes {
        bytes: &'de [u8],
        starts: Vec<u32>,
    },
    BytesFew {
        bytes: &'de [u8],
        starts: Vec<u32>,
        which: Vec<u8>,
    },
    BytesMany {
        bytes: &'de [u8],
        starts: Vec<u32>,
        which: Vec<u16>,
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
        places: Vec<u32>,
        inner: Column,
    },
    /// For each row its variant, and its row in the columns of that one.
    Enum {
        variants: Vec<u8>,
        places: Vec<u32>,
        first: Column,
    },
    /// The same, of more variants than a byte counts.
    LargeEnum {
        variants: Vec<u32>,
        places: Vec<u32>,
        first: Column,
    },
    /// Where each row's elements begin in their column, and where the last one's end.
    List {
        starts: Vec<u32>,
        element: Column,
    },
    Map {
        starts: Vec<u32>,
        key: Column,
    },
}

/// In the place of a row: there is no value.
pub(crate) const NONE: u32 = u32::MAX;

/// The accessors of numbers: one, and those of rows side by side.
macro_rules! words {
    ($($one:ident $many:ident $word:ty, $variant:ident;)*) => {$(
        #[inline(always)]
        pub(crate) fn $one(&self, slot: Slot) -> Result<$word, Error> {
            match self.opened.get(slot.column.at()) {
                Some(Opened::$variant(words)) => in_row(words, slot.row),
                _ => Err(astray()),
            }
        }

        /// Those of so many rows, of which the slot is in the first.
        #[inline]
        pub(crate) fn $many(&self, count: usize, first: Slot) -> Result<&[$word], Error> {
            match self.opened.get(first.column.at()) {
                Some(Opened::$variant(words)) => of_rows(words, count, first.row),
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
        w8 w8s u8, W8;
        w16 w16s u16, W16;
        w32 w32s u32, W32;
        w64 w64s u64, W64;
        w128 w128s u128, W128;
    }

    /// A `u8`, which may be one of those in a list of bytes.
    #[inline(always)]
    pub(crate) fn byte(&self, slot: Slot) -> Result<u8, Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::W8(words)) => in_row(words, slot.row),
            _ => self.listed_byte(slot),
        }
    }

    #[cold]
    #[inline(never)]
    fn listed_byte(&self, slot: Slot) -> Result<u8, Error> {
        self.listed(1, slot)?.first().copied().ok_or_else(astray)
    }

    /// Those of so many rows, of which the slot is in the first.
    #[inline]
    pub(crate) fn bytes_of(&self, count: usize, first: Slot) -> Result<&[u8], Error> {
        match self.opened.get(first.column.at()) {
            Some(Opened::W8(words)) => of_rows(words, count, first.row),
            _ => self.listed(count, first),
        }
    }

    /// So many bytes in the lists of a column, as they lie in the stream.
    pub(crate) fn listed(&self, count: usize, first: Slot) -> Result<&'de [u8], Error> {
        match self.opened(first.column)? {
            Opened::Bytes { bytes, .. }
            | Opened::BytesFew { bytes, .. }
            | Opened::BytesMany { bytes, .. } => of_rows(bytes, count, first.row),
            _ => Err(astray()),
        }
    }

    #[inline(always)]
    pub(crate) fn str(&self, slot: Slot) -> Result<&'de str, Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::Strs(texts)) => in_row(texts, slot.row),
            _ => Err(astray()),
        }
    }

    /// The texts of so many rows, of which the slot is in the first.
    pub(crate) fn strs(&self, count: usize, first: Slot) -> Result<&[&'de str], Error> {
        match self.opened(first.column)? {
            Opened::Strs(texts) => of_rows(texts, count, first.row),
            _ => Err(astray()),
        }
    }

    #[inline]
    pub(crate) fn bytes(&self, slot: Slot) -> Result<&'de [u8], Error> {
        let (count, first) = self.list(slot)?;
        self.listed(count, first)
    }

    /// The columns of a record's parts begin with this one; they have the record's row.
    #[inline(always)]
    pub(crate) fn parts(&self, slot: Slot) -> Result<Slot, Error> {
        match self.opened.get(slot.column.at()) {
            // The row is looked for in the parts.
            Some(Opened::Record { first, .. }) => Ok(first.slot(slot.row)),
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
            Some(Opened::Option { places, inner }) => {
                let place = in_row(places, slot.row)?;
                Ok((place != NONE).then(|| inner.slot(place)))
            }
            _ => Err(astray()),
        }
    }

    /// Which variant it is, and the record of its fields.
    #[inline]
    pub(crate) fn variant(&self, slot: Slot) -> Result<(u32, Slot), Error> {
        let (variant, places, first) = match self.opened(slot.column)? {
            Opened::Enum { variants, places, first } => {
                (in_row(variants, slot.row)?.into(), places, first)
            }
            Opened::LargeEnum { variants, places, first } => {
                (in_row(variants, slot.row)?, places, first)
            }
            _ => return Err(astray()),
        };
        // Every variant has a column: the number was looked at.
        let column = Column(first.0.wrapping_add(variant));
        Ok((variant, column.slot(in_row(places, slot.row)?)))
    }

    /// How many elements a list has, and the first of them; the others are in the rows behind it.
    #[inline]
    pub(crate) fn list(&self, slot: Slot) -> Result<(usize, Slot), Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::List { starts, element }) => elements(starts, *element, slot.row),
            _ => self.list_of_bytes(slot),
        }
    }

    #[inline(never)]
    fn list_of_bytes(&self, slot: Slot) -> Result<(usize, Slot), Error> {
        match self.opened(slot.column)? {
            Opened::Bytes { starts, .. } => elements(starts, slot.column, slot.row),
            Opened::BytesFew { starts, which, .. } => {
                elements(starts, slot.column, in_row(which, slot.row)?.into())
            }
            Opened::BytesMany { starts, which, .. } => {
                elements(starts, slot.column, in_row(which, slot.row)?.into())
            }
            _ => Err(astray()),
        }
    }

    /// As [`list`](Self::list), of a map's keys; the values are in the same rows of the next column.
    #[inline]
    pub(crate) fn map(&self, slot: Slot) -> Result<(usize, Slot), Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::Map { starts, key }) => elements(starts, *key, slot.row),
            _ => Err(astray()),
        }
    }
}

#[inline(always)]
fn in_row<W: Copy>(words: &[W], row: u32) -> Result<W, Error> {
    words.get(row as usize).copied().ok_or_else(astray)
}

/// What rows side by side have.
#[inline]
fn of_rows<W>(words: &[W], count: usize, first: u32) -> Result<&[W], Error> {
    let behind = words.get(first as usize..).and_then(|behind| behind.get(..count));
    behind.ok_or_else(astray)
}

/// Where what a row has begins and ends.
#[inline(always)]
fn span(starts: &[u32], row: u32) -> Result<(u32, u32), Error> {
    match starts.get(row as usize..).and_then(<[u32]>::first_chunk) {
        Some([start, end]) => Ok((*start, *end)),
        None => Err(astray()),
    }
}

#[inline]
fn elements(starts: &[u32], of: Column, row: u32) -> Result<(usize, Slot), Error> {
    let (start, end) = span(starts, row)?;
    // They do not fall.
    Ok((end.wrapping_sub(start) as usize, of.slot(start)))
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

    /// The same, to be changed: while rows are read natively, nobody does.
    pub(crate) fn columns_mut(&mut self) -> Result<&mut Columns<'de>, Error> {
        self.columns.as_mut().and_then(Rc::get_mut).ok_or_else(astray)
    }

    /// The same, for as long as they are read beside other things.
    #[inline(always)]
    fn shared_columns(&self) -> Result<Rc<Columns<'de>>, Error> {
        self.columns.clone().ok_or_else(astray)
    }
}
