//! Fields whose pointers are stored as what they point to: `#[reduce(shared = false)]`.
//!
//! The derive writes a way beside the field's type, shaped like it: `In<Content<AsIs>>` for `Vec<Rc<T>>`. A way says how
//! a type is stored; it is no value, and nothing is copied at dump.

use super::cell::MUTABLY_BORROWED;
use super::map::Pairs;
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::{Expand, Pointee};
use crate::program::TypeDef;
use crate::read::{Collect, Mode, Native, Reader};
use crate::reduce::Reduce;
use crate::write::Writer;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::marker::PhantomData;

/// How a `T` is stored.
#[diagnostic::on_unimplemented(
    message = "`shared = false` does not reach the pointers inside `{T}`",
    label = "`shared = false` reaches through `Option`, `Box`, `Vec`, `VecDeque`, arrays, tuples, `RefCell` and the values of maps",
    note = "put the pointers into a struct of their own, with the attribute on its fields"
)]
pub trait Way<T: ?Sized> {
    /// The description of what is stored.
    fn def() -> &'static TypeDef;
}

/// How a `T` is dumped that is stored so.
#[diagnostic::on_unimplemented(
    message = "a `{T}` with `shared = false` inside it cannot be dumped",
    label = "the types inside it need a reducer"
)]
pub trait WayOut<T: ?Sized>: Way<T> {
    /// Writes the value.
    fn reduce(value: &T, w: &mut Writer<'_>) -> Result<(), Error>;
}

/// How a `T` is loaded that was stored so.
#[diagnostic::on_unimplemented(
    message = "a `{T}` with `shared = false` inside it cannot be loaded",
    label = "the types inside it need an expander"
)]
pub trait WayBack<'de, T>: Way<T> {
    /// Reads the value.
    fn expand<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<T, Error>;
    /// Adds the shared types below.
    fn collect(c: &mut Collect<'de>);
}

/// By the type's own impls.
pub struct AsIs;

/// A pointer stored as what it points to, which is stored by its own impls.
pub struct Pointed;

/// A pointer stored as what it points to, which is stored in the way `W`.
pub struct Content<W>(PhantomData<W>);

/// A container of what is stored in the way `W`.
pub struct In<W>(PhantomData<W>);

/// A map with values that are stored in the way `W`.
pub struct InMap<W>(PhantomData<W>);

impl<T: Describe + ?Sized> Way<T> for AsIs {
    fn def() -> &'static TypeDef {
        T::def()
    }
}

impl<T: Reduce + ?Sized> WayOut<T> for AsIs {
    #[inline]
    fn reduce(value: &T, w: &mut Writer<'_>) -> Result<(), Error> {
        value.reduce(w)
    }
}

impl<'de, T: Expand<'de>> WayBack<'de, T> for AsIs {
    #[inline]
    fn expand<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        mode.value(r)
    }
    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}

macro_rules! pointers {
    ($($pointer:ident)*) => {$(
        impl<T: Describe + ?Sized> Way<$pointer<T>> for Pointed {
            fn def() -> &'static TypeDef {
                T::def()
            }
        }

        impl<T: Reduce + ?Sized> WayOut<$pointer<T>> for Pointed {
            fn reduce(value: &$pointer<T>, w: &mut Writer<'_>) -> Result<(), Error> {
                w.nested_here::<()>(|w| (**value).reduce(w))
            }
        }

        impl<'de, T: Pointee<'de> + ?Sized> WayBack<'de, $pointer<T>> for Pointed {
            fn expand<M: Mode<'de>>(
                mode: M,
                r: &mut Reader<'_, 'de>,
            ) -> Result<$pointer<T>, Error> {
                mode.value::<Box<T>>(r).map(Into::into)
            }
            fn collect(c: &mut Collect<'de>) {
                T::collect_below(c);
            }
        }

        impl<T, W: Way<T>> Way<$pointer<T>> for Content<W> {
            fn def() -> &'static TypeDef {
                W::def()
            }
        }

        impl<T, W: WayOut<T>> WayOut<$pointer<T>> for Content<W> {
            fn reduce(value: &$pointer<T>, w: &mut Writer<'_>) -> Result<(), Error> {
                pointee::<T, W>(value, w)
            }
        }

        impl<'de, T, W: WayBack<'de, T>> WayBack<'de, $pointer<T>> for Content<W> {
            fn expand<M: Mode<'de>>(
                mode: M,
                r: &mut Reader<'_, 'de>,
            ) -> Result<$pointer<T>, Error> {
                r.nested_here::<T, _>(|r| {
                    r.allocate(1, size_of::<T>())?;
                    W::expand(mode, r).map($pointer::new)
                })
            }
            fn collect(c: &mut Collect<'de>) {
                W::collect(c);
            }
        }
    )*};
}

