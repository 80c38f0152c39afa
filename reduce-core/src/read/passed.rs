//! Parts of a stream that are passed over: an object in them is made where a pointer first refers to it, of the type that
//! the pointer has.
//!
//! Objects keep the numbers that they have in the stream. A state that is queued for one is read at its turn, or, where
//! the object is made later than that, behind all others.

use super::memo::Begun;
use super::state::{Apart, Read, ReadState, Turn};
use super::unshare::Content;
use super::{Buffers, Input, Known, Reader};
use crate::error::{Error, ErrorKind};
use crate::scan::{Passing, What};
use alloc::boxed::Box;
use alloc::format;
use core::any::type_name;

/// Where a reader was before it turned to a part that was passed over.
#[derive(Debug)]
pub(super) struct Left<'de> {
    input: Input<'de>,
    next: usize,
    again: bool,
}

impl<'s, 'de> Reader<'s, 'de> {
    /// Passes over what follows, which the types of the stream describe.
    pub(crate) fn pass_over(&mut self, what: What) -> Result<(), Error> {
        let Some(table) = self.table() else {
            return Err(self.input.malformed("a value of a type that nobody knows"));
        };
        let (input, budget, next) = (self.input, self.budget, self.memo.next());
        let buffers = if self.again { Buffers::again() } else { self.buffers };
        let passed = Passing { table, input, budget, buffers, next }.pass(what)?;
        // The table lives shorter than the input.
        let taken = passed.input.offset().saturating_sub(input.offset());
        self.input.take(taken)?;
        self.budget = passed.budget;
        self.allocate(passed.objects.len(), SLOT)?;
        if !self.again {
            self.buffers.set_asked(passed.buffers);
        }
        let known = self.memo.pass_over(&passed.objects);
        self.count_objects()?;
        if !known {
            for number in passed.queue {
                self.states.push(Turn::Apart(Box::new(Apart::Skipped(number))));
            }
        }
        Ok(())
    }

    /// Reads an object that was passed over: its mark comes next. Whether it was written behind a trait object is handed
    /// on.
    #[cold]
    pub(crate) fn read_passed<P>(
        &mut self,
        number: u64,
        read: impl FnOnce(&mut Self, Content, bool) -> Result<P, Error>,
    ) -> Result<P, Error> {
        let place = usize::try_from(number).ok();
        let slot = place.and_then(|number| Some((number, *self.memo.slot(number)?)));
        let Some((number, slot)) = slot else {
            return Err(self.input.error(
                ErrorKind::TypeMismatch,
                "an object that stood in an earlier message, in a field that the type has no more",
            ));
        };
        let skipped = slot.skipped;
        self.read_at(skipped.at, number, |r| read(r, Content::of(&slot), skipped.dynamic))
    }

    /// A registered type that can stand behind a `D`, for an object that was passed over and written as what it is.
    pub(crate) fn registered_as<D: ?Sized + 'static>(
        &mut self,
        number: usize,
    ) -> Option<Known<'s>> {
        let of = self.memo.slot(number)?.skipped.of;
        let table = self.table()?;
        Some((self.registry?.implementor::<D>(of, table)?, None))
    }

    /// Reads a part that was passed over, and goes on where this was.
    pub(super) fn read_at<P>(
        &mut self,
        at: usize,
        next: usize,
        read: impl FnOnce(&mut Self) -> Result<P, Error>,
    ) -> Result<P, Error> {
        let left = self.turn_to(at, next)?;
        let part = read(self)?;
        self.turn_back(left);
        Ok(part)
    }

    /// What is read next was passed over, and lies there.
    pub(super) fn turn_to(&mut self, at: usize, next: usize) -> Result<Left<'de>, Error> {
        let input = core::mem::replace(&mut self.input, self.whole.at(at)?);
        let again = core::mem::replace(&mut self.again, true);
        Ok(Left { input, next: self.memo.turn_to(next), again })
    }

    /// Goes on where this was.
    pub(super) fn turn_back(&mut self, left: Left<'de>) {
        (self.input, self.again) = (left.input, left.again);
        self.memo.turn_to(left.next);
    }

    /// An object begins whose mark stood at `at`. One that has been made since it was passed over is passed over again.
    #[inline]
    pub(crate) fn begin_object(&mut self, at: usize) -> Result<Begun, Error> {
        self.allocate(1, HANDLE)?;
        let begun = self.memo.begin(at)?;
        self.count_objects()?;
        if let Begun::Made(number) = begun {
            let end = self.memo.slot(number).map(|slot| slot.skipped.end.0);
            self.input = self.input.at(end.unwrap_or(at))?;
        }
        Ok(begun)
    }

    /// An object was added to the memo.
    #[inline]
    pub(super) fn count_objects(&self) -> Result<(), Error> {
        self.budget.objects(self.memo.len()).map_err(|limit| self.exhausted(limit))
    }

    /// The state of an object is to be read at its turn.
    #[inline]
    pub(crate) fn push_state(&mut self, number: usize, read: ReadState<'de>) {
        let turn = match self.memo.slot(number).map(|slot| slot.state) {
            None => Turn::Read(read),
            Some(Some((at, next))) => Turn::Apart(Box::new(Apart::Passed { at, next, read })),
            Some(None) => return self.states.wait(number, read),
        };
        self.states.push(turn);
    }

    /// Reads the state whose turn it is, or passes over it where its object has not been made.
    pub(super) fn take_turn(&mut self, turn: Turn<'de>) -> Result<Option<Read>, Error> {
        let apart = match turn {
            Turn::Read(read) => return read(self).map(Some),
            Turn::Apart(apart) => *apart,
        };
        match apart {
            Apart::Passed { at, next, read } => self.read_at(at, next, read).map(Some),
            Apart::Skipped(number) => {
                if let Some(read) = self.states.waiting(number) {
                    return read(self).map(Some);
                }
                let place = (self.input.offset(), self.memo.next());
                if let Some(slot) = self.memo.slot(number) {
                    slot.state = Some(place);
                    let of = slot.skipped.of;
                    self.pass_over(What::State(number, of))?;
                }
                Ok(None)
            }
        }
    }
}

/// What the memo of a load takes for an object, beside the object itself,
pub(super) const HANDLE: usize = 64;
/// and for one that is passed over.
pub(super) const SLOT: usize = 160;

/// What is asked for is not what the stream has there.
#[cold]
pub(crate) fn unlike<T: ?Sized>(number: usize) -> Error {
    Error::new(
        ErrorKind::Registry,
        format!(
            "the shared object {number} is first referred to through a trait object or stands behind one, and no registered \
             type of its program can be a `{}`",
            type_name::<T>()
        ),
    )
}
