//! Runs a stream's data through the stream's own programs: without our types, without executing anything, and without
//! recursion but for the few levels of a list in columns. Loads of types with rebuild functions use it to check first; the disassembler listens in.

use crate::aligned;
use crate::canary::{Canary, planted};
use crate::column::Layout;
use crate::error::{Error, ErrorKind};
use crate::header::Header;
use crate::limits::{Budget, Exhausted, Limits};
use crate::opcode::{self, Group};
use crate::program::table::{Definition, Ref, Table, refused};
use crate::read::columns::Columns;
use crate::read::{Buffers, Input, not_numbers};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec::Vec;

mod columns;
mod document;
mod frame;
mod frames;
mod object;
mod primitive;
mod skip;
mod visit;

pub(crate) use columns::{InColumns, in_slot};
use frame::Frame;
use frames::Frames;
use object::{Object, Through};
pub(crate) use object::{Part, none_ahead};
pub(crate) use primitive::{Primitive, fixed, primitive};
pub(crate) use skip::{Passing, Skipped, What};
pub(crate) use visit::{Head, Mark, Step, Visit};

/// The types of the shared objects that a session has met in earlier messages.
#[derive(Default)]
pub(crate) struct Met(Vec<Object>);

impl Met {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }
}

/// Checks all that follows the definitions, and that nothing is left over. The objects are added to those met, unless
/// there is an error.
pub(crate) fn check<'de>(
    table: &Table<'de>,
    root: Ref,
    input: Input<'de>,
    header: Header,
    buffers: Buffers<'_, '_>,
    limits: Limits,
    met: &mut Met,
) -> Result<(), Error> {
    let budget = limits.budget(input.remaining().saturating_add(buffers.bytes()));
    let mut silent = visit::Silent;
    let mut walk = Walk::new(table, input, budget, &mut silent);
    walk.root = root;
    walk.known_buffers(buffers).continued(header, met)
}

/// Memory for a walk's frames and memo in any case, beside what the limit grants the value.
const FREE_BYTES: usize = 64 << 10;

/// One walk over one value.
///
/// Its time is bounded by the steps and its memory by the budget's bytes, which its frames and its memo take from;
/// it does not recurse.
pub(crate) struct Walk<'a, 'de, V> {
    table: &'a Table<'de>,
    root: Ref,
    input: Input<'de>,
    budget: Budget,
    visitor: &'a mut V,
    frames: Frames<'a, 'de>,
    /// The shared objects met so far, from the number `first` on.
    memo: Vec<Object>,
    /// Objects below this number were met by someone else: nothing is known of them.
    first: usize,
    /// The number of the next one: of them, where a part is walked again.
    next: usize,
    /// How many levels below the root the outermost frame lies.
    base: usize,
    /// All that is walked.
    whole: Input<'de>,
    /// Where the next value is a shared object's own: its number, if it is a trait object or without its state.
    fresh: Option<usize>,
    /// The objects whose state is still to come, by their numbers.
    queue: VecDeque<usize>,
    /// What is known of the buffers outside of the stream.
    buffers: Buffers<'a, 'a>,
    /// Kept for the next list in columns.
    columns: Option<Box<Columns<'de>>>,
    /// The layout of the last one, by the type of its elements.
    layout: Option<(Ref, Layout)>,
}

