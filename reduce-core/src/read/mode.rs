//! The ways in which an expander reads: natively, where the stream's program is the type's own; natively from the slots of a
//! list in columns (`columns::slot`); or by a plan, from rows or slots, where the type has changed since.
//!
//! The derive writes one body for all. In [`Native`] all that is here folds away.

use super::adapt::upgrade::{Made, Step};
use super::adapt::{Node, Plan, PlannedFields, astray};
use super::unshare::Content;
use super::{Elements, Install, Reader, install};
use crate::__private::in_field;
use crate::column::Slot;
use crate::describe::Describe;
use crate::error::{Error, ErrorKind};
use crate::expand::Expand;
use crate::program::DefFn;
use crate::unknown::Unknown;
use crate::value::Value;

/// How a type is read.
pub trait Mode<'de>: Copy + 'static {
    /// Goes through the fields of a record or a variant.
    type Fields<'s>: ReadFields<'de, Mode = Self>
    where
        'de: 's;

    /// The plan, where there is one.
    fn plan(self) -> Option<Plan>;

    /// Where the value is in a list in columns, where it is read from there natively.
    #[inline(always)]
    fn slot(self) -> Option<Slot> {
        None
    }

    /// Reads a value of the type that this mode is for.
    fn value<T: Expand<'de>>(self, r: &mut Reader<'_, 'de>) -> Result<T, Error>;

    /// As [`value`](Self::value), for a type whose expander knows no plans.
    fn by_hand<T: Expand<'de>>(self, r: &mut Reader<'_, 'de>) -> Result<T, Error>;

    /// A trait object comes next: its own type says how it is read.
    fn dynamic(self, r: &mut Reader<'_, 'de>) -> Result<(), Error>;

    /// Reads the length of a sequence, whose elements are read in the mode that is second; they are what is read next,
    /// wherever they lie, until `Reader::end_list`. They are read from the slot that is third, where there is one.
    fn sequence<T: Describe>(
        self,
        r: &mut Reader<'_, 'de>,
    ) -> Result<(usize, Self, Option<Slot>), Error>;

    /// The mode of a sequence's element.
    #[inline(always)]
    fn element(self, _index: usize) -> Self {
        self
    }

    /// Reads the number of a map's entries; its keys and values are read in the modes that follow it.
    fn entries(self, r: &mut Reader<'_, 'de>) -> Result<(usize, Self, Self), Error>;

    /// The mode of a tuple's part.
    fn part(self, index: usize, r: &Reader<'_, 'de>) -> Result<Self, Error>;

    /// Reads the kept fields of a shared object whose state is queued.
    fn kept<T: Expand<'de>>(self, r: &mut Reader<'_, 'de>) -> Result<T, Error>;

    /// Reads the state of a shared object.
    fn queued<T: Expand<'de> + 'static>(self, r: &mut Reader<'_, 'de>)
    -> Result<Install<T>, Error>;

    /// Whether an object is what this mode reads as one of ours.
    fn reads(self, ours: DefFn, content: Content, r: &mut Reader<'_, 'de>) -> bool;

    /// What this mode reads as one of ours.
    fn content(self, ours: DefFn, r: &Reader<'_, 'de>) -> Content;

    /// Begins the fields of a record or of a variant: all but its state fields.
    fn fields<'s>(self, r: &mut Reader<'s, 'de>) -> Result<Self::Fields<'s>, Error>;

    /// Goes over what is there of a record or of a variant that has no fields.
    fn no_fields(self, r: &mut Reader<'_, 'de>) -> Result<(), Error>;

    /// As [`fields`](Self::fields), of a type with these upgrade functions, in the order of their versions.
    fn upgraded<'s>(
        self,
        steps: &[Step<'_>],
        r: &mut Reader<'s, 'de>,
    ) -> Result<Self::Fields<'s>, Error>;

    /// Begins the state fields of a record.
    fn state<'s>(self, r: &mut Reader<'s, 'de>) -> Result<Self::Fields<'s>, Error>;

    /// Reads a variant that the type does not know, as a value.
    fn other(self, r: &mut Reader<'_, 'de>) -> Result<Value, Error>;

