//! From a stream to a value: listens to a walk over the data, and puts together what it hears of.

use super::copies::{Beyond, Built, Copies, Kept, Outside};
use super::items::Items;
use super::object::{self, Graph, Registered, Shared};
use super::parts::DynKind;
use super::record::{EnumShape, FieldShape, Shape};
use super::types::{Def, FieldDefs, Table, Type, number};
use super::{
    Bytes, DynValue, Elements, Entries, EnumValue, Optional, OsText, PersistentId, Record, Value,
};
use crate::error::{Error, ErrorKind};
use crate::limits::{Budget, Exhausted};
use crate::opcode;
use crate::program::table::Ref;
use crate::read::Input;
use crate::scan::{self, Head, InColumns, Mark, Primitive, Step, Visit};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;
use core::ops::Range;

/// Puts a value together.
pub(crate) struct Builder<'b> {
    table: Arc<Table>,
    budget: Budget,
    /// Those that lie outside of the stream.
    buffers: &'b [&'b [u8]],
    /// The values that are open, innermost last.
    open: Vec<Open>,
    /// How many levels below the root the next value lies.
    depth: usize,
    /// Where in the stream it is, for errors.
    at: usize,
    root: Option<Value>,
    shapes: Shapes,
    objects: Objects,
    /// The number of the first of them.
    first: usize,
    /// Those in front of what is read.
    copies: Option<&'b Copies>,
    outside: Outside,
}

/// What the values of a table's definitions have in common.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    /// Of records, by definition.
    records: BTreeMap<usize, Arc<Shape>>,
    /// Of variants, by definition and number.
    variants: BTreeMap<(usize, u64), (Arc<EnumShape>, Arc<Shape>)>,
    /// Of registered types, by what they stand behind, and definition.
    registered: BTreeMap<(usize, usize), Arc<DynKind>>,
}

/// For how many values there is room before any has come, at most: what is said of their number may not be true.
const AHEAD: usize = 64;

/// The objects of one document.
#[derive(Default)]
struct Objects(Vec<object::Object>);

/// A value that holds others, some of which are still to come.
struct Open {
    kind: Kind,
    depth: usize,
    items: Vec<Value>,
    /// For how many of them memory was taken.
    paid: usize,
}

enum Kind {
    Record(Arc<Shape>),
    Enum(Arc<EnumShape>, Arc<Shape>),
    List(Type),
    Array(Type),
    Tuple(Type),
    Map(Type),
    Some(Type),
    /// An object, and the type of the reference to it.
    New {
        number: usize,
        of: Type,
    },
    Registered(Arc<DynKind>),
    Persistent(Type),
    /// The state of an object.
    State(usize),
    /// The objects around it.
    Document(Objects, usize),
}

