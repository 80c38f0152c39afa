//! Programs and values of any shape, made of choices, and the streams that a writer of such programs would write: by the
//! text of the format, without the crate.

use super::reading::N;
use reduce::varint;
use std::rc::Rc;

/// What is chosen: bytes, so that a failing case shrinks. Behind their end all choices are the first one.
pub struct Choices<'a> {
    bytes: std::slice::Iter<'a, u8>,
    /// One change in so many.
    rate: usize,
}

impl<'a> Choices<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        let mut choices = Choices { bytes: bytes.iter(), rate: 0 };
        choices.rate = [12, 40, 200][choices.below(3)];
        choices
    }

    pub fn below(&mut self, count: usize) -> usize {
        self.bytes.next().map_or(0, |byte| usize::from(*byte) % count)
    }

    /// Seldom, and never where nothing is left to choose.
    fn seldom(&mut self) -> bool {
        self.below(self.rate) == self.rate - 1
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

/// A type as its program says it.
#[derive(Clone, Debug, PartialEq)]
pub enum P {
    Unit,
    Bool,
    Char,
    /// By its opcode, `04` to `0d`.
    Int(u8),
    F32,
    F64,
    Str,
    List(Box<P>),
    Map(Box<(P, P)>),
    Option(Box<P>),
    Tuple(Vec<P>),
    Array(usize, Box<P>),
    Shared(Box<P>),
    Weak(Box<P>),
    /// With its version.
    Record(String, u64, Fields),
    Enum(String, Vec<(String, Fields)>),
}

/// Those without names are named by their places.
#[derive(Clone, Debug, PartialEq)]
pub struct Fields {
    pub named: bool,
    pub list: Vec<(String, P)>,
}

/// A value of a program.
#[derive(Clone, Debug, PartialEq)]
pub enum V {
    Unit,
    Bool(bool),
    Char(char),
    Int(i128),
    F32(f32),
    F64(f64),
    Str(String),
    List(Vec<V>),
    Map(Vec<(V, V)>),
    Option(Option<Box<V>>),
    /// Of tuples, arrays and records.
    Parts(Vec<V>),
    Variant(usize, Vec<V>),
    /// The object of this number; written where it is met first.
    Shared(usize, bool, Rc<V>),
    /// To an object that was written before, or to nothing.
    Weak(Option<(usize, Rc<V>)>),
}

/// The least and the greatest value of an integer; of `u128` as far as `i128` goes.
pub fn range(code: u8) -> (i128, i128) {
    match code {
        0x08 => (0, i128::MAX),
        0x0d => (i128::MIN, i128::MAX),
        0x04..0x08 => (0, (1 << (8 << (code - 0x04))) - 1),
        _ => (-1 << ((8 << (code - 0x09)) - 1), (1 << ((8 << (code - 0x09)) - 1)) - 1),
    }
}

const NAMES: [&str; 7] = ["r.A", "r.B", "r.Pair", "r.Kind", "r.Tree", "r.Point", "r.Gone"];
const FIELDS: [&str; 8] = ["a", "b", "c", "old", "x", "0", "1", "gone"];
const DEPTH: usize = 4;
/// Stands where types end that hold themselves: no list and no option has one.
const NOTHING: P = P::Tuple(Vec::new());

/// Any program.
fn any(c: &mut Choices<'_>, depth: usize) -> P {
    let inner = |c: &mut Choices<'_>| Box::new(any(c, depth.saturating_sub(1)));
    match c.below(if depth == 0 { 8 } else { 19 }) {
        0 | 1 => P::Int(0x04 + c.below(10) as u8),
        2 => P::Unit,
        3 => P::Bool,
        4 => P::Char,
        5 => P::F32,
        6 => P::F64,
        7 => P::Str,
        8 => P::List(inner(c)),
        9 => P::Map(Box::new((any(c, 0), any(c, depth - 1)))),
        10 => P::Option(inner(c)),
        11 => P::Tuple((0..c.below(4)).map(|_| any(c, depth - 1)).collect()),
        12 => P::Array(c.below(4), inner(c)),
        13 | 14 => P::Shared(inner(c)),
        15 | 16 => P::Record(c.of(&NAMES).into(), version(c), any_fields(c, depth - 1)),
        17 => P::Weak(inner(c)),
        _ => {
            let (name, variants) = (c.of(&NAMES), FIELDS.iter().take(1 + c.below(3)));
            let variants = variants.map(|name| (name.to_uppercase(), any_fields(c, depth - 1)));
            P::Enum(name.into(), variants.collect())
        }
    }
}

fn version(c: &mut Choices<'_>) -> u64 {
    [0, 1, 2, 3][c.below(4)]
}

fn any_fields(c: &mut Choices<'_>, depth: usize) -> Fields {
    let mut list: Vec<(String, P)> = Vec::new();
    for _ in 0..c.below(4) {
        let name = c.of(&FIELDS);
        if list.iter().all(|(other, _)| other != name) {
            list.push((name.into(), any(c, depth)));
        }
    }
    fields(c.below(2) == 0, list)
}

fn fields(named: bool, mut list: Vec<(String, P)>) -> Fields {
    if !named {
        for (at, (name, _)) in list.iter_mut().enumerate() {
            *name = at.to_string();
        }
    }
    Fields { named, list }
}

/// A program that one of our types may have had: mostly much like it.
pub fn earlier(n: &N, c: &mut Choices<'_>, depth: usize) -> P {
    if c.seldom() {
        return any(c, depth.min(2));
    }
    if c.seldom() {
        return P::Option(Box::new(earlier(n, c, depth)));
    }
    if c.seldom() {
        return P::Shared(Box::new(earlier(n, c, depth)));
    }
    if depth > DEPTH {
        return NOTHING;
    }
    let below = |of: &fn() -> N, c: &mut Choices<'_>| earlier(&of(), c, depth + 1);
    match n {
        N::Unit => P::Unit,
        N::Bool => P::Bool,
        N::Char => P::Char,
        N::Int(code) if c.below(3) > 0 => P::Int((0x04 + c.below(10) as u8).max(*code % 2)),
        N::Int(code) => P::Int(*code),
        N::F32 | N::F64 => c.of(&[P::F32, P::F64, P::Int(0x0c), P::Int(0x05)]),
        N::Str => P::Str,
        N::List(of) | N::Set(of) => match of() {
            N::Tuple(parts) if parts.len() == 2 && c.below(3) == 1 => {
                P::Map(Box::new((below(&parts[0], c), below(&parts[1], c))))
            }
            _ if c.below(4) == 3 => P::Array(c.below(4), Box::new(below(of, c))),
            _ => P::List(Box::new(below(of, c))),
        },
        N::Map(key, value) => {
            let pair = (below(key, c), below(value, c));
            match c.below(3) {
                2 => P::List(Box::new(P::Tuple(vec![pair.0, pair.1]))),
                _ => P::Map(Box::new(pair)),
            }
        }
        N::Option(of) if c.below(3) == 2 => below(of, c),
        N::Option(of) => P::Option(Box::new(below(of, c))),
        N::Tuple(parts) => P::Tuple(parts.iter().map(|part| below(part, c)).collect()),
        N::Array(length, of) if c.below(4) < 3 => P::Array(*length, Box::new(below(of, c))),
        N::Array(_, of) => P::List(Box::new(below(of, c))),
        N::Shared(_, of) if c.below(5) == 4 => below(of, c),
        N::Shared(_, of) => P::Shared(Box::new(below(of, c))),
        N::Weak(_, of) => P::Weak(Box::new(below(of, c))),
        N::Record(name, list, ..) => {
            let name = if c.seldom() { c.of(&NAMES) } else { name };
            let record = P::Record(name.into(), version(c), earlier_fields(list, c, depth));
            if !c.seldom() {
                return record;
            }
            let held = fields(c.below(2) == 0, vec![("a".into(), record)]);
            let unit = fields(true, Vec::new());
            P::Enum("r.Kind".into(), vec![("A".into(), unit), ("HELD".into(), held)])
        }
        N::Enum(name, variants) => {
            if let Some(variant) = variants.iter().find(|v| v.fields.len() == 1 && c.seldom()) {
                return below(&variant.fields[0].of, c);
            }
            let mut list: Vec<(String, Fields)> = Vec::new();
            for variant in variants.iter().filter(|variant| !variant.other) {
                let name = c.of(&[&[variant.name][..], variant.aliases].concat());
                if !c.seldom() {
                    list.push((name.into(), earlier_fields(&variant.fields, c, depth)));
                }
            }
            if list.is_empty() || c.below(4) == 3 {
                list.push(("LOST".into(), any_fields(c, 1)));
            }
            let turn = c.below(list.len());
            list.rotate_left(turn);
            P::Enum((*name).into(), list)
        }
    }
}

fn earlier_fields(ours: &[super::reading::Field], c: &mut Choices<'_>, depth: usize) -> Fields {
    let mut list: Vec<(String, P)> = Vec::new();
    for field in ours {
        let name =
            c.of(&[&[field.name.as_str()][..], field.aliases, &[field.name.as_str()]].concat());
        let of = match field.converts.is_empty() || c.below(2) == 0 {
            true => field.of,
            false => field.converts[c.below(field.converts.len())].0,
        };
        if !c.seldom() && list.iter().all(|(other, _)| other != name) {
            list.push((name.into(), earlier(&of(), c, depth + 1)));
        }
    }
    while c.below(3) == 2 {
        let name = c.of(&FIELDS);
        if list.iter().all(|(other, _)| other != name) {
            // Objects that others refer to stand in what is gone, too.
            let of = match c.below(2) {
                1 if !list.is_empty() => list[c.below(list.len())].1.clone(),
                _ => any(c, 2),
            };
            list.push((name.into(), of));
        }
    }
    if !list.is_empty() && c.below(2) == 1 {
        let turn = c.below(list.len());
        list.rotate_left(turn);
    }
    if c.below(2) == 1 && list.len() > 1 {
        let (a, b) = (c.below(list.len()), c.below(list.len()));
        list.swap(a, b);
    }
    let by_place = ours.iter().all(|field| field.name.parse::<u8>().is_ok());
    fields(by_place == (c.below(6) == 5), list)
}

/// The objects of a value in the making.
#[derive(Default)]
pub struct Made {
    next: usize,
    ended: Vec<(usize, P, Rc<V>)>,
}

/// Any value of a program.
pub fn value(p: &P, c: &mut Choices<'_>, made: &mut Made) -> V {
    match p {
        P::Unit => V::Unit,
        P::Bool => V::Bool(c.below(2) == 1),
        P::Char => V::Char(c.of(&['a', 'Z', '\u{1F980}'])),
        P::Int(code) => {
            let (least, most) = range(*code);
            let all = [
                1,
                0,
                2,
                -1,
                127,
                128,
                -128,
                -129,
                255,
                256,
                65_535,
                65_536,
                1 << 24,
                (1 << 24) + 1,
                1 << 31,
                -1 << 31,
                (1 << 53) - 1,
                (1 << 53) + 1,
                1 << 63,
                1 << 64,
                least,
                most,
            ];
            let number = if c.below(4) < 3 { c.of(&all[..3]) } else { c.of(&all) };
            V::Int(if number < least || number > most { 5 } else { number })
        }
        P::F32 => V::F32(c.of(&[1.5, -0.0, 0.1, 1e30, f32::INFINITY, f32::NAN])),
        P::F64 => V::F64(c.of(&[1.5, -0.0, 0.1, 16_777_217.0, 1e300, f64::NEG_INFINITY, f64::NAN])),
        P::Str => V::Str(c.of(&["", "a", "12", "na\u{EF}ve"]).into()),
        P::List(of) if **of == NOTHING => V::List(Vec::new()),
        P::Option(of) if **of == NOTHING => V::Option(None),
        P::List(of) => V::List((0..c.below(4)).map(|_| value(of, c, made)).collect()),
        P::Map(of) => {
            let mut entries: Vec<(V, V)> = Vec::new();
            for _ in 0..c.below(4) {
                // No map that was written has a key twice.
                let next = made.next;
                let key = value(&of.0, c, made);
                if made.next > next || entries.iter().all(|(other, _)| !same_key(other, &key)) {
                    entries.push((key, value(&of.1, c, made)));
                }
            }
            V::Map(entries)
        }
        P::Option(of) => V::Option((c.below(3) < 2).then(|| Box::new(value(of, c, made)))),
        P::Tuple(parts) => V::Parts(parts.iter().map(|part| value(part, c, made)).collect()),
        P::Array(length, of) => V::Parts((0..*length).map(|_| value(of, c, made)).collect()),
        P::Record(.., fields) => V::Parts(values(fields, c, made)),
        P::Enum(_, variants) => {
            let number = c.below(variants.len());
            V::Variant(number, values(&variants[number].1, c, made))
        }
        P::Weak(of) => {
            let known: Vec<_> = made.ended.iter().filter(|(_, other, _)| *other == **of).collect();
            let choice = c.below(known.len() + 1).checked_sub(1);
            V::Weak(choice.map(|at| (known[at].0, known[at].2.clone())))
        }
        P::Shared(of) => {
            let known: Vec<_> = made.ended.iter().filter(|(_, other, _)| *other == **of).collect();
            if !known.is_empty() && c.below(3) > 0 {
                let (number, _, content) = known[c.below(known.len())];
                return V::Shared(*number, false, content.clone());
            }
            let number = made.next;
            made.next += 1;
            let content = Rc::new(value(of, c, made));
            made.ended.push((number, (**of).clone(), content.clone()));
            V::Shared(number, true, content)
        }
    }
}

fn values(fields: &Fields, c: &mut Choices<'_>, made: &mut Made) -> Vec<V> {
    fields.list.iter().map(|(_, of)| value(of, c, made)).collect()
}

/// As numbers and pointers are compared: no map has both.
fn same_key(a: &V, b: &V) -> bool {
    format!("{a:?}").replace("true", "false") == format!("{b:?}").replace("true", "false")
}

/// The stream of a value; with all its lists in columns that can lie there, where that is asked for.
pub fn stream(p: &P, v: &V, columns: bool) -> Vec<u8> {
    let mut table = Table::default();
    let root = table.place(p);
    let mut content = Vec::new();
    varint(table.definitions.len() as u128, &mut content);
    for definition in &table.definitions {
        content.extend(definition.as_ref().expect("each was written"));
    }
    varint(root, &mut content);
    let mut rest = Vec::new();
    varint(content.len() as u128, &mut rest);
    rest.extend(content);
    Writing { columns }.write(p, v, &mut rest);
    rest.push(0x2e);
    let mut stream = vec![0x8f, 0x52, 0x44, 1, 0];
    stream.extend(u32::try_from(rest.len()).unwrap().to_le_bytes());
    stream.extend(rest);
    stream
}

/// The definitions of types, each once.
#[derive(Default)]
struct Table {
    places: Vec<P>,
    definitions: Vec<Option<Vec<u8>>>,
}

impl Table {
    fn place(&mut self, p: &P) -> u128 {
        match p {
            P::Unit => return 0x01,
            P::Bool => return 0x02,
            P::Char => return 0x03,
            P::Int(code) => return u128::from(*code),
            P::F32 => return 0x0e,
            P::F64 => return 0x0f,
            P::Str => return 0x10,
            _ => {}
        }
        if let Some(at) = self.places.iter().position(|other| other == p) {
            return 0x40 + at as u128;
        }
        let at = self.places.len();
        self.places.push(p.clone());
        self.definitions.push(None);
        let mut out = Vec::new();
        let mut one = |code: u8, of: &P, out: &mut Vec<u8>| {
            out.push(code);
            let of = self.place(of);
            varint(of, out);
        };
        match p {
            P::List(of) => one(0x42, of, &mut out),
            P::Option(of) => one(0x44, of, &mut out),
            P::Shared(of) => one(0x47, of, &mut out),
            P::Weak(of) => one(0x48, of, &mut out),
            P::Map(of) => {
                one(0x43, &of.0, &mut out);
                let value = self.place(&of.1);
                varint(value, &mut out);
            }
            P::Array(length, of) => {
                out.push(0x46);
                varint(*length as u128, &mut out);
                let of = self.place(of);
                varint(of, &mut out);
            }
            P::Tuple(parts) => {
                out.push(0x45);
                varint(parts.len() as u128, &mut out);
                for part in parts {
                    let part = self.place(part);
                    varint(part, &mut out);
                }
            }
            P::Record(name, version, fields) => {
                out.push(0x40);
                text(name, &mut out);
                varint(u128::from(*version), &mut out);
                self.fields(fields, &mut out);
            }
            P::Enum(name, variants) => {
                out.push(0x41);
                text(name, &mut out);
                out.push(0);
                varint(variants.len() as u128, &mut out);
                for (name, fields) in variants {
                    text(name, &mut out);
                    self.fields(fields, &mut out);
                }
            }
            _ => unreachable!("a primitive has no place"),
        }
        self.definitions[at] = Some(out);
        0x40 + at as u128
    }

    fn fields(&mut self, fields: &Fields, out: &mut Vec<u8>) {
        varint((fields.list.len() as u128) << 2 | u128::from(fields.named), out);
        for (name, of) in &fields.list {
            if fields.named {
                text(name, out);
            }
            let of = self.place(of);
            varint(of, out);
        }
    }
}

/// Writes values.
struct Writing {
    columns: bool,
}

impl Writing {
    fn write(&self, p: &P, v: &V, out: &mut Vec<u8>) {
        match (p, v) {
            (P::Unit, V::Unit) => {}
            (P::Bool, V::Bool(value)) => out.push(u8::from(*value)),
            (P::Char, V::Char(value)) => varint(u128::from(u32::from(*value)), out),
            (P::Int(0x04), V::Int(value)) => out.push(*value as u8),
            (P::Int(0x09), V::Int(value)) => out.push(*value as i8 as u8),
            (P::Int(0x05..=0x08), V::Int(value)) => varint(*value as u128, out),
            (P::Int(_), V::Int(value)) => varint(((value << 1) ^ (value >> 127)) as u128, out),
            (P::F32, V::F32(value)) => out.extend(value.to_le_bytes()),
            (P::F64, V::F64(value)) => out.extend(value.to_le_bytes()),
            (P::Str, V::Str(value)) => text(value, out),
            (P::List(of), V::List(values)) if self.columns && lies_in_columns(of) => {
                varint(values.len() as u128 * 2 + 1, out);
                out.push(0x30);
                let mut blocks = Vec::new();
                column(of, &values.iter().collect::<Vec<_>>(), &mut blocks);
                varint(blocks.len() as u128, out);
                out.extend(blocks);
            }
            (P::List(of), V::List(values)) => {
                varint(values.len() as u128 * 2, out);
                values.iter().for_each(|value| self.write(of, value, out));
            }
            (P::Map(of), V::Map(entries)) => {
                varint(entries.len() as u128 * 2, out);
                for (key, value) in entries {
                    self.write(&of.0, key, out);
                    self.write(&of.1, value, out);
                }
            }
            (P::Option(_), V::Option(None)) => out.push(0),
            (P::Option(of), V::Option(Some(value))) => {
                out.push(1);
                self.write(of, value, out);
            }
            (P::Tuple(parts), V::Parts(values)) => {
                parts.iter().zip(values).for_each(|(part, value)| self.write(part, value, out));
            }
            (P::Array(_, of), V::Parts(values)) => {
                values.iter().for_each(|value| self.write(of, value, out))
            }
            (P::Record(.., fields), V::Parts(values)) => self.write_fields(fields, values, out),
            (P::Enum(_, variants), V::Variant(number, values)) => {
                varint(*number as u128, out);
                self.write_fields(&variants[*number].1, values, out);
            }
            (P::Shared(of), V::Shared(_, true, value)) => {
                out.push(0x21);
                self.write(of, value, out);
            }
            (P::Weak(_), V::Weak(None)) => out.push(0x28),
            (P::Shared(_), V::Shared(number, false, _))
            | (P::Weak(_), V::Weak(Some((number, _)))) => {
                out.push(0x20);
                varint(*number as u128, out);
            }
            _ => unreachable!("{v:?} is of {p:?}"),
        }
    }

    fn write_fields(&self, fields: &Fields, values: &[V], out: &mut Vec<u8>) {
        fields.list.iter().zip(values).for_each(|((_, of), value)| self.write(of, value, out));
    }
}

/// Whether values of a program can lie in columns: no objects.
pub fn lies_in_columns(p: &P) -> bool {
    match p {
        P::Shared(_) | P::Weak(_) => false,
        P::List(of) | P::Option(of) | P::Array(_, of) => lies_in_columns(of),
        P::Map(of) => lies_in_columns(&of.0) && lies_in_columns(&of.1),
        P::Tuple(parts) => parts.iter().all(lies_in_columns),
        P::Record(.., fields) => fields.list.iter().all(|(_, of)| lies_in_columns(of)),
        P::Enum(_, variants) => {
            variants.iter().all(|(_, fields)| fields.list.iter().all(|(_, of)| lies_in_columns(of)))
        }
        _ => true,
    }
}

/// The column of so many values of a program: nothing, where there are none. Blocks have their words as they are.
fn column(p: &P, rows: &[&V], out: &mut Vec<u8>) {
    if rows.is_empty() {
        return;
    }
    let parts = |v: &V| match v {
        V::Parts(parts) | V::List(parts) => parts.clone(),
        _ => unreachable!("{v:?} has no parts"),
    };
    match p {
        P::Unit => {}
        P::Bool => {
            out.push(0x40);
            out.extend(rows.iter().map(|v| u8::from(**v == V::Bool(true))));
        }
        P::Char => words(
            rows.iter().map(|v| match v {
                V::Char(value) => u32::from(*value),
                _ => unreachable!("{v:?} is no char"),
            }),
            out,
        ),
        P::F32 => words(
            rows.iter().map(|v| match v {
                V::F32(value) => value.to_bits(),
                _ => unreachable!("{v:?} is no f32"),
            }),
            out,
        ),
        P::F64 => {
            out.push(0x40);
            rows.iter().for_each(|v| match v {
                V::F64(value) => out.extend(value.to_le_bytes()),
                _ => unreachable!("{v:?} is no f64"),
            });
        }
        P::Int(code) => {
            let numbers = rows.iter().map(|v| match v {
                V::Int(value) => value.to_le_bytes(),
                _ => unreachable!("{v:?} is no number"),
            });
            let width = 1usize << ((code - 0x04) % 5);
            if width < 16 {
                out.push(0x40);
                numbers.for_each(|bytes| out.extend(&bytes[..width]));
            } else {
                // The upper and the lower halves are a block each.
                out.push(0x83);
                for half in [8..16, 0..8] {
                    out.push(0x40);
                    numbers.clone().for_each(|bytes| out.extend(&bytes[half.clone()]));
                }
            }
        }
        P::Str => {
            let strs: Vec<Vec<u8>> = rows
                .iter()
                .map(|v| match v {
                    V::Str(value) => value.as_bytes().to_vec(),
                    _ => unreachable!("{v:?} is no text"),
                })
                .collect();
            texts(&strs, out);
        }
        P::List(of) if **of == P::Int(0x04) => {
            let lists: Vec<Vec<u8>> = rows
                .iter()
                .map(|v| {
                    parts(v)
                        .iter()
                        .map(|v| match v {
                            V::Int(value) => *value as u8,
                            _ => unreachable!("{v:?} is no byte"),
                        })
                        .collect()
                })
                .collect();
            texts(&lists, out);
        }
        P::List(of) => {
            let lists: Vec<Vec<V>> = rows.iter().map(|v| parts(v)).collect();
            let elements: Vec<&V> = lists.iter().flatten().collect();
            varint(elements.len() as u128, out);
            words(lists.iter().map(|list| list.len() as u32), out);
            column(of, &elements, out);
        }
        P::Map(of) => {
            let maps: Vec<&Vec<(V, V)>> = rows
                .iter()
                .map(|v| match v {
                    V::Map(entries) => entries,
                    _ => unreachable!("{v:?} is no map"),
                })
                .collect();
            varint(maps.iter().map(|map| map.len()).sum::<usize>() as u128, out);
            words(maps.iter().map(|map| map.len() as u32), out);
            let entries = || maps.iter().flat_map(|map| map.iter());
            column(&of.0, &entries().map(|(key, _)| key).collect::<Vec<_>>(), out);
            column(&of.1, &entries().map(|(_, value)| value).collect::<Vec<_>>(), out);
        }
        P::Option(of) => {
            let held: Vec<&V> = rows
                .iter()
                .filter_map(|v| match v {
                    V::Option(Some(value)) => Some(&**value),
                    _ => None,
                })
                .collect();
            varint(held.len() as u128, out);
            out.push(0x40);
            out.extend(rows.iter().map(|v| u8::from(matches!(v, V::Option(Some(_))))));
            column(of, &held, out);
        }
        P::Array(_, of) => {
            let arrays: Vec<Vec<V>> = rows.iter().map(|v| parts(v)).collect();
            column(of, &arrays.iter().flatten().collect::<Vec<_>>(), out);
        }
        P::Tuple(all) => {
            let rows: Vec<Vec<V>> = rows.iter().map(|v| parts(v)).collect();
            columns(all.iter(), &rows, out);
        }
        P::Record(.., fields) => {
            let rows: Vec<Vec<V>> = rows.iter().map(|v| parts(v)).collect();
            columns(fields.list.iter().map(|(_, of)| of), &rows, out);
        }
        P::Enum(_, variants) => {
            let of = |v: &V| match v {
                V::Variant(number, fields) => (*number, fields.clone()),
                _ => unreachable!("{v:?} is no variant"),
            };
            out.push(0x40);
            out.extend(rows.iter().map(|v| of(v).0 as u8));
            for (number, (_, fields)) in variants.iter().enumerate() {
                if fields.list.is_empty() {
                    continue;
                }
                let rows = rows.iter().map(|v| of(v)).filter(|(other, _)| *other == number);
                let rows: Vec<Vec<V>> = rows.map(|(_, fields)| fields).collect();
                varint(rows.len() as u128, out);
                columns(fields.list.iter().map(|(_, of)| of), &rows, out);
            }
        }
        P::Shared(_) | P::Weak(_) => unreachable!("objects lie in rows"),
    }
}

/// The columns of the parts of so many values.
fn columns<'p>(parts: impl Iterator<Item = &'p P>, rows: &[Vec<V>], out: &mut Vec<u8>) {
    for (place, of) in parts.enumerate() {
        column(of, &rows.iter().map(|row| &row[place]).collect::<Vec<_>>(), out);
    }
}

