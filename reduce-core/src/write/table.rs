//! The hash table of the memo: numbers by identity. Objects are added with ascending numbers and taken out in the reverse
//! order, so the last one always stands at the end of its chain. A graph's references jump about in it, so a search looks
//! at one line of the cache most often, and has no branch in it that depends on which of the objects there is the one.

use alloc::vec;
use alloc::vec::Vec;

/// What tells objects apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id {
    /// Never 0.
    pub address: usize,
    pub kind: u32,
}

/// How many objects stand in one line.
const WAYS: usize = 4;

/// Objects that are found at the same place, filled from the front.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line {
    addresses: [usize; WAYS],
    kinds: [u32; WAYS],
    /// One above the objects' numbers; 0 where there is none.
    numbers: [u32; WAYS],
}

const EMPTY: Line = Line { addresses: [0; WAYS], kinds: [0; WAYS], numbers: [0; WAYS] };
/// Lines of the first table.
const FIRST: usize = 4;
/// A table of so many lines is near at hand: 32 KiB.
const NEAR: usize = 512;
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

impl Line {
    /// One above the number of an object, 0 if it is not here.
    #[inline]
    fn find(&self, id: Id) -> u32 {
        let mut found = 0;
        for ((address, kind), number) in self.addresses.iter().zip(&self.kinds).zip(&self.numbers) {
            let different = (address ^ id.address) as u64 | u64::from(kind ^ id.kind);
            // Which one it is cannot be foretold: all bits where it is the one, else none.
            found |= number & u32::from(different == 0).wrapping_neg();
        }
        found
    }

    /// How many objects are here.
    #[inline]
    fn len(&self) -> usize {
        self.numbers.iter().map(|number| usize::from(*number != 0)).sum()
    }

    /// Any part of it: all of it comes along.
    #[inline]
    fn first(&self) -> u32 {
        self.numbers.first().copied().unwrap_or_default()
    }

    #[inline]
    fn is_full(&self) -> bool {
        self.numbers.last().is_none_or(|last| *last != 0)
    }

    /// Puts an object into the first free place of a line that is not full.
    #[inline]
    fn add(&mut self, id: Id, number: u32) {
        let at = self.len();
        let kind_and_number = self.kinds.get_mut(at).zip(self.numbers.get_mut(at));
        if let (Some(address), Some((kind, place))) = (self.addresses.get_mut(at), kind_and_number)
        {
            (*address, *kind, *place) = (id.address, id.kind, number.saturating_add(1));
        }
    }

    /// Takes out the last object.
    fn take_out(&mut self) {
        let at = self.len().saturating_sub(1);
        if let (Some(address), Some(place)) = (self.addresses.get_mut(at), self.numbers.get_mut(at))
        {
            (*address, *place) = (0, 0);
        }
    }
}

/// Numbers by identity.
#[derive(Default)]
pub(super) struct Table {
    /// A power of two, or none at all. At least a fifth of their places is free.
    lines: Vec<Line>,
    /// In order of their numbers.
    ids: Vec<Id>,
}

impl Table {
    /// So many objects have a number.
    pub(super) const MOST: usize = (u32::MAX - 1) as usize;

    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The number of an object.
    #[inline]
    pub(super) fn find(&self, id: Id) -> Option<u32> {
        let mut at = self.first(id);
        loop {
            let line = self.lines.get(at)?;
            let found = line.find(id);
            if let Some(number) = found.checked_sub(1) {
                return Some(number);
            }
            if !line.is_full() {
                return None;
            }
            at = self.behind(at);
        }
    }

    /// The number of an object; one that is not there is added with the next number, which is second then. There must be
    /// less than [`MOST`](Self::MOST).
    #[inline]
    pub(super) fn find_or_add(&mut self, id: Id) -> Result<u32, u32> {
        if self.ids.len() >= self.lines.len().saturating_mul(WAYS) / 5 * 4 {
            self.grow();
        }
        let next = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        let mut at = self.first(id);
        while let Some(line) = self.lines.get_mut(at) {
            let found = line.find(id);
            if let Some(number) = found.checked_sub(1) {
                return Ok(number);
            }
            if !line.is_full() {
                line.add(id, next);
                self.ids.push(id);
                return Err(next);
            }
            at = self.behind(at);
        }
        Err(next)
    }

    /// Whether the table is larger than the nearest caches.
    #[inline]
    pub(super) fn is_large(&self) -> bool {
        self.lines.len() > NEAR
    }

    /// Reads something of the line where the search for an object begins.
    #[inline]
    pub(super) fn look(&self, id: Id) -> u32 {
        self.lines.get(self.first(id)).map_or(0, Line::first)
    }

    #[cold]
    fn grow(&mut self) {
        self.lines = vec![EMPTY; (self.lines.len().saturating_mul(2)).max(FIRST)];
        for (number, id) in (0u32..).zip(&self.ids) {
            let mut at = self.first(*id);
            while let Some(line) = self.lines.get_mut(at) {
                if !line.is_full() {
                    line.add(*id, number);
                    break;
                }
                at = self.behind(at);
            }
        }
    }

    /// Takes out all objects from the `len`-th on.
    pub(super) fn truncate(&mut self, len: usize) {
        if len == 0 && self.ids.len() >= self.lines.len() / 2 {
            self.lines.fill(EMPTY);
            self.ids.clear();
        }
        while self.ids.len() > len
            && let Some(id) = self.ids.pop()
        {
            let mut at = self.first(id);
            while let Some(line) = self.lines.get_mut(at) {
                if line.find(id) != 0 {
                    // Nothing that was placed later goes past it, or stands in the same line.
                    line.take_out();
                    break;
                }
                if !line.is_full() {
                    break;
                }
                at = self.behind(at);
            }
        }
    }

    /// How many bytes are reserved.
    #[cfg(feature = "std")]
    pub(super) fn bytes(&self) -> usize {
        self.lines.capacity() * size_of::<Line>() + self.ids.capacity() * size_of::<Id>()
    }

    /// Where the search for an object begins.
    #[inline]
    fn first(&self, id: Id) -> usize {
        spread(id) & self.lines.len().wrapping_sub(1)
    }

    #[inline]
    fn behind(&self, at: usize) -> usize {
        at.wrapping_add(1) & self.lines.len().wrapping_sub(1)
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
            assert_eq!(table.find_or_add(id(n)), Err(u32::try_from(n).unwrap()));
            assert_eq!(table.find_or_add(id(n / 2)), Ok(u32::try_from(n / 2).unwrap()));
        }
        for len in [4999, 3000, 2999, 17, 0] {
            table.truncate(len);
            for n in 0..5000 {
                let expected = u32::try_from(n).ok().filter(|_| n < len);
                assert_eq!(table.find(id(n)), expected, "{n} of {len}");
            }
        }
        assert_eq!(table.find_or_add(id(7)), Err(0));
        assert_eq!((table.find(id(7)), table.len()), (Some(0), 1));
        // Few of many places.
        table.truncate(0);
        assert_eq!((table.find(id(7)), table.len()), (None, 0));
    }
}
