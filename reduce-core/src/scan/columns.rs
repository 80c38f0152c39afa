//! Lists in columns: opened and checked whole, and handed to who listens; row by row to who asks for that.

use super::visit::{Head, Step, Visit};
use super::{Primitive, Walk, memory};
use crate::column::{Column, Layout, Slot};
use crate::error::Error;
use crate::opcode;
use crate::program::table::{Definition, FieldList, Ref, Table};
use crate::read::Input;
use crate::read::adapt::no_columns;
use crate::read::columns::{Columns, astray, blocks, ended};
use core::ops::Range;

/// A list in columns, open.
pub(crate) struct InColumns<'a, 'de> {
    pub table: &'a Table<'de>,
    /// What its elements are.
    pub element: Ref,
    pub count: u64,
    pub columns: &'a Columns<'de>,
    /// Its blocks.
    pub blocks: Input<'de>,
    /// How many levels below the root the list lies.
    pub depth: usize,
}

impl<'a, 'de, V: Visit<'de>> Walk<'a, 'de, V> {
    /// A list in columns, whose length was read; it began at `start`, and its type is in this place of the table.
    pub(super) fn columns(
        &mut self,
        start: usize,
        (index, element): (usize, Ref),
        count: u64,
    ) -> Result<(), Error> {
        let at = self.input.offset();
        let table = self.table;
        // Lists of one type often follow one another.
        let layout = match self.layout.take().filter(|(of, _)| *of == element) {
            Some((_, layout)) => layout,
            None => Layout::of_table(element, table).ok_or_else(|| no_columns(at))?,
        };
        let mut columns = self.columns.take().unwrap_or_default();
        // The columns of the next list take their place: only the largest one counts.
        let bytes = memory(self.visitor, &mut self.budget).bytes;
        self.budget.bytes = bytes;
        let blocks = blocks(&mut self.input)?;
        self.elements(count)?;
        let rows = usize::try_from(count).unwrap_or(usize::MAX);
        let mut rest = blocks;
        columns.open(&layout, rows, &mut rest, &mut self.budget, &|_| true)?;
        ended(&rest)?;
        let left = self.budget.bytes;
        memory(self.visitor, &mut self.budget).bytes = left;
        let head = start..blocks.offset();
        let depth = self.depth();
        let list = InColumns { table, element, count, columns: &columns, blocks, depth };
        self.visitor.columns(head, index, &list)?;
        memory(self.visitor, &mut self.budget).give_back(bytes.saturating_sub(left));
        self.columns = Some(columns);
        self.layout = Some((element, layout));
        Ok(())
    }
}

impl<'de> InColumns<'_, 'de> {
    /// Tells of the list of this type, and of all its elements, as if they stood in rows at its place.
    pub(crate) fn as_rows<'c, V: Visit<'c>>(
        &'c self,
        at: Range<usize>,
        index: usize,
        visitor: &mut V,
    ) -> Result<(), Error> {
        let start = at.start;
        visitor.begin(at, index, Head::List(self.count))?;
        self.rows(start, visitor)
    }

    /// Goes through all elements, as if they stood in rows at the place `at`.
    pub(crate) fn rows<'c, V: Visit<'c>>(
        &'c self,
        at: usize,
        visitor: &mut V,
    ) -> Result<(), Error> {
        let below = self.depth.saturating_add(1);
        let mut rows = Rows { table: self.table, columns: self.columns, at, visitor };
        let first = Column::ELEMENTS.slot(0);
        rows.elements(self.element, usize::try_from(self.count).unwrap_or(usize::MAX), first, below)
    }
}

/// Tells of one value in a slot, as if it stood in rows at the place `at`.
pub(crate) fn in_slot<'c, V: Visit<'c>>(
    table: &'c Table<'_>,
    of: Ref,
    (columns, slot): (&'c Columns<'_>, Slot),
    at: usize,
    visitor: &mut V,
) -> Result<(), Error> {
    let mut rows = Rows { table, columns, at, visitor };
    rows.step(Step::Root, of, slot, 0)
}

/// Tells of values in slots. It goes down by recursion: types in columns have few levels.
struct Rows<'c, 't, 'd, 'v, V> {
    table: &'c Table<'t>,
    columns: &'c Columns<'d>,
    at: usize,
    visitor: &'v mut V,
}