impl<'b> Builder<'b> {
    pub(crate) fn new(table: Arc<Table>, budget: Budget, buffers: &'b [&'b [u8]]) -> Self {
        Builder {
            table,
            budget,
            buffers,
            open: Vec::new(),
            depth: 0,
            at: 0,
            root: None,
            shapes: Shapes::default(),
            objects: Objects::default(),
            first: 0,
            copies: None,
            outside: Outside::default(),
        }
    }

    /// The objects of the part that is heard of have numbers from this one on; those in front of it are known from elsewhere.
    pub(crate) fn numbered_from(mut self, first: usize, copies: Option<&'b Copies>) -> Self {
        (self.first, self.copies) = (first, copies);
        self
    }

    /// What other values of this table have left.
    pub(crate) fn with_shapes(mut self, shapes: Shapes) -> Self {
        self.shapes = shapes;
        self
    }

    /// The value, when all of it was heard of, and what it leaves to other values of the table.
    pub(crate) fn finish(mut self) -> Result<(Built, Budget, Shapes), Error> {
        self.close(0)?;
        let mut value = self.root.take().unwrap_or(Value::Unit);
        let graph = mem::take(&mut self.objects).seal(&mut value);
        let Outside { met, missing, weak } = self.outside;
        let built = Built { value, kept: Kept::new(graph, self.first), met, missing, weak };
        Ok((built, self.budget, self.shapes))
    }

    fn of(&self, index: usize) -> Type {
        Type::new(&self.table, number(index))
    }

    /// Takes the memory of what follows the stream's size.
    fn allocate(&mut self, count: usize, size: usize) -> Result<(), Error> {
        self.budget.allocate(count, size).map_err(exhausted_at(self.at))
    }

    /// Ends the open values from this level on.
    fn close(&mut self, depth: usize) -> Result<(), Error> {
        while let Some(open) = self.open.pop_if(|open| open.depth >= depth) {
            self.end(open)?;
        }
        Ok(())
    }

    fn end(&mut self, open: Open) -> Result<(), Error> {
        let Open { kind, items, .. } = open;
        let one = |items: Vec<Value>| items.into_iter().next_back().unwrap_or(Value::Unit);
        let value = match kind {
            Kind::Record(shape) => Value::Record(Record { shape, items: Items::new(items) }),
            Kind::Enum(of, shape) => {
                let record = Record { shape, items: Items::new(items) };
                Value::Enum(EnumValue { of, record })
            }
            Kind::List(of) => Value::List(Elements::new(Some(of), items)),
            Kind::Array(of) => Value::Array(Elements::new(Some(of), items)),
            Kind::Tuple(of) => Value::Tuple(Elements::new(Some(of), items)),
            Kind::Map(of) => Value::Map(Entries::new(Some(of), items)),
            Kind::Some(of) => Value::Optional(Optional::new(Some(of), Some(one(items)))),
            Kind::Registered(kind) => {
                let object = DynValue { kind, items: Items::new(items) };
                match object.kind.of.def() {
                    Some(Def::Dyn(_)) => Value::Dyn(object),
                    _ => Value::Dispatch(object),
                }
            }
            Kind::Persistent(of) => {
                Value::Persistent(PersistentId { of, items: Items::new(items) })
            }
            Kind::New { number, of } => self.end_object(number, of, one(items)),
            Kind::State(number) => {
                self.add_state(number, items);
                return Ok(());
            }
            Kind::Document(around, first) => {
                self.first = first;
                let (objects, mut value) = (mem::replace(&mut self.objects, around), one(items));
                objects.seal(&mut value);
                value
            }
        };
        self.add(value)
    }

    /// An object is whole, its queued state aside.
    fn end_object(&mut self, number: usize, of: Type, content: Value) -> Value {
        let part = match of.def() {
            Some(Def::Shared(part) | Def::Weak(part)) => of.part(*part),
            _ => of.clone(),
        };
        let is_dyn = matches!(part.def(), Some(Def::Dyn(_)));
        if let Some(object) = self.objects.0.get_mut(number) {
            match content {
                // Behind a pointer to a trait object the object is of its own type.
                Value::Dyn(inner) if is_dyn => {
                    object.registered = Some(inner.kind.registered.clone());
                    object.content = Items::one(inner.into_inner());
                }
                content => object.content = Items::one(content),
            }
        }
        Self::reference(number, of)
    }

    /// A reference to an object of what is read.
    fn reference(number: usize, of: Type) -> Value {
        let weak = is_weak(&of);
        let shared = Shared::open(number, of);
        if weak { Value::Weak(shared) } else { Value::Shared(shared) }
    }

    /// A reference to an object in front of what is read.
    fn refer_outside(&mut self, number: usize, pointer: usize, of: Type) -> Result<(), Error> {
        let (weak, beyond) = (is_weak(&of), Beyond { pointer, at: self.at });
        self.outside.weak |= weak;
        let Some(copy) = self.copies.and_then(|copies| copies.get(number)) else {
            self.allocate(1, 2 * size_of::<(usize, Beyond)>())?;
            self.outside.missing.entry(number).or_insert(beyond);
            return self.add(Value::Unit);
        };
        let copy = copy.with_type(Some(of));
        if !self.copies.is_some_and(|copies| copies.fits(number, pointer)) {
            self.allocate(1, 2 * size_of::<((usize, usize), Beyond)>())?;
            self.outside.met.entry((number, pointer)).or_insert(beyond);
        }
        self.add(if weak { Value::Weak(copy) } else { Value::Shared(copy) })
    }

    fn add_state(&mut self, number: usize, state: Vec<Value>) {
        let object = self.objects.0.get_mut(number);
        let content = object.and_then(|object| object.content.vec_mut().first_mut());
        if let Some(Value::Record(record)) = content {
            record.items.vec_mut().extend(state);
        }
    }

    /// The numbers of a list outside of the stream.
    fn numbers(&mut self, of: Type, code: u8, mut buffer: Input<'_>) -> Result<Value, Error> {
        let (mut items, at) = (Vec::new(), self.at);
        while !buffer.is_empty() {
            self.budget.extend(&mut items).map_err(exhausted_at(at))?;
            let number = if opcode::is_fixed(code) {
                scan::primitive(&mut buffer, code)
            } else {
                scan::fixed(&mut buffer, code)
            };
            items.extend(value_of(code, number.map_err(|error| error.with_offset(at))?));
        }
        Ok(Value::List(Elements::new(Some(of), items)))
    }

    /// A value is whole.
    fn add(&mut self, value: Value) -> Result<(), Error> {
        match self.open.last_mut() {
            Some(open) => {
                let room = match open.items.len() < open.paid {
                    true => self.budget.grow(&mut open.items, open.paid),
                    false => self.budget.extend(&mut open.items),
                };
                room.map_err(exhausted_at(self.at))?;
                open.items.push(value);
            }
            // Behind objects ahead stands the root.
            None => self.root = Some(value),
        }
        Ok(())
    }

    /// A value begins that holds so many others, as far as that is known.
    fn push(&mut self, kind: Kind, count: usize) -> Result<(), Error> {
        self.allocate(count, size_of::<Value>())?;
        self.budget.extend(&mut self.open).map_err(exhausted_at(self.at))?;
        let items = Vec::with_capacity(count.min(AHEAD));
        self.open.push(Open { kind, depth: self.depth, items, paid: count });
        Ok(())
    }

    /// The same, of a list: one of bytes is heard of as a whole.
    fn push_list(&mut self, kind: Kind, count: u64) -> Result<(), Error> {
        let bytes = match &kind {
            Kind::List(of) | Kind::Array(of) => match of.def() {
                Some(Def::List(part) | Def::Array(_, part)) => *part == u32::from(opcode::U8),
                _ => false,
            },
            _ => false,
        };
        let count = if bytes { 0 } else { usize::try_from(count).unwrap_or(usize::MAX) };
        self.push(kind, count)
    }

    fn shape(&mut self, index: usize) -> Result<Arc<Shape>, Error> {
        if let Some(shape) = self.shapes.records.get(&index) {
            return Ok(shape.clone());
        }
        let of = self.of(index);
        let none = (&Arc::from(""), 0, &FieldDefs::default(), &FieldDefs::default());
        let (name, version, fields, state) = match of.def() {
            Some(Def::Record { name, version, fields, state }) => (name, *version, fields, state),
            _ => none,
        };
        self.pay_shape(&[fields, state])?;
        let shape = Arc::new(shape(name.clone(), version, &of, fields, state));
        self.shapes.records.insert(index, shape.clone());
        Ok(shape)
    }

    fn pay_shape(&mut self, fields: &[&FieldDefs]) -> Result<(), Error> {
        let count = fields.iter().map(|list| list.fields.len()).sum();
        self.allocate(1, size_of::<(EnumShape, Shape)>())?;
        self.allocate(count, size_of::<FieldShape>())
    }

    fn variant(
        &mut self,
        index: usize,
        number: u64,
    ) -> Result<(Arc<EnumShape>, Arc<Shape>), Error> {
        if let Some(found) = self.shapes.variants.get(&(index, number)) {
            return Ok(found.clone());
        }
        let of = self.of(index);
        let none = (Arc::from(""), FieldDefs::default());
        let (name, version, variant) = match of.def() {
            Some(Def::Enum { name, version, variants }) => {
                let place = usize::try_from(number).ok();
                (name, *version, place.and_then(|place| variants.get(place)).unwrap_or(&none))
            }
            _ => (&none.0, 0, &none),
        };
        let (variant, fields) = variant;
        self.pay_shape(&[fields])?;
        let fields = shape(variant.clone(), 0, &of, fields, &FieldDefs::default());
        let shape = EnumShape { name: name.clone(), version, of: Some(of.clone()) };
        let found = (Arc::new(shape), Arc::new(fields));
        self.shapes.variants.insert((index, number), found.clone());
        Ok(found)
    }

    fn registered(&mut self, index: usize, place: usize) -> Arc<DynKind> {
        if let Some(kind) = self.shapes.registered.get(&(index, place)) {
            return kind.clone();
        }
        let of = self.of(index);
        let (registered, concrete) = match self.table.get(number(place)) {
            Some(Def::Named(name, of)) => (Registered::Name(name.clone()), *of),
            Some(Def::Coded(code, of)) => (Registered::Code(*code), *of),
            _ => (Registered::Code(0), 0),
        };
        let concrete = of.part(concrete);
        let kind = Arc::new(DynKind { of, registered, concrete });
        self.shapes.registered.insert((index, place), kind.clone());
        kind
    }

    /// The bytes of a list or an array of them.
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.allocate(bytes.len(), 1)?;
        let bytes = Bytes(bytes.to_vec());
        match self.open.pop() {
            Some(Open { kind: Kind::Array(_), .. }) => self.add(Value::ByteArray(bytes)),
            _ => self.add(Value::Bytes(bytes)),
        }
    }
}

