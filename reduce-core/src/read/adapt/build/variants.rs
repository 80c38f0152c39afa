//! Enums: their variants by name, and those that stand for the record that they hold.

use super::{Builder, stored};
use crate::error::Error;
use crate::program::table::{Definition, FieldList, Ref};
use crate::program::{Fields, Kind, TypeDef, Variant};
use crate::read::adapt::{EnumPlan, FieldsPlan, Node, Plan, Source, Stored, VariantPlan};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use alloc::{format, vec};

impl<'t, 'de> Builder<'t, 'de> {
    pub(super) fn enumeration(
        &mut self,
        def: &'static TypeDef,
        (name, ours): (&'static str, &'static [Variant]),
        theirs_ref: Ref,
        (theirs_name, theirs): (&'t str, &'t [(&'de str, FieldList<'de>)]),
        deny_unknown: bool,
    ) -> Result<(Node, bool), Error> {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.pay(theirs.len())?;
        let mut variants = Vec::with_capacity(theirs.len());
        let mut alike = true;
        for (index, (variant, fields)) in theirs.iter().enumerate() {
            let found = ours.iter().position(|own| own.name == *variant && !own.other);
            let found = found.or_else(|| ours.iter().position(|own| own.aliases.contains(variant)));
            let plan = match found.and_then(|at| Some((at, ours.get(at)?))) {
                // One that the writer did not know, as it was.
                _ if variant.is_empty() => {
                    alike &= ours.get(index).is_some_and(Variant::holds_other);
                    VariantPlan::Held(self.held(def, theirs_name)?)
                }
                Some((at, own)) => {
                    alike &= at == index;
                    let full = format!("{name}::{}", own.name);
                    let fields = self.fields(full, own.fields, fields, deny_unknown)?;
                    VariantPlan::Known { ours: number(at), fields }
                }
                None => {
                    alike = false;
                    match ours.iter().position(|own| own.other) {
                        Some(at) if ours.get(at).is_some_and(Variant::holds_other) => {
                            let value = self.reserve(theirs_ref)?;
                            self.set(value, Node::Other, false);
                            VariantPlan::Kept { ours: number(at), value }
                        }
                        Some(at) => {
                            let full = format!("{name}::{variant}");
                            let fields = self.fields(full, Fields::Unit, fields, false)?;
                            VariantPlan::Other { ours: number(at), fields }
                        }
                        None => VariantPlan::Unknown,
                    }
                }
            };
            variants.push((Box::from(*variant), plan));
        }
        Ok((Node::Enum(Box::new(EnumPlan { name, variants: variants.into() })), alike))
    }

    /// How enums of this name are read as ours.
    pub(super) fn held(
        &mut self,
        ours: &'static TypeDef,
        name: &str,
    ) -> Result<BTreeMap<Ref, Plan>, Error> {
        let table = self.table;
        let enums = table.definitions.iter().enumerate().filter(|(_, definition)| {
            matches!(definition, Definition::Enum { name: other, .. } if *other == name)
        });
        let plans = enums.map(|(at, _)| Ok((Ref::Index(at), self.pair(ours, Ref::Index(at))?)));
        plans.collect()
    }

    /// The variant's fields, read from the record that it holds.
    pub(super) fn newtype(
        &mut self,
        name: &'static str,
        number: usize,
        variant: &'static Variant,
        theirs: Ref,
    ) -> Result<Node, Error> {
        let plan = match variant.fields.as_slice() {
            [field] => self.pair((field.def)(), theirs)?,
            _ => return Ok(Node::Native),
        };
        let source = Source::At { place: 0, plan, conversion: 0, fillable: false };
        let fields = FieldsPlan {
            name: format!("{name}::{}", variant.name),
            ours: vec![source].into(),
            ahead: Box::default(),
            theirs: vec![Stored { of: theirs, wanted: true }].into(),
            beyond: None,
        };
        let fields = self.add(Node::Fields(Box::new(fields)), false)?;
        Ok(Node::Newtype { variant: u32::try_from(number).unwrap_or(u32::MAX), fields })
    }

    /// Whether a variant of the stream holds a record of this name, and nothing else.
    pub(super) fn is_held(&self, fields: &FieldList<'_>, record: &str) -> bool {
        let [(_, Ref::Index(held))] = fields.fields.as_slice() else { return false };
        matches!(self.table.get(*held), Some(Definition::Record { name, .. }) if *name == record)
    }
}

/// The one for which it holds, with its place.
pub(super) fn only<T>(
    all: impl Iterator<Item = T>,
    holds: impl Fn(&T) -> bool,
) -> Option<(usize, T)> {
    let mut found = all.enumerate().filter(|(_, item)| holds(item));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Whether a variant of ours holds a record of this name, and nothing else.
pub(super) fn holds(variant: &Variant, record: &str) -> bool {
    match variant.fields.as_slice() {
        [field] => {
            matches!(stored((field.def)()).kind, Kind::Record { name, .. } if name == record)
        }
        _ => false,
    }
}
