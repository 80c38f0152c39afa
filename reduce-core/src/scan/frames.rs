//! The frames of a walk: a stack that grows piece by piece. What is on it does not move, so that a deep one is in memory once.

use super::frame::Frame;
use crate::limits::{Budget, Exhausted};
use alloc::vec::Vec;
use core::mem;

/// How many frames the first piece has, and the largest ones.
const FIRST: usize = 4;
const LARGEST: usize = 512;

#[derive(Default)]
pub(super) struct Frames<'a, 'de> {
    /// The uppermost piece: empty, only where all are.
    top: Vec<Frame<'a, 'de>>,
    /// The others, full.
    below: Vec<Vec<Frame<'a, 'de>>>,
    /// An empty one: a walk that goes up and down at the end of a piece makes none.
    spare: Vec<Frame<'a, 'de>>,
    len: usize,
}

impl<'a, 'de> Frames<'a, 'de> {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn last_mut(&mut self) -> Option<&mut Frame<'a, 'de>> {
        self.top.last_mut()
    }

    /// Takes the memory from the budget.
    #[inline]
    pub(super) fn push(
        &mut self,
        frame: Frame<'a, 'de>,
        budget: &mut Budget,
    ) -> Result<(), Exhausted> {
        if self.top.len() == self.top.capacity() {
            self.add_piece(budget)?;
        }
        self.top.push(frame);
        self.len = self.len.saturating_add(1);
        Ok(())
    }

    #[cold]
    fn add_piece(&mut self, budget: &mut Budget) -> Result<(), Exhausted> {
        let mut piece = mem::take(&mut self.spare);
        if piece.capacity() == 0 {
            let room = self.len.clamp(FIRST, LARGEST);
            budget.allocate(room, size_of::<Frame<'_, '_>>())?;
            piece.reserve_exact(room);
        }
        let full = mem::replace(&mut self.top, piece);
        if !full.is_empty() {
            self.below.push(full);
        }
        Ok(())
    }

    /// Gives the memory of pieces that are no longer needed back.
    #[inline]
    pub(super) fn pop(&mut self, budget: &mut Budget) -> Option<Frame<'a, 'de>> {
        let frame = self.top.pop()?;
        self.len = self.len.saturating_sub(1);
        if self.top.is_empty() && self.len > 0 {
            self.remove_piece(budget);
        }
        Some(frame)
    }

    #[cold]
    fn remove_piece(&mut self, budget: &mut Budget) {
        let empty = mem::replace(&mut self.top, self.below.pop().unwrap_or_default());
        let dropped = mem::replace(&mut self.spare, empty);
        budget.give_back(dropped.capacity().saturating_mul(size_of::<Frame<'_, '_>>()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn inner() -> Frame<'static, 'static> {
        Frame::inner(crate::program::table::Ref::Primitive(crate::opcode::UNIT))
    }

    #[test]
    fn what_went_up_comes_down_and_memory_is_given_back() {
        let before = Limits::default().budget(0);
        let (mut budget, mut frames) = (before, Frames::default());
        for depth in [1, 3, 4, 5, 9, 700, 5, 3000] {
            for _ in frames.len()..depth {
                frames.push(inner(), &mut budget).unwrap();
            }
            while frames.len() > depth {
                assert!(frames.pop(&mut budget).is_some());
            }
            assert_eq!((frames.len(), frames.last_mut().is_some()), (depth, true));
            let taken = before.bytes - budget.bytes;
            let held = [&frames.top, &frames.spare].map(Vec::capacity).iter().sum::<usize>()
                + frames.below.iter().map(Vec::capacity).sum::<usize>();
            assert_eq!(taken, held * size_of::<Frame<'_, '_>>());
            assert!(held >= depth && held <= depth + 2 * LARGEST, "{held} for {depth}");
        }
        while frames.pop(&mut budget).is_some() {}
        assert_eq!((frames.len(), frames.below.len()), (0, 0));
    }
}
