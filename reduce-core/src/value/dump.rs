//! From a value to bytes: by the type that was found for it, without recursion.

use super::infer::Graphs;
use super::object::{Graph, Object as SharedObject, Registered, Shared};
use super::types::{Def, Number};
use super::universe::{I128_FIXED, U16_FIXED, Universe, VALUE};
use super::{DynValue, OsText, Value};
use crate::describe::Describe;
use crate::error::{Error, ErrorKind};
use crate::opcode;
use crate::os_text::form;
use crate::program::{Program, TypeDef, Types};
use crate::reduce::Reduce;
use crate::varint::{self, zigzag, zigzag_128};
use crate::write::{Define, Dumper, Key, WriteState, Writer};
use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::TypeId;
use core::slice;

impl Value {
    /// Dumps the value with default settings, as a stream of its own type: [`Dumper::value_to_vec`].
    ///
    /// # Errors
    ///
    /// As [`Dumper::value_to_vec`].
    pub fn to_vec(&self) -> Result<Vec<u8>, Error> {
        Dumper::new().value_to_vec(self)
    }
}

/// A value as the root of a stream of its own type.
pub(crate) struct Root<'a> {
    value: &'a Value,
    of: Number,
    graphs: Rc<Graphs>,
}

impl<'a> Root<'a> {
    /// The value, its program, and the types that have a place in it.
    pub(crate) fn new(value: &'a Value) -> Result<(Self, Program, Universe), Error> {
        let (graphs, mut universe) = (Rc::new(Graphs::of(value)), Universe::default());
        let of = universe.type_of(value, None, &graphs)?;
        let mut types = Types::default();
        let root = universe.place(of, &mut types);
        universe.within_limits(&types)?;
        Ok((Root { value, of, graphs }, Program::new(types, root), universe))
    }
}

#[diagnostic::do_not_recommend]
impl Describe for Root<'_> {
    fn def() -> &'static TypeDef {
        Value::def()
    }
}

#[diagnostic::do_not_recommend]
impl Reduce for Root<'_> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        write(self.value, self.of, &self.graphs, w)
    }
}

impl Describe for Value {
    fn def() -> &'static TypeDef {
        const { &TypeDef::primitive::<Self>(opcode::VALUE) }
    }
}

/// Its type, then the value. Shared objects keep their identity within one value; one that two values refer to is written
/// in both.
impl Reduce for Value {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        document(self, &Rc::new(Graphs::of(self)), w)
    }
}

/// Writes a value with its type in front.
fn document(value: &Value, graphs: &Rc<Graphs>, w: &mut Writer<'_>) -> Result<(), Error> {
    let of = w.universe().type_of(value, None, graphs)?;
    let place = w.place_of(of)?;
    if graphs.is_empty() {
        w.varint(place << 1);
        return write(value, of, graphs, w);
    }
    w.document(place, |w| write(value, of, graphs, w))
}

