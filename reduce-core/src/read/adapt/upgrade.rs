//! Records of an earlier version: functions change them before our fields are looked for.
//!
//! Each field is passed over first. What no function touched is read where it lies, by a plan; what one made is a value, which is
//! dumped and loaded as a stream of its own (`made`).

use super::fields::PlannedFields;
use super::{Node, Plan, Plans};
use crate::column::Slot;
use crate::context::Context;
use crate::error::{BoxError, Error, ErrorKind};
use crate::expand::Expand;
use crate::limits::Limits;
use crate::program::Field;
use crate::program::table::{Ref, Table};
use crate::read::reader::Position;
use crate::read::{Buffers, Reader, ahead, open, state};
use crate::unknown::Unknown;
use crate::value::{Place, Record, Value};
use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// A function that takes a record from one version to the next.
#[derive(Clone, Copy)]
pub struct Step<'f> {
    /// The version that it starts from.
    pub from: u32,
    /// Its path as the attribute has it.
    pub function: &'static str,
    /// Calls it.
    pub run: &'f dyn Fn(&mut Record, &Context<'_>) -> Result<(), BoxError>,
}

/// How the fields of a record of an earlier version become ours.
#[derive(Debug)]
pub(crate) struct UpgradePlan {
    pub name: Arc<str>,
    pub version: u64,
    pub ours: &'static [Field],
    /// The names of the stream's fields, where they have some, and their types.
    pub theirs: Box<[(Option<Arc<str>>, Ref)]>,
    /// How each of ours is read from each of the stream's, those of one of ours next to each other; and by which conversion.
    pub pairs: Vec<(Plan, usize)>,
    pub deny_unknown: bool,
    /// Ours keeps what it does not know.
    pub keeps: bool,
    /// The place of the fields that the stream keeps.
    pub bag: Option<usize>,
}

/// A record that was upgraded.
#[derive(Debug)]
pub(super) struct Upgraded<'de> {
    /// For each of our fields.
    pub sources: Vec<Upgrade>,
    /// Where the fields of the stream begin.
    pub positions: Vec<Position<'de>>,
    /// What our type does not know, where it keeps that.
    pub left: Unknown,
}

/// Where a field is after the upgrade.
#[derive(Debug)]
pub(super) enum Upgrade {
    /// In this place of the stream.
    Stream {
        place: usize,
        plan: Plan,
        conversion: usize,
        fillable: bool,
    },
    /// A function made it.
    Made(Value),
    Missing,
}

/// A value that a function made for a field of ours.
#[derive(Debug)]
pub struct Made {
    pub(super) value: Value,
    pub(super) field: &'static Field,
}

impl UpgradePlan {
    /// Where a field of ours would be, did the functions change nothing: its place, how it is read, and by which of its
    /// conversions.
    pub(crate) fn as_it_was(&self, index: usize) -> Option<(usize, Plan, usize)> {
        let field = self.ours.get(index)?;
        let position = index.to_string();
        let own = if field.name.is_empty() { position.as_str() } else { field.name };
        let names = core::iter::once(own).chain(field.aliases.iter().copied());
        let is = |(place, (name, _)): (usize, &(Option<Arc<str>>, Ref)), wanted: &str| match name {
            Some(name) => **name == *wanted,
            None => place.to_string() == wanted,
        };
        let place = { names }.find_map(|name| {
            (0..self.theirs.len())
                .find(|at| self.theirs.get(*at).is_some_and(|field| is((*at, field), name)))
        })?;
        let pair = index.checked_mul(self.theirs.len())?.checked_add(place)?;
        self.pairs.get(pair).map(|(plan, conversion)| (place, *plan, *conversion))
    }

    /// Passes over the fields, and has the functions change the record. Of one in columns, `first` is the first field.
    pub(super) fn run<'de>(
        &self,
        steps: &[Step<'_>],
        first: Option<Slot>,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Upgraded<'de>, Error> {
        let start = r.offset();
        r.allocate(
            self.theirs.len(),
            size_of::<Position<'de>>().saturating_add(size_of::<Value>()),
        )?;
        let mut positions = Vec::with_capacity(self.theirs.len());
        let mut fields = Vec::with_capacity(self.theirs.len());
        let mut kept = None;
        for (place, (name, of)) in self.theirs.iter().enumerate() {
            if let Some(first) = first {
                let slot = first.column.behind(place).slot(first.row);
                fields.push((name.clone(), Some(r.value_in(*of, slot)?)));
                continue;
            }
            positions.push(r.position());
            if self.bag == Some(place) {
                kept = Some(Unknown::expand(r)?);
                continue;
            }
            let value = if r.plans.is_plain(*of) {
                Some(r.unknown_value(*of)?)
            } else {
                r.skip(*of)?;
                None
            };
            fields.push((name.clone(), value));
        }
        let mut record = Record::to_upgrade(&self.name, self.version, fields);
        for (name, value) in kept.into_iter().flat_map(Unknown::into_fields) {
            record.insert(name, value).map_err(|error| error.at_offset(start))?;
        }
        let mark = record.mark().unwrap_or_default();
        for step in steps.iter().filter(|step| u64::from(step.from) >= self.version) {
            r.context().call().map_err(|error| error.with_offset(start))?;
            (step.run)(&mut record, &r.context()).map_err(|cause| {
                Error::upgrade(&self.name, step.from, step.function, cause, start)
            })?;
            record.set_version(u64::from(step.from).saturating_add(1));
        }
        let mut wanted = Vec::new();
        let sources = self.ours.iter().enumerate();
        let sources = sources.map(|(index, field)| match self.keeps && field.name.is_empty() {
            true => Upgrade::Missing,
            false => self.source(index, field, &record, &mark, &mut wanted),
        });
        let sources = sources.collect();
        if self.deny_unknown
            && let Some(unknown) = (0..record.len()).find(|place| !wanted.contains(place))
        {
            return Err(r.input.error(
                ErrorKind::TypeMismatch,
                format!(
                    "the record has a field `{}` after its upgrade that `{}` does not know, and the type has \
                     `deny_unknown`",
                    record.name_at(unknown),
                    self.name
                ),
            ));
        }
        let left = match self.keeps {
            true => self.left(&record, &wanted, &mark, &positions, r)?,
            false => Unknown::new(),
        };
        Ok(Upgraded { sources, positions, left })
    }

