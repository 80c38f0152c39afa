//! The shared types below a type, for streams with objects ahead of the root.

use super::Reader;
use crate::error::Error;
use crate::program::TypeDef;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::any::TypeId;

/// Makes an object ahead of the root; the memo keeps it.
pub(crate) type Make<'de> = for<'s> fn(&mut Reader<'s, 'de>) -> Result<(), Error>;

/// The shared types below a type, with what makes their objects.
#[derive(Debug, Default)]
pub struct Collect<'de> {
    seen: BTreeSet<TypeId>,
    pub(crate) shared: Vec<(&'static TypeDef, Make<'de>)>,
}

impl<'de> Collect<'de> {
    /// Whether a type is met for the first time: recursive types are finite.
    pub fn enter<T: ?Sized>(&mut self) -> bool {
        self.seen.insert(typeid::of::<T>())
    }

    /// Adds a shared type.
    pub(crate) fn add(&mut self, def: &'static TypeDef, make: Make<'de>) {
        self.shared.push((def, make));
    }
}
