//! What the registry knows of one type: how to take apart and put together a value of it that is known by name alone.

use crate::context::Context;
use crate::error::{BoxError, Error, ErrorKind};
use crate::expand::{Expand, Pointee};
use crate::program::{DefFn, program_of};
use crate::read::adapt::compared;
use crate::read::{Collect, Native, Plan, Reader};
use crate::reduce::Reduce;
use crate::write::Writer;
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::any::{Any, TypeId, type_name};
use core::fmt;
use core::marker::PhantomData;

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
    pub id: fn() -> TypeId,
    pub rust_name: &'static str,
    /// What streams have in place of its name.
    pub code: Option<u32>,
    /// What is stored: the type itself, or the parts that a reducer makes of it.
    pub def: DefFn,
    /// Its expander is a function of the user's.
    pub foreign: bool,
    pub pair: Arc<dyn Pair>,
}

impl Entry {
    pub(crate) fn of<T: Reduce + for<'de> Expand<'de> + 'static>() -> Self {
        Entry {
            id: TypeId::of::<T>,
            rust_name: type_name::<T>(),
            code: None,
            def: T::def,
            foreign: false,
            pair: Arc::new(Registered::<T>(PhantomData)),
        }
    }

    /// Loading it runs functions of the user.
    pub(super) fn rebuilds(&self) -> bool {
        self.foreign || program_of((self.def)()).rebuilds
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&self.rust_name).finish()
    }
}

/// The reducer/expander pair of one type.
pub(crate) trait Pair: Send + Sync {
    fn reduce(&self, value: &dyn Any, phase: Phase, w: &mut Writer<'_>) -> Result<(), Error>;

    /// The parts of a value, where a function makes them.
    fn parts(&self, value: &dyn Any, context: &Context<'_>) -> Option<Result<Parts, BoxError>>;

    fn two_phase(&self, value: &dyn Any, w: &Writer<'_>) -> bool;

    fn expand_box(&self, plan: Option<Plan>, r: &mut Reader<'_, '_>)
    -> Result<Box<dyn Any>, Error>;

    /// Makes the shared object of a place in the memo, as an `Rc`.
    fn make_rc(
        &self,
        plan: Option<Plan>,
        r: &mut Reader<'_, '_>,
        number: usize,
        mark: u8,
    ) -> Result<(), Error>;

    /// As an `Arc`.
    fn make_arc(
        &self,
        plan: Option<Plan>,
        r: &mut Reader<'_, '_>,
        number: usize,
        mark: u8,
    ) -> Result<(), Error>;

    /// Adds the shared types below it.
    fn collect(&self, c: &mut Collect<'_>);
}

/// What a reducer of the dispatch table made of a value.
pub(crate) type Parts = Box<dyn Written>;

/// A value to be written.
pub(crate) trait Written {
    fn reduce_to(&self, w: &mut Writer<'_>) -> Result<(), Error>;
}

impl<T: Reduce> Written for T {
    fn reduce_to(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.reduce(w)
    }
}

/// A type with the three traits.
struct Registered<T>(PhantomData<fn() -> T>);

impl<T: Reduce + for<'de> Expand<'de> + 'static> Pair for Registered<T> {
    fn reduce(&self, value: &dyn Any, phase: Phase, w: &mut Writer<'_>) -> Result<(), Error> {
        let value = known::<T>(value)?;
        match phase {
            Phase::Whole => value.reduce(w),
            Phase::Kept => value.reduce_kept(w),
            Phase::State => value.reduce_state(w),
        }
    }

    fn parts(&self, _: &dyn Any, _: &Context<'_>) -> Option<Result<Parts, BoxError>> {
        None
    }

    fn two_phase(&self, value: &dyn Any, w: &Writer<'_>) -> bool {
        value.downcast_ref::<T>().is_some_and(|value| value.two_phase(w))
    }

    fn expand_box(
        &self,
        plan: Option<Plan>,
        r: &mut Reader<'_, '_>,
    ) -> Result<Box<dyn Any>, Error> {
        Ok(match plan {
            None => <T as Pointee<'_>>::expand_box(Native, r)?,
            Some(plan) => <T as Pointee<'_>>::expand_box(plan, r)
                .map_err(|error| compared(error, plan, T::def(), r))?,
        })
    }

    fn make_rc(
        &self,
        plan: Option<Plan>,
        r: &mut Reader<'_, '_>,
        number: usize,
        mark: u8,
    ) -> Result<(), Error> {
        match plan {
            None => <T as Pointee<'_>>::make_rc(Native, r, number, mark).map(drop),
            Some(plan) => match <T as Pointee<'_>>::make_rc(plan, r, number, mark) {
                Ok(_) => Ok(()),
                Err(error) => Err(compared(error, plan, T::def(), r)),
            },
        }
    }

    fn make_arc(
        &self,
        plan: Option<Plan>,
        r: &mut Reader<'_, '_>,
        number: usize,
        mark: u8,
    ) -> Result<(), Error> {
        match plan {
            None => <T as Pointee<'_>>::make_arc(Native, r, number, mark).map(drop),
            Some(plan) => match <T as Pointee<'_>>::make_arc(plan, r, number, mark) {
                Ok(_) => Ok(()),
                Err(error) => Err(compared(error, plan, T::def(), r)),
            },
        }
    }

    fn collect(&self, c: &mut Collect<'_>) {
        T::collect(c);
    }
}

/// The value of an entry, which is found by the value's own type.
pub(super) fn known<T: 'static>(value: &dyn Any) -> Result<&T, Error> {
    value.downcast_ref::<T>().ok_or_else(|| {
        Error::new(ErrorKind::Registry, "a registered type stands under another type's id")
    })
}
