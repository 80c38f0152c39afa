//! Writes the program of a type, with those of all types below it, from their descriptions.

use super::def::{DefFn, Fields, Kind, TypeDef};
use super::{FIELD_FLAGS, FIRST_INDEX, NAMED_FIELDS, Program, STATE_FIELDS, fingerprint};
use crate::opcode;
use crate::varint;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::TypeId;
use once_cell::race::OnceBox;

/// Builds the program of a type.
pub(super) fn build(root: &'static TypeDef) -> Program {
    let mut types = Types::default();
    let root = types.type_ref(root);
    Program::new(types, root)
}

impl Program {
    /// The program of a type, by its place among all types below it.
    pub(crate) fn new(types: Types, root: u64) -> Self {
        let mut content = Vec::new();
        types.write(0, &mut content);
        varint::push(&mut content, root);
        let mut block = Vec::with_capacity(content.len().saturating_add(varint::MAX_LEN));
        varint::push(&mut block, content.len() as u64);
        block.extend_from_slice(&content);
        let fingerprint = fingerprint(&block);
        let (rebuilds, adapts, has_value) = (types.rebuilds, types.adapts, types.has_value);
        let (block, types, table) = (block.into(), Arc::new(types), OnceBox::new());
        Program { block, fingerprint, rebuilds, adapts, has_value, types, table }
    }
}

/// A table of types in the making.
///
/// Types with names get their place in the table before those below them; all others afterwards, and only once
/// for each content, so that `Vec<u8>` and `VecDeque<u8>` are one definition.
#[derive(Debug, Default)]
pub(crate) struct Types {
    /// The table that this one continues.
    base: Option<Arc<Types>>,
    definitions: Vec<Vec<u8>>,
    /// Types that have a place.
    index: BTreeMap<TypeId, u64>,
    /// Unnamed types by content.
    by_content: BTreeMap<Vec<u8>, u64>,
    /// Unnamed types that are being written. One that occurs inside itself gets its place there and then.
    open: BTreeMap<TypeId, Option<u64>>,
    /// Types seen on the way to a program of another type.
    resolving: BTreeSet<TypeId>,
    rebuilds: bool,
    adapts: bool,
    /// A type among them is a value of any type.
    has_value: bool,
}

impl Types {
    /// A table that continues the one of a program.
    pub(crate) fn over(base: Arc<Types>) -> Self {
        Types { base: Some(base), ..Types::default() }
    }

    /// How many definitions it has of its own.
    pub(crate) fn len(&self) -> usize {
        self.definitions.len()
    }

    /// How many definitions there are, those that it continues included.
    pub(crate) fn count(&self) -> usize {
        self.base.as_deref().map_or(0, Types::len).saturating_add(self.len())
    }

    /// Writes its own definitions from one on, their number in front.
    pub(crate) fn write(&self, from: usize, out: &mut Vec<u8>) {
        let definitions = self.definitions.get(from..).unwrap_or_default();
        varint::push(out, definitions.len() as u64);
        for definition in definitions {
            out.extend_from_slice(definition);
        }
    }

