//! Shared objects of a stream whose types have changed: where each lies, so that it can be read when something refers to
//! it that was skipped with a field, and so that one that is shared no longer can be read once more.
//!
//! Loads of unchanged types keep nothing here.

use super::adapt::Plan;
use super::mode::Mode;
use super::reader::Position;
use super::state::{Pending, ReadState};
use super::Reader;
use crate::error::{Error, ErrorKind};
use crate::expand::Expand;
use crate::impls::shared::begin_object;
use crate::opcode::{self, Group, STATEFUL};
use crate::program::table::{Ref, refused};
use crate::program::{DefFn, equal, program_of};
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use core::fmt;

/// Where objects lie, by their numbers.
#[derive(Default)]
pub(crate) struct Passed<'de> {
    starts: BTreeMap<usize, Start<'de>>,
    ends: BTreeMap<usize, Position<'de>>,
    /// Those whose states are queued to be skipped.
    queued: BTreeSet<usize>,
    /// What reads the state of such a one after all.
    late: BTreeMap<usize, ReadState<'de>>,
    /// The states that were skipped.
    states: BTreeMap<usize, Position<'de>>,
}

/// Where an object begins.
#[derive(Clone, Copy)]
pub(crate) struct Start<'de> {
    /// Behind its mark.
    at: Position<'de>,
    mark: u8,
    of: Content,
}

/// What an object is.
#[derive(Clone, Copy)]
pub enum Content {
    /// It was read natively, as this type of ours.
    Ours(DefFn),
    Theirs(Ref),
}

/// What the places of an object take, about.
const PLACE: usize = 192;

impl fmt::Debug for Passed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passed").field("objects", &self.starts.len()).finish()
    }
}

/// A state of an object that nothing has.
struct Nothing;

impl Pending for Nothing {
    fn settable(&self) -> bool {
        true
    }

    fn install(self: Box<Self>) {}
}

impl<'de> Reader<'_, 'de> {
    /// An object begins; its mark was just read.
    #[inline]
    pub(crate) fn object_begins(
        &mut self,
        number: usize,
        mark: u8,
        of: impl FnOnce(&Self) -> Content,
    ) -> Result<(), Error> {
        if self.plans.is_empty() {
            return Ok(());
        }
        self.allocate(1, PLACE)?;
        let start = Start { at: self.position(), mark, of: of(self) };
        self.passed.starts.insert(number, start);
        Ok(())
    }

    /// All of an object was read, its queued state aside.
    #[inline]
    pub(crate) fn object_ends(&mut self, number: usize) {
        if !self.plans.is_empty() {
            self.passed.ends.insert(number, self.position());
        }
    }

    /// Goes behind an object that was made before and stands here again, since a field is read once more.
    #[inline]
    pub(crate) fn goes_behind(&mut self, number: usize) -> bool {
        !self.plans.is_empty() && self.goes_behind_made(number)
    }

    #[cold]
    fn goes_behind_made(&mut self, number: usize) -> bool {
        match self.passed.ends.get(&number).copied() {
            Some(end) if self.memo.is_ready(number) => {
                self.go_to(end);
                true
            }
            _ => false,
        }
    }

    /// Queues what reads the state of an object.
    pub(crate) fn queue_state(&mut self, number: usize, read: ReadState<'de>) {
        if !self.passed.queued.contains(&number) {
            self.states.push(read);
        } else if let Some(at) = self.passed.states.get(&number).copied() {
            self.states.push(Box::new(move |r| {
                let back = r.position();
                r.go_to(at);
                let pending = read(r)?;
                r.go_to(back);
                Ok(pending)
            }));
        } else {
            self.passed.late.insert(number, read);
        }
    }

    /// Queues that the state of an object is skipped, a record at this place of the table.
    pub(super) fn queue_skip(&mut self, number: usize, record: usize) {
        if self.passed.queued.insert(number) {
            self.states.push(Box::new(move |r| match r.passed.late.remove(&number) {
                Some(read) => read(r),
                None => {
                    r.passed.states.insert(number, r.position());
                    r.skip_state(record)?;
                    Ok(Box::new(Nothing) as Box<dyn Pending>)
                }
            }));
        }
    }

    /// Makes an object that was skipped, for a pointer that refers to it.
    #[cold]
    pub(crate) fn recall<M: Mode<'de>, P>(
        &mut self,
        (mode, ours): (M, DefFn),
        number: usize,
        at: usize,
        make: impl FnOnce(&mut Self, usize, u8) -> Result<P, Error>,
    ) -> Result<P, Error> {
        let start = self.passed.starts.get(&number).copied();
        let Some(start) = start.filter(|start| mode.reads(ours, start.of, self)) else {
            return Err(other_type(number, at));
        };
        let back = self.position();
        self.go_to(start.at);
        self.memo.reopen(number);
        let made = self.nested::<(), _>(|r| make(r, number, start.mark))?;
        self.object_ends(number);
        self.go_to(back);
        Ok(made)
    }

    /// Whether what was read of an object is of a type of the stream.
    pub(super) fn is_content(&mut self, content: Content, theirs: Ref) -> bool {
        match content {
            Content::Ours(ours) => self.table().is_some_and(|table| equal(ours(), theirs, table)),
            Content::Theirs(other) => self.is_same(other, theirs),
        }
    }

    /// Whether what was read of an object is natively one of ours.
    pub(super) fn is_content_of(&mut self, content: Content, ours: DefFn) -> bool {
        match content {
            Content::Ours(other) => {
                ours().key() == other().key()
                    || program_of(ours()).block == program_of(other()).block
            }
            Content::Theirs(other) => self.table().is_some_and(|table| equal(ours(), other, table)),
        }
    }
}

