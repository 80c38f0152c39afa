//! One step: a type of ours and one of the stream, and what stands around them.

use super::record::newer;
use super::variants::{holds, only};
use super::{Builder, stored};
use crate::error::Error;
use crate::opcode;
use crate::program::table::{Definition, Ref};
use crate::program::{Kind, TypeDef};
use crate::read::adapt::{Node, Plan};
use alloc::boxed::Box;

impl<'t, 'de> Builder<'t, 'de> {
    /// One step, and whether its own part of the bytes is alike.
    pub(super) fn step(
        &mut self,
        ours: &'static TypeDef,
        theirs: Ref,
    ) -> Result<(Node, bool), Error> {
        let table = self.table;
        let definition = match theirs {
            Ref::Index(index) => table.get(index),
            Ref::Primitive(_) => None,
        };
        let node = match (&ours.kind, definition) {
            (Kind::Primitive(opcode::VALUE), _) if theirs != Ref::Primitive(opcode::VALUE) => {
                Node::Any
            }
            (Kind::Primitive(a), None) => return Ok(self.primitive(*a, ours, theirs)),
            (
                Kind::Record { name, fields },
                Some(Definition::Record { name: theirs, version, fields: kept, state }),
            ) if !ours.by_name || name == theirs => {
                return self.record(ours, name, (*fields, kept), state, *version);
            }
            (
                Kind::Enum { name, variants },
                Some(Definition::Enum { name: theirs_name, version, variants: others }),
            ) if !ours.by_name || name == theirs_name => {
                if let Some(denied) = newer(ours, name, *version) {
                    return Ok((denied, false));
                }
                let deny = ours.versions.deny_unknown;
                return self.enumeration(
                    ours,
                    (name, variants),
                    theirs,
                    (theirs_name, others),
                    deny,
                );
            }
            (Kind::List(of), Some(Definition::List(other))) => {
                let element = self.pair(of(), *other)?;
                return Ok((Node::Sequence { element, array: None }, true));
            }
            (Kind::List(of), Some(Definition::Array(length, other))) => {
                Node::Sequence { element: self.pair(of(), *other)?, array: Some(*length) }
            }
            (Kind::Array(ours, of), Some(Definition::Array(length, other))) => {
                let element = self.pair(of(), *other)?;
                let alike = *ours as u64 == *length;
                return Ok((Node::Sequence { element, array: Some(*length) }, alike));
            }
            (Kind::Array(_, of), Some(Definition::List(other))) => {
                Node::Sequence { element: self.pair(of(), *other)?, array: None }
            }
            (Kind::Map(key, value), Some(Definition::Map(k, v))) => {
                let (key, value) = (self.pair(key(), *k)?, self.pair(value(), *v)?);
                return Ok((Node::Entries { key, value }, true));
            }
            (Kind::Map(key, value), Some(Definition::List(Ref::Index(pair)))) if matches!(table.get(*pair), Some(Definition::Tuple(parts)) if parts.len() == 2) =>
            {
                let Some(Definition::Tuple(parts)) = table.get(*pair) else {
                    return Ok(self.broken(ours, theirs));
                };
                let [k, v] = parts.as_slice() else { return Ok(self.broken(ours, theirs)) };
                Node::Entries { key: self.pair(key(), *k)?, value: self.pair(value(), *v)? }
            }
            (Kind::List(of), Some(Definition::Map(k, v))) => match stored(of()).kind {
                Kind::Tuple([key, value]) => {
                    let parts = [self.pair(key(), *k)?, self.pair(value(), *v)?];
                    let element = self.add(Node::Tuple(Box::new(parts)), true)?;
                    Node::Sequence { element, array: None }
                }
                _ => return Ok(self.broken(ours, theirs)),
            },
            (Kind::Tuple(parts), Some(Definition::Tuple(others)))
                if parts.len() == others.len() =>
            {
                let parts =
                    parts.iter().zip(others).map(|(ours, theirs)| self.pair(ours(), *theirs));
                let parts = parts.collect::<Result<Box<[Plan]>, Error>>()?;
                return Ok((Node::Tuple(parts), true));
            }
            (Kind::Option(of), Some(Definition::Option(other))) => {
                return Ok((Node::Option(self.pair(of(), *other)?), true));
            }
            (Kind::Shared(of), Some(Definition::Shared(other))) => {
                return Ok((Node::Shared(self.pair(of(), *other)?), true));
            }
            (Kind::Weak(of), Some(Definition::Weak(other))) => {
                return Ok((Node::Weak(self.pair(of(), *other)?), true));
            }
            (Kind::Persistent(of), Some(Definition::Persistent(other))) => {
                return Ok((Node::Persistent(self.pair(of(), *other)?), true));
            }
            (Kind::Dyn(_), Some(Definition::Dyn(_)))
            | (Kind::Dispatch, Some(Definition::Dispatch)) => {
                return Ok((Node::Native, true));
            }
            // Whether it is there is a question to what is behind the pointer.
            (Kind::Option(of), Some(Definition::Shared(other)))
                if self.is_option_behind(*other)
                    && !matches!(stored(of()).kind, Kind::Shared(_)) =>
            {
                Node::Unshare(self.pair(ours, *other)?)
            }
            (Kind::Shared(of), Some(Definition::Option(other)))
                if is_option_behind(of()) && !self.is_shared(*other) =>
            {
                Node::Share(self.pair(of(), theirs)?)
            }
            (_, Some(Definition::Option(other))) => Node::Unwrap(self.pair(ours, *other)?),
            (Kind::Option(of), _) => Node::Some(self.pair(of(), theirs)?),
            (_, Some(Definition::Shared(other))) => Node::Unshare(self.pair(ours, *other)?),
            (Kind::Shared(of), _) => Node::Share(self.pair(of(), theirs)?),
            (Kind::Enum { name, variants }, Some(Definition::Record { name: held, .. })) => {
                match only(variants.iter(), |variant| holds(variant, held)) {
                    Some((number, variant)) => self.newtype(name, number, variant, theirs)?,
                    None => return Ok(self.broken(ours, theirs)),
                }
            }
            (Kind::Record { name, .. }, Some(Definition::Enum { variants, .. })) => {
                match only(variants.iter(), |(_, fields)| self.is_held(fields, name)) {
                    Some((number, (name, fields))) => {
                        let Some((_, content)) = fields.fields.first() else {
                            return Ok(self.broken(ours, theirs));
                        };
                        let content = self.pair(ours, *content)?;
                        Node::Variant { number: number as u64, content, name: (*name).into() }
                    }
                    None => return Ok(self.broken(ours, theirs)),
                }
            }
            _ => return Ok(self.broken(ours, theirs)),
        };
        Ok((node, false))
    }

