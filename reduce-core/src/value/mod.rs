//! [`Value`], a dynamic value, and the types that it is made of.
//!
//! `Value` is for any stream, without its types: see there. The other types here are what its variants hold.

mod access;
mod convert;
mod copies;
mod dump;
mod equal;
mod infer;
mod items;
mod load;
mod look;
mod object;
mod parts;
mod record;
#[cfg(feature = "serde")]
mod serde;
mod show;
mod typed;
mod types;
mod universe;
mod unknown_object;
mod unread;
mod upgrade;

pub(crate) use copies::{Beyond, Built, Copies};
pub(crate) use dump::Root;
pub(crate) use load::{Builder, Shapes};
pub(crate) use look::{Object, Objects};
pub use object::{ObjectRef, Registered, Shared};
pub use parts::{Bytes, DynValue, Elements, Entries, Optional, OsText, PersistentId};
pub use record::{EnumValue, Record};
pub(crate) use types::Table;
pub(crate) use universe::Universe;
pub use unknown_object::UnknownObject;
pub use unread::Unread;
pub(crate) use upgrade::Place;

use crate::error::Error;
use crate::read::Loader;
use crate::reduce::Reduce;
use alloc::string::String;
use items::Items;

/// A dynamic value: what any stream holds, loaded without its types, to look at, to change, and to dump again.
///
/// Each primitive of the format has a variant of its own, so that nothing is lost; [`as_u64`](Self::as_u64) and the like ask
/// for a number of any width. A value keeps the types that it was loaded with (of empty lists, of all variants of an enum), so
/// that dumped again it gives the same bytes. `{}` shows it on one line, `{:#}` on several. The counterpart in Python is what
/// `pickle.loads` gives for classes that are not known, if it did not refuse.
///
/// ```
/// use reduce_core::{Reduce, Value};
///
/// #[derive(Reduce)]
/// struct Order {
///     id: u32,
///     lines: Vec<Line>,
/// }
///
/// #[derive(Reduce)]
/// struct Line {
///     article: String,
///     count: u16,
/// }
///
/// let order = Order { id: 7, lines: vec![Line { article: "pear".into(), count: 3 }] };
/// let bytes = reduce_core::to_vec(&order)?;
///
/// let value = Value::from_slice(&bytes)?;
/// assert_eq!(value.to_string(), r#"Order { id: 7, lines: [Line { article: "pear", count: 3 }] }"#);
/// assert_eq!(value["lines"][0]["count"].as_u64(), Some(3));
/// # Ok::<(), reduce_core::Error>(())
/// ```
///
/// # Shared objects
///
/// A [`Shared`] refers to an object; copies of it refer to the same one. All objects of one stream lie in one arena, which the
/// references from outside hold alive: cycles, through `Weak` or through state, are no leaks. Objects cannot be changed in place.
///
/// In a stream, a field or an element of type `Value` is a document of its own: an object that two of them refer to is written in
/// both, and loaded as two.
///
/// # Depth
///
/// Loading, dropping, cloning, comparing and dumping do not recurse, so a value may nest as deep as it likes. Showing cuts off what
/// lies too deep.
#[derive(Clone)]
#[non_exhaustive]
pub enum Value {
    /// `()`.
    Unit,
    /// A truth value.
    Bool(bool),
    /// A character.
    Char(char),
    /// An unsigned integer of 8 bits.
    U8(u8),
    /// An unsigned integer of 16 bits.
    U16(u16),
    /// An unsigned integer of 32 bits.
    U32(u32),
    /// An unsigned integer of 64 bits; also a `usize`.
    U64(u64),
    /// An unsigned integer of 128 bits.
    U128(u128),
    /// A signed integer of 8 bits.
    I8(i8),
    /// A signed integer of 16 bits.
    I16(i16),
    /// A signed integer of 32 bits.
    I32(i32),
    /// A signed integer of 64 bits; also an `isize`.
    I64(i64),
    /// A signed integer of 128 bits.
    I128(i128),
    /// A float of 32 bits.
    F32(f32),
    /// A float of 64 bits.
    F64(f64),
    /// Text.
    Str(String),
    /// A path or another string of the operating system.
    OsText(OsText),
    /// A list of `u8`.
    Bytes(Bytes),
    /// An array of `u8`.
    ByteArray(Bytes),
    /// A list of anything else: a `Vec`, a set.
    List(Elements),
    /// An array of anything else.
    Array(Elements),
    /// A tuple.
    Tuple(Elements),
    /// A map.
    Map(Entries),
    /// An `Option`.
    Optional(Optional),
    /// A struct.
    Record(Record),
    /// A variant of an enum.
    Enum(EnumValue),
    /// A shared object: an `Rc`, an `Arc`.
    Shared(Shared),
    /// A weak reference to a shared object, or to nothing.
    Weak(Shared),
    /// A trait object that is not shared.
    Dyn(DynValue),
    /// A foreign value of the dispatch table: its parts.
    Dispatch(DynValue),
    /// An object that lives elsewhere: its id.
    Persistent(PersistentId),
    /// A field of a record that is being upgraded, left where it lies in the stream.
    Unread(Unread),
}

