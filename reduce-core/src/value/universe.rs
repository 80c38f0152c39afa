//! The types of all values of one dump: tables of several streams side by side, and what was changed since.
//!
//! What type a value has is found in `infer`; here types are compared, and get their places in a stream's table.

use super::Record;
use super::object::Graph;
use super::types::{Def, FieldDefs, Number, Table, Type, number, place};
use crate::error::{Error, ErrorKind};
use crate::limits::{MAX_DEFINITIONS, MAX_NAME};
use crate::opcode;
use crate::program::{FIELD_FLAGS, NAMED_FIELDS, STATE_FIELDS, Types};
use crate::varint;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

/// A value of any type, as a type.
pub(super) const VALUE: Number = opcode::VALUE as Number;

/// The first and the last of the integers of fixed width.
pub(super) const U16_FIXED: Number = opcode::U16_FIXED as Number;
pub(super) const I128_FIXED: Number = opcode::I128_FIXED as Number;

/// Types by numbers that mean the same throughout one dump.
#[derive(Clone, Default)]
pub(crate) struct Universe {
    defs: Vec<Def>,
    /// The tables that the definitions come from, and how much further on theirs begin.
    tables: BTreeMap<usize, (Arc<Table>, Number)>,
    /// Where a definition comes from: the same for all of one table. Nothing for one that was made here.
    origins: Vec<Option<Number>>,
    /// Those that were made here.
    made: BTreeMap<Def, Number>,
    /// Where types stand in the stream's table.
    places: BTreeMap<Number, u64>,
    /// Records and enums that have a place, by name.
    named: BTreeMap<Arc<str>, Vec<Number>>,
    /// A name was met that no reader would take.
    long_name: bool,
    /// The types of objects that were never loaded. Those are kept alive, for they are known by their addresses.
    objects: BTreeMap<(usize, usize), (Arc<Graph>, Number)>,
}

impl Universe {
    pub(super) fn def(&self, of: Number) -> Option<&Def> {
        self.defs.get(place(of)?)
    }

    /// The number of a type that a value was loaded with.
    pub(super) fn import(&mut self, of: &Type) -> Number {
        let Some(table) = of.table() else { return of.number() };
        let address = Arc::as_ptr(table).addr();
        let by = match self.tables.get(&address) {
            Some((_, by)) => *by,
            None => {
                let by = number(self.defs.len()).saturating_sub(number(0));
                self.defs.extend(table.defs.iter().map(|def| def.clone().shifted(by)));
                self.origins.resize(self.defs.len(), Some(by));
                self.tables.insert(address, (table.clone(), by));
                by
            }
        };
        of.number().saturating_add(by)
    }

    /// The number of a definition of ours.
    pub(super) fn make(&mut self, def: Def) -> Number {
        if let Some(known) = self.made.get(&def) {
            return *known;
        }
        let at = number(self.defs.len());
        self.defs.push(def.clone());
        self.origins.push(None);
        self.made.insert(def, at);
        at
    }

    /// The type of an object that was never loaded.
    pub(super) fn object(&self, id: (usize, usize)) -> Option<Number> {
        self.objects.get(&id).map(|(_, of)| *of)
    }

    pub(super) fn know_object(&mut self, id: (usize, usize), graph: Arc<Graph>, of: Number) {
        self.objects.insert(id, (graph, of));
    }

    /// Whether two types are the same all the way down.
    pub(super) fn same(&self, a: Number, b: Number) -> bool {
        if a == b {
            return true;
        }
        let (mut seen, mut left) = (BTreeSet::new(), vec![(a, b)]);
        while let Some((a, b)) = left.pop() {
            if a == b || !seen.insert((a, b)) {
                continue;
            }
            match (self.def(a), self.def(b)) {
                (Some(x), Some(y)) if x.like(y) => left.extend(x.parts().zip(y.parts())),
                _ => return false,
            }
        }
        true
    }