/// What the values of a definition have in common.
fn shape(name: Arc<str>, version: u64, of: &Type, fields: &FieldDefs, state: &FieldDefs) -> Shape {
    let mut all = Vec::with_capacity(fields.fields.len().saturating_add(state.fields.len()));
    for (list, state) in [(fields, false), (state, true)] {
        all.extend(list.fields.iter().map(|(name, part)| FieldShape {
            name: list.named.then(|| name.clone()),
            of: Some(of.part(*part)),
            origin: None,
            state,
        }));
    }
    let named = fields.named;
    Shape { name, version, fields: all, of: Some(of.clone()), named, upgraded: None }
}

impl Objects {
    /// The document is whole: no reference in its value is an inner one any longer.
    fn seal(self, value: &mut Value) -> Option<Arc<Graph>> {
        (!self.0.is_empty()).then(|| Graph::seal(self.0, value))
    }
}

impl<'de> Visit<'de> for Builder<'_> {
    fn mark(&mut self, _: Range<usize>, _: Mark) -> Result<(), Error> {
        // What stands in front of it is whole.
        self.close(0)
    }

    fn step(&mut self, _: Step<'de>, depth: usize, _: Ref) -> Result<(), Error> {
        // The elements of a list of bytes are no value of their own: the list stays open.
        self.close(depth)?;
        self.depth = depth;
        Ok(())
    }

    fn primitive(
        &mut self,
        at: Range<usize>,
        code: u8,
        value: Primitive<'de>,
    ) -> Result<(), Error> {
        self.at = at.start;
        if let Primitive::Bytes(bytes) = value {
            return self.bytes(bytes);
        }
        if let Primitive::Str(text) = value {
            self.allocate(text.len(), 1)?;
        }
        if let Primitive::OsBytes(bytes) | Primitive::OsWide(bytes) = value {
            self.allocate(bytes.len(), 1)?;
        }
        let value = value_of(code, value).ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, "a primitive that no value holds")
                .with_offset(at.start)
        })?;
        self.add(value)
    }

    fn begin(&mut self, at: Range<usize>, index: usize, head: Head<'de>) -> Result<(), Error> {
        self.at = at.start;
        let of = self.of(index);
        match head {
            Head::Record => {
                let shape = self.shape(index)?;
                let count = shape.fields.len();
                self.push(Kind::Record(shape), count)
            }
            Head::Variant(number, _) => {
                let (of, shape) = self.variant(index, number)?;
                let count = shape.fields.len();
                self.push(Kind::Enum(of, shape), count)
            }
            Head::List(count) | Head::Aligned(count) => self.push_list(Kind::List(of), count),
            Head::Array(count) => self.push_list(Kind::Array(of), count),
            Head::Tuple => {
                let count = match of.def() {
                    Some(Def::Tuple(parts)) => parts.len(),
                    _ => 0,
                };
                self.push(Kind::Tuple(of), count)
            }
            Head::Map(count) => self.push_list(Kind::Map(of), count.saturating_mul(2)),
            Head::None => self.add(Value::Optional(Optional::new(Some(of), None))),
            Head::Some => self.push(Kind::Some(of), 1),
            Head::Persistent => self.push(Kind::Persistent(of), 1),
            Head::Dangling => self.add(Value::Weak(Shared::dangling(Some(of)))),
            Head::BackReference(number) => {
                // The walk found that it is there, if it is one of this part.
                let number = usize::try_from(number).unwrap_or(usize::MAX);
                match number.checked_sub(self.first) {
                    Some(number) => {
                        self.outside.weak |= is_weak(&of);
                        self.add(Self::reference(number, of))
                    }
                    None => self.refer_outside(number, index, of),
                }
            }
            Head::New { code, number } => {
                self.budget.extend(&mut self.objects.0).map_err(exhausted_at(self.at))?;
                let part = match of.def() {
                    Some(Def::Shared(part) | Def::Weak(part)) => Some(of.part(*part)),
                    _ => None,
                };
                self.objects.0.push(object::Object {
                    content: Items::default(),
                    of: part,
                    registered: None,
                    stateful: code & opcode::STATEFUL != 0,
                });
                self.outside.weak |= is_weak(&of);
                let number = number.saturating_sub(self.first);
                self.push(Kind::New { number, of }, 1)
            }
            Head::Registered(place) => {
                let kind = self.registered(index, place);
                // Of an object that begins with it, that is the type.
                if let Some(Open { kind: Kind::New { number, .. }, items, .. }) = self.open.last()
                    && items.is_empty()
                    && let Some(object) = self.objects.0.get_mut(*number)
                {
                    object.of = Some(kind.concrete.clone());
                }
                self.push(Kind::Registered(kind), 1)
            }
            Head::State(number) => self.push(Kind::State(number.saturating_sub(self.first)), 0),
            Head::Buffer { number, .. } => {
                let place = usize::try_from(number).ok();
                let Some(bytes) = place.and_then(|place| self.buffers.get(place)) else {
                    let message = "the stream leaves bytes to buffers outside of it";
                    return Err(Error::new(ErrorKind::Buffers, message).with_offset(self.at));
                };
                let code = match of.def() {
                    Some(Def::List(part)) => u8::try_from(*part).ok(),
                    _ => None,
                };
                let value = match code {
                    Some(opcode::U8) | None => {
                        self.allocate(bytes.len(), 1)?;
                        Value::Bytes(Bytes(bytes.to_vec()))
                    }
                    Some(code) => self.numbers(of, code, Input::new(bytes))?,
                };
                self.add(value)
            }
        }
    }

    fn budget(&mut self) -> Option<&mut Budget> {
        Some(&mut self.budget)
    }

    fn columns(
        &mut self,
        at: Range<usize>,
        index: usize,
        list: &InColumns<'_, 'de>,
    ) -> Result<(), Error> {
        list.as_rows(at, index, self)
    }

    fn document(&mut self, at: Range<usize>, _: Ref) -> Result<(), Error> {
        self.at = at.start;
        let (around, first) = (mem::take(&mut self.objects), mem::take(&mut self.first));
        self.push(Kind::Document(around, first), 1)
    }

    fn end_document(&mut self) -> Result<(), Error> {
        // All that is open in it, and the document: what is behind it belongs to what is around it.
        while let Some(open) = self.open.pop() {
            let document = matches!(open.kind, Kind::Document(..));
            self.end(open)?;
            if document {
                break;
            }
        }
        Ok(())
    }
}

