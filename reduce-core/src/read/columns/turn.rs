//! Columns of a stream that become those of a type of ours.

use super::{Columns, NONE, Opened};
use crate::column::{Column, Shape};
use crate::limits::{Budget, Exhausted};
use crate::opcode;
use crate::read::adapt::{Origin, Ours};
use crate::scan::Primitive;

impl<'de> Columns<'de> {
    /// Puts the columns where our layout has them. `false` where a value of the stream is none of ours: then they stay where they
    /// were.
    pub(crate) fn turn(&mut self, to: &Ours, budget: &mut Budget) -> Result<bool, Exhausted> {
        let all_held = |column: &Column| match self.opened.get(column.at()) {
            Some(Opened::Option { places, rows, .. }) => {
                let end = places.saturating_add(*rows as usize);
                let places = self.w32.get(*places..end).unwrap_or_default();
                places.iter().all(|place| *place != NONE)
            }
            // Nobody asks for it where its rows are of a variant that there are none of.
            _ => true,
        };
        if !to.held.iter().all(all_held) {
            return Ok(false);
        }
        budget.allocate(to.origins.len(), size_of::<Opened<'_>>())?;
        let mut turned = alloc::vec::Vec::with_capacity(to.origins.len());
        for (place, origin) in to.origins.iter().enumerate() {
            let shape = to.layout.shape(Column(0).behind(place));
            turned.push(match *origin {
                Origin::Absent => Opened::Absent,
                Origin::Same(theirs) => self.at_home(theirs, shape),
                Origin::Some(theirs) => {
                    let rows = self.rows(theirs);
                    budget.allocate(rows as usize, size_of::<u32>())?;
                    let places = self.w32.len();
                    self.w32.extend(0..rows);
                    match shape {
                        Some(Shape::Option { inner }) => Opened::Option { places, inner, rows },
                        _ => Opened::Absent,
                    }
                }
                Origin::Number { of, theirs, ours } => {
                    match self.numbers(of, theirs, ours, budget)? {
                        Some(opened) => opened,
                        None => return Ok(false),
                    }
                }
            });
        }
        self.opened = turned;
        Ok(true)
    }

    /// A column of the stream, with what is below it where our layout has that.
    fn at_home(&self, theirs: Column, shape: Option<Shape>) -> Opened<'de> {
        let Some(opened) = self.opened.get(theirs.at()).copied() else { return Opened::Absent };
        match (opened, shape) {
            (Opened::Record { rows, .. }, Some(Shape::Record { first, .. })) => {
                Opened::Record { first, rows }
            }
            (Opened::Array { length, rows, .. }, Some(Shape::Array { element, .. })) => {
                Opened::Array { element, length, rows }
            }
            (Opened::Option { places, rows, .. }, Some(Shape::Option { inner })) => {
                Opened::Option { places, inner, rows }
            }
            (
                Opened::Enum { variants, places, many, rows, .. },
                Some(Shape::Enum { first, .. }),
            ) => Opened::Enum { variants, places, first, many, rows },
            (Opened::List { starts, rows, .. }, Some(Shape::List { element })) => {
                Opened::List { starts, element, rows }
            }
            (Opened::Map { starts, rows, .. }, Some(Shape::Map { key })) => {
                Opened::Map { starts, key, rows }
            }
            (opened, _) => opened,
        }
    }

    /// How many rows a column has.
    fn rows(&self, column: Column) -> u32 {
        match self.opened.get(column.at()) {
            None | Some(Opened::Absent | Opened::Unit) => 0,
            Some(
                Opened::W8 { rows, .. }
                | Opened::W16 { rows, .. }
                | Opened::W32 { rows, .. }
                | Opened::W64 { rows, .. }
                | Opened::W128 { rows, .. }
                | Opened::Str { rows, .. }
                | Opened::StrOf { rows, .. }
                | Opened::Bytes { rows, .. }
                | Opened::BytesOf { rows, .. }
                | Opened::Record { rows, .. }
                | Opened::Array { rows, .. }
                | Opened::Option { rows, .. }
                | Opened::Enum { rows, .. }
                | Opened::List { rows, .. }
                | Opened::Map { rows, .. },
            ) => *rows,
        }
    }

    /// Integers of one opcode as those of another one; nothing where one of them does not fit.
    fn numbers(
        &mut self,
        of: Column,
        theirs: u8,
        ours: u8,
        budget: &mut Budget,
    ) -> Result<Option<Opened<'de>>, Exhausted> {
        let rows = self.rows(of);
        macro_rules! into {
            ($words:ident, $variant:ident, $width:literal, $to:expr) => {{
                budget.allocate(rows as usize, $width)?;
                let at = self.$words.len();
                self.$words.reserve(rows as usize);
                for row in 0..rows {
                    match self.primitive(theirs, of.slot(row)).ok().and_then($to) {
                        Some(word) => self.$words.push(word),
                        None => return Ok(None),
                    }
                }
                Opened::$variant { at, rows }
            }};
        }
        Ok(Some(match ours {
            opcode::U8 => into!(w8, W8, 1, fitting::<u8>),
            opcode::U16 => into!(w16, W16, 2, fitting::<u16>),
            opcode::U32 => into!(w32, W32, 4, fitting::<u32>),
            opcode::U64 => into!(w64, W64, 8, fitting::<u64>),
            opcode::U128 => into!(w128, W128, 16, fitting::<u128>),
            opcode::I8 => into!(w8, W8, 1, |n| fitting::<i8>(n).map(i8::cast_unsigned)),
            opcode::I16 => into!(w16, W16, 2, |n| fitting::<i16>(n).map(i16::cast_unsigned)),
            opcode::I32 => into!(w32, W32, 4, |n| fitting::<i32>(n).map(i32::cast_unsigned)),
            opcode::I64 => into!(w64, W64, 8, |n| fitting::<i64>(n).map(i64::cast_unsigned)),
            _ => into!(w128, W128, 16, |n| fitting::<i128>(n).map(i128::cast_unsigned)),
        }))
    }
}

fn fitting<T: TryFrom<u128> + TryFrom<i128>>(number: Primitive<'_>) -> Option<T> {
    match number {
        Primitive::Unsigned(number) => T::try_from(number).ok(),
        Primitive::Signed(number) => T::try_from(number).ok(),
        _ => None,
    }
}
