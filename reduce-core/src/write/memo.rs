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
type Map<K, V> = std::collections::HashMap<K, V>;
#[cfg(not(feature = "std"))]
type Map<K, V> = alloc::collections::BTreeMap<K, V>;

/// Objects by identity, with their numbers.
#[derive(Default)]
pub(crate) struct Memo {
    numbers: Map<Key, (u64, bool)>,
    /// In order of their numbers: an object that a reducer made and dropped would hand its address to the next one.
    alive: Vec<(Key, Box<dyn Any>)>,
}

/// What the memo knows of an object.
pub(crate) enum Seen {
    /// Nothing, until now.
    New,
    /// Written before, with this number.
    Before(u64),
    /// Being written: it holds itself.
    Open,
}

impl Memo {
    /// Looks an object up; one that is new gets a number and is open until [`close`](Self::close).
    pub(crate) fn see(&mut self, key: Key, handle: impl FnOnce() -> Box<dyn Any>) -> Seen {
        match self.numbers.get(&key) {
            Some(&(number, true)) => Seen::Before(number),
            Some(_) => Seen::Open,
            None => {
                self.numbers.insert(key, (self.alive.len() as u64, false));
                self.alive.push((key, handle()));
                Seen::New
            }
        }
    }

    /// The object has been written.
    pub(crate) fn close(&mut self, key: Key) {
        if let Some((_, closed)) = self.numbers.get_mut(&key) {
            *closed = true;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.alive.len()
    }

    /// Forgets all objects from the `len`-th on.
    pub(crate) fn truncate(&mut self, len: usize) {
        for (key, _) in self.alive.drain(len.min(self.alive.len())..) {
            self.numbers.remove(&key);
        }
    }
}
