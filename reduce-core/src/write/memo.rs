//! The shared objects of one dump: those already written, and those being written.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::any::{Any, TypeId};

/// What tells objects apart: the address alone does not, for an object and its first field share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub address: usize,
    pub of: TypeId,
    /// In bytes: slices of one address may differ in length.
    pub size: usize,
}

#[cfg(feature = "std")]
pub(crate) type Map<K, V> =
    std::collections::HashMap<K, V, core::hash::BuildHasherDefault<super::hash::Folded>>;
#[cfg(not(feature = "std"))]
pub(crate) type Map<K, V> = alloc::collections::BTreeMap<K, V>;

/// Objects by identity, with their numbers.
#[derive(Default)]
pub(crate) struct Memo {
    numbers: Map<Key, Entry>,
    /// In order of their numbers: an object that a reducer made and dropped would hand its address to the next one.
    alive: Vec<(Key, Box<dyn Any>)>,
}

/// What the memo knows of an object that was met.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub number: u64,
    /// Where its mark stands.
    pub mark: usize,
    /// It is being written.
    pub open: bool,
}

impl Memo {
    /// What is known of an object.
    #[inline]
    pub(crate) fn find(&self, key: &Key) -> Option<Entry> {
        self.numbers.get(key).copied()
    }

    /// An object begins whose mark stands at `mark`: it takes the next number and is open.
    pub(crate) fn begin(&mut self, key: Key, mark: usize, handle: Box<dyn Any>) {
        let number = self.alive.len() as u64;
        self.numbers.insert(key, Entry { number, mark, open: true });
        self.alive.push((key, handle));
    }

    /// The object has been written.
    pub(crate) fn end(&mut self, key: &Key) {
        if let Some(entry) = self.numbers.get_mut(key) {
            entry.open = false;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.alive.len()
    }

    /// All objects, in order of their numbers.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.alive.iter().map(|(key, _)| key)
    }

    /// Forgets all objects from the `len`-th on.
    pub(crate) fn truncate(&mut self, len: usize) {
        for (key, _) in self.alive.drain(len.min(self.alive.len())..) {
            self.numbers.remove(&key);
        }
    }
}
