//! States: what is set on an object after it exists, so that it may refer back to the object.
//!
//! The states of shared objects are read from a queue after the root, so that graphs load without recursion, and are
//! installed when the whole load has succeeded: a load that fails leaves no cycle behind.

use super::Reader;
use crate::error::{Error, ErrorKind};
use crate::opcode;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;

/// Sets the state fields of a `T`.
pub type Install<T> = Box<dyn FnOnce(Target<'_, T>)>;

/// Boxes what sets a state: what generated code returns.
pub fn install<T>(set: impl FnOnce(Target<'_, T>) + 'static) -> Install<T> {
    Box::new(set)
}

/// The object whose state is set.
#[derive(Debug)]
pub enum Target<'o, T> {
    /// It is held by nothing else.
    Unique(&'o mut T),
    /// It is shared: its state fields are cells.
    Shared(&'o T),
}

/// An object whose state was read and not yet set.
pub(crate) trait Pending {
    /// Whether its cells can be set: a rebuild function may have kept a guard.
    fn settable(&self) -> bool;
    /// Sets the state.
    fn install(self: Box<Self>);
}

/// Reads the state of an object.
pub(crate) type ReadState<'de> =
    Box<dyn for<'s> FnOnce(&mut Reader<'s, 'de>) -> Result<Read, Error> + 'de>;
/// A state that was read.
pub(crate) type Read = Box<dyn Pending>;

/// What is to be done for a state.
pub(crate) enum Turn<'de> {
    Read(ReadState<'de>),
    /// In a box, so that the many others are short.
    Apart(Box<Apart<'de>>),
}

/// What is to be done for the state of an object that was passed over.
pub(crate) enum Apart<'de> {
    /// Its turn was before its object was made.
    Passed {
        at: usize,
        /// The number of the next object there.
        next: usize,
        read: ReadState<'de>,
    },
    /// Its object was passed over, and has this number.
    Skipped(usize),
}

/// The states of one load that are still to be read.
#[derive(Default)]
pub(crate) struct States<'de> {
    /// Made for the first one: most values have none.
    queue: Option<VecDeque<Turn<'de>>>,
    /// Of objects that were made before their turn comes, by their numbers.
    #[allow(clippy::box_collection, reason = "a word in each reader, for what few loads have")]
    waiting: Option<Box<BTreeMap<usize, ReadState<'de>>>>,
    /// Those that were read, of values beside the stream.
    settled: Vec<Read>,
}

impl<'de> States<'de> {
    /// The object without its state has ended.
    #[inline]
    pub(crate) fn push(&mut self, turn: Turn<'de>) {
        self.queue.get_or_insert_default().push_back(turn);
    }

    /// The object that was passed over has been made.
    pub(crate) fn wait(&mut self, number: usize, read: ReadState<'de>) {
        self.waiting.get_or_insert_default().insert(number, read);
    }

    /// What reads the state of an object, if that has been made.
    pub(crate) fn waiting(&mut self, number: usize) -> Option<ReadState<'de>> {
        self.waiting.as_mut()?.remove(&number)
    }

    /// Whether no object has a state.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_none()
    }

    /// States that were read, to be set with the others.
    pub(crate) fn settle(&mut self, states: Vec<Read>) {
        self.settled.extend(states);
    }

    pub(crate) fn settled(&mut self) -> Vec<Read> {
        core::mem::take(&mut self.settled)
    }

    /// Whether there is nothing to be set either.
    #[inline]
    pub(crate) fn are_none(&self) -> bool {
        self.queue.is_none() && self.waiting.is_none() && self.settled.capacity() == 0
    }

    fn pop(&mut self) -> Option<Turn<'de>> {
        self.queue.as_mut()?.pop_front()
    }
}

impl core::fmt::Debug for States<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("States")
            .field("queue", &self.queue.as_ref().map_or(0, |queue| queue.len()))
            .finish()
    }
}

/// Reads what stands in front of all states.
pub(crate) fn mark(r: &mut Reader<'_, '_>) -> Result<(), Error> {
    let at = r.input.offset();
    if r.input.byte()? == opcode::STATES {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Malformed, "the states of the value's objects are missing")
        .with_offset(at))
}

/// Reads all states, those too that are queued on the way.
pub(crate) fn read_all(r: &mut Reader<'_, '_>) -> Result<Vec<Box<dyn Pending>>, Error> {
    let mut pending = Vec::new();
    while let Some(turn) = r.states.pop() {
        pending.extend(r.take_turn(turn)?);
    }
    Ok(pending)
}

/// Sets all states, or none.
pub(crate) fn install_all(pending: Vec<Box<dyn Pending>>) -> Result<(), Error> {
    if pending.iter().any(|pending| !pending.settable()) {
        return Err(Error::new(
            ErrorKind::Unavailable,
            "a cell whose state is to be set is borrowed or locked: a rebuild function kept its guard",
        ));
    }
    pending.into_iter().for_each(Pending::install);
    Ok(())
}
