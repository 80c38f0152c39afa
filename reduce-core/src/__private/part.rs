//! Fields of derived types: written and read by their type, or by an adapter of it.
//!
//! A field's type is named in all three impls, and rustc would report one that cannot be stored in each of them. So
//! generated code calls `part::<File>().reduce(..)`: the method is looked up along the `Deref`s of [`Part`], and only
//! `Describe` reports. The method found is
//!
//! 1. [`Part`]'s, where `File` has the trait: the one that runs,
//! 2. [`Described`]'s, where `File` has only `Describe`: its bound is the error,
//! 3. [`Undescribed`]'s otherwise: no error here, and so none beside the one in `Describe`.
//!
//! Type parameters have the trait by the bounds of the impl. What runs takes `self` by value, so that no blanket trait of
//! the user's with a method of that name comes first.

use super::fields::{expand_field, reduce_field};
use crate::adapter::{Adapter, adapter_failed};
use crate::describe::Describe;
use crate::error::{Error, ErrorKind};
use crate::expand::Expand;
use crate::impls::Borrowable;
use crate::impls::stored::{Way, WayBack, WayOut};
use crate::read::{Collect, Reader};
use crate::reduce::Reduce;
use crate::write::Writer;
use alloc::borrow::Cow;
use core::marker::PhantomData;
use core::ops::Deref;

/// A field of type `T`.
pub struct Part<T: ?Sized>(Described<T>);

/// A field whose type may have no reducer or no expander.
pub struct Described<T: ?Sized>(Undescribed<T>);

/// A field whose type cannot be stored.
pub struct Undescribed<T: ?Sized>(PhantomData<T>);

/// A field of type `T`.
#[inline(always)]
pub fn part<T: ?Sized>() -> Part<T> {
    Part(Described(Undescribed(PhantomData)))
}

impl<T: Reduce + ?Sized> Part<T> {
    /// Writes the field; `at` is its step in an error's path.
    #[inline(always)]
    pub fn reduce(self, value: &T, at: &'static str, w: &mut Writer<'_>) -> Result<(), Error> {
        reduce_field(value, at, w)
    }
}

impl<'de, T: Expand<'de>> Part<T> {
    /// Reads the field; `at` is its step in an error's path.
    #[inline(always)]
    pub fn expand(self, at: &'static str, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        expand_field(at, r)
    }
}

impl<'de, T: Expand<'de>> Part<T> {
    /// Adds the shared types of the field.
    #[inline(always)]
    pub fn collect(self, c: &mut Collect<'de>) {
        T::collect(c);
    }

    /// Whether the field is a cell that can be set just now.
    #[inline(always)]
    pub fn settable(self, cell: &T) -> bool {
        cell.settable()
    }

    /// Sets the field, a cell.
    #[inline(always)]
    pub fn set(self, cell: &T, value: T) {
        cell.set(value);
    }
}

/// [`Owning`] hands over to it by value.
impl<T: ?Sized> Clone for Part<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Part<T> {}

impl<T: ?Sized> Clone for Described<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Described<T> {}

impl<T: ?Sized> Clone for Undescribed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Undescribed<T> {}

impl<T: ?Sized> Deref for Part<T> {
    type Target = Described<T>;
    #[inline(always)]
    fn deref(&self) -> &Described<T> {
        &self.0
    }
}

impl<T: Describe + ?Sized> Described<T> {
    /// The error of a type that has no reducer.
    pub fn reduce(&self, value: &T, at: &'static str, w: &mut Writer<'_>) -> Result<(), Error>
    where
        T: Reduce,
    {
        reduce_field(value, at, w)
    }

    /// The error of a type that has no expander.
    pub fn expand<'de>(&self, at: &'static str, r: &mut Reader<'_, 'de>) -> Result<T, Error>
    where
        T: Expand<'de>,
    {
        expand_field(at, r)
    }
}

impl<T: ?Sized> Deref for Described<T> {
    type Target = Undescribed<T>;
    #[inline(always)]
    fn deref(&self) -> &Undescribed<T> {
        &self.0
    }
}

