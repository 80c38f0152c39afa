//! What type a value has: the one that it was loaded with, as long as it fits; else one made of the types of its parts.

use super::items::each_shared;
use super::object::{Graph, Object, Shared};
use super::types::{Def, Number, Type};
use super::universe::{Universe, VALUE, field_defs};
use super::{Record, Value};
use crate::error::{Error, ErrorKind};
use crate::opcode;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// All arenas that a value reaches, held while it is dumped.
#[derive(Default)]
pub(super) struct Graphs {
    graphs: Vec<Arc<Graph>>,
    /// By their addresses.
    places: BTreeMap<usize, usize>,
}

impl Graphs {
    pub(super) fn of(value: &Value) -> Self {
        let mut found = Graphs::default();
        each_shared(value, |shared| found.add(shared));
        let mut next = 0;
        while let Some(graph) = found.graphs.get(next).cloned() {
            for content in graph.objects().iter().flat_map(|object| object.content.as_slice()) {
                each_shared(content, |shared| found.add(shared));
            }
            next += 1;
        }
        found
    }

    fn add(&mut self, shared: &Shared) {
        if let Some((address, _)) = shared.id()
            && !self.places.contains_key(&address)
            && let Some(graph) = shared.graph()
        {
            self.places.insert(address, self.graphs.len());
            self.graphs.push(graph);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.graphs.is_empty()
    }

    pub(super) fn object(&self, shared: &Shared) -> Option<(&Arc<Graph>, &Object)> {
        let (address, number) = shared.id()?;
        let graph = self.graphs.get(*self.places.get(&address)?)?;
        Some((graph, graph.objects().get(number)?))
    }
}

/// A value whose type is being found.
struct Open<'a> {
    value: &'a Value,
    /// The type that it has, if its parts fit.
    expected: Option<Number>,
    parts: &'a [Value],
    next: usize,
    /// The types of its parts; of a list one, of a map two.
    types: Vec<Number>,
}

impl Open<'_> {
    /// The error is in the part that was met last.
    #[cold]
    fn in_part(&self, error: Error) -> Error {
        let place = self.next.saturating_sub(1);
        let field = |record: &Record, error: Error| match record.iter().nth(place) {
            Some((name, _)) => error.in_field_named(&name),
            None => error,
        };
        match self.value {
            Value::List(_) | Value::Array(_) | Value::Tuple(_) => error.in_element(place),
            Value::Map(_) => error.in_element(place / 2),
            Value::Record(record) => field(record, error),
            Value::Enum(variant) => field(variant.fields(), error).in_field_named(variant.name()),
            _ => error,
        }
    }
}

impl Universe {
    /// The type of a value that stands where one of the type `hint` is expected.
    pub(super) fn type_of(
        &mut self,
        value: &Value,
        hint: Option<Number>,
        graphs: &Graphs,
    ) -> Result<Number, Error> {
        let mut stack: Vec<Open<'_>> = Vec::new();
        let mut found = self.begin(value, hint, graphs, &mut stack);
        loop {
            let Some(open) = stack.last_mut() else { return Ok(found.unwrap_or_default()) };
            if let Some(of) = found.take()
                && let Err(error) = self.add_part(open, of)
            {
                return Err(stack.iter().rev().fold(error, |error, open| open.in_part(error)));
            }
            let Some(part) = open.parts.get(open.next) else {
                let Some(done) = stack.pop() else { continue };
                found = Some(self.finish(&done, graphs)?);
                continue;
            };
            let hint = self.part(open.value, open.expected, open.next);
            open.next += 1;
            if hint == Some(VALUE) {
                // Its type stands beside it.
                found = hint;
                if let Value::List(_) | Value::Array(_) = open.value {
                    open.next = open.parts.len();
                }
                continue;
            }
            found = self.begin(part, hint, graphs, &mut stack);
        }
    }