    /// Forgets its own definitions from the `len`-th on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.definitions.truncate(len);
        let end = (self.count() as u64).saturating_add(u64::from(FIRST_INDEX));
        // Below the first place are primitives.
        self.index.retain(|_, at| *at < end);
        self.by_content.retain(|_, at| *at < end);
        self.open.clear();
        self.resolving.clear();
    }

    /// A registered type, by its name.
    pub(crate) fn named(&mut self, name: &str, def: &'static TypeDef) -> u64 {
        let at = self.type_ref(def);
        self.named_at(name, at)
    }

    /// The same for a type that has a place.
    pub(crate) fn named_at(&mut self, name: &str, at: u64) -> u64 {
        let mut content = Vec::new();
        content.push(opcode::NAMED);
        varint::push_str(&mut content, name);
        varint::push(&mut content, at);
        self.place(content)
    }

    /// A registered type, by its code.
    pub(crate) fn coded(&mut self, code: u32, def: &'static TypeDef) -> u64 {
        let at = self.type_ref(def);
        self.coded_at(u64::from(code), at)
    }

    /// The same for a type that has a place.
    pub(crate) fn coded_at(&mut self, code: u64, at: u64) -> u64 {
        let mut content = Vec::new();
        content.push(opcode::CODED);
        varint::push(&mut content, code);
        varint::push(&mut content, at);
        self.place(content)
    }

    fn placed(&self, key: TypeId) -> Option<u64> {
        let base = self.base.as_ref().and_then(|base| base.index.get(&key));
        base.or_else(|| self.index.get(&key)).copied()
    }

    /// The place of an unnamed definition.
    pub(crate) fn place(&mut self, content: Vec<u8>) -> u64 {
        let base = self.base.as_ref().and_then(|base| base.by_content.get(&content));
        if let Some(&at) = base.or_else(|| self.by_content.get(&content)) {
            return at;
        }
        let at = self.reserve();
        self.by_content.insert(content.clone(), at);
        self.fill(at, content);
        at
    }

    /// A type where it is referred to: a primitive's opcode, or its place in the table.
    pub(crate) fn type_ref(&mut self, def: &'static TypeDef) -> u64 {
        self.rebuilds |= def.rebuilds;
        self.adapts |= def.adapts;
        let key = def.key();
        match def.kind {
            Kind::Primitive(code) => {
                self.has_value |= code == opcode::VALUE;
                u64::from(code)
            }
            Kind::Transparent(stored) => {
                // `struct A(A)` by way of a box: no value of it can exist.
                if !self.resolving.insert(key) {
                    return u64::from(opcode::UNIT);
                }
                let found = self.type_ref(stored());
                self.resolving.remove(&key);
                found
            }
            Kind::Record { .. } | Kind::Enum { .. } => match self.placed(key) {
                Some(at) => at,
                None => {
                    let at = self.reserve();
                    self.index.insert(key, at);
                    let content = self.content(def);
                    self.fill(at, content);
                    at
                }
            },
            _ => self.unnamed(key, def),
        }
    }

    fn unnamed(&mut self, key: TypeId, def: &'static TypeDef) -> u64 {
        if let Some(at) = self.placed(key) {
            return at;
        }
        if let Some(&place) = self.open.get(&key) {
            let at = place.unwrap_or_else(|| self.reserve());
            self.open.insert(key, Some(at));
            return at;
        }
        self.open.insert(key, None);
        // Inside a list or a tuple, a type that is stored as another begins anew.
        let resolving = core::mem::take(&mut self.resolving);
        let content = self.content(def);
        self.resolving = resolving;
        let at = match self.open.remove(&key).flatten() {
            Some(at) => {
                self.fill(at, content);
                at
            }
            None => self.place(content),
        };
        self.index.insert(key, at);
        at
    }

    pub(crate) fn reserve(&mut self) -> u64 {
        let before = self.base.as_ref().map_or(0, |base| base.definitions.len());
        let at = (before as u64)
            .saturating_add(self.definitions.len() as u64)
            .saturating_add(u64::from(FIRST_INDEX));
        self.definitions.push(Vec::new());
        at
    }

    pub(crate) fn fill(&mut self, at: u64, content: Vec<u8>) {
        let before = self.base.as_ref().map_or(0, |base| base.definitions.len());
        let index = at.saturating_sub(u64::from(FIRST_INDEX)).saturating_sub(before as u64);
        if let Some(slot) = usize::try_from(index).ok().and_then(|i| self.definitions.get_mut(i)) {
            *slot = content;
        }
    }

    /// A definition: its opcode and operands.
    fn content(&mut self, def: &'static TypeDef) -> Vec<u8> {
        let mut out = Vec::new();
        match def.kind {
            Kind::Record { name, fields } => {
                out.push(opcode::RECORD);
                varint::push_str(&mut out, name);
                varint::push(&mut out, def.versions.version);
                match def.state {
                    Fields::Unit => self.fields(fields, 0, &mut out),
                    state => {
                        self.fields(fields, STATE_FIELDS, &mut out);
                        self.fields(state, 0, &mut out);
                    }
                }
            }
            Kind::Enum { name, variants } => {
                out.push(opcode::ENUM);
                varint::push_str(&mut out, name);
                varint::push(&mut out, def.versions.version);
                varint::push(&mut out, variants.len() as u64);
                for variant in variants {
                    varint::push_str(&mut out, variant.name);
                    self.fields(variant.fields, 0, &mut out);
                }
            }
            Kind::List(element) => self.structural(opcode::LIST, &[element], &mut out),
            Kind::Map(key, value) => self.structural(opcode::MAP, &[key, value], &mut out),
            Kind::Option(value) => self.structural(opcode::OPTION, &[value], &mut out),
            Kind::Shared(object) => self.structural(opcode::SHARED, &[object], &mut out),
            Kind::Weak(object) => self.structural(opcode::WEAK, &[object], &mut out),
            Kind::Persistent(id) => self.structural(opcode::PERSISTENT, &[id], &mut out),
            Kind::Dispatch => out.push(opcode::DISPATCH),
            Kind::Dyn(name) => {
                out.push(opcode::DYN);
                varint::push_str(&mut out, name);
            }
            Kind::Tuple(elements) => {
                out.push(opcode::TUPLE);
                varint::push(&mut out, elements.len() as u64);
                self.refs(elements, &mut out);
            }
            Kind::Array(length, element) => {
                out.push(opcode::ARRAY);
                varint::push(&mut out, length as u64);
                self.refs(&[element], &mut out);
            }
            // Both stand for themselves and never reach the table.
            Kind::Primitive(_) | Kind::Transparent(_) => {}
        }
        out
    }

    fn structural(&mut self, code: u8, parts: &[DefFn], out: &mut Vec<u8>) {
        out.push(code);
        self.refs(parts, out);
    }

    fn refs(&mut self, parts: &[DefFn], out: &mut Vec<u8>) {
        for part in parts {
            let at = self.type_ref(part());
            varint::push(out, at);
        }
    }

    fn fields(&mut self, fields: Fields, flags: u64, out: &mut Vec<u8>) {
        match fields {
            Fields::Unit => varint::push(out, flags),
            Fields::Tuple(fields) => {
                varint::push(out, (fields.len() as u64) << FIELD_FLAGS | flags);
                for field in fields {
                    self.refs(&[field.def], out);
                }
            }
            Fields::Named(fields) => {
                varint::push(out, (fields.len() as u64) << FIELD_FLAGS | NAMED_FIELDS | flags);
                for field in fields {
                    varint::push_str(out, field.name);
                    self.refs(&[field.def], out);
                }
            }
        }
    }
}
