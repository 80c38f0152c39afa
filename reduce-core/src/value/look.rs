//! Values as a dry run looks at them: what each holds, the objects that it refers to, and what a copy takes.

use super::object::{Graph, Registered, Shared};
use super::{OsText, Value};

/// The objects of the value that is looked at.
#[derive(Clone, Copy, Default)]
pub(crate) struct Objects<'v>(Option<&'v Graph>);

/// One of them.
#[derive(Clone, Copy)]
pub(crate) struct Object<'v> {
    pub number: usize,
    pub content: &'v Value,
    /// What stands behind a pointer to a trait object.
    pub registered: Option<&'v Registered>,
    /// Its state stands behind the root.
    pub stateful: bool,
}

impl<'v> Objects<'v> {
    /// The object that is referred to; the first reference that is looked at is one from outside.
    pub(crate) fn get(&mut self, shared: &'v Shared) -> Option<Object<'v>> {
        let graph = shared.arena().or(self.0)?;
        self.0 = Some(graph);
        let number = shared.number();
        let object = graph.objects().get(number)?;
        let content = object.content.as_slice().first()?;
        let (registered, stateful) = (object.registered.as_ref(), object.stateful);
        Some(Object { number, content, registered, stateful })
    }
}

impl Value {
    /// What it holds, objects aside: of a map, keys and values in turn.
    pub(crate) fn held(&self) -> &[Value] {
        self.items().map(|items| items.as_slice()).unwrap_or_default()
    }

    /// How many bytes a copy of it takes, about.
    pub(crate) fn weight(&self) -> usize {
        let mut weight = 0usize;
        let mut left = alloc::vec![core::slice::from_ref(self).iter()];
        while let Some(values) = left.last_mut() {
            let Some(value) = values.next() else {
                left.pop();
                continue;
            };
            let own = match value {
                Value::Str(text) => text.len(),
                Value::Bytes(bytes) | Value::ByteArray(bytes) => bytes.len(),
                Value::OsText(OsText::Text(text)) => text.len(),
                Value::OsText(OsText::Bytes(bytes) | OsText::Wide(bytes)) => bytes.len(),
                _ => 0,
            };
            weight = weight.saturating_add(size_of::<Value>()).saturating_add(own);
            left.push(value.held().iter());
        }
        weight
    }
}
