//! The lines of a list in columns: one for each count and each block, by the way from an element to what it is of.

use super::programs::{NAME_WIDTH, counted};
use crate::block;
use crate::error::Error;
use crate::opcode;
use crate::program::table::{Definition, FieldList, Ref, Table};
use crate::program::text::{Name, capped};
use crate::read::Input;
use crate::read::columns::astray;
use alloc::format;
use alloc::string::{String, ToString};
use core::ops::Range;

/// One of them.
pub(super) struct Piece {
    pub at: Range<usize>,
    /// How the block is coded; or that it is a count.
    pub coding: &'static str,
    pub path: String,
    /// What the values are, where they are primitives.
    pub of: Option<Ref>,
    pub operand: String,
}

/// Goes through the blocks of a list, which were checked. It goes down by recursion: types in columns have few levels.
pub(super) struct Pieces<'a, 'de> {
    pub table: &'a Table<'de>,
    pub blocks: Input<'de>,
    pub each: &'a mut dyn FnMut(Piece),
}

impl Pieces<'_, '_> {
    pub(super) fn column(&mut self, of: Ref, rows: u64, path: &str) -> Result<(), Error> {
        if rows == 0 {
            return Ok(());
        }
        let table = self.table;
        let index = match of {
            Ref::Primitive(opcode::UNIT) => return Ok(()),
            Ref::Primitive(opcode::STR) => return self.texts(of, rows, "text", path),
            Ref::Primitive(code) => {
                let width = match code {
                    opcode::BOOL => 1,
                    opcode::CHAR => 4,
                    _ => opcode::width(code).ok_or_else(astray)?,
                };
                return self.numbers(width, Some(of), (rows, "value"), path);
            }
            Ref::Index(index) => index,
        };
        match table.get(index).ok_or_else(astray)? {
            Definition::Record { fields, .. } => self.fields(fields, rows, path),
            Definition::Tuple(parts) => parts.iter().enumerate().try_for_each(|(place, of)| {
                self.column(*of, rows, &below(path, &place.to_string()))
            }),
            Definition::Enum { variants, .. } => {
                let width = if variants.len() <= 256 { 1 } else { 4 };
                self.numbers(width, None, (rows, "variant"), path)?;
                for (name, fields) in variants.iter().filter(|(_, list)| !list.fields.is_empty()) {
                    let path = below(path, &capped(Name(name), NAME_WIDTH));
                    let count = self.count(&path)?;
                    self.fields(fields, count, &path)?;
                }
                Ok(())
            }
            Definition::Option(of) => {
                let count = self.count(path)?;
                self.numbers(1, None, (rows, "option"), path)?;
                self.column(*of, count, path)
            }
            Definition::List(of @ Ref::Primitive(opcode::U8)) => {
                self.texts(*of, rows, "list", &below(path, "[]"))
            }
            Definition::List(of) => {
                let count = self.lengths(rows, path)?;
                self.column(*of, count, &below(path, "[]"))
            }
            Definition::Array(length, of) => {
                self.column(*of, rows.saturating_mul(*length), &below(path, "[]"))
            }
            Definition::Map(key, value) => {
                let count = self.lengths(rows, path)?;
                self.column(*key, count, &below(path, "[key]"))?;
                self.column(*value, count, &below(path, "[]"))
            }
            // No layout has them.
            Definition::Shared(_)
            | Definition::Weak(_)
            | Definition::Dyn(_)
            | Definition::Dispatch
            | Definition::Persistent(_)
            | Definition::Named(..)
            | Definition::Coded(..) => Err(astray()),
        }
    }

    fn fields(&mut self, list: &FieldList<'_>, rows: u64, path: &str) -> Result<(), Error> {
        for (place, (name, of)) in list.fields.iter().enumerate() {
            let step = match list.named {
                true => capped(Name(name), NAME_WIDTH),
                false => place.to_string(),
            };
            self.column(*of, rows, &below(path, &step))?;
        }
        Ok(())
    }

    fn lengths(&mut self, rows: u64, path: &str) -> Result<u64, Error> {
        let count = self.count(path)?;
        self.numbers(4, None, (rows, "length"), path)?;
        Ok(count)
    }

    fn count(&mut self, path: &str) -> Result<u64, Error> {
        let start = self.blocks.offset();
        let count = self.blocks.varint()?;
        self.tell(start, "count", None, count.to_string(), path);
        Ok(count)
    }

    /// A block of so many words of this width in bytes.
    fn numbers(
        &mut self,
        width: usize,
        of: Option<Ref>,
        (rows, what): (u64, &str),
        path: &str,
    ) -> Result<(), Error> {
        let start = self.blocks.offset();
        let first = self.blocks.rest().first().copied().unwrap_or_default();
        let count = usize::try_from(rows).unwrap_or(usize::MAX);
        match width {
            1 => block::pass::<u8>(count, &mut self.blocks)?,
            2 => block::pass::<u16>(count, &mut self.blocks)?,
            4 => block::pass::<u32>(count, &mut self.blocks)?,
            8 => block::pass::<u64>(count, &mut self.blocks)?,
            _ => block::pass::<u128>(count, &mut self.blocks)?,
        }
        let (coding, bits) = block::coding(first);
        let bits = bits.map(|bits| format!(" in {} each", counted(bits.into(), "bit")));
        let operand = format!("{}{}", counted(rows, what), bits.unwrap_or_default());
        self.tell(start, coding, of, operand, path);
        Ok(())
    }

    fn texts(&mut self, of: Ref, rows: u64, what: &str, path: &str) -> Result<(), Error> {
        let start = self.blocks.offset();
        let first = self.blocks.rest().first().copied().unwrap_or_default();
        block::pass_text(usize::try_from(rows).unwrap_or(usize::MAX), &mut self.blocks)?;
        self.tell(start, block::text_coding(first), Some(of), counted(rows, what), path);
        Ok(())
    }

    fn tell(
        &mut self,
        start: usize,
        coding: &'static str,
        of: Option<Ref>,
        operand: String,
        path: &str,
    ) {
        let (at, path) = (start..self.blocks.offset(), String::from(path));
        (self.each)(Piece { at, coding, path, of, operand });
    }
}

/// A step further from the element.
fn below(path: &str, step: &str) -> String {
    match path.is_empty() || step.starts_with('[') {
        true => format!("{path}{step}"),
        false => format!("{path}.{step}"),
    }
}
