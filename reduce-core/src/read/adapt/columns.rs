//! Plans over a list in columns: a plan that has a slot reads the value there, natively or by the steps that it would take
//! in rows.
//!
//! Slots are read any number of times, in any order: nothing is skipped, and nothing is gone back to.

use super::fields::PlannedFields;
use super::upgrade::Upgrade;
use super::{Bridge, NATIVE, Node, Plan, Source, astray};
use crate::aligned;
use crate::column::{Column, Layout, Slot};
use crate::error::{Error, ErrorKind};
use crate::opcode;
use crate::program::DefFn;
use crate::program::table::Definition;
use crate::read::columns::{blocks, ended};
use crate::read::{Input, Reader};
use crate::unknown::Unknown;
use crate::value::Value;
use alloc::rc::Rc;

/// Where the value is that a plan reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lies {
    /// In this column; in rows where it is beyond all columns.
    column: u32,
    row: u32,
}

/// The place of no plan: what has it is read natively.
const NOWHERE: u32 = !NATIVE;

/// What a column takes in a bridge, in bytes, about.
const COLUMN: usize = 64;

impl Lies {
    /// Where the reader stands.
    pub(super) const IN_ROWS: Lies = Lies { column: u32::MAX, row: 0 };
}

impl Plan {
    /// Where its value is in a list in columns.
    #[inline(always)]
    pub(crate) fn slot(self) -> Option<Slot> {
        let Lies { column, row } = self.1;
        (column != u32::MAX).then(|| Column(column).slot(row))
    }

    /// What is read natively from rows.
    pub(crate) const IN_ROWS: Plan = Plan(NATIVE | NOWHERE, Lies::IN_ROWS);

    /// What is read natively from a slot.
    #[inline]
    pub(crate) fn native_in(slot: Slot) -> Self {
        Plan::new(NOWHERE).in_slot(slot)
    }

    /// The same plan for what is in a slot.
    #[inline]
    pub(crate) fn in_slot(self, slot: Slot) -> Self {
        // What is native is read from the slot, and so the mark has to go that it is read without a look.
        Plan(self.0 & !NATIVE, Lies { column: slot.column.0, row: slot.row })
    }

    /// Where the value is, if it is read natively from there.
    #[inline]
    pub(crate) fn native_slot(self, r: &Reader<'_, '_>) -> Option<Slot> {
        self.slot().filter(|_| matches!(r.plans.node(self), Node::Native))
    }

    /// Another plan for what this one would read.
    #[inline]
    pub(crate) fn hand(self, other: Plan) -> Self {
        match self.slot() {
            None => other,
            Some(_) => Plan(other.0 & !NATIVE, self.1),
        }
    }

    /// Another plan, of fields the only one of which is what this one would read.
    pub(super) fn hand_whole(self, fields: Plan, r: &mut Reader<'_, '_>) -> Plan {
        match (self.slot(), r.columns_mut().ok()) {
            (Some(slot), Some(columns)) => {
                fields.in_slot(columns.around(slot.column).slot(slot.row))
            }
            _ => fields,
        }
    }

    /// The plan of the element so many places behind the one that this is of.
    #[inline(always)]
    pub(crate) fn behind(self, index: usize) -> Self {
        let mut plan = self;
        // Beyond the last row of a column nothing is found. In rows there is none: not a branch, for which there would be a
        // loop more over the elements of each list.
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let steps = index.wrapping_mul(u32::from(plan.1.column != u32::MAX));
        plan.1.row = plan.1.row.saturating_add(steps);
        plan
    }

    /// How many rows behind an element's the next one is: 0 where elements are not in columns.
    #[inline]
    pub(crate) fn step(self) -> u32 {
        u32::from(self.slot().is_some())
    }

    /// The plan of the element behind the one that this is of. As [`behind`](Self::behind), for loops of which there are
    /// many: with a look at the slot in it, rustc makes two loops of each.
    #[inline(always)]
    pub(crate) fn after(self, step: u32) -> Self {
        let mut plan = self;
        plan.1.row = plan.1.row.saturating_add(step);
        plan
    }

    /// The first of the parts of what it reads.
    pub(crate) fn parts(self, r: &Reader<'_, '_>) -> Result<Option<Slot>, Error> {
        match self.slot() {
            None => Ok(None),
            Some(slot) => r.columns()?.parts(slot).map(Some),
        }
    }

