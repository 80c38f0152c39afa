//! Looking into values: numbers of any width, fields and elements by name and place.

use super::{OsText, Record, Value};
use core::ops::Index;

macro_rules! integers {
    ($($name:ident $integer:ident;)*) => {$(
        #[doc = concat!("The number, of any integer type, if it fits a `", stringify!($integer), "`.")]
        pub fn $name(&self) -> Option<$integer> {
            match *self {
                Value::U8(value) => value.try_into().ok(),
                Value::U16(value) => value.try_into().ok(),
                Value::U32(value) => value.try_into().ok(),
                Value::U64(value) => value.try_into().ok(),
                Value::U128(value) => value.try_into().ok(),
                Value::I8(value) => value.try_into().ok(),
                Value::I16(value) => value.try_into().ok(),
                Value::I32(value) => value.try_into().ok(),
                Value::I64(value) => value.try_into().ok(),
                Value::I128(value) => value.try_into().ok(),
                _ => None,
            }
        }
    )*};
}

/// Looking into a value.
///
/// ```
/// use reduce_core::Value;
///
/// let value = Value::of(&("seven", 7u8, Some(true)))?;
/// assert_eq!(value[0].as_str(), Some("seven"));
/// assert_eq!(value[1].as_i64(), Some(7));
/// assert_eq!(value[2].unwrapped().as_bool(), Some(true));
/// assert_eq!(value.get_index(3), None);
/// # Ok::<(), reduce_core::Error>(())
/// ```
impl Value {
    integers! {
        as_u64 u64;
        as_i64 i64;
        as_u128 u128;
        as_i128 i128;
    }

    /// The number, of either float type.
    pub fn as_f64(&self) -> Option<f64> {
        match *self {
            Value::F32(value) => Some(value.into()),
            Value::F64(value) => Some(value),
            _ => None,
        }
    }

    /// The truth value.
    pub fn as_bool(&self) -> Option<bool> {
        match *self {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The character.
    pub fn as_char(&self) -> Option<char> {
        match *self {
            Value::Char(value) => Some(value),
            _ => None,
        }
    }

    /// The text, of a path too if it is Unicode.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) | Value::OsText(OsText::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The bytes of a list or an array of `u8`.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Bytes(bytes) | Value::ByteArray(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The elements of a list, an array or a tuple, but for bytes.
    pub fn as_slice(&self) -> Option<&[Value]> {
        match self {
            Value::List(elements) | Value::Array(elements) | Value::Tuple(elements) => {
                Some(elements)
            }
            _ => None,
        }
    }

    /// The fields of a record or a variant.
    pub fn as_record(&self) -> Option<&Record> {
        match self {
            Value::Record(record) => Some(record),
            Value::Enum(variant) => Some(variant.fields()),
            _ => None,
        }
    }

    /// The fields of a record or a variant, to change them.
    pub fn as_record_mut(&mut self) -> Option<&mut Record> {
        match self {
            Value::Record(record) => Some(record),
            Value::Enum(variant) => Some(variant.fields_mut()),
            _ => None,
        }
    }

    /// What an option, a trait object or a persistent id holds; itself, of any other value and of `None`.
    pub fn unwrapped(&self) -> &Value {
        match self {
            Value::Optional(optional) => optional.get().unwrap_or(self),
            Value::Dyn(object) | Value::Dispatch(object) => object.get(),
            Value::Persistent(id) => id.get(),
            other => other,
        }
    }

    /// Whether it is an option without a value.
    pub fn is_none(&self) -> bool {
        matches!(self, Value::Optional(optional) if optional.get().is_none())
    }

    /// A field of a record or a variant, or the value of a key that is text; also through options and trait objects.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let inner = self.through();
        match inner {
            Value::Map(entries) => entries.get(name),
            _ => inner.as_record()?.get(name),
        }
    }

    /// A field of a record or a variant, or the value of a key that is text, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        match self {
            Value::Map(entries) => {
                let (pairs, _) = entries.items.vec_mut().as_chunks_mut::<2>();
                let found = pairs.iter_mut().find(|[key, _]| key.as_str() == Some(name));
                found.map(|[_, value]| value)
            }
            other => other.as_record_mut()?.get_mut(name),
        }
    }

    /// The element of a list, an array or a tuple at a place, or the field of a record at a position; also through options
    /// and trait objects.
    pub fn get_index(&self, place: usize) -> Option<&Value> {
        let inner = self.through();
        match inner.as_slice() {
            Some(elements) => elements.get(place),
            None => inner.as_record()?.values().get(place),
        }
    }

    /// Follows a path as errors have them: fields after dots, elements in brackets.
    ///
    /// ```
    /// use reduce_core::Value;
    /// use std::collections::BTreeMap;
    ///
    /// let value = Value::of(&BTreeMap::from([("orders", vec![(7u32, "pear"), (8, "fig")])]))?;
    /// assert_eq!(value.at("orders[1][0]").and_then(Value::as_u64), Some(8));
    /// assert_eq!(value.at("orders[2]"), None);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    pub fn at(&self, path: &str) -> Option<&Value> {
        let (mut value, mut rest) = (self, path);
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('[') {
                let (place, behind) = inside.split_once(']')?;
                value = value.get_index(place.parse().ok()?)?;
                rest = behind.strip_prefix('.').unwrap_or(behind);
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (name, behind) = rest.split_at(end);
                value = value.get(name)?;
                rest = behind.strip_prefix('.').unwrap_or(behind);
            }
        }
        Some(value)
    }

    /// What options and trait objects hold, all the way down.
    fn through(&self) -> &Value {
        let mut value = self;
        loop {
            let inner = value.unwrapped();
            if core::ptr::eq(inner, value) {
                return value;
            }
            value = inner;
        }
    }
}

impl Index<&str> for Value {
    type Output = Value;

    /// As [`Value::get`]; panics where there is nothing.
    #[expect(clippy::panic, reason = "an index that is not there")]
    fn index(&self, name: &str) -> &Value {
        self.get(name)
            .unwrap_or_else(|| panic!("the {} has nothing by the name `{name}`", self.kind()))
    }
}

impl Index<usize> for Value {
    type Output = Value;

    /// As [`Value::get_index`]; panics where there is nothing.
    #[expect(clippy::panic, reason = "an index that is not there")]
    fn index(&self, place: usize) -> &Value {
        self.get_index(place)
            .unwrap_or_else(|| panic!("the {} has no element {place}", self.kind()))
    }
}
