//! `CStr` and `CString`: lists of bytes, without the zero at the end.
//!
//! A zero among the bytes is an error at load. `&CStr` cannot be loaded: the stream holds no zero to borrow.

use super::cow::Borrowable;
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::{Expand, owned_pointee};
use crate::program::TypeDef;
use crate::read::{Mode, Native, Reader};
use crate::reduce::Reduce;
use crate::write::Writer;
use alloc::borrow::Cow;
use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::CStr;

impl Describe for CStr {
    fn def() -> &'static TypeDef {
        <[u8]>::def()
    }
}

impl Reduce for CStr {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.to_bytes().reduce(w)
    }
}

impl Describe for CString {
    fn def() -> &'static TypeDef {
        <[u8]>::def()
    }
}

impl Reduce for CString {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.as_c_str().reduce(w)
    }
}

impl<'de> Expand<'de> for CString {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::expand_by(Native, r)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let bytes = mode.value::<Vec<u8>>(r)?;
        // For the zero at the end.
        r.allocate(1, 1)?;
        CString::new(bytes).map_err(|error| {
            r.invalid("a zero byte inside a C string").in_element(error.nul_position())
        })
    }
}

owned_pointee! { [] CStr, CString, |_| (); }

impl<'de> Borrowable<'de> for CStr {
    fn expand_cow<'a, M: Mode<'de>>(
        mode: M,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Cow<'a, Self>, Error>
    where
        'de: 'a,
        Self: 'a,
    {
        mode.value::<CString>(r).map(Cow::Owned)
    }
}