    /// How what an option holds is read that this plan is for; nothing where it is `None`.
    pub(crate) fn held(self, inner: Plan, r: &mut Reader<'_, '_>) -> Result<Option<Plan>, Error> {
        match self.slot() {
            None => Ok(r.input.option()?.then_some(inner)),
            Some(slot) => Ok(r.columns()?.option(slot)?.map(|slot| inner.in_slot(slot))),
        }
    }

    /// The number of a variant in the stream, and where its fields are, if in columns.
    pub(super) fn number(self, r: &mut Reader<'_, '_>) -> Result<(u64, Option<Slot>), Error> {
        match self.slot() {
            None => Ok((r.input.varint()?, None)),
            Some(slot) => {
                let (number, fields) = r.columns()?.variant(slot)?;
                Ok((number.into(), Some(fields)))
            }
        }
    }
}

impl<'s, 'de> Reader<'s, 'de> {
    /// As [`begin_sequence`](Self::begin_sequence), where that is in a slot.
    #[cold]
    pub(crate) fn sequence_in(
        &mut self,
        slot: Slot,
        element: Plan,
        array: bool,
    ) -> Result<(usize, Plan), Error> {
        let columns = self.columns()?;
        if array {
            return columns.array(slot).map(|(count, first)| (count, element.in_slot(first)));
        }
        if columns.is_map(slot.column) {
            // Of pairs that lie side by side: keys, and values in the column behind them.
            let (count, keys) = columns.map(slot)?;
            let columns = self.columns_mut()?;
            return Ok((count, element.in_slot(columns.around(keys.column).slot(keys.row))));
        }
        columns.list(slot).map(|(count, first)| (count, element.in_slot(first)))
    }

    /// Reads the length and layout of a list in columns that is read by a plan.
    #[cold]
    pub(crate) fn sequence_in_columns(
        &mut self,
        count: u64,
        plan: Plan,
        element: Plan,
        ours: DefFn,
    ) -> Result<(usize, Plan), Error> {
        let at = self.input.offset();
        let bridge = match self.more.as_ref().and_then(|more| more.bridges.get(&element.place())) {
            Some(bridge) => bridge.clone(),
            None => {
                let table = self.table().map(|table| (table, table.at(self.plans.theirs(plan))));
                let Some((table, Some((_, Definition::List(of))))) = table else {
                    return Err(self.other_layout());
                };
                let theirs = Layout::of_table(*of, table).ok_or_else(|| no_columns(at))?;
                let ours = Layout::of_program(ours());
                let places = theirs.len().saturating_add(ours.as_ref().map_or(0, Layout::len));
                self.allocate(places, COLUMN)?;
                let bridge = Rc::new(Bridge::new(self.plans, element, theirs, ours));
                if let Some(more) = &mut self.more {
                    more.bridges.insert(element.place(), bridge.clone());
                }
                bridge
            }
        };
        let wanted = |column: Column| bridge.wanted.get(column.at()).copied().unwrap_or(false);
        let rows = self.open_columns(count, &bridge.theirs, &wanted)?;
        let mut element = element;
        if let (Some(ours), Some(columns)) =
            (&bridge.ours, self.columns.as_mut().and_then(Rc::get_mut))
        {
            let turned = columns.turn(ours, &mut self.budget);
            if turned.map_err(|limit| self.exhausted(limit))? {
                element = Plan::new(NOWHERE);
            }
        }
        Ok((rows, element.in_slot(Column::ELEMENTS.slot(0))))
    }

    /// Begins the entries of a map that is read by a plan: how many, and how keys and values are read.
    pub(crate) fn begin_entries(&mut self, plan: Plan) -> Result<(usize, Plan, Plan), Error> {
        let Node::Entries { key, value } = self.plans.node(plan) else { return Err(astray(self)) };
        let (key, value) = (*key, *value);
        let (count, first) = match plan.slot() {
            Some(slot) if self.columns()?.is_map(slot.column) => self.columns()?.map(slot)?,
            Some(slot) => match self.columns()?.list(slot)? {
                (0, _) => return Ok((0, key, value)),
                (count, first) => (count, self.columns()?.parts(first)?),
            },
            None => match self.list_of_pairs(plan)? {
                (count, None) => return Ok((count, key, value)),
                (0, Some(_)) => return Ok((0, key, value)),
                (count, Some(first)) => (count, self.columns()?.parts(first)?),
            },
        };
        let values = first.column.behind(1).slot(first.row);
        Ok((count, key.in_slot(first), value.in_slot(values)))
    }

