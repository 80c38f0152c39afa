//! What lies alike on both sides is read natively; and what can be skipped without a look at its objects.

use super::Builder;
use crate::opcode;
use crate::program::table::{Definition, Ref, Table};
use crate::read::adapt::{Node, Plan, Source, VariantPlan};
use alloc::vec;
use alloc::vec::Vec;

impl<'t, 'de> Builder<'t, 'de> {
    /// What is not alike makes all that hold it unlike; the rest is read natively.
    pub(super) fn find_native(&mut self) {
        let mut holders: Vec<Vec<u32>> = vec![Vec::new(); self.nodes.len()];
        for (at, node) in (0u32..).zip(&self.nodes) {
            node.each_part(&mut |part| {
                if let Some(list) = usize::try_from(part.0).ok().and_then(|n| holders.get_mut(n)) {
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
    }
}

impl Node {
    /// Hands over the plans that it refers to.
    fn each_part(&self, each: &mut dyn FnMut(Plan)) {
        match self {
            Node::Native
            | Node::Broken(_)
            | Node::Unfit(_)
            | Node::Primitive(_)
            | Node::Any
            | Node::Other => {}
            Node::Record { fields: a, state: b, .. } | Node::Entries { key: a, value: b } => {
                each(*a);
                each(*b);
            }
            Node::Upgrade(plan) => plan.pairs.iter().for_each(|(part, _)| each(*part)),
            Node::Fields(list) => {
                list.ours.iter().for_each(|source| {
                    if let Source::At { plan, .. } = source {
                        each(*plan);
                    }
                });
                let beyond = list.beyond.iter().flat_map(|beyond| beyond.bagged.values());
                beyond.for_each(|(plan, _)| each(*plan));
            }
            Node::Enum(of) => of.variants.iter().for_each(|(_, variant)| match variant {
                VariantPlan::Known { fields, .. } | VariantPlan::Other { fields, .. } => {
                    each(*fields)
                }
                VariantPlan::Held(plans) => plans.values().for_each(|plan| each(*plan)),
                VariantPlan::Kept { value, .. } => each(*value),
                VariantPlan::Unknown => {}
            }),
            Node::Tuple(parts) => parts.iter().for_each(|part| each(*part)),
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
            | Node::Persistent(part) => each(*part),
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
