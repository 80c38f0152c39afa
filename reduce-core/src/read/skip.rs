//! Skips values that no type of ours asks for: checked, without recursion, and without memory of its own for each.
//!
//! Shared objects on the way keep their numbers; something further on may refer to them.

use super::Reader;
use super::passed::Content;
use super::reader::not_bytes;
use crate::error::{Error, ErrorKind};
use crate::opcode::{self, Group, STATEFUL};
use crate::program::table::{Definition, Ref, Table, refused};
use crate::scan;
use alloc::format;
use alloc::vec::Vec;

/// A value that is being skipped.
#[derive(Debug)]
pub(super) enum Frame {
    /// The fields of a record, from one of them on; its state too, or nothing else.
    Record { index: usize, next: usize, state: bool, only: bool },
    Variant { index: usize, number: usize, next: usize },
    Tuple { index: usize, next: usize },
    Elements { of: Ref, left: u64, guarded: bool },
    Entries { key: Ref, value: Ref, left: u64, at_value: bool },
    Object { number: usize, stateful: bool, record: Option<usize> },
}

impl Frame {
    /// The next value in it.
    fn next(&mut self, table: &Table<'_>) -> Option<Ref> {
        match self {
            Frame::Record { index, next, state, only } => {
                let Some(Definition::Record { fields, state: queued, .. }) = table.get(*index)
                else {
                    return None;
                };
                let at = *next;
                *next = at.saturating_add(1);
                if *only {
                    return queued.fields.get(at).map(|(_, of)| *of);
                }
                match fields.fields.get(at) {
                    Some((_, of)) => Some(*of),
                    None if *state => {
                        let at = at.checked_sub(fields.fields.len())?;
                        queued.fields.get(at).map(|(_, of)| *of)
                    }
                    None => None,
                }
            }
            Frame::Variant { index, number, next } => {
                let Some(Definition::Enum { variants, .. }) = table.get(*index) else {
                    return None;
                };
                let at = *next;
                *next = at.saturating_add(1);
                variants.get(*number)?.1.fields.get(at).map(|(_, of)| *of)
            }
            Frame::Tuple { index, next } => {
                let Some(Definition::Tuple(parts)) = table.get(*index) else { return None };
                let at = *next;
                *next = at.saturating_add(1);
                parts.get(at).copied()
            }
            Frame::Elements { of, left, .. } => {
                *left = left.checked_sub(1)?;
                Some(*of)
            }
            Frame::Entries { key, value, left, at_value } => {
                if *at_value {
                    *at_value = false;
                    return Some(*value);
                }
                *left = left.checked_sub(1)?;
                *at_value = true;
                Some(*key)
            }
            Frame::Object { .. } => None,
        }
    }

    fn guarded(&self) -> bool {
        match self {
            Frame::Elements { guarded, .. } => *guarded,
            Frame::Entries { .. } | Frame::Object { .. } => true,
            Frame::Record { .. } | Frame::Variant { .. } | Frame::Tuple { .. } => false,
        }
    }
}

impl<'s, 'de> Reader<'s, 'de> {
    /// Skips a value of a type of the stream.
    pub(crate) fn skip(&mut self, of: Ref) -> Result<(), Error> {
        if let Ref::Primitive(code) = of {
            return scan::skip_primitive(&mut self.input, code);
        }
        self.with_frames(|r, table, frames| r.skip_value(of, table, frames))
    }

    /// Skips the state of an object, a record at this place of the table.
    pub(super) fn skip_state(&mut self, index: usize) -> Result<(), Error> {
        let frame = Frame::Record { index, next: 0, state: true, only: true };
        self.with_frames(|r, _, frames| r.push(frame, frames))
    }

