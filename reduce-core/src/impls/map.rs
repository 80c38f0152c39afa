//! Maps: key and value in turn, as they iterate; canonical dumps sort them by encoded key.
//!
//! A key that occurs twice is an error at load.

use super::memory;
use super::order;
use crate::canary::{Canary, planted};
use crate::column::Column;
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::{PartDef, TypeDef};
use crate::read::{Collect, Mode, Native, Reader};
use crate::reduce::Reduce;
use crate::stack;
use crate::write::{Columns, Writer};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Writes entries in their order of iteration, or by encoded key.
fn reduce_entries<'a, K, V>(
    length: usize,
    entries: impl Iterator<Item = (&'a K, &'a V)>,
    w: &mut Writer<'_>,
) -> Result<(), Error>
where
    K: Reduce + 'a,
    V: Reduce + 'a,
{
    w.nested_here::<()>(|w| {
        w.list_length(length);
        if w.canonical {
            let sorted = order::by_encoding(entries, |(key, _)| *key, Error::in_key, w)?;
            reduce_each(sorted, w)
        } else {
            reduce_each(entries, w)
        }
    })
}

fn reduce_each<'a, K: Reduce + 'a, V: Reduce + 'a>(
    entries: impl Iterator<Item = (&'a K, &'a V)>,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    for (index, (key, value)) in entries.enumerate() {
        key.reduce(w).map_err(|error| error.in_key(index))?;
        value.reduce(w).map_err(|error| error.in_element(index))?;
    }
    Ok(())
}

/// Adds maps to a column: their keys and their values have one each.
fn maps_in_column<'a, K, V, I, J>(
    keys: impl Iterator<Item = I> + Clone,
    values: impl Iterator<Item = J> + Clone,
    column: Column,
    columns: &mut Columns<'_>,
) -> Result<(), Error>
where
    K: Reduce + 'a,
    V: Reduce + 'a,
    I: ExactSizeIterator<Item = &'a K> + Clone,
    J: Iterator<Item = &'a V> + Clone,
{
    let lengths = keys.clone().map(|keys| keys.len());
    columns.check_order(lengths.clone())?;
    let (key, value) = columns.maps(column, lengths)?;
    K::reduce_column(keys.flatten(), key, columns)?;
    V::reduce_column(values.flatten(), value, columns)
}

/// Reads entries into a map by `insert`, which says whether the key is new.
fn expand_entries<'de, K: Expand<'de>, V: Expand<'de>, M: Mode<'de>>(
    (length, keys, values): (usize, M, M),
    r: &mut Reader<'_, 'de>,
    mut insert: impl FnMut(K, V) -> bool,
) -> Result<(), Error> {
    for index in 0..length {
        let key = keys.element(index).value::<K>(r).map_err(|error| error.in_key(index))?;
        let value = values.element(index).value::<V>(r);
        let value = value.map_err(|error| error.in_element(index))?;
        if !insert(key, value) && !planted(Canary::DuplicateKey) {
            return Err(r.invalid("a key occurs twice in a map").in_key(index));
        }
    }
    Ok(())
}

impl<K: Describe, V: Describe> Describe for BTreeMap<K, V> {
    fn def() -> &'static TypeDef {
        const { &TypeDef::map::<Self>(K::def, V::def).columns(K::PART.columns && V::PART.columns) }
    }

    const PART: PartDef = PartDef::in_columns(Self::def);
}

impl<K: Reduce, V: Reduce> Reduce for BTreeMap<K, V> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        reduce_entries(self.len(), self.iter(), w)
    }

    fn reduce_column<'a>(
        values: impl Iterator<Item = &'a Self> + Clone,
        column: Column,
        columns: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        Self: 'a,
    {
        let keys = values.clone().map(Self::keys);
        maps_in_column(keys, values.map(Self::values), column, columns)
    }
}

