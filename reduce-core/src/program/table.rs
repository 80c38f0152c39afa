//! Programs as a stream tells them: read from bytes and checked, without any types of ours.

use super::{FIELD_FLAGS, FIRST_INDEX, NAMED_FIELDS, STATE_FIELDS};
use crate::error::{Error, ErrorKind};
use crate::opcode::{self, Group};
use crate::read::Input;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

/// A type where it is referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ref {
    /// A primitive, by its opcode.
    Primitive(u8),
    /// A place in the table; checked to be inside of it.
    Index(usize),
}

/// One definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Definition<'de> {
    Record { name: &'de str, version: u64, fields: FieldList<'de> },
    Enum { name: &'de str, version: u64, variants: Vec<(&'de str, FieldList<'de>)> },
    List(Ref),
    Map(Ref, Ref),
    Option(Ref),
    Tuple(Vec<Ref>),
    Array(u64, Ref),
    Shared(Ref),
}

/// The fields of a record or a variant; those without names go by their position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldList<'de> {
    pub named: bool,
    /// Name (empty where there is none) and type.
    pub fields: Vec<(&'de str, Ref)>,
}

/// The table of types of one stream, and the type of its root.
#[derive(Clone, Debug)]
pub(crate) struct Table<'de> {
    pub definitions: Vec<Definition<'de>>,
    /// Where each definition begins, in bytes from the start of the stream.
    pub offsets: Vec<usize>,
    pub root: Ref,
}

/// The longest name of a type, field or variant, in bytes.
pub(crate) const MAX_NAME: usize = 1024;
/// The most types that one stream may define.
const MAX_DEFINITIONS: u64 = 1 << 16;

impl<'de> Table<'de> {
    /// Reads a table with its length in front.
    pub(crate) fn read(input: &mut Input<'de>) -> Result<Self, Error> {
        let length = input.length()?;
        let mut block = input.sub(length)?;
        let table = Self::content(&mut block)?;
        if block.is_empty() {
            Ok(table)
        } else {
            Err(block.malformed("bytes are left over after the definitions"))
        }
    }

    fn content(input: &mut Input<'de>) -> Result<Self, Error> {
        let count = input.varint()?;
        if count > MAX_DEFINITIONS {
            return Err(input.malformed("the stream defines more than 65,536 types"));
        }
        // A definition takes two bytes at least.
        let count = usize::try_from(count)
            .ok()
            .filter(|&count| count <= input.remaining() / 2)
            .ok_or_else(|| input.end())?;
        let mut table = Table {
            definitions: Vec::with_capacity(count),
            offsets: Vec::with_capacity(count),
            root: Ref::Primitive(opcode::UNIT),
        };
        for _ in 0..count {
            table.offsets.push(input.offset());
            table.definitions.push(definition(input, count)?);
        }
        table.root = type_ref(input, count)?;
        Ok(table)
    }

    /// The definition at a place of the table.
    pub(crate) fn get(&self, index: usize) -> Option<&Definition<'de>> {
        self.definitions.get(index)
    }
}

fn definition<'de>(input: &mut Input<'de>, count: usize) -> Result<Definition<'de>, Error> {
    let at = input.offset();
    Ok(match input.byte()? {
        opcode::RECORD => Definition::Record {
            name: name(input)?,
            version: input.varint()?,
            fields: fields(input, count)?,
        },
        opcode::ENUM => {
            let (enum_name, version) = (name(input)?, input.varint()?);
            let n = input.count()?;
            let mut variants = Vec::new();
            let mut names = BTreeSet::new();
            for _ in 0..n {
                let at = input.offset();
                let variant = name(input)?;
                if !names.insert(variant) {
                    return Err(twice("variant", variant, at));
                }
                variants.push((variant, fields(input, count)?));
            }
            Definition::Enum { name: enum_name, version, variants }
        }
        opcode::LIST => Definition::List(type_ref(input, count)?),
        opcode::MAP => Definition::Map(type_ref(input, count)?, type_ref(input, count)?),
        opcode::OPTION => Definition::Option(type_ref(input, count)?),
        opcode::TUPLE => {
            let n = input.count()?;
            let mut parts = Vec::new();
            for _ in 0..n {
                parts.push(type_ref(input, count)?);
            }
            Definition::Tuple(parts)
        }
        opcode::ARRAY => Definition::Array(input.varint()?, type_ref(input, count)?),
        opcode::SHARED => Definition::Shared(type_ref(input, count)?),
        code => return Err(refused(code, Group::Definition, "begins a definition", at)),
    })
}

fn type_ref(input: &mut Input<'_>, count: usize) -> Result<Ref, Error> {
    let at = input.offset();
    let number = input.varint()?;
    match u8::try_from(number) {
        Ok(code) if code < FIRST_INDEX => match opcode::find(code) {
            Some(row) if row.group == Group::Primitive && !row.reserved => Ok(Ref::Primitive(code)),
            _ => Err(refused(code, Group::Primitive, "is a primitive type", at)),
        },
        _ => number
            .checked_sub(u64::from(FIRST_INDEX))
            .and_then(|index| usize::try_from(index).ok())
            .filter(|&index| index < count)
            .map(Ref::Index)
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::Malformed,
                    format!("type {number} is outside of the table of {count} definitions"),
                )
                .with_offset(at)
            }),
    }
}

fn fields<'de>(input: &mut Input<'de>, count: usize) -> Result<FieldList<'de>, Error> {
    let at = input.offset();
    let head = input.varint()?;
    if head & STATE_FIELDS != 0 {
        return Err(
            Error::new(ErrorKind::Unsupported, "state fields need a later release").with_offset(at)
        );
    }
    let named = head & NAMED_FIELDS != 0;
    let n = head >> FIELD_FLAGS;
    // A field takes a byte at least: this bounds the loop by the input.
    if n > input.remaining() as u64 {
        return Err(input.end());
    }
    let mut list = FieldList { named, fields: Vec::new() };
    let mut names = BTreeSet::new();
    for _ in 0..n {
        let at = input.offset();
        let field = if named { name(input)? } else { "" };
        if named && !names.insert(field) {
            return Err(twice("field", field, at));
        }
        list.fields.push((field, type_ref(input, count)?));
    }
    Ok(list)
}

fn name<'de>(input: &mut Input<'de>) -> Result<&'de str, Error> {
    let at = input.offset();
    let text = input.str()?;
    if text.len() > MAX_NAME {
        return Err(
            Error::new(ErrorKind::Limit, "a name is longer than 1,024 bytes").with_offset(at)
        );
    }
    Ok(text)
}

#[cold]
fn twice(what: &str, name: &str, at: usize) -> Error {
    Error::new(ErrorKind::Malformed, format!("the {what} `{name}` is defined twice"))
        .with_offset(at)
}

/// An opcode that cannot stand here: unknown, reserved, or of another group.
#[cold]
pub(crate) fn refused(code: u8, group: Group, should: &str, at: usize) -> Error {
    let error = match opcode::find(code) {
        Some(row) if row.group == group && row.reserved => Error::new(
            ErrorKind::Unsupported,
            format!("the opcode `{}` needs a later release", row.name),
        ),
        Some(row) => Error::new(
            ErrorKind::Malformed,
            format!("the opcode `{}` stands where one is expected that {should}", row.name),
        ),
        None => Error::new(ErrorKind::Malformed, format!("unknown opcode {code:#04x}")),
    };
    error.with_offset(at)
}
