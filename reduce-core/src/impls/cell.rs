//! Cells of one thread: `Cell` and `RefCell` are stored as what they hold, `OnceCell` as an option, `LazyCell` as its
//! value, which dumping computes where that has not happened yet.
//!
//! A `RefCell` that is mutably borrowed is an error at dump. A `LazyCell` can be loaded where its function is a boxed
//! closure, for that closure can hold the loaded value; it is computed already. One with a `fn` pointer (the default)
//! or a closure of its own type cannot be: there is no place in it for a value that its function did not make.

use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::TypeDef;
use crate::read::Reader;
use crate::reduce::Reduce;
use crate::write::Writer;
use alloc::boxed::Box;
use core::cell::{Cell, LazyCell, OnceCell, RefCell};

impl<T: Describe> Describe for Cell<T> {
    fn def() -> &'static TypeDef {
        T::def()
    }
}

impl<T: Reduce + Copy> Reduce for Cell<T> {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        Reduce::reduce(&self.get(), w)
    }
}

impl<'de, T: Expand<'de>> Expand<'de> for Cell<T> {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        T::expand(r).map(Cell::new)
    }
}

impl<T: Describe + ?Sized> Describe for RefCell<T> {
    fn def() -> &'static TypeDef {
        T::def()
    }
}

impl<T: Reduce + ?Sized> Reduce for RefCell<T> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        match self.try_borrow() {
            Ok(value) => value.reduce(w),
            Err(_) => {
                Err(w.unavailable("the `RefCell` is mutably borrowed; drop its `RefMut` first"))
            }
        }
    }
}

impl<'de, T: Expand<'de>> Expand<'de> for RefCell<T> {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        T::expand(r).map(RefCell::new)
    }
}

impl<T: Describe> Describe for OnceCell<T> {
    fn def() -> &'static TypeDef {
        Option::<T>::def()
    }
}

impl<T: Reduce> Reduce for OnceCell<T> {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        Reduce::reduce(&self.get(), w)
    }
}

impl<'de, T: Expand<'de>> Expand<'de> for OnceCell<T> {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(Option::<T>::expand(r)?.map_or_else(OnceCell::new, OnceCell::from))
    }
}

impl<T: Describe, F> Describe for LazyCell<T, F> {
    fn def() -> &'static TypeDef {
        T::def()
    }
}

impl<T: Reduce, F: FnOnce() -> T> Reduce for LazyCell<T, F> {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        LazyCell::force(self).reduce(w)
    }
}

impl<'de, 'f, T: Expand<'de> + 'f> Expand<'de> for LazyCell<T, Box<dyn FnOnce() -> T + 'f>> {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        r.allocate(1, size_of::<T>())?;
        let value = T::expand(r)?;
        let cell: Self = LazyCell::new(Box::new(move || value));
        LazyCell::force(&cell);
        Ok(cell)
    }
}