    /// Reads which variant it is, by our numbers; its fields are read in the mode that is second.
    fn variant(
        self,
        name: &'static str,
        count: u32,
        r: &mut Reader<'_, 'de>,
    ) -> Result<(u32, Self), Error>;
}

/// Goes through the stored fields of a record, in the order of the type.
pub trait ReadFields<'de>: Sized {
    /// The mode of each.
    type Mode: Mode<'de>;

    /// Goes to the data of a field, by its place in the type; `None` where the stream lacks it.
    fn find(&mut self, index: usize, r: &mut Reader<'_, 'de>) -> Result<Option<Self::Mode>, Error>;

    /// As [`find`](Self::find), where nothing stands in for the field.
    fn need(&mut self, index: usize, r: &mut Reader<'_, 'de>) -> Result<Self::Mode, Error>;

    /// Reads a field, by its place in the type; `at` is its step in an error's path.
    #[inline(always)]
    fn field<T: Expand<'de>>(
        &mut self,
        index: usize,
        at: &'static str,
        r: &mut Reader<'_, 'de>,
    ) -> Result<T, Error> {
        field(self, index, at, r)
    }

    /// As [`field`](Self::field), where something stands in for a field that the stream lacks.
    #[inline(always)]
    fn field_or<T: Expand<'de>>(
        &mut self,
        index: usize,
        at: &'static str,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Option<T>, Error> {
        field_or(self, index, at, r)
    }

    /// Which of the field's conversions is to be taken, counted from 1; 0 where none is.
    fn conversion(&mut self, index: usize, r: &mut Reader<'_, 'de>) -> Result<usize, Error>;

    /// Reads what the type does not know, behind its fields.
    fn unknown(&mut self, r: &mut Reader<'_, 'de>) -> Result<Unknown, Error>;

    /// What an upgrade function made for a field, where one did.
    fn made(&mut self, index: usize, r: &mut Reader<'_, 'de>) -> Result<Option<Made>, Error>;

    /// Goes to the end of the record.
    fn end(&mut self, r: &mut Reader<'_, 'de>) -> Result<(), Error>;
}

/// What [`ReadFields::field`] does, for implementations that have it in one place.
#[inline(always)]
pub(crate) fn field<'de, F: ReadFields<'de>, T: Expand<'de>>(
    fields: &mut F,
    index: usize,
    at: &'static str,
    r: &mut Reader<'_, 'de>,
) -> Result<T, Error> {
    let mode = fields.need(index, r)?;
    in_field(mode.value(r), at)
}

/// What [`ReadFields::field_or`] does.
#[inline(always)]
pub(crate) fn field_or<'de, F: ReadFields<'de>, T: Expand<'de>>(
    fields: &mut F,
    index: usize,
    at: &'static str,
    r: &mut Reader<'_, 'de>,
) -> Result<Option<T>, Error> {
    let Some(mode) = fields.find(index, r)? else { return Ok(None) };
    in_field(mode.value(r), at).map(Some)
}

/// The stream's program is the type's own.
#[derive(Clone, Copy, Debug)]
pub struct Native;

impl<'de> Mode<'de> for Native {
    type Fields<'s>
        = Native
    where
        'de: 's;

    #[inline(always)]
    fn plan(self) -> Option<Plan> {
        None
    }