/// The error of a limit at this place: by itself, since what is too large is borrowed where it is found.
fn exhausted_at(at: usize) -> impl Fn(Exhausted) -> Error {
    move |limit| limit.error().with_offset(at)
}

/// Whether a pointer of the type is a weak one.
fn is_weak(of: &Type) -> bool {
    matches!(of.def(), Some(Def::Weak(_)))
}

/// A primitive as a value of its opcode's variant.
fn value_of(code: u8, value: Primitive<'_>) -> Option<Value> {
    Some(match (opcode::plain(code), value) {
        (_, Primitive::Unit) => Value::Unit,
        (_, Primitive::Bool(value)) => Value::Bool(value),
        (_, Primitive::Char(value)) => Value::Char(value),
        (opcode::U8, Primitive::Unsigned(value)) => Value::U8(value.try_into().ok()?),
        (opcode::U16, Primitive::Unsigned(value)) => Value::U16(value.try_into().ok()?),
        (opcode::U32, Primitive::Unsigned(value)) => Value::U32(value.try_into().ok()?),
        (opcode::U64, Primitive::Unsigned(value)) => Value::U64(value.try_into().ok()?),
        (opcode::U128, Primitive::Unsigned(value)) => Value::U128(value),
        (opcode::I8, Primitive::Signed(value)) => Value::I8(value.try_into().ok()?),
        (opcode::I16, Primitive::Signed(value)) => Value::I16(value.try_into().ok()?),
        (opcode::I32, Primitive::Signed(value)) => Value::I32(value.try_into().ok()?),
        (opcode::I64, Primitive::Signed(value)) => Value::I64(value.try_into().ok()?),
        (opcode::I128, Primitive::Signed(value)) => Value::I128(value),
        (_, Primitive::F32(value)) => Value::F32(value),
        (_, Primitive::F64(value)) => Value::F64(value),
        (opcode::OS_STR, Primitive::Str(text)) => Value::OsText(OsText::Text(text.into())),
        (_, Primitive::Str(text)) => Value::Str(String::from(text)),
        (_, Primitive::OsBytes(bytes)) => Value::OsText(OsText::Bytes(bytes.to_vec())),
        (_, Primitive::OsWide(bytes)) => Value::OsText(OsText::Wide(bytes.to_vec())),
        (_, Primitive::Bytes(bytes)) => Value::Bytes(Bytes(bytes.to_vec())),
        _ => return None,
    })
}