pointers! { Rc Arc }

/// A part of a container, to be written.
struct Lent<'a, T, W>(&'a T, PhantomData<W>);

fn lent<T, W>(value: &T) -> Lent<'_, T, W> {
    Lent(value, PhantomData)
}

impl<T, W: Way<T>> Describe for Lent<'_, T, W> {
    fn def() -> &'static TypeDef {
        W::def()
    }
}

impl<T, W: WayOut<T>> Reduce for Lent<'_, T, W> {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        W::reduce(self.0, w)
    }
}

/// A part of a container, as it was read.
struct Owned<T, W>(T, PhantomData<W>);

impl<T, W: Way<T>> Describe for Owned<T, W> {
    fn def() -> &'static TypeDef {
        W::def()
    }
}

impl<'de, T, W: WayBack<'de, T>> Expand<'de> for Owned<T, W> {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::expand_by(Native, r)
    }
    #[inline]
    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        W::expand(mode, r).map(|value| Owned(value, PhantomData))
    }
    fn collect(c: &mut Collect<'de>) {
        W::collect(c);
    }
}

/// `[generics] container, way, def, [bounds] |value, w| reduce, [bounds] |mode, r| expand;`
macro_rules! containers {
    ($(
        [$($generic:tt)*] $container:ty, $way:ty, $def:expr,
        [$($out:tt)*] |$value:ident, $w:ident| $reduce:expr,
        [$($back:tt)*] |$mode:ident, $r:ident| $expand:expr;
    )*) => {$(
        impl<T, W: Way<T>, $($generic)*> Way<$container> for $way {
            fn def() -> &'static TypeDef {
                $def
            }
        }

        impl<T, W: WayOut<T>, $($generic)*> WayOut<$container> for $way
        where
            $($out)*
        {
            fn reduce($value: &$container, $w: &mut Writer<'_>) -> Result<(), Error> {
                $reduce
            }
        }

        impl<'de, T, W: WayBack<'de, T>, $($generic)*> WayBack<'de, $container> for $way
        where
            $($back)*
        {
            fn expand<M: Mode<'de>>(
                $mode: M,
                $r: &mut Reader<'_, 'de>,
            ) -> Result<$container, Error> {
                $expand
            }
            fn collect(c: &mut Collect<'de>) {
                W::collect(c);
            }
        }
    )*};
}

containers! {
    [] Option<T>, In<W>, <Option<Owned<T, W>>>::def(),
    [] |value, w| Reduce::reduce(&value.as_ref().map(lent::<T, W>), w),
    [] |mode, r| Ok(mode.value::<Option<Owned<T, W>>>(r)?.map(|part| part.0));

    [] Box<T>, In<W>, W::def(),
    [] |value, w| pointee::<T, W>(value, w),
    [] |mode, r| Ok(Box::new((*mode.value::<Box<Owned<T, W>>>(r)?).0));

    [] Vec<T>, In<W>, <Vec<Owned<T, W>>>::def(),
    [] |value, w| list::<T, W>(value.len(), value.iter(), w),
    [] |mode, r| Ok(mode.value::<Vec<Owned<T, W>>>(r)?.into_iter().map(|part| part.0).collect());

    [] VecDeque<T>, In<W>, <Vec<Owned<T, W>>>::def(),
    [] |value, w| list::<T, W>(value.len(), value.iter(), w),
    [] |mode, r| Ok(mode.value::<Vec<Owned<T, W>>>(r)?.into_iter().map(|part| part.0).collect());

    [const N: usize] [T; N], In<W>, <[Owned<T, W>; N]>::def(),
    [] |value, w| each::<T, W>(value.iter(), w),
    [] |mode, r| Ok(mode.value::<[Owned<T, W>; N]>(r)?.map(|part| part.0));

    [] RefCell<T>, In<W>, W::def(),
    [] |value, w| match value.try_borrow() {
        Ok(value) => W::reduce(&value, w),
        Err(_) => Err(w.unavailable(MUTABLY_BORROWED)),
    },
    [] |mode, r| W::expand(mode, r).map(RefCell::new);

    [K: Describe] BTreeMap<K, T>, InMap<W>, <BTreeMap<K, Owned<T, W>>>::def(),
    [K: Reduce] |value, w| entries::<K, T, W>(value.iter(), w),
    [K: Expand<'de> + Ord] |mode, r| {
        let map = mode.value::<BTreeMap<K, Owned<T, W>>>(r)?;
        Ok(map.into_iter().map(|(key, part)| (key, part.0)).collect())
    };
}