    /// The type of a value without parts; else it is opened.
    fn begin<'a>(
        &mut self,
        value: &'a Value,
        hint: Option<Number>,
        graphs: &'a Graphs,
        stack: &mut Vec<Open<'a>>,
    ) -> Option<Number> {
        if let Some(code) = primitive(value) {
            // Where integers of fixed width are expected, it is one.
            let expected =
                hint.filter(|of| u8::try_from(*of).is_ok_and(|of| opcode::plain(of) == code));
            return Some(expected.unwrap_or_else(|| Number::from(code)));
        }
        let fits = |universe: &Self, def: Def| hint.filter(|of| universe.def(*of) == Some(&def));
        let byte = Number::from(opcode::U8);
        let parts = match value {
            Value::Bytes(_) => {
                let def = Def::List(byte);
                return Some(fits(self, def.clone()).unwrap_or_else(|| self.make(def)));
            }
            Value::ByteArray(bytes) => {
                let def = Def::Array(bytes.len() as u64, byte);
                return Some(fits(self, def.clone()).unwrap_or_else(|| self.make(def)));
            }
            Value::Dyn(object) | Value::Dispatch(object) => {
                return Some(self.import(&object.kind.of));
            }
            Value::Shared(shared) | Value::Weak(shared) => {
                if let Some(of) = &shared.of {
                    return Some(self.import(of));
                }
                let weak = matches!(value, Value::Weak(_));
                let pointer = |of| if weak { Def::Weak(of) } else { Def::Shared(of) };
                let Some((_, object)) = graphs.object(shared) else {
                    return Some(self.make(pointer(Number::from(opcode::UNIT))));
                };
                let known = match &object.of {
                    Some(of) => Some(self.import(of)),
                    None => shared.id().and_then(|id| self.object(id)),
                };
                if let Some(known) = known {
                    return Some(self.make(pointer(known)));
                }
                object.content.as_slice()
            }
            value => value.items()?.as_slice(),
        };
        let own = own_type(value).map(|of| self.import(of));
        let expected = own.or_else(|| hint.filter(|of| self.may_be(value, *of)));
        stack.push(Open { value, expected, parts, next: 0, types: Vec::new() });
        None
    }

    /// Whether a value that says nothing of its type may be of one that is expected.
    fn may_be(&self, value: &Value, of: Number) -> bool {
        matches!(
            (value, self.def(of)),
            (Value::List(_), Some(Def::List(_)))
                | (Value::Map(_), Some(Def::Map(..)))
                | (Value::Optional(_), Some(Def::Option(_)))
                | (Value::Array(_), Some(Def::Array(..)))
                | (Value::Tuple(_), Some(Def::Tuple(_)))
                | (Value::Record(_), Some(Def::Record { .. }))
                | (Value::Enum(_), Some(Def::Enum { .. }))
                | (Value::Persistent(_), Some(Def::Persistent(_)))
                | (Value::Shared(_), Some(Def::Shared(_)))
                | (Value::Weak(_), Some(Def::Weak(_)))
        )
    }

    /// The type that the n-th part of a value should have.
    fn part(&mut self, value: &Value, expected: Option<Number>, n: usize) -> Option<Number> {
        if let Value::Record(record) = value
            && let Some(of) = record.shape.fields.get(n).and_then(|field| field.of.as_ref())
        {
            let of = of.clone();
            return Some(self.import(&of));
        }
        match (value, self.def(expected?)?) {
            (Value::Enum(variant), Def::Enum { variants, .. }) => {
                let (_, fields) = variants.iter().find(|(name, _)| **name == *variant.name())?;
                fields.fields.get(n).map(|(_, of)| *of)
            }
            (_, Def::List(of) | Def::Array(_, of)) => Some(*of),
            (_, Def::Map(key, _)) if n.is_multiple_of(2) => Some(*key),
            (_, Def::Map(_, value)) => Some(*value),
            (_, def) => def.parts().nth(n),
        }
    }

    /// The type of one more part was found.
    fn add_part(&self, open: &mut Open<'_>, of: Number) -> Result<(), Error> {
        let place = match open.value {
            Value::List(_) | Value::Array(_) => 0,
            // Where the next one goes on counting.
            Value::Map(_) => open.next.saturating_sub(1) % 2,
            _ => open.types.len(),
        };
        match open.types.get(place) {
            None => open.types.push(of),
            Some(first) if self.same(*first, of) => {}
            Some(_) => {
                return Err(Error::new(
                    ErrorKind::InvalidValue,
                    format!(
                        "the {} has parts of different types; a list of type `Vec<Value>`, or a map to values of type \
                         `Value`, holds such",
                        open.value.kind()
                    ),
                ));
            }
        }
        Ok(())
    }

    /// The type of a value whose parts' types are known.
    fn finish(&mut self, open: &Open<'_>, graphs: &Graphs) -> Result<Number, Error> {
        let Open { value, expected, parts, types, .. } = open;
        let unit = Number::from(opcode::UNIT);
        // Of an empty list, what it was a list of.
        let mut part = |n: usize| {
            let found = types.get(n).copied();
            found.or_else(|| self.part(value, *expected, n)).unwrap_or(unit)
        };
        let def = match value {
            Value::List(_) => Def::List(part(0)),
            Value::Array(_) => Def::Array(parts.len() as u64, part(0)),
            Value::Map(_) => Def::Map(part(0), part(1)),
            Value::Optional(_) => Def::Option(part(0)),
            Value::Persistent(_) => Def::Persistent(part(0)),
            Value::Tuple(_) => Def::Tuple(types.clone()),
            Value::Record(record) => record_def(record, types),
            Value::Enum(variant) => {
                let (fields, _) = field_defs(&variant.record, types);
                let mut variants = match expected.and_then(|of| self.def(of)) {
                    Some(Def::Enum { name, variants, .. }) if *name == variant.of.name => {
                        variants.clone()
                    }
                    _ => Vec::new(),
                };
                match variants.iter_mut().find(|(name, _)| **name == *variant.name()) {
                    Some((_, place)) => *place = fields,
                    None => variants.push((variant.record.shape.name.clone(), fields)),
                }
                Def::Enum { name: variant.of.name.clone(), version: variant.of.version, variants }
            }
            Value::Shared(shared) | Value::Weak(shared) => {
                if let (Some(id), Some((graph, _))) = (shared.id(), graphs.object(shared)) {
                    self.know_object(id, graph.clone(), part_or(types, unit));
                }
                let of = part_or(types, unit);
                if let Value::Weak(_) = value { Def::Weak(of) } else { Def::Shared(of) }
            }
            _ => return Ok(unit),
        };
        if let Some(expected) = expected
            && let Some(known) = self.def(*expected)
            && known.like(&def)
            && known.parts().zip(def.parts()).all(|(a, b)| self.same(a, b))
        {
            return Ok(*expected);
        }
        Ok(self.make(def))
    }
}

