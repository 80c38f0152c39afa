//! Streams of any types: a table of definitions, and data that fit it but for a slip now and then.

use crate::frame::{AHEAD, MORE, framed, varint};
use crate::kinds::{Entry, Mode};
use crate::{objects, oracle, types};
use arbitrary::{Arbitrary, Result, Unstructured};
use reduce_core::{Limits, opcode};

/// Bytes are the choices: types first, then the values of them.
pub fn program(input: &[u8]) {
    let mut choices = Unstructured::new(input);
    let Ok((stream, kind)) = stream(&mut choices) else { return };
    oracle::untyped(&stream, &oracle::loader(), &Limits::strict());
    (kind.hold)(&stream);
}

/// A stream, and a type that it may be loaded as.
fn stream(choices: &mut Unstructured<'_>) -> Result<(Vec<u8>, &'static Entry)> {
    let kinds = if choices.arbitrary()? { types::KINDS } else { objects::KINDS };
    let kind = &kinds[choices.arbitrary::<u8>()? as usize % kinds.len()];
    let mut program = Program::arbitrary(choices)?;
    let mut more: Option<Vec<Definition>> = choices.arbitrary()?;
    let total = program.definitions.len() + more.as_ref().map_or(0, Vec::len);
    let all = program.definitions.iter_mut().chain(more.iter_mut().flatten());
    all.enumerate().for_each(|(place, definition)| definition.unfold(place, total));
    let count = (program.definitions.len(), more.as_ref().map_or(0, Vec::len));
    let table: Vec<_> = program.definitions.iter().chain(more.iter().flatten()).cloned().collect();
    let total = u64::try_from(table.len()).unwrap_or(u64::MAX);
    let mut out = vec![];
    block(&table[..count.0], total, Some(program.root), &mut out);
    if more.is_some() {
        block(&table[count.0..], total, None, &mut out);
    }
    let mut data =
        Data { table: &table, out: vec![], documents: vec![], depth: 0, columns: 0, choices };
    let ahead = data.document(program.root.number(total), true)?;
    out.extend(&data.out);
    out.push(opcode::STOP);
    let flags = if more.is_some() { MORE } else { 0 } | if ahead { AHEAD } else { 0 };
    Ok((framed(flags, &out), kind))
}

/// A table of types with its length in front.
fn block(definitions: &[Definition], total: u64, root: Option<Type>, out: &mut Vec<u8>) {
    let mut content = varint(definitions.len() as u64);
    definitions.iter().for_each(|definition| definition.write(total, &mut content));
    content.extend(root.map(|root| varint(root.number(total))).unwrap_or_default());
    out.extend(varint(content.len() as u64));
    out.extend(content);
}

#[derive(Arbitrary, Debug)]
struct Program {
    root: Type,
    definitions: Vec<Definition>,
}

/// A type that is referred to.
#[derive(Arbitrary, Clone, Copy, Debug)]
struct Type(u8);

/// The first place of a table.
const FIRST: u64 = 0x40;
/// Numbers below this one may stand for any place.
const ANY: u8 = 2;

impl Type {
    /// As the programs have it: the upper half are primitives, and numbers that are no types.
    fn number(self, total: u64) -> u64 {
        match u64::from(self.0) {
            place @ 0..0x80 if total > 0 => FIRST + place % total,
            number => number % 0x1B,
        }
    }
}

/// Names that the types of the targets have, so that some of what is made loads as these.
const NAMES: &[&str] = &[
    "",
    "Numbers",
    "bytes",
    "short",
    "Link",
    "id",
    "known",
    "next",
    "app.Note",
    "text",
    "stars",
    "app.Event",
    "Pressed",
    "Moved",
    "x",
    "y",
    "Opened",
    "path",
    "tries",
    "parts",
    "Sum",
    "left",
    "right",
    "geo.Shape",
    "geo.Circle",
    "radius",
    "u8",
    "anys",
    "net.Socket",
    "Dir",
    "name",
    "parent",
    "children",
    "Result",
    "Ok",
    "Err",
    "Key",
    "0",
    "1",
    "na\u{EF}ve",
    "\u{1B}[2J",
    "maybe",
];

