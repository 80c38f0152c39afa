//! Shared objects: an arena for all objects of one stream, and the references into it.
//!
//! References from outside hold the arena alive; those inside of it do not, so that no cycle can leak. Nothing in an arena can
//! be changed once it is whole, so none of the inner references ever gets out of it: a copy of one is an outer one.

use super::Value;
use super::items::{Items, each_shared_mut};
use super::types::Type;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

/// All objects of one stream.
#[derive(Default)]
pub(crate) struct Graph {
    objects: Vec<Object>,
}

/// One object.
pub(super) struct Object {
    /// The object itself, one value: what stands behind a trait object is the value of its concrete type.
    pub content: Items,
    pub of: Option<Type>,
    /// What it is registered as, where it was written through a trait object.
    pub registered: Option<Registered>,
    /// Its state was queued.
    pub stateful: bool,
}

/// What a type is registered as: the name, or the code, that stands in a stream in front of a trait object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Registered {
    /// The name in the registry.
    Name(Arc<str>),
    /// The number that both sides have agreed on.
    Code(u64),
}

impl fmt::Display for Registered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Registered::Name(name) => f.write_str(name),
            Registered::Code(code) => write!(f, "code {code}"),
        }
    }
}

impl Graph {
    /// The arena of objects that refer to each other, and the value that refers to them.
    pub(super) fn seal(mut objects: Vec<Object>, value: &mut Value) -> Arc<Graph> {
        let graph = Arc::new_cyclic(|weak: &Weak<Graph>| {
            let contents = objects.iter_mut().flat_map(|object| object.content.vec_mut());
            contents.for_each(|content| {
                each_shared_mut(content, |shared| shared.enter(|| Handle::Inner(weak.clone())));
            });
            Graph { objects }
        });
        each_shared_mut(value, |shared| shared.enter(|| Handle::Outer(graph.clone())));
        graph
    }

    pub(super) fn objects(&self) -> &[Object] {
        &self.objects
    }
}

#[derive(Debug)]
enum Handle {
    /// From outside.
    Outer(Arc<Graph>),
    /// From another object of the arena.
    Inner(Weak<Graph>),
    /// To an object of a document that is still read.
    Open,
    /// To nothing.
    Dangling,
}

/// A reference to a shared object: an `Rc`, an `Arc`, or a `Weak` of one of them.
///
/// Copies refer to the same object. What is shared cannot be changed in place: [`Value::shared`] makes a new object.
///
/// ```
/// use reduce_core::Value;
/// use std::rc::Rc;
///
/// let name: Rc<str> = "ann".into();
/// let value = Value::of(&[name.clone(), name])?;
/// let (Value::Shared(first), Value::Shared(second)) = (&value[0], &value[1]) else { panic!() };
/// assert!(first.is_same(second));
/// assert_eq!(first.get().as_str(), Some("ann"));
/// # Ok::<(), reduce_core::Error>(())
/// ```
pub struct Shared {
    handle: Handle,
    number: usize,
    /// The type of the reference, where it was loaded.
    pub(super) of: Option<Type>,
}

impl Shared {
    /// The first object of an arena of its own.
    pub(super) fn new(value: Value) -> Self {
        let content = Items::one(value);
        let object = Object { content, of: None, registered: None, stateful: false };
        let graph = Graph { objects: alloc::vec![object] };
        Shared { handle: Handle::Outer(Arc::new(graph)), number: 0, of: None }
    }

    pub(super) fn open(number: usize, of: Type) -> Self {
        Shared { handle: Handle::Open, number, of: Some(of) }
    }

    /// An object of an arena.
    pub(super) fn outer(graph: &Arc<Graph>, number: usize) -> Self {
        Shared { handle: Handle::Outer(graph.clone()), number, of: None }
    }

    pub(super) fn dangling(of: Option<Type>) -> Self {
        Shared { handle: Handle::Dangling, number: 0, of }
    }

    /// The same object by a reference of another type.
    pub(super) fn with_type(&self, of: Option<Type>) -> Self {
        Shared { of, ..self.clone() }
    }

    /// The object; nothing where a weak reference refers to none.
    pub fn upgrade(&self) -> Option<ObjectRef> {
        Some(ObjectRef { graph: self.graph()?, number: self.number })
    }

    /// The object; of a weak reference to nothing, a [`Value::Unit`].
    pub fn get(&self) -> ObjectRef {
        let graph = self.graph().unwrap_or_default();
        ObjectRef { graph, number: self.number }
    }

