//! The programs of compiled types, from their descriptions.

use super::model::{Body, Declaration, Field, Fields, Label, Model, Type, Variant, Versions};
use crate::opcode;
use crate::program::{self, Kind, TypeDef};
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::any::TypeId;

/// Adds what is reachable from a type; the type itself as it is referred to.
pub(super) fn collect(root: &'static TypeDef, model: &mut Model) -> Type {
    let mut collect = Collect {
        model,
        index: BTreeMap::new(),
        open: BTreeMap::new(),
        resolving: BTreeSet::new(),
    };
    collect.of(root)
}

/// Goes through descriptions as the builder of programs does: what is one definition there is one type here.
struct Collect<'m> {
    model: &'m mut Model,
    /// Types that are declared.
    index: BTreeMap<TypeId, usize>,
    /// Types without names that are on the way. One that occurs inside itself gets a declaration there and then.
    open: BTreeMap<TypeId, Option<usize>>,
    /// Types seen on the way to a program of another type.
    resolving: BTreeSet<TypeId>,
}

impl Collect<'_> {
    fn of(&mut self, def: &'static TypeDef) -> Type {
        let key = def.key();
        if let Kind::Transparent(stored) = def.kind {
            // A struct of itself alone: no value of it can exist.
            if !self.resolving.insert(key) {
                return Type::Primitive(opcode::UNIT);
            }
            let found = self.of(stored());
            self.resolving.remove(&key);
            return found;
        }
        if let Kind::Primitive(code) = def.kind {
            return Type::Primitive(code);
        }
        if let Some(&at) = self.index.get(&key) {
            return Type::Declared(at);
        }
        match def.kind {
            Kind::Record { name, fields } => {
                let at = self.declare(key, name);
                let fields = self.fields(fields, def.state);
                self.fill(at, Body::Struct(versions(def), fields));
                Type::Declared(at)
            }
            Kind::Enum { name, variants } => {
                let at = self.declare(key, name);
                let variants = variants.iter().map(|variant| self.variant(variant)).collect();
                self.fill(at, Body::Enum(versions(def), variants));
                Type::Declared(at)
            }
            _ => self.unnamed(key, def),
        }
    }

    fn unnamed(&mut self, key: TypeId, def: &'static TypeDef) -> Type {
        if let Some(&place) = self.open.get(&key) {
            let at = place.unwrap_or_else(|| self.declare(key, ""));
            self.open.insert(key, Some(at));
            return Type::Declared(at);
        }
        self.open.insert(key, None);
        // Inside a list or a tuple, a type that is stored as another begins anew.
        let resolving = core::mem::take(&mut self.resolving);
        let mut part = |part: program::DefFn| Box::new(self.of(part()));
        let of = match def.kind {
            Kind::List(of) => Type::List(part(of)),
            Kind::Option(of) => Type::Option(part(of)),
            Kind::Shared(of) => Type::Shared(part(of)),
            Kind::Weak(of) => Type::Weak(part(of)),
            Kind::Persistent(of) => Type::Persistent(part(of)),
            Kind::Map(key, value) => Type::Map(part(key), part(value)),
            Kind::Array(length, of) => Type::Array(length as u64, part(of)),
            Kind::Tuple(parts) => Type::Tuple(parts.iter().map(|of| *part(*of)).collect()),
            Kind::Dyn(name) => Type::Dyn(name.into()),
            Kind::Dispatch => Type::Dispatch,
            // Those were met above.
            Kind::Primitive(_) | Kind::Transparent(_) | Kind::Record { .. } | Kind::Enum { .. } => {
                Type::Primitive(opcode::UNIT)
            }
        };
        self.resolving = resolving;
        match self.open.remove(&key).flatten() {
            Some(at) => {
                self.fill(at, Body::Type(of));
                Type::Declared(at)
            }
            None => of,
        }
    }

    fn declare(&mut self, key: TypeId, name: &str) -> usize {
        let at = self.model.declarations.len();
        self.index.insert(key, at);
        let name = Label { name: name.into(), number: 1 };
        // Filled once what it holds is known.
        let body = Body::Type(Type::Primitive(opcode::UNIT));
        self.model.declarations.push(Declaration { name, body });
        at
    }

    fn fill(&mut self, at: usize, body: Body) {
        if let Some(declaration) = self.model.declarations.get_mut(at) {
            declaration.body = body;
        }
    }

    fn variant(&mut self, variant: &program::Variant) -> Variant {
        let fields = self.fields(variant.fields, program::Fields::Unit);
        let aliases = owned(variant.aliases);
        Variant { name: variant.name.into(), aliases, other: variant.other, fields }
    }

    fn fields(&mut self, kept: program::Fields, state: program::Fields) -> Fields {
        let mut fields = Vec::new();
        for (list, state) in [(kept, false), (state, true)] {
            for field in list.as_slice() {
                let name = match field.name {
                    // The one that keeps what others add.
                    "" if matches!(list, program::Fields::Named(_)) => String::new(),
                    "" => fields.len().to_string(),
                    name => name.into(),
                };
                fields.push(Field {
                    name,
                    of: self.of((field.def)()),
                    state,
                    aliases: owned(field.aliases),
                    default: field.fillable,
                    converts: field.converts.iter().map(|from| self.of(from())).collect(),
                });
            }
        }
        let named = |list| matches!(list, program::Fields::Named(_));
        Fields { named: named(kept) || named(state), fields }
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().copied().map(String::from).collect()
}

fn versions(def: &TypeDef) -> Versions {
    let program::Versions { version, upgraded_from, deny_newer, deny_unknown } = def.versions;
    Versions { version, upgraded_from, deny_newer, deny_unknown }
}
