//! What the variants of `Value` hold: elements, entries, an optional value, text of the operating system, a registered value.

use super::Value;
use super::items::Items;
use super::object::Registered;
use super::types::Type;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::{Deref, DerefMut};

/// The elements of a list, an array or a tuple. It derefs to a slice.
///
/// All elements of a list or an array are of one type; those of a `Vec<Value>` are of any, each with its type beside it.
///
/// ```
/// use reduce_core::Value;
///
/// let mut value = Value::from(vec![1u16, 2]);
/// let Value::List(elements) = &mut value else { panic!() };
/// elements.push(3u16);
/// assert_eq!(elements.len(), 3);
/// assert_eq!(value.to::<Vec<u16>>()?, [1, 2, 3]);
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Elements {
    /// The list's own type, where it is known.
    pub(super) of: Option<Type>,
    pub(super) items: Items,
}

impl Elements {
    pub(super) fn new(of: Option<Type>, items: Vec<Value>) -> Self {
        Elements { of, items: Items::new(items) }
    }

    /// Adds one at the end.
    pub fn push(&mut self, value: impl Into<Value>) {
        self.items.vec_mut().push(value.into());
    }

    /// As a vector, to add and to remove.
    pub fn as_mut_vec(&mut self) -> &mut Vec<Value> {
        self.items.vec_mut()
    }

    /// The elements alone.
    pub fn into_vec(mut self) -> Vec<Value> {
        self.items.take()
    }
}

impl Deref for Elements {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        self.items.as_slice()
    }
}

impl DerefMut for Elements {
    fn deref_mut(&mut self) -> &mut [Value] {
        self.items.vec_mut()
    }
}

impl FromIterator<Value> for Elements {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Self {
        Elements::new(None, values.into_iter().collect())
    }
}

impl<'a> IntoIterator for &'a Elements {
    type Item = &'a Value;
    type IntoIter = core::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The entries of a map, in the order of the stream.
///
/// ```
/// use reduce_core::Value;
/// use std::collections::BTreeMap;
///
/// let value = Value::of(&BTreeMap::from([("a", 1u8), ("b", 2)]))?;
/// let Value::Map(entries) = &value else { panic!() };
/// assert_eq!(entries.get("b"), Some(&Value::U8(2)));
/// assert_eq!(entries.iter().count(), 2);
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Entries {
    pub(super) of: Option<Type>,
    /// Keys and values in turn.
    pub(super) items: Items,
}

impl Entries {
    pub(super) fn new(of: Option<Type>, items: Vec<Value>) -> Self {
        Entries { of, items: Items::new(items) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.as_slice().len() / 2
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.as_slice().is_empty()
    }

    /// Keys and values.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Value, &Value)> {
        let (pairs, _) = self.items.as_slice().as_chunks::<2>();
        pairs.iter().map(|[key, value]| (key, value))
    }

    /// The value of a key that is text.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.iter().find(|(other, _)| other.as_str() == Some(key)).map(|(_, value)| value)
    }

    /// The value of a key.
    pub fn get_value(&self, key: &Value) -> Option<&Value> {
        self.iter().find(|(other, _)| *other == key).map(|(_, value)| value)
    }

    /// Puts in a value in place of the one that the key had, or behind the others; returns the old one.
    pub fn insert(&mut self, key: impl Into<Value>, value: impl Into<Value>) -> Option<Value> {
        let (key, value) = (key.into(), value.into());
        let items = self.items.vec_mut();
        let (pairs, _) = items.as_chunks_mut::<2>();
        match pairs.iter_mut().find(|[other, _]| *other == key) {
            Some([_, place]) => Some(core::mem::replace(place, value)),
            None => {
                items.extend([key, value]);
                None
            }
        }
    }

    /// The entries alone.
    pub fn into_pairs(mut self) -> Vec<(Value, Value)> {
        let mut items = self.items.take().into_iter();
        core::iter::from_fn(|| Some((items.next()?, items.next()?))).collect()
    }
}

