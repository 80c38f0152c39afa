//! What a dump of a graph of objects keeps beside the memo: queued states, and weak references that were met before
//! the object they refer to.

use super::Writer;
use super::memo::{Key, Map};
use crate::error::{Error, ErrorKind};
use alloc::boxed::Box;
use alloc::collections::{BTreeSet, VecDeque};
use alloc::format;
use alloc::rc::Rc;
use alloc::vec::Vec;

/// Writes an object that stands ahead of the root, its type in front.
pub(crate) type Define = Rc<dyn Fn(&mut Writer<'_>) -> Result<(), Error>>;
/// Writes the state of an object.
type WriteState = Box<dyn FnOnce(&mut Writer<'_>) -> Result<(), Error>>;

/// Objects as they are met in one pass.
///
/// A weak reference to an object not met yet is written as dangling; most are, for their object lies outside of the
/// value. Where the object turns up later in the value, it is *late*, and another pass puts it ahead of the root.
#[derive(Default)]
pub(crate) struct Graph {
    pub states: VecDeque<WriteState>,
    /// Weakly referred to, and not met yet.
    early: Map<Key, (Define, &'static str)>,
    /// Weakly referred to, and met later.
    late: Map<Key, Define>,
    /// Which object holds which strongly; gathered only when the order of objects is needed.
    holds: Option<Map<Key, Vec<Key>>>,
    /// The objects that are being written, innermost last; gathered with `holds`.
    open: Vec<Key>,
}

/// What the passes so far say about the next one.
#[derive(Default)]
pub(crate) struct Order {
    /// Objects to write ahead of the root.
    pub ahead: Vec<Define>,
    /// Objects to write where a weak reference to them stands first.
    inline: BTreeSet<Key>,
    /// Whether who holds whom is to be gathered.
    gather: bool,
}

impl Order {
    /// Whether objects are to be written ahead of the root.
    pub(crate) fn has_ahead(&self) -> bool {
        !self.ahead.is_empty()
    }

    /// Has the next passes gather who holds whom.
    pub(crate) fn gather(&mut self) {
        self.gather = true;
    }

    /// Whether an object is to be written where a weak reference to it stands.
    pub(crate) fn is_inline(&self, key: &Key) -> bool {
        self.inline.contains(key)
    }
}

impl Graph {
    pub(crate) fn new(order: Option<&Order>) -> Self {
        let gather = order.is_some_and(|order| order.gather);
        let holds = gather.then(Map::default);
        Graph { holds, ..Graph::default() }
    }

    /// An object is met by a strong pointer.
    #[inline]
    pub(crate) fn hold(&mut self, key: Key) {
        if let Some(holds) = &mut self.holds
            && let Some(holder) = self.open.last()
        {
            holds.entry(*holder).or_default().push(key);
        }
    }

    /// An object begins that was not met before.
    #[inline]
    pub(crate) fn begin(&mut self, key: Key) {
        if !self.early.is_empty()
            && let Some((define, _)) = self.early.remove(&key)
        {
            self.late.insert(key, define);
        }
        if self.holds.is_some() {
            self.open.push(key);
        }
    }

    /// An object ends.
    #[inline]
    pub(crate) fn end(&mut self) {
        if self.holds.is_some() {
            self.open.pop();
        }
    }

    /// An object is met by a weak reference alone.
    pub(crate) fn weak(
        &mut self,
        key: Key,
        name: Option<&'static str>,
        define: impl FnOnce() -> Define,
    ) {
        self.early.entry(key).or_insert_with(|| (define(), name.unwrap_or("an unnamed type")));
    }

    /// Whether an object was met behind a weak reference to it.
    pub(crate) fn has_late(&self) -> bool {
        !self.late.is_empty()
    }

    /// Puts the objects that came too late into the order of another pass. `number` is an object's place in the memo.
    pub(crate) fn reorder(self, order: &mut Order, number: impl Fn(&Key) -> u64) {
        let mut targets: Vec<Key> = self.late.keys().copied().collect();
        targets.sort_by_key(number);
        for owner in owners(&targets, &self.holds.unwrap_or_default()) {
            if let Some(define) = self.late.get(&owner) {
                order.ahead.push(define.clone());
            }
        }
        order.inline.extend(self.late.keys());
    }

    /// The error for weak references to objects outside of the value, if there are any.
    pub(crate) fn refuse_outside(&self) -> Result<(), Error> {
        match self.early.values().next() {
            None => Ok(()),
            Some((_, name)) => Err(Error::new(
                ErrorKind::Unavailable,
                format!(
                    "a weak pointer refers to an object of type `{name}` that lies outside of the value; \
                     it would be loaded as dangling, which `Dumper::deny_outside_weak` forbids"
                ),
            )),
        }
    }
}

/// Those of the targets that no other target holds, however far: written first, they bring the others along.
fn owners(targets: &[Key], holds: &Map<Key, Vec<Key>>) -> Vec<Key> {
    let wanted: BTreeSet<Key> = targets.iter().copied().collect();
    let (mut order, mut seen) = (Vec::new(), BTreeSet::new());
    for target in targets {
        reach(*target, holds, &mut seen, &mut order);
    }
    // In the reverse of the order in which they end, holders stand in front of what they hold.
    let (mut owners, mut held) = (Vec::new(), BTreeSet::new());
    for key in order.iter().rev().filter(|key| wanted.contains(key)) {
        if !held.contains(key) {
            owners.push(*key);
        }
        reach(*key, holds, &mut held, &mut Vec::new());
    }
    owners
}

/// Visits all that an object holds and was not seen before; objects are noted as they end.
fn reach(from: Key, holds: &Map<Key, Vec<Key>>, seen: &mut BTreeSet<Key>, ended: &mut Vec<Key>) {
    let mut stack = alloc::vec![(from, false)];
    while let Some((key, left)) = stack.pop() {
        if left {
            ended.push(key);
        } else if seen.insert(key) {
            stack.push((key, true));
            stack.extend(holds.get(&key).into_iter().flatten().map(|held| (*held, false)));
        }
    }
}
