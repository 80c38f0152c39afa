//! The programs of this process's types, each built once.
//!
//! An append-only table without locks: programs live as long as the process, there are as many as types that
//! were ever dumped or loaded as a root, and looking one up is on the path of every message.

use super::build::build;
use super::{Program, TypeDef};
use alloc::boxed::Box;
use core::any::TypeId;
use core::hash::{Hash, Hasher};
use once_cell::race::OnceBox;

/// A power of two; more types than this make chains.
const BUCKETS: usize = 256;
static CACHE: [OnceBox<Entry>; BUCKETS] = [const { OnceBox::new() }; BUCKETS];

struct Entry {
    key: TypeId,
    program: Program,
    next: OnceBox<Entry>,
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

/// The program of a type, built when first asked for.
#[inline]
pub(crate) fn program_of(def: &'static TypeDef) -> &'static Program {
    let key = def.key();
    let mut place = bucket(key);
    while let Some(entry) = place.get() {
        if entry.key == key {
            return &entry.program;
        }
        place = &entry.next;
    }
    insert(key, def, place)
}

#[inline]
fn bucket(key: TypeId) -> &'static OnceBox<Entry> {
    let mut hasher = Kept::default();
    key.hash(&mut hasher);
    // BUCKETS fits in both types, and the remainder is below the length.
    #[allow(clippy::cast_possible_truncation, clippy::indexing_slicing)]
    &CACHE[(hasher.finish() % BUCKETS as u64) as usize]
}

#[cold]
fn insert(
    key: TypeId,
    def: &'static TypeDef,
    mut place: &'static OnceBox<Entry>,
) -> &'static Program {
    // Another thread may have been faster, with this type or with another one of the same bucket.
    loop {
        let entry = place
            .get_or_init(|| Box::new(Entry { key, program: build(def), next: OnceBox::new() }));
        if entry.key == key {
            return &entry.program;
        }
        place = &entry.next;
    }
}