    /// The place of a type that has one.
    pub(super) fn placed(&self, of: Number) -> Option<u64> {
        self.places.get(&of).copied()
    }

    /// The place of a type in a stream's table, where it is added if it is new: in the order of SPEC.md, without recursion.
    pub(crate) fn place(&mut self, root: Number, types: &mut Types) -> u64 {
        let mut open = Placing::default();
        let mut found = self.enter(root, types, &mut open);
        loop {
            let Some(top) = open.stack.last_mut() else { return found.unwrap_or_default() };
            if let Some(at) = found.take() {
                varint::push(&mut top.content, at);
            }
            match top.pieces.next() {
                Some(Piece::Bytes(bytes)) => top.content.extend_from_slice(&bytes),
                Some(Piece::Part(of)) => found = self.enter(of, types, &mut open),
                None => {
                    let Some(done) = open.stack.pop() else { continue };
                    let reserved = open.places.remove(&done.of).flatten();
                    let at = match reserved {
                        Some(at) => {
                            types.fill(at, done.content);
                            at
                        }
                        None => types.place(done.content),
                    };
                    self.places.insert(done.of, at);
                    found = Some(at);
                }
            }
        }
    }

    /// Whether readers would take the types that have a place.
    pub(super) fn within_limits(&self, types: &Types) -> Result<(), Error> {
        let message = if self.long_name {
            "a name of a type, a field or a variant of the value is longer than 1,024 bytes"
        } else if types.count() as u64 > u64::from(MAX_DEFINITIONS) {
            "the value is of more than 65,536 types"
        } else {
            return Ok(());
        };
        Err(Error::new(ErrorKind::Limit, message))
    }

    /// The place of a type that has one; else its definition is begun.
    fn enter(&mut self, of: Number, types: &mut Types, open: &mut Placing) -> Option<u64> {
        let Some(def) = self.def(of) else { return Some(u64::from(of)) };
        if let Some(at) = self.places.get(&of) {
            return Some(*at);
        }
        if let Some(reserved) = open.places.get_mut(&of) {
            return Some(*reserved.get_or_insert_with(|| types.reserve()));
        }
        let mut reserved = None;
        let long_name = def.names().any(|name| name.len() > MAX_NAME);
        let pieces = pieces(def).into_iter();
        if let Def::Record { name, .. } | Def::Enum { name, .. } = def {
            let name = name.clone();
            if let Some(at) = self.elsewhere(of, &name) {
                self.places.insert(of, at);
                return Some(at);
            }
            let at = types.reserve();
            reserved = Some(at);
            self.places.insert(of, at);
            self.named.entry(name).or_default().push(of);
        }
        self.long_name |= long_name;
        open.places.insert(of, reserved);
        open.stack.push(Definition { of, content: Vec::new(), pieces });
        None
    }

    /// The place of the same type from another table.
    fn elsewhere(&self, of: Number, name: &str) -> Option<u64> {
        let origin = |of| place(of).and_then(|place| self.origins.get(place).copied()).flatten();
        let ours = origin(of);
        let others = self.named.get(name)?.iter();
        // Two definitions of one table are two types.
        let mut others = others.filter(|other| ours.is_none() || origin(**other) != ours);
        let same = others.find(|other| self.same(of, **other))?;
        self.places.get(same).copied()
    }
}

/// Definitions that are being written.
#[derive(Default)]
struct Placing {
    stack: Vec<Definition>,
    /// The same by their numbers, with the places of those that have one already.
    places: BTreeMap<Number, Option<u64>>,
}

struct Definition {
    of: Number,
    content: Vec<u8>,
    pieces: vec::IntoIter<Piece>,
}

/// A piece of a definition's bytes.
enum Piece {
    Bytes(Vec<u8>),
    Part(Number),
}

