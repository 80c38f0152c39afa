//! The columns of a list while it is dumped: values are gathered some rows at a time, and written when all are there
//! (`put`). Which lists are dumped so is for `list` to say.

mod list;
mod put;
mod spare;
mod words;

use crate::block::TextEncoder;
use crate::column::{Column, Layout, Shape};
use crate::error::{Error, ErrorKind};
use crate::opcode;
use alloc::boxed::Box;
use alloc::vec::Vec;

pub(super) use spare::Spare;
pub(crate) use words::{append_arrays, append_lists};

/// Rows are gathered so many at a time, so that they stay in the cache while one column after the other takes its values.
pub(crate) const CHUNK: usize = 64;

/// The columns of a list, which its elements are added to.
#[derive(Debug)]
pub struct Columns<'l> {
    layout: &'l Layout,
    gathered: Vec<Gathered>,
    /// Nothing that iterates in an order of its own has a place here.
    canonical: bool,
}

/// The values of one column, as its block has them: signed numbers and floats by their bits.
#[derive(Debug, Default)]
pub(super) enum Gathered {
    /// Of what only its parts have values.
    #[default]
    Nothing,
    W8(Vec<u8>),
    W16(Vec<u16>),
    /// The lengths of lists and of maps too.
    W32(Vec<u32>),
    W64(Vec<u64>),
    W128(Vec<u128>),
    Text(Box<TextEncoder>),
}

impl Gathered {
    /// Room for the values of a column that looks like this.
    fn of(shape: Shape) -> Self {
        match shape {
            Shape::Unit | Shape::Record { .. } | Shape::Array { .. } => Gathered::Nothing,
            Shape::Word(code) => match code {
                opcode::BOOL | opcode::U8 | opcode::I8 => Gathered::W8(Vec::new()),
                opcode::U16 | opcode::I16 => Gathered::W16(Vec::new()),
                opcode::U64 | opcode::I64 | opcode::F64 => Gathered::W64(Vec::new()),
                opcode::U128 | opcode::I128 => Gathered::W128(Vec::new()),
                _ => Gathered::W32(Vec::new()),
            },
            Shape::Str | Shape::Bytes => Gathered::Text(Box::default()),
            Shape::Option { .. } => Gathered::W8(Vec::new()),
            Shape::Enum { count, .. } if has_short_tags(count) => Gathered::W8(Vec::new()),
            Shape::Enum { .. } | Shape::List { .. } | Shape::Map { .. } => {
                Gathered::W32(Vec::new())
            }
        }
    }

    /// Forgets the values.
    fn clear(&mut self) {
        match self {
            Gathered::Nothing => {}
            Gathered::W8(words) => words.clear(),
            Gathered::W16(words) => words.clear(),
            Gathered::W32(words) => words.clear(),
            Gathered::W64(words) => words.clear(),
            Gathered::W128(words) => words.clear(),
            Gathered::Text(texts) => texts.clear(),
        }
    }

    /// About how many bytes its values are.
    fn size(&self) -> usize {
        match self {
            Gathered::Nothing => 0,
            Gathered::W8(words) => words.len(),
            Gathered::W16(words) => words.len().saturating_mul(2),
            Gathered::W32(words) => words.len().saturating_mul(4),
            Gathered::W64(words) => words.len().saturating_mul(8),
            Gathered::W128(words) => words.len().saturating_mul(16),
            Gathered::Text(texts) => texts.len().saturating_mul(16),
        }
    }

    /// The bytes of memory that it holds, those of texts aside.
    #[cfg(feature = "std")]
    fn bytes(&self) -> usize {
        match self {
            Gathered::Nothing | Gathered::Text(_) => 0,
            Gathered::W8(words) => words.capacity(),
            Gathered::W16(words) => words.capacity().saturating_mul(2),
            Gathered::W32(words) => words.capacity().saturating_mul(4),
            Gathered::W64(words) => words.capacity().saturating_mul(8),
            Gathered::W128(words) => words.capacity().saturating_mul(16),
        }
    }
}

/// Whether the numbers of so many variants are bytes.
pub(crate) fn has_short_tags(variants: u32) -> bool {
    variants <= 256
}

