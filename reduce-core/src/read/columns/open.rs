//! Opening a list in columns: all of its blocks are decoded and checked, and what they lead to is worked out, before the
//! first row is read.

use super::{Columns, NONE, Opened, Which};
use crate::block::{self, Characters, Order, Places, Text, Word};
use crate::column::{Column, Layout, Shape};
use crate::error::{Error, ErrorKind};
use crate::limits::{Budget, Exhausted};
use crate::opcode;
use crate::read::Input;
use alloc::vec::Vec;

/// Up to so many variants, their numbers take a byte.
pub(super) const FEW_VARIANTS: u32 = 1 << 8;

impl<'de> Columns<'de> {
    /// Opens the columns of a list of so many rows, in place of those of the list before. Columns that are not wanted are
    /// stepped over, with all below them.
    ///
    /// The rows of lists and arrays below the elements are taken from the budget's elements, what all columns take in
    /// memory from its bytes.
    pub(crate) fn open(
        &mut self,
        layout: &Layout,
        rows: usize,
        input: &mut Input<'de>,
        budget: &mut Budget,
        wanted: &dyn Fn(Column) -> bool,
    ) -> Result<(), Error> {
        let rows = row_count(rows as u64, input)?;
        self.clear();
        self.opened.resize(layout.len(), Opened::Absent);
        Opening { layout, input, budget, wanted, to: self }.column(Column::ELEMENTS, rows)
    }

    /// Forgets the columns, and keeps what was allocated.
    pub(crate) fn clear(&mut self) {
        self.opened.clear();
        self.w8.clear();
        self.w16.clear();
        self.w32.clear();
        self.w64.clear();
        self.w128.clear();
        self.texts.clear();
        self.strs.clear();
        self.flags.clear();
        self.counts.clear();
        self.around.clear();
    }
}

/// The rows of a column: fewer than 32 bits count.
pub(super) fn row_count(rows: u64, start: &Input<'_>) -> Result<u32, Error> {
    match u32::try_from(rows) {
        Ok(rows) if rows < u32::MAX => Ok(rows),
        _ => Err(start.malformed("a column has more rows than there may be")),
    }
}

/// Columns that are being opened. Recursion is as deep as the layout, which is bounded.
struct Opening<'a, 'i, 'de> {
    layout: &'a Layout,
    input: &'i mut Input<'de>,
    budget: &'a mut Budget,
    wanted: &'a dyn Fn(Column) -> bool,
    to: &'a mut Columns<'de>,
}

impl<'de> Opening<'_, '_, 'de> {
    fn column(&mut self, at: Column, rows: u32) -> Result<(), Error> {
        if !(self.wanted)(at) {
            return super::pass(self.layout, at, rows, self.input);
        }
        let opened = match self.layout.shape(at) {
            None => Opened::Absent,
            Some(Shape::Unit) => Opened::Unit,
            Some(Shape::Word(code)) => self.words(code, rows)?,
            Some(Shape::Str) => self.text(rows)?,
            Some(Shape::Bytes) => self.bytes(rows)?,
            Some(Shape::Record { first, count }) => {
                for place in 0..count {
                    self.column(Column(first.0.saturating_add(place)), rows)?;
                }
                Opened::Record { first, rows }
            }
            Some(Shape::Array { length, element }) => {
                let total = u64::from(rows).saturating_mul(length);
                let total = row_count(total, self.input)?;
                self.elements(total)?;
                self.column(element, total)?;
                // One that is longer has no rows.
                Opened::Array { element, length: u32::try_from(length).unwrap_or(0), rows }
            }
            Some(Shape::Option { inner }) => self.option(inner, rows)?,
            Some(Shape::Enum { first, count }) => self.variants(first, count, rows)?,
            Some(Shape::List { element }) => {
                let (starts, total) = self.lengths(rows)?;
                self.column(element, total)?;
                Opened::List { starts, element, rows }
            }
            Some(Shape::Map { key }) => {
                let (starts, total) = self.lengths(rows)?;
                self.column(key, total)?;
                self.column(key.behind(1), total)?;
                Opened::Map { starts, key, rows }
            }
        };
        if let Some(place) = self.to.opened.get_mut(at.at()) {
            *place = opened;
        }
        Ok(())
    }

