//! Reads one definition: its opcode and operands.

use super::{Definition, FieldList, Listen, Part, Ref, refused};
use crate::canary::{Canary, planted};
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::opcode::{self, Group};
use crate::program::text::Name;
use crate::program::{FIELD_FLAGS, FIRST_INDEX, NAMED_FIELDS, STATE_FIELDS};
use crate::read::Input;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

/// Reads a definition of a table that has so many places.
pub(super) fn definition<'de>(
    input: &mut Input<'de>,
    count: usize,
    limits: &Limits,
    listener: &mut impl Listen<'de>,
) -> Result<Definition<'de>, Error> {
    let at = input.offset();
    let code = input.byte()?;
    let found =
        match code {
            opcode::RECORD => {
                let (name, version) = (name(input, limits)?, input.varint()?);
                let head = FieldsHead::read(input)?;
                let part = Part::Named { code, name, version, count: head.count };
                listener.part(at..input.offset(), part);
                let (fields, state) = record_fields(input, head, count, limits, listener)?;
                return Ok(Definition::Record { name, version, fields, state });
            }
            opcode::ENUM => {
                let (name, version) = (name(input, limits)?, input.varint()?);
                let n = input.count()?;
                let part = Part::Named { code, name, version, count: n as u64 };
                listener.part(at..input.offset(), part);
                return variants(input, n, count, limits, listener)
                    .map(|variants| Definition::Enum { name, version, variants });
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
            opcode::WEAK => Definition::Weak(type_ref(input, count)?),
            opcode::DYN => Definition::Dyn(name(input, limits)?),
            opcode::DISPATCH => Definition::Dispatch,
            opcode::PERSISTENT => Definition::Persistent(type_ref(input, count)?),
            opcode::NAMED => Definition::Named(name(input, limits)?, type_ref(input, count)?),
            opcode::CODED => Definition::Coded(input.varint()?, type_ref(input, count)?),
            code => return Err(refused(code, Group::Definition, "begins a definition", at)),
        };
    listener.part(at..input.offset(), Part::Unnamed { code });
    Ok(found)
}

/// A record's fields, and its state fields.
fn record_fields<'de>(
    input: &mut Input<'de>,
    head: FieldsHead,
    count: usize,
    limits: &Limits,
    listener: &mut impl Listen<'de>,
) -> Result<(FieldList<'de>, FieldList<'de>), Error> {
    let mut names = BTreeSet::new();
    let fields = fields(input, head, 0, count, limits, &mut names, listener)?;
    if !head.state {
        return Ok((fields, FieldList::default()));
    }
    let at = input.offset();
    let state_head = FieldsHead::read(input)?;
    if state_head.state || state_head.count == 0 {
        let message =
            if state_head.state { "state fields have no state" } else { "a state without fields" };
        return Err(Error::new(ErrorKind::Malformed, message).with_offset(at));
    }
    listener.part(at..input.offset(), Part::State { count: state_head.count });
    let state = self::fields(input, state_head, head.count, count, limits, &mut names, listener)?;
    Ok((fields, state))
}

fn variants<'de>(
    input: &mut Input<'de>,
    n: usize,
    count: usize,
    limits: &Limits,
    listener: &mut impl Listen<'de>,
) -> Result<Vec<(&'de str, FieldList<'de>)>, Error> {
    // A variant takes two bytes at least: this bounds what is reserved by the input.
    let mut variants = Vec::with_capacity(n.min(input.remaining() / 2));
    let mut names = BTreeSet::new();
    for _ in 0..n {
        let at = input.offset();
        let variant = name(input, limits)?;
        if !names.insert(variant) {
            return Err(twice("variant", variant, at));
        }
        let head_at = input.offset();
        let head = FieldsHead::read(input)?;
        if head.state {
            let message = "a variant of an enum has state fields";
            return Err(Error::new(ErrorKind::Malformed, message).with_offset(head_at));
        }
        let part = Part::Variant { name: variant, count: head.count };
        listener.part(at..input.offset(), part);
        let fields = fields(input, head, 0, count, limits, &mut BTreeSet::new(), listener)?;
        variants.push((variant, fields));
    }
    Ok(variants)
}

pub(super) fn type_ref(input: &mut Input<'_>, count: usize) -> Result<Ref, Error> {
    let at = input.offset();
    reference(input.varint()?, count, at)
}

/// The type that a number refers to, in a table of so many definitions.
pub(super) fn reference(number: u64, count: usize, at: usize) -> Result<Ref, Error> {
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
    /// A list of state fields follows.
    state: bool,
    count: u64,
}

impl FieldsHead {
    fn read(input: &mut Input<'_>) -> Result<Self, Error> {
        let head = input.varint()?;
        let (named, state) = (head & NAMED_FIELDS != 0, head & STATE_FIELDS != 0);
        let count = head >> FIELD_FLAGS;
        // A field takes a byte at least: this bounds loops and memory by the input.
        if count > input.remaining() as u64 {
            return Err(input.end());
        }
        Ok(FieldsHead { named, state, count })
    }
}

/// Reads the fields of a list. Those without names go by position, from `first` on.
fn fields<'de>(
    input: &mut Input<'de>,
    head: FieldsHead,
    first: u64,
    count: usize,
    limits: &Limits,
    names: &mut BTreeSet<&'de str>,
    listener: &mut impl Listen<'de>,
) -> Result<FieldList<'de>, Error> {
    let FieldsHead { named, count: n, .. } = head;
    let mut fields = Vec::new();
    // Of the size it will have, where `head` was right about it: growing would take thrice as much for a while.
    fields.reserve_exact(usize::try_from(n).unwrap_or(0));
    for position in (first..).take(usize::try_from(n).unwrap_or(usize::MAX)) {
        let at = input.offset();
        let field = if named { name(input, limits)? } else { "" };
        if named && !names.insert(field) && !planted(Canary::DuplicateField) {
            return Err(twice("field", field, at));
        }
        let of = type_ref(input, count)?;
        fields.push((field, of));
        let part = Part::Field { name: named.then_some(field), position, of };
        listener.part(at..input.offset(), part);
    }
    Ok(FieldList { named, fields })
}

fn name<'de>(input: &mut Input<'de>, limits: &Limits) -> Result<&'de str, Error> {
    let at = input.offset();
    let text = input.str()?;
    match limits.too_long(text) {
        None => Ok(text),
        Some(error) => Err(error.with_offset(at)),
    }
}

#[cold]
fn twice(what: &str, name: &str, at: usize) -> Error {
    Error::new(ErrorKind::Malformed, format!("the {what} `{}` is defined twice", Name(name)))
        .with_offset(at)
}