impl<'a, 'de, V: Visit<'de>> Walk<'a, 'de, V> {
    pub(crate) fn new(
        table: &'a Table<'de>,
        input: Input<'de>,
        budget: Budget,
        visitor: &'a mut V,
    ) -> Self {
        let bytes = budget.bytes.saturating_add(FREE_BYTES);
        Walk {
            table,
            root: table.root,
            input,
            whole: input,
            budget: Budget { bytes, ..budget },
            visitor,
            frames: Frames::default(),
            memo: Vec::new(),
            first: 0,
            next: 0,
            base: 0,
            fresh: None,
            queue: VecDeque::new(),
            buffers: Buffers::unknown(),
            columns: None,
            layout: None,
        }
    }

    /// The buffers outside of the stream are at hand.
    pub(crate) fn known_buffers(&mut self, buffers: Buffers<'a, 'a>) -> &mut Self {
        self.buffers = buffers;
        self
    }

    /// The root is of this type, and the first object has this number.
    pub(crate) fn begin_at(&mut self, root: Ref, first: usize) -> &mut Self {
        (self.root, self.first, self.next) = (root, first, first);
        self
    }

    /// What is left for another walk, from the budget of this one.
    pub(crate) fn left(&self, before: Budget) -> Budget {
        Budget { elements: self.budget.elements, steps: self.budget.steps, ..before }
    }

    /// Walks the objects ahead of the root, its value, and the queued states, up to and with `stop` where there is one,
    /// which must be the last byte.
    pub(crate) fn run(&mut self, header: Header) -> Result<(), Error> {
        if header.ahead {
            self.ahead()?;
        }
        let root = self.root;
        self.base = 0;
        self.visitor.step(Step::Root, 0, root)?;
        self.value(root)?;
        self.drain()?;
        self.states()?;
        if header.fingerprint.is_some() {
            return self.no_more();
        }
        let at = self.input.offset();
        match self.input.byte()? {
            opcode::STOP => self.visitor.stop(at..self.input.offset())?,
            code => return Err(not_stop(code, at)),
        }
        self.no_more()
    }

    /// As [`run`](Self::run), behind messages whose objects were met.
    pub(crate) fn continued(&mut self, header: Header, met: &mut Met) -> Result<(), Error> {
        let before = met.len();
        self.memo = core::mem::take(&mut met.0);
        self.next = before;
        let done = self.run(header);
        met.0 = core::mem::take(&mut self.memo);
        if done.is_err() {
            met.truncate(before);
        }
        done
    }

    /// Nothing is left over, of the stream and of its buffers.
    fn no_more(&self) -> Result<(), Error> {
        if self.input.is_empty() {
            return self.buffers.close(self.input.offset());
        }
        Err(self.input.error(ErrorKind::TrailingBytes, "bytes are left over after the value"))
    }

    /// Walks a value beside the root, which is reached by this step.
    fn below(&mut self, step: Step<'de>, of: Ref) -> Result<(), Error> {
        self.base = 1;
        self.visitor.step(step, self.base, of)?;
        self.value(of)?;
        self.drain()
    }

    /// Walks what is left in all frames.
    fn drain(&mut self) -> Result<(), Error> {
        while let Some((step, of)) = self.next_value()? {
            self.visitor.step(step, self.depth(), of)?;
            self.value(of)?;
        }
        Ok(())
    }

    /// How many levels below the root the next value lies.
    fn depth(&self) -> usize {
        self.frames.len().saturating_add(self.base)
    }

    /// The next value of the innermost frame that has one left; frames that have none are closed.
    fn next_value(&mut self) -> Result<Option<(Step<'de>, Ref)>, Error> {
        while let Some(frame) = self.frames.last_mut() {
            if let Frame::Document(_) = frame {
                match self.next_of_document()? {
                    document::Next::Value(step, of) => return Ok(Some((step, of))),
                    document::Next::Pushed => continue,
                    document::Next::End => {}
                }
            }
            let Some(frame) = self.frames.last_mut() else { break };
            let found = frame.next();
            if found.is_some() {
                return Ok(found);
            }
            let budget = memory(self.visitor, &mut self.budget);
            let Some(closed) = self.frames.pop(budget) else { break };
            if closed.guarded() {
                self.budget.leave();
            }
            match closed {
                Frame::Object { number, .. } => self.ended(number)?,
                Frame::Document(document) => self.end_document(*document)?,
                _ => {}
            }
        }
        Ok(None)
    }

    /// Reads a value's own bytes; what it holds is pushed as a frame.
    fn value(&mut self, of: Ref) -> Result<(), Error> {
        let at = self.input.offset();
        let fresh = self.fresh.take();
        self.take_step()?;
        let index = match of {
            Ref::Primitive(opcode::VALUE) => return self.document(at),
            Ref::Primitive(code) => {
                let value = primitive(&mut self.input, code)?;
                return self.visitor.primitive(at..self.input.offset(), code, value);
            }
            Ref::Index(index) => index,
        };
        let table = self.table;
        let definition =
            table.get(index).ok_or_else(|| self.input.malformed("a type outside of the table"))?;
        let (head, frame) = match definition {
            Definition::Record { fields, state, .. } => {
                // Without its state where that is queued.
                let state = fresh.is_none().then_some(state);
                (Head::Record, Some(Frame::Fields { list: fields, next: 0, before: 0, state }))
            }
            Definition::Tuple(parts) => (Head::Tuple, Some(Frame::Tuple { parts, next: 0 })),
            Definition::Enum { variants, .. } => {
                let number = self.input.varint()?;
                let variant = usize::try_from(number).ok().and_then(|n| variants.get(n));
                let variant =
                    variant.or_else(|| variants.last().filter(|_| planted(Canary::Variant)));
                let Some((name, fields)) = variant else {
                    return Err(refuse(alloc::format!("there is no variant {number}"), at));
                };
                (Head::Variant(number, name), Some(Frame::fields(fields)))
            }
            Definition::Option(of) => match self.input.byte()? {
                0 => (Head::None, None),
                1 => (Head::Some, Some(Frame::inner(*of))),
                _ => return Err(refuse("an option is neither 0 nor 1", at)),
            },
            Definition::List(of) => match self.list_length(*of)? {
                Length::Rows(count) => {
                    let frame = Frame::Elements { of: *of, next: 0, count, array: false };
                    (Head::List(count), Some(frame))
                }
                Length::Aligned(count) => {
                    let frame = Frame::Elements { of: *of, next: 0, count, array: false };
                    (Head::Aligned(count), Some(frame))
                }
                Length::Columns(count) => return self.columns(at, (index, *of), count),
                Length::Buffer { count, width, number } => {
                    (Head::Buffer { count, width, number }, None)
                }
            },
            Definition::Array(count, of) => {
                self.elements(*count)?;
                let frame = Frame::Elements { of: *of, next: 0, count: *count, array: true };
                (Head::Array(*count), Some(frame))
            }
            Definition::Map(key, value) => {
                let count = self.length()?;
                let frame =
                    Frame::Entries { key: *key, value: *value, next: 0, count, at_value: false };
                (Head::Map(count), Some(frame))
            }
            Definition::Shared(of) => self.pointer(*of, Through::Shared)?,
            Definition::Weak(of) => self.pointer(*of, Through::Weak)?,
            Definition::Dyn(_) => self.registered(fresh)?,
            Definition::Dispatch => self.registered(None)?,
            Definition::Persistent(of) => (Head::Persistent, Some(Frame::inner(*of))),
            // The table was checked: no value is of such a type.
            Definition::Named(..) | Definition::Coded(..) => {
                return Err(refuse("a value of a registered type without a `dyn`", at));
            }
        };
        self.visitor.begin(at..self.input.offset(), index, head)?;
        match frame {
            Some(Frame::Elements { of: Ref::Primitive(opcode::U8), count, .. }) => {
                self.bytes(count)
            }
            Some(frame) => self.push(frame),
            None => Ok(()),
        }
    }

    /// A list's length and layout.
    fn list_length(&mut self, of: Ref) -> Result<Length, Error> {
        let mut ahead = self.input;
        let head = ahead.varint()?;
        match ahead.rest().first() {
            Some(&opcode::COLUMNS) if head & 1 != 0 => {
                self.input = ahead;
                return Ok(Length::Columns(head >> 1));
            }
            Some(&opcode::ALIGNED) if head & 1 != 0 => {
                aligned::pass(&mut ahead)?;
                self.input = ahead;
                self.elements(head >> 1)?;
                return Ok(Length::Aligned(head >> 1));
            }
            Some(&opcode::BUFFER) if head & 1 != 0 => {}
            _ => return self.length().map(Length::Rows),
        }
        let at = ahead.offset();
        let width = of.width().ok_or_else(|| not_numbers(at))?;
        ahead.byte()?;
        let number = ahead.varint()?;
        self.input = ahead;
        let count = head >> 1;
        // Numbers that nobody has at hand cost nothing, however many there are said to be.
        if self.buffers.take(number, count, width, at)?.is_some() {
            self.elements(count)?;
        }
        Ok(Length::Buffer { count, width, number })
    }

    /// A length in the layout rows. The elements are paid for here, those without bytes too.
    fn length(&mut self) -> Result<u64, Error> {
        let head = self.input.varint()?;
        if head & 1 == 0 {
            self.elements(head >> 1)?;
            return Ok(head >> 1);
        }
        let at = self.input.offset();
        match self.input.byte()? {
            opcode::BUFFER => Err(not_numbers(at)),
            code => Err(refused(code, Group::Data, "is a list's layout", at)),
        }
    }

    /// All elements of a list of bytes at once.
    fn bytes(&mut self, count: u64) -> Result<(), Error> {
        let at = self.input.offset();
        let count = usize::try_from(count).map_err(|_| self.input.end())?;
        let bytes = self.input.take(count)?;
        let of = Ref::Primitive(opcode::U8);
        self.visitor.step(Step::Inner, self.depth().saturating_add(1), of)?;
        self.visitor.primitive(at..self.input.offset(), opcode::U8, Primitive::Bytes(bytes))
    }

    fn push(&mut self, frame: Frame<'a, 'de>) -> Result<(), Error> {
        if frame.guarded() && !planted(Canary::Depth) {
            self.budget.enter().map_err(|limit| self.exhausted(limit))?;
        }
        let pushed = self.frames.push(frame, memory(self.visitor, &mut self.budget));
        pushed.map_err(|limit| self.exhausted(limit))
    }

    fn take_step(&mut self) -> Result<(), Error> {
        self.budget.step().map_err(|limit| self.exhausted(limit))
    }

    fn elements(&mut self, count: u64) -> Result<(), Error> {
        self.budget.elements(count).map_err(|limit| self.exhausted(limit))
    }

    /// Pays for one more of what grows with the input.
    fn allocate<T>(&mut self) -> Result<(), Error> {
        let taken = memory(self.visitor, &mut self.budget).allocate(1, size_of::<T>());
        taken.map_err(|limit| self.exhausted(limit))
    }

    #[cold]
    fn exhausted(&self, limit: Exhausted) -> Error {
        self.input.exhausted(limit)
    }
}

/// Where memory is taken from: what a visitor makes and what its walk needs come out of one budget.
fn memory<'b, 'de, V: Visit<'de>>(visitor: &'b mut V, own: &'b mut Budget) -> &'b mut Budget {
    match visitor.budget() {
        Some(budget) => budget,
        None => own,
    }
}

/// A list's length, and where its elements are.
enum Length {
    Rows(u64),
    /// In rows, behind padding that was read.
    Aligned(u64),
    /// The layout follows.
    Columns(u64),
    Buffer {
        count: u64,
        width: usize,
        number: u64,
    },
}

/// Bytes that cannot be what a dump wrote.
#[cold]
fn refuse(message: impl Into<Cow<'static, str>>, at: usize) -> Error {
    Error::new(ErrorKind::Malformed, message).with_offset(at)
}

/// The value is followed by another byte than `stop`.
#[cold]
pub(crate) fn not_stop(code: u8, at: usize) -> Error {
    match code {
        opcode::STATES => refuse("queued states follow the value, but no object has one", at),
        _ => refuse("the value is not followed by `stop`", at),
    }
}
