//! What is left of the limits of one load.

use crate::canary::{Canary, planted};
use crate::error::{Error, ErrorKind};
use alloc::format;
use alloc::string::{String, ToString};
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
    /// What there was of the others in the beginning, for errors.
    pub most: Most,
}

/// What a budget begins with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Most {
    bytes: usize,
    elements: u64,
    steps: u64,
    depth: u32,
}

/// How many functions of the user's a load may still call.
#[derive(Debug)]
pub(crate) struct Calls {
    left: Cell<u64>,
    most: u64,
}

impl Calls {
    pub(super) fn new(calls: u64) -> Self {
        Calls { left: Cell::new(calls), most: calls }
    }

    /// Takes one, if one is left.
    #[inline]
    pub(crate) fn take(&self) -> Result<(), Exhausted> {
        match self.left.get().checked_sub(1) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(Exhausted::Calls(self.most)),
        }
    }
}

/// A limit that is too low for a value, and how much it allows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Exhausted {
    Depth(u32),
    Bytes(usize),
    Elements(u64),
    Steps(u64),
    Calls(u64),
    Objects(u64),
}

impl Exhausted {
    #[cold]
    pub(crate) fn error(self) -> Error {
        Error::new(ErrorKind::Limit, self.message())
    }

    /// What is too much, by which limit, and what raises that.
    #[cold]
    pub(crate) fn message(self) -> String {
        let counted = |most: u64, of: &str| match most {
            1 => format!("1 {of}"),
            _ => format!("{most} {of}s"),
        };
        let (exceeds, limit, method) = match self {
            Exhausted::Depth(most) => {
                ("the value nests deeper", counted(most.into(), "level"), "depth")
            }
            Exhausted::Bytes(most) => {
                ("the value takes more memory", counted(most as u64, "byte"), "bytes")
            }
            Exhausted::Elements(most) => {
                ("the value has more elements", most.to_string(), "elements")
            }
            Exhausted::Steps(most) => {
                ("reading the value takes more steps", most.to_string(), "elements")
            }
            Exhausted::Calls(most) => (
                "loading the value calls more rebuild functions and the like",
                most.to_string(),
                "rebuilds",
            ),
            Exhausted::Objects(most) => {
                ("there are more shared objects", most.to_string(), "objects")
            }
        };
        format!("{exceeds} than the limit of {limit} allows; `Limits::{method}` raises it")
    }
}

impl Budget {
    pub(super) fn new(bytes: usize, elements: u64, steps: u64, depth: u32, objects: u64) -> Self {
        let most = Most { bytes, elements, steps, depth };
        Budget { bytes, elements, steps, depth, objects, most }
    }

    /// The error of a count of elements that no budget has.
    pub(crate) fn too_many_elements(&self) -> Exhausted {
        Exhausted::Elements(self.most.elements)
    }

    /// Goes a level deeper. Says whether it is time to look how much is left of the stack.
    #[inline]
    pub(crate) fn enter(&mut self) -> Result<bool, Exhausted> {
        match self.depth.checked_sub(1) {
            Some(left) => {
                self.depth = left;
                Ok(left % LOOK_EVERY == 0)
            }
            None => Err(Exhausted::Depth(self.most.depth)),
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
        let too_many = Exhausted::Bytes(self.most.bytes);
        let bytes = count.checked_mul(size).ok_or(too_many)?;
        if !planted(Canary::Bytes) {
            self.bytes = self.bytes.checked_sub(bytes).ok_or(too_many)?;
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
        self.take_steps(1)
    }

    /// Takes what it costs to go through so many bytes that were gone through before.
    pub(crate) fn again(&mut self, bytes: usize) -> Result<(), Exhausted> {
        self.take_steps(bytes as u64 / BYTES_IN_A_STEP)
    }

    /// Takes what it costs to go through so many columns of a list, which may have no rows.
    pub(crate) fn columns(&mut self, count: usize) -> Result<(), Exhausted> {
        self.take_steps(count as u64)
    }

    #[inline]
    fn take_steps(&mut self, steps: u64) -> Result<(), Exhausted> {
        self.steps = self.steps.checked_sub(steps).ok_or(Exhausted::Steps(self.most.steps))?;
        Ok(())
    }

    /// Whether there may be so many shared objects.
    #[inline]
    pub(crate) fn objects(&self, count: usize) -> Result<(), Exhausted> {
        if count as u64 <= self.objects { Ok(()) } else { Err(Exhausted::Objects(self.objects)) }
    }

    #[inline]
    pub(crate) fn elements(&mut self, count: u64) -> Result<(), Exhausted> {
        let too_many = Exhausted::Elements(self.most.elements);
        self.elements = self.elements.checked_sub(count).ok_or(too_many)?;
        Ok(())
    }
}
