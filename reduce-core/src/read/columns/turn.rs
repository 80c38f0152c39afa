//! Columns of a stream that become those of a type of ours.

use super::{Columns, NONE, Opened};
use crate::column::{Column, Shape};
use crate::limits::{Budget, Exhausted};
use crate::opcode;
use crate::read::adapt::{Origin, Ours};
use crate::scan::Primitive;
use alloc::vec::Vec;
use core::mem::replace;

impl<'de> Columns<'de> {
    /// Puts the columns where our layout has them. `false` where a value of the stream is none of ours: then they stay where they
    /// were.
    pub(crate) fn turn(&mut self, to: &Ours, budget: &mut Budget) -> Result<bool, Exhausted> {
        let all_held = |column: &Column| match self.opened.get(column.at()) {
            Some(Opened::Option { places, .. }) => places.iter().all(|place| *place != NONE),
            // Nobody asks for it where its rows are of a variant that there are none of.
            _ => true,
        };
        if !to.held.iter().all(all_held) {
            return Ok(false);
        }
        budget.allocate(to.origins.len(), size_of::<Opened<'_>>())?;
        // What is made first, which may fail; then what moves.
        let mut turned = Vec::with_capacity(to.origins.len());
        for (place, origin) in to.origins.iter().enumerate() {
            let shape = to.layout.shape(Column(0).behind(place));
            turned.push(match *origin {
                Origin::Absent | Origin::Same(_) => Opened::Absent,
                Origin::Some(theirs) => {
                    let Some(rows) = self.rows(theirs) else { return Ok(false) };
                    budget.allocate(rows as usize, size_of::<u32>())?;
                    match shape {
                        Some(Shape::Option { inner }) => {
                            Opened::Option { places: (0..rows).collect(), inner }
                        }
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
        for ((place, origin), to_fill) in to.origins.iter().enumerate().zip(&mut turned) {
            if let Origin::Same(theirs) = *origin {
                let shape = to.layout.shape(Column(0).behind(place));
                *to_fill = self.at_home(theirs, shape);
            }
        }
        self.opened = turned;
        Ok(true)
    }

    /// A column of the stream, with what is below it where our layout has that. It is that of one column of ours alone.
    fn at_home(&mut self, theirs: Column, shape: Option<Shape>) -> Opened<'de> {
        let Some(opened) = self.opened.get_mut(theirs.at()) else { return Opened::Absent };
        let mut opened = replace(opened, Opened::Absent);
        match (&mut opened, shape) {
            (Opened::Record { first, .. }, Some(Shape::Record { first: ours, .. }))
            | (
                Opened::Enum { first, .. } | Opened::LargeEnum { first, .. },
                Some(Shape::Enum { first: ours, .. }),
            )
            | (Opened::Array { element: first, .. }, Some(Shape::Array { element: ours, .. }))
            | (Opened::Option { inner: first, .. }, Some(Shape::Option { inner: ours }))
            | (Opened::List { element: first, .. }, Some(Shape::List { element: ours }))
            | (Opened::Map { key: first, .. }, Some(Shape::Map { key: ours })) => *first = ours,
            _ => {}
        }
        opened
    }

    /// How many rows a column has that is no unit.
    fn rows(&self, column: Column) -> Option<u32> {
        let rows = match self.opened.get(column.at())? {
            Opened::Absent | Opened::Unit => return None,
            Opened::Record { rows, .. } | Opened::Array { rows, .. } => return Some(*rows),
            Opened::W8(words) => words.len(),
            Opened::W16(words) => words.len(),
            Opened::W32(words) => words.len(),
            Opened::W64(words) => words.len(),
            Opened::W128(words) => words.len(),
            Opened::Strs(texts) => texts.len(),
            Opened::BytesFew { which, .. } => which.len(),
            Opened::BytesMany { which, .. } => which.len(),
            Opened::Option { places, .. }
            | Opened::Enum { places, .. }
            | Opened::LargeEnum { places, .. } => places.len(),
            Opened::Bytes { starts, .. }
            | Opened::List { starts, .. }
            | Opened::Map { starts, .. } => starts.len().saturating_sub(1),
        };
        u32::try_from(rows).ok()
    }

    /// Integers of one opcode as those of another one; nothing where one of them does not fit.
    fn numbers(
        &self,
        of: Column,
        theirs: u8,
        ours: u8,
        budget: &mut Budget,
    ) -> Result<Option<Opened<'de>>, Exhausted> {
        let Some(rows) = self.rows(of) else { return Ok(None) };
        macro_rules! into {
            ($variant:ident, $width:literal, $to:expr) => {{
                budget.allocate(rows as usize, $width)?;
                let mut words = Vec::with_capacity(rows as usize);
                for row in 0..rows {
                    match self.primitive(theirs, of.slot(row)).ok().and_then($to) {
                        Some(word) => words.push(word),
                        None => return Ok(None),
                    }
                }
                Opened::$variant(words)
            }};
        }
        Ok(Some(match ours {
            opcode::U8 => into!(W8, 1, fitting::<u8>),
            opcode::U16 => into!(W16, 2, fitting::<u16>),
            opcode::U32 => into!(W32, 4, fitting::<u32>),
            opcode::U64 => into!(W64, 8, fitting::<u64>),
            opcode::U128 => into!(W128, 16, fitting::<u128>),
            opcode::I8 => into!(W8, 1, |n| fitting::<i8>(n).map(i8::cast_unsigned)),
            opcode::I16 => into!(W16, 2, |n| fitting::<i16>(n).map(i16::cast_unsigned)),
            opcode::I32 => into!(W32, 4, |n| fitting::<i32>(n).map(i32::cast_unsigned)),
            opcode::I64 => into!(W64, 8, |n| fitting::<i64>(n).map(i64::cast_unsigned)),
            _ => into!(W128, 16, |n| fitting::<i128>(n).map(i128::cast_unsigned)),
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
