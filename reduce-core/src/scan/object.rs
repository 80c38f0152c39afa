//! Objects with an identity: those ahead of the root, shared and weak references, trait objects, queued states.

use super::frame::Frame;
use super::frames::Frames;
use super::visit::{Head, Mark, Step, Visit};
use super::{Walk, memory, refuse};
use crate::canary::{Canary, planted};
use crate::error::Error;
use crate::limits::Budget;
use crate::opcode::{self, Group};
use crate::program::table::{Definition, FieldList, Ref, refused};
use crate::read::Buffers;
use alloc::format;

/// An object that was met.
pub(super) struct Object {
    /// Its type; that of a trait object is the concrete one.
    pub(super) of: Ref,
    /// It was written behind a trait object.
    pub(super) dynamic: bool,
    /// Where its mark stands.
    pub(super) at: usize,
    /// Where it ends, and the number of the next object there.
    pub(super) end: (usize, usize),
    /// All of it was read, its queued state aside.
    ended: bool,
    cyclic: bool,
    stateful: bool,
}

/// Bits of the opcode of a new object.
const CYCLIC: u8 = opcode::NEW ^ opcode::NEW_CYCLIC;
const STATEFUL: u8 = opcode::NEW ^ opcode::NEW_STATEFUL;

/// The pointer through which an object is met.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Through {
    Shared,
    Weak,
}

/// A part of the data that can be walked by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// Where it begins.
    pub at: usize,
    /// The number of the next object.
    pub next: usize,
    /// An object, with the type of the pointer in front of it; or the state of the object of a number.
    pub object: Result<Ref, usize>,
}

/// The header announces objects ahead of the root.
#[cold]
pub(crate) fn none_ahead(at: usize) -> Error {
    refuse("no objects stand ahead of the root, where there should be some", at)
}