    /// Begins what has entries in rows; or, where the stream has a list of pairs in columns, that: where the first one is.
    fn list_of_pairs(&mut self, plan: Plan) -> Result<(usize, Option<Slot>), Error> {
        let mut ahead = self.input;
        let columns = |ahead: &Input<'_>| ahead.rest().first() == Some(&opcode::COLUMNS);
        if ahead.varint()? & 1 == 0 || !(columns(&ahead) || aligned::begins(&ahead)) {
            return self.list_length().map(|count| (count, None));
        }
        let table = self.table().and_then(|table| table.at(self.plans.theirs(plan)));
        let Some((_, Definition::List(of))) = table else {
            return self.list_length().map(|count| (count, None));
        };
        if aligned::begins(&ahead) {
            let head = self.input.varint()?;
            aligned::pass(&mut self.input)?;
            return self.elements(head >> 1).map(|count| (count, None));
        }
        let at = ahead.offset();
        let layout = self.table().and_then(|table| Layout::of_table(*of, table));
        let layout = layout.ok_or_else(|| no_columns(at))?;
        let head = self.input.varint()?;
        let count = self.open_columns(head >> 1, &layout, &|_| true)?;
        Ok((count, Some(Column::ELEMENTS.slot(0))))
    }

    /// Opens a list in columns, whose length was read.
    fn open_columns(
        &mut self,
        count: u64,
        layout: &Layout,
        wanted: &dyn Fn(Column) -> bool,
    ) -> Result<usize, Error> {
        let mut blocks = blocks(&mut self.input)?;
        let rows = self.elements(count)?;
        let mut columns = self.columns.take().unwrap_or_else(crate::read::columns::kept);
        let opened = Rc::get_mut(&mut columns).ok_or_else(crate::read::columns::astray)?;
        opened.open(layout, rows, &mut blocks, &mut self.budget, wanted)?;
        ended(&blocks)?;
        self.columns = Some(columns);
        Ok(rows)
    }

    /// A value that no type of ours stands for, which a plan is for.
    pub(crate) fn unknown_by(&mut self, plan: Plan) -> Result<Value, Error> {
        let of = self.plans.theirs(plan);
        match plan.slot() {
            None => self.unknown_value(of),
            Some(slot) => self.value_in(of, slot),
        }
    }
}

impl<'de> PlannedFields<'_, 'de> {
    /// How a field of ours is read that is in a column, of a record with its first part in this slot.
    pub(super) fn find_in(
        &self,
        index: usize,
        first: Slot,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Option<Plan>, Error> {
        let (place, plan, fillable) = match (&self.upgraded, self.list) {
            (Some(upgraded), _) => match upgraded.sources.get(index) {
                Some(Upgrade::Stream { place, plan, fillable, .. }) => (*place, *plan, *fillable),
                _ => return Ok(None),
            },
            (None, Some(list)) => match list.ours.get(index) {
                Some(Source::At { place, plan, fillable, .. }) => (*place, *plan, *fillable),
                _ => return Ok(None),
            },
            (None, None) => (index, self.plan, false),
        };
        let column = first.column.behind(place);
        super::fields::unless_none(plan.in_slot(column.slot(first.row)), fillable, r)
    }

    /// What our type does not know, of a record with its first part in this slot.
    pub(super) fn unknown_in(
        &mut self,
        first: Slot,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Unknown, Error> {
        let mut unknown = Unknown::new();
        let Some(list) = self.list else { return Ok(unknown) };
        let Some(beyond) = list.beyond.as_ref().filter(|beyond| beyond.keeps) else {
            return Ok(unknown);
        };
        for (place, field) in list.theirs.iter().enumerate().filter(|(_, field)| !field.wanted) {
            let name = beyond.names.get(place).map_or("", |name| name);
            let slot = first.column.behind(place).slot(first.row);
            let value = r.value_in(field.of, slot).map_err(|error| error.in_field_named(name))?;
            r.keep_field(&mut unknown, name, value)?;
        }
        Ok(unknown)
    }
}

/// A list whose elements cannot lie in columns is said to.
#[cold]
pub(crate) fn no_columns(at: usize) -> Error {
    Error::new(
        ErrorKind::Malformed,
        "a list of elements that cannot lie in columns is said to lie there",
    )
    .with_offset(at)
}
