//! The lines of a table of types.

use super::instruction::{STATE, Section};
use super::listing::{Line, Listing};
use crate::opcode;
use crate::program::Code;
use crate::program::table::{Definition, Listen, Part, Ref, Table};
use crate::program::text::{Name, TypeName, capped};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// How long the name of a type gets in a line, in bytes.
pub(super) const TYPE_WIDTH: usize = 60;
/// How long the name of a field or a variant gets in a line, in bytes.
pub(super) const NAME_WIDTH: usize = 60;

/// The parts of a table while it is read: a type can be spelled only when all are known.
pub(super) struct Parts<'de> {
    parts: Vec<(Range<usize>, Part<'de>)>,
    most: usize,
    left_out: u64,
}

impl<'de> Listen<'de> for Parts<'de> {
    fn part(&mut self, at: Range<usize>, part: Part<'de>) {
        if self.parts.len() < self.most {
            self.parts.push((at, part));
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }
}

impl<'de> Parts<'de> {
    pub(super) fn new(most: usize) -> Self {
        Parts { parts: Vec::new(), most, left_out: 0 }
    }

    /// Lists the parts; the first definition among them has this place.
    pub(super) fn list(
        self,
        listing: &mut Listing<'_>,
        section: Section,
        table: &Table<'de>,
        first: usize,
    ) {
        let mut spelled = Spelled { table, definition: first, in_enum: false, inner: false };
        for (at, part) in self.parts {
            // What is left out is spelled all the same where it counts definitions.
            let line = spelled.line(part);
            listing.add(section, at, || line);
        }
        listing.leave_out(self.left_out);
    }
}

/// Spells parts, one after the other.
struct Spelled<'a, 'de> {
    table: &'a Table<'de>,
    definition: usize,
    in_enum: bool,
    /// In a variant, or among the state fields of a record.
    inner: bool,
}

impl Spelled<'_, '_> {
    fn line(&mut self, part: Part<'_>) -> Line {
        match part {
            Part::Length(length) => plain("length", format!("{length}")),
            Part::Count(count) => plain("count", format!("{count}")),
            Part::Root(of) => plain("root", self.reference(of)),
            Part::Named { code, name, version, count } => {
                self.in_enum = code == opcode::ENUM;
                self.inner = self.in_enum;
                let what = if self.in_enum { "variant" } else { "field" };
                let mut operand = counted(count, what);
                if version != 0 {
                    operand = format!("version {version}, {operand}");
                }
                let of = capped(Name(name), NAME_WIDTH);
                Line { of, operand, ..self.numbered(code) }
            }
            Part::Unnamed { code } => {
                let of = self.spelled(Ref::Index(self.definition));
                let operand = match code {
                    // What is registered is said with a primitive's name too.
                    opcode::NAMED | opcode::CODED => self.registered(),
                    _ => self.operands(),
                };
                Line { of, operand, ..self.numbered(code) }
            }
            Part::State { count } => {
                self.inner = true;
                let step = counted(count, "field");
                Line { opcode: STATE, depth: 1, step, ..Line::default() }
            }
            Part::Variant { name, count } => Line {
                opcode: "variant",
                depth: 1,
                step: capped(Name(name), NAME_WIDTH),
                operand: if count == 0 { String::new() } else { counted(count, "field") },
                ..Line::default()
            },
            Part::Field { name, position, of } => Line {
                opcode: "field",
                depth: if self.inner { 2 } else { 1 },
                step: match name {
                    Some(name) => capped(Name(name), NAME_WIDTH),
                    None => format!("{position}"),
                },
                of: self.reference(of),
                ..Line::default()
            },
        }
    }

    /// A definition begins, and takes the next place.
    fn numbered(&mut self, code: u8) -> Line {
        let step = format!("#{}", self.definition);
        self.definition = self.definition.saturating_add(1);
        Line { opcode: name_of(code), step, ..Line::default() }
    }

    fn spelled(&self, of: Ref) -> String {
        capped(TypeName(self.table, of), TYPE_WIDTH)
    }

    /// A type, with its place in the table.
    fn reference(&self, of: Ref) -> String {
        match of {
            Ref::Primitive(_) => self.spelled(of),
            Ref::Index(index) => format!("#{index} {}", self.spelled(of)),
        }
    }

    /// The type that the definition registers.
    fn registered(&self) -> String {
        let of = self.table.get(self.definition).and_then(Definition::registered);
        of.map(|of| format!("of {}", self.reference(of))).unwrap_or_default()
    }

    /// The places of what a definition without a name refers to.
    fn operands(&self) -> String {
        let Some(definition) = self.table.get(self.definition) else { return String::new() };
        let places = definition.parts().filter_map(|of| match of {
            Ref::Index(index) => Some(index),
            Ref::Primitive(_) => None,
        });
        let mut operand = String::new();
        for (n, index) in places.enumerate() {
            if n == SHOWN_PLACES {
                operand.push_str(", ...");
                break;
            }
            operand.push_str(if n > 0 { ", " } else { "of " });
            operand.push_str(&format!("#{index}"));
        }
        if let Definition::Tuple(parts) = definition
            && parts.len() > SHOWN_PLACES
        {
            operand = format!("{}, {operand}", counted(parts.len() as u64, "element"));
        }
        operand
    }
}

/// How many places a definition's line shows.
const SHOWN_PLACES: usize = 8;

/// Adds a line of the codes of a message.
pub(super) fn list_code(listing: &mut Listing<'_>, at: Range<usize>, place: String, code: &Code) {
    let (step, of) = (place, format!("code {}", code.code));
    let operand = format!("fingerprint {:016x}", code.fingerprint);
    let line = Line { opcode: name_of(opcode::CODED), step, of, operand, ..Line::default() };
    listing.add(Section::More, at, || line);
}

/// Adds the line of how many codes a message has.
pub(super) fn list_count(listing: &mut Listing<'_>, at: Range<usize>, count: usize) {
    listing.add(Section::More, at, || plain("count", format!("{count}")));
}

fn plain(opcode: &'static str, operand: String) -> Line {
    Line { opcode, operand, ..Line::default() }
}

/// `1 field`, `2 fields`.
pub(super) fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

pub(super) fn name_of(code: u8) -> &'static str {
    opcode::find(code).map_or("?", |row| row.name)
}
