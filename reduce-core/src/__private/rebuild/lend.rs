//! How a reference to a kept field may be handed to a rebuild function: as it is, as a copy, or
//! borrowed as [`clippy::ptr_arg`] has it, also through one pointer or an `Option`.
//!
//! [`clippy::ptr_arg`]: https://rust-lang.github.io/rust-clippy/master/index.html#ptr_arg

use alloc::borrow::{Cow, ToOwned};
use alloc::boxed::Box;
use alloc::ffi::CString;
use alloc::rc::Rc;
use alloc::string::String;
#[cfg(target_has_atomic = "ptr")]
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ffi::CStr;
#[cfg(feature = "std")]
use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

/// A reference to a kept field that can be handed over as a `Param`.
pub trait LendAs<Param> {
    /// Hands it over.
    fn lend(self) -> Param;
}

#[diagnostic::do_not_recommend]
impl<'a, T: ?Sized> LendAs<&'a T> for &'a T {
    #[inline(always)]
    fn lend(self) -> &'a T {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T: Copy> LendAs<T> for &T {
    #[inline(always)]
    fn lend(self) -> T {
        *self
    }
}

#[diagnostic::do_not_recommend]
impl<'a, T> LendAs<Option<&'a T>> for &'a Option<T> {
    #[inline(always)]
    fn lend(self) -> Option<&'a T> {
        self.as_ref()
    }
}

/// `[generics] Owned => Borrowed;`: lends `&Owned` as `&Borrowed`, and so through a `Box`, `Rc`,
/// `Arc` or `Option`.
///
/// Pairs are spelled out: a blanket impl over `Deref` would overlap with `&T` as `&T`.
macro_rules! lend_borrowed {
    ($($(#[$cfg:meta])* [$($g:tt)*] $owned:ty => $borrowed:ty;)*) => {$(
        $(#[$cfg])*
        #[diagnostic::do_not_recommend]
        impl<'a, $($g)*> LendAs<&'a $borrowed> for &'a $owned {
            #[inline(always)]
            fn lend(self) -> &'a $borrowed {
                self
            }
        }

        lend_borrowed!(@through $(#[$cfg])* [$($g)*] Box<$owned> => $borrowed);
        lend_borrowed!(@through $(#[$cfg])* [$($g)*] Rc<$owned> => $borrowed);
        lend_borrowed!(@through
            #[cfg(target_has_atomic = "ptr")] $(#[$cfg])* [$($g)*] Arc<$owned> => $borrowed);

        $(#[$cfg])*
        #[diagnostic::do_not_recommend]
        impl<'a, $($g)*> LendAs<Option<&'a $borrowed>> for &'a Option<$owned> {
            #[inline(always)]
            fn lend(self) -> Option<&'a $borrowed> {
                match self {
                    Some(owned) => Some(owned),
                    None => None,
                }
            }
        }
    )*};
    (@through $(#[$cfg:meta])* [$($g:tt)*] $pointer:ty => $borrowed:ty) => {
        $(#[$cfg])*
        #[diagnostic::do_not_recommend]
        impl<'a, $($g)*> LendAs<&'a $borrowed> for &'a $pointer {
            #[inline(always)]
            fn lend(self) -> &'a $borrowed {
                &**self
            }
        }
    };
}

lend_borrowed! {
    [] String => str;
    [T] Vec<T> => [T];
    [T, const N: usize] [T; N] => [T];
    [] CString => CStr;
    #[cfg(feature = "std")]
    [] PathBuf => Path;
    #[cfg(feature = "std")]
    [] OsString => OsStr;
    [T: ?Sized] Box<T> => T;
    [T: ?Sized] Rc<T> => T;
    #[cfg(target_has_atomic = "ptr")]
    [T: ?Sized] Arc<T> => T;
    ['c: 'a, T: ?Sized + ToOwned] Cow<'c, T> => T;
}
