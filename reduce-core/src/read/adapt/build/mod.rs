//! Makes plans: pair by pair, without recursion, since a stream's types may refer to each other in any way.
//!
//! `step` makes one step; `record` and `variants` those of named types, `conversion` says which conversion of a field is taken,
//! and `native` finds what lies alike.

mod conversion;
mod native;
mod record;
mod step;
mod variants;

use super::{NATIVE, Node, Plan, Plans, is_related};
use crate::error::Error;
use crate::limits::{Budget, Exhausted};
use crate::opcode;
use crate::program::table::{Definition, Ref, Table};
use crate::program::{Field, Kind, TypeDef, equal, program_of};
use crate::registry::Registry;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::any::TypeId;
use native::plain;

/// Plans in the making.
pub(crate) struct Builder<'t, 'de> {
    table: &'t Table<'de>,
    nodes: Vec<Node>,
    /// What each reads.
    theirs: Vec<Ref>,
    /// The pairs that have a place.
    places: BTreeMap<(TypeId, Ref), Plan>,
    /// Pairs whose step is to be made.
    open: Vec<(Plan, &'static TypeDef, Ref)>,
    /// Steps whose own part of the bytes is alike on both sides.
    alike: Vec<bool>,
    budget: Budget,
}

impl Plans {
    /// The plans of a value that was made for a field of ours, from its own table; how its root is read, and by which of the field's
    /// conversions.
    pub(super) fn of_made(
        field: &Field,
        registry: Option<&Registry>,
        table: &Table<'_>,
        budget: &mut Budget,
    ) -> Result<(Self, Plan, usize), Error> {
        let mut builder = Builder::new(table, *budget);
        let (root, conversion) = builder.source(field, table.root)?;
        let plans = builder.finish(Some(root), registry, budget)?;
        Ok((plans, root, conversion))
    }

    /// The plans of a load from a stream with this table: of our type, where it is given, and of the registered types
    /// that the table names.
    pub(crate) fn build<'t, 'de>(
        ours: Option<&'static TypeDef>,
        registry: Option<&Registry>,
        table: &'t Table<'de>,
        budget: &mut Budget,
    ) -> Result<Self, Error> {
        let mut builder = Builder::new(table, *budget);
        let root = ours.map(|ours| builder.pair(ours, table.root)).transpose()?;
        builder.finish(root, registry, budget)
    }
}

/// What a step takes, in bytes, about.
const PLACE: usize = 192;
/// As many fields take no more than a step.
const FIELDS_IN_A_STEP: usize = 3;

impl<'t, 'de> Builder<'t, 'de> {
    pub(super) fn new(table: &'t Table<'de>, budget: Budget) -> Self {
        Builder {
            table,
            nodes: Vec::new(),
            theirs: Vec::new(),
            places: BTreeMap::new(),
            open: Vec::new(),
            alike: Vec::new(),
            budget,
        }
    }

    /// Pays for so many steps, or for what takes as much.
    fn pay(&mut self, steps: usize) -> Result<(), Error> {
        self.budget.allocate(steps, PLACE).map_err(Exhausted::error)
    }

    fn reserve(&mut self, theirs: Ref) -> Result<Plan, Error> {
        self.pay(1)?;
        // So many nodes do not fit into any memory that `pay` lets them have.
        let at = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX) & !NATIVE;
        self.theirs.push(theirs);
        self.nodes.push(Node::Native);
        self.alike.push(true);
        Ok(Plan::new(at))
    }

    fn set(&mut self, plan: Plan, node: Node, alike: bool) {
        let at = plan.place();
        if let (Some(place), Some(mark)) = (self.nodes.get_mut(at), self.alike.get_mut(at)) {
            (*place, *mark) = (node, alike);
        }
    }

    fn add(&mut self, node: Node, alike: bool) -> Result<Plan, Error> {
        let plan = self.reserve(Ref::Primitive(opcode::UNIT))?;
        self.set(plan, node, alike);
        Ok(plan)
    }

    /// The plan of a pair, made later where it is new.
    fn pair(&mut self, ours: &'static TypeDef, theirs: Ref) -> Result<Plan, Error> {
        let ours = stored(ours);
        let key = (ours.key(), theirs);
        if let Some(plan) = self.places.get(&key) {
            return Ok(*plan);
        }
        let plan = self.reserve(theirs)?;
        self.places.insert(key, plan);
        self.open.push((plan, ours, theirs));
        Ok(plan)
    }

    /// Makes all steps, and those of the registered types that the table names.
    fn finish(
        mut self,
        root: Option<Plan>,
        registry: Option<&Registry>,
        budget: &mut Budget,
    ) -> Result<Plans, Error> {
        let table = self.table;
        let (mut registered, mut unknown) = (BTreeMap::new(), false);
        for (index, definition) in table.definitions.iter().enumerate() {
            let Some(of) = definition.registered() else { continue };
            // What is not registered is an error when a value of it is met, or is kept.
            let Some(entry) = registry.and_then(|registry| registry.of_definition(definition))
            else {
                unknown |= registry.is_some_and(Registry::keeps_unknown);
                continue;
            };
            let plan = match equal((entry.def)(), of, table) {
                true => None,
                // A code is a number that both sides agreed on: by its name alone the type is known to be meant.
                false
                    if matches!(definition, Definition::Coded(..))
                        && !is_related(table, of, program_of((entry.def)()).table()?) =>
                {
                    continue;
                }
                false => Some(self.pair((entry.def)(), of)?),
            };
            registered.insert(index, plan);
        }
        if unknown && self.nodes.is_empty() {
            // Loads with plans know where objects lie, which what is kept may refer to.
            self.add(Node::Native, true)?;
        }
        while let Some((plan, ours, theirs)) = self.open.pop() {
            let (node, alike) = self.step(ours, theirs)?;
            self.set(plan, node, alike);
        }
        budget.bytes = self.budget.bytes;
        self.find_native();
        let plain = plain(table);
        Ok(Plans { nodes: self.nodes, theirs: self.theirs, root, registered, plain })
    }
}

/// Past the types that are stored as another one.
fn stored(mut def: &'static TypeDef) -> &'static TypeDef {
    let mut seen = BTreeSet::new();
    while let Kind::Transparent(of) = def.kind {
        // `struct A(A)` by way of a box: no value of it can exist.
        if !seen.insert(def.key()) {
            break;
        }
        def = of();
    }
    def
}