fn part_or(types: &[Number], other: Number) -> Number {
    types.first().copied().unwrap_or(other)
}

fn record_def(record: &Record, types: &[Number]) -> Def {
    let (fields, state) = field_defs(record, types);
    let shape = &record.shape;
    Def::Record { name: shape.name.clone(), version: shape.version, fields, state }
}

/// The opcode of a primitive.
fn primitive(value: &Value) -> Option<u8> {
    Some(match value {
        // What is unread is refused when it is written.
        Value::Unit | Value::Unread(_) => opcode::UNIT,
        Value::Bool(_) => opcode::BOOL,
        Value::Char(_) => opcode::CHAR,
        Value::U8(_) => opcode::U8,
        Value::U16(_) => opcode::U16,
        Value::U32(_) => opcode::U32,
        Value::U64(_) => opcode::U64,
        Value::U128(_) => opcode::U128,
        Value::I8(_) => opcode::I8,
        Value::I16(_) => opcode::I16,
        Value::I32(_) => opcode::I32,
        Value::I64(_) => opcode::I64,
        Value::I128(_) => opcode::I128,
        Value::F32(_) => opcode::F32,
        Value::F64(_) => opcode::F64,
        Value::Str(_) => opcode::STR,
        Value::OsText(_) => opcode::OS_STR,
        _ => return None,
    })
}

/// The type that a value was loaded with.
fn own_type(value: &Value) -> Option<&Type> {
    match value {
        Value::List(elements) | Value::Array(elements) | Value::Tuple(elements) => {
            elements.of.as_ref()
        }
        Value::Map(entries) => entries.of.as_ref(),
        Value::Optional(optional) => optional.of.as_ref(),
        Value::Record(record) => record.shape.of.as_ref(),
        Value::Enum(variant) => variant.of.of.as_ref(),
        Value::Persistent(id) => Some(&id.of),
        _ => None,
    }
}
