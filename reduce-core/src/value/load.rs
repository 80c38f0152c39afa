//! From a stream to a value: listens to a walk over the data, and puts together what it hears of.

use super::copies::{Beyond, Built, Copies, Kept, Outside};
use super::items::Items;
use super::object::{self, Graph, Registered, Shared};
use super::record::{EnumShape, FieldShape, Shape};
use super::types::{self, Def, FieldDefs, Table, Type, number};
use super::{
    Bytes, DynValue, Elements, Entries, EnumValue, Optional, OsText, PersistentId, Record, Value,
};
use crate::error::{Error, ErrorKind};
use crate::limits::Budget;
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
}

/// The objects of one document.
#[derive(Default)]
struct Objects(Vec<object::Object>);

/// A value that holds others, some of which are still to come.
struct Open {
    kind: Kind,
    depth: usize,
    items: Vec<Value>,
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
    Registered {
        of: Type,
        registered: Registered,
        concrete: Type,
    },
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
    pub(crate) fn finish(mut self) -> (Built, Budget, Shapes) {
        self.close(0);
        let mut value = self.root.take().unwrap_or(Value::Unit);
        let graph = mem::take(&mut self.objects).seal(&mut value);
        let Outside { met, missing, weak } = self.outside;
        let built = Built { value, kept: Kept::new(graph, self.first), met, missing, weak };
        (built, self.budget, self.shapes)
    }

    fn of(&self, index: usize) -> Type {
        Type::new(&self.table, number(index))
    }

    /// Takes the memory of what follows the stream's size.
    fn allocate(&mut self, count: usize, size: usize, at: usize) -> Result<(), Error> {
        self.budget
            .allocate(count, size)
            .map_err(|limit| Error::new(ErrorKind::Limit, limit.message()).with_offset(at))
    }

    /// Ends the open values from this level on.
    fn close(&mut self, depth: usize) {
        while let Some(open) = self.open.pop_if(|open| open.depth >= depth) {
            self.end(open);
        }
    }

    fn end(&mut self, open: Open) {
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
            Kind::Registered { of, registered, concrete } => {
                let object = DynValue { of, registered, concrete, items: Items::new(items) };
                match object.of.def() {
                    Some(Def::Dyn(_)) => Value::Dyn(object),
                    _ => Value::Dispatch(object),
                }
            }
            Kind::Persistent(of) => {
                Value::Persistent(PersistentId { of, items: Items::new(items) })
            }
            Kind::New { number, of } => self.end_object(number, of, one(items)),
            Kind::State(number) => return self.add_state(number, items),
            Kind::Document(around, first) => {
                self.first = first;
                let (objects, mut value) = (mem::replace(&mut self.objects, around), one(items));
                objects.seal(&mut value);
                value
            }
        };
        self.add(value);
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
                    object.registered = Some(inner.registered.clone());
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
    fn refer_outside(
        &mut self,
        number: usize,
        pointer: usize,
        of: Type,
        at: usize,
    ) -> Result<(), Error> {
        let (weak, beyond) = (is_weak(&of), Beyond { pointer, at });
        self.outside.weak |= weak;
        let Some(copy) = self.copies.and_then(|copies| copies.get(number)) else {
            self.allocate(1, 2 * size_of::<(usize, Beyond)>(), at)?;
            self.outside.missing.entry(number).or_insert(beyond);
            self.add(Value::Unit);
            return Ok(());
        };
        let copy = copy.with_type(Some(of));
        if !self.copies.is_some_and(|copies| copies.fits(number, pointer)) {
            self.allocate(1, 2 * size_of::<((usize, usize), Beyond)>(), at)?;
            self.outside.met.entry((number, pointer)).or_insert(beyond);
        }
        self.add(if weak { Value::Weak(copy) } else { Value::Shared(copy) });
        Ok(())
    }

    fn add_state(&mut self, number: usize, state: Vec<Value>) {
        let object = self.objects.0.get_mut(number);
        let content = object.and_then(|object| object.content.vec_mut().first_mut());
        if let Some(Value::Record(record)) = content {
            record.items.vec_mut().extend(state);
        }
    }

