//! A list in columns: opened whole, and handed out by rows.
//!
//! All blocks of a list are decoded and checked when it begins (`open`): whatever is asked of a row afterwards is there. A
//! [`Slot`] is one value; types of ours read it natively (`slot`).

mod slot;

use crate::column::{Column, Slot};
use crate::error::{Error, ErrorKind};
use crate::read::Reader;
use alloc::vec::Vec;

pub use slot::SlotFields;

/// The columns of the list that is read.
#[derive(Debug, Default)]
pub(crate) struct Columns<'de> {
    pub(super) opened: Vec<Opened<'de>>,
    /// The values of all columns by their width. A list's ends, an option's and a variant's places are among those of 32 bits.
    pub(super) w8: Vec<u8>,
    pub(super) w16: Vec<u16>,
    pub(super) w32: Vec<u32>,
    pub(super) w64: Vec<u64>,
    pub(super) w128: Vec<u128>,
}

/// One column, open. `at` is where its values begin among those of their width.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Opened<'de> {
    /// The stream has none: a field that it lacks.
    Absent,
    Unit {
        rows: u32,
    },
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
    /// Texts one after the other: where each ends in `text`.
    Str {
        text: &'de str,
        ends: usize,
        rows: u32,
    },
    Bytes {
        text: &'de [u8],
        ends: usize,
        rows: u32,
    },
    /// Texts of which there are few: which one each row has, from `entries` on in the list of those.
    StrOf {
        text: &'de str,
        ends: usize,
        entries: u32,
        which: usize,
        rows: u32,
    },
    BytesOf {
        text: &'de [u8],
        ends: usize,
        entries: u32,
        which: usize,
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
    /// For each row its variant (a word of 32 bits), and its row in the columns of that one.
    Enum {
        variants: usize,
        places: usize,
        first: Column,
        count: u32,
        rows: u32,
    },
    /// Where each row's elements end in their column; they begin where those of the row before end.
    List {
        ends: usize,
        element: Column,
        rows: u32,
    },
    Map {
        ends: usize,
        key: Column,
        rows: u32,
    },
}

/// In the place of a row: there is no value.
pub(crate) const NONE: u32 = u32::MAX;

