//! What lies alike on both sides is read natively; and what can be skipped without a look at its objects.

use super::Builder;
use crate::opcode;
use crate::program::table::{Definition, Ref, Table};
use crate::read::adapt::{Ahead, FieldsPlan, NATIVE, Node, Plan, Source, VariantPlan};
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

impl<'t, 'de> Builder<'t, 'de> {
    /// What is not alike makes all that hold it unlike; the rest is read natively.
    pub(super) fn find_native(&mut self) {
        let mut holders: Vec<Vec<u32>> = vec![Vec::new(); self.nodes.len()];
        for (at, node) in (0u32..).zip(&mut self.nodes) {
            node.each_part(&mut |part| {
                if let Some(list) = holders.get_mut(part.place()) {
                    list.push(at);
                }
            });
        }
        let mut unlike: Vec<usize> =
            self.alike.iter().enumerate().filter(|(_, alike)| !**alike).map(|(at, _)| at).collect();
        while let Some(at) = unlike.pop() {
            for holder in holders.get_mut(at).map(core::mem::take).unwrap_or_default() {
                let holder = usize::try_from(holder).unwrap_or(usize::MAX);
                if let Some(alike) = self.alike.get_mut(holder)
                    && *alike
                {
                    *alike = false;
                    unlike.push(holder);
                }
            }
        }
        for (node, alike) in self.nodes.iter_mut().zip(&self.alike) {
            // Fields are gone through by those who read the record or the variant in a plan of its own.
            if *alike && !matches!(node, Node::Fields(_) | Node::Upgrade(_)) {
                *node = Node::Native;
            }
        }
        self.mark_native();
    }

    /// Marks where plans are native that others refer to, and finds the fields that are met on the way.
    fn mark_native(&mut self) {
        let kinds = self.nodes.iter().map(|node| match node {
            Node::Native => Next::Native,
            Node::Unwrap(_) => Next::Unwrap,
            _ => Next::Other,
        });
        let kinds: Vec<Next> = kinds.collect();
        let kind = |plan: Plan| kinds.get(plan.place()).copied().unwrap_or(Next::Other);
        for node in &mut self.nodes {
            node.each_part(&mut |part| {
                if kind(*part) == Next::Native {
                    part.0 |= NATIVE;
                }
            });
            if let Node::Fields(list) = node {
                list.ahead = ahead(list, |plan| kind(plan) == Next::Unwrap);
            }
        }
    }
}

/// What a plan that another one refers to begins with.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    Native,
    Unwrap,
    Other,
}

/// The fields of ours that are met in their order, up to the first one that needs more than to be gone to.
fn ahead(list: &FieldsPlan, unwraps: impl Fn(Plan) -> bool) -> Box<[Ahead]> {
    let mut next = 0;
    let found = list.ours.iter().map_while(|source| match source {
        Source::At { place, plan, fillable, .. }
            if *place >= next && !(*fillable && unwraps(*plan)) =>
        {
            next = place.saturating_add(1);
            Some(Ahead { place: *place, plan: *plan })
        }
        // Among those that the stream keeps, where it keeps some.
        Source::Missing { .. } if list.beyond.is_none() => {
            Some(Ahead { place: usize::MAX, plan: Plan(NATIVE) })
        }
        _ => None,
    });
    found.collect()
}

impl Node {
    /// Hands over the plans that it refers to.
    fn each_part(&mut self, each: &mut dyn FnMut(&mut Plan)) {
        match self {
            Node::Native
            | Node::Broken(_)
            | Node::Unfit(_)
            | Node::Primitive(_)
            | Node::Any
            | Node::Other => {}
            Node::Record { fields: a, state: b, .. } | Node::Entries { key: a, value: b } => {
                each(a);
                each(b);
            }
            Node::Upgrade(plan) => plan.pairs.iter_mut().for_each(|(part, _)| each(part)),
            Node::Fields(list) => {
                list.ours.iter_mut().for_each(|source| {
                    if let Source::At { plan, .. } = source {
                        each(plan);
                    }
                });
                let beyond = list.beyond.iter_mut().flat_map(|beyond| beyond.bagged.values_mut());
                beyond.for_each(|(plan, _)| each(plan));
            }
            Node::Enum(of) => of.variants.iter_mut().for_each(|(_, variant)| match variant {
                VariantPlan::Known { fields, .. } | VariantPlan::Other { fields, .. } => {
                    each(fields)
                }
                VariantPlan::Held(plans) => plans.values_mut().for_each(&mut *each),
                VariantPlan::Kept { value, .. } => each(value),
                VariantPlan::Unknown => {}
            }),
            Node::Tuple(parts) => parts.iter_mut().for_each(each),
            Node::Newtype { fields: part, .. }
            | Node::Variant { content: part, .. }
            | Node::Sequence { element: part, .. }
            | Node::Option(part)
            | Node::Some(part)
            | Node::Unwrap(part)
            | Node::Shared(part)
            | Node::Share(part)
            | Node::Unshare(part)
            | Node::Weak(part)
            | Node::Persistent(part) => each(part),
        }
    }
}

/// Which types of a table can hold no shared objects.
pub(super) fn plain(table: &Table<'_>) -> Vec<bool> {
    let count = table.definitions.len();
    let (mut plain, mut holders) = (vec![true; count], vec![Vec::new(); count]);
    let mut open = Vec::new();
    for (index, definition) in table.definitions.iter().enumerate() {
        match definition {
            Definition::Shared(_)
            | Definition::Weak(_)
            | Definition::Dyn(_)
            | Definition::Dispatch
            | Definition::Named(..)
            | Definition::Coded(..) => open.push(index),
            _ => {
                for part in definition.parts() {
                    if part == Ref::Primitive(opcode::VALUE) {
                        open.push(index);
                    }
                    if let Ref::Index(part) = part
                        && let Some(holders) = holders.get_mut(part)
                    {
                        holders.push(index);
                    }
                }
            }
        }
    }
    while let Some(index) = open.pop() {
        if let Some(mark) = plain.get_mut(index)
            && core::mem::take(mark)
        {
            open.extend(holders.get_mut(index).map(core::mem::take).unwrap_or_default());
        }
    }
    plain
}
