//! Atomics: stored as the plain integer or `bool` that they hold when the dump reads them (sequentially consistent).

use crate::column::Slot;
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::TypeDef;
use crate::read::{Plan, Reader};
use crate::reduce::Reduce;
use crate::write::Writer;

macro_rules! atomic {
    ($($width:literal: $($atomic:ident $plain:ty),+;)*) => {$($(
        #[cfg(target_has_atomic = $width)]
        impl Describe for core::sync::atomic::$atomic {
            fn def() -> &'static TypeDef {
                <$plain>::def()
            }
        }

        #[cfg(target_has_atomic = $width)]
        impl Reduce for core::sync::atomic::$atomic {
            #[inline]
            fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                self.load(core::sync::atomic::Ordering::SeqCst).reduce(w)
            }
        }

        #[cfg(target_has_atomic = $width)]
        impl<'de> Expand<'de> for core::sync::atomic::$atomic {
            #[inline]
            fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                <$plain>::expand(r).map(Self::new)
            }

            fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                <$plain>::adapt(plan, r).map(Self::new)
            }

            fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                <$plain>::expand_slot(slot, r).map(Self::new)
            }
        }
    )+)*};
}

atomic! {
    "8": AtomicBool bool, AtomicU8 u8, AtomicI8 i8;
    "16": AtomicU16 u16, AtomicI16 i16;
    "32": AtomicU32 u32, AtomicI32 i32;
    "64": AtomicU64 u64, AtomicI64 i64;
    "ptr": AtomicUsize usize, AtomicIsize isize;
}
