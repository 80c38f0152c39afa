//! Columns that were gathered, on their way out: each with its blocks, those of its parts behind it.

use super::{Columns, Gathered, by_hand, no_place};
use crate::block::{Effort, Order, put};
use crate::column::{Column, Shape};
use crate::error::Error;
use crate::{opcode, varint};
use alloc::vec::Vec;

impl Columns<'_> {
    /// Writes a column of so many rows, and those below it: nothing, where it has none.
    pub(super) fn put(
        &mut self,
        column: Column,
        rows: usize,
        effort: Effort,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        if rows == 0 {
            return Ok(());
        }
        // The last number stands for no row.
        if u32::try_from(rows).is_ok_and(|rows| rows == u32::MAX) || u32::try_from(rows).is_err() {
            return Err(no_place());
        }
        match self.layout.shape(column).ok_or_else(by_hand)? {
            Shape::Unit => Ok(()),
            Shape::Word(code) => self.words(column, rows, order(code), effort, out),
            Shape::Str | Shape::Bytes => match self.gathered.get_mut(column.at()) {
                Some(Gathered::Text(encoder)) if encoder.len() == rows => {
                    encoder.finish(effort, out);
                    Ok(())
                }
                _ => Err(by_hand()),
            },
            Shape::Record { first, count } => self.parts(first, count, rows, effort, out),
            Shape::Array { length, element } => {
                let length = usize::try_from(length).ok();
                let rows = length.and_then(|length| length.checked_mul(rows));
                self.put(element, rows.ok_or_else(no_place)?, effort, out)
            }
            Shape::Option { inner } => {
                let some = count_ones(self.w8(column)?);
                varint::push(out, some as u64);
                self.words(column, rows, Order::Unsigned, effort, out)?;
                self.put(inner, some, effort, out)
            }
            Shape::Enum { first, count } => {
                self.words(column, rows, Order::Unsigned, effort, out)?;
                for (variant, index) in (0..count).zip(0usize..) {
                    let variant_column = first.behind(index);
                    let Some(Shape::Record { first, count: parts @ 1.. }) =
                        self.layout.shape(variant_column)
                    else {
                        continue;
                    };
                    let rows = self.of_variant(column, variant);
                    varint::push(out, rows as u64);
                    self.parts(first, parts, rows, effort, out)?;
                }
                Ok(())
            }
            Shape::List { element } => {
                let total = self.total(column, rows, effort, out)?;
                self.put(element, total, effort, out)
            }
            Shape::Map { key } => {
                let total = self.total(column, rows, effort, out)?;
                self.put(key, total, effort, out)?;
                self.put(key.behind(1), total, effort, out)
            }
        }
    }

    fn parts(
        &mut self,
        first: Column,
        count: u32,
        rows: usize,
        effort: Effort,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let parts = usize::try_from(count).unwrap_or(usize::MAX);
        (0..parts).try_for_each(|part| self.put(first.behind(part), rows, effort, out))
    }

    /// How many rows are of a variant.
    fn of_variant(&self, column: Column, variant: u32) -> usize {
        match (self.gathered.get(column.at()), u8::try_from(variant)) {
            (Some(Gathered::W8(words)), Ok(variant)) => {
                words.iter().filter(|word| **word == variant).count()
            }
            (Some(Gathered::W32(words)), _) => {
                words.iter().filter(|word| **word == variant).count()
            }
            _ => 0,
        }
    }

    /// Writes the number of all elements, and the lengths of lists.
    fn total(
        &mut self,
        column: Column,
        rows: usize,
        effort: Effort,
        out: &mut Vec<u8>,
    ) -> Result<usize, Error> {
        let total = self.w32(column)?.iter().map(|length| u64::from(*length)).sum();
        varint::push(out, total);
        self.words(column, rows, Order::Unsigned, effort, out)?;
        usize::try_from(total).map_err(|_| no_place())
    }

    /// Writes the block of a column's own numbers, which must be as many as it has rows.
    fn words(
        &self,
        column: Column,
        rows: usize,
        order: Order,
        effort: Effort,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        match self.gathered.get(column.at()) {
            Some(Gathered::W8(words)) if words.len() == rows => put(words, order, effort, out),
            Some(Gathered::W16(words)) if words.len() == rows => put(words, order, effort, out),
            Some(Gathered::W32(words)) if words.len() == rows => put(words, order, effort, out),
            Some(Gathered::W64(words)) if words.len() == rows => put(words, order, effort, out),
            Some(Gathered::W128(words)) if words.len() == rows => put(words, order, effort, out),
            _ => return Err(by_hand()),
        }
        Ok(())
    }
}

/// How many of some bytes, each zero or one, are one.
fn count_ones(bytes: &[u8]) -> usize {
    // So many as a byte can count: sixteen are added at once.
    let counts = bytes
        .chunks(255)
        .map(|bytes| usize::from(bytes.iter().fold(0u8, |count, byte| count.wrapping_add(*byte))));
    counts.sum()
}

/// Whether the numbers of a column have a sign.
fn order(code: u8) -> Order {
    match code {
        opcode::I8 | opcode::I16 | opcode::I32 | opcode::I64 | opcode::I128 => Order::Signed,
        opcode::F32 | opcode::F64 => Order::Float,
        _ => Order::Unsigned,
    }
}