    fn words(&mut self, code: u8, rows: u32) -> Result<Opened<'de>, Error> {
        let start = *self.input;
        let order = order(code);
        let (input, budget, to) = (&mut *self.input, &mut *self.budget, &mut *self.to);
        Ok(match bits(code) {
            8 => {
                let at = get(&mut to.w8, rows, order, input, budget)?;
                if code == opcode::BOOL && behind(&to.w8, at).iter().any(|word| *word > 1) {
                    return Err(start.malformed("a bool of a column is neither 0 nor 1"));
                }
                Opened::W8 { at, rows }
            }
            16 => Opened::W16 { at: get(&mut to.w16, rows, order, input, budget)?, rows },
            32 => {
                let at = get(&mut to.w32, rows, order, input, budget)?;
                let mut scalars = behind(&to.w32, at).iter();
                if code == opcode::CHAR && scalars.any(|word| char::from_u32(*word).is_none()) {
                    return Err(start.malformed("a `char` of a column is no character"));
                }
                Opened::W32 { at, rows }
            }
            64 => Opened::W64 { at: get(&mut to.w64, rows, order, input, budget)?, rows },
            _ => Opened::W128 { at: get(&mut to.w128, rows, order, input, budget)?, rows },
        })
    }

    fn text(&mut self, rows: u32) -> Result<Opened<'de>, Error> {
        let text: Text<'de, str> = self.texts(rows)?;
        let (starts, which) = match text.places {
            Places::Plain { starts } => {
                return Ok(Opened::Str { text: text.bytes, starts: starts.start, rows });
            }
            Places::Far { ref starts } => {
                let texts = self.to.strs.len();
                let entries = starts.len().saturating_sub(1);
                self.reserve_texts(entries)?;
                for entry in 0..entries {
                    self.to.strs.push(text.get(entry, &self.to.texts).unwrap_or_default());
                }
                return Ok(Opened::StrOf { texts, which: Which::Own, rows });
            }
            Places::Few { starts, rows } => (starts, Which::Few(rows.start)),
            Places::Many { starts, rows } => (starts, Which::Many(rows.start)),
        };
        let texts = self.to.strs.len();
        self.reserve_texts(starts.len())?;
        let mut starts = self.to.texts.starts.get(starts).unwrap_or_default().iter();
        let mut from = starts.next().copied();
        while let (Some(start), Some(end)) = (from, starts.next()) {
            let range = start as usize..*end as usize;
            self.to.strs.push(text.bytes.get(range).unwrap_or_default());
            from = Some(*end);
        }
        Ok(Opened::StrOf { texts, which, rows })
    }

    fn bytes(&mut self, rows: u32) -> Result<Opened<'de>, Error> {
        let start = *self.input;
        let Text { bytes, places } = self.texts::<[u8]>(rows)?;
        Ok(match places {
            Places::Plain { starts } => Opened::Bytes { bytes, starts: starts.start, rows },
            Places::Few { starts, rows: which } => {
                let which = Which::Few(which.start);
                Opened::BytesOf { bytes, starts: starts.start, which, rows }
            }
            Places::Many { starts, rows: which } => {
                let which = Which::Many(which.start);
                Opened::BytesOf { bytes, starts: starts.start, which, rows }
            }
            Places::Far { .. } => {
                return Err(start
                    .malformed("a column of lists of bytes has more of them than there may be"));
            }
        })
    }

    fn texts<C: Characters + ?Sized>(&mut self, rows: u32) -> Result<Text<'de, C>, Error> {
        block::get_text(rows as usize, self.input, self.budget, &mut self.to.texts)
    }

    fn reserve_texts(&mut self, count: usize) -> Result<(), Error> {
        self.allocate(count, size_of::<&str>())?;
        self.to.strs.reserve(count);
        Ok(())
    }

    fn option(&mut self, inner: Column, rows: u32) -> Result<Opened<'de>, Error> {
        let start = *self.input;
        let count = self.count(rows)?;
        self.to.flags.clear();
        get(&mut self.to.flags, rows, Order::Unsigned, self.input, self.budget)?;
        if self.to.flags.iter().any(|flag| *flag > 1) {
            return Err(start.malformed("an option of a column is neither 0 nor 1"));
        }
        let held = self.to.flags.iter().map(|flag| u64::from(*flag)).sum();
        if u64::from(count) != held {
            return Err(start.malformed("the options of a column hold more or less than they have"));
        }
        self.allocate(rows as usize, size_of::<u32>())?;
        let places = self.to.w32.len();
        let mut place = 0u32;
        self.to.w32.extend(self.to.flags.iter().map(|flag| {
            let here = if *flag == 0 { NONE } else { place };
            // As many as there are rows at most.
            place = place.wrapping_add(u32::from(*flag));
            here
        }));
        self.column(inner, count)?;
        Ok(Opened::Option { places, inner, rows })
    }

    fn variants(&mut self, first: Column, count: u32, rows: u32) -> Result<Opened<'de>, Error> {
        let start = *self.input;
        let many = count > FEW_VARIANTS;
        let (input, budget, to) = (&mut *self.input, &mut *self.budget, &mut *self.to);
        let variants = if many {
            get(&mut to.w32, rows, Order::Unsigned, input, budget)?
        } else {
            get(&mut to.w8, rows, Order::Unsigned, input, budget)?
        };
        self.allocate(count as usize, size_of::<u32>())?;
        self.allocate(rows as usize, size_of::<u32>())?;
        let counts = self.to.counts.len();
        self.to.counts.resize(counts.saturating_add(count as usize), 0);
        let Columns { w8, w32, counts: all, .. } = &mut *self.to;
        let each = all.get_mut(counts..).unwrap_or_default();
        let places = w32.len();
        let known = if many {
            w32.reserve(rows as usize);
            (variants..places).all(|at| {
                let variant = w32.get(at).copied().unwrap_or(NONE);
                next_place(each, variant as usize).map(|place| w32.push(place)).is_some()
            })
        } else {
            w32.extend(
                behind(w8, variants)
                    .iter()
                    .map_while(|variant| next_place(each, usize::from(*variant))),
            );
            w32.len().saturating_sub(places) == rows as usize
        };
        if !known {
            return Err(start.malformed("a variant of a column is none of its enum's"));
        }
        for variant in 0..count {
            let held = self.to.counts.get(counts.saturating_add(variant as usize)).copied();
            self.variant(Column(first.0.saturating_add(variant)), held.unwrap_or(0), rows)?;
        }
        self.to.counts.truncate(counts);
        Ok(Opened::Enum { variants, places, first, many, rows })
    }

    /// The fields of one variant, which so many of an enum's rows have.
    fn variant(&mut self, at: Column, held: u32, rows: u32) -> Result<(), Error> {
        if has_fields(self.layout, at) {
            let start = *self.input;
            if self.count(rows)? != held {
                return Err(start.malformed(
                    "a variant of a column has more or fewer rows than those that are of it",
                ));
            }
        }
        self.column(at, held)
    }

    /// How many of a column's rows have something in the next one.
    fn count(&mut self, rows: u32) -> Result<u32, Error> {
        count(rows, self.input)
    }

    /// Where the elements of each row begin, and how many there are of them all.
    fn lengths(&mut self, rows: u32) -> Result<(usize, u32), Error> {
        let start = *self.input;
        let total = total(rows, self.input)?;
        self.elements(total)?;
        self.allocate(1, size_of::<u32>())?;
        let starts = self.to.w32.len();
        self.to.w32.push(0);
        get(&mut self.to.w32, rows, Order::Unsigned, self.input, self.budget)?;
        let lengths = self.to.w32.get_mut(starts..).unwrap_or_default();
        let sum = lengths.iter().map(|length| u64::from(*length)).sum();
        if u64::from(total) != sum {
            return Err(
                start.malformed("the lists of a column have more or fewer elements than it says")
            );
        }
        let mut end = 0u32;
        for length in lengths {
            // No more than all of them, which was looked at.
            end = end.wrapping_add(*length);
            *length = end;
        }
        Ok((starts, total))
    }

    fn elements(&mut self, count: u32) -> Result<(), Error> {
        let taken = self.budget.elements(count.into());
        taken.map_err(|limit| self.exhausted(limit))
    }

    fn allocate(&mut self, count: usize, size: usize) -> Result<(), Error> {
        let taken = self.budget.allocate(count, size);
        taken.map_err(|limit| self.exhausted(limit))
    }

    #[cold]
    fn exhausted(&self, limit: Exhausted) -> Error {
        self.input.error(ErrorKind::Limit, limit.message())
    }
}

