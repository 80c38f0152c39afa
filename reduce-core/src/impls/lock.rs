//! Cells of many threads: `Mutex` and `RwLock` are stored as what they hold, `OnceLock` as an option, `LazyLock` as its
//! value, which dumping computes where that has not happened yet.
//!
//! A dump does not wait for a lock, for its own thread may hold it: one that is held, or poisoned, is an error. What
//! is said of loading a `LazyCell` (a boxed closure as its function) holds for `LazyLock` too.

use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::TypeDef;
use crate::read::Reader;
use crate::reduce::Reduce;
use crate::write::Writer;
use alloc::boxed::Box;
use std::sync::{LazyLock, Mutex, OnceLock, RwLock, TryLockError};

macro_rules! lock {
    ($($lock:ident $take:ident $held:literal $poisoned:literal;)*) => {$(
        impl<T: Describe + ?Sized> Describe for $lock<T> {
            fn def() -> &'static TypeDef {
                T::def()
            }
        }

        impl<T: Reduce + ?Sized> Reduce for $lock<T> {
            fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                match self.$take() {
                    Ok(value) => value.reduce(w),
                    Err(TryLockError::WouldBlock) => Err(w.unavailable($held)),
                    Err(TryLockError::Poisoned(_)) => Err(w.unavailable($poisoned)),
                }
            }
        }

        impl<'de, T: Expand<'de>> Expand<'de> for $lock<T> {
            #[inline]
            fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                T::expand(r).map($lock::new)
            }
        }
    )*};
}

lock! {
    Mutex try_lock
        "the `Mutex` is locked, by this thread or another one; drop its guard first"
        "the `Mutex` is poisoned: a thread panicked while it held the lock; mend the value, then `Mutex::clear_poison`";
    RwLock try_read
        "the `RwLock` is locked for writing, by this thread or another one; drop its guard first"
        "the `RwLock` is poisoned: a thread panicked while it held the lock; mend the value, then `RwLock::clear_poison`";
}

impl<T: Describe> Describe for OnceLock<T> {
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
        r.allocate(1, size_of::<T>())?;
        let value = T::expand(r)?;
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
        r.allocate(1, size_of::<T>())?;
        let value = T::expand(r)?;
        let lock: Self = LazyLock::new(Box::new(move || value));
        LazyLock::force(&lock);
        Ok(lock)
    }
}