    /// Begins with a value, and skips all that is in it.
    fn with_frames(
        &mut self,
        begin: impl FnOnce(&mut Self, &Table<'s>, &mut Vec<Frame>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some(more) = self.take_more() else {
            return Err(self.input.malformed("a value of a type that the stream does not define"));
        };
        let mut frames = core::mem::take(&mut self.frames);
        let done = begin(self, &more.table, &mut frames)
            .and_then(|()| self.skip_frames(&more.table, &mut frames));
        frames.clear();
        self.frames = frames;
        self.put_more(more);
        done
    }

    fn skip_frames(&mut self, table: &Table<'s>, frames: &mut Vec<Frame>) -> Result<(), Error> {
        while let Some(frame) = frames.last_mut() {
            match frame.next(table) {
                Some(Ref::Primitive(code)) => {
                    self.take_step()?;
                    scan::skip_primitive(&mut self.input, code)?;
                }
                Some(of) => self.skip_value(of, table, frames)?,
                None => {
                    let Some(frame) = frames.pop() else { break };
                    if frame.guarded() {
                        self.budget.leave();
                    }
                    if let Frame::Object { number, stateful, record } = frame {
                        self.skipped_object(number, stateful, record)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads a value's own bytes; what it holds is pushed.
    fn skip_value(
        &mut self,
        of: Ref,
        table: &Table<'s>,
        frames: &mut Vec<Frame>,
    ) -> Result<(), Error> {
        let mut of = of;
        let mut stateful = false;
        loop {
            self.take_step()?;
            let index = match of {
                Ref::Primitive(code) => return scan::skip_primitive(&mut self.input, code),
                Ref::Index(index) => index,
            };
            let Some(definition) = table.get(index) else {
                return Err(self.input.malformed("a type outside of the table"));
            };
            let at = self.input.offset();
            let frame = match definition {
                Definition::Record { .. } => {
                    if stateful && let Some(Frame::Object { record, .. }) = frames.last_mut() {
                        *record = Some(index);
                    }
                    Frame::Record { index, next: 0, state: !stateful, only: false }
                }
                Definition::Tuple(_) => Frame::Tuple { index, next: 0 },
                Definition::Enum { name, variants, .. } => {
                    let number = self.input.varint()?;
                    let number = usize::try_from(number).unwrap_or(usize::MAX);
                    if number >= variants.len() {
                        let message = format!("the enum `{name}` has no variant {number}");
                        return Err(Error::new(ErrorKind::Malformed, message).with_offset(at));
                    }
                    Frame::Variant { index, number, next: 0 }
                }
                Definition::Option(inner) => match self.input.byte()? {
                    0 => return Ok(()),
                    1 => {
                        of = *inner;
                        continue;
                    }
                    _ => return Err(self.input.malformed("an option is neither 0 nor 1")),
                },
                Definition::List(inner) => match self.skipped_list(*inner)? {
                    Some(left) => Frame::Elements { of: *inner, left, guarded: true },
                    None => return Ok(()),
                },
                Definition::Array(length, inner) => {
                    self.elements(*length)?;
                    if *inner == Ref::Primitive(opcode::U8) {
                        return self.skip_bytes(*length, 1);
                    }
                    Frame::Elements { of: *inner, left: *length, guarded: false }
                }
                Definition::Map(key, value) => Frame::Entries {
                    key: *key,
                    value: *value,
                    left: self.list_length()? as u64,
                    at_value: false,
                },
                Definition::Shared(inner) | Definition::Weak(inner) => {
                    let weak = matches!(definition, Definition::Weak(_));
                    match self.skipped_pointer(*inner, weak)? {
                        Some((number, is_stateful)) => {
                            stateful = is_stateful;
                            of = *inner;
                            let frame = Frame::Object { number, stateful, record: None };
                            self.push(frame, frames)?;
                            continue;
                        }
                        None => return Ok(()),
                    }
                }
                Definition::Dyn(_) | Definition::Dispatch => {
                    let number = self.input.varint()?;
                    let found = table.place(number).and_then(|(_, found)| found.registered());
                    let Some(found) = found else {
                        let message = format!("the type {number} is no registered one");
                        return Err(Error::new(ErrorKind::Malformed, message).with_offset(at));
                    };
                    of = found;
                    continue;
                }
                Definition::Persistent(inner) => {
                    of = *inner;
                    continue;
                }
                Definition::Named(..) | Definition::Coded(..) => {
                    return Err(self
                        .input
                        .malformed("a value of a registered type without a `dyn`"));
                }
            };
            return self.push(frame, frames);
        }
    }

    /// The elements of a list that are to be skipped one by one.
    fn skipped_list(&mut self, of: Ref) -> Result<Option<u64>, Error> {
        let head = self.input.varint()?;
        let count = head >> 1;
        if head & 1 != 0 {
            let at = self.input.offset();
            return match self.input.byte()? {
                opcode::BUFFER if of == Ref::Primitive(opcode::U8) => {
                    let number = self.input.varint()?;
                    self.elements(count)?;
                    self.buffers.take(number, count, at).map(|_| None)
                }
                opcode::BUFFER => Err(not_bytes(at)),
                code => Err(refused(code, Group::Data, "is a list's layout", at)),
            };
        }
        self.elements(count)?;
        let width = match of {
            Ref::Primitive(opcode::U8 | opcode::I8) => 1,
            Ref::Primitive(opcode::F32) => 4,
            Ref::Primitive(opcode::F64) => 8,
            _ => return Ok(Some(count)),
        };
        self.skip_bytes(count, width).map(|()| None)
    }

    fn skip_bytes(&mut self, count: u64, width: usize) -> Result<(), Error> {
        let bytes = usize::try_from(count).ok().and_then(|count| count.checked_mul(width));
        self.input.take(bytes.ok_or_else(|| self.input.end())?).map(drop)
    }

    /// A pointer: the number of the object that follows, and whether its state is queued.
    fn skipped_pointer(&mut self, of: Ref, weak: bool) -> Result<Option<(usize, bool)>, Error> {
        let at = self.input.offset();
        match self.input.byte()? {
            opcode::BACK_REFERENCE => {
                let number = self.input.varint()?;
                if self.memo.has(number) {
                    return Ok(None);
                }
                let message = format!("there is no shared object {number}");
                Err(Error::new(ErrorKind::Malformed, message).with_offset(at))
            }
            opcode::DANGLING if weak => Ok(None),
            mark if opcode::is_new(mark) => {
                let number = crate::impls::shared::begin_object(self)?;
                if self.goes_behind(number) {
                    return Ok(None);
                }
                self.object_begins(number, mark, |_| Content::Theirs(of))?;
                Ok(Some((number, mark & STATEFUL != 0)))
            }
            code => {
                let should =
                    if weak { "begins a weak reference" } else { "begins a shared object" };
                Err(refused(code, Group::Data, should, at))
            }
        }
    }

    fn skipped_object(
        &mut self,
        number: usize,
        stateful: bool,
        record: Option<usize>,
    ) -> Result<(), Error> {
        self.memo.pass(number);
        self.object_ends(number);
        match record {
            Some(record) => self.queue_skip(number, record),
            None if stateful => {
                return Err(self
                    .input
                    .malformed("a shared object that is no record is marked as stateful"));
            }
            None => {}
        }
        Ok(())
    }

    fn push(&mut self, frame: Frame, frames: &mut Vec<Frame>) -> Result<(), Error> {
        if frame.guarded() {
            self.budget.enter().map_err(|limit| self.exhausted(limit))?;
        }
        if frames.len() == frames.capacity() {
            // As many again, as a `Vec` takes them.
            self.allocate(frames.len().max(1), size_of::<Frame>())?;
        }
        frames.push(frame);
        Ok(())
    }

    fn take_step(&mut self) -> Result<(), Error> {
        self.budget.step().map_err(|limit| self.exhausted(limit))
    }
}
