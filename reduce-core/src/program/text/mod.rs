//! Programs as text: for errors that compare two of them, and for the disassembler.
//!
//! `difference` finds the place where two of them part.

mod difference;

use super::table::{Definition, FieldList, Ref, Table};
use crate::opcode;
use alloc::collections::{BTreeSet, VecDeque};
use alloc::string::String;
use core::fmt::{self, Display, Write};
pub(crate) use difference::{both, difference};

/// How deep unnamed types are written out before they are cut short.
const MAX_NESTING: u32 = 16;
/// How long a type's name may get, in bytes, before it is cut short.
const MAX_TYPE_NAME: usize = 400;
/// How long the text of one program may get, in bytes: a field takes one byte in a stream and 400 here.
const MAX_PROGRAM: usize = 16 << 10;

/// A type as a user would write it: `list<option<u32>>`, `app.Order`.
pub(crate) struct TypeName<'a, 'de>(pub &'a Table<'de>, pub Ref);

impl Display for TypeName<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut short = Capped { out: f, left: MAX_TYPE_NAME, full: false };
        let done = write_type(self.0, self.1, MAX_NESTING, &mut short);
        let full = short.full;
        if full { f.write_str(CUT) } else { done }
    }
}

/// How long a name may get that is offered as a fix, in bytes.
pub(crate) const MAX_NAME: usize = 100;
/// Stands where text was cut short.
const CUT: &str = "...";

/// Text of at most about so many bytes, cut short behind them.
pub(crate) fn capped(text: impl Display, most: usize) -> String {
    let mut out = String::new();
    let mut capped = Capped { out: &mut out, left: most, full: false };
    // Writing to a String fails only where it is cut.
    let _ = write!(capped, "{text}");
    if capped.full {
        out.push_str(CUT);
    }
    out
}

/// Stops after so many bytes: a few definitions can spell a name of any length.
struct Capped<'a> {
    out: &'a mut dyn Write,
    left: usize,
    full: bool,
}

impl Write for Capped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if let Some(left) = self.left.checked_sub(text.len()) {
            self.left = left;
            return self.out.write_str(text);
        }
        let room = (0..=self.left).rev().find_map(|end| text.get(..end)).unwrap_or_default();
        self.left = 0;
        self.full = true;
        self.out.write_str(room)?;
        Err(fmt::Error)
    }
}

fn write_type(table: &Table<'_>, of: Ref, nesting: u32, f: &mut dyn Write) -> fmt::Result {
    let index = match of {
        Ref::Primitive(code) => return f.write_str(primitive_name(code)),
        Ref::Index(index) => index,
    };
    let Some(nesting) = nesting.checked_sub(1) else {
        return f.write_str("...");
    };
    match table.get(index) {
        Some(Definition::Record { name, .. } | Definition::Enum { name, .. }) => {
            write!(f, "{}", Name(name))
        }
        Some(Definition::List(of)) => write_generic("list", table, &[*of], nesting, f),
        Some(Definition::Map(key, value)) => {
            write_generic("map", table, &[*key, *value], nesting, f)
        }
        Some(Definition::Option(of)) => write_generic("option", table, &[*of], nesting, f),
        Some(Definition::Shared(of)) => write_generic("shared", table, &[*of], nesting, f),
        Some(Definition::Weak(of)) => write_generic("weak", table, &[*of], nesting, f),
        Some(Definition::Persistent(of)) => write_generic("persistent", table, &[*of], nesting, f),
        Some(Definition::Dyn(name)) => write!(f, "dyn {}", Name(name)),
        Some(Definition::Dispatch) => f.write_str("dispatch"),
        Some(Definition::Named(name, _)) => write!(f, "{}", Name(name)),
        Some(Definition::Coded(code, _)) => write!(f, "code {code}"),
        Some(Definition::Tuple(parts)) => write_generic("tuple", table, parts, nesting, f),
        Some(Definition::Array(length, of)) => {
            f.write_str("array<")?;
            write_type(table, *of, nesting, f)?;
            write!(f, "; {length}>")
        }
        None => f.write_str("?"),
    }
}

fn write_generic(
    what: &str,
    table: &Table<'_>,
    parts: &[Ref],
    nesting: u32,
    f: &mut dyn Write,
) -> fmt::Result {
    write!(f, "{what}<")?;
    for (n, part) in parts.iter().enumerate() {
        if n > 0 {
            f.write_str(", ")?;
        }
        write_type(table, *part, nesting, f)?;
    }
    f.write_str(">")
}

pub(crate) fn primitive_name(code: u8) -> &'static str {
    opcode::find(code).map_or("?", |row| row.name)
}