fn pieces(def: &Def) -> Vec<Piece> {
    let mut out = Pieces { done: Vec::new(), bytes: Vec::new() };
    match def {
        Def::Record { name, version, fields, state } => {
            out.head(opcode::RECORD, name, *version);
            let has_state = !state.fields.is_empty();
            out.fields(fields, if has_state { STATE_FIELDS } else { 0 });
            if has_state {
                out.fields(state, 0);
            }
        }
        Def::Enum { name, version, variants } => {
            out.head(opcode::ENUM, name, *version);
            varint::push(&mut out.bytes, variants.len() as u64);
            for (name, fields) in variants {
                varint::push_str(&mut out.bytes, name);
                out.fields(fields, 0);
            }
        }
        Def::List(of) => out.structural(opcode::LIST, &[*of]),
        Def::Map(key, value) => out.structural(opcode::MAP, &[*key, *value]),
        Def::Option(of) => out.structural(opcode::OPTION, &[*of]),
        Def::Shared(of) => out.structural(opcode::SHARED, &[*of]),
        Def::Weak(of) => out.structural(opcode::WEAK, &[*of]),
        Def::Persistent(of) => out.structural(opcode::PERSISTENT, &[*of]),
        Def::Dispatch => out.bytes.push(opcode::DISPATCH),
        Def::Dyn(name) => {
            out.bytes.push(opcode::DYN);
            varint::push_str(&mut out.bytes, name);
        }
        Def::Tuple(parts) => {
            out.bytes.push(opcode::TUPLE);
            varint::push(&mut out.bytes, parts.len() as u64);
            parts.iter().for_each(|of| out.part(*of));
        }
        Def::Array(length, of) => {
            out.bytes.push(opcode::ARRAY);
            varint::push(&mut out.bytes, *length);
            out.part(*of);
        }
        // No value is of such a type.
        Def::Named(..) | Def::Coded(..) => {}
    }
    let Pieces { mut done, bytes } = out;
    done.push(Piece::Bytes(bytes));
    done
}

struct Pieces {
    done: Vec<Piece>,
    bytes: Vec<u8>,
}

impl Pieces {
    fn head(&mut self, code: u8, name: &str, version: u64) {
        self.bytes.push(code);
        varint::push_str(&mut self.bytes, name);
        varint::push(&mut self.bytes, version);
    }

    fn part(&mut self, of: Number) {
        self.done.push(Piece::Bytes(core::mem::take(&mut self.bytes)));
        self.done.push(Piece::Part(of));
    }

    fn structural(&mut self, code: u8, parts: &[Number]) {
        self.bytes.push(code);
        parts.iter().for_each(|of| self.part(*of));
    }

    fn fields(&mut self, list: &FieldDefs, flags: u64) {
        let named = if list.named { NAMED_FIELDS } else { 0 };
        varint::push(&mut self.bytes, (list.fields.len() as u64) << FIELD_FLAGS | named | flags);
        for (name, of) in &list.fields {
            if list.named {
                varint::push_str(&mut self.bytes, name);
            }
            self.part(*of);
        }
    }
}