    /// Whether both refer to the same object.
    pub fn is_same(&self, other: &Shared) -> bool {
        self.id() == other.id()
    }

    /// What the object is registered as, where it was written through a trait object.
    pub fn registered(&self) -> Option<Registered> {
        self.graph()?.objects().get(self.number)?.registered.clone()
    }

    /// A weak reference to the object.
    pub fn downgrade(&self) -> Value {
        Value::Weak(self.with_type(None))
    }

    pub(super) fn graph(&self) -> Option<Arc<Graph>> {
        match &self.handle {
            Handle::Outer(graph) => Some(graph.clone()),
            Handle::Inner(graph) => graph.upgrade(),
            Handle::Open | Handle::Dangling => None,
        }
    }

    /// The arena, of a reference from outside.
    pub(super) fn arena(&self) -> Option<&Graph> {
        match &self.handle {
            Handle::Outer(graph) => Some(graph),
            _ => None,
        }
    }

    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// The arena's address, and the number in it; nothing where it refers to none.
    pub(super) fn id(&self) -> Option<(usize, usize)> {
        let graph = match &self.handle {
            Handle::Outer(graph) => Arc::as_ptr(graph),
            Handle::Inner(graph) => graph.as_ptr(),
            Handle::Open | Handle::Dangling => return None,
        };
        Some((graph.addr(), self.number))
    }

    /// The document is whole: what it refers to lies in its arena.
    fn enter(&mut self, handle: impl FnOnce() -> Handle) {
        if let Handle::Open = self.handle {
            self.handle = handle();
        }
    }

    /// Lets go; the objects, if this was the last reference to them.
    pub(super) fn last(&mut self) -> Option<Vec<Object>> {
        let Handle::Outer(graph) = core::mem::replace(&mut self.handle, Handle::Dangling) else {
            return None;
        };
        Some(Arc::into_inner(graph)?.objects)
    }
}

impl Clone for Shared {
    fn clone(&self) -> Self {
        let handle = match &self.handle {
            Handle::Outer(graph) => Handle::Outer(graph.clone()),
            // Whoever copies it takes it out of the arena.
            Handle::Inner(graph) => graph.upgrade().map_or(Handle::Dangling, Handle::Outer),
            Handle::Open => Handle::Open,
            Handle::Dangling => Handle::Dangling,
        };
        Shared { handle, number: self.number, of: self.of.clone() }
    }
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Graph of {} objects", self.objects().len())
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.handle {
            Handle::Open | Handle::Dangling => f.write_str("dangling"),
            _ => write!(f, "Shared({:?})", &*self.get()),
        }
    }
}

/// A shared object, held alive while it is looked at. [`Shared::get`] makes it; it derefs to the value.
#[derive(Clone, Debug)]
pub struct ObjectRef {
    graph: Arc<Graph>,
    number: usize,
}

static NOTHING: Value = Value::Unit;

impl Deref for ObjectRef {
    type Target = Value;

    fn deref(&self) -> &Value {
        let object = self.graph.objects().get(self.number);
        object.and_then(|object| object.content.as_slice().first()).unwrap_or(&NOTHING)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Record;

    #[test]
    fn objects_in_a_circle_go_with_the_last_reference_from_outside() {
        let link = |to: usize| {
            let mut record = Record::new("Link");
            let next = Shared { handle: Handle::Open, number: to, of: None };
            record.insert("next", Value::Shared(next)).unwrap();
            let content = Items::one(Value::Record(record));
            Object { content, of: None, registered: None, stateful: false }
        };
        let mut root = Value::Shared(Shared { handle: Handle::Open, number: 0, of: None });
        Graph::seal(alloc::vec![link(1), link(0)], &mut root);
        let Value::Shared(first) = &root else { unreachable!() };
        let graph = Arc::downgrade(&first.graph().unwrap());

        // A part of it, taken out, holds all.
        let Value::Shared(second) = first.get()["next"].clone() else { unreachable!() };
        drop(root);
        assert_eq!(second.get()["next"].kind(), "shared");
        assert_eq!(graph.strong_count(), 1);
        let record = second.get().as_record().unwrap().clone();
        assert_eq!(graph.strong_count(), 2);
        drop(record);
        drop(second);
        assert_eq!(graph.strong_count(), 0);
    }
}
