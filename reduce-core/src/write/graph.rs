//! What a dump of a graph of objects keeps beside the memo: queued states, and weak references that were met before
//! the object they refer to.

use super::Writer;
use super::memo::{Key, Map, Memo};
use super::order::{self, Link, Target};
use crate::error::{Error, ErrorKind};
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::format;
use alloc::rc::Rc;
use alloc::vec::Vec;

/// Writes an object that stands ahead of the root, its type in front.
pub(crate) type Define = Rc<dyn Fn(&mut Writer<'_>) -> Result<(), Error>>;
/// Writes the state of an object.
pub(crate) type WriteState = Box<dyn FnOnce(&mut Writer<'_>) -> Result<(), Error>>;

/// Objects that weak references refer to and that lie outside of the value, with the names of their types.
pub(crate) type Outside = Map<Key, &'static str>;

/// Objects as they are met in one pass.
///
/// A weak reference to an object not met yet is written as dangling; most are, for their object lies outside of the
/// value. Where the object turns up later in the value, it is *late*, and the value is written in another order.
#[derive(Default)]
pub(crate) struct Graph {
    pub states: VecDeque<WriteState>,
    /// Weakly referred to, and not met yet; with the names of their types.
    early: Outside,
    /// Weakly referred to, and met later.
    late: Map<Key, ()>,
    /// Present only where an order is to be found.
    gathered: Option<Gathered>,
}

/// Who refers to whom in a value.
#[derive(Default)]
struct Gathered {
    /// From, to, and whether it must not be open.
    links: Vec<(Key, Key, bool)>,
    /// All that a weak reference refers to.
    targets: Map<Key, Define>,
    /// The objects that are being written, innermost last.
    open: Vec<Key>,
}

/// An order of objects in which none is late.
#[derive(Default)]
pub(crate) struct Order {
    /// Objects to write ahead of the root.
    pub ahead: Vec<Define>,
    /// Objects of the value that weak references refer to: written where one stands in front of them. Kept alive, for
    /// they are known by their addresses.
    inline: Map<Key, Define>,
    /// Whether the order is yet to be found.
    gather: bool,
}

impl Order {
    /// For the pass that finds an order.
    pub(crate) fn to_be_found() -> Self {
        Order { gather: true, ..Order::default() }
    }

    /// Whether objects are to be written ahead of the root.
    pub(crate) fn has_ahead(&self) -> bool {
        !self.ahead.is_empty()
    }

    /// Whether objects are written in it.
    pub(crate) fn is_found(&self) -> bool {
        !self.gather
    }

    /// Whether an object is to be written where a weak reference to it stands.
    pub(crate) fn is_inline(&self, key: &Key) -> bool {
        self.inline.contains_key(key)
    }
}

impl Graph {
    pub(crate) fn new(order: Option<&Order>) -> Self {
        let gather = order.is_some_and(|order| order.gather);
        Graph { gathered: gather.then(Gathered::default), ..Graph::default() }
    }

    /// An object is met by a strong pointer.
    #[inline]
    pub(crate) fn hold(&mut self, key: Key) {
        if let Some(gathered) = &mut self.gathered {
            gathered.link(key, true);
        }
    }

    /// An object is met by a weak pointer. `firm` says whether the pointer must not stand inside of it.
    #[inline]
    pub(crate) fn refer(
        &mut self,
        key: Key,
        firm: impl FnOnce() -> bool,
        define: impl FnOnce() -> Define,
    ) {
        if let Some(gathered) = &mut self.gathered {
            gathered.link(key, firm());
            gathered.targets.entry(key).or_insert_with(define);
        }
    }

    /// An object begins that was not met before.
    #[inline]
    pub(crate) fn begin(&mut self, key: Key) {
        if !self.early.is_empty() && self.early.remove(&key).is_some() {
            self.late.insert(key, ());
        }
        if let Some(gathered) = &mut self.gathered {
            gathered.open.push(key);
        }
    }

    /// An object ends.
    #[inline]
    pub(crate) fn end(&mut self) {
        if let Some(gathered) = &mut self.gathered {
            gathered.open.pop();
        }
    }

    /// An object is met by a weak reference alone.
    pub(crate) fn weak(&mut self, key: Key, name: Option<&'static str>) {
        self.early.entry(key).or_insert(name.unwrap_or("an unnamed type"));
    }

    /// Whether an object was met behind a weak reference to it.
    pub(crate) fn has_late(&self) -> bool {
        !self.late.is_empty()
    }

    /// The order in which no object is late.
    pub(crate) fn order(self, memo: &Memo) -> Order {
        let Gathered { links, mut targets, .. } = self.gathered.unwrap_or_default();
        let number =
            |key: &Key| memo.find(key).and_then(|entry| usize::try_from(entry.number).ok());
        // Objects outside of the value have no number.
        targets.retain(|key, _| number(key).is_some());
        let links: Vec<Link> = links
            .iter()
            .filter_map(|(from, to, firm)| {
                Some(Link { from: number(from)?, to: number(to)?, firm: *firm })
            })
            .collect();
        let mut kinds: Vec<Target> = (0..memo.len()).map(|_| Target::No).collect();
        let mut defines = BTreeMap::new();
        for (key, define) in &targets {
            let Some(object) = number(key) else { continue };
            let late = self.late.contains_key(key);
            if let Some(kind) = kinds.get_mut(object) {
                *kind = if late { Target::Late } else { Target::Known };
            }
            defines.insert(object, define.clone());
        }
        let ahead = order::ahead(&kinds, &links);
        let define = |object| defines.get(&object).cloned();
        Order {
            ahead: ahead.into_iter().filter_map(define).collect(),
            inline: targets,
            gather: false,
        }
    }

    /// At the end of a pass: the objects outside of the value, if there are any.
    pub(crate) fn take_outside(&mut self) -> Option<Outside> {
        Some(core::mem::take(&mut self.early)).filter(|outside| !outside.is_empty())
    }
}

/// The error for a weak reference to an object outside of the value, of this type.
#[cold]
pub(crate) fn lies_outside(name: &str) -> Error {
    Error::new(
        ErrorKind::Unavailable,
        format!(
            "a weak pointer refers to an object of type `{name}` that lies outside of the value; it would be loaded as \
             dangling, which `Dumper::deny_outside_weak` forbids"
        ),
    )
}

impl Gathered {
    /// The innermost open object refers to another one. A queued state is written when its object has ended.
    fn link(&mut self, to: Key, firm: bool) {
        if let Some(from) = self.open.last() {
            self.links.push((*from, to, firm));
        }
    }
}
