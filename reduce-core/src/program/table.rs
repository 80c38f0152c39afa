//! Programs as a stream tells them: read from bytes and checked, without any types of ours.

use super::text::Name;
use super::{FIELD_FLAGS, FIRST_INDEX, NAMED_FIELDS, STATE_FIELDS};
use crate::error::{Error, ErrorKind};
use crate::opcode::{self, Group};
use crate::read::Input;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;
use core::ops::Range;

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

impl Definition<'_> {
    /// The types that it refers to, in order.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Ref> {
        let (lists, refs): (&[(&str, FieldList<'_>)], &[Ref]) = match self {
            Definition::Enum { variants, .. } => (variants, &[]),
            Definition::Tuple(parts) => (&[], parts),
            _ => (&[], &[]),
        };
        let (fields, pair) = match self {
            Definition::Record { fields, .. } => (Some(fields), [None, None]),
            Definition::List(of)
            | Definition::Option(of)
            | Definition::Array(_, of)
            | Definition::Shared(of) => (None, [Some(*of), None]),
            Definition::Map(key, value) => (None, [Some(*key), Some(*value)]),
            Definition::Enum { .. } | Definition::Tuple(_) => (None, [None, None]),
        };
        let fields = fields.into_iter().chain(lists.iter().map(|(_, fields)| fields));
        let fields = fields.flat_map(|list| list.fields.iter().map(|(_, of)| *of));
        fields.chain(refs.iter().copied()).chain(pair.into_iter().flatten())
    }
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
    pub root: Ref,
}

/// Hears of each part of a table, with the place of its bytes, as it is read.
pub(crate) trait Listen<'de> {
    fn part(&mut self, at: Range<usize>, part: Part<'de>);
}

/// A part of a table that stands for itself.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part<'de> {
    /// How many bytes the table takes.
    Length(usize),
    /// How many definitions follow.
    Count(usize),
    /// A record or an enum begins, of so many fields or variants.
    Named { code: u8, name: &'de str, version: u64, count: u64 },
    /// Another definition, whole.
    Unnamed { code: u8 },
    /// A variant of the enum begins, of so many fields.
    Variant { name: &'de str, count: u64 },
    /// A field of the record or variant; one without a name goes by its position.
    Field { name: Option<&'de str>, position: u64, of: Ref },
    /// The type of the stream's value.
    Root(Ref),
}

/// Listens to nothing.
struct Silent;
impl Listen<'_> for Silent {
    fn part(&mut self, _: Range<usize>, _: Part<'_>) {}
}

/// The longest name of a type, field or variant, in bytes.
pub(crate) const MAX_NAME: usize = 1024;
/// The most types that one stream may define.
const MAX_DEFINITIONS: u64 = 1 << 16;

impl<'de> Table<'de> {
    /// Reads a table with its length in front.
    pub(crate) fn read(input: &mut Input<'de>) -> Result<Self, Error> {
        let mut table = Table::empty();
        table.fill(input, &mut Silent).map(|()| table)
    }

    /// No definitions; the root is `unit`.
    pub(crate) fn empty() -> Self {
        Table { definitions: Vec::new(), root: Ref::Primitive(opcode::UNIT) }
    }

    /// Reads a table into an empty one; on an error it keeps the definitions in front of it.
    pub(crate) fn fill(
        &mut self,
        input: &mut Input<'de>,
        listener: &mut impl Listen<'de>,
    ) -> Result<(), Error> {
        let at = input.offset();
        let length = input.length()?;
        listener.part(at..input.offset(), Part::Length(length));
        let mut block = input.sub(length)?;
        self.content(&mut block, listener)?;
        if block.is_empty() {
            Ok(())
        } else {
            Err(block.malformed("bytes are left over after the definitions"))
        }
    }

    fn content(
        &mut self,
        input: &mut Input<'de>,
        listener: &mut impl Listen<'de>,
    ) -> Result<(), Error> {
        let at = input.offset();
        let count = input.varint()?;
        if count > MAX_DEFINITIONS {
            return Err(Error::new(ErrorKind::Limit, "the stream defines more than 65,536 types")
                .with_offset(at));
        }
        // A definition takes two bytes at least.
        let count = usize::try_from(count)
            .ok()
            .filter(|&count| count <= input.remaining() / 2)
            .ok_or_else(|| input.end())?;
        listener.part(at..input.offset(), Part::Count(count));
        self.definitions.reserve_exact(count);
        for _ in 0..count {
            let definition = definition(input, count, listener)?;
            self.definitions.push(definition);
        }
        let at = input.offset();
        self.root = type_ref(input, count)?;
        listener.part(at..input.offset(), Part::Root(self.root));
        Ok(())
    }

    /// The definition at a place of the table.
    pub(crate) fn get(&self, index: usize) -> Option<&Definition<'de>> {
        self.definitions.get(index)
    }
}

fn definition<'de>(
    input: &mut Input<'de>,
    count: usize,
    listener: &mut impl Listen<'de>,
) -> Result<Definition<'de>, Error> {
    let at = input.offset();
    let code = input.byte()?;
    let found = match code {
        opcode::RECORD => {
            let (name, version) = (name(input)?, input.varint()?);
            let head = FieldsHead::read(input)?;
            let part = Part::Named { code, name, version, count: head.count };
            listener.part(at..input.offset(), part);
            let fields = fields(input, head, count, listener)?;
            return Ok(Definition::Record { name, version, fields });
        }
        opcode::ENUM => {
            let (name, version) = (name(input)?, input.varint()?);
            let n = input.count()?;
            let part = Part::Named { code, name, version, count: n as u64 };
            listener.part(at..input.offset(), part);
            return variants(input, n, count, listener).map(|variants| Definition::Enum {
                name,
                version,
                variants,
            });
        }
        opcode::LIST => Definition::List(type_ref(input, count)?),
        opcode::MAP => Definition::Map(type_ref(input, count)?, type_ref(input, count)?),
        opcode::OPTION => Definition::Option(type_ref(input, count)?),
        opcode::TUPLE => {
            let n = input.count()?;
            let mut parts = Vec::with_capacity(n);
            for _ in 0..n {
                parts.push(type_ref(input, count)?);
            }
            Definition::Tuple(parts)
        }
        opcode::ARRAY => Definition::Array(input.varint()?, type_ref(input, count)?),
        opcode::SHARED => Definition::Shared(type_ref(input, count)?),
        code => return Err(refused(code, Group::Definition, "begins a definition", at)),
    };
    listener.part(at..input.offset(), Part::Unnamed { code });
    Ok(found)
}

