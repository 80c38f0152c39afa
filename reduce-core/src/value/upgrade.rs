//! Records of a stream while functions upgrade them: which of their fields are still what the stream has.

use super::items::Items;
use super::record::{FieldShape, Shape};
use super::{Record, Unread, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Where a field is, when all functions have run.
pub(crate) enum Place {
    /// In this place of the stream, as it was.
    Stream(usize),
    /// In this place of the record.
    Record(usize),
}

impl Record {
    /// A record as it is in a stream, with names (none where fields go by their positions); a field without a value is not
    /// looked into.
    pub(crate) fn to_upgrade(
        name: &Arc<str>,
        version: u64,
        fields: Vec<(Option<Arc<str>>, Option<Value>)>,
    ) -> Self {
        let mark = Arc::new(());
        let named = fields.iter().any(|(name, _)| name.is_some());
        let (mut shapes, mut items) = (Vec::new(), Vec::new());
        for (place, (name, value)) in fields.into_iter().enumerate() {
            items.push(value.unwrap_or_else(|| Value::Unread(Unread::new(&mark, place))));
            shapes.push(FieldShape { name, of: None, state: false, origin: Some(place) });
        }
        let name = name.clone();
        let shape = Shape { name, version, fields: shapes, of: None, named, upgraded: Some(mark) };
        Record { shape: Arc::new(shape), items: Items::new(items) }
    }

    /// It is of this version by now.
    pub(crate) fn set_version(&mut self, version: u64) {
        Arc::make_mut(&mut self.shape).version = version;
    }

    /// What tells the record that is upgraded from others.
    pub(crate) fn mark(&self) -> Option<Arc<()>> {
        self.shape.upgraded.clone()
    }

    /// Where the field of this name is, of the record with this mark.
    pub(crate) fn place_of(&self, name: &str, mark: &Arc<()>) -> Option<(usize, Place)> {
        let place = self.place(name)?;
        let same = self.shape.upgraded.as_ref().is_some_and(|own| Arc::ptr_eq(own, mark));
        let field = self.shape.fields.get(place).filter(|_| same);
        if let Some(origin) = field.and_then(|field| field.origin) {
            return Some((place, Place::Stream(origin)));
        }
        let unread = match self.values().get(place) {
            Some(Value::Unread(unread)) => unread.place_in(mark),
            _ => None,
        };
        Some((place, unread.map_or(Place::Record(place), Place::Stream)))
    }

    /// The name of the field at a place.
    pub(crate) fn name_at(&self, place: usize) -> alloc::string::String {
        self.field(place).into_owned()
    }
}