/// What is left to be written.
enum Task<'a> {
    Value(&'a Value, Number),
    Each(slice::Iter<'a, Value>, Number),
    Pairs(slice::Iter<'a, Value>, Number, Number),
    /// The fields of a record, or of the variant with this number.
    Fields {
        values: slice::Iter<'a, Value>,
        of: Number,
        variant: Option<usize>,
        next: usize,
    },
    /// An object ends; what writes its state, if that is queued.
    End(u32, Option<WriteState>),
}

/// Writes a value of this type.
pub(super) fn write(
    value: &Value,
    of: Number,
    graphs: &Rc<Graphs>,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    let mut writing = Writing { graphs, tasks: alloc::vec![Task::Value(value, of)] };
    writing.run(w)
}

struct Writing<'a> {
    graphs: &'a Rc<Graphs>,
    tasks: Vec<Task<'a>>,
}

impl<'a> Writing<'a> {
    fn run(&mut self, w: &mut Writer<'_>) -> Result<(), Error> {
        while let Some(task) = self.tasks.last_mut() {
            let next = match task {
                Task::Value(value, of) => {
                    let (value, of) = (*value, *of);
                    self.tasks.pop();
                    self.value(value, of, w)?;
                    continue;
                }
                Task::Each(values, of) => values.next().map(|value| (value, *of)),
                Task::Pairs(values, key, other) => {
                    let next = values.next().map(|value| (value, *key));
                    core::mem::swap(key, other);
                    next
                }
                Task::Fields { values, of, variant, next } => match values.next() {
                    None => None,
                    Some(value) => {
                        let part = field(w.universe().def(*of), *variant, *next);
                        *next += 1;
                        Some((value, part.ok_or_else(|| unfit(value))?))
                    }
                },
                Task::End(number, state) => {
                    let objects = w.objects();
                    objects.memo.end(*number);
                    objects.graph.end();
                    objects.graph.states.extend(state.take());
                    None
                }
            };
            match next {
                Some((value, of)) => self.value(value, of, w)?,
                None => drop(self.tasks.pop()),
            }
        }
        Ok(())
    }

    fn value(&mut self, value: &'a Value, of: Number, w: &mut Writer<'_>) -> Result<(), Error> {
        if of == VALUE {
            return self.any(value, w);
        }
        if (U16_FIXED..=I128_FIXED).contains(&of) {
            return fixed(value, w);
        }
        match value {
            Value::Unit => {}
            Value::Bool(value) => w.byte(u8::from(*value)),
            Value::Char(value) => w.varint(u64::from(u32::from(*value))),
            Value::U8(value) => w.byte(*value),
            Value::U16(value) => w.varint(u64::from(*value)),
            Value::U32(value) => w.varint(u64::from(*value)),
            Value::U64(value) => w.varint(*value),
            Value::U128(value) => varint::push_128(&mut w.out, *value),
            Value::I8(value) => w.byte(value.cast_unsigned()),
            Value::I16(value) => w.varint(zigzag(i64::from(*value))),
            Value::I32(value) => w.varint(zigzag(i64::from(*value))),
            Value::I64(value) => w.varint(zigzag(*value)),
            Value::I128(value) => varint::push_128(&mut w.out, zigzag_128(*value)),
            Value::F32(value) => w.bytes(&value.to_le_bytes()),
            Value::F64(value) => w.bytes(&value.to_le_bytes()),
            Value::Str(text) => varint::push_str(&mut w.out, text),
            Value::OsText(text) => {
                let (bytes, form) = match text {
                    OsText::Text(text) => (text.as_bytes(), form::UTF_8),
                    OsText::Bytes(bytes) => (&bytes[..], form::BYTES),
                    OsText::Wide(bytes) => (&bytes[..], form::WIDE),
                };
                w.varint((bytes.len() as u64) << form::BITS | form);
                w.bytes(bytes);
            }
            Value::Bytes(bytes) => {
                w.list_length(bytes.len());
                w.bytes(bytes);
            }
            Value::ByteArray(bytes) => w.bytes(bytes),
            Value::List(elements) => {
                w.list_length(elements.len());
                let part = part(w.universe(), of)?;
                self.tasks.push(Task::Each(elements.iter(), part));
            }
            Value::Array(elements) => {
                let part = part(w.universe(), of)?;
                self.tasks.push(Task::Each(elements.iter(), part));
            }
            Value::Tuple(elements) => {
                let (values, variant, next) = (elements.iter(), None, 0);
                self.tasks.push(Task::Fields { values, of, variant, next });
            }
            Value::Map(entries) => {
                w.list_length(entries.len());
                let Some(Def::Map(key, value)) = w.universe().def(of) else {
                    return Err(unfit(value));
                };
                let task = Task::Pairs(entries.items.as_slice().iter(), *key, *value);
                self.tasks.push(task);
            }
            Value::Optional(optional) => match optional.get() {
                None => w.byte(0),
                Some(inner) => {
                    w.byte(1);
                    let part = part(w.universe(), of)?;
                    self.tasks.push(Task::Value(inner, part));
                }
            },
            Value::Record(record) => {
                let (values, variant, next) = (record.values().iter(), None, 0);
                self.tasks.push(Task::Fields { values, of, variant, next });
            }
            Value::Enum(variant) => {
                let place = match w.universe().def(of) {
                    Some(Def::Enum { variants, .. }) => {
                        variants.iter().position(|(name, _)| **name == *variant.name())
                    }
                    _ => None,
                };
                let Some(place) = place else { return Err(unfit(value)) };
                w.varint(place as u64);
                let (values, next) = (variant.fields().values().iter(), 0);
                self.tasks.push(Task::Fields { values, of, variant: Some(place), next });
            }
            Value::Persistent(id) => {
                let part = part(w.universe(), of)?;
                self.tasks.push(Task::Value(id.get(), part));
            }
            Value::Dyn(object) | Value::Dispatch(object) => {
                let inner = self.registered(object, w)?;
                self.tasks.push(Task::Value(object.get(), inner));
            }
            Value::Shared(shared) => {
                let part = part(w.universe(), of)?;
                self.shared(shared, part, w)?;
            }
            Value::Weak(shared) => {
                let part = part(w.universe(), of)?;
                self.weak(shared, part, w)?;
            }
            Value::Unread(_) => return Err(super::unread::unread().with_offset(w.offset())),
        }
        Ok(())
    }

    /// A value with its type in front of it.
    fn any(&mut self, value: &'a Value, w: &mut Writer<'_>) -> Result<(), Error> {
        if !self.graphs.is_empty() {
            let graphs = Rc::new(Graphs::of(value));
            if !graphs.is_empty() {
                // A document of its own has an order of its own.
                return w.nested_here::<()>(|w| document(value, &graphs, w));
            }
        }
        let of = w.universe().type_of(value, None, self.graphs)?;
        let place = w.place_of(of)?;
        w.varint(place << 1);
        self.tasks.push(Task::Value(value, of));
        Ok(())
    }

    /// Writes what a value is registered as; the type of the value.
    fn registered(&self, object: &DynValue, w: &mut Writer<'_>) -> Result<Number, Error> {
        let hint = w.universe().import(&object.kind.concrete);
        let of = match hint {
            VALUE => VALUE,
            hint => w.universe().type_of(object.get(), Some(hint), self.graphs)?,
        };
        w.registered_value(&object.kind.registered, of)?;
        Ok(of)
    }

    fn shared(&mut self, shared: &Shared, part: Number, w: &mut Writer<'_>) -> Result<(), Error> {
        let Some((graph, object)) = self.graphs.object(shared) else {
            return Err(Error::new(ErrorKind::Unavailable, "a strong reference to no object"));
        };
        let key = key(object);
        let objects = w.objects();
        objects.graph.hold(key);
        match objects.memo.find(&key) {
            None => self.define(graph, shared.number(), part, w),
            Some(entry) if entry.open => Err(Error::new(
                ErrorKind::Unavailable,
                "a shared object of this value holds itself, outside of state fields",
            )
            .with_offset(w.offset())),
            Some(entry) => {
                w.byte(opcode::BACK_REFERENCE);
                w.varint(entry.number);
                Ok(())
            }
        }
    }

    fn weak(&mut self, shared: &Shared, part: Number, w: &mut Writer<'_>) -> Result<(), Error> {
        let Some((graph, object)) = self.graphs.object(shared) else {
            w.byte(opcode::DANGLING);
            return Ok(());
        };
        let key = key(object);
        let inline = w.is_inline(&key);
        let objects = w.objects();
        let define = || -> Define {
            let (strong, graphs) = (Value::Shared(strong(shared)), self.graphs.clone());
            Rc::new(move |w: &mut Writer<'_>| {
                let of = w.universe().type_of(&strong, None, &graphs)?;
                let place = w.place_of(of)?;
                w.varint(place);
                write(&strong, of, &graphs, w)
            })
        };
        objects.graph.refer(key, || false, define);
        match objects.memo.find(&key) {
            Some(entry) => {
                if entry.open {
                    w.mark_cyclic(entry.number);
                }
                w.byte(opcode::BACK_REFERENCE);
                w.varint(entry.number);
                Ok(())
            }
            None if inline => self.define(graph, shared.number(), part, w),
            None => {
                objects.graph.weak(key, None);
                w.byte(opcode::DANGLING);
                Ok(())
            }
        }
    }

    /// Writes an object that was not met before.
    fn define(
        &mut self,
        graph: &'a Arc<Graph>,
        number: usize,
        part: Number,
        w: &mut Writer<'_>,
    ) -> Result<(), Error> {
        let Some(object) = graph.objects().get(number) else { return Ok(()) };
        let Some(content) = object.content.as_slice().first() else { return Ok(()) };
        let (key, mark) = (key(object), w.out.len());
        let objects = w.objects();
        objects.graph.begin(key);
        objects.memo.room()?;
        let Err(memo) = objects.memo.find_or_begin(&key, mark, || graph.clone()) else {
            return Err(w.unavailable("an object that comes to be in the memo by itself"));
        };
        let kept = match content {
            Value::Record(record) if object.stateful => {
                let kept = record.shape.fields.iter().filter(|field| !field.state).count();
                record.values().get(..kept).filter(|_| kept < record.len())
            }
            _ => None,
        };
        w.byte(if kept.is_some() { opcode::NEW_STATEFUL } else { opcode::NEW });
        let mut of = part;
        if let Some(Def::Dyn(_)) = w.universe().def(part) {
            let concrete = object.of.as_ref().map(|of| w.universe().import(of));
            of = match concrete {
                Some(VALUE) => VALUE,
                hint => w.universe().type_of(content, hint, self.graphs)?,
            };
            let Some(registered) = &object.registered else {
                return Err(Error::new(
                    ErrorKind::Unavailable,
                    "an object stands behind a trait object first, and nothing says what it is registered as",
                )
                .with_offset(w.offset()));
            };
            w.registered_value(registered, of)?;
        }
        let Some(kept) = kept else {
            self.tasks.extend([Task::End(memo, None), Task::Value(content, of)]);
            return Ok(());
        };
        let (graph, graphs) = (graph.clone(), self.graphs.clone());
        let state = Box::new(move |w: &mut Writer<'_>| write_state(&graph, number, of, &graphs, w));
        let (values, variant, next) = (kept.iter(), None, 0);
        let fields = Task::Fields { values, of, variant, next };
        self.tasks.extend([Task::End(memo, Some(state)), fields]);
        Ok(())
    }
}

/// Writes the state fields of an object.
fn write_state(
    graph: &Graph,
    number: usize,
    of: Number,
    graphs: &Rc<Graphs>,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    let content = graph.objects().get(number).and_then(|object| object.content.as_slice().first());
    let Some(Value::Record(record)) = content else { return Ok(()) };
    let kept = record.shape.fields.iter().filter(|field| !field.state).count();
    let values = record.values().get(kept..).unwrap_or_default().iter();
    let task = Task::Fields { values, of, variant: None, next: kept };
    Writing { graphs, tasks: alloc::vec![task] }.run(w)
}

/// What tells an object apart.
fn key(object: &SharedObject) -> Key {
    Key {
        address: core::ptr::from_ref(object).addr(),
        of: TypeId::of::<SharedObject>(),
        size: size_of::<SharedObject>(),
    }
}

/// A strong reference for a weak one, of a type that the stream has.
fn strong(weak: &Shared) -> Shared {
    let of = weak.of.as_ref().and_then(|of| {
        let Some(Def::Weak(part)) = of.def() else { return None };
        let defs = &of.table()?.defs;
        let place = defs.iter().position(|def| *def == Def::Shared(*part))?;
        Some(of.part(super::types::number(place)))
    });
    weak.with_type(of)
}

/// The type of a field.
fn field(def: Option<&Def>, variant: Option<usize>, place: usize) -> Option<Number> {
    match (def, variant) {
        (Some(Def::Enum { variants, .. }), Some(variant)) => {
            let fields = variants.get(variant).map(|(_, fields)| &fields.fields);
            fields.and_then(|fields| fields.get(place)).map(|(_, of)| *of)
        }
        (Some(Def::Tuple(parts)), _) => parts.get(place).copied(),
        (Some(Def::Record { fields, state, .. }), _) => {
            let behind = || state.fields.get(place.checked_sub(fields.fields.len())?);
            fields.fields.get(place).or_else(behind).map(|(_, of)| *of)
        }
        _ => None,
    }
}

/// Writes an integer of fixed width.
fn fixed(value: &Value, w: &mut Writer<'_>) -> Result<(), Error> {
    match value {
        Value::U16(value) => w.bytes(&value.to_le_bytes()),
        Value::U32(value) => w.bytes(&value.to_le_bytes()),
        Value::U64(value) => w.bytes(&value.to_le_bytes()),
        Value::U128(value) => w.bytes(&value.to_le_bytes()),
        Value::I16(value) => w.bytes(&value.to_le_bytes()),
        Value::I32(value) => w.bytes(&value.to_le_bytes()),
        Value::I64(value) => w.bytes(&value.to_le_bytes()),
        Value::I128(value) => w.bytes(&value.to_le_bytes()),
        _ => return Err(unfit(value)),
    }
    Ok(())
}

/// The one type that a type refers to.
fn part(universe: &Universe, of: Number) -> Result<Number, Error> {
    universe.def(of).and_then(|def| def.parts().next()).ok_or_else(|| {
        Error::new(ErrorKind::InvalidValue, "a value is not of the type that was found for it")
    })
}

#[cold]
fn unfit(value: &Value) -> Error {
    let message = format!("a value ({}) is not of the type that was found for it", value.kind());
    Error::new(ErrorKind::InvalidValue, message)
}

impl Writer<'_> {
    /// The place of a type, which is defined if it is new.
    fn place_of(&mut self, of: Number) -> Result<u64, Error> {
        if super::types::place(of).is_none() {
            return Ok(u64::from(of));
        }
        if let Some(at) = self.universe().placed(of) {
            return Ok(at);
        }
        if self.fingerprint {
            return Err(self.undefined("the type of a value of any type", ""));
        }
        let (universe, types) = self.value_types();
        let at = universe.place(of, types);
        universe.within_limits(types)?;
        Ok(at)
    }

    /// Writes the place of what a value is registered as.
    pub(super) fn registered_value(
        &mut self,
        registered: &Registered,
        of: Number,
    ) -> Result<(), Error> {
        if self.fingerprint {
            return Err(self.undefined(&format!("the registered type `{registered}`"), ""));
        }
        let at = self.place_of(of)?;
        let (_, types) = self.value_types();
        let place = match registered {
            Registered::Name(name) => types.named_at(name, at),
            Registered::Code(code) => types.coded_at(*code, at),
        };
        self.varint(place);
        Ok(())
    }
}
