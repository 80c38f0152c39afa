//! Records: their fields by name, those that are gone and those that came, and their versions.

use super::{Builder, FIELDS_IN_A_STEP};
use crate::error::Error;
use crate::opcode::{self, Group};
use crate::program::table::{FieldList, Ref};
use crate::program::text::{MAX_NAME, Name, capped};
use crate::program::{FIRST_INDEX, Field, Fields, TypeDef, equal};
use crate::read::adapt::{Beyond, FieldsPlan, Node, Plan, Source, Stored, UpgradePlan};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

impl<'t, 'de> Builder<'t, 'de> {
    pub(super) fn record(
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
        let stateless = ours.state.as_slice().is_empty() && !state.fields.is_empty();
        let state = self.fields(name.to_string(), ours.state, state, deny)?;
        Ok((Node::Record { fields, state, stateless }, true))
    }

    pub(super) fn fields(
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
        let (ours, theirs) = (sources.into(), stored.into());
        let plan = FieldsPlan { name, ours, ahead: Box::default(), theirs, beyond };
        self.add(Node::Fields(Box::new(plan)), alike)
    }

    /// How a field of ours is read that the stream may keep among those that its writer did not know, of whatever type.
    pub(super) fn bagged(
        &mut self,
        position: usize,
        field: &Field,
        bagged: &mut BTreeMap<(usize, Ref), (Plan, usize)>,
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
            bagged.insert((position, of), self.source(field, of)?);
        }
        Ok(())
    }

    /// Fields that functions upgrade first: any of ours may come to be any of the stream's.
    pub(super) fn upgrade(
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

    /// What a field may have been called: the one of the stream's that has its type, and that no other field is read from.
    pub(super) fn renamed(
        &self,
        field: &Field,
        theirs: &FieldList<'_>,
        stored: &[Stored],
    ) -> Box<str> {
        let ours = (field.def)();
        let mut alike = theirs.fields.iter().zip(stored).filter(|((_, of), stored)| {
            theirs.named && !stored.wanted && equal(ours, *of, self.table)
        });
        match (alike.next(), alike.next()) {
            (Some(((name, _), _)), None) => capped(Name(name), MAX_NAME).into(),
            _ => "".into(),
        }
    }
}

/// What is said of a type of a later version, where ours refuses it.
pub(super) fn newer(ours: &'static TypeDef, name: &str, version: u64) -> Option<Node> {
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
