//! Loads values without their types: whole streams, and values of any type inside of one.

use super::adapt::astray;
use super::memo::Memo;
use super::open::Terms;
use super::state::{self, States};
use super::{Buffers, Reader, Untyped};
use crate::error::{Error, ErrorKind};
use crate::limits::Budget;
use crate::opcode;
use crate::program::table::Ref;
use crate::scan::{Met, Walk};
use crate::value::{self, Builder, UnknownObject, Value};
use alloc::vec::Vec;

/// Loads the value of a stream that is whole by itself.
pub(super) fn from_slice(terms: Terms<'_, '_>, bytes: &[u8]) -> Result<Value, Error> {
    let known = terms.loader.programs.clone().unwrap_or_default();
    let Untyped { header, table, data: input } = Untyped::open(bytes, &known)?;
    // The programs become part of the value.
    let mut budget = terms.budget(input);
    budget
        .allocate(1, value::Table::size_of(&table))
        .map_err(|limit| input.error(ErrorKind::Limit, limit.message()))?;
    let mut builder = Builder::new(value::Table::of(&table), budget, terms.buffers);
    let mut walk = Walk::new(&table, input, budget, &mut builder);
    walk.known_buffers(Buffers::new(terms.buffers)).continued(header, &mut Met::default())?;
    Ok(builder.finish().0)
}

impl<'s, 'de> Reader<'s, 'de> {
    /// A value of any type, its type in front.
    pub(crate) fn any_value(&mut self) -> Result<Value, Error> {
        self.value_of(Ref::Primitive(opcode::VALUE))
    }

    /// A value of a type of the stream that no type of ours stands for. What it holds may still be referred to from elsewhere.
    pub(crate) fn unknown_value(&mut self, of: Ref) -> Result<Value, Error> {
        let before = self.position();
        self.skip(of)?;
        let behind = self.position();
        // Its objects have their places, and its buffers were asked for.
        self.go_back(before);
        let value = self.value_of(of)?;
        self.go_to(behind);
        Ok(value)
    }

    /// An object of the registered type in a place of the table, which is not registered here. What it holds may still be
    /// referred to from elsewhere.
    pub(crate) fn unknown_object(&mut self, index: usize) -> Result<UnknownObject, Error> {
        let of = self.table().and_then(|table| table.get(index)?.registered());
        let of = of.ok_or_else(|| astray(self))?;
        let value = self.unknown_value(of)?;
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
        if ahead {
            return Err(self.input.error(
                ErrorKind::Unsupported,
                "a field that was kept as unknown has weak pointers in front of what they refer to, and cannot be a \
                 field of a type again",
            ));
        }
        self.allocate(1, size_of::<(Memo, States<'_>)>())?;
        let memo = core::mem::take(&mut self.memo);
        self.documents.push((memo, core::mem::take(&mut self.states)));
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

    /// A value of a type of the stream.
    fn value_of(&mut self, of: Ref) -> Result<Value, Error> {
        let first = self.memo.next();
        let Some(more) = &mut self.more else {
            return Err(self.input.malformed("a value of a type that the stream does not define"));
        };
        let owned = match &more.owned {
            Some(owned) => owned.clone(),
            None => {
                self.budget
                    .allocate(1, value::Table::size_of(&more.table))
                    .map_err(|limit| self.input.error(ErrorKind::Limit, limit.message()))?;
                more.owned.insert(value::Table::of(&more.table)).clone()
            }
        };
        let shapes = core::mem::take(&mut more.shapes);
        let builder = Builder::new(owned, self.budget, self.buffers.given());
        let mut builder = builder.numbered_from(first).with_shapes(shapes);
        let buffers = if self.again { Buffers::again() } else { self.buffers };
        let left =
            Walk::part(&more.table, of, first, self.input, self.budget, buffers, &mut builder)?;
        let (value, budget, shapes) = builder.finish();
        more.shapes = shapes;
        // The table lives shorter than the input.
        let taken = left.input.offset().saturating_sub(self.input.offset());
        self.input.take(taken)?;
        if !self.again {
            self.buffers.set_asked(left.asked);
        }
        self.budget = Budget { elements: left.budget.elements, steps: left.budget.steps, ..budget };
        Ok(value)
    }
}