impl<'c, V: Visit<'c>> Rows<'c, '_, '_, '_, V> {
    fn step(&mut self, step: Step<'c>, of: Ref, slot: Slot, depth: usize) -> Result<(), Error> {
        self.visitor.step(step, depth, of)?;
        self.value(of, slot, depth)
    }

    fn begin(&mut self, index: usize, head: Head<'c>) -> Result<(), Error> {
        self.visitor.begin(self.at..self.at, index, head)
    }

    fn value(&mut self, of: Ref, slot: Slot, depth: usize) -> Result<(), Error> {
        let columns = self.columns;
        let index = match of {
            Ref::Primitive(code) => {
                let value = columns.primitive(code, slot)?;
                return self.visitor.primitive(self.at..self.at, code, value);
            }
            Ref::Index(index) => index,
        };
        let below = depth.saturating_add(1);
        match self.table.get(index).ok_or_else(astray)? {
            Definition::Record { fields, .. } => {
                self.begin(index, Head::Record)?;
                self.fields(fields, columns.parts(slot)?, below)
            }
            Definition::Tuple(parts) => {
                self.begin(index, Head::Tuple)?;
                let first = columns.parts(slot)?;
                for (place, of) in parts.iter().enumerate() {
                    let part = first.column.behind(place).slot(first.row);
                    self.step(Step::Position(place), *of, part, below)?;
                }
                Ok(())
            }
            Definition::Enum { variants, .. } => {
                let (number, fields) = columns.variant(slot)?;
                let variant = usize::try_from(number).ok().and_then(|n| variants.get(n));
                let (name, list) = variant.ok_or_else(astray)?;
                self.begin(index, Head::Variant(number.into(), name))?;
                self.fields(list, columns.parts(fields)?, below)
            }
            Definition::Option(of) => match columns.option(slot)? {
                None => self.begin(index, Head::None),
                Some(inner) => {
                    self.begin(index, Head::Some)?;
                    self.step(Step::Inner, *of, inner, below)
                }
            },
            Definition::List(Ref::Primitive(opcode::U8)) => {
                let bytes = columns.bytes(slot)?;
                self.begin(index, Head::List(bytes.len() as u64))?;
                self.bytes(bytes, below)
            }
            Definition::List(of) => {
                let (count, first) = columns.list(slot)?;
                self.begin(index, Head::List(count as u64))?;
                self.elements(*of, count, first, below)
            }
            Definition::Array(length, of) => {
                let (count, first) = columns.array(slot)?;
                self.begin(index, Head::Array(*length))?;
                match of {
                    Ref::Primitive(opcode::U8) => {
                        self.bytes(columns.bytes_of(count, first)?, below)
                    }
                    of => self.elements(*of, count, first, below),
                }
            }
            Definition::Map(key_of, value_of) => {
                let (count, keys) = columns.map(slot)?;
                self.begin(index, Head::Map(count as u64))?;
                for place in 0..count {
                    let key = keys.in_row(place);
                    let value = key.column.behind(1).slot(key.row);
                    self.step(Step::Key(place as u64), *key_of, key, below)?;
                    self.step(Step::Value(place as u64), *value_of, value, below)?;
                }
                Ok(())
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

    fn fields(&mut self, list: &'c FieldList<'_>, first: Slot, depth: usize) -> Result<(), Error> {
        for (place, (name, of)) in list.fields.iter().enumerate() {
            let step = if list.named { Step::Field(name) } else { Step::Position(place) };
            self.step(step, *of, first.column.behind(place).slot(first.row), depth)?;
        }
        Ok(())
    }

    fn elements(&mut self, of: Ref, count: usize, first: Slot, depth: usize) -> Result<(), Error> {
        for index in 0..count {
            self.step(Step::Element(index as u64), of, first.in_row(index), depth)?;
        }
        Ok(())
    }

    /// The elements of a list of bytes at once, as in rows.
    fn bytes(&mut self, bytes: &'c [u8], depth: usize) -> Result<(), Error> {
        self.visitor.step(Step::Inner, depth, Ref::Primitive(opcode::U8))?;
        self.visitor.primitive(self.at..self.at, opcode::U8, Primitive::Bytes(bytes))
    }
}
