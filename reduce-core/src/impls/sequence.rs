//! Sequences other than `Vec`: `VecDeque` and `LinkedList`, lists in their order, and `BinaryHeap`, a list in the order
//! in which it iterates. Canonical dumps sort a heap by encoded element.

use super::memory::Memory;
use super::order;
use crate::column::{Column, Slot};
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::{PartDef, TypeDef};
use crate::read::{Collect, Mode, Native, Plan, Reader};
use crate::reduce::Reduce;
use crate::write::{Columns, Writer};
use alloc::collections::{BinaryHeap, LinkedList, VecDeque};
use alloc::vec::Vec;

/// Writes a list of elements that do not lie side by side.
pub(super) fn reduce_list<'a, T: Reduce + 'a>(
    length: usize,
    elements: impl Iterator<Item = &'a T> + Clone,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    w.nested_here::<()>(|w| {
        if w.list_in_columns(length, elements.clone()) {
            return Ok(());
        }
        reduce_rows(length, elements, w)
    })
}

fn reduce_rows<'a, T: Reduce + 'a>(
    length: usize,
    elements: impl Iterator<Item = &'a T>,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    w.list_length(length);
    for (index, element) in elements.enumerate() {
        element.reduce(w).map_err(|error| error.in_element(index))?;
    }
    Ok(())
}

/// Adds lists of elements that do not lie side by side to a column. Those of bytes have no place in one.
pub(super) fn lists_in_column<'a, T: Reduce + 'a, I>(
    lists: impl Iterator<Item = I> + Clone,
    column: Column,
    columns: &mut Columns<'_>,
) -> Result<(), Error>
where
    I: ExactSizeIterator<Item = &'a T> + Clone,
{
    let element = columns.lists(column, lists.clone().map(|list| list.len()))?;
    T::reduce_column(lists.flatten(), element, columns)
}

/// As [`lists_in_column`], of elements whose order is not part of the value.
pub(super) fn sets_in_column<'a, T: Reduce + 'a, I>(
    sets: impl Iterator<Item = I> + Clone,
    column: Column,
    columns: &mut Columns<'_>,
) -> Result<(), Error>
where
    I: ExactSizeIterator<Item = &'a T> + Clone,
{
    columns.check_order(sets.clone().map(|set| set.len()))?;
    lists_in_column(sets, column, columns)
}

/// Writes a list of elements whose order is not part of the value.
pub(super) fn reduce_unordered<'a, T: Reduce + 'a>(
    length: usize,
    elements: impl Iterator<Item = &'a T> + Clone,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    if w.canonical {
        let sorted = order::by_encoding(elements, |element| *element, Error::in_element, w)?;
        w.nested_here::<()>(|w| reduce_rows(length, sorted, w))
    } else {
        reduce_list(length, elements, w)
    }
}

/// Reads a list into a collection that takes so much `memory`: `new` makes it with room for so many elements, `insert` says whether
/// the element has a place in it.
pub(super) fn expand_list<'de, T: Expand<'de>, C, M: Mode<'de>>(
    mode: M,
    r: &mut Reader<'_, 'de>,
    memory: Memory,
    new: impl FnOnce(usize) -> C,
    insert: impl Fn(&mut C, T) -> bool,
) -> Result<C, Error> {
    r.nested_here::<T, _>(|r| {
        let (length, mode, slot) = mode.sequence::<T>(r)?;
        let bytes = memory.of(length);
        r.allocate(1, bytes)?;
        if let Some(first) = slot {
            // What is in columns is there.
            let mut collection = new(length);
            insert_elements(length, first, r, &mut collection, insert)?;
            return Ok(collection);
        }
        let room = match memory.moves {
            true => r.room(length, memory.size, bytes)?,
            false => r.ahead(length, memory.size),
        };
        let mut collection = new(room);
        insert_elements(length, mode, r, &mut collection, insert)?;
        r.end_list();
        Ok(collection)
    })
}

fn insert_elements<'de, T: Expand<'de>, C, M: Mode<'de>>(
    length: usize,
    mode: M,
    r: &mut Reader<'_, 'de>,
    collection: &mut C,
    insert: impl Fn(&mut C, T) -> bool,
) -> Result<(), Error> {
    for index in 0..length {
        let element = mode.element(index).value::<T>(r);
        if !insert(collection, element.map_err(|error| error.in_element(index))?) {
            return Err(r.invalid("an element occurs twice in a set").in_element(index));
        }
    }
    Ok(())
}

impl<T: Describe> Describe for VecDeque<T> {
    fn def() -> &'static TypeDef {
        <[T]>::def()
    }

    const PART: PartDef = <[T]>::PART;
}

impl<T: Reduce> Reduce for VecDeque<T> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        let (front, back) = self.as_slices();
        w.nested(self, |w| {
            if w.list_in_columns(self.len(), self.iter()) {
                return Ok(());
            }
            w.list_length(self.len());
            T::reduce_elements(front, w)?;
            T::reduce_elements(back, w).map_err(|error| error.behind_elements(front.len()))
        })
    }

    fn reduce_column<'a>(
        values: impl Iterator<Item = &'a Self> + Clone,
        column: Column,
        columns: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        Self: 'a,
    {
        lists_in_column(values.map(Self::iter), column, columns)
    }
}

impl<'de, T: Expand<'de>> Expand<'de> for VecDeque<T> {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Vec::expand(r).map(Self::from)
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Vec::adapt(plan, r).map(Self::from)
    }

    #[inline]
    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Vec::expand_slot(slot, r).map(Self::from)
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}

impl<T: Describe> Describe for LinkedList<T> {
    fn def() -> &'static TypeDef {
        <[T]>::def()
    }

    const PART: PartDef = <[T]>::PART;
}

impl<T: Reduce> Reduce for LinkedList<T> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        reduce_list(self.len(), self.iter(), w)
    }

    fn reduce_column<'a>(
        values: impl Iterator<Item = &'a Self> + Clone,
        column: Column,
        columns: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        Self: 'a,
    {
        lists_in_column(values.map(Self::iter), column, columns)
    }
}

/// The links of a list's element.
const LINKS: usize = 2 * size_of::<usize>();

impl<'de, T: Expand<'de>> Expand<'de> for LinkedList<T> {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::expand_by(Native, r)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        expand_list(
            mode,
            r,
            Memory::linked::<T>(LINKS),
            |_| LinkedList::new(),
            |list, element| {
                list.push_back(element);
                true
            },
        )
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}

impl<T: Describe> Describe for BinaryHeap<T> {
    fn def() -> &'static TypeDef {
        <[T]>::def()
    }

    const PART: PartDef = <[T]>::PART;
}

impl<T: Reduce> Reduce for BinaryHeap<T> {
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

impl<'de, T: Expand<'de> + Ord> Expand<'de> for BinaryHeap<T> {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Vec::expand(r).map(Self::from)
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Vec::adapt(plan, r).map(Self::from)
    }

    #[inline]
    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Vec::expand_slot(slot, r).map(Self::from)
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}
