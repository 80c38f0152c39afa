//! Cells of one thread: `Cell` and `RefCell` are stored as what they hold, `OnceCell` as an option, `LazyCell` as its
//! value, which dumping computes where that has not happened yet.
//!
//! A `RefCell` that is mutably borrowed is an error at dump. A `LazyCell` can be loaded where its function is a boxed
//! closure, for that closure can hold the loaded value; it is computed already. One with a `fn` pointer (the default)
//! or a closure of its own type cannot be: there is no place in it for a value that its function did not make.

use crate::column::Slot;
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::TypeDef;
use crate::read::{Collect, Install, Mode, Native, Plan, Reader, Target, install};
use crate::reduce::Reduce;
use crate::write::Writer;
use alloc::boxed::Box;
use core::cell::{Cell, LazyCell, OnceCell, Ref, RefCell};

impl<T: Describe> Describe for Cell<T> {
    const CELL: bool = true;

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

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        plan.value(r).map(Cell::new)
    }

    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        T::expand_slot(slot, r).map(Cell::new)
    }

    fn set(&self, value: Self) {
        Cell::set(self, value.into_inner());
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}

impl<T: Describe + ?Sized> Describe for RefCell<T> {
    const HAS_STATE: bool = T::HAS_STATE;
    const TWO_PHASE: bool = T::HAS_STATE;
    const CELL: bool = true;

    fn def() -> &'static TypeDef {
        T::def()
    }
}

pub(super) const MUTABLY_BORROWED: &str =
    "the `RefCell` is mutably borrowed; drop its `RefMut` first";

fn borrow<'c, T: ?Sized>(cell: &'c RefCell<T>, w: &Writer<'_>) -> Result<Ref<'c, T>, Error> {
    cell.try_borrow().map_err(|_| w.unavailable(MUTABLY_BORROWED))
}

impl<T: Reduce + ?Sized> Reduce for RefCell<T> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        borrow(self, w)?.reduce(w)
    }

    fn reduce_kept(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        borrow(self, w)?.reduce_kept(w)
    }

    fn reduce_state(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        borrow(self, w)?.reduce_state(w)
    }
}

impl<'de, T: Expand<'de>> Expand<'de> for RefCell<T> {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        T::expand(r).map(RefCell::new)
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        plan.value(r).map(RefCell::new)
    }

    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        T::expand_slot(slot, r).map(RefCell::new)
    }

    fn expand_kept<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        T::expand_kept(mode, r).map(RefCell::new)
    }

    fn expand_state<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Install<Self>, Error>
    where
        Self: 'static,
    {
        let inner = T::expand_state(mode, r)?;
        Ok(install(move |target: Target<'_, Self>| match target {
            Target::Unique(cell) => inner(Target::Unique(cell.get_mut())),
            Target::Shared(cell) => {
                if let Ok(mut value) = cell.try_borrow_mut() {
                    inner(Target::Unique(&mut *value));
                }
            }
        }))
    }

    fn settable(&self) -> bool {
        self.try_borrow_mut().is_ok()
    }

    fn set(&self, value: Self) {
        if let Ok(mut place) = self.try_borrow_mut() {
            *place = value.into_inner();
        }
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}

impl<T: Describe> Describe for OnceCell<T> {
    const CELL: bool = true;

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

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(plan.value::<Option<T>>(r)?.map_or_else(OnceCell::new, OnceCell::from))
    }

    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(Option::<T>::expand_slot(slot, r)?.map_or_else(OnceCell::new, OnceCell::from))
    }

    fn settable(&self) -> bool {
        self.get().is_none()
    }

    fn set(&self, value: Self) {
        if let Some(value) = value.into_inner() {
            // Empty, as it was made by `Default`.
            let _ = OnceCell::set(self, value);
        }
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
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
        Self::expand_by(Native, r)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        r.allocate(1, size_of::<T>())?;
        let value = mode.value::<T>(r)?;
        let cell: Self = LazyCell::new(Box::new(move || value));
        LazyCell::force(&cell);
        Ok(cell)
    }
}