#[derive(Arbitrary, Clone, Copy, Debug)]
struct Name(u8);

impl Name {
    fn write(self, out: &mut Vec<u8>) {
        let name = NAMES[usize::from(self.0) % NAMES.len()].as_bytes();
        out.extend(varint(name.len() as u64));
        out.extend(name);
    }
}

/// Fields with names or without.
#[derive(Arbitrary, Clone, Debug)]
struct Fields {
    named: bool,
    fields: Vec<(Name, Type)>,
}

impl Fields {
    fn write(&self, stateful: bool, total: u64, out: &mut Vec<u8>) {
        let flags = u64::from(self.named) | u64::from(stateful) << 1;
        out.extend(varint((self.fields.len() as u64) << 2 | flags));
        for (name, of) in &self.fields {
            if self.named {
                name.write(out);
            }
            out.extend(varint(of.number(total)));
        }
    }
}

#[derive(Arbitrary, Clone, Debug)]
enum Definition {
    Record(Name, u8, Fields, Option<Fields>),
    Enum(Name, u8, Vec<(Name, Fields)>),
    List(Type),
    Map(Type, Type),
    Option(Type),
    Tuple(Vec<Type>),
    Array(u8, Type),
    Shared(Type),
    Weak(Type),
    Dyn(Name),
    Dispatch,
    Persistent(Type),
    Named(Name, Type),
    Coded(u16, Type),
}

impl Definition {
    /// Has most of what it holds in place stand further on: a type that holds itself without a byte takes all the steps that
    /// a walk has, and next to nothing else would be tried in a second.
    fn unfold(&mut self, place: usize, total: usize) {
        let ahead = |of: &mut Type| {
            let behind = total.saturating_sub(place + 1);
            of.0 = match of.0 {
                ANY..0x80 if behind == 0 => 0x80 | of.0,
                ANY..0x80 => u8::try_from(place + 1 + usize::from(of.0) % behind).unwrap_or(0x81),
                as_it_is => as_it_is,
            };
        };
        let fields = |fields: &mut Fields| fields.fields.iter_mut().for_each(|(_, of)| ahead(of));
        match self {
            Definition::Record(_, _, kept, state) => {
                fields(kept);
                state.iter_mut().for_each(fields);
            }
            Definition::Enum(_, _, variants) => {
                variants.iter_mut().for_each(|(_, variant)| fields(variant));
            }
            Definition::Tuple(of) => of.iter_mut().for_each(ahead),
            Definition::Array(_, of) | Definition::Persistent(of) => ahead(of),
            _ => {}
        }
    }

    fn write(&self, total: u64, out: &mut Vec<u8>) {
        let number = |of: &Type| varint(of.number(total));
        match self {
            Definition::Record(name, version, fields, state) => {
                out.push(opcode::RECORD);
                name.write(out);
                out.extend(varint(u64::from(*version)));
                fields.write(state.is_some(), total, out);
                state.iter().for_each(|state| state.write(false, total, out));
            }
            Definition::Enum(name, version, variants) => {
                out.push(opcode::ENUM);
                name.write(out);
                out.extend(varint(u64::from(*version)));
                out.extend(varint(variants.len() as u64));
                for (name, fields) in variants {
                    name.write(out);
                    fields.write(false, total, out);
                }
            }
            Definition::List(of) => out.extend([vec![opcode::LIST], number(of)].concat()),
            Definition::Map(key, of) => {
                out.extend([vec![opcode::MAP], number(key), number(of)].concat());
            }
            Definition::Option(of) => out.extend([vec![opcode::OPTION], number(of)].concat()),
            Definition::Tuple(of) => {
                out.push(opcode::TUPLE);
                out.extend(varint(of.len() as u64));
                of.iter().for_each(|of| out.extend(number(of)));
            }
            Definition::Array(count, of) => {
                out.push(opcode::ARRAY);
                out.extend([varint(u64::from(*count)), number(of)].concat());
            }
            Definition::Shared(of) => out.extend([vec![opcode::SHARED], number(of)].concat()),
            Definition::Weak(of) => out.extend([vec![opcode::WEAK], number(of)].concat()),
            Definition::Dyn(name) => {
                out.push(opcode::DYN);
                name.write(out);
            }
            Definition::Dispatch => out.push(opcode::DISPATCH),
            Definition::Persistent(of) => {
                out.extend([vec![opcode::PERSISTENT], number(of)].concat());
            }
            Definition::Named(name, of) => {
                out.push(opcode::NAMED);
                name.write(out);
                out.extend(number(of));
            }
            Definition::Coded(code, of) => {
                out.push(opcode::CODED);
                out.extend([varint(u64::from(*code)), number(of)].concat());
            }
        }
    }
}

