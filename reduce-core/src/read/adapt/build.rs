//! Makes plans: pair by pair, without recursion, since a stream's types may refer to each other in any way.

use super::{
    Beyond, EnumPlan, FieldsPlan, Node, Plan, Plans, Source, Stored, UpgradePlan, VariantPlan,
    is_related,
};
use crate::error::{Error, ErrorKind};
use crate::limits::Budget;
use crate::opcode::{self, Group};
use crate::program::table::{Definition, FieldList, Ref, Table};
use crate::program::text::{MAX_NAME, Name, capped};
use crate::program::{
    DefFn, FIRST_INDEX, Field, Fields, Kind, TypeDef, Variant, equal, program_of,
};
use crate::registry::Registry;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::any::TypeId;

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
    left: usize,
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
        let mut builder = Builder::new(table, budget.bytes / PLACE);
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
        let mut builder = Builder::new(table, budget.bytes / PLACE);
        let root = ours.map(|ours| builder.pair(ours, table.root)).transpose()?;
        builder.finish(root, registry, budget)
    }
}

/// What a step takes, in bytes, about.
const PLACE: usize = 192;
/// As many fields take no more than a step.
const FIELDS_IN_A_STEP: usize = 4;

impl<'t, 'de> Builder<'t, 'de> {
    pub(super) fn new(table: &'t Table<'de>, left: usize) -> Self {
        Builder {
            table,
            nodes: Vec::new(),
            theirs: Vec::new(),
            places: BTreeMap::new(),
            open: Vec::new(),
            alike: Vec::new(),
            left,
        }
    }

    /// Pays for so many steps, or for what takes as much.
    fn pay(&mut self, steps: usize) -> Result<(), Error> {
        self.left = self.left.checked_sub(steps).ok_or_else(|| {
            Error::new(
                ErrorKind::Limit,
                "the types of the stream take more memory than the limit allows; `Limits::bytes` raises it",
            )
        })?;
        Ok(())
    }

    fn reserve(&mut self, theirs: Ref) -> Result<Plan, Error> {
        self.pay(1)?;
        let at = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.theirs.push(theirs);
        self.nodes.push(Node::Native);
        self.alike.push(true);
        Ok(Plan(at))
    }

