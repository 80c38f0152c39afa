//! Writes the program of a type, with those of all types below it, from their descriptions.

use super::def::{DefFn, Fields, Kind, TypeDef};
use super::{FIELD_FLAGS, FIRST_INDEX, NAMED_FIELDS, Program};
use crate::opcode;
use crate::varint;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::any::TypeId;
use once_cell::race::OnceBox;

/// The version of a type that states none.
const NO_VERSION: u64 = 0;

/// Builds the program of a type.
pub(super) fn build(root: &'static TypeDef) -> Program {
    let mut builder = Builder::default();
    let root = builder.type_ref(root);
    let mut content = Vec::new();
    varint::push(&mut content, builder.definitions.len() as u64);
    for definition in &builder.definitions {
        content.extend_from_slice(definition);
    }
    varint::push(&mut content, root);
    let mut block = Vec::with_capacity(content.len().saturating_add(varint::MAX_LEN));
    varint::push(&mut block, content.len() as u64);
    block.extend_from_slice(&content);
    Program { block: block.into(), rebuilds: builder.rebuilds, table: OnceBox::new() }
}

/// Types with names get their place in the table before those below them; all others afterwards, and only once
/// for each content, so that `Vec<u8>` and `VecDeque<u8>` are one definition.
#[derive(Default)]
struct Builder {
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
}

impl Builder {
    /// A type where it is referred to: a primitive's opcode, or its place in the table.
    fn type_ref(&mut self, def: &'static TypeDef) -> u64 {
        self.rebuilds |= def.rebuilds;
        let key = def.key();
        match def.kind {
            Kind::Primitive(code) => u64::from(code),
            Kind::Transparent(stored) => {
                // `struct A(A)` by way of a box: no value of it can exist.
                if !self.resolving.insert(key) {
                    return u64::from(opcode::UNIT);
                }
                let found = self.type_ref(stored());
                self.resolving.remove(&key);
                found
            }
            Kind::Record { .. } | Kind::Enum { .. } => match self.index.get(&key) {
                Some(&at) => at,
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
        if let Some(&at) = self.index.get(&key) {
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
            None => match self.by_content.get(&content) {
                Some(&at) => at,
                None => {
                    let at = self.reserve();
                    self.by_content.insert(content.clone(), at);
                    self.fill(at, content);
                    at
                }
            },
        };
        self.index.insert(key, at);
        at
    }

    fn reserve(&mut self) -> u64 {
        let at = u64::from(FIRST_INDEX).saturating_add(self.definitions.len() as u64);
        self.definitions.push(Vec::new());
        at
    }

    fn fill(&mut self, at: u64, content: Vec<u8>) {
        let index = at.saturating_sub(u64::from(FIRST_INDEX));
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
                varint::push(&mut out, NO_VERSION);
                self.fields(fields, &mut out);
            }
            Kind::Enum { name, variants } => {
                out.push(opcode::ENUM);
                varint::push_str(&mut out, name);
                varint::push(&mut out, NO_VERSION);
                varint::push(&mut out, variants.len() as u64);
                for variant in variants {
                    varint::push_str(&mut out, variant.name);
                    self.fields(variant.fields, &mut out);
                }
            }
            Kind::List(element) => self.structural(opcode::LIST, &[element], &mut out),
            Kind::Map(key, value) => self.structural(opcode::MAP, &[key, value], &mut out),
            Kind::Option(value) => self.structural(opcode::OPTION, &[value], &mut out),
            Kind::Shared(object) => self.structural(opcode::SHARED, &[object], &mut out),
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

    fn fields(&mut self, fields: Fields, out: &mut Vec<u8>) {
        match fields {
            Fields::Unit => varint::push(out, 0),
            Fields::Tuple(types) => {
                varint::push(out, (types.len() as u64) << FIELD_FLAGS);
                self.refs(types, out);
            }
            Fields::Named(fields) => {
                varint::push(out, (fields.len() as u64) << FIELD_FLAGS | NAMED_FIELDS);
                for field in fields {
                    varint::push_str(out, field.name);
                    self.refs(&[field.def], out);
                }
            }
        }
    }
}
