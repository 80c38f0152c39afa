//! Runs a stream's data through the stream's own programs: without our types, without executing anything, and without
//! recursion. Loads of types with rebuild functions use it to check first; the disassembler listens in.

use crate::error::{Error, ErrorKind};
use crate::limits::{Budget, Exhausted, Limits};
use crate::opcode::{self, Group};
use crate::program::table::{Definition, FieldList, Ref, Table, refused};
use crate::read::Input;
use alloc::vec::Vec;
use core::ops::Range;

mod primitive;

pub(crate) use primitive::Primitive;
use primitive::primitive;

/// Checks all that follows the programs: the data, and that nothing is left over.
pub(crate) fn check(table: &Table<'_>, input: Input<'_>, limits: Limits) -> Result<(), Error> {
    let budget = limits.budget(input.remaining());
    Walk::new(table, input, budget, &mut Silent).run()
}

/// What a walk over the data meets, in the order of the bytes. Every method may stop the walk with an error.
pub(crate) trait Visit<'de> {
    /// The next value is reached by this step, so many levels below the root; and its type.
    fn step(&mut self, _: Step<'de>, _: usize, _: Ref) -> Result<(), Error> {
        Ok(())
    }
    /// A primitive with its bytes' place and its value.
    fn primitive(&mut self, _: Range<usize>, _: u8, _: Primitive<'de>) -> Result<(), Error> {
        Ok(())
    }
    /// A value that holds others begins: the bytes of its own (a length, a variant), its type, and their meaning.
    fn begin(&mut self, _: Range<usize>, _: usize, _: Head<'de>) -> Result<(), Error> {
        Ok(())
    }
    /// The value ends.
    fn stop(&mut self, _: Range<usize>) -> Result<(), Error> {
        Ok(())
    }
}

/// Listens to nothing.
struct Silent;
impl Visit<'_> for Silent {}

/// How a value is reached from the one around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step<'de> {
    Root,
    Field(&'de str),
    Position(usize),
    Element(u64),
    Key(u64),
    Value(u64),
    /// What an option or a shared object holds.
    Inner,
}

/// The bytes of its own that a value begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head<'de> {
    Record,
    Tuple,
    Array(u64),
    /// Index and name.
    Variant(u64, &'de str),
    List(u64),
    Map(u64),
    None,
    Some,
    /// Its memo number.
    New(usize),
    /// The memo number that is referred to.
    BackReference(u64),
}

/// Memory for a walk's frames and memo in any case, beside what the limit grants the value.
const FREE_BYTES: usize = 64 << 10;

/// One walk over one value.
///
/// Its time is bounded by the steps and its memory by the budget's bytes, which its frames and its memo take from;
/// it does not recurse.
pub(crate) struct Walk<'a, 'de, V> {
    table: &'a Table<'de>,
    input: Input<'de>,
    budget: Budget,
    visitor: &'a mut V,
    frames: Vec<Frame<'a, 'de>>,
    /// The most frames there were at once: those are paid for.
    deepest: usize,
    /// The shared objects met so far: the object's type, and whether the object has ended.
    memo: Vec<(Ref, bool)>,
}

