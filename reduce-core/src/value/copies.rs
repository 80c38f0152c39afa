//! Objects of a stream that several kept values refer to: read once for all of them.

use super::Value;
use super::object::{Graph, ObjectRef, Shared};
use super::types::Number;
use crate::error::Error;
use crate::program::table::Ref;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

/// The objects that kept values hold, by their numbers in the stream.
#[derive(Default)]
pub(crate) struct Copies {
    objects: BTreeMap<usize, Shared>,
    /// Pointers of these types, by their places in the table, were found to be right for the object.
    fitting: BTreeSet<(usize, usize)>,
    /// Arenas of objects of unknown types, by their addresses: those are dumped into one stream.
    together: BTreeSet<usize>,
    /// Objects that are no part of what is kept have weak pointers.
    pub(crate) weak: bool,
}

/// A pointer to an object in front of what is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beyond {
    /// The place of its type in the table.
    pub pointer: usize,
    /// Where it stands.
    pub at: usize,
}

/// What a value refers to that lies in front of it.
#[derive(Default)]
pub(super) struct Outside {
    /// Objects that are there, by number, with types of pointers to them that nobody has looked at.
    pub met: BTreeMap<(usize, usize), Beyond>,
    /// Objects that are not there yet.
    pub missing: BTreeMap<usize, Beyond>,
    /// There are weak pointers, to whatever.
    pub weak: bool,
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

    /// The objects are those of an object of an unknown type.
    pub(crate) fn set_together(&mut self, kept: &Kept) {
        self.together.extend(kept.graph.as_ref().map(|graph| Arc::as_ptr(graph).addr()));
    }

    /// Whether a value has a weak pointer to an object that nothing in it holds: with the next dump it would be gone. `alone`
    /// says that no other kept values are dumped into the same stream: those were looked at, and hold what is theirs. `step` pays
    /// for each value that is looked at.
    pub(crate) fn drops(
        &self,
        Built { value, kept, .. }: &Built,
        alone: bool,
        mut step: impl FnMut() -> Result<(), Error>,
    ) -> Result<bool, Error> {
        let beside = |(graph, _): (usize, usize)| !alone && self.together.contains(&graph);
        let own = kept.graph.as_ref().map(|graph| Arc::as_ptr(graph).addr());
        let (mut held, mut weak) = (BTreeSet::new(), BTreeSet::new());
        let mut open: Vec<ObjectRef> = Vec::new();
        let mut strong = |shared: &Shared, open: &mut Vec<ObjectRef>| {
            if let Some(id) = shared.id().filter(|id| !beside(*id))
                && held.insert(id)
            {
                open.extend(shared.upgrade());
            }
        };
        each_pointer(value, &mut step, |shared| strong(shared, &mut open), &mut weak)?;
        while let Some(object) = open.pop() {
            each_pointer(&object, &mut step, |shared| strong(shared, &mut open), &mut weak)?;
        }
        let fine = |id| held.contains(&id) || beside(id) || !alone && own == Some(id.0);
        Ok(!weak.into_iter().all(fine))
    }

    /// The type of an object, and whether it is known what it is registered as.
    pub(crate) fn type_of(&self, number: usize) -> Option<(Ref, bool)> {
        let shared = self.get(number)?;
        let graph = shared.graph()?;
        let object = graph.objects().get(shared.number())?;
        Some((reference(object.of.as_ref()?.number()), object.registered.is_some()))
    }
}

/// Objects by their arenas' addresses and their numbers in those.
type Ids = BTreeSet<(usize, usize)>;

/// Looks at all pointers in a value, those inside of objects aside.
fn each_pointer(
    value: &Value,
    step: &mut impl FnMut() -> Result<(), Error>,
    mut strong: impl FnMut(&Shared),
    weak: &mut Ids,
) -> Result<(), Error> {
    let mut left = alloc::vec![core::slice::from_ref(value).iter()];
    while let Some(values) = left.last_mut() {
        let Some(value) = values.next() else {
            left.pop();
            continue;
        };
        step()?;
        match value {
            Value::Shared(shared) => strong(shared),
            Value::Weak(shared) => weak.extend(shared.id()),
            value => left.extend(value.items().map(|items| items.as_slice().iter())),
        }
    }
    Ok(())
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
    /// There are weak pointers in it.
    pub weak: bool,
}

impl fmt::Debug for Copies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.objects.keys()).finish()
    }
}