/// A block of words of 32 bits.
fn words(words: impl Iterator<Item = u32>, out: &mut Vec<u8>) {
    out.push(0x40);
    words.for_each(|word| out.extend(word.to_le_bytes()));
}

/// A block of texts.
fn texts(texts: &[Vec<u8>], out: &mut Vec<u8>) {
    out.push(0);
    varint(texts.iter().map(Vec::len).sum::<usize>() as u128, out);
    texts.iter().for_each(|text| out.extend(text));
    words(texts.iter().map(|text| text.len() as u32), out);
}

fn text(text: &str, out: &mut Vec<u8>) {
    varint(text.len() as u128, out);
    out.extend(text.as_bytes());
}

/// The text of a program, as `reduce_core::schema` reads it, whose root is called `S`.
pub fn schema(p: &P) -> String {
    let mut declared = Vec::new();
    let root = spelled(p, &mut declared);
    let mut text = format!("root {root} as S\n");
    let mut next = 0;
    while let Some(of) = declared.get(next).cloned() {
        next += 1;
        let name = spelled(&of, &mut declared);
        match of {
            P::Record(_, version, fields) => {
                if version > 0 {
                    text += &format!("#[version = {version}]\n");
                }
                text += &format!("struct {name}{}\n", listed(&fields, &mut declared));
            }
            P::Enum(_, variants) => {
                text += &format!("enum {name} {{\n");
                for (name, fields) in variants {
                    text += &format!("{name}{},\n", listed(&fields, &mut declared));
                }
                text += "}\n";
            }
            _ => unreachable!("no other type is declared"),
        }
    }
    text
}