#[cfg(feature = "std")]
containers! {
    [K: Describe, S] std::collections::HashMap<K, T, S>, InMap<W>,
    <BTreeMap<K, Owned<T, W>>>::def(),
    [K: Reduce] |value, w| entries::<K, T, W>(value.iter(), w),
    [K: Expand<'de> + Eq + core::hash::Hash, S: core::hash::BuildHasher + Default]
    |mode, r| {
        let map = mode.value::<std::collections::HashMap<K, Owned<T, W>, S>>(r)?;
        Ok(map.into_iter().map(|(key, part)| (key, part.0)).collect())
    };
}

fn pointee<T, W: WayOut<T>>(value: &T, w: &mut Writer<'_>) -> Result<(), Error> {
    w.nested_here::<()>(|w| W::reduce(value, w))
}

fn list<'a, T: 'a, W: WayOut<T>>(
    length: usize,
    elements: impl Iterator<Item = &'a T>,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    w.nested_here::<()>(|w| {
        w.list_length(length);
        each::<T, W>(elements, w)
    })
}

fn each<'a, T: 'a, W: WayOut<T>>(
    elements: impl Iterator<Item = &'a T>,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    for (index, element) in elements.enumerate() {
        W::reduce(element, w).map_err(|error| error.in_element(index))?;
    }
    Ok(())
}

fn entries<'a, K: Reduce + 'a, T: 'a, W: WayOut<T>>(
    entries: impl Iterator<Item = (&'a K, &'a T)>,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    Pairs(entries.map(|(key, value)| (key, lent::<T, W>(value))).collect()).reduce(w)
}

macro_rules! tuples {
    ($([$($type:ident $way:ident $position:tt),*];)*) => {$(
        impl<$($type, $way: Way<$type>),*> Way<($($type,)*)> for ($($way,)*) {
            fn def() -> &'static TypeDef {
                <($(Owned<$type, $way>,)*)>::def()
            }
        }

        impl<$($type, $way: WayOut<$type>),*> WayOut<($($type,)*)> for ($($way,)*) {
            fn reduce(value: &($($type,)*), w: &mut Writer<'_>) -> Result<(), Error> {
                ($(lent::<$type, $way>(&value.$position),)*).reduce(w)
            }
        }

        impl<'de, $($type, $way: WayBack<'de, $type>),*> WayBack<'de, ($($type,)*)> for ($($way,)*) {
            fn expand<M: Mode<'de>>(
                mode: M,
                r: &mut Reader<'_, 'de>,
            ) -> Result<($($type,)*), Error> {
                let parts = mode.value::<($(Owned<$type, $way>,)*)>(r)?;
                Ok(($(parts.$position.0,)*))
            }
            fn collect(c: &mut Collect<'de>) {
                $($way::collect(c);)*
            }
        }
    )*};
}

tuples! {
    [A VA 0];
    [A VA 0, B VB 1];
    [A VA 0, B VB 1, C VC 2];
    [A VA 0, B VB 1, C VC 2, D VD 3];
}