fn variants<'de>(
    input: &mut Input<'de>,
    n: usize,
    count: usize,
    listener: &mut impl Listen<'de>,
) -> Result<Vec<(&'de str, FieldList<'de>)>, Error> {
    // A variant takes two bytes at least: this bounds what is reserved by the input.
    let mut variants = Vec::with_capacity(n.min(input.remaining() / 2));
    let mut names = BTreeSet::new();
    for _ in 0..n {
        let at = input.offset();
        let variant = name(input)?;
        if !names.insert(variant) {
            return Err(twice("variant", variant, at));
        }
        let head = FieldsHead::read(input)?;
        let part = Part::Variant { name: variant, count: head.count };
        listener.part(at..input.offset(), part);
        variants.push((variant, fields(input, head, count, listener)?));
    }
    Ok(variants)
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

/// What a list of fields begins with.
#[derive(Clone, Copy)]
struct FieldsHead {
    named: bool,
    count: u64,
}

impl FieldsHead {
    fn read(input: &mut Input<'_>) -> Result<Self, Error> {
        let at = input.offset();
        let head = input.varint()?;
        if head & STATE_FIELDS != 0 {
            return Err(Error::new(ErrorKind::Unsupported, "state fields need a later release")
                .with_offset(at));
        }
        let named = head & NAMED_FIELDS != 0;
        let count = head >> FIELD_FLAGS;
        // A field takes a byte at least: this bounds loops and memory by the input.
        if count > input.remaining() as u64 {
            return Err(input.end());
        }
        Ok(FieldsHead { named, count })
    }
}

fn fields<'de>(
    input: &mut Input<'de>,
    head: FieldsHead,
    count: usize,
    listener: &mut impl Listen<'de>,
) -> Result<FieldList<'de>, Error> {
    let FieldsHead { named, count: n } = head;
    let mut fields = Vec::new();
    // Of the size it will have, where `head` was right about it: growing would take thrice as much for a while.
    fields.reserve_exact(usize::try_from(n).unwrap_or(0));
    let mut names = BTreeSet::new();
    for position in 0..n {
        let at = input.offset();
        let field = if named { name(input)? } else { "" };
        if named && !names.insert(field) {
            return Err(twice("field", field, at));
        }
        let of = type_ref(input, count)?;
        fields.push((field, of));
        let part = Part::Field { name: named.then_some(field), position, of };
        listener.part(at..input.offset(), part);
    }
    Ok(FieldList { named, fields })
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
    Error::new(ErrorKind::Malformed, format!("the {what} `{}` is defined twice", Name(name)))
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