impl<'de> Columns<'de> {
    #[inline(always)]
    fn opened(&self, column: Column) -> Result<Opened<'de>, Error> {
        self.opened.get(column.at()).copied().ok_or_else(astray)
    }

    /// Whether the stream has the column.
    #[inline(always)]
    pub(crate) fn has(&self, column: Column) -> bool {
        !matches!(self.opened.get(column.at()), None | Some(Opened::Absent))
    }

    #[inline(always)]
    pub(crate) fn w8(&self, slot: Slot) -> Result<u8, Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::W8 { at, rows }) if slot.row < *rows => word(&self.w8, *at, slot.row),
            _ => Err(astray()),
        }
    }

    #[inline(always)]
    pub(crate) fn w16(&self, slot: Slot) -> Result<u16, Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::W16 { at, rows }) if slot.row < *rows => word(&self.w16, *at, slot.row),
            _ => Err(astray()),
        }
    }

    #[inline(always)]
    pub(crate) fn w32(&self, slot: Slot) -> Result<u32, Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::W32 { at, rows }) if slot.row < *rows => word(&self.w32, *at, slot.row),
            _ => Err(astray()),
        }
    }

    #[inline(always)]
    pub(crate) fn w64(&self, slot: Slot) -> Result<u64, Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::W64 { at, rows }) if slot.row < *rows => word(&self.w64, *at, slot.row),
            _ => Err(astray()),
        }
    }

    #[inline(always)]
    pub(crate) fn w128(&self, slot: Slot) -> Result<u128, Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::W128 { at, rows }) if slot.row < *rows => word(&self.w128, *at, slot.row),
            _ => Err(astray()),
        }
    }

    #[inline]
    pub(crate) fn str(&self, slot: Slot) -> Result<&'de str, Error> {
        let text = match self.opened(slot.column)? {
            Opened::Str { text, ends, rows } if slot.row < rows => {
                let (start, end) = self.span(ends, slot.row)?;
                text.get(start..end)
            }
            Opened::StrOf { text, ends, entries, which, rows } if slot.row < rows => {
                let entry: u32 = word(&self.w8, which, slot.row)?.into();
                let (start, end) =
                    self.span(ends, entry).ok().filter(|_| entry < entries).ok_or_else(astray)?;
                text.get(start..end)
            }
            _ => None,
        };
        text.ok_or_else(astray)
    }

    #[inline]
    pub(crate) fn bytes(&self, slot: Slot) -> Result<&'de [u8], Error> {
        let text = match self.opened(slot.column)? {
            Opened::Bytes { text, ends, rows } if slot.row < rows => {
                let (start, end) = self.span(ends, slot.row)?;
                text.get(start..end)
            }
            Opened::BytesOf { text, ends, entries, which, rows } if slot.row < rows => {
                let entry: u32 = word(&self.w8, which, slot.row)?.into();
                let (start, end) =
                    self.span(ends, entry).ok().filter(|_| entry < entries).ok_or_else(astray)?;
                text.get(start..end)
            }
            _ => None,
        };
        text.ok_or_else(astray)
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
                Ok((usize::try_from(*length).map_err(|_| astray())?, element.slot(row)))
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
            Some(Opened::Enum { variants, places, first, count, rows }) if slot.row < *rows => {
                let variant = word(&self.w32, *variants, slot.row)?;
                let place = word(&self.w32, *places, slot.row)?;
                if variant >= *count {
                    return Err(astray());
                }
                let column = first.behind(usize::try_from(variant).map_err(|_| astray())?);
                Ok((variant, column.slot(place)))
            }
            _ => Err(astray()),
        }
    }

    /// How many elements a list has, and the first of them; the others are in the rows behind it.
    #[inline]
    pub(crate) fn list(&self, slot: Slot) -> Result<(usize, Slot), Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::List { ends, element, rows }) if slot.row < *rows => {
                self.elements(*ends, *element, slot.row)
            }
            _ => Err(astray()),
        }
    }

    /// As [`list`](Self::list), of a map's keys; the values are in the same rows of the next column.
    #[inline]
    pub(crate) fn map(&self, slot: Slot) -> Result<(usize, Slot), Error> {
        match self.opened.get(slot.column.at()) {
            Some(Opened::Map { ends, key, rows }) if slot.row < *rows => {
                self.elements(*ends, *key, slot.row)
            }
            _ => Err(astray()),
        }
    }

    #[inline]
    fn elements(&self, ends: usize, of: Column, row: u32) -> Result<(usize, Slot), Error> {
        let (start, end) = self.span(ends, row)?;
        let count = end.checked_sub(start).ok_or_else(astray)?;
        Ok((count, of.slot(u32::try_from(start).map_err(|_| astray())?)))
    }

    /// Where what a row has begins and ends.
    #[inline(always)]
    fn span(&self, ends: usize, row: u32) -> Result<(usize, usize), Error> {
        let end = word(&self.w32, ends, row)?;
        let start = match row.checked_sub(1) {
            Some(before) => word(&self.w32, ends, before)?,
            None => 0,
        };
        Ok((
            usize::try_from(start).map_err(|_| astray())?,
            usize::try_from(end).map_err(|_| astray())?,
        ))
    }
}

#[inline(always)]
fn word<W: Copy>(words: &[W], at: usize, row: u32) -> Result<W, Error> {
    let place = usize::try_from(row).ok().and_then(|row| at.checked_add(row));
    place.and_then(|place| words.get(place)).copied().ok_or_else(astray)
}

/// A column has another shape than its layout says, or lacks a row that it was opened with: neither comes of any bytes.
#[cold]
pub(super) fn astray() -> Error {
    Error::new(ErrorKind::Malformed, "a column does not have what its layout says")
}

impl<'de> Reader<'_, 'de> {
    /// The columns of the list that is read.
    #[inline(always)]
    pub(crate) fn columns(&self) -> Result<&Columns<'de>, Error> {
        self.columns.as_deref().ok_or_else(astray)
    }
}