impl<T: ?Sized> Undescribed<T> {
    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn reduce(&self, _: &T, at: &'static str, _: &mut Writer<'_>) -> Result<(), Error> {
        Err(undescribed(at))
    }

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn expand(&self, at: &'static str, _: &mut Reader<'_, '_>) -> Result<T, Error>
    where
        T: Sized,
    {
        Err(undescribed(at))
    }
}

// `Described` needs none of these: its `expand` is the error of a type without an expander.
impl<T: ?Sized> Undescribed<T> {
    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn collect(&self, _: &mut Collect<'_>) {}

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn settable(&self, _: &T) -> bool {
        false
    }

    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn set(&self, _: &T, _: T)
    where
        T: Sized,
    {
    }
}

/// A field of type `Cow<'static, B>`: read borrowed, kept owned, since the bytes do not live for `'static`. Of another type
/// of that name it is a [`Part`].
pub struct Owning<T: ?Sized>(Part<T>);

/// A field of type `T`, a `Cow<'static, B>`.
#[inline(always)]
pub fn owning<T: ?Sized>() -> Owning<T> {
    Owning(part())
}

impl<'de, B: Borrowable<'de> + Describe + ?Sized + 'static> Owning<Cow<'static, B>> {
    /// Reads the field; `at` is its step in an error's path.
    pub fn expand(
        self,
        at: &'static str,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Cow<'static, B>, Error> {
        let value = expand_field::<Cow<'de, B>>(at, r)?;
        if let Cow::Borrowed(value) = &value {
            r.allocate(size_of_val(*value), 1).map_err(|error| error.in_field(at))?;
        }
        Ok(Cow::Owned(value.into_owned()))
    }

    /// Adds the shared types of the field.
    pub fn collect(self, c: &mut Collect<'de>) {
        <Cow<'de, B>>::collect(c);
    }

    /// It is no cell.
    pub fn settable(self, _: &B) -> bool {
        false
    }

    /// It is no cell.
    pub fn set(self, _: &B, _: Cow<'static, B>) {}
}

impl<T: ?Sized> Deref for Owning<T> {
    type Target = Part<T>;
    #[inline(always)]
    fn deref(&self) -> &Part<T> {
        &self.0
    }
}

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
        w.nested::<A::Stored>(|w| A::reduce_field(value, w)).map_err(|error| error.in_field(at))
    }

    /// Reads the field as its adapter says.
    pub fn expand(self, at: &'static str, r: &mut Reader<'_, '_>) -> Result<T, Error> {
        let stored = r.nested::<A::Stored, _>(A::Stored::expand);
        stored
            .and_then(|stored| {
                A::expand(stored, &r.context()).map_err(|cause| adapter_failed(cause, r.offset()))
            })
            .map_err(|error| error.in_field(at))
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
    pub fn expand(&self, at: &'static str, _: &mut Reader<'_, '_>) -> Result<T, Error> {
        Err(undescribed(at))
    }
}

impl<A, T> Unadapted<A, T> {
    /// Never runs: the impl of `Describe` does not compile.
    #[cold]
    pub fn collect(&self, _: &mut Collect<'_>) {}
}

/// A field of type `T` that is stored in the way `W`: under `shared = false`.
pub struct Stored<W, T>(Undirected<W, T>);

/// A field of type `T` that may have no reducer or no expander.
pub struct Undirected<W, T>(Undescribed<T>, PhantomData<W>);

/// A field of type `T` that is stored in the way `W`.
#[inline(always)]
pub fn stored<W, T>() -> Stored<W, T> {
    Stored(Undirected(Undescribed(PhantomData), PhantomData))
}

impl<W: WayOut<T>, T> Stored<W, T> {
    /// Writes the field; `at` is its step in an error's path.
    #[inline]
    pub fn reduce(self, value: &T, at: &'static str, w: &mut Writer<'_>) -> Result<(), Error> {
        W::reduce(value, w).map_err(|error| error.in_field(at))
    }
}

impl<'de, W: WayBack<'de, T>, T> Stored<W, T> {
    /// Reads the field; `at` is its step in an error's path.
    #[inline]
    pub fn expand(self, at: &'static str, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        W::expand(r).map_err(|error| error.in_field(at))
    }
}

impl<'de, W: WayBack<'de, T>, T> Stored<W, T> {
    /// Adds the shared types of the field.
    #[inline]
    pub fn collect(self, c: &mut Collect<'de>) {
        W::collect(c);
    }
}

impl<W, T> Deref for Stored<W, T> {
    type Target = Undirected<W, T>;
    #[inline(always)]
    fn deref(&self) -> &Undirected<W, T> {
        &self.0
    }
}

impl<W: Way<T>, T> Undirected<W, T> {
    /// The error of a type that has no reducer.
    pub fn reduce(&self, value: &T, at: &'static str, w: &mut Writer<'_>) -> Result<(), Error>
    where
        W: WayOut<T>,
    {
        W::reduce(value, w).map_err(|error| error.in_field(at))
    }

    /// The error of a type that has no expander.
    pub fn expand<'de>(&self, at: &'static str, r: &mut Reader<'_, 'de>) -> Result<T, Error>
    where
        W: WayBack<'de, T>,
    {
        W::expand(r).map_err(|error| error.in_field(at))
    }
}

impl<W, T> Deref for Undirected<W, T> {
    type Target = Undescribed<T>;
    #[inline(always)]
    fn deref(&self) -> &Undescribed<T> {
        &self.0
    }
}

#[cold]
fn undescribed(at: &'static str) -> Error {
    Error::new(ErrorKind::Unavailable, "a field that cannot be stored").in_field(at)
}
