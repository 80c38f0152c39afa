//! Programs as a stream tells them: read from bytes and checked, without any types of ours.
//!
//! `definition` reads one definition; here they become a table. `append` puts tables together, `kept` keeps
//! them for sessions.

mod append;
mod definition;
mod kept;

use super::FIRST_INDEX;
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::opcode::{self, Group};
use crate::read::Input;
use alloc::format;
use alloc::vec::Vec;
use core::ops::Range;
use definition::{definition, type_ref};

/// A type where it is referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ref {
    /// A primitive, by its opcode.
    Primitive(u8),
    /// A place in the table; checked to be inside of it.
    Index(usize),
}

impl Ref {
    /// How many bytes each takes in a buffer, if the type is one of numbers.
    pub(crate) fn width(self) -> Option<usize> {
        match self {
            Ref::Primitive(code) => opcode::width(code),
            Ref::Index(_) => None,
        }
    }
}

/// One definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Definition<'de> {
    /// The state fields are none where a record has no state.
    Record {
        name: &'de str,
        version: u64,
        fields: FieldList<'de>,
        state: FieldList<'de>,
    },
    Enum {
        name: &'de str,
        version: u64,
        variants: Vec<(&'de str, FieldList<'de>)>,
    },
    List(Ref),
    Map(Ref, Ref),
    Option(Ref),
    Tuple(Vec<Ref>),
    Array(u64, Ref),
    Shared(Ref),
    Weak(Ref),
    /// A trait object, by the trait's name.
    Dyn(&'de str),
    Dispatch,
    Persistent(Ref),
    /// A registered type, by its registered name.
    Named(&'de str, Ref),
    /// A registered type, by its code.
    Coded(u64, Ref),
}

impl Definition<'_> {
    /// The types that it refers to, in order.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Ref> {
        let (lists, refs): (&[(&str, FieldList<'_>)], &[Ref]) = match self {
            Definition::Enum { variants, .. } => (variants, &[]),
            Definition::Tuple(parts) => (&[], parts),
            _ => (&[], &[]),
        };
        let fields = match self {
            Definition::Record { fields, state, .. } => [Some(fields), Some(state)],
            _ => [None, None],
        };
        let pair = match self {
            Definition::List(of)
            | Definition::Option(of)
            | Definition::Array(_, of)
            | Definition::Shared(of)
            | Definition::Weak(of)
            | Definition::Persistent(of)
            | Definition::Named(_, of)
            | Definition::Coded(_, of) => [Some(*of), None],
            Definition::Map(key, value) => [Some(*key), Some(*value)],
            Definition::Record { .. }
            | Definition::Enum { .. }
            | Definition::Tuple(_)
            | Definition::Dyn(_)
            | Definition::Dispatch => [None, None],
        };
        let fields = fields.into_iter().flatten();
        let fields = fields.chain(lists.iter().map(|(_, fields)| fields));
        let fields = fields.flat_map(|list| list.fields.iter().map(|(_, of)| *of));
        fields.chain(refs.iter().copied()).chain(pair.into_iter().flatten())
    }

    /// The type that is registered, of one that only the data of trait objects and foreign types refers to.
    pub(crate) fn registered(&self) -> Option<Ref> {
        match self {
            Definition::Named(_, of) | Definition::Coded(_, of) => Some(*of),
            _ => None,
        }
    }
}

/// The fields of a record or a variant; those without names go by their position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// It was put together from several programs.
    appended: bool,
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
    /// The record's state fields follow, so many.
    State { count: u64 },
    /// Another definition, whole.
    Unnamed { code: u8 },
    /// A variant of the enum begins, of so many fields.
    Variant { name: &'de str, count: u64 },
    /// A field of the record or variant, or a state field; one without a name goes by its position.
    Field { name: Option<&'de str>, position: u64, of: Ref },
    /// The type of the stream's value.
    Root(Ref),
}

/// Listens to nothing.
pub(crate) struct Silent;
impl Listen<'_> for Silent {
    fn part(&mut self, _: Range<usize>, _: Part<'_>) {}
}

impl<'de> Table<'de> {
    /// Reads a table with its length in front.
    pub(crate) fn read(input: &mut Input<'de>, limits: &Limits) -> Result<Self, Error> {
        let mut table = Table::empty();
        table.fill(input, limits, &mut Silent).map(|()| table)
    }

    /// No definitions; the root is `unit`.
    pub(crate) fn empty() -> Self {
        Table { definitions: Vec::new(), root: Ref::Primitive(opcode::UNIT), appended: false }
    }

    /// Reads a table into an empty one, or the definitions and the root of a message that continues others into theirs; on
    /// an error it keeps the definitions in front of it.
    pub(crate) fn fill(
        &mut self,
        input: &mut Input<'de>,
        limits: &Limits,
        listener: &mut impl Listen<'de>,
    ) -> Result<(), Error> {
        let mut block = sub_block(input, listener)?;
        self.definitions(&mut block, limits, listener)?;
        let at = block.offset();
        self.root = type_ref(&mut block, self.definitions.len())?;
        self.unregistered(self.root, at)?;
        listener.part(at..block.offset(), Part::Root(self.root));
        ended(&block)
    }

    /// Reads the definitions that continue the table, their length in front.
    pub(crate) fn more(&mut self, input: &mut Input<'de>, limits: &Limits) -> Result<(), Error> {
        self.continued(input, limits, &mut Silent)
    }

    /// As [`more`](Self::more); on an error it keeps the definitions in front of it.
    pub(crate) fn continued(
        &mut self,
        input: &mut Input<'de>,
        limits: &Limits,
        listener: &mut impl Listen<'de>,
    ) -> Result<(), Error> {
        let mut block = sub_block(input, listener)?;
        self.definitions(&mut block, limits, listener)?;
        ended(&block)
    }

    /// Reads a count and so many definitions, which take the next places of the table.
    fn definitions(
        &mut self,
        input: &mut Input<'de>,
        limits: &Limits,
        listener: &mut impl Listen<'de>,
    ) -> Result<(), Error> {
        let at = input.offset();
        let count = input.varint()?;
        let before = self.definitions.len();
        if let Some(error) = limits.too_many_definitions(count.saturating_add(before as u64)) {
            return Err(error.with_offset(at));
        }
        // A definition takes a byte at least.
        let count = usize::try_from(count)
            .ok()
            .filter(|&count| count <= input.remaining())
            .ok_or_else(|| input.end())?;
        listener.part(at..input.offset(), Part::Count(count));
        let places = before.saturating_add(count);
        self.definitions.reserve_exact(count);
        let mut starts = Vec::with_capacity(count);
        for _ in 0..count {
            starts.push(input.offset());
            let definition = definition(input, places, limits, listener)?;
            self.definitions.push(definition);
        }
        // Only now is it known what the places further on are.
        for (definition, start) in self.definitions.iter().skip(before).zip(starts) {
            self.bags(definition, start)?;
            definition.parts().try_for_each(|of| self.unregistered(of, start))?;
        }
        Ok(())
    }

    /// Whether a value may hold shared objects, of its own or behind trait objects.
    pub(crate) fn may_hold_shared(&self) -> bool {
        self.definitions.iter().any(|definition| {
            matches!(definition, Definition::Shared(_) | Definition::Weak(_))
                || matches!(definition, Definition::Dyn(_) | Definition::Dispatch)
        })
    }

    /// The place of the field that holds further ones, which has no name and stands last.
    pub(crate) fn bag(&self, list: &FieldList<'_>) -> Option<usize> {
        let last = list.fields.len().checked_sub(1)?;
        let (name, of) = list.fields.get(last)?;
        (list.named && name.is_empty() && self.is_bag(*of)).then_some(last)
    }

    fn is_bag(&self, of: Ref) -> bool {
        const NAMES: Ref = Ref::Primitive(opcode::STR);
        const VALUES: Ref = Ref::Primitive(opcode::VALUE);
        matches!(self.at(of), Some((_, Definition::Map(NAMES, VALUES))))
    }

    /// Refuses fields without names where fields have some, but for the one that holds further ones.
    fn bags(&self, definition: &Definition<'_>, at: usize) -> Result<(), Error> {
        let refused = |list: &FieldList<'_>, most: usize| {
            let nameless = list.fields.iter().filter(|(name, _)| name.is_empty()).count();
            list.named && nameless > most
        };
        let wrong = match definition {
            Definition::Record { fields, state, .. } => {
                refused(fields, usize::from(self.bag(fields).is_some())) || refused(state, 0)
            }
            Definition::Enum { variants, .. } => {
                let value = |fields: &FieldList<'_>| {
                    !fields.named
                        && matches!(fields.fields.as_slice(), [(_, Ref::Primitive(opcode::VALUE))])
                };
                if variants.iter().any(|(name, fields)| name.is_empty() && !value(fields)) {
                    let message = "a variant without a name holds something else than a `value`";
                    return Err(Error::new(ErrorKind::Malformed, message).with_offset(at));
                }
                variants.iter().any(|(_, fields)| refused(fields, 0))
            }
            _ => false,
        };
        if !wrong {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Malformed,
            "a field without a name is not the last one of a record, of the type `map<str, value>`",
        )
        .with_offset(at))
    }

    /// Refuses a registered type where only values' types may stand.
    fn unregistered(&self, of: Ref, at: usize) -> Result<(), Error> {
        let Ref::Index(index) = of else { return Ok(()) };
        match self.get(index).and_then(Definition::registered) {
            None => Ok(()),
            Some(_) => Err(Error::new(
                ErrorKind::Malformed,
                format!("#{index} is a registered type: only `dyn` and `dispatch` refer to those, in the data"),
            )
            .with_offset(at)),
        }
    }

    /// What a value of any type begins with: its type, and whether objects stand ahead of it.
    pub(crate) fn document_head(&self, input: &mut Input<'_>) -> Result<(Ref, bool), Error> {
        let at = input.offset();
        let head = input.varint()?;
        let number = head >> 1;
        let of = match u8::try_from(number) {
            // A value that is a value again would say nothing more.
            Ok(opcode::VALUE) => {
                let message = "a value of any type is of the type `value` itself";
                return Err(Error::new(ErrorKind::Malformed, message).with_offset(at));
            }
            _ => definition::reference(number, self.definitions.len(), at)?,
        };
        self.unregistered(of, at)?;
        Ok((of, head & 1 != 0))
    }

    /// The definition at a place of the table.
    pub(crate) fn get(&self, index: usize) -> Option<&Definition<'de>> {
        self.definitions.get(index)
    }

    /// The definition that a type refers to; `None` for a primitive.
    pub(crate) fn at(&self, of: Ref) -> Option<(usize, &Definition<'de>)> {
        match of {
            Ref::Index(index) => self.get(index).map(|definition| (index, definition)),
            Ref::Primitive(_) => None,
        }
    }

    /// The place that a number in the data refers to.
    pub(crate) fn place(&self, number: u64) -> Option<(usize, &Definition<'de>)> {
        let index = usize::try_from(number.checked_sub(u64::from(FIRST_INDEX))?).ok()?;
        self.get(index).map(|definition| (index, definition))
    }
}

/// A length, and as many bytes as an input of their own.
fn sub_block<'de>(
    input: &mut Input<'de>,
    listener: &mut impl Listen<'de>,
) -> Result<Input<'de>, Error> {
    let at = input.offset();
    let length = input.length()?;
    listener.part(at..input.offset(), Part::Length(length));
    input.sub(length)
}

fn ended(block: &Input<'_>) -> Result<(), Error> {
    if block.is_empty() {
        Ok(())
    } else {
        Err(block.malformed("bytes are left over after the definitions"))
    }
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
