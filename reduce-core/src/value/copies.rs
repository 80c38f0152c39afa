//! Objects of a stream that several kept values refer to: read once for all of them.

use super::Value;
use super::object::{Graph, Shared};
use super::types::Number;
use crate::program::table::Ref;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use core::fmt;

/// The objects that kept values hold, by their numbers in the stream.
#[derive(Default)]
pub(crate) struct Copies {
    objects: BTreeMap<usize, Shared>,
    /// Pointers of these types, by their places in the table, were found to be right for the object.
    fitting: BTreeSet<(usize, usize)>,
}

/// A pointer to an object in front of what is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beyond {
    /// The place of its type in the table.
    pub pointer: usize,
    /// Where it stands.
    pub at: usize,
    pub weak: bool,
}

/// What a value refers to that lies in front of it.
#[derive(Default)]
pub(super) struct Outside {
    /// Objects that are there, by number, with types of pointers to them that nobody has looked at.
    pub met: BTreeMap<(usize, usize), Beyond>,
    /// Those that strong pointers refer to.
    pub strong: BTreeSet<usize>,
    /// Objects that are not there yet, or that no strong pointer was known to refer to: a strong one, where there is one.
    pub missing: BTreeMap<usize, Beyond>,
}

/// Objects that a kept value holds.
pub(crate) struct Kept {
    graph: Option<Arc<Graph>>,
    /// The number of the first.
    first: usize,
}

impl Kept {
    pub(super) fn new(graph: Option<Arc<Graph>>, first: usize) -> Self {
        Kept { graph, first }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.graph.as_ref().map_or(0, |graph| graph.objects().len())
    }
}

impl Copies {
    /// What one takes.
    pub(crate) const SIZE: usize = 2 * size_of::<(usize, Shared)>();

    pub(super) fn get(&self, number: usize) -> Option<&Shared> {
        self.objects.get(&number)
    }

    pub(crate) fn has(&self, number: usize) -> bool {
        self.objects.contains_key(&number)
    }

    pub(super) fn fits(&self, number: usize, pointer: usize) -> bool {
        self.fitting.contains(&(number, pointer))
    }

    pub(crate) fn set_fitting(&mut self, number: usize, pointer: usize) {
        self.fitting.insert((number, pointer));
    }

    /// Adds the objects of a value.
    pub(crate) fn add(&mut self, kept: &Kept) {
        let Some(graph) = &kept.graph else { return };
        for at in 0..graph.objects().len() {
            let shared = || Shared::outer(graph, at);
            self.objects.entry(kept.first.saturating_add(at)).or_insert_with(shared);
        }
    }

    /// The type of an object, and whether it is known what it is registered as.
    pub(crate) fn type_of(&self, number: usize) -> Option<(Ref, bool)> {
        let shared = self.get(number)?;
        let graph = shared.graph()?;
        let object = graph.objects().get(shared.number())?;
        Some((reference(object.of.as_ref()?.at), object.registered.is_some()))
    }
}

/// The type of the stream that a number stands for.
fn reference(of: Number) -> Ref {
    match super::types::place(of) {
        Some(place) => Ref::Index(place),
        None => Ref::Primitive(u8::try_from(of).unwrap_or_default()),
    }
}

/// A value that was read, or what it needs first.
pub(crate) struct Built {
    pub value: Value,
    pub kept: Kept,
    /// Objects that it refers to, with pointers of types that nobody has looked at.
    pub met: BTreeMap<(usize, usize), Beyond>,
    /// Objects that it refers to and that are to be read first: then it has to be read once more.
    pub missing: BTreeMap<usize, Beyond>,
    /// Objects in front of it that strong pointers refer to.
    pub strong: BTreeSet<usize>,
}

impl fmt::Debug for Copies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.objects.keys()).finish()
    }
}
