//! The shared types below a type, for streams with objects ahead of the root.

use super::Reader;
use crate::error::Error;
use crate::program::TypeDef;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::any::TypeId;

/// Makes an object ahead of the root; the memo keeps it.
pub(crate) type Make<'de> = for<'s> fn(&mut Reader<'s, 'de>) -> Result<(), Error>;

/// The shared types below a type, with what makes their objects.
#[derive(Debug, Default)]
pub struct Collect<'de> {
    seen: BTreeSet<TypeId>,
    pub(super) shared: Vec<SharedType<'de>>,
    /// The places of the pointer types among them, those of weak ones too.
    places: BTreeMap<TypeId, usize>,
}

/// A type of strong pointers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SharedType<'de> {
    pub def: &'static TypeDef,
    /// It is an `Arc`, not an `Rc`.
    pub atomic: bool,
    pub make: Make<'de>,
}

impl<'de> Collect<'de> {
    /// Whether a type is met for the first time: recursive types are finite.
    pub fn enter<T: ?Sized>(&mut self) -> bool {
        self.see(typeid::of::<T>())
    }

    /// One copy for all types.
    #[inline(never)]
    fn see(&mut self, id: TypeId) -> bool {
        self.seen.insert(id)
    }

    /// Adds a shared type, and the weak pointers to its objects.
    pub(crate) fn add<Strong: ?Sized, Weak: ?Sized>(&mut self, shared: SharedType<'de>) {
        let place = self.shared.len();
        self.places.insert(typeid::of::<Strong>(), place);
        self.places.insert(typeid::of::<Weak>(), place);
        self.shared.push(shared);
    }

    /// The place of a pointer type.
    pub(super) fn place(&self, pointer: TypeId) -> Option<usize> {
        self.places.get(&pointer).copied()
    }
}