/// A value in the making.
struct Data<'a, 'b> {
    table: &'a [Definition],
    out: Vec<u8>,
    /// The value of the stream, and those of any type around what is written.
    documents: Vec<Document<'a>>,
    depth: usize,
    /// How many columns were begun: tuples of tuples have any number of them, and take no choices.
    columns: usize,
    choices: &'a mut Unstructured<'b>,
}

/// Objects and states of a document.
#[derive(Default)]
struct Document<'a> {
    /// The types of the objects.
    objects: Vec<u64>,
    /// States of those that have ended.
    states: Vec<&'a Fields>,
}

/// What nests deeper, or is longer, is cut off.
const DEEPEST: usize = 24;
const LONGEST: usize = 4096;
/// One value in so many is no value.
const SLIPS: u8 = 200;

impl<'a> Data<'a, '_> {
    fn total(&self) -> u64 {
        self.table.len() as u64
    }

    fn of(&self, of: u64) -> Option<&'a Definition> {
        self.table.get(usize::try_from(of.checked_sub(FIRST)?).ok()?)
    }

    fn number(&mut self, number: u64) {
        self.out.extend(varint(number));
    }

    fn byte(&mut self) -> Result<u8> {
        self.choices.arbitrary()
    }

    /// A value with what stands ahead of it and its states. Whether objects stand ahead.
    fn document(&mut self, of: u64, may_ahead: bool) -> Result<bool> {
        self.documents.push(Document::default());
        let shared = |(place, of): (usize, &Definition)| {
            matches!(of, Definition::Shared(_)).then_some(FIRST + place as u64)
        };
        let ahead = self.table.iter().enumerate().find_map(shared);
        let ahead = match ahead {
            Some(of) if may_ahead && self.byte()? % 8 == 7 => {
                self.number(1);
                self.number(of);
                self.value(of)?;
                true
            }
            _ => false,
        };
        self.value(of)?;
        let mut at = 0;
        while let Some(state) = self.documents.last().and_then(|document| document.states.get(at)) {
            if at == 0 {
                self.out.push(opcode::STATES);
            }
            at += 1;
            self.fields(state)?;
        }
        self.documents.pop();
        Ok(ahead)
    }

    fn fields(&mut self, fields: &'a Fields) -> Result<()> {
        let total = self.total();
        fields.fields.iter().try_for_each(|(_, of)| self.value(of.number(total)))
    }

    fn value(&mut self, of: u64) -> Result<()> {
        if self.depth >= DEEPEST || self.out.len() >= LONGEST {
            return Ok(());
        }
        if self.choices.is_empty() {
            self.out.push(0);
            return Ok(());
        }
        if self.byte()? >= SLIPS {
            let slip: u8 = self.byte()?;
            self.out.push(slip);
            return Ok(());
        }
        self.depth += 1;
        let done = match self.of(of) {
            Some(definition) => self.defined(definition),
            None => self.primitive(u8::try_from(of).unwrap_or(u8::MAX)),
        };
        self.depth -= 1;
        done
    }

    fn primitive(&mut self, code: u8) -> Result<()> {
        if let Some(width) = fixed(code) {
            let bytes: [u8; 16] = self.choices.arbitrary()?;
            self.out.extend(&bytes[..width]);
            return Ok(());
        }
        match code {
            opcode::UNIT => {}
            opcode::BOOL => {
                let byte = self.byte()? & 1;
                self.out.push(byte);
            }
            opcode::U8 | opcode::I8 => {
                let byte = self.byte()?;
                self.out.push(byte);
            }
            opcode::F32 => {
                let bytes: [u8; 4] = self.choices.arbitrary()?;
                self.out.extend(bytes);
            }
            opcode::F64 => {
                let bytes: [u8; 8] = self.choices.arbitrary()?;
                self.out.extend(bytes);
            }
            opcode::STR => {
                let text = NAMES[usize::from(self.byte()?) % NAMES.len()];
                self.number(text.len() as u64);
                self.out.extend(text.as_bytes());
            }
            opcode::OS_STR => {
                let (form, length) = (self.byte()? % 4, self.byte()? % 5);
                self.number(u64::from(length) << 2 | u64::from(form));
                let bytes = self.choices.bytes(usize::from(length).min(self.choices.len()))?;
                self.out.extend(bytes);
            }
            opcode::VALUE => {
                let of = Type(self.byte()?).number(self.total());
                let ahead = self.byte()? % 8 == 7;
                self.number(of << 1 | u64::from(ahead));
                self.document(of, ahead)?;
            }
            // Short numbers, and now and then one that is too large.
            _ => {
                let number = match self.byte()? {
                    0..0xF0 => u64::from(self.byte()?),
                    _ => self.choices.arbitrary()?,
                };
                self.number(number);
            }
        }
        Ok(())
    }

    fn defined(&mut self, definition: &'a Definition) -> Result<()> {
        let total = self.total();
        match definition {
            Definition::Record(_, _, fields, state) => {
                self.fields(fields)?;
                state.iter().try_for_each(|state| self.fields(state))?;
            }
            Definition::Enum(_, _, variants) => {
                let place = usize::from(self.byte()?) % variants.len().max(1);
                self.number(place as u64);
                if let Some((_, fields)) = variants.get(place) {
                    self.fields(fields)?;
                }
            }
            Definition::List(of) => {
                let (of, count) = (of.number(total), u64::from(self.byte()? % 20));
                let layout = self.byte()? % 4;
                if layout == 2 {
                    let padding = self.byte()? % 16;
                    self.number(count << 1 | 1);
                    self.out.extend([opcode::ALIGNED, padding]);
                    self.out.resize(self.out.len() + usize::from(padding), 0);
                    return (0..count).try_for_each(|_| self.value(of));
                }
                if layout == 3 {
                    self.number(count << 1 | 1);
                    self.out.push(opcode::COLUMNS);
                    let before = std::mem::take(&mut self.out);
                    let done = self.column(of, count);
                    let columns = std::mem::replace(&mut self.out, before);
                    self.number(columns.len() as u64);
                    self.out.extend(columns);
                    return done;
                }
                self.number(count << 1);
                (0..count).try_for_each(|_| self.value(of))?;
            }
            Definition::Map(key, of) => {
                let count = u64::from(self.byte()? % 4);
                self.number(count << 1);
                for _ in 0..count {
                    self.value(key.number(total))?;
                    self.value(of.number(total))?;
                }
            }
            Definition::Option(of) => {
                let some = self.byte()? & 1;
                self.out.push(some);
                if some == 1 {
                    self.value(of.number(total))?;
                }
            }
            Definition::Tuple(of) => {
                of.iter().try_for_each(|of| self.value(of.number(total)))?;
            }
            Definition::Array(count, of) => {
                let of = of.number(total);
                (0..*count).try_for_each(|_| self.value(of))?;
            }
            Definition::Shared(of) => self.object(of.number(total))?,
            Definition::Weak(of) => match self.byte()? % 3 {
                0 => self.out.push(opcode::DANGLING),
                _ => self.object(of.number(total))?,
            },
            Definition::Dyn(_) | Definition::Dispatch => self.registered()?,
            Definition::Persistent(of) => self.value(of.number(total))?,
            Definition::Named(..) | Definition::Coded(..) => {}
        }
        Ok(())
    }

    /// A type that goes by a name or a code, and a value of it.
    fn registered(&mut self) -> Result<()> {
        let registered = |(place, of): (usize, &Definition)| match of {
            Definition::Named(_, of) | Definition::Coded(_, of) => {
                Some((FIRST + place as u64, *of))
            }
            _ => None,
        };
        let all: Vec<_> = self.table.iter().enumerate().filter_map(registered).collect();
        let choice = usize::from(self.byte()?);
        let Some((place, of)) = all.get(choice % all.len().max(1)) else { return Ok(()) };
        self.number(*place);
        self.value(of.number(self.total()))
    }

    /// A new object, or one that was met.
    fn object(&mut self, of: u64) -> Result<()> {
        let choice = self.byte()?;
        let alike = |document: &Document<'_>| {
            let alike = document.objects.iter().enumerate().filter(|(_, object)| **object == of);
            alike.map(|(number, _)| number as u64).collect::<Vec<_>>()
        };
        let met = self.documents.last().map(alike).unwrap_or_default();
        if choice & 8 == 0 && !met.is_empty() {
            self.out.push(opcode::BACK_REFERENCE);
            self.number(met[usize::from(choice >> 4) % met.len()]);
            return Ok(());
        }
        let state = match self.of(of) {
            Some(Definition::Record(_, _, fields, Some(state))) if choice & 4 != 0 => {
                Some((fields, state))
            }
            _ => None,
        };
        let stateful = if state.is_some() { 4 } else { 0 };
        self.out.push(opcode::NEW | choice & 2 | stateful);
        if let Some(document) = self.documents.last_mut() {
            document.objects.push(of);
        }
        let Some((fields, state)) = state else { return self.value(of) };
        self.fields(fields)?;
        if let Some(document) = self.documents.last_mut() {
            document.states.push(state);
        }
        Ok(())
    }

    /// So many rows of a type, all alike or all anyhow. Where there are too many, arrays of arrays for one, all that is written
    /// of them is their number.
    fn column(&mut self, of: u64, rows: u64) -> Result<()> {
        self.columns += 1;
        if rows == 0 || self.depth >= DEEPEST || self.out.len() >= LONGEST || self.columns > LONGEST
        {
            return Ok(());
        }
        self.depth += 1;
        let done = match self.of(of) {
            None => self.primitives(u8::try_from(of).unwrap_or(u8::MAX), rows),
            Some(definition) => self.defined_column(definition, rows),
        };
        self.depth -= 1;
        done
    }

    fn columns(&mut self, fields: &'a Fields, rows: u64) -> Result<()> {
        let total = self.total();
        fields.fields.iter().try_for_each(|(_, of)| self.column(of.number(total), rows))
    }

    fn defined_column(&mut self, definition: &'a Definition, rows: u64) -> Result<()> {
        let total = self.total();
        match definition {
            Definition::Record(_, _, fields, _) => self.columns(fields, rows),
            Definition::Tuple(of) => {
                of.iter().try_for_each(|of| self.column(of.number(total), rows))
            }
            Definition::Array(count, of) => {
                self.column(of.number(total), rows.saturating_mul(u64::from(*count)))
            }
            Definition::Option(of) => {
                let some = u64::from(self.byte()? & 1);
                self.number(some.saturating_mul(rows));
                self.constant(some);
                self.column(of.number(total), some.saturating_mul(rows))
            }
            Definition::Enum(_, _, variants) => {
                let place = usize::from(self.byte()?) % variants.len().max(1);
                self.constant(place as u64);
                for (number, (_, fields)) in variants.iter().enumerate() {
                    if !fields.fields.is_empty() {
                        let rows = if number == place { rows } else { 0 };
                        self.number(rows);
                        self.columns(fields, rows)?;
                    }
                }
                Ok(())
            }
            Definition::List(of) => {
                let length = u64::from(self.byte()? % 4);
                if of.number(total) == u64::from(opcode::U8) {
                    return self.texts(rows, length, 0xFF);
                }
                self.number(rows.saturating_mul(length));
                self.constant(length);
                self.column(of.number(total), rows.saturating_mul(length))
            }
            Definition::Map(key, of) => {
                let length = u64::from(self.byte()? % 2);
                self.number(rows.saturating_mul(length));
                self.constant(length);
                self.column(key.number(total), rows.saturating_mul(length))?;
                self.column(of.number(total), rows.saturating_mul(length))
            }
            _ => Ok(()),
        }
    }

    fn primitives(&mut self, code: u8, rows: u64) -> Result<()> {
        let width = match code {
            opcode::UNIT => return Ok(()),
            opcode::STR => {
                let length = u64::from(self.byte()? % 4);
                return self.texts(rows, length, 0x7F);
            }
            opcode::BOOL | opcode::U8 | opcode::I8 => 1,
            opcode::U16 | opcode::I16 => 2,
            opcode::U32 | opcode::I32 | opcode::F32 | opcode::CHAR => 4,
            opcode::U128 | opcode::I128 => 16,
            _ => fixed(code).unwrap_or(8),
        };
        let head = u64::from(self.byte()?);
        if head & 1 == 0 && width < 16 {
            self.constant(if code == opcode::BOOL { head >> 7 } else { head });
            return Ok(());
        }
        self.out.push(RAW);
        for _ in 0..rows.min(LONGEST as u64) {
            let byte = self.byte()?;
            self.out.push(if code == opcode::BOOL { byte & 1 } else { byte });
            self.out.resize(self.out.len() + width - 1, 0);
        }
        Ok(())
    }

    /// A block of one number again and again.
    fn constant(&mut self, number: u64) {
        self.out.push(0);
        self.number(number);
    }

    /// A block of texts of one length, of bytes with these bits.
    fn texts(&mut self, rows: u64, length: u64, bits: u8) -> Result<()> {
        self.out.push(0);
        self.number(rows.saturating_mul(length));
        for _ in 0..rows.saturating_mul(length).min(LONGEST as u64) {
            let byte = self.byte()? & bits;
            self.out.push(byte);
        }
        self.constant(length);
        Ok(())
    }
}

