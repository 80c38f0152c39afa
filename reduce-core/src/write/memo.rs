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
    std::collections::HashMap<K, V, core::hash::BuildHasherDefault<super::hash::Folded>>;
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
    /// Where the marks of the objects stand, by number.
    marks: Vec<usize>,
    /// Whether an object is being written, a bit each: what every reference asks lies close together.
    is_open: Vec<u64>,
    /// An object that a reducer made and dropped would hand its address to the next one.
    alive: Handles,
}

/// The end of what a memo knew.
#[derive(Clone, Debug)]
pub(crate) struct MarkedEnd {
    len: usize,
    alive: Vec<usize>,
}

/// What the memo knows of an object that was met.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub number: u64,
    /// It is being written.
    pub open: bool,
}

/// The word of `is_open` that has a number's bit, and the bit.
#[inline]
fn bit(number: u32) -> (usize, u64) {
    (usize::try_from(number / u64::BITS).unwrap_or(usize::MAX), 1 << (number % u64::BITS))
}

impl Memo {
    /// What is known of an object.
    #[inline]
    pub(crate) fn find(&self, key: &Key) -> Option<Entry> {
        let number = self.numbers.find(self.id(key)?)?;
        let (word, bit) = bit(number);
        let open = self.is_open.get(word).is_some_and(|word| word & bit != 0);
        Some(Entry { number: u64::from(number), open })
    }

    /// Where the mark of an object stands.
    pub(crate) fn mark(&self, number: u64) -> Option<usize> {
        self.marks.get(usize::try_from(number).ok()?).copied()
    }

    #[inline]
    fn id(&self, key: &Key) -> Option<Id> {
        let kind = match self.last_kind {
            Some((of, size, kind)) if of == key.of && size == key.size => kind,
            _ => *self.kinds.get(&(key.of, key.size))?,
        };
        Some(Id { address: key.address, kind })
    }

    /// An object begins that was not met before, and whose mark stands at `mark`: it takes the next number and is
    /// open. `pointer` keeps it alive.
    pub(crate) fn begin<P: 'static>(
        &mut self,
        key: Key,
        mark: usize,
        pointer: P,
    ) -> Result<u32, Error> {
        let number = u32::try_from(self.marks.len()).ok().filter(|number| *number < Table::MOST);
        let number = number.ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, "the value has more than 2^32 shared objects")
        })?;
        let id = self.id(&key).unwrap_or_else(|| {
            // No more kinds than objects.
            let kind = *self.kinds.entry((key.of, key.size)).or_insert(number);
            Id { address: key.address, kind }
        });
        self.last_kind = Some((key.of, key.size, id.kind));
        self.numbers.push(id);
        self.marks.push(mark);
        self.set_open(number, true);
        self.alive.keep(pointer);
        Ok(number)
    }

    /// The object has been written.
    #[inline]
    pub(crate) fn end(&mut self, number: u32) {
        self.set_open(number, false);
    }

    #[inline]
    fn set_open(&mut self, number: u32, open: bool) {
        let (word, bit) = bit(number);
        if word >= self.is_open.len() {
            self.is_open.push(0);
        }
        if let Some(word) = self.is_open.get_mut(word) {
            *word = if open { *word | bit } else { *word & !bit };
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.marks.len()
    }

    /// The end of what is known.
    pub(crate) fn mark_end(&self) -> MarkedEnd {
        MarkedEnd { len: self.len(), alive: self.alive.lengths() }
    }

    /// Forgets, and lets go of, all objects behind an end that was marked.
    pub(crate) fn roll_back(&mut self, end: &MarkedEnd) {
        self.truncate(end.len);
        self.alive.release_down_to(&end.alive);
    }

    /// Forgets all objects from the `len`-th on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.marks.truncate(len);
        self.numbers.truncate(len);
    }
}