/// The values of a column of this width.
macro_rules! words {
    ($($name:ident $width:ident $word:ident)*) => {$(
        #[inline]
        pub(crate) fn $name(&mut self, column: Column) -> Result<&mut Vec<$word>, Error> {
            match self.gathered.get_mut(column.at()) {
                Some(Gathered::$width(words)) => Ok(words),
                _ => Err(by_hand()),
            }
        }
    )*};
}

impl<'l> Columns<'l> {
    words! { w8 W8 u8 w16 W16 u16 w32 W32 u32 w64 W64 u64 w128 W128 u128 }

    /// Adds texts, or lists of bytes.
    #[inline]
    pub(crate) fn texts<'a>(
        &mut self,
        column: Column,
        texts: impl Iterator<Item = &'a [u8]>,
    ) -> Result<(), Error> {
        match self.gathered.get_mut(column.at()) {
            Some(Gathered::Text(encoder)) => {
                encoder.extend(texts);
                Ok(())
            }
            _ => Err(by_hand()),
        }
    }

    /// About how many bytes its values will take.
    fn size(&self) -> usize {
        // Packed: about half of what they take here.
        self.gathered.iter().fold(0, |sum: usize, column| sum.saturating_add(column.size() / 2))
    }

    /// The column of a record's first part: [`Column::part`] is that of the others.
    #[inline]
    pub fn first_part(&self, of: Column) -> Result<Column, Error> {
        match self.layout.shape(of) {
            Some(Shape::Record { first, .. }) => Ok(first),
            _ => Err(by_hand()),
        }
    }

    /// The column of a record's part.
    #[inline]
    pub(crate) fn part(&self, of: Column, index: usize) -> Result<Column, Error> {
        self.first_part(of).map(|first| first.part(index))
    }

    /// The column of an array's elements.
    pub(crate) fn element(&self, of: Column) -> Result<Column, Error> {
        match self.layout.shape(of) {
            Some(Shape::Array { element, .. }) => Ok(element),
            _ => Err(by_hand()),
        }
    }

    /// The column of what options hold.
    #[inline]
    pub(crate) fn inner(&self, of: Column) -> Result<Column, Error> {
        match self.layout.shape(of) {
            Some(Shape::Option { inner }) => Ok(inner),
            _ => Err(by_hand()),
        }
    }

    /// The column of a variant's first field, as [`first_part`](Self::first_part).
    #[inline]
    pub fn first_field(&self, of: Column, variant: usize) -> Result<Column, Error> {
        match self.layout.shape(of) {
            Some(Shape::Enum { first, .. }) => self.first_part(first.behind(variant)),
            _ => Err(by_hand()),
        }
    }

    /// Adds which variants values are.
    #[inline]
    pub fn variants(
        &mut self,
        column: Column,
        variants: impl Iterator<Item = u32>,
    ) -> Result<(), Error> {
        match self.gathered.get_mut(column.at()) {
            Some(Gathered::W8(words)) => {
                // There are not more than a byte tells apart.
                words.extend(variants.map(|variant| {
                    let [low, ..] = variant.to_le_bytes();
                    low
                }));
                Ok(())
            }
            Some(Gathered::W32(words)) => {
                words.extend(variants);
                Ok(())
            }
            _ => Err(by_hand()),
        }
    }

    /// Adds the lengths of lists; the column of their elements.
    #[inline]
    pub(crate) fn lists(
        &mut self,
        column: Column,
        lengths: impl Iterator<Item = usize>,
    ) -> Result<Column, Error> {
        match self.layout.shape(column) {
            Some(Shape::List { element }) => self.lengths(column, lengths).map(|()| element),
            _ => Err(by_hand()),
        }
    }

    /// The lengths that a column of lists has, for more of them to be added, and the column of their elements.
    #[inline]
    pub(crate) fn take_lists(&mut self, column: Column) -> Result<(Vec<u32>, Column), Error> {
        match self.layout.shape(column) {
            Some(Shape::List { element }) => Ok((core::mem::take(self.w32(column)?), element)),
            _ => Err(by_hand()),
        }
    }

    /// Gives them back.
    #[inline]
    pub(crate) fn give_lists(&mut self, column: Column, lengths: Vec<u32>) -> Result<(), Error> {
        *self.w32(column)? = lengths;
        Ok(())
    }

    /// Adds the lengths of maps; the columns of their keys and of their values.
    pub(crate) fn maps(
        &mut self,
        column: Column,
        lengths: impl Iterator<Item = usize>,
    ) -> Result<(Column, Column), Error> {
        match self.layout.shape(column) {
            Some(Shape::Map { key }) => {
                self.lengths(column, lengths).map(|()| (key, key.behind(1)))
            }
            _ => Err(by_hand()),
        }
    }

    /// What iterates in an order of its own has no place in canonical columns: rows have it in order.
    pub(crate) fn check_order(
        &self,
        mut lengths: impl Iterator<Item = usize>,
    ) -> Result<(), Error> {
        if self.canonical && lengths.any(|length| length > 1) { Err(no_place()) } else { Ok(()) }
    }

    #[inline]
    fn lengths(
        &mut self,
        column: Column,
        lengths: impl Iterator<Item = usize>,
    ) -> Result<(), Error> {
        // All together exceed 32 bits where one of them does: one look for all.
        let mut all = 0;
        #[allow(clippy::cast_possible_truncation)]
        let lengths = lengths.map(|length| {
            all |= length;
            length as u32
        });
        self.w32(column)?.extend(lengths);
        if u32::try_from(all).is_ok() { Ok(()) } else { Err(no_place()) }
    }
}

