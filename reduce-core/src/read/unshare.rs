//! Shared objects of a stream that become values that are not shared: each pointer to one reads it once more.
//!
//! So it must be known where any object lies, and what it is, in loads of types that have changed.

use super::Reader;
use super::adapt::{Plan, astray};
use super::memo::Slot;
use super::mode::Mode;
use super::passed::{HANDLE, Left, SLOT};
use crate::error::{Error, ErrorKind};
use crate::opcode::{self, Group, STATEFUL};
use crate::program::table::{Definition, Ref, refused};
use crate::program::{DefFn, Kind, equal, program_of};
use crate::scan::Skipped;
use alloc::boxed::Box;
use alloc::format;

/// What an object of the stream is.
#[derive(Clone, Copy, Debug)]
pub struct Content(Of);

#[derive(Clone, Copy, Debug)]
enum Of {
    /// It was read natively, as this type of ours.
    Ours(DefFn),
    Theirs(Ref),
}

impl Content {
    pub(super) fn of(slot: &Slot) -> Self {
        Content(slot.ours.map_or(Of::Theirs(slot.skipped.of), Of::Ours))
    }

    pub(super) fn ours(def: DefFn) -> Self {
        Content(Of::Ours(def))
    }

    pub(super) fn theirs(of: Ref) -> Self {
        Content(Of::Theirs(of))
    }
}

impl<'de> Reader<'_, 'de> {
    /// All of an object was read, its queued state aside; its mark stood at `at`.
    #[inline]
    pub(crate) fn object_ends(
        &mut self,
        number: usize,
        at: usize,
        content: impl FnOnce(&Self) -> Content,
    ) -> Result<(), Error> {
        if self.plans.is_empty() {
            return Ok(());
        }
        let content = content(self);
        self.remember(number, at, content)
    }

    #[cold]
    fn remember(&mut self, number: usize, at: usize, content: Content) -> Result<(), Error> {
        self.allocate(1, SLOT)?;
        let (of, ours) = match content.0 {
            Of::Ours(ours) => (Ref::Primitive(opcode::UNIT), Some(ours)),
            Of::Theirs(of) => (of, None),
        };
        let end = (self.input.offset(), self.memo.next());
        let dynamic = self.is_dynamic(content);
        self.memo.remember(number, Skipped { at, end, of, dynamic }, ours);
        Ok(())
    }

    /// Checks that a pointer may refer to an object: what is read of two types of the stream can be of one type here.
    #[inline]
    pub(crate) fn may_refer<M: Mode<'de>>(
        &mut self,
        mode: M,
        ours: DefFn,
        number: u64,
        at: usize,
    ) -> Result<(), Error> {
        if self.plans.is_empty() { Ok(()) } else { self.check_reference(mode, ours, number, at) }
    }

    #[cold]
    fn check_reference<M: Mode<'de>>(
        &mut self,
        mode: M,
        ours: DefFn,
        number: u64,
        at: usize,
    ) -> Result<(), Error> {
        let slot = usize::try_from(number).ok().and_then(|number| self.memo.slot(number).copied());
        // One that is being made, or that there is not, is looked at by the memo.
        let Some(slot) = slot else { return Ok(()) };
        // Trait objects are of many types, which the registry knows.
        if slot.skipped.dynamic
            || self.is_dynamic(mode.content(ours, self))
            || mode.reads(ours, Content::of(&slot), self)
        {
            return Ok(());
        }
        Err(other_type(number, at))
    }

    fn is_dynamic(&self, content: Content) -> bool {
        match content.0 {
            Of::Ours(ours) => matches!(ours().resolve().kind, Kind::Dyn(_)),
            Of::Theirs(of) => self.is_dyn(of),
        }
    }

    pub(super) fn is_dyn(&self, of: Ref) -> bool {
        let found = self.table().and_then(|table| table.at(of));
        matches!(found, Some((_, Definition::Dyn(_))))
    }

    /// Whether an object is of a type of the stream.
    pub(super) fn is_content(&mut self, content: Content, theirs: Ref) -> bool {
        match content.0 {
            Of::Ours(ours) => self.table().is_some_and(|table| equal(ours(), theirs, table)),
            Of::Theirs(other) => self.is_same(other, theirs),
        }
    }

    /// Whether an object is natively one of ours.
    pub(super) fn is_content_of(&mut self, content: Content, ours: DefFn) -> bool {
        match content.0 {
            Of::Ours(other) => {
                ours().key() == other().key()
                    || program_of(ours()).block == program_of(other()).block
            }
            Of::Theirs(other) => self.table().is_some_and(|table| equal(ours(), other, table)),
        }
    }
}

/// A shared object that is read as a value.
#[derive(Debug)]
pub(crate) struct Unshared<'de> {
    content: Plan,
    /// Where the reader was, if the object was read before.
    left: Option<Left<'de>>,
    new: New,
    /// It is a level of depth.
    is_level: bool,
    /// The one that was begun before it.
    around: Option<Box<Unshared<'de>>>,
}

