//! The hash table of the memo: numbers by identity. Objects are added with ascending numbers and taken out in the reverse
//! order, so the last one always stands at the end of its chain. Two words an object lie close together: a graph's
//! references jump about in it.

use alloc::vec;
use alloc::vec::Vec;

/// What tells objects apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id {
    pub address: usize,
    pub kind: u32,
}

#[derive(Clone, Copy)]
struct Slot {
    id: Id,
    number: u32,
}

/// No object has this number.
const FREE: Slot = Slot { id: Id { address: 0, kind: 0 }, number: u32::MAX };
/// Slots of the first table.
const FIRST: usize = 16;
/// The fraction of the golden ratio, odd: its bits are spread evenly.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Addresses differ in few bits, and kinds are small. Whoever dumps chooses neither.
#[inline]
fn spread(id: Id) -> usize {
    let address = id.address as u64;
    let product = (address ^ address.rotate_left(32) ^ u64::from(id.kind)).wrapping_mul(SPREAD);
    // All bits of the word count in the upper half.
    usize::try_from(product >> 32).unwrap_or_default()
}

/// Numbers by identity.
#[derive(Default)]
pub(super) struct Table {
    /// A power of two, or none at all. At least a fifth of them is free.
    slots: Vec<Slot>,
    /// In order of their numbers.
    ids: Vec<Id>,
}

impl Table {
    /// So many objects have a number.
    pub(super) const MOST: u32 = u32::MAX;

    /// The number of an object.
    #[inline]
    pub(super) fn find(&self, id: Id) -> Option<u32> {
        let mut at = self.first(id);
        loop {
            let slot = self.slots.get(at)?;
            if slot.number == FREE.number {
                return None;
            }
            if slot.id == id {
                return Some(slot.number);
            }
            at = self.behind(at);
        }
    }

    /// Adds an object that is not there, with the next number.
    pub(super) fn push(&mut self, id: Id) {
        let count = self.ids.len();
        if count >= self.slots.len() / 5 * 4 {
            self.slots = vec![FREE; (self.slots.len() * 2).max(FIRST)];
            for number in 0..count {
                self.place(number);
            }
        }
        self.ids.push(id);
        self.place(count);
    }

    fn place(&mut self, number: usize) {
        let Some(&id) = self.ids.get(number) else { return };
        let Ok(number) = u32::try_from(number) else { return };
        let mut at = self.first(id);
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.number == FREE.number {
                *slot = Slot { id, number };
                return;
            }
            at = self.behind(at);
        }
    }

    /// Takes out all objects from the `len`-th on.
    pub(super) fn truncate(&mut self, len: usize) {
        while self.ids.len() > len
            && let Some(id) = self.ids.pop()
        {
            let mut at = self.first(id);
            while let Some(slot) = self.slots.get_mut(at) {
                if slot.number == FREE.number {
                    break;
                }
                if slot.id == id {
                    // Nothing that was placed later goes past it.
                    *slot = FREE;
                    break;
                }
                at = self.behind(at);
            }
        }
    }

    /// Where the search for an object begins.
    #[inline]
    fn first(&self, id: Id) -> usize {
        spread(id) & self.slots.len().wrapping_sub(1)
    }

    #[inline]
    fn behind(&self, at: usize) -> usize {
        at.wrapping_add(1) & self.slots.len().wrapping_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: usize) -> Id {
        // Addresses as an allocator hands them out, and two kinds at each.
        Id { address: 0x7f00_0000_1000 + n / 2 * 48, kind: u32::from(n.is_multiple_of(2)) }
    }

    #[test]
    fn objects_are_found_until_they_are_taken_out_last_first() {
        let mut table = Table::default();
        assert_eq!(table.find(id(0)), None);
        for n in 0..5000 {
            table.push(id(n));
        }
        for len in [4999, 3000, 2999, 17, 0] {
            table.truncate(len);
            for n in 0..5000 {
                let expected = u32::try_from(n).ok().filter(|_| n < len);
                assert_eq!(table.find(id(n)), expected, "{n} of {len}");
            }
        }
        table.push(id(7));
        assert_eq!(table.find(id(7)), Some(0));
    }
}
