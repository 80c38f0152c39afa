//! The dispatch table's entries: a type that is stored as the parts which one function makes of it, and made of them
//! again by another.

use super::entry::{Entry, Pair, Parts, Phase, known};
use crate::__private::{Fallible, Plain};
use crate::context::Context;
use crate::error::{BoxError, Error, ErrorKind};
use crate::expand::Expand;
use crate::impls::foreign;
use crate::program::text::Name;
use crate::read::{Collect, Mode, Plan, Reader};
use crate::reduce::Reduce;
use crate::write::Writer;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::any::{Any, TypeId, type_name};
use core::marker::PhantomData;

/// What a function of the registry may return: a `T`, or a `Result` of it with any error; `How` is inferred.
#[diagnostic::on_unimplemented(
    message = "this function must return `{T}`, or a `Result` of it, and not `{Self}`",
    label = "of the reducer and the expander, each returns what the other takes",
    note = "any error that converts to `Box<dyn Error + Send + Sync>` will do"
)]
pub trait Answer<T, How> {
    /// The value or the error.
    fn answer(self) -> Result<T, BoxError>;
}

#[diagnostic::do_not_recommend]
impl<T> Answer<T, Plain> for T {
    fn answer(self) -> Result<T, BoxError> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T, E: Into<BoxError>> Answer<T, Fallible<E>> for Result<T, E> {
    fn answer(self) -> Result<T, BoxError> {
        self.map_err(Into::into)
    }
}

/// A reducer and an expander as plain functions.
struct Functions<T, P, R, E> {
    /// For errors.
    name: String,
    reducer: R,
    expander: E,
    types: PhantomData<fn(P) -> T>,
}

/// The entry of a foreign type.
pub(super) fn entry<T, P, R, E>(name: &str, reducer: R, expander: E) -> Entry
where
    T: 'static,
    P: Reduce + for<'de> Expand<'de> + 'static,
    R: Fn(&T, &Context<'_>) -> Result<P, BoxError> + Send + Sync + 'static,
    E: Fn(P, &Context<'_>) -> Result<T, BoxError> + Send + Sync + 'static,
{
    let functions =
        Functions { name: name.to_string(), reducer, expander, types: PhantomData::<fn(P) -> T> };
    Entry {
        id: TypeId::of::<T>,
        rust_name: type_name::<T>(),
        code: None,
        def: P::def,
        foreign: true,
        pair: Arc::new(functions),
    }
}

impl<T, P, R, E> Functions<T, P, R, E>
where
    T: 'static,
    P: Reduce + for<'de> Expand<'de> + 'static,
    R: Fn(&T, &Context<'_>) -> Result<P, BoxError>,
    E: Fn(P, &Context<'_>) -> Result<T, BoxError>,
{
    fn reduced(&self, value: &dyn Any, context: &Context<'_>) -> Result<P, Error> {
        (self.reducer)(known::<T>(value)?, context).map_err(|cause| self.failed("reducer", cause))
    }

    fn expanded(&self, plan: Option<Plan>, r: &mut Reader<'_, '_>) -> Result<T, Error> {
        let parts = match plan {
            None => P::expand(r)?,
            Some(plan) => plan.value::<P>(r)?,
        };
        r.context().call().map_err(|error| error.with_offset(r.offset()))?;
        (self.expander)(parts, &r.context())
            .map_err(|cause| self.failed("expander", cause).with_offset(r.offset()))
    }

    #[cold]
    fn failed(&self, what: &str, cause: BoxError) -> Error {
        let message = format!("the {what} of `{}` failed", Name(&self.name));
        Error::from_cause(ErrorKind::Convert, message, cause)
    }
}

impl<T, P, R, E> Pair for Functions<T, P, R, E>
where
    T: 'static,
    P: Reduce + for<'de> Expand<'de> + 'static,
    R: Fn(&T, &Context<'_>) -> Result<P, BoxError> + Send + Sync,
    E: Fn(P, &Context<'_>) -> Result<T, BoxError> + Send + Sync,
{
    /// A foreign value has no state: it is written as a whole.
    fn reduce(&self, value: &dyn Any, _: Phase, w: &mut Writer<'_>) -> Result<(), Error> {
        let parts = self.reduced(value, &w.context());
        parts.map_err(|error| error.with_offset(w.offset()))?.reduce(w)
    }

    fn parts(&self, value: &dyn Any, context: &Context<'_>) -> Option<Result<Parts, BoxError>> {
        let parts = self.reduced(value, context);
        Some(parts.map(|parts| Box::new(parts) as Parts).map_err(Into::into))
    }

    fn two_phase(&self, _: &dyn Any, _: &Writer<'_>) -> bool {
        false
    }

    fn expand_box(
        &self,
        plan: Option<Plan>,
        r: &mut Reader<'_, '_>,
    ) -> Result<Box<dyn Any>, Error> {
        r.allocate(1, size_of::<T>())?;
        r.nested_here::<T, _>(|r| Ok(Box::new(self.expanded(plan, r)?) as Box<dyn Any>))
    }

    fn make_rc(
        &self,
        plan: Option<Plan>,
        r: &mut Reader<'_, '_>,
        number: usize,
        mark: u8,
    ) -> Result<(), Error> {
        foreign::make_rc(r, number, mark, |r| self.expanded(plan, r))
    }

    fn make_arc(
        &self,
        plan: Option<Plan>,
        r: &mut Reader<'_, '_>,
        number: usize,
        mark: u8,
    ) -> Result<(), Error> {
        foreign::make_arc(r, number, mark, |r| self.expanded(plan, r))
    }

    fn collect(&self, c: &mut Collect<'_>) {
        P::collect(c);
    }
}