fn listed(fields: &Fields, declared: &mut Vec<P>) -> String {
    let (open, close) = if fields.named { ("{", "}") } else { ("(", ")") };
    if fields.list.is_empty() {
        return if fields.named { " {}".into() } else { String::new() };
    }
    let list = fields.list.iter().map(|(name, of)| format!("{name}: {},\n", spelled(of, declared)));
    format!(" {open}\n{}{close}", list.collect::<String>())
}

fn spelled(p: &P, declared: &mut Vec<P>) -> String {
    const INTEGERS: [&str; 10] =
        ["u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64", "i128"];
    let mut of = |p: &P| spelled(p, declared);
    match p {
        P::Unit => "unit".into(),
        P::Bool => "bool".into(),
        P::Char => "char".into(),
        P::Int(code) => INTEGERS[usize::from(code - 0x04)].into(),
        P::F32 => "f32".into(),
        P::F64 => "f64".into(),
        P::Str => "str".into(),
        P::List(inner) => format!("list<{}>", of(inner)),
        P::Map(inner) => format!("map<{}, {}>", of(&inner.0), of(&inner.1)),
        P::Option(inner) => format!("option<{}>", of(inner)),
        P::Shared(inner) => format!("shared<{}>", of(inner)),
        P::Weak(inner) => format!("weak<{}>", of(inner)),
        P::Array(length, inner) => format!("array<{}; {length}>", of(inner)),
        P::Tuple(parts) => {
            format!("tuple<{}>", parts.iter().map(of).collect::<Vec<_>>().join(", "))
        }
        P::Record(name, ..) | P::Enum(name, _) => {
            let named =
                |other: &&P| matches!(other, P::Record(of, ..) | P::Enum(of, _) if of == name);
            let alike: Vec<_> = declared.iter().filter(named).collect();
            match alike.iter().position(|other| *other == p) {
                Some(0) => name.clone(),
                Some(at) => format!("{name}#{}", at + 1),
                None => {
                    let number = alike.len() + 1;
                    declared.push(p.clone());
                    if number == 1 { name.clone() } else { format!("{name}#{number}") }
                }
            }
        }
    }
}

/// Whether every value has all parts that the program has.
pub fn is_fixed(p: &P) -> bool {
    match p {
        P::List(_) | P::Map(_) | P::Option(_) | P::Weak(_) | P::Enum(..) => false,
        P::Array(length, of) => *length > 0 && is_fixed(of),
        P::Tuple(parts) => parts.iter().all(is_fixed),
        P::Shared(of) => is_fixed(of),
        P::Record(.., fields) => fields.list.iter().all(|(_, of)| is_fixed(of)),
        _ => true,
    }
}
