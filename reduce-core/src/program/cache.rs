//! What is made of this process's types, each once: their programs, and the layouts of lists of them.
//!
//! An append-only table without locks: what it holds lives as long as the process, there is as much as types that
//! were ever dumped or loaded as a root, or in a list, and looking one up is on the path of every message.

use super::build::build;
use super::{Program, TypeDef};
use alloc::boxed::Box;
use core::any::TypeId;
use core::hash::{Hash, Hasher};
use once_cell::race::OnceBox;

/// A power of two; more types than this make chains.
const BUCKETS: usize = 256;

static PROGRAMS: Cache<Program> = Cache::new(build);

/// The program of a type, built when first asked for.
#[inline]
pub(crate) fn program_of(def: &'static TypeDef) -> &'static Program {
    PROGRAMS.of(def)
}

/// Something that is made of a type, kept for each.
pub(crate) struct Cache<V: 'static> {
    make: fn(&'static TypeDef) -> V,
    buckets: [OnceBox<Entry<V>>; BUCKETS],
}

struct Entry<V> {
    key: TypeId,
    value: V,
    next: OnceBox<Entry<V>>,
}

/// A `TypeId` is a hash already: its halves are laid over one another, and not spread again.
#[derive(Default)]
struct Kept(u64);

impl Hasher for Kept {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }
    fn write_u64(&mut self, part: u64) {
        self.0 = self.0.rotate_left(5) ^ part;
    }
}

impl<V> Cache<V> {
    /// An empty one of what `make` makes of types.
    pub(crate) const fn new(make: fn(&'static TypeDef) -> V) -> Self {
        Cache { make, buckets: [const { OnceBox::new() }; BUCKETS] }
    }

    /// That of a type, made when first asked for.
    #[inline]
    pub(crate) fn of(&'static self, def: &'static TypeDef) -> &'static V {
        let key = def.key();
        let mut place = self.bucket(key);
        while let Some(entry) = place.get() {
            if entry.key == key {
                return &entry.value;
            }
            place = &entry.next;
        }
        self.insert(key, def, place)
    }

    #[inline]
    fn bucket(&'static self, key: TypeId) -> &'static OnceBox<Entry<V>> {
        let mut hasher = Kept::default();
        key.hash(&mut hasher);
        // BUCKETS fits in both types, and the remainder is below the length.
        #[allow(clippy::cast_possible_truncation, clippy::indexing_slicing)]
        &self.buckets[(hasher.finish() % BUCKETS as u64) as usize]
    }

    #[cold]
    fn insert(
        &'static self,
        key: TypeId,
        def: &'static TypeDef,
        mut place: &'static OnceBox<Entry<V>>,
    ) -> &'static V {
        // Another thread may have been faster, with this type or with another one of the same bucket.
        loop {
            let make = || Box::new(Entry { key, value: (self.make)(def), next: OnceBox::new() });
            let entry = place.get_or_init(make);
            if entry.key == key {
                return &entry.value;
            }
            place = &entry.next;
        }
    }
}