impl Def {
    /// The names in it.
    fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        let (own, lists, variants) = match self {
            Def::Record { name, fields, state, .. } => {
                (Some(name), [Some(fields), Some(state)], &[][..])
            }
            Def::Enum { name, variants, .. } => (Some(name), [None, None], &variants[..]),
            Def::Dyn(name) | Def::Named(name, _) => (Some(name), [None, None], &[][..]),
            _ => (None, [None, None], &[][..]),
        };
        let inner = variants.iter().map(|(_, list): &(Arc<str>, FieldDefs)| list);
        let fields = lists.into_iter().flatten().chain(inner).flat_map(|list| &list.fields);
        own.into_iter()
            .chain(variants.iter().map(|(name, _)| name))
            .chain(fields.map(|(name, _)| name))
    }

    /// The types that it refers to, in order.
    pub(super) fn parts(&self) -> impl Iterator<Item = Number> {
        let none: &[(Arc<str>, Number)] = &[];
        let (fields, state, variants, tuple, pair) = match self {
            Def::Record { fields, state, .. } => {
                (&fields.fields[..], &state.fields[..], &[][..], &[][..], [None, None])
            }
            Def::Enum { variants, .. } => (none, none, &variants[..], &[][..], [None, None]),
            Def::Tuple(parts) => (none, none, &[][..], &parts[..], [None, None]),
            Def::Map(key, value) => (none, none, &[][..], &[][..], [Some(*key), Some(*value)]),
            Def::List(of)
            | Def::Option(of)
            | Def::Array(_, of)
            | Def::Shared(of)
            | Def::Weak(of)
            | Def::Persistent(of)
            | Def::Named(_, of)
            | Def::Coded(_, of) => (none, none, &[][..], &[][..], [Some(*of), None]),
            Def::Dyn(_) | Def::Dispatch => (none, none, &[][..], &[][..], [None, None]),
        };
        let variants = variants.iter().flat_map(|(_, list): &(Arc<str>, FieldDefs)| &list.fields);
        let fields = fields.iter().chain(state).chain(variants).map(|(_, of)| *of);
        fields.chain(tuple.iter().copied()).chain(pair.into_iter().flatten())
    }

    /// Whether they are the same but for the types that they refer to.
    pub(super) fn like(&self, other: &Def) -> bool {
        let fields = |a: &FieldDefs, b: &FieldDefs| {
            let mut pairs = a.fields.iter().zip(&b.fields);
            a.named == b.named
                && a.fields.len() == b.fields.len()
                && pairs.all(|((a, _), (b, _))| a == b)
        };
        match (self, other) {
            (
                Def::Record { name: a, version: v, fields: af, state: asf },
                Def::Record { name: b, version: w, fields: bf, state: bsf },
            ) => a == b && v == w && fields(af, bf) && fields(asf, bsf),
            (
                Def::Enum { name: a, version: v, variants: av },
                Def::Enum { name: b, version: w, variants: bv },
            ) => {
                let mut pairs = av.iter().zip(bv);
                a == b
                    && v == w
                    && av.len() == bv.len()
                    && pairs.all(|((a, af), (b, bf))| a == b && fields(af, bf))
            }
            (Def::Tuple(a), Def::Tuple(b)) => a.len() == b.len(),
            (Def::Array(a, _), Def::Array(b, _)) => a == b,
            (Def::Dyn(a), Def::Dyn(b)) => a == b,
            (Def::List(_), Def::List(_))
            | (Def::Map(..), Def::Map(..))
            | (Def::Option(_), Def::Option(_))
            | (Def::Shared(_), Def::Shared(_))
            | (Def::Weak(_), Def::Weak(_))
            | (Def::Persistent(_), Def::Persistent(_))
            | (Def::Dispatch, Def::Dispatch) => true,
            _ => false,
        }
    }
}

/// The fields of a record as definitions, their types in order: the kept ones, and the state.
pub(super) fn field_defs(record: &Record, types: &[Number]) -> (FieldDefs, FieldDefs) {
    let shape = &record.shape;
    let list = |state: bool, empty: bool| {
        let fields = shape.fields.iter().zip(types).enumerate();
        let fields: Vec<_> = fields.filter(|(_, (field, _))| field.state == state).collect();
        let named = match fields.is_empty() {
            true => empty,
            false => fields.iter().any(|(_, (field, _))| field.name.is_some()),
        };
        let name = |place: usize, name: &Option<Arc<str>>| match name {
            Some(name) => name.clone(),
            None if named => format!("{place}").into(),
            None => Arc::from(""),
        };
        let fields = fields.into_iter();
        let fields = fields.map(|(place, (field, of))| (name(place, &field.name), *of)).collect();
        FieldDefs { named, fields }
    };
    // A definition without state says nothing of its fields' names.
    let state = list(true, false);
    (list(false, shape.named), state)
}
