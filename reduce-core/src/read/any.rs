//! Loads values without their types: whole streams, and values of any type inside of one.

use super::adapt::astray;
use super::ahead;
use super::memo::Memo;
use super::open::Terms;
use super::state::{self, States};
use super::{Buffers, Reader, Untyped};
use crate::column::Slot;
use crate::error::Error;
use crate::opcode;
use crate::program::table::Ref;
use crate::programs::Programs;
use crate::scan::{Met, Walk, in_slot};
use crate::unknown::Unknown;
use crate::value::{self, Builder, UnknownObject, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Loads the value of a stream that is whole by itself.
pub(super) fn from_slice(terms: Terms<'_, '_>, bytes: &[u8]) -> Result<Value, Error> {
    let known = terms.loader.programs.clone().unwrap_or_default();
    from_known(terms, bytes, &known)
}

/// The same, of a stream whose program may be in the store.
pub(super) fn from_known(
    terms: Terms<'_, '_>,
    bytes: &[u8],
    known: &Programs,
) -> Result<Value, Error> {
    let Untyped { header, table, data: input } =
        Untyped::open(bytes, known, &terms.loader.settings.limits)?;
    // The programs become part of the value, and are there twice until it is whole.
    let mut budget = terms.budget(input);
    budget.allocate(2, value::Table::size_of(&table)).map_err(|limit| input.exhausted(limit))?;
    let mut builder = Builder::new(value::Table::of(&table), budget, terms.buffers);
    let mut walk = Walk::new(&table, input, budget, &mut builder);
    walk.known_buffers(Buffers::new(terms.buffers)).continued(header, &mut Met::default())?;
    Ok(builder.finish()?.0.value)
}

impl<'s, 'de> Reader<'s, 'de> {
    /// A value of any type, its type in front.
    pub(crate) fn any_value(&mut self) -> Result<Value, Error> {
        self.value_of(Ref::Primitive(opcode::VALUE), true)
    }

    /// A value of a type of the stream that no type of ours stands for. What it holds may still be referred to from elsewhere.
    pub(crate) fn unknown_value(&mut self, of: Ref) -> Result<Value, Error> {
        self.kept_value(of, true)
    }

    fn kept_value(&mut self, of: Ref, alone: bool) -> Result<Value, Error> {
        let before = self.position();
        self.skip(of)?;
        let behind = self.position();
        // Its objects have their places, and its buffers were asked for.
        self.go_back(before);
        let value = self.value_of(of, alone)?;
        self.go_to(behind);
        Ok(value)
    }

    /// An object of the registered type in a place of the table, which is not registered here. What it holds may still be
    /// referred to from elsewhere.
    pub(crate) fn unknown_object(&mut self, index: usize) -> Result<UnknownObject, Error> {
        let of = self.table().and_then(|table| table.get(index)?.registered());
        let of = of.ok_or_else(|| astray(self))?;
        let value = self.kept_value(of, false)?;
        let owned = self.more.as_ref().and_then(|more| more.owned.as_ref());
        owned.and_then(|table| UnknownObject::new(table, index, value)).ok_or_else(|| astray(self))
    }

    /// The type of the value of any type that comes next.
    pub(crate) fn document_type(&self) -> Result<Ref, Error> {
        let Some(table) = self.table() else {
            return Err(self.input.malformed("a value of a type that the stream does not define"));
        };
        table.document_head(&mut { self.input }).map(|(of, _)| of)
    }

    /// Begins a value of any type that is read as a type of ours: its type.
    pub(crate) fn enter_document(&mut self) -> Result<Ref, Error> {
        let Some(table) = self.table() else {
            return Err(self.input.malformed("a value of a type that the stream does not define"));
        };
        let mut input = self.input;
        let (of, ahead) = table.document_head(&mut input)?;
        self.input = input;
        self.allocate(1, size_of::<(Memo, States<'_>)>())?;
        let memo = core::mem::take(&mut self.memo);
        self.documents.push((memo, core::mem::take(&mut self.states)));
        if ahead {
            ahead::pass_over(self)?;
        }
        Ok(of)
    }

    /// Ends it: the states of its objects.
    pub(crate) fn leave_document(&mut self) -> Result<(), Error> {
        let mut pending = Vec::new();
        if !self.states.is_empty() {
            state::mark(self)?;
            pending = state::read_all(self)?;
        }
        pending.extend(self.states.settled());
        let Some((memo, states)) = self.documents.pop() else { return Err(astray(self)) };
        (self.memo, self.states) = (memo, states);
        self.states.settle(pending);
        Ok(())
    }

    /// A value of a type of the stream that is in a slot, and that no type of ours stands for.
    pub(crate) fn value_in(&mut self, of: Ref, slot: Slot) -> Result<Value, Error> {
        let at = self.input.offset();
        let owned = self.owned_types()?;
        let (Some(more), Some(columns)) = (&mut self.more, &self.columns) else {
            return Err(self.input.malformed("a value in the columns of no list"));
        };
        let shapes = core::mem::take(&mut more.shapes);
        let builder = Builder::new(owned, self.budget, self.buffers.given());
        let mut builder = builder.with_shapes(shapes);
        in_slot(&more.table, of, (columns, slot), at, &mut builder)?;
        let (built, budget, shapes) = builder.finish()?;
        (more.shapes, self.budget) = (shapes, budget);
        Ok(built.value)
    }

    /// Keeps a field that the type does not know; whether it is a new one.
    pub(super) fn keep_field(
        &mut self,
        kept: &mut Unknown,
        name: &str,
        value: Value,
    ) -> Result<bool, Error> {
        self.allocate(1, kept.takes(name))?;
        Ok(kept.add(name, value))
    }

    /// The types of the stream, as values have them.
    pub(super) fn owned_types(&mut self) -> Result<Arc<value::Table>, Error> {
        let Some(more) = &mut self.more else {
            return Err(self.input.malformed("a value of a type that the stream does not define"));
        };
        Ok(match &more.owned {
            Some(owned) => owned.clone(),
            None => {
                self.budget
                    .allocate(1, value::Table::size_of(&more.table))
                    .map_err(|limit| self.input.exhausted(limit))?;
                more.owned.insert(value::Table::of(&more.table)).clone()
            }
        })
    }
}