impl Value {
    /// Loads the value of any stream with default settings: [`Loader::value_from_slice`].
    ///
    /// # Errors
    ///
    /// As [`Loader::value_from_slice`].
    pub fn from_slice(bytes: &[u8]) -> Result<Self, Error> {
        Loader::new().value_from_slice(bytes)
    }

    /// The value of a type of yours, as a stream would hold it: it is dumped and loaded with default settings.
    ///
    /// ```
    /// use reduce_core::Value;
    /// use std::time::Duration;
    ///
    /// let value = Value::of(&Duration::from_millis(1500))?;
    /// assert_eq!(value.to_string(), "Duration { secs: 1, nanos: 500000000 }");
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the value cannot be dumped.
    pub fn of<T: Reduce + ?Sized>(value: &T) -> Result<Self, Error> {
        Self::from_slice(&crate::to_vec(value)?)
    }

    /// What it holds, objects aside.
    fn items(&self) -> Option<&Items> {
        match self {
            Value::List(elements) | Value::Array(elements) | Value::Tuple(elements) => {
                Some(&elements.items)
            }
            Value::Map(entries) => Some(&entries.items),
            Value::Optional(optional) => Some(&optional.items),
            Value::Record(record) => Some(&record.items),
            Value::Enum(variant) => Some(&variant.record.items),
            Value::Dyn(object) | Value::Dispatch(object) => Some(&object.items),
            Value::Persistent(id) => Some(&id.items),
            _ => None,
        }
    }

    fn items_mut(&mut self) -> Option<&mut Items> {
        match self {
            Value::List(elements) | Value::Array(elements) | Value::Tuple(elements) => {
                Some(&mut elements.items)
            }
            Value::Map(entries) => Some(&mut entries.items),
            Value::Optional(optional) => Some(&mut optional.items),
            Value::Record(record) => Some(&mut record.items),
            Value::Enum(variant) => Some(&mut variant.record.items),
            Value::Dyn(object) | Value::Dispatch(object) => Some(&mut object.items),
            Value::Persistent(id) => Some(&mut id.items),
            _ => None,
        }
    }

    /// A copy without what it holds.
    fn without_items(&self) -> Self {
        let items = Items::default();
        let bare =
            |elements: &Elements| Elements { of: elements.of.clone(), items: Items::default() };
        let object =
            |object: &DynValue| DynValue { kind: object.kind.clone(), items: Items::default() };
        match self {
            Value::List(elements) => Value::List(bare(elements)),
            Value::Array(elements) => Value::Array(bare(elements)),
            Value::Tuple(elements) => Value::Tuple(bare(elements)),
            Value::Map(entries) => Value::Map(Entries { of: entries.of.clone(), items }),
            Value::Optional(optional) => {
                Value::Optional(Optional { of: optional.of.clone(), items })
            }
            Value::Record(record) => Value::Record(Record { shape: record.shape.clone(), items }),
            Value::Enum(variant) => Value::Enum(EnumValue {
                of: variant.of.clone(),
                record: Record { shape: variant.record.shape.clone(), items },
            }),
            Value::Dyn(of) => Value::Dyn(object(of)),
            Value::Dispatch(of) => Value::Dispatch(object(of)),
            Value::Persistent(id) => Value::Persistent(PersistentId { of: id.of.clone(), items }),
            // They hold nothing.
            other => other.clone(),
        }
    }

    /// What sort of value it is, in a word.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Unit => "unit",
            Value::Bool(_) => "bool",
            Value::Char(_) => "char",
            Value::U8(_) => "u8",
            Value::U16(_) => "u16",
            Value::U32(_) => "u32",
            Value::U64(_) => "u64",
            Value::U128(_) => "u128",
            Value::I8(_) => "i8",
            Value::I16(_) => "i16",
            Value::I32(_) => "i32",
            Value::I64(_) => "i64",
            Value::I128(_) => "i128",
            Value::F32(_) => "f32",
            Value::F64(_) => "f64",
            Value::Str(_) => "str",
            Value::OsText(_) => "os_str",
            Value::Bytes(_) | Value::List(_) => "list",
            Value::ByteArray(_) | Value::Array(_) => "array",
            Value::Tuple(_) => "tuple",
            Value::Map(_) => "map",
            Value::Optional(_) => "option",
            Value::Record(_) => "record",
            Value::Enum(_) => "enum",
            Value::Shared(_) => "shared",
            Value::Weak(_) => "weak",
            Value::Dyn(_) => "dyn",
            Value::Dispatch(_) => "dispatch",
            Value::Persistent(_) => "persistent",
            Value::Unread(_) => "unread field",
        }
    }
}