/// Appends a block of words. Says where they begin.
fn get<W: Word>(
    words: &mut Vec<W>,
    rows: u32,
    order: Order,
    input: &mut Input<'_>,
    budget: &mut Budget,
) -> Result<usize, Error> {
    let at = words.len();
    block::get(rows as usize, order, input, budget, words)?;
    Ok(at)
}

fn behind<W>(words: &[W], at: usize) -> &[W] {
    words.get(at..).unwrap_or_default()
}

/// The row that the next value of a variant has in its columns.
#[inline]
fn next_place(counts: &mut [u32], variant: usize) -> Option<u32> {
    let count = counts.get_mut(variant)?;
    let place = *count;
    // As many as there are rows at most.
    *count = place.wrapping_add(1);
    Some(place)
}

/// How many of so many rows have something: where there are none, nothing stands there.
pub(super) fn count(rows: u32, input: &mut Input<'_>) -> Result<u32, Error> {
    if rows == 0 {
        return Ok(0);
    }
    let start = *input;
    match u32::try_from(input.varint()?) {
        Ok(count) if count <= rows => Ok(count),
        _ => Err(start.malformed("a column has more rows than the one that it is in")),
    }
}

/// How many elements the lists of so many rows have.
pub(super) fn total(rows: u32, input: &mut Input<'_>) -> Result<u32, Error> {
    if rows == 0 {
        return Ok(0);
    }
    let start = *input;
    row_count(input.varint()?, &start)
}

/// Whether there is anything in a variant's columns.
pub(super) fn has_fields(layout: &Layout, variant: Column) -> bool {
    matches!(layout.shape(variant), Some(Shape::Record { count: 1.., .. }))
}

/// The bits of a column's words.
pub(super) fn bits(code: u8) -> u32 {
    match code {
        opcode::BOOL | opcode::U8 | opcode::I8 => 8,
        opcode::U16 | opcode::I16 => 16,
        opcode::CHAR | opcode::U32 | opcode::I32 | opcode::F32 => 32,
        opcode::U64 | opcode::I64 | opcode::F64 => 64,
        _ => 128,
    }
}

/// Whether a column's words have a sign.
pub(crate) fn order(code: u8) -> Order {
    match code {
        opcode::I8 | opcode::I16 | opcode::I32 | opcode::I64 | opcode::I128 => Order::Signed,
        _ => Order::Unsigned,
    }
}
