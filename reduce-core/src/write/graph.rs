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
use core::hash::Hash;

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
    /// Who points to whom; gathered only when the order of objects is needed.
    edges: Option<Edges>,
    /// The objects that are being written, innermost last; gathered with `edges`.
    open: Vec<Key>,
    /// The memo numbers of the objects that are being written where a weak reference to them stands, innermost last.
    inline: Vec<u64>,
}

/// Who points to whom.
#[derive(Default)]
struct Edges {
    /// Which object holds which strongly.
    strong: Map<Key, Vec<Key>>,
    /// Which object refers to which weakly.
    weak: Map<Key, Vec<Key>>,
    /// Writes an object that is referred to weakly.
    defines: Map<Key, Define>,
}

/// What the passes so far say about the next one.
#[derive(Default)]
pub(crate) struct Order {
    /// Objects to write ahead of the root.
    pub ahead: Vec<Define>,
    /// Objects that no longer may come late: written where a weak reference to them stands first.
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
        Graph { edges: gather.then(Edges::default), ..Graph::default() }
    }

    /// An object is met by a strong pointer.
    #[inline]
    pub(crate) fn hold(&mut self, key: Key) {
        if let Some(edges) = &mut self.edges
            && let Some(holder) = self.open.last()
        {
            edges.strong.entry(*holder).or_default().push(key);
        }
    }

    /// An object is met by a weak pointer.
    #[inline]
    pub(crate) fn refer(&mut self, key: Key, define: impl FnOnce() -> Define) {
        if let Some(edges) = &mut self.edges {
            edges.defines.entry(key).or_insert_with(define);
            if let Some(from) = self.open.last() {
                edges.weak.entry(*from).or_default().push(key);
            }
        }
    }

    /// An object begins where a weak reference to it stands; it takes the memo number.
    pub(crate) fn begin_inline(&mut self, number: u64) {
        self.inline.push(number);
    }

    /// It ends.
    pub(crate) fn end_inline(&mut self) {
        self.inline.pop();
    }

    /// Whether a weak reference stands between an object that is being written and this place.
    pub(crate) fn is_behind_weak(&self, number: u64) -> bool {
        self.inline.last().is_some_and(|inline| *inline > number)
    }

    /// An object begins that was not met before.
    #[inline]
    pub(crate) fn begin(&mut self, key: Key) {
        if !self.early.is_empty()
            && let Some((define, _)) = self.early.remove(&key)
        {
            self.late.insert(key, define);
        }
        if self.edges.is_some() {
            self.open.push(key);
        }
    }

    /// An object ends.
    #[inline]
    pub(crate) fn end(&mut self) {
        if self.edges.is_some() {
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

    /// Puts the objects that came too late into the order of another pass. `number` is an object's place in the memo,
    /// if it is in the value.
    pub(crate) fn reorder(self, order: &mut Order, number: impl Fn(&Key) -> Option<u64>) {
        let edges = self.edges.unwrap_or_default();
        order.inline.extend(self.late.keys());
        let mut targets: Vec<Key> = order.inline.iter().copied().collect();
        // What is written ahead of the root refers to others in its turn: to a parent, say.
        let (mut reached, mut visited) = (BTreeSet::new(), Vec::new());
        let mut next = 0;
        while let Some(target) = targets.get(next) {
            let from = visited.len();
            reach(*target, &edges.strong, &mut reached, &mut visited);
            let referred =
                visited.iter().skip(from).filter_map(|key| edges.weak.get(key)).flatten();
            targets
                .extend(referred.filter(|key| number(key).is_some() && order.inline.insert(**key)));
            next += 1;
        }
        targets.sort_by_key(&number);
        let owners = before_referrers(owners(&targets, &edges.strong), &edges);
        order.ahead = owners.iter().filter_map(|key| edges.defines.get(key)).cloned().collect();
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

/// Puts owners in front of those that refer weakly to what they hold, as far as that goes.
fn before_referrers(owners: Vec<Key>, edges: &Edges) -> Vec<Key> {
    // Which owner an object belongs to: the first that reaches it.
    let mut region: Map<Key, usize> = Map::default();
    let mut parts: Vec<Vec<Key>> = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, owner) in owners.iter().enumerate() {
        let mut part = Vec::new();
        reach(*owner, &edges.strong, &mut seen, &mut part);
        region.extend(part.iter().map(|key| (*key, index)));
        parts.push(part);
    }
    let mut refers: Map<usize, Vec<usize>> = Map::default();
    for (index, part) in parts.iter().enumerate() {
        let referred = part.iter().filter_map(|key| edges.weak.get(key)).flatten();
        refers.insert(index, referred.filter_map(|key| region.get(key)).copied().collect());
    }
    // An owner ends behind all that it refers to.
    let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
    for index in 0..owners.len() {
        reach(index, &refers, &mut seen, &mut order);
    }
    order.into_iter().filter_map(|index| owners.get(index)).copied().collect()
}

/// Visits all that an object holds and was not seen before; objects are noted as they end.
fn reach<K: Copy + Ord + Hash>(
    from: K,
    holds: &Map<K, Vec<K>>,
    seen: &mut BTreeSet<K>,
    ended: &mut Vec<K>,
) {
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