/// A value that holds others, and how far the walk is in it.
enum Frame<'a, 'de> {
    Fields { list: &'a FieldList<'de>, next: usize },
    Tuple { parts: &'a [Ref], next: usize },
    Elements { of: Ref, next: u64, count: u64, array: bool },
    Entries { key: Ref, value: Ref, next: u64, count: u64, at_value: bool },
    Inner { of: Ref, done: bool },
    Object { of: Ref, number: usize, done: bool },
}

impl Frame<'_, '_> {
    /// Whether a load counts it as a level of depth. It also counts boxes, which no stream shows.
    fn guarded(&self) -> bool {
        match self {
            Frame::Elements { array, .. } => !array,
            Frame::Entries { .. } | Frame::Object { .. } => true,
            Frame::Fields { .. } | Frame::Tuple { .. } | Frame::Inner { .. } => false,
        }
    }
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
            input,
            budget: Budget { bytes, ..budget },
            visitor,
            frames: Vec::new(),
            deepest: 0,
            memo: Vec::new(),
        }
    }

    /// What is left for another walk, from the budget of this one.
    pub(crate) fn left(&self, before: Budget) -> Budget {
        Budget { elements: self.budget.elements, steps: self.budget.steps, ..before }
    }

    /// Walks the root's value up to and with `stop`, which must be the last byte.
    pub(crate) fn run(&mut self) -> Result<(), Error> {
        let root = self.table.root;
        self.visitor.step(Step::Root, 0, root)?;
        self.value(root)?;
        while let Some((step, of)) = self.next() {
            self.visitor.step(step, self.frames.len(), of)?;
            self.value(of)?;
        }
        let at = self.input.offset();
        match self.input.byte()? {
            opcode::STOP => self.visitor.stop(at..self.input.offset())?,
            code => return Err(not_stop(code, at)),
        }
        if self.input.is_empty() {
            return Ok(());
        }
        Err(self.input.error(ErrorKind::TrailingBytes, "bytes are left over after the value"))
    }

    /// The next value of the innermost frame that has one left; frames that have none are closed.
    fn next(&mut self) -> Option<(Step<'de>, Ref)> {
        loop {
            let frame = self.frames.last_mut()?;
            let found = match frame {
                Frame::Fields { list, next } => list.fields.get(*next).map(|(name, of)| {
                    let step = if list.named { Step::Field(name) } else { Step::Position(*next) };
                    *next += 1;
                    (step, *of)
                }),
                Frame::Tuple { parts, next } => parts.get(*next).map(|of| {
                    let step = Step::Position(*next);
                    *next += 1;
                    (step, *of)
                }),
                Frame::Elements { of, next, count, .. } => (*next < *count).then(|| {
                    let step = Step::Element(*next);
                    *next += 1;
                    (step, *of)
                }),
                Frame::Entries { key, value, next, count, at_value } => {
                    (*next < *count).then(|| {
                        let at = *next;
                        *at_value = !*at_value;
                        if *at_value {
                            (Step::Key(at), *key)
                        } else {
                            *next += 1;
                            (Step::Value(at), *value)
                        }
                    })
                }
                Frame::Inner { of, done } | Frame::Object { of, done, .. } => {
                    let first = !*done;
                    *done = true;
                    first.then_some((Step::Inner, *of))
                }
            };
            if found.is_some() {
                return found;
            }
            let closed = self.frames.pop()?;
            if closed.guarded() {
                self.budget.leave();
            }
            if let Frame::Object { number, .. } = closed
                && let Some((_, ended)) = self.memo.get_mut(number)
            {
                *ended = true;
            }
        }
    }

    /// Reads a value's own bytes; what it holds is pushed as a frame.
    fn value(&mut self, of: Ref) -> Result<(), Error> {
        let at = self.input.offset();
        self.budget.step().map_err(|limit| self.exhausted(limit))?;
        let index = match of {
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
            Definition::Record { fields, .. } => {
                (Head::Record, Some(Frame::Fields { list: fields, next: 0 }))
            }
            Definition::Tuple(parts) => (Head::Tuple, Some(Frame::Tuple { parts, next: 0 })),
            Definition::Enum { variants, .. } => {
                let number = self.input.varint()?;
                let variant = usize::try_from(number).ok().and_then(|n| variants.get(n));
                let Some((name, fields)) = variant else {
                    return Err(Error::new(
                        ErrorKind::Malformed,
                        alloc::format!("there is no variant {number}"),
                    )
                    .with_offset(at));
                };
                (Head::Variant(number, name), Some(Frame::Fields { list: fields, next: 0 }))
            }
            Definition::Option(of) => match self.input.byte()? {
                0 => (Head::None, None),
                1 => (Head::Some, Some(Frame::Inner { of: *of, done: false })),
                _ => {
                    return Err(Error::new(ErrorKind::Malformed, "an option is neither 0 nor 1")
                        .with_offset(at));
                }
            },
            Definition::List(of) => {
                let count = self.length()?;
                (Head::List(count), Some(Frame::Elements { of: *of, next: 0, count, array: false }))
            }
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
            Definition::Shared(of) => self.shared(*of)?,
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

    fn shared(&mut self, of: Ref) -> Result<(Head<'de>, Option<Frame<'a, 'de>>), Error> {
        let at = self.input.offset();
        match self.input.byte()? {
            opcode::NEW => {
                let number = self.memo.len();
                self.allocate::<(Ref, bool)>()?;
                self.memo.push((of, false));
                Ok((Head::New(number), Some(Frame::Object { of, number, done: false })))
            }
            opcode::BACK_REFERENCE => {
                let number = self.input.varint()?;
                let found = usize::try_from(number).ok().and_then(|n| self.memo.get(n));
                let message = match found {
                    Some(&(same, true)) if same == of => {
                        return Ok((Head::BackReference(number), None));
                    }
                    Some((_, true)) => {
                        alloc::format!("the shared object {number} is of another type")
                    }
                    Some((_, false)) => {
                        alloc::format!(
                            "the shared object {number} is referred to from inside itself"
                        )
                    }
                    None => alloc::format!("there is no shared object {number}"),
                };
                Err(Error::new(ErrorKind::Malformed, message).with_offset(at))
            }
            code => Err(refused(code, Group::Data, "begins a shared object", at)),
        }
    }

    /// A list's length, its layout rows. Its elements are paid for here, those without bytes too.
    fn length(&mut self) -> Result<u64, Error> {
        let head = self.input.varint()?;
        if head & 1 == 0 {
            self.elements(head >> 1)?;
            return Ok(head >> 1);
        }
        let at = self.input.offset();
        let code = self.input.byte()?;
        Err(refused(code, Group::Data, "is a list's layout", at))
    }

    /// All elements of a list of bytes at once.
    fn bytes(&mut self, count: u64) -> Result<(), Error> {
        let at = self.input.offset();
        let count = usize::try_from(count).map_err(|_| self.input.end())?;
        let bytes = self.input.take(count)?;
        let of = Ref::Primitive(opcode::U8);
        self.visitor.step(Step::Inner, self.frames.len().saturating_add(1), of)?;
        self.visitor.primitive(at..self.input.offset(), opcode::U8, Primitive::Bytes(bytes))
    }

    fn push(&mut self, frame: Frame<'a, 'de>) -> Result<(), Error> {
        if frame.guarded() {
            self.budget.enter().map_err(|limit| self.exhausted(limit))?;
        }
        if self.frames.len() == self.deepest {
            self.allocate::<Frame<'_, '_>>()?;
            self.deepest = self.deepest.saturating_add(1);
        }
        self.frames.push(frame);
        Ok(())
    }

    fn elements(&mut self, count: u64) -> Result<(), Error> {
        self.budget.elements(count).map_err(|limit| self.exhausted(limit))
    }

    /// Pays for one more of what grows with the input.
    fn allocate<T>(&mut self) -> Result<(), Error> {
        self.budget.allocate(1, size_of::<T>()).map_err(|limit| self.exhausted(limit))
    }

    #[cold]
    fn exhausted(&self, limit: Exhausted) -> Error {
        self.input.error(ErrorKind::Limit, limit.message())
    }
}

/// The value is followed by another byte than `stop`.
#[cold]
pub(crate) fn not_stop(code: u8, at: usize) -> Error {
    match code {
        opcode::STATES => refused(code, Group::Data, "ends the value", at),
        _ => {
            Error::new(ErrorKind::Malformed, "the value is not followed by `stop`").with_offset(at)
        }
    }
}