    /// What is left of the record when our fields are taken out.
    fn left<'de>(
        &self,
        record: &Record,
        wanted: &[usize],
        mark: &Arc<()>,
        positions: &[Position<'de>],
        r: &mut Reader<'_, 'de>,
    ) -> Result<Unknown, Error> {
        let mut left = Unknown::new();
        for place in (0..record.len()).filter(|place| !wanted.contains(place)) {
            let name = record.name_at(place);
            let stored = match record.place_of(&name, mark) {
                Some((_, Place::Stream(at))) => positions.get(at).zip(self.theirs.get(at)),
                _ => None,
            };
            let value = match (stored, record.values().get(place)) {
                (Some((position, (_, of))), Some(Value::Unread(_))) => {
                    let behind = r.position();
                    r.go_back(*position);
                    let value =
                        r.unknown_value(*of).map_err(|error| error.in_field_named(&name))?;
                    r.go_to(behind);
                    value
                }
                (_, Some(value)) => value.clone(),
                (_, None) => continue,
            };
            r.keep_field(&mut left, &name, value)?;
        }
        Ok(left)
    }

    fn source(
        &self,
        index: usize,
        field: &Field,
        record: &Record,
        mark: &Arc<()>,
        wanted: &mut Vec<usize>,
    ) -> Upgrade {
        let position = index.to_string();
        let own = if field.name.is_empty() { position.as_str() } else { field.name };
        let names = core::iter::once(own).chain(field.aliases.iter().copied());
        let found = names.into_iter().find_map(|name| record.place_of(name, mark));
        let Some((place, found)) = found else { return Upgrade::Missing };
        wanted.push(place);
        match found {
            Place::Stream(place) => {
                let pair =
                    index.checked_mul(self.theirs.len()).and_then(|row| row.checked_add(place));
                match pair.and_then(|pair| self.pairs.get(pair)) {
                    Some((plan, conversion)) => Upgrade::Stream {
                        place,
                        plan: *plan,
                        conversion: *conversion,
                        fillable: field.fillable,
                    },
                    None => Upgrade::Missing,
                }
            }
            Place::Record(place) => match record.values().get(place) {
                Some(value) => Upgrade::Made(value.clone()),
                None => Upgrade::Missing,
            },
        }
    }
}

impl<'de> PlannedFields<'_, 'de> {
    /// Has the functions upgrade the record, where it is of an earlier version.
    pub(crate) fn upgrade(
        mut self,
        steps: &[Step<'_>],
        r: &mut Reader<'_, 'de>,
    ) -> Result<Self, Error> {
        if let Node::Upgrade(plan) = r.plans.node(self.plan) {
            let first = self.plan.parts(r)?;
            self.upgraded = Some(Box::new(plan.run(steps, first, r)?));
        }
        Ok(self)
    }
}

/// Reads a value that a function made: `read` is handed which of the field's conversions to take, and how to read. Nothing where the
/// value is a `None` that something stands in for.
pub(crate) fn made<T>(
    made: &Made,
    read: impl for<'s, 'x> FnOnce(usize, Plan, &mut Reader<'s, 'x>) -> Result<T, Error>,
    r: &mut Reader<'_, '_>,
) -> Result<Option<T>, Error> {
    let at = r.offset();
    r.nested_here::<T, _>(|r| {
        // The value has its own offsets, which mean nothing to the caller.
        within(made, read, r).map_err(|error| error.at_offset(at))
    })
}

fn within<T>(
    made: &Made,
    read: impl for<'s, 'x> FnOnce(usize, Plan, &mut Reader<'s, 'x>) -> Result<T, Error>,
    r: &mut Reader<'_, '_>,
) -> Result<Option<T>, Error> {
    let Made { value, field } = made;
    let bytes = value.to_vec()?;
    r.allocate(bytes.len(), 1)?;
    let frame = open::Frame::read(&bytes)?;
    let mut input = frame.content;
    let mut table = Table::read(&mut input, &Limits::DEFAULT)?;
    if frame.header.more {
        table.more(&mut input, &Limits::DEFAULT)?;
    }
    let mut budget = r.budget;
    let (plans, plan, conversion) = Plans::of_made(field, r.registry, &table, &mut budget)?;
    let table = Rc::new(table);
    let buffers = Buffers::new(&[]);
    let mut inner = Reader::new(input, Some(table), budget, &plans, buffers, r.context());
    if frame.header.ahead {
        ahead::pass_over(&mut inner)?;
    }
    let mut plan = plan;
    if field.fillable
        && let Node::Unwrap(content) = plans.node(plan)
    {
        if inner.input.byte()? == 0 {
            return Ok(None);
        }
        plan = *content;
    }
    let made = read(conversion, plan, &mut inner)?;
    if !inner.states.is_empty() {
        state::mark(&mut inner)?;
        let pending = state::read_all(&mut inner)?;
        r.states.settle(pending);
    }
    open::close(inner.input, true)?;
    r.budget.bytes = inner.budget.bytes;
    r.budget.elements = inner.budget.elements;
    r.budget.steps = inner.budget.steps;
    Ok(Some(made))
}
