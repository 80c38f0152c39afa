//! What the registry knows of one type: how to take apart and put together a value of it that is known by name alone.

use crate::error::{Error, ErrorKind};
use crate::expand::{Expand, Pointee};
use crate::program::DefFn;
use crate::read::{Collect, Reader};
use crate::reduce::Reduce;
use crate::write::Writer;
use alloc::boxed::Box;
use core::any::{Any, type_name};
use core::fmt;

/// Which part of an object is written.
#[derive(Clone, Copy, Debug)]
pub enum Phase {
    /// All of it.
    Whole,
    /// The kept fields that are not state.
    Kept,
    /// The state fields.
    State,
}

/// One type, erased.
#[derive(Clone)]
pub(crate) struct Entry {
    pub rust_name: &'static str,
    /// What streams have in place of its name.
    pub code: Option<u32>,
    pub def: DefFn,
    pub reduce: fn(&dyn Any, Phase, &mut Writer<'_>) -> Result<(), Error>,
    pub two_phase: fn(&dyn Any, &Writer<'_>) -> bool,
    pub expand_box: for<'s, 'de> fn(&mut Reader<'s, 'de>) -> Result<Box<dyn Any>, Error>,
    /// Makes the shared object of a place in the memo, as an `Rc`.
    pub make_rc: for<'s, 'de> fn(&mut Reader<'s, 'de>, usize, u8) -> Result<(), Error>,
    /// As an `Arc`.
    pub make_arc: for<'s, 'de> fn(&mut Reader<'s, 'de>, usize, u8) -> Result<(), Error>,
    pub collect: for<'c, 'de> fn(&'c mut Collect<'de>),
}

impl Entry {
    pub(crate) fn of<T: Reduce + for<'de> Expand<'de> + 'static>() -> Self {
        Entry {
            rust_name: type_name::<T>(),
            code: None,
            def: T::def,
            reduce: reduce::<T>,
            two_phase: |value, w| value.downcast_ref::<T>().is_some_and(|value| value.two_phase(w)),
            expand_box: |r| Ok(<T as Pointee<'_>>::expand_box(r)?),
            make_rc: |r, number, mark| <T as Pointee<'_>>::make_rc(r, number, mark).map(drop),
            make_arc: |r, number, mark| <T as Pointee<'_>>::make_arc(r, number, mark).map(drop),
            collect: |c| T::collect(c),
        }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&self.rust_name).finish()
    }
}

fn reduce<T: Reduce + 'static>(
    value: &dyn Any,
    phase: Phase,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    // Found by the value's own type.
    let value = value.downcast_ref::<T>().ok_or_else(|| {
        Error::new(ErrorKind::Registry, "a registered type stands under another type's id")
    })?;
    match phase {
        Phase::Whole => value.reduce(w),
        Phase::Kept => value.reduce_kept(w),
        Phase::State => value.reduce_state(w),
    }
}