/// What begins where a pointer stands in the stream.
enum Begun<'de> {
    /// An object that was read before: it begins where the reader has turned to.
    Again(Left<'de>),
    New(New),
}

/// An object that stands in the stream for the first time.
#[derive(Debug)]
struct New {
    number: usize,
    made: bool,
    at: usize,
}

impl<'de> Reader<'_, 'de> {
    /// A shared object begins whose content is read as a value.
    #[cold]
    pub(super) fn begin_unshared(&mut self, content: Plan, ours: DefFn) -> Result<(), Error> {
        let (left, new) = match self.begin_pointer(content, ours)? {
            Begun::New(new) => (None, new),
            Begun::Again(left) => match self.begin_pointer(content, ours)? {
                Begun::New(new) => (Some(left), new),
                Begun::Again(_) => return Err(astray(self)),
            },
        };
        // What looks at the stack is one of the levels around, all of them: where one is due, this one does not count.
        let due = self.budget.enter().map_err(|limit| self.exhausted(limit))?;
        if due {
            self.budget.leave();
        }
        let around = self.unshared.take();
        self.unshared = Some(Box::new(Unshared { content, left, new, is_level: !due, around }));
        Ok(())
    }

    fn begin_pointer(&mut self, content: Plan, ours: DefFn) -> Result<Begun<'de>, Error> {
        let at = self.input.offset();
        match self.input.byte()? {
            opcode::BACK_REFERENCE => {
                let number = self.input.varint()?;
                let place = usize::try_from(number).ok();
                if let Some(number) = place.filter(|number| self.memo.is_open(*number)) {
                    return Err(inside_itself(number, at));
                }
                let slot = place.and_then(|number| Some((number, *self.memo.slot(number)?)));
                let Some((number, slot)) = slot else {
                    return Err(match place.is_some_and(|number| number < self.memo.len()) {
                        true => earlier(number, at),
                        false => {
                            let message = format!("there is no shared object {number}");
                            Error::new(ErrorKind::Malformed, message).with_offset(at)
                        }
                    });
                };
                // Of what stands behind a trait object its own type is known, and is read from the stream once more.
                let fits = match slot.skipped.dynamic {
                    true => self.is_dyn(self.plans.theirs(content)),
                    false => content.reads(ours, Content::of(&slot), self),
                };
                if !fits {
                    return Err(other_type(number, at));
                }
                // One more value than the stream has.
                self.elements(1)?;
                self.take_again(slot.skipped.end.0.saturating_sub(slot.skipped.at))?;
                self.turn_to(slot.skipped.at, number).map(Begun::Again)
            }
            mark if opcode::is_new(mark) => {
                if mark & STATEFUL != 0 {
                    return Err(stateful(at));
                }
                self.allocate(1, HANDLE)?;
                let (number, made) = self.memo.begin_value();
                self.count_objects()?;
                Ok(Begun::New(New { number, made, at }))
            }
            code => Err(refused(code, Group::Data, "begins a shared object", at)),
        }
    }

    /// The contents of so many shared objects, one in the other, were read.
    #[cold]
    #[inline(never)]
    pub(crate) fn end_unshared(&mut self, objects: usize) -> Result<(), Error> {
        for _ in 0..objects {
            let Some(object) = self.unshared.take() else { return Err(astray(self)) };
            let Unshared { content, left, new, is_level, around } = *object;
            self.unshared = around;
            if is_level {
                self.budget.leave();
            }
            if !new.made {
                self.memo.end_value(new.number);
            }
            let theirs = self.plans.theirs(content);
            self.object_ends(new.number, new.at, |_| Content::theirs(theirs))?;
            if let Some(left) = left {
                self.turn_back(left);
            }
        }
        Ok(())
    }
}

#[cold]
fn stateful(at: usize) -> Error {
    Error::new(
        ErrorKind::TypeMismatch,
        "a shared object whose state stands behind the value cannot become one that is not shared; keep the pointer",
    )
    .with_offset(at)
}

/// The bytes of a session's earlier messages are gone.
#[cold]
fn earlier(number: u64, at: usize) -> Error {
    let message = format!(
        "the shared object {number} stood in an earlier message, and cannot become a value that is not shared; keep the pointer"
    );
    Error::new(ErrorKind::TypeMismatch, message).with_offset(at)
}

#[cold]
pub(crate) fn other_type(number: impl core::fmt::Display, at: usize) -> Error {
    Error::new(
        ErrorKind::TypeMismatch,
        format!("the shared object {number} is of another type than the pointer that refers to it"),
    )
    .with_offset(at)
}

#[cold]
fn inside_itself(number: usize, at: usize) -> Error {
    Error::new(
        ErrorKind::TypeMismatch,
        format!("the shared object {number} is referred to from inside itself, which only a shared one can be"),
    )
    .with_offset(at)
}
