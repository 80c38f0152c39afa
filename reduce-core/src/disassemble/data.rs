//! The lines of a value: listens to a walk over the data.

use super::columns::{Piece, Pieces};
use super::instruction::{STATE, Section};
use super::listing::{Line, Listing};
use super::programs::{NAME_WIDTH, TYPE_WIDTH, counted, name_of};
use super::quote;
use crate::error::Error;
use crate::opcode;
use crate::program::table::{Definition, Ref, Table};
use crate::program::text::{Name, TypeName, capped};
use crate::scan::{Head, InColumns, Mark, Primitive, Step, Visit};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;

/// Writes a line for every value.
pub(super) struct Data<'l, 'b, 'a, 'de> {
    listing: &'l mut Listing<'b>,
    table: &'a Table<'de>,
    section: Section,
    /// The way to the value that is being read.
    path: Vec<Step<'de>>,
    /// Its type.
    of: Ref,
    /// Whether it has been read.
    done: bool,
    /// Where each shared object was met first.
    memo: &'l mut Vec<usize>,
    /// The same of what is around the value of any type that is being read.
    around: Vec<Vec<usize>>,
}

/// How many steps of a path are shown.
const SHOWN_STEPS: usize = 16;

impl<'l, 'b, 'a, 'de> Data<'l, 'b, 'a, 'de> {
    /// The objects of earlier messages are in the memo.
    pub(super) fn new(
        listing: &'l mut Listing<'b>,
        table: &'a Table<'de>,
        memo: &'l mut Vec<usize>,
    ) -> Self {
        let (path, around) = (Vec::new(), Vec::new());
        let (section, of, done) = (Section::Data, table.root, true);
        Data { listing, table, section, path, of, done, memo, around }
    }

    /// The way to the value at which the walk broke off, and its type; nothing where none was being read.
    pub(super) fn broken_off(&self) -> String {
        if self.done {
            return String::new();
        }
        let mut at = String::new();
        let left_out = self.path.len().saturating_sub(SHOWN_STEPS);
        if left_out > 0 {
            at.push_str("...");
        }
        for step in self.path.iter().skip(left_out) {
            let step = step_text(*step);
            if !at.is_empty() && !step.is_empty() && !step.starts_with('[') {
                at.push('.');
            }
            at.push_str(&step);
        }
        let of = self.type_text(self.of);
        if at.is_empty() { format!("the root ({of})") } else { format!("{at} ({of})") }
    }

    fn type_text(&self, of: Ref) -> String {
        capped(TypeName(self.table, of), TYPE_WIDTH)
    }

    fn add(&mut self, at: Range<usize>, line: impl FnOnce(&Self) -> Line) {
        self.done = true;
        if self.listing.room() == 0 {
            self.listing.leave_out(1);
            return;
        }
        let step = self.path.last().map(|step| step_text(*step)).unwrap_or_default();
        let line = Line { depth: self.path.len(), step, ..line(self) };
        self.listing.add(self.section, at, || line);
    }
}

impl<'de> Visit<'de> for Data<'_, '_, '_, 'de> {
    fn mark(&mut self, at: Range<usize>, mark: Mark) -> Result<(), Error> {
        self.path.clear();
        match mark {
            Mark::Ahead(_) => self.section = Section::Ahead,
            Mark::States => self.section = Section::States,
            Mark::Type(_) => {}
        }
        self.add(at, |data| data.mark_line(mark));
        Ok(())
    }

    fn inner_mark(&mut self, at: Range<usize>, depth: usize, mark: Mark) -> Result<(), Error> {
        self.path.truncate(depth.saturating_sub(1));
        self.path.push(Step::Inner);
        self.add(at, |data| data.mark_line(mark));
        self.path.pop();
        Ok(())
    }

    fn document(&mut self, at: Range<usize>, of: Ref) -> Result<(), Error> {
        self.add(at, |data| Line {
            opcode: name_of(opcode::VALUE),
            operand: data.reference_text(of),
            ..Line::default()
        });
        self.around.push(core::mem::take(self.memo));
        Ok(())
    }

    fn end_document(&mut self) -> Result<(), Error> {
        *self.memo = self.around.pop().unwrap_or_default();
        Ok(())
    }

    fn step(&mut self, step: Step<'de>, depth: usize, of: Ref) -> Result<(), Error> {
        self.done = false;
        self.of = of;
        if step == Step::Root {
            self.section = Section::Data;
        }
        // The root is reached by no step.
        self.path.truncate(depth.saturating_sub(1));
        if step != Step::Root {
            self.path.push(step);
        }
        Ok(())
    }

    fn primitive(
        &mut self,
        at: Range<usize>,
        code: u8,
        value: Primitive<'de>,
    ) -> Result<(), Error> {
        if let Primitive::Bytes(bytes) = value {
            // One line with the list that they are the elements of.
            self.done = true;
            self.path.pop();
            self.listing.extend(at, || quote::bytes(bytes));
            return Ok(());
        }
        self.add(at, |_| Line {
            opcode: name_of(code),
            operand: primitive_text(value),
            ..Line::default()
        });
        Ok(())
    }

    fn begin(&mut self, at: Range<usize>, index: usize, head: Head<'de>) -> Result<(), Error> {
        let start = at.start;
        self.add(at, |data| {
            let (opcode, operand) = data.head_text(index, head);
            Line { opcode, of: data.type_text(Ref::Index(index)), operand, ..Line::default() }
        });
        if let Head::New { .. } = head {
            self.memo.push(start);
        }
        Ok(())
    }

