//! Whether a type of ours and one of a stream's are the same, all the way down, whatever the order of the table.

use super::def::{DefFn, Fields, Kind, TypeDef};
use super::table::{Definition, FieldList, Ref, Table};
use alloc::collections::BTreeMap;
use core::any::TypeId;

/// Whether they are the same.
pub(crate) fn equal(ours: &'static TypeDef, theirs: Ref, table: &Table<'_>) -> bool {
    Comparison { table, assumed: BTreeMap::new() }.types(ours, theirs)
}

/// A comparison pair by pair: a pair that is being compared is taken for equal where it is met again.
struct Comparison<'a, 'de> {
    table: &'a Table<'de>,
    assumed: BTreeMap<TypeId, Ref>,
}

impl Comparison<'_, '_> {
    fn types(&mut self, ours: &'static TypeDef, theirs: Ref) -> bool {
        let key = ours.key();
        if let Kind::Primitive(code) = ours.kind {
            return theirs == Ref::Primitive(code);
        }
        if let Some(assumed) = self.assumed.get(&key) {
            // Within one table a type of ours has one place, but for unnamed ones that occur inside themselves.
            return *assumed == theirs;
        }
        self.assumed.insert(key, theirs);
        if let Kind::Transparent(stored) = ours.kind {
            return self.types(stored(), theirs);
        }
        let Ref::Index(index) = theirs else { return false };
        let table = self.table;
        match (&ours.kind, table.get(index)) {
            (
                Kind::Record { name, fields },
                Some(Definition::Record { name: other, version, fields: others, state }),
            ) => {
                name == other
                    && ours.versions.version == *version
                    && self.fields(*fields, others)
                    && self.fields(ours.state, state)
            }
            (
                Kind::Enum { name, variants },
                Some(Definition::Enum { name: other, version, variants: others }),
            ) => {
                name == other
                    && ours.versions.version == *version
                    && variants.len() == others.len()
                    && variants.iter().zip(others).all(|(variant, (other, fields))| {
                        variant.name == *other && self.fields(variant.fields, fields)
                    })
            }
            (Kind::List(part), Some(Definition::List(other)))
            | (Kind::Option(part), Some(Definition::Option(other)))
            | (Kind::Shared(part), Some(Definition::Shared(other)))
            | (Kind::Weak(part), Some(Definition::Weak(other)))
            | (Kind::Persistent(part), Some(Definition::Persistent(other))) => {
                self.types(part(), *other)
            }
            (Kind::Map(key, value), Some(Definition::Map(other_key, other_value))) => {
                self.types(key(), *other_key) && self.types(value(), *other_value)
            }
            (Kind::Tuple(parts), Some(Definition::Tuple(others))) => self.parts(parts, others),
            (Kind::Array(length, part), Some(Definition::Array(other_length, other))) => {
                *length as u64 == *other_length && self.types(part(), *other)
            }
            (Kind::Dyn(name), Some(Definition::Dyn(other))) => name == other,
            (Kind::Dispatch, Some(Definition::Dispatch)) => true,
            _ => false,
        }
    }

    fn parts(&mut self, ours: &[DefFn], theirs: &[Ref]) -> bool {
        ours.len() == theirs.len()
            && ours.iter().zip(theirs).all(|(ours, theirs)| self.types(ours(), *theirs))
    }

    fn fields(&mut self, ours: Fields, theirs: &FieldList<'_>) -> bool {
        let mut types = theirs.fields.iter();
        match ours {
            Fields::Unit => !theirs.named && theirs.fields.is_empty(),
            Fields::Tuple(parts) => {
                !theirs.named
                    && parts.len() == theirs.fields.len()
                    && parts
                        .iter()
                        .zip(types)
                        .all(|(part, (_, other))| self.types((part.def)(), *other))
            }
            Fields::Named(fields) => {
                theirs.named
                    && fields.len() == theirs.fields.len()
                    && fields.iter().all(|field| {
                        types.next().is_some_and(|(name, other)| {
                            field.name == *name && self.types((field.def)(), *other)
                        })
                    })
            }
        }
    }
}
