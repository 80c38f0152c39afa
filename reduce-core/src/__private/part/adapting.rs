//! Fields with an adapter.

use super::undescribed;
use crate::__private::fields::in_field;
use crate::adapter::{Adapter, adapter_failed};
use crate::error::Error;
use crate::expand::Expand;
use crate::impls::made;
use crate::read::{Collect, Mode, ReadFields, Reader};
use crate::write::Writer;
use core::marker::PhantomData;
use core::ops::Deref;

/// A field of type `T` with the adapter `A`.
pub struct Adapting<A, T>(Unadapted<A, T>);

/// A field of type `T` with an `A` that is no adapter of it.
pub struct Unadapted<A, T>(PhantomData<(A, T)>);

/// A field of type `T` with the adapter `A`.
#[inline(always)]
pub fn adapting<A, T>() -> Adapting<A, T> {
    Adapting(Unadapted(PhantomData))
}

impl<A: Adapter<T>, T> Adapting<A, T> {
    /// Writes the field as its adapter says: a level of depth, for the field's type may hold pointers that no impl of
    /// ours sees.
    pub fn reduce(self, value: &T, at: &'static str, w: &mut Writer<'_>) -> Result<(), Error> {
        w.nested_here::<A::Stored>(|w| A::reduce_field(value, w))
            .map_err(|error| error.in_field(at))
    }

    /// Reads the field as its adapter says; it is the `index`-th of those it stands among.
    pub fn expand<'de>(
        self,
        index: usize,
        at: &'static str,
        fields: &mut impl ReadFields<'de>,
        r: &mut Reader<'_, 'de>,
    ) -> Result<T, Error> {
        let mode = fields.need(index, r)?;
        in_field(adapt::<A, T, _>(mode, r), at)
    }

    /// As [`expand`](Self::expand), where something stands in for a field that the stream lacks.
    pub fn expand_or<'de>(
        self,
        index: usize,
        at: &'static str,
        fields: &mut impl ReadFields<'de>,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Option<T>, Error> {
        let Some(mode) = fields.find(index, r)? else { return Ok(None) };
        in_field(adapt::<A, T, _>(mode, r), at).map(Some)
    }

    /// Reads what is stored in the place of the type that has the field.
    pub fn whole<'de>(self, mode: impl Mode<'de>, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        adapt::<A, T, _>(mode, r)
    }
}

impl<A: Adapter<T>, T> Adapting<A, T> {
    /// Adds the shared types of what the adapter stores.
    pub fn collect(self, c: &mut Collect<'_>) {
        <A::Stored>::collect(c);
    }
}

impl<A, T> Deref for Adapting<A, T> {
    type Target = Unadapted<A, T>;
    #[inline(always)]
    fn deref(&self) -> &Unadapted<A, T> {
        &self.0
    }
}

impl<A, T> Unadapted<A, T> {
    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn reduce(&self, _: &T, at: &'static str, _: &mut Writer<'_>) -> Result<(), Error> {
        Err(undescribed(at))
    }

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn expand<F>(
        &self,
        _: usize,
        at: &'static str,
        _: &mut F,
        _: &mut Reader<'_, '_>,
    ) -> Result<T, Error> {
        Err(undescribed(at))
    }

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn expand_or<F>(
        &self,
        _: usize,
        at: &'static str,
        _: &mut F,
        _: &mut Reader<'_, '_>,
    ) -> Result<Option<T>, Error> {
        Err(undescribed(at))
    }

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn whole<M>(&self, _: M, _: &mut Reader<'_, '_>) -> Result<T, Error> {
        Err(undescribed(""))
    }
}

impl<A, T> Unadapted<A, T> {
    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn collect(&self, _: &mut Collect<'_>) {}
}

fn adapt<'de, A: Adapter<T>, T, M: Mode<'de>>(
    mode: M,
    r: &mut Reader<'_, 'de>,
) -> Result<T, Error> {
    let stored = r.nested_here::<A::Stored, _>(|r| mode.value::<A::Stored>(r))?;
    made::<T, A>(stored, &r.context()).map_err(|cause| adapter_failed(cause, r.offset()))
}