    #[inline(always)]
    fn value<T: Expand<'de>>(self, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        T::expand(r)
    }

    #[inline(always)]
    fn by_hand<T: Expand<'de>>(self, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        T::expand(r)
    }

    #[inline(always)]
    fn dynamic(self, _: &mut Reader<'_, 'de>) -> Result<(), Error> {
        Ok(())
    }

    #[inline(always)]
    fn sequence<T: Describe>(
        self,
        r: &mut Reader<'_, 'de>,
    ) -> Result<(usize, Self, Option<Slot>), Error> {
        Ok(match r.begin_list(T::def)? {
            Elements::InRows(length) | Elements::Outside(length) => (length, self, None),
            Elements::InColumns(length, first) => (length, self, Some(first)),
        })
    }

    #[inline(always)]
    fn entries(self, r: &mut Reader<'_, 'de>) -> Result<(usize, Self, Self), Error> {
        r.list_length().map(|length| (length, self, self))
    }

    #[inline(always)]
    fn part(self, _: usize, _: &Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(self)
    }

    #[inline(always)]
    fn kept<T: Expand<'de>>(self, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        if !T::TWO_PHASE {
            return Err(not_stateful(r));
        }
        T::expand_kept(self, r)
    }

    #[inline(always)]
    fn queued<T: Expand<'de> + 'static>(
        self,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Install<T>, Error> {
        T::expand_state(self, r)
    }

    #[cold]
    fn reads(self, ours: DefFn, content: Content, r: &mut Reader<'_, 'de>) -> bool {
        r.is_content_of(content, ours)
    }

    fn content(self, ours: DefFn, _: &Reader<'_, 'de>) -> Content {
        Content::ours(ours)
    }

    #[inline(always)]
    fn fields<'s>(self, _: &mut Reader<'s, 'de>) -> Result<Native, Error> {
        Ok(self)
    }

    #[inline(always)]
    fn no_fields(self, _: &mut Reader<'_, 'de>) -> Result<(), Error> {
        Ok(())
    }

    #[inline(always)]
    fn upgraded<'s>(self, _: &[Step<'_>], _: &mut Reader<'s, 'de>) -> Result<Native, Error> {
        Ok(self)
    }

    #[inline(always)]
    fn state<'s>(self, _: &mut Reader<'s, 'de>) -> Result<Native, Error> {
        Ok(self)
    }

    fn other(self, r: &mut Reader<'_, 'de>) -> Result<Value, Error> {
        r.any_value()
    }

    #[inline(always)]
    fn variant(
        self,
        name: &'static str,
        count: u32,
        r: &mut Reader<'_, 'de>,
    ) -> Result<(u32, Self), Error> {
        let at = r.offset();
        let number = r.input.varint()?;
        match u32::try_from(number) {
            Ok(index) if index < count => Ok((index, self)),
            _ => Err(unknown_variant(name, number, at)),
        }
    }
}

impl<'de> ReadFields<'de> for Native {
    type Mode = Native;

    #[inline(always)]
    fn find(&mut self, _: usize, _: &mut Reader<'_, 'de>) -> Result<Option<Native>, Error> {
        Ok(Some(Native))
    }

    #[inline(always)]
    fn need(&mut self, _: usize, _: &mut Reader<'_, 'de>) -> Result<Native, Error> {
        Ok(Native)
    }

    #[inline(always)]
    fn conversion(&mut self, _: usize, _: &mut Reader<'_, 'de>) -> Result<usize, Error> {
        Ok(0)
    }

    #[inline(always)]
    fn unknown(&mut self, r: &mut Reader<'_, 'de>) -> Result<Unknown, Error> {
        Unknown::expand(r)
    }

    #[inline(always)]
    fn made(&mut self, _: usize, _: &mut Reader<'_, 'de>) -> Result<Option<Made>, Error> {
        Ok(None)
    }

    #[inline(always)]
    fn end(&mut self, _: &mut Reader<'_, 'de>) -> Result<(), Error> {
        Ok(())
    }
}

#[cold]
fn unknown_variant(name: &'static str, number: u64, at: usize) -> Error {
    Error::new(ErrorKind::Malformed, alloc::format!("the enum `{name}` has no variant {number}"))
        .with_offset(at)
}

impl<'de> Mode<'de> for Plan {
    type Fields<'s>
        = PlannedFields<'s, 'de>
    where
        'de: 's;

    fn plan(self) -> Option<Plan> {
        Some(self)
    }

