//! `Serialize` for values (feature `serde`): JSON, YAML and the rest come from their crates.

use super::object::Shared;
use super::{OsText, Record, Value};
use crate::stack;
use ::serde::ser::{Error, SerializeMap, SerializeSeq, SerializeTuple};
use ::serde::{Serialize, Serializer};
use alloc::string::ToString;
use core::cell::Cell;

/// References to objects beyond this are an error.
const MAX_REFERENCES: u32 = 1 << 20;
/// Values inside one another beyond this are an error: formats recurse.
const MAX_DEPTH: usize = 512;

/// As a derive of serde's would have it: records as maps of their fields (as sequences where those have no names, one such field
/// as itself), variants as maps of one entry (as text where they have no fields), bytes as bytes, `None` as none. A trait object is
/// a map of one entry, from the name of its type.
///
/// A shared object is written wherever it is referred to, up to a million times in all. One inside of itself, and nesting beyond
/// 512 levels, is an error. A weak reference is none: what it refers to is owned elsewhere.
///
/// ```
/// use reduce_core::{Reduce, Value};
///
/// #[derive(Reduce)]
/// struct Order {
///     id: u64,
///     state: State,
/// }
///
/// #[derive(Reduce)]
/// enum State {
///     Open,
///     Shipped { parcel: u32 },
/// }
///
/// let orders = [Order { id: 7, state: State::Open }, Order { id: 8, state: State::Shipped { parcel: 1 } }];
/// assert_eq!(
///     serde_json::to_string(&Value::of(&orders)?).unwrap(),
///     r#"[{"id":7,"state":"Open"},{"id":8,"state":{"Shipped":{"parcel":1}}}]"#
/// );
/// # Ok::<(), reduce_core::Error>(())
/// ```
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let left = Cell::new(MAX_REFERENCES);
        At { depth: 0, around: None, left: &left }.part(self).serialize(serializer)
    }
}

/// As that of a [`Value`].
impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let left = Cell::new(MAX_REFERENCES);
        Fields { record: self, at: At { depth: 0, around: None, left: &left } }
            .serialize(serializer)
    }
}

/// Where a part lies.
#[derive(Clone, Copy)]
struct At<'a> {
    depth: usize,
    /// The shared objects that it lies inside of, innermost first.
    around: Option<&'a Around<'a>>,
    /// How many more references to objects may be written in place.
    left: &'a Cell<u32>,
}

struct Around<'a> {
    object: Option<(usize, usize)>,
    around: Option<&'a Around<'a>>,
}

struct Part<'a> {
    value: &'a Value,
    at: At<'a>,
}

impl<'a> At<'a> {
    /// A part of what lies here.
    fn part(self, value: &'a Value) -> Part<'a> {
        Part { value, at: self }
    }
}

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.at.depth >= MAX_DEPTH {
            return Err(S::Error::custom("the value nests deeper than 512 levels"));
        }
        // Formats take some hundred bytes a level, and more in debug builds.
        if self.at.depth.is_multiple_of(LOOK_EVERY) {
            return stack::with_room(0, || self.inner(serializer));
        }
        self.inner(serializer)
    }
}

/// After how many levels it is looked how much is left of the stack.
const LOOK_EVERY: usize = 8;

impl Part<'_> {
    fn inner<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let at = At { depth: self.at.depth.saturating_add(1), ..self.at };
        match self.value {
            Value::Unit => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Char(value) => serializer.serialize_char(*value),
            Value::U8(value) => serializer.serialize_u8(*value),
            Value::U16(value) => serializer.serialize_u16(*value),
            Value::U32(value) => serializer.serialize_u32(*value),
            Value::U64(value) => serializer.serialize_u64(*value),
            Value::U128(value) => serializer.serialize_u128(*value),
            Value::I8(value) => serializer.serialize_i8(*value),
            Value::I16(value) => serializer.serialize_i16(*value),
            Value::I32(value) => serializer.serialize_i32(*value),
            Value::I64(value) => serializer.serialize_i64(*value),
            Value::I128(value) => serializer.serialize_i128(*value),
            Value::F32(value) => serializer.serialize_f32(*value),
            Value::F64(value) => serializer.serialize_f64(*value),
            Value::Str(text) | Value::OsText(OsText::Text(text)) => serializer.serialize_str(text),
            Value::OsText(OsText::Bytes(bytes) | OsText::Wide(bytes)) => {
                serializer.serialize_bytes(bytes)
            }
            Value::Bytes(bytes) | Value::ByteArray(bytes) => serializer.serialize_bytes(bytes),
            Value::List(elements) => sequence(elements, at, serializer),
            Value::Array(elements) | Value::Tuple(elements) => {
                let mut tuple = serializer.serialize_tuple(elements.len())?;
                elements.iter().try_for_each(|value| tuple.serialize_element(&at.part(value)))?;
                tuple.end()
            }
            Value::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                entries.iter().try_for_each(|(key, value)| {
                    map.serialize_entry(&at.part(key), &at.part(value))
                })?;
                map.end()
            }
            Value::Optional(optional) => match optional.get() {
                Some(value) => serializer.serialize_some(&at.part(value)),
                None => serializer.serialize_none(),
            },
            Value::Record(record) => Fields { record, at }.serialize(serializer),
            Value::Enum(variant) if variant.fields().is_empty() => {
                serializer.serialize_str(variant.name())
            }
            Value::Enum(variant) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(variant.name(), &Fields { record: variant.fields(), at })?;
                map.end()
            }
            Value::Shared(shared) => object(shared, at, serializer),
            Value::Weak(_) => serializer.serialize_none(),
            Value::Dyn(object) | Value::Dispatch(object) => {
                let mut map = serializer.serialize_map(Some(1))?;
                let name = object.registered().to_string();
                map.serialize_entry(&name, &at.part(object.get()))?;
                map.end()
            }
            Value::Persistent(id) => at.part(id.get()).serialize(serializer),
            Value::Unread(_) => Err(S::Error::custom(super::unread::UNREAD)),
        }
    }
}

fn sequence<S: Serializer>(values: &[Value], at: At<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut sequence = serializer.serialize_seq(Some(values.len()))?;
    values.iter().try_for_each(|value| sequence.serialize_element(&at.part(value)))?;
    sequence.end()
}

/// An object in the place of a reference to it.
fn object<S: Serializer>(shared: &Shared, at: At<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    let id = shared.id();
    let mut outer = at.around;
    while let Some(around) = outer {
        if around.object == id {
            return Err(S::Error::custom(
                "a shared object holds itself, and cannot be written in place",
            ));
        }
        outer = around.around;
    }
    // A few objects that hold each other twice spell a value of any length.
    let left = at.left.get().checked_sub(1);
    at.left.set(left.ok_or_else(|| S::Error::custom("the value has too many shared objects"))?);
    let around = Around { object: id, around: at.around };
    let value = shared.get();
    At { around: Some(&around), ..at }.part(&value).serialize(serializer)
}

struct Fields<'a> {
    record: &'a Record,
    at: At<'a>,
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (record, at) = (self.record, self.at);
        match record.values() {
            [] => {}
            [only] if !record.is_named() => return at.part(only).serialize(serializer),
            values if !record.is_named() => return sequence(values, at, serializer),
            _ => {}
        }
        let mut map = serializer.serialize_map(Some(record.len()))?;
        record.iter().try_for_each(|(name, value)| map.serialize_entry(&*name, &at.part(value)))?;
        map.end()
    }
}
