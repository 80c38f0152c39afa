//! Skips values that no type of ours asks for: checked, without recursion, and without memory of its own for each. Lists in
//! columns are stepped over, block by block, without a look at what is in them.
//!
//! What may hold shared objects is passed over instead (`passed`): something further on may refer to them.

use super::Reader;
use super::adapt::{astray, no_columns};
use super::reader::not_numbers;
use crate::aligned;
use crate::column::Layout;
use crate::error::{Error, ErrorKind};
use crate::opcode::{self, Group};
use crate::program::table::{Definition, Ref, Table, refused};
use crate::scan::{self, What};
use alloc::format;
use alloc::vec::Vec;

/// A value that is being skipped.
#[derive(Debug)]
pub(super) enum Frame {
    /// The fields of a record, from one of them on, and its state.
    Record {
        index: usize,
        next: usize,
    },
    Variant {
        index: usize,
        number: usize,
        next: usize,
    },
    Tuple {
        index: usize,
        next: usize,
    },
    Elements {
        of: Ref,
        left: u64,
        guarded: bool,
    },
    Entries {
        key: Ref,
        value: Ref,
        left: u64,
        at_value: bool,
    },
}

impl Frame {
    /// The next value in it.
    fn next(&mut self, table: &Table<'_>) -> Option<Ref> {
        match self {
            Frame::Record { index, next } => {
                let Some(Definition::Record { fields, state, .. }) = table.get(*index) else {
                    return None;
                };
                let at = *next;
                *next = at.saturating_add(1);
                let found = fields.fields.get(at).or_else(|| {
                    let at = at.checked_sub(fields.fields.len())?;
                    state.fields.get(at)
                });
                found.map(|(_, of)| *of)
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
        }
    }

    fn guarded(&self) -> bool {
        match self {
            Frame::Elements { guarded, .. } => *guarded,
            Frame::Entries { .. } => true,
            Frame::Record { .. } | Frame::Variant { .. } | Frame::Tuple { .. } => false,
        }
    }
}

impl<'s, 'de> Reader<'s, 'de> {
    /// Skips a value of a type of the stream.
    pub(crate) fn skip(&mut self, of: Ref) -> Result<(), Error> {
        if !self.plans.is_plain(of) {
            return self.pass_over(What::Value(of));
        }
        if let Ref::Primitive(code) = of {
            return match code {
                opcode::STR => self.input.str().map(drop),
                _ => self.primitive_of(code).map(drop),
            };
        }
        let Some(more) = self.take_more() else { return Err(astray(self)) };
        let mut frames = core::mem::take(&mut self.frames);
        let done = self.skip_value(of, &more.table, &mut frames);
        let done = done.and_then(|()| self.skip_frames(&more.table, &mut frames));
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
                    scan::primitive(&mut self.input, code).map(drop)?;
                }
                Some(of) => self.skip_value(of, table, frames)?,
                None => {
                    let Some(frame) = frames.pop() else { break };
                    if frame.guarded() {
                        self.budget.leave();
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
        loop {
            self.take_step()?;
            let index = match of {
                Ref::Primitive(code) => return scan::primitive(&mut self.input, code).map(drop),
                Ref::Index(index) => index,
            };
            let Some(definition) = table.get(index) else {
                return Err(self.input.malformed("a type outside of the table"));
            };
            let at = self.input.offset();
            let frame = match definition {
                Definition::Record { .. } => Frame::Record { index, next: 0 },
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
                Definition::Option(inner) => {
                    if !self.input.option()? {
                        return Ok(());
                    }
                    of = *inner;
                    continue;
                }
                Definition::List(inner) => match self.skipped_list(*inner, table)? {
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
                Definition::Persistent(inner) => {
                    of = *inner;
                    continue;
                }
                // Not plain.
                Definition::Shared(_)
                | Definition::Weak(_)
                | Definition::Dyn(_)
                | Definition::Dispatch
                | Definition::Named(..)
                | Definition::Coded(..) => return Err(astray(self)),
            };
            return self.push(frame, frames);
        }
    }

    /// The elements of a list that are to be skipped one by one.
    fn skipped_list(&mut self, of: Ref, table: &Table<'_>) -> Result<Option<u64>, Error> {
        let head = self.input.varint()?;
        let count = head >> 1;
        let width = of.width();
        if head & 1 != 0 {
            let at = self.input.offset();
            if self.input.rest().first() == Some(&opcode::COLUMNS) {
                let layout = Layout::of_table(of, table).ok_or_else(|| no_columns(at))?;
                return self.pass_columns(&layout, count).map(|()| None);
            }
            if aligned::begins(&self.input) {
                aligned::pass(&mut self.input)?;
                return self.skipped_rows(of, count);
            }
            return match self.input.byte()? {
                opcode::BUFFER => {
                    let width = width.ok_or_else(|| not_numbers(at))?;
                    let number = self.input.varint()?;
                    self.elements(count)?;
                    if self.again {
                        return Ok(None);
                    }
                    self.buffers.take(number, count, width, at).map(|_| None)
                }
                code => Err(refused(code, Group::Data, "is a list's layout", at)),
            };
        }
        self.skipped_rows(of, count)
    }

    /// The same, of a list in rows.
    fn skipped_rows(&mut self, of: Ref, count: u64) -> Result<Option<u64>, Error> {
        self.elements(count)?;
        match (of, of.width()) {
            (Ref::Primitive(code), Some(width)) if opcode::is_fixed(code) => {
                self.skip_bytes(count, width).map(|()| None)
            }
            _ => Ok(Some(count)),
        }
    }

    fn skip_bytes(&mut self, count: u64, width: usize) -> Result<(), Error> {
        let bytes = usize::try_from(count).ok().and_then(|count| count.checked_mul(width));
        self.input.take(bytes.ok_or_else(|| self.input.end())?).map(drop)
    }

    fn push(&mut self, frame: Frame, frames: &mut Vec<Frame>) -> Result<(), Error> {
        if frame.guarded() {
            self.budget.enter().map_err(|limit| self.exhausted(limit))?;
        }
        self.budget.extend(frames).map_err(|limit| self.exhausted(limit))?;
        frames.push(frame);
        Ok(())
    }

    /// Pays for bytes that are gone through once more, since those of a text are no values of their own.
    pub(crate) fn take_again(&mut self, bytes: usize) -> Result<(), Error> {
        self.budget.again(bytes).map_err(|limit| self.exhausted(limit))
    }

    fn take_step(&mut self) -> Result<(), Error> {
        self.budget.step().map_err(|limit| self.exhausted(limit))
    }
}
