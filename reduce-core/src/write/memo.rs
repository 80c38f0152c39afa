//! The shared objects of one dump: those already written, and those being written.

use super::table::{Id, Table};
use crate::error::{Error, ErrorKind};
use crate::handles::Handles;
use alloc::vec::Vec;
use core::any::TypeId;

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
    std::collections::HashMap<K, V, core::hash::BuildHasherDefault<super::hash::Spread>>;
#[cfg(not(feature = "std"))]
pub(crate) type Map<K, V> = alloc::collections::BTreeMap<K, V>;

/// Objects by identity, with their numbers.
#[derive(Default)]
pub(crate) struct Memo {
    numbers: Table,
    /// Types and sizes, each by a number of its own: most dumps meet a few.
    kinds: Map<(TypeId, usize), u32>,
    /// The one met last, most often that of the next object as well.
    last_kind: Option<(TypeId, usize, u32)>,
    /// The objects that are being written, innermost last: so with ascending numbers.
    open: Vec<Open>,
    /// An object that a reducer made and dropped would hand its address to the next one.
    alive: Handles,
}

struct Open {
    number: u32,
    /// Where its mark stands.
    mark: usize,
}

/// What the memo knows of an object that was met.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub number: u64,
    /// It is being written.
    pub open: bool,
}

/// The end of what a memo knew.
#[derive(Clone, Debug)]
pub(crate) struct MarkedEnd {
    len: usize,
    alive: Vec<usize>,
}

impl Memo {
    /// What is known of an object.
    #[inline]
    pub(crate) fn find(&self, key: &Key) -> Option<Entry> {
        let kind = match self.last_kind {
            Some((of, size, kind)) if of == key.of && size == key.size => kind,
            _ => *self.kinds.get(&(key.of, key.size))?,
        };
        let number = self.numbers.find(Id { address: key.address, kind })?;
        Some(self.entry(number))
    }

    /// What is known of an object. One that was not met before takes the next number, which is the error then, and is open:
    /// its mark stands at `mark`. `pointer` keeps it alive.
    #[inline]
    pub(crate) fn find_or_begin<P: 'static>(
        &mut self,
        key: &Key,
        mark: usize,
        pointer: impl FnOnce() -> P,
    ) -> Result<Entry, u32> {
        let kind = match self.last_kind {
            Some((of, size, kind)) if of == key.of && size == key.size => kind,
            _ => self.turn_to(key),
        };
        match self.numbers.find_or_add(Id { address: key.address, kind }) {
            Ok(number) => Ok(self.entry(number)),
            Err(number) => {
                self.open.push(Open { number, mark });
                self.alive.keep(pointer());
                Err(number)
            }
        }
    }

    /// Looks at what is known of objects that are met next. In a large memo they lie far apart, and each look waits for
    /// memory: here none waits for another.
    #[inline]
    pub(crate) fn approach(&self, keys: impl Iterator<Item = Key>) {
        if !self.numbers.is_large() {
            return;
        }
        let Some((_, _, kind)) = self.last_kind else { return };
        // Most often all are of the kind of the last one.
        let seen =
            keys.fold(0, |seen, key| seen ^ self.numbers.look(Id { address: key.address, kind }));
        core::hint::black_box(seen);
    }

    /// Makes a kind the last one met.
    #[inline(never)]
    fn turn_to(&mut self, key: &Key) -> u32 {
        let next = u32::try_from(self.kinds.len()).unwrap_or(u32::MAX);
        let kind = *self.kinds.entry((key.of, key.size)).or_insert(next);
        self.last_kind = Some((key.of, key.size, kind));
        kind
    }

    #[inline]
    fn entry(&self, number: u32) -> Entry {
        Entry { number: u64::from(number), open: self.opened(number).is_some() }
    }

    /// What is known of an object while it is being written.
    #[inline]
    fn opened(&self, number: u32) -> Option<&Open> {
        let last = self.open.last()?;
        if last.number == number {
            return Some(last);
        }
        if last.number < number {
            return None;
        }
        let at = self.open.binary_search_by_key(&number, |open| open.number).ok()?;
        self.open.get(at)
    }

    /// Where the mark of an object that is being written stands.
    pub(crate) fn mark(&self, number: u64) -> Option<usize> {
        self.opened(u32::try_from(number).ok()?).map(|open| open.mark)
    }

    /// Whether one more object has a number, and its kind too.
    #[inline]
    pub(crate) fn room(&self) -> Result<(), Error> {
        if self.len().max(self.kinds.len()) < Table::MOST { Ok(()) } else { Err(full()) }
    }

    /// The object has been written.
    #[inline]
    pub(crate) fn end(&mut self, number: u32) {
        while self.open.last().is_some_and(|open| open.number >= number) {
            self.open.pop();
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The end of what is known.
    pub(crate) fn mark_end(&self) -> MarkedEnd {
        MarkedEnd { len: self.len(), alive: self.alive.lengths() }
    }

    /// Forgets, and lets go of, all objects behind an end that was marked. None of those in front of it is open.
    pub(crate) fn roll_back(&mut self, end: &MarkedEnd) {
        self.open.clear();
        self.truncate(end.len);
        self.alive.release_down_to(&end.alive);
    }

    /// Forgets all objects from the `len`-th on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.numbers.truncate(len);
    }

    /// Forgets, and lets go of, everything, and keeps what was reserved.
    #[cfg(feature = "std")]
    pub(crate) fn clear(&mut self) {
        self.open.clear();
        self.numbers.truncate(0);
        self.kinds.clear();
        self.last_kind = None;
        self.alive.release_newest_first();
    }

    /// How many bytes are reserved.
    #[cfg(feature = "std")]
    pub(crate) fn bytes(&self) -> usize {
        let kind = size_of::<((TypeId, usize), u32)>();
        let kinds = self.kinds.capacity() * kind + self.open.capacity() * size_of::<Open>();
        self.numbers.bytes() + kinds + self.alive.bytes()
    }
}

#[cold]
fn full() -> Error {
    Error::new(ErrorKind::Unsupported, "the value has more than 2^32 shared objects")
}