    fn set(&mut self, plan: Plan, node: Node, alike: bool) {
        let at = usize::try_from(plan.0).unwrap_or(usize::MAX);
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

    /// One step, and whether its own part of the bytes is alike.
    fn step(&mut self, ours: &'static TypeDef, theirs: Ref) -> Result<(Node, bool), Error> {
        let table = self.table;
        let definition = match theirs {
            Ref::Index(index) => table.get(index),
            Ref::Primitive(_) => None,
        };
        let node = match (&ours.kind, definition) {
            (Kind::Primitive(opcode::VALUE), _) if theirs != Ref::Primitive(opcode::VALUE) => {
                Node::Any
            }
            (Kind::Primitive(a), None) => return Ok(self.primitive(*a, ours, theirs)),
            (
                Kind::Record { name, fields },
                Some(Definition::Record { name: theirs, version, fields: kept, state }),
            ) if !ours.by_name || name == theirs => {
                return self.record(ours, name, (*fields, kept), state, *version);
            }
            (
                Kind::Enum { name, variants },
                Some(Definition::Enum { name: theirs_name, version, variants: others }),
            ) if !ours.by_name || name == theirs_name => {
                if let Some(denied) = newer(ours, name, *version) {
                    return Ok((denied, false));
                }
                let deny = ours.versions.deny_unknown;
                return self.enumeration(
                    ours,
                    (name, variants),
                    theirs,
                    (theirs_name, others),
                    deny,
                );
            }
            (Kind::List(of), Some(Definition::List(other))) => {
                let element = self.pair(of(), *other)?;
                return Ok((Node::Sequence { element, array: None }, true));
            }
            (Kind::List(of), Some(Definition::Array(length, other))) => {
                Node::Sequence { element: self.pair(of(), *other)?, array: Some(*length) }
            }
            (Kind::Array(ours, of), Some(Definition::Array(length, other))) => {
                let element = self.pair(of(), *other)?;
                let alike = *ours as u64 == *length;
                return Ok((Node::Sequence { element, array: Some(*length) }, alike));
            }
            (Kind::Array(_, of), Some(Definition::List(other))) => {
                Node::Sequence { element: self.pair(of(), *other)?, array: None }
            }
            (Kind::Map(key, value), Some(Definition::Map(k, v))) => {
                let (key, value) = (self.pair(key(), *k)?, self.pair(value(), *v)?);
                return Ok((Node::Entries { key, value }, true));
            }
            (Kind::Map(key, value), Some(Definition::List(Ref::Index(pair)))) if matches!(table.get(*pair), Some(Definition::Tuple(parts)) if parts.len() == 2) =>
            {
                let Some(Definition::Tuple(parts)) = table.get(*pair) else {
                    return Ok(self.broken(ours, theirs));
                };
                let [k, v] = parts.as_slice() else { return Ok(self.broken(ours, theirs)) };
                Node::Entries { key: self.pair(key(), *k)?, value: self.pair(value(), *v)? }
            }
            (Kind::List(of), Some(Definition::Map(k, v))) => match stored(of()).kind {
                Kind::Tuple([key, value]) => {
                    let parts = [self.pair(key(), *k)?, self.pair(value(), *v)?];
                    let element = self.add(Node::Tuple(Box::new(parts)), true)?;
                    Node::Sequence { element, array: None }
                }
                _ => return Ok(self.broken(ours, theirs)),
            },
            (Kind::Tuple(parts), Some(Definition::Tuple(others)))
                if parts.len() == others.len() =>
            {
                let parts =
                    parts.iter().zip(others).map(|(ours, theirs)| self.pair(ours(), *theirs));
                let parts = parts.collect::<Result<Box<[Plan]>, Error>>()?;
                return Ok((Node::Tuple(parts), true));
            }
            (Kind::Option(of), Some(Definition::Option(other))) => {
                return Ok((Node::Option(self.pair(of(), *other)?), true));
            }
            (Kind::Shared(of), Some(Definition::Shared(other))) => {
                return Ok((Node::Shared(self.pair(of(), *other)?), true));
            }
            (Kind::Weak(of), Some(Definition::Weak(other))) => {
                return Ok((Node::Weak(self.pair(of(), *other)?), true));
            }
            (Kind::Persistent(of), Some(Definition::Persistent(other))) => {
                return Ok((Node::Persistent(self.pair(of(), *other)?), true));
            }
            (Kind::Dyn(_), Some(Definition::Dyn(_)))
            | (Kind::Dispatch, Some(Definition::Dispatch)) => {
                return Ok((Node::Native, true));
            }
            // Whether it is there is a question to what is behind the pointer.
            (Kind::Option(of), Some(Definition::Shared(other)))
                if self.is_option(*other) && !matches!(stored(of()).kind, Kind::Shared(_)) =>
            {
                Node::Unshare(self.pair(ours, *other)?)
            }
            (Kind::Shared(of), Some(Definition::Option(other)))
                if matches!(stored(of()).kind, Kind::Option(_)) && !self.is_shared(*other) =>
            {
                Node::Share(self.pair(of(), theirs)?)
            }
            (_, Some(Definition::Option(other))) => Node::Unwrap(self.pair(ours, *other)?),
            (Kind::Option(of), _) => Node::Some(self.pair(of(), theirs)?),
            (_, Some(Definition::Shared(other))) => Node::Unshare(self.pair(ours, *other)?),
            (Kind::Shared(of), _) => Node::Share(self.pair(of(), theirs)?),
            (Kind::Enum { name, variants }, Some(Definition::Record { name: held, .. })) => {
                match only(variants.iter(), |variant| holds(variant, held)) {
                    Some((number, variant)) => self.newtype(name, number, variant, theirs)?,
                    None => return Ok(self.broken(ours, theirs)),
                }
            }
            (Kind::Record { name, .. }, Some(Definition::Enum { variants, .. })) => {
                match only(variants.iter(), |(_, fields)| self.is_held(fields, name)) {
                    Some((number, (name, fields))) => {
                        let Some((_, content)) = fields.fields.first() else {
                            return Ok(self.broken(ours, theirs));
                        };
                        let content = self.pair(ours, *content)?;
                        Node::Variant { number: number as u64, content, name: (*name).into() }
                    }
                    None => return Ok(self.broken(ours, theirs)),
                }
            }
            _ => return Ok(self.broken(ours, theirs)),
        };
        Ok((node, false))
    }

    /// The error is written when a value is met: a hostile table has many pairs.
    #[cold]
    fn broken(&self, ours: &'static TypeDef, _: Ref) -> (Node, bool) {
        (Node::Unfit(ours), false)
    }

    fn is_option(&self, of: Ref) -> bool {
        matches!(self.table.at(of), Some((_, Definition::Option(_))))
    }

    fn is_shared(&self, of: Ref) -> bool {
        matches!(self.table.at(of), Some((_, Definition::Shared(_))))
    }

    fn primitive(&self, code: u8, ours: &'static TypeDef, theirs: Ref) -> (Node, bool) {
        match theirs {
            Ref::Primitive(other) if other == code => (Node::Native, true),
            Ref::Primitive(other) if converts(other, code) => (Node::Primitive(other), false),
            _ => self.broken(ours, theirs),
        }
    }

    fn record(
        &mut self,
        ours: &'static TypeDef,
        name: &'static str,
        (fields, kept): (Fields, &'t FieldList<'de>),
        state: &'t FieldList<'de>,
        version: u64,
    ) -> Result<(Node, bool), Error> {
        let versions = ours.versions;
        if let Some(denied) = newer(ours, name, version) {
            return Ok((denied, false));
        }
        if let Some(moved) = moved(fields, state).or_else(|| moved(ours.state, kept)) {
            let reason = format!(
                "the field `{moved}` of `{}` has moved between the kept and the state fields, which no load can follow; \
                 leave it where it was, or give it another name and a `default`",
                Name(name)
            );
            return Ok((Node::Broken(reason.into()), false));
        }
        let deny = versions.deny_unknown;
        let upgraded = (versions.upgraded_from..versions.version).contains(&version);
        let fields = match upgraded {
            true => self.upgrade(name, fields, kept, version, deny)?,
            false => self.fields(name.to_string(), fields, kept, deny)?,
        };
        let stateless = ours.state.as_slice().is_empty();
        let state = self.fields(name.to_string(), ours.state, state, deny)?;
        Ok((Node::Record { fields, state, stateless }, true))
    }

    fn fields(
        &mut self,
        name: String,
        ours: Fields,
        theirs: &'t FieldList<'de>,
        deny_unknown: bool,
    ) -> Result<Plan, Error> {
        let list = ours.as_slice();
        self.pay(list.len().saturating_add(theirs.fields.len()) / FIELDS_IN_A_STEP)?;
        let mut stored: Vec<Stored> =
            theirs.fields.iter().map(|(_, of)| Stored { of: *of, wanted: false }).collect();
        let mut sources = Vec::with_capacity(list.len());
        let bag = self.table.bag(theirs);
        let keeps =
            matches!((ours, list.last()), (Fields::Named(_), Some(last)) if last.name.is_empty());
        let mut bagged = BTreeMap::new();
        if let Some(stored) = bag.and_then(|bag| stored.get_mut(bag)) {
            stored.wanted = true;
        }
        for (position, field) in list.iter().enumerate() {
            let keeper = keeps && position.saturating_add(1) == list.len();
            let mut found = match keeper {
                true => bag,
                false => place(field.name, position, theirs),
            };
            for alias in field.aliases {
                found = found.or_else(|| place(alias, usize::MAX, theirs));
            }
            let source = match found.and_then(|place| Some((place, stored.get_mut(place)?))) {
                None => {
                    if bag.is_some() && !keeper {
                        self.bagged(position, field, &mut bagged)?;
                    }
                    Source::Missing { name: field.shown(position), renamed: "".into() }
                }
                Some((place, stored)) => {
                    stored.wanted = true;
                    let of = stored.of;
                    let (plan, conversion) = self.source(field, of)?;
                    Source::At { place, plan, conversion, fillable: field.fillable }
                }
            };
            sources.push(source);
        }
        for (field, source) in list.iter().zip(&mut sources) {
            if let Source::Missing { renamed, .. } = source
                && !field.fillable
            {
                self.pay(1)?;
                *renamed = self.renamed(field, theirs, &stored);
            }
        }
        if deny_unknown && let Some(at) = stored.iter().position(|field| !field.wanted) {
            let unknown = theirs.fields.get(at).map_or("", |(name, _)| name);
            let reason = format!(
                "the stream has a field `{}` that `{}` does not know, and the type has `deny_unknown`",
                if unknown.is_empty() { at.to_string() } else { unknown.to_string() },
                Name(&name)
            );
            return self.add(Node::Broken(reason.into()), false);
        }
        let alike = sources.len() == stored.len()
            && sources.iter().enumerate().all(|(index, source)| {
                matches!(source, Source::At { place, conversion: 0, .. } if *place == index)
            });
        let beyond = (keeps || bag.is_some()).then(|| {
            let names = theirs.fields.iter().enumerate();
            let names = names.map(|(at, (name, _))| match theirs.named {
                true => Box::from(*name),
                false => at.to_string().into(),
            });
            let names = names.collect();
            Box::new(Beyond { ours: list, names, keeps, deny_unknown, bag, bagged })
        });
        let plan = FieldsPlan { name, ours: sources.into(), theirs: stored.into(), beyond };
        self.add(Node::Fields(Box::new(plan)), alike)
    }

    /// How a field of ours is read that the stream may keep among those that its writer did not know, of whatever type.
    fn bagged(
        &mut self,
        position: usize,
        field: &Field,
        bagged: &mut BTreeMap<(usize, Ref), Plan>,
    ) -> Result<(), Error> {
        let table = self.table;
        let primitives = (0..FIRST_INDEX).filter(|code| {
            let row = opcode::find(*code);
            row.is_some_and(|row| row.group == Group::Primitive && !row.reserved)
        });
        let defined = table.definitions.iter().enumerate();
        let defined = defined.filter(|(_, definition)| definition.registered().is_none());
        let all = primitives.map(Ref::Primitive).chain(defined.map(|(at, _)| Ref::Index(at)));
        for of in all {
            bagged.insert((position, of), self.pair((field.def)(), of)?);
        }
        Ok(())
    }

    /// Fields that functions upgrade first: any of ours may come to be any of the stream's.
    fn upgrade(
        &mut self,
        name: &'static str,
        ours: Fields,
        theirs: &'t FieldList<'de>,
        version: u64,
        deny_unknown: bool,
    ) -> Result<Plan, Error> {
        let (list, named) = (theirs, matches!(ours, Fields::Named(_)));
        let ours = ours.as_slice();
        self.pay(ours.len().saturating_mul(theirs.fields.len()) / FIELDS_IN_A_STEP)?;
        let mut pairs = Vec::new();
        for field in ours {
            for (_, of) in &theirs.fields {
                pairs.push(self.source(field, *of)?);
            }
        }
        let fields = theirs.fields.iter();
        let fields = fields.map(|(name, of)| (theirs.named.then(|| Arc::from(*name)), *of));
        let theirs = fields.collect();
        let bag = self.table.bag(list);
        let keeps = ours.last().is_some_and(|last| named && last.name.is_empty());
        let name = name.into();
        let plan = UpgradePlan { name, version, ours, theirs, pairs, deny_unknown, keeps, bag };
        self.add(Node::Upgrade(Box::new(plan)), false)
    }

    /// Makes all steps, and those of the registered types that the table names.
    fn finish(
        mut self,
        root: Option<Plan>,
        registry: Option<&Registry>,
        budget: &mut Budget,
    ) -> Result<Plans, Error> {
        let table = self.table;
        let mut registered = BTreeMap::new();
        for (index, definition) in table.definitions.iter().enumerate() {
            let Some(of) = definition.registered() else { continue };
            // What is not registered is an error when a value of it is met.
            let Some(entry) = registry.and_then(|registry| registry.of_definition(definition))
            else {
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
        while let Some((plan, ours, theirs)) = self.open.pop() {
            let (node, alike) = self.step(ours, theirs)?;
            self.set(plan, node, alike);
        }
        budget.bytes = self.left.saturating_mul(PLACE);
        self.find_native();
        let plain = plain(table);
        Ok(Plans { nodes: self.nodes, theirs: self.theirs, root, registered, plain })
    }

    /// What a field may have been called: the one of the stream's that has its type, and that no other field is read from.
    fn renamed(&self, field: &Field, theirs: &FieldList<'_>, stored: &[Stored]) -> Box<str> {
        let ours = (field.def)();
        let mut alike = theirs.fields.iter().zip(stored).filter(|((_, of), stored)| {
            theirs.named && !stored.wanted && equal(ours, *of, self.table)
        });
        match (alike.next(), alike.next()) {
            (Some(((name, _), _)), None) => capped(Name(name), MAX_NAME).into(),
            _ => "".into(),
        }
    }

    /// How a field of ours is read from a type of the stream: as it is where that is possible natively, by a conversion
    /// that is made for this very type, as nearly as it goes, by a conversion from something like it. What has the name
    /// of the stream's type goes before what merely could be read from it.
    fn source(&mut self, field: &Field, theirs: Ref) -> Result<(Plan, usize), Error> {
        let same = |ours: DefFn| equal(ours(), theirs, self.table);
        let conversion = if field.converts.is_empty() || same(field.def) {
            0
        } else if let Some(at) = field.converts.iter().position(|from| same(*from)) {
            at.saturating_add(1)
        } else {
            let mut best = (self.likeness((field.def)(), theirs)?, 0);
            for (at, from) in (1usize..).zip(field.converts) {
                let likeness = self.likeness(from(), theirs)?;
                if likeness > best.0 {
                    best = (likeness, at);
                }
            }
            best.1
        };
        let from = conversion.checked_sub(1).and_then(|at| field.converts.get(at));
        Ok((self.pair(from.unwrap_or(&field.def)(), theirs)?, conversion))
    }

    /// How far the pair fits, by its own step and those through what stands around it.
    fn likeness(&mut self, ours: &'static TypeDef, theirs: Ref) -> Result<Likeness, Error> {
        let mut trial = Builder::new(self.table, self.left);
        let (mut ours, mut theirs) = (stored(ours), theirs);
        let likeness = loop {
            let (node, _) = trial.step(ours, theirs)?;
            match node {
                Node::Broken(_) | Node::Unfit(_) => break Likeness::None,
                Node::Unwrap(_)
                | Node::Some(_)
                | Node::Option(_)
                | Node::Sequence { .. }
                | Node::Unshare(_)
                | Node::Share(_)
                | Node::Shared(_)
                | Node::Weak(_)
                | Node::Persistent(_) => match trial.open.as_slice() {
                    [(_, inner, of)] => {
                        if self.differs_in_length(ours, theirs) {
                            break Likeness::None;
                        }
                        (ours, theirs) = (*inner, *of);
                        trial.open.clear();
                    }
                    // It holds itself, or entries.
                    _ => break Likeness::Fits,
                },
                _ if self.has_name_of(ours, theirs) => break Likeness::Fits,
                _ => break Likeness::OtherName,
            }
        };
        // What a trial made is gone, but who makes many of them has to stop somewhere.
        self.left = trial.left;
        Ok(likeness)
    }

    fn differs_in_length(&self, ours: &TypeDef, theirs: Ref) -> bool {
        match (&ours.kind, self.table.at(theirs)) {
            (Kind::Array(ours, _), Some((_, Definition::Array(theirs, _)))) => {
                *ours as u64 != *theirs
            }
            _ => false,
        }
    }

    /// Whether the two, where they have names, have the same one.
    fn has_name_of(&self, ours: &TypeDef, theirs: Ref) -> bool {
        match (&ours.kind, self.table.at(theirs)) {
            (Kind::Record { name, .. }, Some((_, Definition::Record { name: other, .. })))
            | (Kind::Enum { name, .. }, Some((_, Definition::Enum { name: other, .. }))) => {
                name == other
            }
            _ => true,
        }
    }

    fn enumeration(
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
    fn held(&mut self, ours: &'static TypeDef, name: &str) -> Result<BTreeMap<Ref, Plan>, Error> {
        let table = self.table;
        let enums = table.definitions.iter().enumerate().filter(|(_, definition)| {
            matches!(definition, Definition::Enum { name: other, .. } if *other == name)
        });
        let plans = enums.map(|(at, _)| Ok((Ref::Index(at), self.pair(ours, Ref::Index(at))?)));
        plans.collect()
    }

    /// The variant's fields, read from the record that it holds.
    fn newtype(
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
            theirs: vec![Stored { of: theirs, wanted: true }].into(),
            beyond: None,
        };
        let fields = self.add(Node::Fields(Box::new(fields)), false)?;
        Ok(Node::Newtype { variant: u32::try_from(number).unwrap_or(u32::MAX), fields })
    }

    /// Whether a variant of the stream holds a record of this name, and nothing else.
    fn is_held(&self, fields: &FieldList<'_>, record: &str) -> bool {
        let [(_, Ref::Index(held))] = fields.fields.as_slice() else { return false };
        matches!(self.table.get(*held), Some(Definition::Record { name, .. }) if *name == record)
    }

    /// What is not alike makes all that hold it unlike; the rest is read natively.
    fn find_native(&mut self) {
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
                beyond.for_each(|plan| each(*plan));
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
fn plain(table: &Table<'_>) -> Vec<bool> {
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

/// How far a type of the stream is one of ours, before what is in them is looked at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    None,
    /// What has fields has them under another name.
    OtherName,
    Fits,
}

/// What is said of a type of a later version, where ours refuses it.
fn newer(ours: &'static TypeDef, name: &str, version: u64) -> Option<Node> {
    let versions = ours.versions;
    (versions.deny_newer && version > versions.version).then(|| {
        let reason = format!(
            "the stream has `{}` of version {version}, which is newer than {}, and the type has `deny_newer`",
            Name(name),
            versions.version
        );
        Node::Broken(reason.into())
    })
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

/// Whether a value of a primitive may be one of another.
fn converts(theirs: u8, ours: u8) -> bool {
    let integer = |code| (opcode::U8..=opcode::I128).contains(&code);
    let float = |code| code == opcode::F32 || code == opcode::F64;
    let text = |code| code == opcode::STR || code == opcode::OS_STR;
    integer(theirs) && (integer(ours) || float(ours))
        || float(theirs) && float(ours)
        || text(theirs) && text(ours)
}

/// Where a field of this name, or of this position, stands in the stream.
fn place(name: &str, position: usize, theirs: &FieldList<'_>) -> Option<usize> {
    if theirs.named {
        let position = position.to_string();
        let name = if name.is_empty() { position.as_str() } else { name };
        return theirs.fields.iter().position(|(other, _)| *other == name);
    }
    let written = |place: &usize| name == place.to_string();
    let place = if name.is_empty() { Some(position) } else { name.parse().ok().filter(written) };
    place.filter(|place| *place < theirs.fields.len())
}

/// A field of ours that is in the other one of a record's two lists.
fn moved(ours: Fields, theirs: &FieldList<'_>) -> Option<&'static str> {
    let is_there =
        |name: &&str| theirs.named && theirs.fields.iter().any(|(other, _)| other == name);
    let named = ours.as_slice().iter().filter(|field| !field.name.is_empty());
    let mut names = named.flat_map(|field| core::iter::once(&field.name).chain(field.aliases));
    names.find(|name| is_there(name)).copied()
}

/// The one for which it holds, with its place.
fn only<T>(all: impl Iterator<Item = T>, holds: impl Fn(&T) -> bool) -> Option<(usize, T)> {
    let mut found = all.enumerate().filter(|(_, item)| holds(item));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Whether a variant of ours holds a record of this name, and nothing else.
fn holds(variant: &Variant, record: &str) -> bool {
    match variant.fields.as_slice() {
        [field] => {
            matches!(stored((field.def)()).kind, Kind::Record { name, .. } if name == record)
        }
        _ => false,
    }
}