/// Hands over values, or references to them, some at a time.
#[inline]
pub(crate) fn in_chunks<T: Copy>(
    mut values: impl Iterator<Item = T>,
    mut take: impl FnMut(&[T]) -> Result<(), Error>,
) -> Result<(), Error> {
    let (least, most) = values.size_hint();
    let Some(first) = values.next() else { return Ok(()) };
    let mut rows = filled(first);
    if least <= CHUNK && most == Some(least) {
        // By value, slices are gone through without a look at their end.
        rows.iter_mut().skip(1).zip(values).for_each(|(row, value)| *row = value);
        return take(rows.get(..least).unwrap_or_default());
    }
    loop {
        let mut count = 1usize;
        for (row, value) in rows.iter_mut().skip(1).zip(&mut values) {
            *row = value;
            count = count.wrapping_add(1);
        }
        take(rows.get(..count).unwrap_or_default())?;
        match (values.next(), rows.first_mut()) {
            (Some(value), Some(row)) => *row = value,
            _ => return Ok(()),
        }
    }
}

/// As [`in_chunks`], of values that lie side by side in lists.
#[inline]
pub(crate) fn in_chunks_of_lists<'a, T: 'a>(
    mut lists: impl Iterator<Item = &'a [T]>,
    mut take: impl FnMut(&[&'a T]) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(mut list) = lists.find(|list| !list.is_empty()) else { return Ok(()) };
    let Some(first) = list.first() else { return Ok(()) };
    let mut rows = filled(first);
    loop {
        let mut filled = 0usize;
        loop {
            let room = rows.get_mut(filled..).unwrap_or_default();
            let count = list.len().min(room.len());
            room.iter_mut().zip(list).for_each(|(row, value)| *row = value);
            filled = filled.saturating_add(count);
            list = list.get(count..).unwrap_or_default();
            if filled == CHUNK {
                break;
            }
            match lists.next() {
                Some(next) => list = next,
                None => return take(rows.get(..filled).unwrap_or_default()),
            }
        }
        take(&rows)?;
    }
}

/// Places for values of a chunk, with the first one in all of them.
///
/// Out of line: the compiler writes each place by an instruction of its own, and the code is the same for all references.
#[inline(never)]
pub(crate) fn filled<T: Copy>(first: T) -> [T; CHUNK] {
    [first; CHUNK]
}

/// A type that says that it knows columns adds nothing to one, or adds to one of another shape.
#[cold]
pub(crate) fn by_hand() -> Error {
    Error::new(
        ErrorKind::Unavailable,
        "a reducer that is written by hand knows no columns, and its description says that it does",
    )
}

/// There is more of something than columns count, or it has no order: the list is written in rows.
#[cold]
pub(crate) fn no_place() -> Error {
    Error::new(ErrorKind::Unavailable, "the values of a list have no place in columns")
}