    /// The numbers of a list outside of the stream.
    fn numbers(
        &mut self,
        of: Type,
        code: u8,
        mut buffer: Input<'_>,
        at: usize,
    ) -> Result<Value, Error> {
        let mut items = Vec::new();
        while !buffer.is_empty() {
            self.allocate(1, size_of::<Value>(), at)?;
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
    fn add(&mut self, value: Value) {
        match self.open.last_mut() {
            Some(open) => open.items.push(value),
            // Behind objects ahead stands the root.
            None => self.root = Some(value),
        }
    }

    fn push(&mut self, kind: Kind) {
        let (depth, items) = (self.depth, Vec::new());
        self.open.push(Open { kind, depth, items });
    }

    fn shape(&mut self, index: usize) -> Arc<Shape> {
        if let Some(shape) = self.shapes.records.get(&index) {
            return shape.clone();
        }
        let of = self.of(index);
        let (name, version, fields, state) = match of.def() {
            Some(Def::Record { name, version, fields, state }) => {
                (name.clone(), *version, fields.clone(), state.clone())
            }
            _ => (Arc::from(""), 0, FieldDefs::default(), FieldDefs::default()),
        };
        let shape = Arc::new(shape(name, version, of, &fields, &state));
        self.shapes.records.insert(index, shape.clone());
        shape
    }

    fn variant(&mut self, index: usize, number: u64) -> (Arc<EnumShape>, Arc<Shape>) {
        if let Some(found) = self.shapes.variants.get(&(index, number)) {
            return found.clone();
        }
        let of = self.of(index);
        let (name, version, variant) = match of.def() {
            Some(Def::Enum { name, version, variants }) => {
                let place = usize::try_from(number).ok();
                let variant = place.and_then(|place| variants.get(place)).cloned();
                (
                    name.clone(),
                    *version,
                    variant.unwrap_or_else(|| (Arc::from(""), FieldDefs::default())),
                )
            }
            _ => (Arc::from(""), 0, (Arc::from(""), FieldDefs::default())),
        };
        let state = FieldDefs::default();
        let fields = Arc::new(shape(variant.0, 0, of.clone(), &variant.1, &state));
        let found = (Arc::new(EnumShape { name, version, of: Some(of) }), fields);
        self.shapes.variants.insert((index, number), found.clone());
        found
    }

    /// The bytes of a list or an array of them.
    fn bytes(&mut self, bytes: &[u8], at: usize) -> Result<(), Error> {
        self.allocate(bytes.len(), 1, at)?;
        let bytes = Bytes(bytes.to_vec());
        match self.open.pop() {
            Some(Open { kind: Kind::Array(_), .. }) => self.add(Value::ByteArray(bytes)),
            _ => self.add(Value::Bytes(bytes)),
        }
        Ok(())
    }
}

/// What the values of a definition have in common.
fn shape(name: Arc<str>, version: u64, of: Type, fields: &FieldDefs, state: &FieldDefs) -> Shape {
    let of = &of;
    let list = |list: &FieldDefs, state: bool| {
        let named = list.named;
        let field = move |(name, part): &(Arc<str>, types::Number)| FieldShape {
            name: named.then(|| name.clone()),
            of: Some(of.part(*part)),
            origin: None,
            state,
        };
        list.fields.iter().map(field).collect::<Vec<_>>()
    };
    let mut all = list(fields, false);
    all.extend(list(state, true));
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
        self.close(0);
        Ok(())
    }

    fn step(&mut self, _: Step<'de>, depth: usize, _: Ref) -> Result<(), Error> {
        // The elements of a list of bytes are no value of their own: the list stays open.
        self.close(depth);
        self.depth = depth;
        Ok(())
    }

    fn primitive(
        &mut self,
        at: Range<usize>,
        code: u8,
        value: Primitive<'de>,
    ) -> Result<(), Error> {
        let at = at.start;
        if let Primitive::Bytes(bytes) = value {
            return self.bytes(bytes, at);
        }
        self.allocate(1, size_of::<Value>(), at)?;
        if let Primitive::Str(text) = value {
            self.allocate(text.len(), 1, at)?;
        }
        if let Primitive::OsBytes(bytes) | Primitive::OsWide(bytes) = value {
            self.allocate(bytes.len(), 1, at)?;
        }
        let value = value_of(code, value).ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, "a primitive that no value holds").with_offset(at)
        })?;
        self.add(value);
        Ok(())
    }

    fn begin(&mut self, at: Range<usize>, index: usize, head: Head<'de>) -> Result<(), Error> {
        let at = at.start;
        self.allocate(1, size_of::<Value>().saturating_add(size_of::<Open>()), at)?;
        let of = self.of(index);
        match head {
            Head::Record => {
                let shape = self.shape(index);
                self.push(Kind::Record(shape));
            }
            Head::Variant(number, _) => {
                let (of, shape) = self.variant(index, number);
                self.push(Kind::Enum(of, shape));
            }
            Head::List(_) | Head::Aligned(_) => self.push(Kind::List(of)),
            Head::Array(_) => self.push(Kind::Array(of)),
            Head::Tuple => self.push(Kind::Tuple(of)),
            Head::Map(_) => self.push(Kind::Map(of)),
            Head::None => self.add(Value::Optional(Optional::new(Some(of), None))),
            Head::Some => self.push(Kind::Some(of)),
            Head::Persistent => self.push(Kind::Persistent(of)),
            Head::Dangling => self.add(Value::Weak(Shared::dangling(Some(of)))),
            Head::BackReference(number) => {
                // The walk found that it is there, if it is one of this part.
                let number = usize::try_from(number).unwrap_or(usize::MAX);
                match number.checked_sub(self.first) {
                    Some(number) => {
                        self.outside.weak |= is_weak(&of);
                        self.add(Self::reference(number, of));
                    }
                    None => self.refer_outside(number, index, of, at)?,
                }
            }
            Head::New { code, number } => {
                self.allocate(1, size_of::<object::Object>(), at)?;
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
                self.push(Kind::New { number, of });
            }
            Head::Registered(place) => {
                let (registered, concrete) = match self.table.get(number(place)) {
                    Some(Def::Named(name, of)) => (Registered::Name(name.clone()), *of),
                    Some(Def::Coded(code, of)) => (Registered::Code(*code), *of),
                    _ => (Registered::Code(0), 0),
                };
                let concrete = of.part(concrete);
                // Of an object that begins with it, that is the type.
                if let Some(Open { kind: Kind::New { number, .. }, items, .. }) = self.open.last()
                    && items.is_empty()
                    && let Some(object) = self.objects.0.get_mut(*number)
                {
                    object.of = Some(concrete.clone());
                }
                self.push(Kind::Registered { of, registered, concrete });
            }
            Head::State(number) => {
                self.push(Kind::State(number.saturating_sub(self.first)));
            }
            Head::Buffer { number, .. } => {
                let place = usize::try_from(number).ok();
                let Some(bytes) = place.and_then(|place| self.buffers.get(place)) else {
                    let message = "the stream leaves bytes to buffers outside of it";
                    return Err(Error::new(ErrorKind::Buffers, message).with_offset(at));
                };
                let code = match of.def() {
                    Some(Def::List(part)) => u8::try_from(*part).ok(),
                    _ => None,
                };
                let value = match code {
                    Some(opcode::U8) | None => {
                        self.allocate(bytes.len(), 1, at)?;
                        Value::Bytes(Bytes(bytes.to_vec()))
                    }
                    Some(code) => self.numbers(of, code, Input::new(bytes), at)?,
                };
                self.add(value);
            }
        }
        Ok(())
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
        self.allocate(1, size_of::<Open>(), at.start)?;
        let (around, first) = (mem::take(&mut self.objects), mem::take(&mut self.first));
        self.push(Kind::Document(around, first));
        Ok(())
    }

    fn end_document(&mut self) -> Result<(), Error> {
        // All that is open in it, and the document: what is behind it belongs to what is around it.
        while let Some(open) = self.open.pop() {
            let document = matches!(open.kind, Kind::Document(..));
            self.end(open);
            if document {
                break;
            }
        }
        Ok(())
    }
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