impl<'de, K: Expand<'de> + Ord, V: Expand<'de>> Expand<'de> for BTreeMap<K, V> {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::expand_by(Native, r)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let again = |r: &mut Reader<'_, 'de>| {
            stack::elsewhere(size_of::<(K, V)>(), || Self::expand_by(mode, r))
        };
        r.nested::<(K, V), _>(again, |r| {
            let entries = mode.entries(r)?;
            r.allocate(1, memory::tree(entries.0, size_of::<(K, V)>()))?;
            let mut map = BTreeMap::new();
            expand_entries(entries, r, |key, value| map.insert(key, value).is_none())?;
            Ok(map)
        })
    }

    fn collect(c: &mut Collect<'de>) {
        K::collect(c);
        V::collect(c);
    }
}

/// Entries in a row, stored as a map: what adapters of maps hand over.
pub struct Pairs<K, V>(pub(super) Vec<(K, V)>);

impl<K: Describe, V: Describe> Describe for Pairs<K, V> {
    fn def() -> &'static TypeDef {
        <BTreeMap<K, V>>::def()
    }
}

impl<K: Reduce, V: Reduce> Reduce for Pairs<K, V> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        reduce_entries(self.0.len(), self.0.iter().map(|(key, value)| (key, value)), w)
    }
}

/// Whether a key occurs twice is for the map to say that is made of it.
impl<'de, K: Expand<'de>, V: Expand<'de>> Expand<'de> for Pairs<K, V> {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::expand_by(Native, r)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let again = |r: &mut Reader<'_, 'de>| {
            stack::elsewhere(size_of::<(K, V)>(), || Self::expand_by(mode, r))
        };
        r.nested::<(K, V), _>(again, |r| {
            let entries = mode.entries(r)?;
            r.allocate(entries.0, size_of::<(K, V)>())?;
            let size = size_of::<(K, V)>();
            let room = r.room(entries.0, size, memory::list(entries.0, size))?;
            let mut pairs = Vec::with_capacity(room);
            expand_entries(entries, r, |key, value| {
                pairs.push((key, value));
                true
            })?;
            Ok(Pairs(pairs))
        })
    }

    fn collect(c: &mut Collect<'de>) {
        K::collect(c);
        V::collect(c);
    }
}

#[cfg(feature = "std")]
mod hash {
    use super::*;
    use core::hash::{BuildHasher, Hash};
    use std::collections::HashMap;

    impl<K: Describe, V: Describe, S> Describe for HashMap<K, V, S> {
        fn def() -> &'static TypeDef {
            BTreeMap::<K, V>::def()
        }

        const PART: PartDef = BTreeMap::<K, V>::PART;
    }

    impl<K: Reduce, V: Reduce, S> Reduce for HashMap<K, V, S> {
        fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
            reduce_entries(self.len(), self.iter(), w)
        }

        fn reduce_column<'a>(
            values: impl Iterator<Item = &'a Self> + Clone,
            column: Column,
            columns: &mut Columns<'_>,
        ) -> Result<(), Error>
        where
            Self: 'a,
        {
            let keys = values.clone().map(Self::keys);
            maps_in_column(keys, values.map(Self::values), column, columns)
        }
    }

    impl<'de, K, V, S> Expand<'de> for HashMap<K, V, S>
    where
        K: Expand<'de> + Eq + Hash,
        V: Expand<'de>,
        S: BuildHasher + Default,
    {
        fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
            Self::expand_by(Native, r)
        }

        fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
            let again = |r: &mut Reader<'_, 'de>| {
                stack::elsewhere(size_of::<(K, V)>(), || Self::expand_by(mode, r))
            };
            r.nested::<(K, V), _>(again, |r| {
                let entries = mode.entries(r)?;
                let size = size_of::<(K, V)>();
                let bytes = memory::table(entries.0, size);
                r.allocate(1, bytes)?;
                let room = r.room(entries.0, size, bytes)?;
                let mut map = HashMap::with_capacity_and_hasher(room, S::default());
                expand_entries(entries, r, |key, value| map.insert(key, value).is_none())?;
                Ok(map)
            })
        }

        fn collect(c: &mut Collect<'de>) {
            K::collect(c);
            V::collect(c);
        }
    }
}
