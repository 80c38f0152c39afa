//! From Rust values to `Value`: those that have a variant of their own. All others go through [`Value::of`].

use super::types::{Def, Table, Type, number};
use super::{Bytes, Elements, Entries, EnumValue, Optional, Record, Shared, Value};
use crate::describe::Describe;
use crate::opcode;
use crate::program::program_of;
use crate::program::table::Ref;
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

macro_rules! primitives {
    ($($primitive:ty => $variant:ident,)*) => {$(
        impl From<$primitive> for Value {
            fn from(value: $primitive) -> Self {
                Value::$variant(value)
            }
        }
    )*};
}

primitives! {
    bool => Bool,
    char => Char,
    u8 => U8,
    u16 => U16,
    u32 => U32,
    u64 => U64,
    u128 => U128,
    i8 => I8,
    i16 => I16,
    i32 => I32,
    i64 => I64,
    i128 => I128,
    f32 => F32,
    f64 => F64,
    String => Str,
    Record => Record,
    EnumValue => Enum,
    Entries => Map,
}

impl From<()> for Value {
    fn from(_: ()) -> Self {
        Value::Unit
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        // No platform has wider ones.
        Value::U64(value as u64)
    }
}

impl From<isize> for Value {
    fn from(value: isize) -> Self {
        Value::I64(value as i64)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Str(text.into())
    }
}

impl From<Box<str>> for Value {
    fn from(text: Box<str>) -> Self {
        Value::Str(text.into())
    }
}

impl From<Cow<'_, str>> for Value {
    fn from(text: Cow<'_, str>) -> Self {
        Value::Str(text.into_owned())
    }
}

impl<T: Into<Value> + Describe> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        Value::Optional(Optional::new(part_of::<T>(Def::Option), value.map(Into::into)))
    }
}

/// A list of the element's type, bytes together; of a `Vec<Value>` one of values of any type.
impl<T: Into<Value> + Describe> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        let values = values.into_iter().map(Into::into);
        if T::def().as_primitive() == Some(opcode::U8) {
            let byte = |value| match value {
                Value::U8(byte) => Some(byte),
                _ => None,
            };
            return Value::Bytes(Bytes(values.filter_map(byte).collect()));
        }
        Value::List(Elements::new(part_of::<T>(Def::List), values.collect()))
    }
}

impl<T: Into<Value> + Describe> From<BTreeMap<String, T>> for Value {
    fn from(map: BTreeMap<String, T>) -> Self {
        let of = part_of::<T>(|value| Def::Map(u32::from(opcode::STR), value));
        let items = map.into_iter().flat_map(|(key, value)| [Value::Str(key), value.into()]);
        Value::Map(Entries::new(of, items.collect()))
    }
}

/// The type of a container of a type of ours.
fn part_of<T: Describe>(container: fn(u32) -> Def) -> Option<Type> {
    let table = program_of(T::def()).table().ok()?;
    let root = match table.root {
        Ref::Primitive(code) => return Some(Type::over(container(u32::from(code)))),
        Ref::Index(index) => number(index),
    };
    let mut defs = Table::defs_of(table);
    let at = number(defs.len());
    defs.push(container(root));
    Some(Type::new(&Arc::new(Table { defs }), at))
}

impl Value {
    /// A list. All elements must be of one type, or the value cannot be dumped; a `Vec<Value>` [becomes](From) one of
    /// elements of any type.
    ///
    /// ```
    /// use reduce_core::Value;
    ///
    /// let list = Value::list([1u8, 2, 3]);
    /// assert_eq!(list, Value::from(vec![1u8, 2, 3]));
    /// ```
    pub fn list<T: Into<Value>>(elements: impl IntoIterator<Item = T>) -> Self {
        let values: Vec<Value> = elements.into_iter().map(Into::into).collect();
        let byte = |value: &Value| match value {
            Value::U8(byte) => Some(*byte),
            _ => None,
        };
        match values.iter().map(byte).collect::<Option<Vec<u8>>>() {
            Some(bytes) if !bytes.is_empty() => Value::Bytes(Bytes(bytes)),
            _ => Value::List(Elements::new(None, values)),
        }
    }

    /// A tuple.
    ///
    /// ```
    /// use reduce_core::Value;
    ///
    /// let pair = Value::tuple([Value::from(1u8), Value::from("one")]);
    /// assert_eq!(pair.to::<(u8, String)>()?, (1, "one".into()));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    pub fn tuple(elements: impl IntoIterator<Item = Value>) -> Self {
        Value::Tuple(elements.into_iter().collect())
    }

    /// A map, its entries in this order.
    ///
    /// ```
    /// use reduce_core::Value;
    ///
    /// let map = Value::map([("a", 1u8), ("b", 2)]);
    /// assert_eq!(map.to_string(), r#"{"a": 1, "b": 2}"#);
    /// ```
    pub fn map<K: Into<Value>, V: Into<Value>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        let pair = |(key, value): (K, V)| (key.into(), value.into());
        Value::Map(entries.into_iter().map(pair).collect())
    }

    /// A shared object: copies of the value refer to the same one.
    ///
    /// ```
    /// use reduce_core::Value;
    /// use std::rc::Rc;
    ///
    /// let shared = Value::shared("ann");
    /// let pair = Value::tuple([shared.clone(), shared]);
    /// let (a, b): (Rc<str>, Rc<str>) = pair.to()?;
    /// assert!(Rc::ptr_eq(&a, &b));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    pub fn shared(value: impl Into<Value>) -> Self {
        Value::Shared(Shared::new(value.into()))
    }
}