impl<'a, 'de, V: Visit<'de>> Walk<'a, 'de, V> {
    /// Walks the objects that stand ahead of the root.
    pub(super) fn ahead(&mut self) -> Result<(), Error> {
        let at = self.input.offset();
        let count = self.input.varint()?;
        if count == 0 {
            return Err(none_ahead(at));
        }
        self.visitor.mark(at..self.input.offset(), Mark::Ahead(count))?;
        for n in 0..count {
            // Every object takes bytes: a count of any size ends with them.
            let at = self.input.offset();
            let of = self.shared_type(at)?;
            self.visitor.mark(at..self.input.offset(), Mark::Type(of))?;
            self.below(Step::Ahead(n), of)?;
        }
        Ok(())
    }

    /// The type of an object that stands ahead of a value.
    pub(super) fn shared_type(&mut self, at: usize) -> Result<Ref, Error> {
        let number = self.input.varint()?;
        match self.table.place(number) {
            Some((index, Definition::Shared(_))) => Ok(Ref::Index(index)),
            _ => {
                let message = format!("an object ahead of the root is of the type {number}");
                Err(refuse(format!("{message}, which is no shared one"), at))
            }
        }
    }

    /// A value behind a shared or weak pointer to the type `of`.
    pub(super) fn pointer(
        &mut self,
        of: Ref,
        through: Through,
    ) -> Result<(Head<'de>, Option<Frame<'a, 'de>>), Error> {
        let at = self.input.offset();
        match self.input.byte()? {
            code @ (opcode::NEW
            | opcode::NEW_CYCLIC
            | opcode::NEW_STATEFUL
            | opcode::NEW_CYCLIC_STATEFUL) => {
                let (cyclic, stateful) = (code & CYCLIC != 0, code & STATEFUL != 0);
                let number = self.next;
                self.next = number.saturating_add(1);
                let dynamic = self.is_dyn(of);
                if self.object(number).is_none() {
                    let budget = memory(self.visitor, &mut self.budget);
                    let room = budget.extend(&mut self.memo);
                    room.map_err(|limit| self.exhausted(limit))?;
                    self.budget.objects(self.next).map_err(|limit| self.exhausted(limit))?;
                    let (end, ended) = ((at, number), false);
                    self.memo.push(Object { of, dynamic, at, end, ended, cyclic, stateful });
                }
                if dynamic {
                    // Its own type follows.
                    self.fresh = Some(number);
                } else if stateful {
                    self.stateful(number, of, at)?;
                }
                Ok((Head::New { code, number }, Some(Frame::Object { of, number, done: false })))
            }
            opcode::BACK_REFERENCE => {
                let number = self.input.varint()?;
                let same = self.same(number, of)?;
                self.back_reference(number, of, same, through)
                    .map_err(|message| refuse(message, at))?;
                Ok((Head::BackReference(number), None))
            }
            opcode::DANGLING if through == Through::Weak => Ok((Head::Dangling, None)),
            code => {
                let should = match through {
                    Through::Shared => "begins a shared object",
                    Through::Weak => "begins a weak reference",
                };
                Err(refused(code, Group::Data, should, at))
            }
        }
    }

    fn object(&self, number: usize) -> Option<&Object> {
        self.memo.get(number.checked_sub(self.first)?)
    }

    fn object_mut(&mut self, number: usize) -> Option<&mut Object> {
        self.memo.get_mut(number.checked_sub(self.first)?)
    }

    fn is_dyn(&self, of: Ref) -> bool {
        let Ref::Index(index) = of else { return false };
        matches!(self.table.get(index), Some(Definition::Dyn(_)))
    }

    /// Whether an object is of this type.
    fn same(&mut self, number: u64, of: Ref) -> Result<bool, Error> {
        let object = usize::try_from(number).ok().and_then(|number| self.object(number));
        let Some(object) = object.map(|object| object.of) else { return Ok(false) };
        self.table.same(object, of, || self.take_step())
    }

    /// Whether a pointer to `of` may refer to the object; what is wrong, if it may not.
    fn back_reference(
        &self,
        number: u64,
        of: Ref,
        same: bool,
        through: Through,
    ) -> Result<(), alloc::string::String> {
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        if place < self.first {
            return Ok(());
        }
        let found = self.object(place);
        let Some(object) = found else {
            return Err(format!("there is no shared object {number}"));
        };
        if !same && !self.is_dyn(of) && !planted(Canary::ObjectType) {
            return Err(format!("the shared object {number} is of another type"));
        }
        match through {
            _ if object.ended || planted(Canary::OpenObject) => Ok(()),
            Through::Shared => {
                Err(format!("the shared object {number} is referred to from inside itself"))
            }
            Through::Weak if object.cyclic => Ok(()),
            Through::Weak => Err(format!(
                "the shared object {number} is weakly referred to from inside itself, and is not marked as cyclic"
            )),
        }
    }

    /// The state fields of a type, if it has some.
    pub(super) fn state_of(&self, of: Ref) -> Option<(usize, &'a FieldList<'de>)> {
        let Ref::Index(index) = of else { return None };
        match self.table.get(index) {
            Some(Definition::Record { state, .. }) if !state.fields.is_empty() => {
                Some((index, state))
            }
            _ => None,
        }
    }

    /// A stateful object of the type `of` begins: the record that follows is without its state.
    fn stateful(&mut self, number: usize, of: Ref, at: usize) -> Result<(), Error> {
        if self.state_of(of).is_none() {
            let message = format!("the shared object {number} is marked as stateful");
            return Err(refuse(format!("{message}, but is no record with state fields"), at));
        }
        self.fresh = Some(number);
        Ok(())
    }

    /// The registered type in front of a trait object or a foreign value. Where a shared object begins with it,
    /// that is the object's type.
    pub(super) fn registered(
        &mut self,
        fresh: Option<usize>,
    ) -> Result<(Head<'de>, Option<Frame<'a, 'de>>), Error> {
        let at = self.input.offset();
        let number = self.input.varint()?;
        let found = self.table.place(number);
        let found = found.and_then(|(index, definition)| Some((index, definition.registered()?)));
        let Some((index, of)) = found else {
            return Err(refuse(format!("the type {number} is no registered one"), at));
        };
        if let Some(fresh) = fresh
            && let Some(object) = self.object_mut(fresh)
        {
            object.of = of;
            if object.stateful {
                self.stateful(fresh, of, at)?;
            }
        }
        Ok((Head::Registered(index), Some(Frame::inner(of))))
    }

    /// An object has ended.
    pub(super) fn ended(&mut self, number: usize) -> Result<(), Error> {
        let end = (self.input.offset(), self.next);
        let Some(object) = self.object_mut(number) else { return Ok(()) };
        (object.ended, object.end) = (true, end);
        if object.stateful {
            // Twice for room ahead, and once more while it moves.
            self.allocate::<[usize; 3]>()?;
            self.queue.push_back(number);
        }
        Ok(())
    }

    /// Walks the queued states, and those of the objects inside of them, which take their place at the end.
    pub(super) fn states(&mut self) -> Result<(), Error> {
        if self.queue.is_empty() {
            return Ok(());
        }
        let at = self.input.offset();
        if self.input.byte()? != opcode::STATES {
            return Err(refuse("the states of stateful objects do not follow the value", at));
        }
        self.visitor.mark(at..self.input.offset(), Mark::States)?;
        self.base = 1;
        while let Some(number) = self.queue.pop_front() {
            self.state(number)?;
            self.drain()?;
        }
        Ok(())
    }

    /// The state of an object begins.
    pub(super) fn state(&mut self, number: usize) -> Result<(), Error> {
        let of = self.object(number).map(|object| object.of);
        of.map_or(Ok(()), |of| self.state_fields(number, of))
    }

    /// The state of an object of the type `of` begins.
    pub(super) fn state_fields(&mut self, number: usize, of: Ref) -> Result<(), Error> {
        // Checked when the object began.
        let Some((index, state)) = self.state_of(of) else { return Ok(()) };
        let at = self.input.offset();
        self.take_step()?;
        self.visitor.step(Step::State(number), self.depth(), Ref::Index(index))?;
        self.visitor.begin(at..at, index, Head::State(number))?;
        let before = match self.table.get(index) {
            Some(Definition::Record { fields, .. }) => fields.fields.len(),
            _ => 0,
        };
        self.push(Frame::Fields { list: state, next: 0, before, state: None })
    }

    /// Walks a part again when all has been walked, for a visitor that knows more by now. It takes from the steps that are
    /// left, and other limits as if it were all there is.
    pub(crate) fn again(&mut self, part: Part, budget: Budget) -> Result<(), Error> {
        self.budget = Budget { steps: self.budget.steps, ..budget };
        self.buffers = Buffers::again();
        self.frames = Frames::default();
        self.queue.clear();
        self.input = self.whole.at(part.at)?;
        self.next = part.next;
        match part.object {
            Ok(of) => self.below(Step::Ahead(0), of),
            Err(number) => {
                self.base = 1;
                self.state(number)?;
                self.drain()
            }
        }
    }

    pub(crate) fn visitor(&mut self) -> &mut V {
        self.visitor
    }
}