    /// The error is written when a value is met: a hostile table has many pairs.
    #[cold]
    pub(super) fn broken(&self, ours: &'static TypeDef, _: Ref) -> (Node, bool) {
        (Node::Unfit(ours), false)
    }

    /// Whether a type of the stream is an option, whatever number of pointers stands in front of it.
    fn is_option_behind(&self, of: Ref) -> bool {
        let mut of = of;
        // A pointer to itself points to nothing.
        for _ in 0..MOST_POINTERS {
            match self.table.at(of) {
                Some((_, Definition::Shared(inner))) => of = *inner,
                found => return matches!(found, Some((_, Definition::Option(_)))),
            }
        }
        false
    }

    pub(super) fn is_shared(&self, of: Ref) -> bool {
        matches!(self.table.at(of), Some((_, Definition::Shared(_))))
    }

    pub(super) fn primitive(&self, code: u8, ours: &'static TypeDef, theirs: Ref) -> (Node, bool) {
        match theirs {
            Ref::Primitive(other) if other == code => (Node::Native, true),
            Ref::Primitive(other) if converts(other, code) => (Node::Primitive(other), false),
            _ => self.broken(ours, theirs),
        }
    }
}

/// So many pointers to pointers are looked behind; types of programs have two.
const MOST_POINTERS: usize = 16;

/// Whether a type of ours is an option behind pointers.
fn is_option_behind(ours: &'static TypeDef) -> bool {
    let mut ours = stored(ours);
    for _ in 0..MOST_POINTERS {
        match ours.kind {
            Kind::Shared(inner) => ours = stored(inner()),
            ref kind => return matches!(kind, Kind::Option(_)),
        }
    }
    false
}

/// Whether a value of a primitive may be one of another.
fn converts(theirs: u8, ours: u8) -> bool {
    let integer = |code| (opcode::U8..=opcode::I128).contains(&opcode::plain(code));
    let float = |code| code == opcode::F32 || code == opcode::F64;
    let text = |code| code == opcode::STR || code == opcode::OS_STR;
    integer(theirs) && (integer(ours) || float(ours))
        || float(theirs) && float(ours)
        || text(theirs) && text(ours)
}