/// Reads the content of a shared object as a value that is not shared: once for each pointer to it.
pub(super) fn unshare<'de, T: Expand<'de>>(
    content: Plan,
    r: &mut Reader<'_, 'de>,
) -> Result<T, Error> {
    let at = r.input.offset();
    match r.input.byte()? {
        opcode::BACK_REFERENCE => {
            let number = r.input.varint()?;
            let known = usize::try_from(number).ok();
            let found = known.and_then(|number| Some((number, *r.passed.starts.get(&number)?)));
            let Some((number, start)) = found else {
                return Err(Error::new(
                    ErrorKind::Malformed,
                    format!("there is no shared object {number}"),
                )
                .with_offset(at));
            };
            if !content.reads(T::def, start.of, r) {
                return Err(other_type(number, at));
            }
            if r.memo.is_open(number) {
                return Err(inside_itself(number, at));
            }
            // One more value than the stream has.
            r.elements(1)?;
            let back = r.position();
            r.go_to(start.at);
            let value = content_of(content, number, start.mark, r)?;
            r.go_to(back);
            Ok(value)
        }
        mark if opcode::is_new(mark) => {
            let number = begin_object(r)?;
            r.object_begins(number, mark, |r| Content::Theirs(r.plans.theirs(content)))?;
            let value = content_of(content, number, mark, r)?;
            r.object_ends(number);
            Ok(value)
        }
        code => Err(refused(code, Group::Data, "begins a shared object", at)),
    }
}

fn content_of<'de, T: Expand<'de>>(
    content: Plan,
    number: usize,
    mark: u8,
    r: &mut Reader<'_, 'de>,
) -> Result<T, Error> {
    if mark & STATEFUL != 0 {
        return Err(r.input.error(
            ErrorKind::TypeMismatch,
            "the state of a shared object stands behind the value; a type that is not shared cannot have it",
        ));
    }
    let made = r.memo.is_ready(number);
    if !made {
        r.memo.reopen(number);
    }
    let value = r.nested::<T, _>(|r| content.value(r))?;
    if !made {
        r.memo.pass(number);
    }
    Ok(value)
}

#[cold]
fn other_type(number: usize, at: usize) -> Error {
    Error::new(
        ErrorKind::TypeMismatch,
        format!(
            "the shared object {number} stands in a field that the type has no more, or as a value of its own, and a pointer \
             of another type refers to it"
        ),
    )
    .with_offset(at)
}

#[cold]
fn inside_itself(number: usize, at: usize) -> Error {
    Error::new(
        ErrorKind::TypeMismatch,
        format!(
            "the shared object {number} is referred to from inside itself: a type that is not shared cannot hold that"
        ),
    )
    .with_offset(at)
}
