//! What is left of the limits of one load.

use crate::canary::{Canary, planted};
use core::cell::Cell;

/// After how many levels it is looked how much is left of the stack: each look costs about as much as a level.
const LOOK_EVERY: u32 = 16;
/// Bytes of text that are checked in the time that a walk takes for a value, about.
const BYTES_IN_A_STEP: u64 = 16;

/// What is left of a session's limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    pub bytes: usize,
    pub elements: u64,
    /// Values that a walk may meet: bounds its time where no bytes do.
    pub steps: u64,
    pub depth: u32,
    /// The most shared objects that there may be: not what is left of them.
    pub objects: u64,
}

/// How many functions of the user's a load may still call.
#[derive(Debug)]
pub(crate) struct Calls(Cell<u64>);

impl Calls {
    pub(super) fn new(calls: u64) -> Self {
        Calls(Cell::new(calls))
    }

    /// Takes one, if one is left.
    #[inline]
    pub(crate) fn take(&self) -> bool {
        let left = self.0.get().checked_sub(1);
        if let Some(left) = left {
            self.0.set(left);
        }
        left.is_some()
    }
}

/// A limit, for errors.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Exhausted {
    Depth,
    Bytes,
    Elements,
    Calls,
    Objects,
}

impl Exhausted {
    pub(crate) fn message(self) -> &'static str {
        match self {
            Exhausted::Depth => {
                "the value nests deeper than the limit allows; `Limits::depth` raises it"
            }
            Exhausted::Bytes => {
                "the value takes more memory than the limit allows; `Limits::bytes` raises it"
            }
            Exhausted::Elements => {
                "the value has more elements than the limit allows; `Limits::elements` raises it"
            }
            Exhausted::Calls => {
                "loading the value calls more rebuild functions and the like than the limit allows; `Limits::rebuilds` \
                 raises it"
            }
            Exhausted::Objects => {
                "there are more shared objects than the limit allows; `Limits::objects` raises it"
            }
        }
    }
}

impl Budget {
    /// Goes a level deeper. Says whether it is time to look how much is left of the stack.
    #[inline]
    pub(crate) fn enter(&mut self) -> Result<bool, Exhausted> {
        match self.depth.checked_sub(1) {
            Some(left) => {
                self.depth = left;
                Ok(left % LOOK_EVERY == 0)
            }
            None => Err(Exhausted::Depth),
        }
    }

    #[inline]
    pub(crate) fn leave(&mut self) {
        // Pairs with `enter`, which took one.
        self.depth = self.depth.saturating_add(1);
    }

    /// Takes the memory of `count` values of `size` bytes.
    #[inline]
    pub(crate) fn allocate(&mut self, count: usize, size: usize) -> Result<(), Exhausted> {
        let bytes = count.checked_mul(size).ok_or(Exhausted::Bytes)?;
        if !planted(Canary::Bytes) {
            self.bytes = self.bytes.checked_sub(bytes).ok_or(Exhausted::Bytes)?;
        }
        Ok(())
    }

    /// Memory is free again.
    pub(crate) fn give_back(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// Takes one value of a walk.
    #[inline]
    pub(crate) fn step(&mut self) -> Result<(), Exhausted> {
        self.steps = self.steps.checked_sub(1).ok_or(Exhausted::Elements)?;
        Ok(())
    }

    /// Takes what it costs to go through so many bytes that were gone through before.
    pub(crate) fn again(&mut self, bytes: usize) -> Result<(), Exhausted> {
        let steps = bytes as u64 / BYTES_IN_A_STEP;
        self.steps = self.steps.checked_sub(steps).ok_or(Exhausted::Elements)?;
        Ok(())
    }

    /// Takes what it costs to go through so many columns of a list, which may have no rows.
    pub(crate) fn columns(&mut self, count: usize) -> Result<(), Exhausted> {
        self.steps = self.steps.checked_sub(count as u64).ok_or(Exhausted::Elements)?;
        Ok(())
    }

    /// Whether there may be so many shared objects.
    #[inline]
    pub(crate) fn objects(&self, count: usize) -> Result<(), Exhausted> {
        if count as u64 <= self.objects { Ok(()) } else { Err(Exhausted::Objects) }
    }

    #[inline]
    pub(crate) fn elements(&mut self, count: u64) -> Result<(), Exhausted> {
        self.elements = self.elements.checked_sub(count).ok_or(Exhausted::Elements)?;
        Ok(())
    }
}
