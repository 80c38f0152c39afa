//! Opening a list in columns: all of its blocks are decoded and checked, and what they lead to is worked out, before the
//! first row is read.

use super::spare::Kept;
use super::{Columns, NONE, Opened};
use crate::block::{self, Order, Places, TextArena, Word};
use crate::canary::{Canary, planted};
use crate::column::{Column, Layout, Shape};
use crate::error::Error;
use crate::limits::Budget;
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
        let charged = budget.columns(layout.len());
        charged.map_err(|limit| input.exhausted(limit))?;
        self.clear();
        self.opened.resize_with(layout.len(), || Opened::Absent);
        Opening { layout, input, budget, wanted, to: self }.column(Column::ELEMENTS, rows)
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
            Some(Shape::Str) => self.texts(rows)?,
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
                Opened::List { starts, element }
            }
            Some(Shape::Map { key }) => {
                let (starts, total) = self.lengths(rows)?;
                self.column(key, total)?;
                self.column(key.behind(1), total)?;
                Opened::Map { starts, key }
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
        Ok(match bits(code) {
            8 => {
                let words: Vec<u8> = self.block(rows, order)?;
                if code == opcode::BOOL && most(&words) > 1 {
                    return Err(start.malformed("a bool of a column is neither 0 nor 1"));
                }
                Opened::W8(words)
            }
            16 => Opened::W16(self.block(rows, order)?),
            32 => {
                let words: Vec<u32> = self.block(rows, order)?;
                let all = |all, word: &u32| all & char::from_u32(*word).is_some();
                if code == opcode::CHAR && !words.iter().fold(true, all) {
                    return Err(start.malformed("a `char` of a column is no character"));
                }
                Opened::W32(words)
            }
            64 => Opened::W64(self.block(rows, order)?),
            _ => Opened::W128(self.block(rows, order)?),
        })
    }

    /// Reads a block of words.
    fn block<W: Word + Kept>(&mut self, rows: u32, order: Order) -> Result<Vec<W>, Error> {
        let mut words = self.to.spare.get();
        block::get(rows as usize, order, self.input, self.budget, &mut words)?;
        Ok(words)
    }

    fn texts(&mut self, rows: u32) -> Result<Opened<'de>, Error> {
        let mut texts = self.to.spare.texts();
        block::get_texts(rows as usize, self.input, self.budget, &mut self.to.lengths, &mut texts)?;
        Ok(Opened::Strs(texts))
    }

    fn bytes(&mut self, rows: u32) -> Result<Opened<'de>, Error> {
        let mut arena = TextArena { starts: self.to.spare.get(), ..TextArena::default() };
        let (bytes, places) = block::get_bytes(rows as usize, self.input, self.budget, &mut arena)?;
        let TextArena { starts, few, many } = arena;
        Ok(match places {
            Places::Plain => Opened::Bytes { bytes, starts },
            Places::Few => Opened::BytesFew { bytes, starts, which: few },
            Places::Many => Opened::BytesMany { bytes, starts, which: many },
        })
    }

    fn option(&mut self, inner: Column, rows: u32) -> Result<Opened<'de>, Error> {
        let start = *self.input;
        let count = self.count(rows)?;
        let flags = &mut self.to.flags;
        flags.clear();
        block::get(rows as usize, Order::Unsigned, self.input, self.budget, flags)?;
        if most(flags) > 1 {
            return Err(start.malformed("an option of a column is neither 0 nor 1"));
        }
        let held = flags.iter().map(|flag| u64::from(*flag)).sum();
        if u64::from(count) != held && !planted(Canary::ColumnCount) {
            return Err(start.malformed("the options of a column hold more or less than they have"));
        }
        self.allocate(rows as usize, size_of::<u32>())?;
        let mut places: Vec<u32> = self.to.spare.get();
        let mut place = 0u32;
        places.extend(self.to.flags.iter().map(|flag| {
            let here = if *flag == 0 { NONE } else { place };
            // As many as there are rows at most.
            place = place.wrapping_add(u32::from(*flag));
            here
        }));
        self.column(inner, count)?;
        Ok(Opened::Option { places, inner })
    }

    fn variants(&mut self, first: Column, count: u32, rows: u32) -> Result<Opened<'de>, Error> {
        let start = *self.input;
        if count > FEW_VARIANTS {
            let variants: Vec<u32> = self.block(rows, Order::Unsigned)?;
            let places = self.places(&variants, (first, count), rows, &start)?;
            return Ok(Opened::LargeEnum { variants, places, first });
        }
        let variants: Vec<u8> = self.block(rows, Order::Unsigned)?;
        let places = self.places(&variants, (first, count), rows, &start)?;
        Ok(Opened::Enum { variants, places, first })
    }

    /// The row that each row of an enum has in the columns of its variant, which are opened.
    fn places<W: Copy + Into<u32>>(
        &mut self,
        variants: &[W],
        (first, count): (Column, u32),
        rows: u32,
        start: &Input<'_>,
    ) -> Result<Vec<u32>, Error> {
        self.allocate(count as usize, size_of::<u32>())?;
        self.allocate(rows as usize, size_of::<u32>())?;
        let counts = self.to.counts.len();
        self.to.counts.resize(counts.saturating_add(count as usize), 0);
        let each = self.to.counts.get_mut(counts..).unwrap_or_default();
        let mut places: Vec<u32> = self.to.spare.get();
        places.reserve(rows as usize);
        for variant in variants {
            let Some(count) = each.get_mut((*variant).into() as usize) else {
                return Err(start.malformed("a variant of a column is none of its enum's"));
            };
            places.push(*count);
            // As many as there are rows at most.
            *count = count.wrapping_add(1);
        }
        for variant in 0..count {
            let held = self.to.counts.get(counts.saturating_add(variant as usize)).copied();
            self.variant(Column(first.0.saturating_add(variant)), held.unwrap_or(0), rows)?;
        }
        self.to.counts.truncate(counts);
        Ok(places)
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
    fn lengths(&mut self, rows: u32) -> Result<(Vec<u32>, u32), Error> {
        let start = *self.input;
        let total = total(rows, self.input)?;
        self.elements(total)?;
        self.allocate(1, size_of::<u32>())?;
        let mut starts: Vec<u32> = self.to.spare.get();
        starts.push(0);
        block::get(rows as usize, Order::Unsigned, self.input, self.budget, &mut starts)?;
        let sum = starts.iter().map(|length| u64::from(*length)).sum();
        if u64::from(total) != sum {
            return Err(
                start.malformed("the lists of a column have more or fewer elements than it says")
            );
        }
        let mut end = 0u32;
        for length in &mut starts {
            // No more than all of them, which was looked at.
            end = end.wrapping_add(*length);
            *length = end;
        }
        Ok((starts, total))
    }

    fn elements(&mut self, count: u32) -> Result<(), Error> {
        let taken = self.budget.elements(count.into());
        taken.map_err(|limit| self.input.exhausted(limit))
    }

    fn allocate(&mut self, count: usize, size: usize) -> Result<(), Error> {
        let taken = self.budget.allocate(count, size);
        taken.map_err(|limit| self.input.exhausted(limit))
    }
}

/// The largest of bytes. To look at all of them takes less time than to stop early.
fn most(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |most, byte| most.max(*byte))
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
