//! Sets: lists of their elements, as they iterate; canonical dumps sort them by encoded element.
//!
//! An element that occurs twice is an error at load.

use super::memory::Memory;
use super::sequence::{expand_list, reduce_unordered, sets_in_column};
use crate::column::Column;
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::{PartDef, TypeDef};
use crate::read::{Collect, Mode, Native, Reader};
use crate::reduce::Reduce;
use crate::write::{Columns, Writer};
use alloc::collections::BTreeSet;

impl<T: Describe> Describe for BTreeSet<T> {
    fn def() -> &'static TypeDef {
        <[T]>::def()
    }

    const PART: PartDef = <[T]>::PART;
}

impl<T: Reduce> Reduce for BTreeSet<T> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        reduce_unordered(self.len(), self.iter(), w)
    }

    fn reduce_column<'a>(
        values: impl Iterator<Item = &'a Self> + Clone,
        column: Column,
        columns: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        Self: 'a,
    {
        sets_in_column(values.map(Self::iter), column, columns)
    }
}

impl<'de, T: Expand<'de> + Ord> Expand<'de> for BTreeSet<T> {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::expand_by(Native, r)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        expand_list(mode, r, Memory::tree::<T>(), |_| BTreeSet::new(), BTreeSet::insert)
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}

#[cfg(feature = "std")]
mod hash {
    use super::*;
    use core::hash::{BuildHasher, Hash};
    use std::collections::HashSet;

    impl<T: Describe, S> Describe for HashSet<T, S> {
        fn def() -> &'static TypeDef {
            <[T]>::def()
        }

        const PART: PartDef = <[T]>::PART;
    }

    impl<T: Reduce, S> Reduce for HashSet<T, S> {
        fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
            reduce_unordered(self.len(), self.iter(), w)
        }

        fn reduce_column<'a>(
            values: impl Iterator<Item = &'a Self> + Clone,
            column: Column,
            columns: &mut Columns<'_>,
        ) -> Result<(), Error>
        where
            Self: 'a,
        {
            sets_in_column(values.map(Self::iter), column, columns)
        }
    }

    impl<'de, T, S> Expand<'de> for HashSet<T, S>
    where
        T: Expand<'de> + Eq + Hash,
        S: BuildHasher + Default,
    {
        fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
            Self::expand_by(Native, r)
        }

        fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
            let new = |room| HashSet::with_capacity_and_hasher(room, S::default());
            expand_list(mode, r, Memory::table::<T>(), new, HashSet::insert)
        }

        fn collect(c: &mut Collect<'de>) {
            T::collect(c);
        }
    }
}
