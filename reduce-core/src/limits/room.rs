//! Room for lists that grow while they are read: what moves is there twice for a while, and that has to fit as well.

use super::{Budget, Exhausted};
use alloc::vec::Vec;

/// How many elements a list begins with.
const FEW: usize = 4;

impl Budget {
    /// Makes room for another element in a list that will have `total`, whose memory was taken from the budget.
    #[inline]
    pub(crate) fn grow<T>(&self, list: &mut Vec<T>, total: usize) -> Result<(), Exhausted> {
        if list.len() < list.capacity() { Ok(()) } else { self.grow_full(list, total) }
    }

    #[cold]
    #[inline(never)]
    fn grow_full<T>(&self, list: &mut Vec<T>, total: usize) -> Result<(), Exhausted> {
        let (length, doubled) = (list.len(), list.len().saturating_mul(2).max(FEW));
        // The last time it moves, no more than half of it does.
        let moved = (total / 2).saturating_mul(size_of::<T>());
        let tight = self.bytes < moved;
        let room = if tight || doubled >= total / 2 { total } else { doubled };
        self.spare(length, size_of::<T>())?;
        list.reserve_exact(room.saturating_sub(length).max(1));
        Ok(())
    }

    /// Makes room for another element in a list of which nobody knows how long it will be.
    #[inline]
    pub(crate) fn extend<T>(&mut self, list: &mut Vec<T>) -> Result<(), Exhausted> {
        if list.len() < list.capacity() { Ok(()) } else { self.extend_full(list) }
    }

    #[cold]
    #[inline(never)]
    fn extend_full<T>(&mut self, list: &mut Vec<T>) -> Result<(), Exhausted> {
        let (length, size) = (list.len(), size_of::<T>());
        let more = length.max(FEW);
        self.allocate(more, size)?;
        self.spare(length, size)?;
        list.reserve_exact(more);
        Ok(())
    }

    /// Whether there is memory for so many elements that are there twice for a while.
    pub(crate) fn spare(&self, count: usize, size: usize) -> Result<(), Exhausted> {
        { *self }.allocate(count, size)
    }
}
