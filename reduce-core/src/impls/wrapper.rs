//! Types that put a rule or a meaning on another one, and are stored as it is: `NonZero`, `Wrapping`, `Saturating`,
//! `Reverse`, `Pin<Box<T>>`. `PhantomData` holds nothing and is stored as the unit, whatever its type.
//!
//! A zero for a `NonZero` is an error at load.

use super::shape::reduce_made;
use crate::column::{Column, Slot};
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::{Expand, Pointee};
use crate::program::{PartDef, TypeDef};
use crate::read::{Collect, Plan, Reader};
use crate::reduce::Reduce;
use crate::write::{Columns, Writer};
use alloc::boxed::Box;
use core::cmp::Reverse;
use core::marker::PhantomData;
use core::num::{NonZero, Saturating, Wrapping};
use core::pin::Pin;

macro_rules! non_zero {
    ($($plain:ident)*) => {$(
        impl Describe for NonZero<$plain> {
            fn def() -> &'static TypeDef {
                $plain::def()
            }

            const PART: PartDef = $plain::PART;
        }

        impl Reduce for NonZero<$plain> {
            #[inline]
            fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                self.get().reduce(w)
            }

            fn reduce_rows(
                rows: &[&Self],
                column: Column,
                columns: &mut Columns<'_>,
            ) -> Result<(), Error> {
                reduce_made(rows, |number| number.get(), column, columns)
            }
        }

        impl<'de> Expand<'de> for NonZero<$plain> {
            #[inline]
            fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                NonZero::new($plain::expand(r)?).ok_or_else(|| zero(r))
            }

            fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                NonZero::new($plain::adapt(plan, r)?).ok_or_else(|| zero(r))
            }

            #[inline]
            fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                NonZero::new($plain::expand_slot(slot, r)?).ok_or_else(|| zero(r))
            }
        }
    )*};
}

// Std's bound on the types that a `NonZero` takes is not stable: one by one.
non_zero! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize }

#[cold]
fn zero(r: &Reader<'_, '_>) -> Error {
    r.invalid("a zero for a type that excludes it")
}

macro_rules! wrapper {
    ($($wrapper:ident)*) => {$(
        impl<T: Describe> Describe for $wrapper<T> {
            fn def() -> &'static TypeDef {
                T::def()
            }

            const PART: PartDef = T::PART;
        }

        impl<T: Reduce> Reduce for $wrapper<T> {
            #[inline]
            fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                self.0.reduce(w)
            }

            #[inline]
            fn reduce_column<'a>(
                values: impl Iterator<Item = &'a Self> + Clone,
                column: Column,
                columns: &mut Columns<'_>,
            ) -> Result<(), Error>
            where
                Self: 'a,
            {
                T::reduce_column(values.map(|value| &value.0), column, columns)
            }
        }

        impl<'de, T: Expand<'de>> Expand<'de> for $wrapper<T> {
            #[inline]
            fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                T::expand(r).map($wrapper)
            }

            fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                T::adapt(plan, r).map($wrapper)
            }

            #[inline]
            fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                T::expand_slot(slot, r).map($wrapper)
            }

            fn collect(c: &mut Collect<'de>) {
                T::collect(c);
            }
        }
    )*};
}

wrapper! { Wrapping Saturating Reverse }

impl<T: ?Sized> Describe for PhantomData<T> {
    fn def() -> &'static TypeDef {
        <()>::def()
    }

    const PART: PartDef = <()>::PART;
}

impl<T: ?Sized> Reduce for PhantomData<T> {
    #[inline]
    fn reduce(&self, _: &mut Writer<'_>) -> Result<(), Error> {
        Ok(())
    }

    #[inline]
    fn reduce_column<'a>(
        _: impl Iterator<Item = &'a Self> + Clone,
        _: Column,
        _: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        Self: 'a,
    {
        Ok(())
    }
}

impl<'de, T: ?Sized> Expand<'de> for PhantomData<T> {
    #[inline]
    fn expand(_: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(PhantomData)
    }

    #[inline]
    fn expand_slot(_: Slot, _: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(PhantomData)
    }
}

impl<T: Describe + ?Sized> Describe for Pin<Box<T>> {
    fn def() -> &'static TypeDef {
        T::def()
    }
}

impl<T: Reduce + ?Sized> Reduce for Pin<Box<T>> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        w.nested(self, |w| (**self).reduce(w))
    }
}

impl<'de, T: Pointee<'de> + ?Sized> Expand<'de> for Pin<Box<T>> {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Box::expand(r).map(Box::into_pin)
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Box::adapt(plan, r).map(Box::into_pin)
    }

    #[inline]
    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Box::expand_slot(slot, r).map(Box::into_pin)
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect_below(c);
    }
}