/// How many bytes an integer of fixed width takes.
fn fixed(code: u8) -> Option<usize> {
    match code {
        opcode::U16_FIXED | opcode::I16_FIXED => Some(2),
        opcode::U32_FIXED | opcode::I32_FIXED => Some(4),
        opcode::U64_FIXED | opcode::I64_FIXED => Some(8),
        opcode::U128_FIXED | opcode::I128_FIXED => Some(16),
        _ => None,
    }
}

/// A block of numbers as they are.
const RAW: u8 = 0x40;

/// Makes types that hold themselves without a name, and equal ones: dumps merge them step by step.
const NAMELESS: &[u8] =
    b"\x02\x07<\xfbG\x28wwwwwwwwwwwwwwwwwwwwwwwwwwwww\x03w\x0bww\x04BB\x10E\x03\x10@ABwwwwwG";

/// The same in a list of values of any type.
const NAMELESS_VALUES: &[u8] =
    b"+^ 3\t\0\0y\x0Fr77777777777777777777777777777777777777777777776\x19reze";

/// Makes a weak reference to an object that nothing owns, which its dump leaves out.
const UNOWNED: &[u8] = b"\x8f\xc4R\x03\x00@`eee\xf4uple\x92eeeeeeeD@eeee<)@\x84fQQQQ7\xb7\xb7";

/// Bytes of all kinds: the choices that they make have no meaning that could be written down.
pub fn seeds() -> impl Iterator<Item = Vec<u8>> {
    let scrambled =
        types::KINDS.iter().flat_map(Entry::seeds).filter(|(mode, _)| *mode == Mode::Mended).map(
            |(_, stream)| {
                let scrambled =
                    stream.iter().enumerate().map(|(n, byte)| byte.wrapping_mul(n as u8 | 1));
                scrambled.cycle().take(400).collect()
            },
        );
    scrambled.chain([NAMELESS, NAMELESS_VALUES, UNOWNED].map(<[u8]>::to_vec))
}
