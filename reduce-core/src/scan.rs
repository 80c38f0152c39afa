//! Runs a stream's data through the stream's own programs: without our types, without executing anything, and without
//! recursion. Loads of types with rebuild functions use it to check first; the disassembler listens in.

use crate::error::{Error, ErrorKind};
use crate::limits::{Budget, Exhausted, Limits};
use crate::opcode::{self, Group};
use crate::os_text::OsText;
use crate::program::table::{Definition, FieldList, Ref, Table, refused};
use crate::read::Input;
use crate::varint;
use alloc::vec::Vec;
use core::ops::Range;

/// Checks all that follows the header: programs, data, and that nothing is left over.
pub(crate) fn check(mut input: Input<'_>, limits: Limits) -> Result<(), Error> {
    let budget = limits.budget(input.remaining());
    let table = Table::read(&mut input)?;
    Walk::new(&table, input, budget, &mut Silent).run()
}

/// What a walk over the data meets, in the order of the bytes. Every method may stop the walk with an error.
pub(crate) trait Visit<'de> {
    /// The next value is reached by this step, so many levels below the root.
    fn step(&mut self, _: Step<'de>, _: usize) -> Result<(), Error> {
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

/// The value of a primitive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Primitive<'de> {
    Unit,
    Bool(bool),
    Char(char),
    Unsigned(u128),
    Signed(i128),
    F32(f32),
    F64(f64),
    Str(&'de str),
    /// Bytes of a string of the operating system that is not Unicode.
    OsBytes(&'de [u8]),
    /// 16-bit units, little endian, of a string of the operating system that is not Unicode.
    OsWide(&'de [u8]),
    /// The elements of a list or an array of bytes, all at once.
    Bytes(&'de [u8]),
}

/// The bytes of its own that a value begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head<'de> {
    Record,
    Tuple,
    Array,
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

/// Each level of a value's own depth is at most this many levels here, where structs and options count as well.
const LEVELS_PER_DEPTH: u32 = 32;

pub(crate) struct Walk<'a, 'de, V> {
    table: &'a Table<'de>,
    input: Input<'de>,
    budget: Budget,
    visitor: &'a mut V,
    frames: Vec<Frame<'a, 'de>>,
    /// The shared objects met so far: the type, and whether the object has ended.
    memo: Vec<(usize, bool)>,
    most_frames: usize,
}

/// A value that holds others, and how far the walk is in it.
enum Frame<'a, 'de> {
    Fields { list: &'a FieldList<'de>, next: usize },
    Tuple { parts: &'a [Ref], next: usize },
    Elements { of: Ref, next: u64, count: u64 },
    Entries { key: Ref, value: Ref, next: u64, count: u64, at_value: bool },
    Inner { of: Ref, done: bool },
    Object { of: Ref, number: usize, done: bool },
}

impl<'a, 'de, V: Visit<'de>> Walk<'a, 'de, V> {
    pub(crate) fn new(
        table: &'a Table<'de>,
        input: Input<'de>,
        budget: Budget,
        visitor: &'a mut V,
    ) -> Self {
        let most_frames = budget.depth.saturating_mul(LEVELS_PER_DEPTH).max(LEVELS_PER_DEPTH);
        Walk {
            table,
            input,
            budget,
            visitor,
            frames: Vec::new(),
            memo: Vec::new(),
            most_frames: usize::try_from(most_frames).unwrap_or(usize::MAX),
        }
    }

    /// Walks the root's value up to and with `stop`, which must be the last byte.
    pub(crate) fn run(&mut self) -> Result<(), Error> {
        self.visitor.step(Step::Root, 0)?;
        self.value(self.table.root)?;
        while let Some((step, of)) = self.next() {
            self.visitor.step(step, self.frames.len())?;
            self.value(of)?;
        }
        let at = self.input.offset();
        match self.input.byte()? {
            opcode::STOP => self.visitor.stop(at..self.input.offset())?,
            _ => {
                return Err(Error::new(
                    ErrorKind::Malformed,
                    "the value is not followed by `stop`",
                )
                .with_offset(at));
            }
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
                Frame::Elements { of, next, count } => (*next < *count).then(|| {
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
            if let Some(Frame::Object { number, .. }) = self.frames.pop()
                && let Some((_, ended)) = self.memo.get_mut(number)
            {
                *ended = true;
            }
        }
    }

    /// Reads a value's own bytes; what it holds is pushed as a frame.
    fn value(&mut self, of: Ref) -> Result<(), Error> {
        self.elements(1)?;
        let at = self.input.offset();
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
                (Head::List(count), Some(Frame::Elements { of: *of, next: 0, count }))
            }
            Definition::Array(count, of) => {
                (Head::Array, Some(Frame::Elements { of: *of, next: 0, count: *count }))
            }
            Definition::Map(key, value) => {
                let count = self.length()?;
                let frame =
                    Frame::Entries { key: *key, value: *value, next: 0, count, at_value: false };
                (Head::Map(count), Some(frame))
            }
            Definition::Shared(of) => self.shared(index, *of)?,
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

    fn shared(
        &mut self,
        index: usize,
        of: Ref,
    ) -> Result<(Head<'de>, Option<Frame<'a, 'de>>), Error> {
        let at = self.input.offset();
        match self.input.byte()? {
            opcode::NEW => {
                let number = self.memo.len();
                self.memo.push((index, false));
                Ok((Head::New(number), Some(Frame::Object { of, number, done: false })))
            }
            opcode::BACK_REFERENCE => {
                let number = self.input.varint()?;
                let found = usize::try_from(number).ok().and_then(|n| self.memo.get(n));
                let message = match found {
                    Some(&(same, true)) if same == index => {
                        return Ok((Head::BackReference(number), None));
                    }
                    Some((_, true)) => {
                        alloc::format!("the shared object #{number} is of another type")
                    }
                    Some((_, false)) => {
                        alloc::format!(
                            "the shared object #{number} is referred to from inside itself"
                        )
                    }
                    None => alloc::format!("there is no shared object #{number}"),
                };
                Err(Error::new(ErrorKind::Malformed, message).with_offset(at))
            }
            code => Err(refused(code, Group::Data, "begins a shared object", at)),
        }
    }

    /// A list's length, its layout rows.
    fn length(&mut self) -> Result<u64, Error> {
        let head = self.input.varint()?;
        if head & 1 == 0 {
            return Ok(head >> 1);
        }
        let at = self.input.offset();
        let code = self.input.byte()?;
        Err(refused(code, Group::Data, "is a list's layout", at))
    }

    /// All elements of a list of bytes at once.
    fn bytes(&mut self, count: u64) -> Result<(), Error> {
        self.elements(count)?;
        let at = self.input.offset();
        let count = usize::try_from(count).map_err(|_| self.input.end())?;
        let bytes = self.input.take(count)?;
        self.visitor.step(Step::Inner, self.frames.len().saturating_add(1))?;
        self.visitor.primitive(at..self.input.offset(), opcode::U8, Primitive::Bytes(bytes))
    }

    fn push(&mut self, frame: Frame<'a, 'de>) -> Result<(), Error> {
        if self.frames.len() >= self.most_frames {
            return Err(self.input.error(ErrorKind::Limit, Exhausted::Depth.message()));
        }
        self.frames.push(frame);
        Ok(())
    }

    /// Every value costs a unit, those without bytes too: so the time is bounded.
    fn elements(&mut self, count: u64) -> Result<(), Error> {
        self.budget
            .elements(count)
            .map_err(|limit| self.input.error(ErrorKind::Limit, limit.message()))
    }
}

fn primitive<'de>(input: &mut Input<'de>, code: u8) -> Result<Primitive<'de>, Error> {
    let at = input.offset();
    let outside = |what: &'static str| {
        Error::new(
            ErrorKind::Malformed,
            alloc::format!("a number outside of the range of `{what}`"),
        )
        .with_offset(at)
    };
    let unsigned = |value: u64, most: u64, what| {
        if value > most { Err(outside(what)) } else { Ok(Primitive::Unsigned(u128::from(value))) }
    };
    let signed = |value: u64, least: i64, most: i64, what| {
        let value = varint::unzigzag(value);
        if value < least || value > most {
            Err(outside(what))
        } else {
            Ok(Primitive::Signed(i128::from(value)))
        }
    };
    match code {
        opcode::UNIT => Ok(Primitive::Unit),
        opcode::BOOL => match input.byte()? {
            0 => Ok(Primitive::Bool(false)),
            1 => Ok(Primitive::Bool(true)),
            _ => Err(Error::new(ErrorKind::Malformed, "a bool is neither 0 nor 1").with_offset(at)),
        },
        opcode::CHAR => {
            let scalar = u32::try_from(input.varint()?).ok().and_then(char::from_u32);
            scalar.map(Primitive::Char).ok_or_else(|| outside("char"))
        }
        opcode::U8 => input.byte().map(|byte| Primitive::Unsigned(u128::from(byte))),
        opcode::U16 => unsigned(input.varint()?, u64::from(u16::MAX), "u16"),
        opcode::U32 => unsigned(input.varint()?, u64::from(u32::MAX), "u32"),
        opcode::U64 => unsigned(input.varint()?, u64::MAX, "u64"),
        opcode::U128 => input.varint_128().map(Primitive::Unsigned),
        opcode::I8 => input.byte().map(|byte| Primitive::Signed(i128::from(byte.cast_signed()))),
        opcode::I16 => signed(input.varint()?, i64::from(i16::MIN), i64::from(i16::MAX), "i16"),
        opcode::I32 => signed(input.varint()?, i64::from(i32::MIN), i64::from(i32::MAX), "i32"),
        opcode::I64 => signed(input.varint()?, i64::MIN, i64::MAX, "i64"),
        opcode::I128 => {
            input.varint_128().map(|value| Primitive::Signed(varint::unzigzag_128(value)))
        }
        opcode::F32 => input.array().map(|bytes| Primitive::F32(f32::from_le_bytes(bytes))),
        opcode::F64 => input.array().map(|bytes| Primitive::F64(f64::from_le_bytes(bytes))),
        opcode::STR => input.str().map(Primitive::Str),
        opcode::OS_STR => OsText::read(input).map(|text| match text {
            OsText::Utf8(text) => Primitive::Str(text),
            OsText::Bytes(bytes) => Primitive::OsBytes(bytes),
            OsText::Wide(units) => Primitive::OsWide(units),
        }),
        // The table was checked: this is its answer to an opcode that is none of a primitive.
        _ => Err(refused(code, Group::Primitive, "is a primitive type", at)),
    }
}