impl FromIterator<(Value, Value)> for Entries {
    fn from_iter<I: IntoIterator<Item = (Value, Value)>>(pairs: I) -> Self {
        let items = pairs.into_iter().flat_map(|(key, value)| [key, value]);
        Entries::new(None, items.collect())
    }
}

/// An optional value.
#[derive(Clone)]
pub struct Optional {
    /// The type of the option, where it is known.
    pub(super) of: Option<Type>,
    /// None or one.
    pub(super) items: Items,
}

impl Optional {
    pub(super) fn new(of: Option<Type>, value: Option<Value>) -> Self {
        Optional { of, items: Items::new(value.into_iter().collect()) }
    }

    /// The value, if there is one.
    pub fn get(&self) -> Option<&Value> {
        self.items.as_slice().first()
    }

    /// The value, to change it.
    pub fn get_mut(&mut self) -> Option<&mut Value> {
        self.items.vec_mut().first_mut()
    }

    /// Sets or clears the value; returns the old one.
    pub fn replace(&mut self, value: Option<Value>) -> Option<Value> {
        let old = self.items.take().pop();
        self.items.vec_mut().extend(value);
        old
    }

    /// The value alone.
    pub fn into_inner(mut self) -> Option<Value> {
        self.items.take().pop()
    }
}

/// The bytes of a list or an array of `u8`. It derefs to a vector.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Bytes(pub(super) Vec<u8>);

impl Bytes {
    /// The bytes alone.
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes(bytes)
    }
}

impl Deref for Bytes {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for Bytes {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

/// A path or another string of the operating system.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OsText {
    /// One that is Unicode, from any system.
    Text(String),
    /// Bytes that are not UTF-8, from a system where such strings are bytes.
    Bytes(Vec<u8>),
    /// 16-bit units that are not UTF-16, each in two bytes, little endian, from a system where they are such units.
    Wide(Vec<u8>),
}

/// A value with the name or code of its registered type: what stands behind a trait object, or the parts of a foreign value.
#[derive(Clone)]
pub struct DynValue {
    /// Shared by all of a kind: as a part of each it would make every `Value` twice as large.
    pub(super) kind: Arc<DynKind>,
    /// One.
    pub(super) items: Items,
}

/// What the values of one type behind one kind of pointer have in common.
#[derive(Debug)]
pub(super) struct DynKind {
    /// The type of the trait object; nothing is known of what implements it.
    pub of: Type,
    pub registered: Registered,
    /// The type that is registered, where it was loaded.
    pub concrete: Type,
}

impl DynValue {
    /// The name of the trait; nothing for a foreign value.
    pub fn trait_name(&self) -> Option<&str> {
        match self.kind.of.def() {
            Some(super::types::Def::Dyn(name)) => Some(name),
            _ => None,
        }
    }

    /// What its type is registered as.
    pub fn registered(&self) -> &Registered {
        &self.kind.registered
    }

    /// The object.
    pub fn get(&self) -> &Value {
        self.items.as_slice().first().unwrap_or(&Value::Unit)
    }

    /// The object, to change it.
    pub fn get_mut(&mut self) -> Option<&mut Value> {
        self.items.vec_mut().first_mut()
    }

    /// The object alone.
    pub fn into_inner(mut self) -> Value {
        self.items.take().pop().unwrap_or(Value::Unit)
    }
}

/// The id of an object that lives elsewhere.
#[derive(Clone)]
pub struct PersistentId {
    pub(super) of: Type,
    /// One.
    pub(super) items: Items,
}

impl PersistentId {
    /// The id.
    pub fn get(&self) -> &Value {
        self.items.as_slice().first().unwrap_or(&Value::Unit)
    }

    /// The id alone.
    pub fn into_inner(mut self) -> Value {
        self.items.take().pop().unwrap_or(Value::Unit)
    }
}