/// A name from a stream: plain where it is one, quoted and escaped where it might deceive a reader.
pub(crate) struct Name<'a>(pub &'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |c: char| c.is_alphanumeric() || "_.:<>,-/ ".contains(c);
        if !self.0.is_empty() && self.0.chars().all(plain) {
            f.write_str(self.0)
        } else {
            write!(f, "{:?}", self.0)
        }
    }
}

/// A program as text, the root first, one line a field: what errors show side by side. Cut short where it is long.
pub(crate) fn program(table: &Table<'_>) -> String {
    program_at(table, table.root)
}

/// The same, of another type than the root.
pub(crate) fn program_at(table: &Table<'_>, of: Ref) -> String {
    capped(ProgramText(table, of), MAX_PROGRAM)
}

struct ProgramText<'a, 'de>(&'a Table<'de>, Ref);

impl Display for ProgramText<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ProgramText(table, root) = *self;
        write!(f, "{}", TypeName(table, root))?;
        let mut seen = BTreeSet::new();
        let mut next: VecDeque<usize> = VecDeque::new();
        let mut follow = |of: Ref, next: &mut VecDeque<usize>| {
            if let Ref::Index(index) = of
                && seen.insert(index)
            {
                next.push_back(index);
            }
        };
        follow(root, &mut next);
        while let Some(index) = next.pop_front() {
            let Some(definition) = table.get(index) else { continue };
            write_definition(table, definition, f)?;
            definition.parts().for_each(|of| follow(of, &mut next));
        }
        Ok(())
    }
}

fn write_definition(
    table: &Table<'_>,
    definition: &Definition<'_>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    match definition {
        Definition::Record { name, fields, state, .. } => {
            write!(f, "\nstruct {}", Name(name))?;
            write_fields(table, fields, state, 0, f)
        }
        Definition::Enum { name, variants, .. } => {
            write!(f, "\nenum {} {{", Name(name))?;
            for (variant, fields) in variants {
                write!(f, "\n{INDENT}{}", Name(variant))?;
                write_fields(table, fields, &FieldList::default(), 1, f)?;
            }
            f.write_str("\n}")
        }
        // The types without names are spelled where they occur.
        _ => Ok(()),
    }
}

const INDENT: &str = "    ";

/// Writes the fields, and the state fields as such.
fn write_fields(
    table: &Table<'_>,
    fields: &FieldList<'_>,
    state: &FieldList<'_>,
    level: usize,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    if fields.fields.is_empty() && state.fields.is_empty() {
        return Ok(());
    }
    let named = fields.named || state.named;
    f.write_str(if named { " {" } else { "(" })?;
    let kept = fields.fields.iter().map(|field| (fields.named, "", field));
    let state = state.fields.iter().map(|field| (state.named, "state ", field));
    for (n, (has_name, mark, (name, of))) in kept.chain(state).enumerate() {
        if named {
            f.write_str("\n")?;
            (0..=level).try_for_each(|_| f.write_str(INDENT))?;
            if has_name {
                write!(f, "{mark}{}: ", Name(name))?;
            } else {
                write!(f, "{mark}{n}: ")?;
            }
        } else {
            write!(f, "{}{mark}", if n > 0 { ", " } else { "" })?;
        }
        write!(f, "{}", TypeName(table, *of))?;
    }
    if !named {
        return f.write_str(")");
    }
    f.write_str("\n")?;
    (0..level).try_for_each(|_| f.write_str(INDENT))?;
    f.write_str("}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::opcode;
    use crate::read::Input;
    use alloc::string::ToString;

    #[test]
    fn text_is_cut_between_characters_and_marked() {
        assert_eq!(capped("abc", 3), "abc");
        assert_eq!(capped("abcd", 3), "abc...");
        assert_eq!(capped("a\u{E9}\u{E9}", 4), "a\u{E9}...");
        assert_eq!(capped(format_args!("{}{}", "ab", "cd"), 3), "abc...");
        assert_eq!(capped("a", 0), "...");
    }

    #[test]
    fn a_type_that_spells_itself_without_end_is_cut() {
        // Definition 0: a tuple of itself, twice.
        let block = [6, 1, opcode::TUPLE, 2, 0x40, 0x40, 0x40];
        let table = Table::read(&mut Input::new(&block), &Limits::DEFAULT).unwrap();
        let name = TypeName(&table, table.root).to_string();
        assert!(name.starts_with("tuple<tuple<"), "{name}");
        assert!(name.ends_with(CUT) && name.len() <= MAX_TYPE_NAME + CUT.len(), "{name}");
    }
}
