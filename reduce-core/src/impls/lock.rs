//! Cells of many threads: `Mutex` and `RwLock` are stored as what they hold, `OnceLock` as an option, `LazyLock` as its
//! value, which dumping computes where that has not happened yet.
//!
//! A dump does not wait for a lock, for its own thread may hold it: one that is held, or poisoned, is an error. What
//! is said of loading a `LazyCell` (a boxed closure as its function) holds for `LazyLock` too.

use crate::column::Slot;
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::TypeDef;
use crate::read::{Collect, Install, Mode, Native, Plan, Reader, Target, install};
use crate::reduce::Reduce;
use crate::write::Writer;
use alloc::boxed::Box;
use std::sync::{LazyLock, Mutex, OnceLock, RwLock, TryLockError};

macro_rules! lock {
    ($($lock:ident $take:ident $change:ident $held:literal $poisoned:literal;)*) => {$(
        impl<T: Describe + ?Sized> Describe for $lock<T> {
            const HAS_STATE: bool = T::HAS_STATE;
            const TWO_PHASE: bool = T::HAS_STATE;
            const CELL: bool = true;

            fn def() -> &'static TypeDef {
                T::def()
            }
        }

        impl<T: Reduce + ?Sized> Reduce for $lock<T> {
            fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                taken(self.$take(), $held, $poisoned, w)?.reduce(w)
            }

            fn reduce_kept(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                taken(self.$take(), $held, $poisoned, w)?.reduce_kept(w)
            }

            fn reduce_state(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                taken(self.$take(), $held, $poisoned, w)?.reduce_state(w)
            }
        }

        impl<'de, T: Expand<'de>> Expand<'de> for $lock<T> {
            #[inline]
            fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                T::expand(r).map($lock::new)
            }

            fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                plan.value(r).map($lock::new)
            }

            fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                T::expand_slot(slot, r).map($lock::new)
            }

            fn expand_kept<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                T::expand_kept(mode, r).map($lock::new)
            }

            fn expand_state<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Install<Self>, Error>
            where
                Self: 'static,
            {
                let inner = T::expand_state(mode, r)?;
                Ok(install(move |target: Target<'_, Self>| match target {
                    // Asked before whether it is settable: neither held nor poisoned.
                    Target::Unique(lock) => {
                        if let Ok(value) = lock.get_mut() {
                            inner(Target::Unique(value));
                        }
                    }
                    Target::Shared(lock) => {
                        if let Ok(mut value) = lock.$change() {
                            inner(Target::Unique(&mut *value));
                        }
                    }
                }))
            }

            fn settable(&self) -> bool {
                self.$change().is_ok()
            }

            fn set(&self, value: Self) {
                if let (Ok(mut place), Ok(value)) = (self.$change(), value.into_inner()) {
                    *place = value;
                }
            }

            fn collect(c: &mut Collect<'de>) {
                T::collect(c);
            }
        }
    )*};
}

/// The guard of a lock, or why there is none.
fn taken<G>(
    guard: Result<G, TryLockError<G>>,
    held: &'static str,
    poisoned: &'static str,
    w: &Writer<'_>,
) -> Result<G, Error> {
    guard.map_err(|error| match error {
        TryLockError::WouldBlock => w.unavailable(held),
        TryLockError::Poisoned(_) => w.unavailable(poisoned),
    })
}

lock! {
    Mutex try_lock try_lock
        "the `Mutex` is locked, by this thread or another one; drop its guard first"
        "the `Mutex` is poisoned: a thread panicked while it held the lock; mend the value, then `Mutex::clear_poison`";
    RwLock try_read try_write
        "the `RwLock` is locked for writing, by this thread or another one; drop its guard first"
        "the `RwLock` is poisoned: a thread panicked while it held the lock; mend the value, then `RwLock::clear_poison`";
}

impl<T: Describe> Describe for OnceLock<T> {
    const CELL: bool = true;

    fn def() -> &'static TypeDef {
        Option::<T>::def()
    }
}

impl<T: Reduce> Reduce for OnceLock<T> {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        Reduce::reduce(&self.get(), w)
    }
}

impl<'de, T: Expand<'de>> Expand<'de> for OnceLock<T> {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(Option::<T>::expand(r)?.map_or_else(OnceLock::new, OnceLock::from))
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(plan.value::<Option<T>>(r)?.map_or_else(OnceLock::new, OnceLock::from))
    }

    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(Option::<T>::expand_slot(slot, r)?.map_or_else(OnceLock::new, OnceLock::from))
    }

    fn settable(&self) -> bool {
        self.get().is_none()
    }

    fn set(&self, value: Self) {
        if let Some(value) = value.into_inner() {
            // Empty, as it was made by `Default`.
            let _ = OnceLock::set(self, value);
        }
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}

impl<T: Describe, F> Describe for LazyLock<T, F> {
    fn def() -> &'static TypeDef {
        T::def()
    }
}

impl<T: Reduce, F: FnOnce() -> T> Reduce for LazyLock<T, F> {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        LazyLock::force(self).reduce(w)
    }
}

impl<'de, 'f, T: Expand<'de> + 'f> Expand<'de> for LazyLock<T, Box<dyn FnOnce() -> T + 'f>> {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::expand_by(Native, r)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        r.allocate(1, size_of::<T>())?;
        let value = mode.value::<T>(r)?;
        let lock: Self = LazyLock::new(Box::new(move || value));
        LazyLock::force(&lock);
        Ok(lock)
    }
}

/// Threads can share a `LazyLock` only where its function can be sent between them.
impl<'de, 'f, T: Expand<'de> + Send + 'f> Expand<'de>
    for LazyLock<T, Box<dyn FnOnce() -> T + Send + 'f>>
{
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::expand_by(Native, r)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        r.allocate(1, size_of::<T>())?;
        let value = mode.value::<T>(r)?;
        let lock: Self = LazyLock::new(Box::new(move || value));
        LazyLock::force(&lock);
        Ok(lock)
    }
}
