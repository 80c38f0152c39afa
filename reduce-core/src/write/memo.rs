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
    marks: Vec<Mark>,
    /// An object that a reducer made and dropped would hand its address to the next one.
    alive: Handles,
}

#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    /// The object is being written.
    open: bool,
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
        let number = self.numbers.find(self.id(key)?)?;
        let mark = self.marks.get(usize::try_from(number).ok()?)?;
        Some(Entry { number: u64::from(number), mark: mark.at, open: mark.open })
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
        self.marks.push(Mark { at: mark, open: true });
        self.alive.keep(pointer);
        Ok(number)
    }

    /// The object has been written.
    #[inline]
    pub(crate) fn end(&mut self, number: u32) {
        let number = usize::try_from(number).ok();
        if let Some(mark) = number.and_then(|number| self.marks.get_mut(number)) {
            mark.open = false;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.marks.len()
    }

    /// Forgets all objects from the `len`-th on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.marks.truncate(len);
        self.numbers.truncate(len);
    }
}