    fn columns(
        &mut self,
        at: Range<usize>,
        index: usize,
        list: &InColumns<'_, 'de>,
    ) -> Result<(), Error> {
        self.add(at, |data| {
            let elements = counted(list.count, "element");
            let bytes = counted(list.blocks.remaining() as u64, "byte");
            let operand = format!("{elements} in {bytes}");
            let (opcode, of) = (name_of(opcode::COLUMNS), data.type_text(Ref::Index(index)));
            Line { opcode, of, operand, ..Line::default() }
        });
        let depth = self.path.len().saturating_add(1);
        let (table, section, listing) = (self.table, self.section, &mut *self.listing);
        let mut each = |piece: Piece| {
            let Piece { at, coding, path, of, operand } = piece;
            let of = of.map_or_else(String::new, |of| capped(TypeName(table, of), TYPE_WIDTH));
            listing.add(section, at, || Line { opcode: coding, depth, step: path, of, operand });
        };
        let mut pieces = Pieces { table, blocks: list.blocks, each: &mut each };
        pieces.column(list.element, list.count, "")
    }

    fn stop(&mut self, at: Range<usize>) -> Result<(), Error> {
        self.path.clear();
        self.add(at, |_| Line { opcode: name_of(opcode::STOP), ..Line::default() });
        Ok(())
    }
}

impl Data<'_, '_, '_, '_> {
    fn mark_line(&self, mark: Mark) -> Line {
        let (opcode, operand) = match mark {
            Mark::Ahead(count) => ("count", count.to_string()),
            Mark::Type(of) => ("type", self.reference_text(of)),
            Mark::States => (name_of(opcode::STATES), String::new()),
        };
        Line { opcode, operand, ..Line::default() }
    }

    /// A type, with its place in the table.
    fn reference_text(&self, of: Ref) -> String {
        match of {
            Ref::Index(index) => format!("#{index} {}", self.type_text(of)),
            Ref::Primitive(_) => self.type_text(of),
        }
    }

    fn head_text(&self, index: usize, head: Head<'_>) -> (&'static str, String) {
        match head {
            Head::Record => (name_of(opcode::RECORD), String::new()),
            Head::Tuple => (name_of(opcode::TUPLE), String::new()),
            Head::Array(_) => (name_of(opcode::ARRAY), String::new()),
            Head::Variant(number, name) => {
                let name = capped(Name(name), NAME_WIDTH);
                (name_of(opcode::ENUM), format!("{number}, {name}"))
            }
            Head::List(count) => (name_of(opcode::LIST), counted(count, "element")),
            Head::Aligned(count) => (name_of(opcode::ALIGNED), counted(count, "element")),
            Head::Buffer { count, width: 1, number } => {
                (name_of(opcode::BUFFER), format!("{number}, {}", counted(count, "byte")))
            }
            Head::Buffer { count, width, number } => {
                let numbers = counted(count, "number");
                (name_of(opcode::BUFFER), format!("{number}, {numbers} of {width} bytes"))
            }
            Head::Map(1) => (name_of(opcode::MAP), "1 entry".into()),
            Head::Map(count) => (name_of(opcode::MAP), format!("{count} entries")),
            Head::None => (name_of(opcode::OPTION), "none".into()),
            Head::Some => (name_of(opcode::OPTION), "some".into()),
            Head::New { code, number } => (name_of(code), format!("memo {number}")),
            Head::BackReference(number) => {
                let place = usize::try_from(number).ok().and_then(|n| self.memo.get(n));
                let place = place.map(|at| format!(", from byte {at}")).unwrap_or_default();
                (name_of(opcode::BACK_REFERENCE), format!("memo {number}{place}"))
            }
            Head::Dangling => (name_of(opcode::DANGLING), String::new()),
            Head::Registered(registered) => {
                let code = match self.table.get(index) {
                    Some(Definition::Dispatch) => opcode::DISPATCH,
                    _ => opcode::DYN,
                };
                (name_of(code), self.registered_text(registered))
            }
            Head::Persistent => (name_of(opcode::PERSISTENT), String::new()),
            Head::State(number) => {
                let place = self.memo.get(number).map(|at| format!("from byte {at}"));
                (STATE, place.unwrap_or_default())
            }
        }
    }

    /// A registered type: its name, or its code with the type.
    fn registered_text(&self, index: usize) -> String {
        let name = self.type_text(Ref::Index(index));
        match self.table.get(index) {
            Some(Definition::Coded(_, of)) => format!("{name}, {}", self.type_text(*of)),
            _ => name,
        }
    }
}

fn step_text(step: Step<'_>) -> String {
    match step {
        Step::Root | Step::Inner => String::new(),
        Step::Ahead(n) => format!("ahead[{n}]"),
        Step::State(number) => format!("memo {number}"),
        Step::Field(name) => capped(Name(name), NAME_WIDTH),
        Step::Position(n) => n.to_string(),
        Step::Element(n) | Step::Value(n) => format!("[{n}]"),
        Step::Key(n) => format!("[key {n}]"),
    }
}

fn primitive_text(value: Primitive<'_>) -> String {
    match value {
        Primitive::Unit => String::new(),
        Primitive::Bool(value) => value.to_string(),
        Primitive::Char(value) => format!("{value:?}"),
        Primitive::Unsigned(value) => value.to_string(),
        Primitive::Signed(value) => value.to_string(),
        Primitive::F32(value) if value.is_nan() => format!("NaN ({:#010x})", value.to_bits()),
        Primitive::F64(value) if value.is_nan() => format!("NaN ({:#018x})", value.to_bits()),
        Primitive::F32(value) => format!("{value:?}"),
        Primitive::F64(value) => format!("{value:?}"),
        Primitive::Str(text) => quote::text(text),
        Primitive::OsBytes(bytes) => format!("of Unix, {}", quote::bytes(bytes)),
        Primitive::OsWide(bytes) => format!("of Windows, {}", quote::bytes(bytes)),
        Primitive::Bytes(bytes) => quote::bytes(bytes),
    }
}