    #[inline(always)]
    fn value<T: Expand<'de>>(self, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        T::expand_way(self, r)
    }

    fn by_hand<T: Expand<'de>>(self, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        Err(no_plans(T::def().name(), r))
    }

    fn dynamic(self, r: &mut Reader<'_, 'de>) -> Result<(), Error> {
        match self.peeled(r)? {
            None => Ok(()),
            Some(_) => Err(astray(r)),
        }
    }

    fn sequence<T: Describe>(
        self,
        r: &mut Reader<'_, 'de>,
    ) -> Result<(usize, Self, Option<Slot>), Error> {
        let (length, element) = r.begin_sequence(self, T::def)?;
        Ok((length, element, element.native_slot(r)))
    }

    #[inline(always)]
    fn element(self, index: usize) -> Self {
        self.behind(index)
    }

    fn entries(self, r: &mut Reader<'_, 'de>) -> Result<(usize, Self, Self), Error> {
        r.begin_entries(self)
    }

    fn part(self, index: usize, r: &Reader<'_, 'de>) -> Result<Self, Error> {
        match r.plans.node(self) {
            Node::Tuple(parts) => {
                let part = parts.get(index).copied().ok_or_else(|| astray(r))?;
                let first = self.parts(r)?;
                Ok(first
                    .map_or(part, |first| part.in_slot(first.column.behind(index).slot(first.row))))
            }
            _ => Err(astray(r)),
        }
    }

    fn kept<T: Expand<'de>>(self, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        match self.peeled(r)? {
            None => Native.kept(r),
            Some(plan) => match r.plans.node(plan) {
                Node::Record { state, .. } if !r.plans.stores(*state) => Err(not_stateful(r)),
                Node::Record { .. } if T::TWO_PHASE => T::expand_kept(plan, r),
                // The type has no state any more: what is queued is skipped.
                Node::Record { fields, .. } => fields.value(r),
                _ => Err(stateful_still(r)),
            },
        }
    }

    fn queued<T: Expand<'de> + 'static>(
        self,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Install<T>, Error> {
        match self.peeled(r)? {
            None => T::expand_state(Native, r),
            Some(plan) if T::TWO_PHASE => T::expand_state(plan, r),
            Some(plan) => {
                PlannedFields::of_state(plan, r)?.end(r)?;
                Ok(install(|_| ()))
            }
        }
    }

    fn reads(self, _: DefFn, content: Content, r: &mut Reader<'_, 'de>) -> bool {
        r.is_content(content, r.plans.theirs(self))
    }

    fn content(self, _: DefFn, r: &Reader<'_, 'de>) -> Content {
        Content::theirs(r.plans.theirs(self))
    }

    fn fields<'s>(self, r: &mut Reader<'s, 'de>) -> Result<PlannedFields<'s, 'de>, Error> {
        PlannedFields::new(self, r)
    }

    fn no_fields(self, r: &mut Reader<'_, 'de>) -> Result<(), Error> {
        PlannedFields::new(self, r)?.end(r)
    }

    fn upgraded<'s>(
        self,
        steps: &[Step<'_>],
        r: &mut Reader<'s, 'de>,
    ) -> Result<PlannedFields<'s, 'de>, Error> {
        PlannedFields::new(self, r)?.upgrade(steps, r)
    }

    fn state<'s>(self, r: &mut Reader<'s, 'de>) -> Result<PlannedFields<'s, 'de>, Error> {
        PlannedFields::of_state(self, r)
    }

    fn other(self, r: &mut Reader<'_, 'de>) -> Result<Value, Error> {
        Plan::other(self, r)
    }

    fn variant(
        self,
        name: &'static str,
        count: u32,
        r: &mut Reader<'_, 'de>,
    ) -> Result<(u32, Self), Error> {
        self.planned_variant(name, count, r)
    }
}

#[cold]
fn not_stateful(r: &Reader<'_, '_>) -> Error {
    r.input.malformed("an object whose type has no state is marked as stateful")
}

/// Where the type of a shared object with a queued state became something else than a record.
#[cold]
fn stateful_still(r: &Reader<'_, '_>) -> Error {
    r.input.error(
        ErrorKind::TypeMismatch,
        "a shared object with state fields, which can become nothing but a record",
    )
}

#[cold]
fn no_plans(name: Option<&str>, r: &Reader<'_, '_>) -> Error {
    let name = name.map_or("a type".into(), |name| alloc::format!("`{name}`"));
    r.input.error(
        ErrorKind::TypeMismatch,
        alloc::format!(
            "{name} has changed since the stream was written, and its expander, which is written by hand, reads only its \
             own program; derive `Reduce` for it, or keep what it stores as it was"
        ),
    )
}
