//! What streams have beyond a type, kept for the next dump.

use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::limits::LEAF;
use crate::program::TypeDef;
use crate::read::Reader;
use crate::reduce::Reduce;
use crate::value::Value;
use crate::write::Writer;
use alloc::collections::BTreeMap;
use alloc::string::String;

/// The fields of a record that its type does not know, by name: a field with
/// [`#[reduce(unknown)]`](crate::Reduce#unknown). They are dumped again with the record, and a program whose type knows them
/// finds them as fields.
///
/// ```
/// use reduce_core::{Reduce, Unknown};
///
/// mod newer {
///     #[derive(reduce_core::Reduce)]
///     pub struct Note {
///         pub text: String,
///         pub stars: u8,
///     }
/// }
///
/// #[derive(Reduce)]
/// struct Note {
///     text: String,
///     #[reduce(unknown)]
///     more: Unknown,
/// }
///
/// let bytes = reduce_core::to_vec(&newer::Note { text: "tea".into(), stars: 5 })?;
/// let mut note: Note = reduce_core::from_slice(&bytes)?;
/// assert_eq!(note.more.get("stars").and_then(|stars| stars.as_u64()), Some(5));
///
/// note.text.push('!');
/// let note: newer::Note = reduce_core::from_slice(&reduce_core::to_vec(&note)?)?;
/// assert_eq!((note.text.as_str(), note.stars), ("tea!", 5));
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unknown(BTreeMap<String, Value>);

impl Unknown {
    /// No fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Adds a field, or changes one; returns its old value.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.0.insert(name.into(), value.into())
    }

    /// Takes a field out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// The fields in the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a field; whether it is a new one.
    pub(crate) fn add(&mut self, name: &str, value: Value) -> bool {
        let new = !self.0.contains_key(name);
        self.0.entry(name.into()).or_insert(value);
        new
    }

    /// How much memory one more field takes, a node of the map now and then.
    pub(crate) fn takes(&self, name: &str) -> usize {
        let places = if self.0.len().is_multiple_of(LEAF / 2 + 1) { LEAF } else { 0 };
        places.saturating_mul(size_of::<(String, Value)>()).saturating_add(name.len())
    }

    pub(crate) fn into_fields(self) -> impl Iterator<Item = (String, Value)> {
        self.0.into_iter()
    }
}

impl Describe for Unknown {
    fn def() -> &'static TypeDef {
        BTreeMap::<String, Value>::def()
    }
}

impl Reduce for Unknown {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.0.reduce(w)
    }
}

impl<'de> Expand<'de> for Unknown {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        BTreeMap::expand(r).map(Unknown)
    }
}
