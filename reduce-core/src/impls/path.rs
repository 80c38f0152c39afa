//! `OsStr`, `OsString`, `Path` and `PathBuf`: all by the opcode `os_str`, so that a path and the string of its
//! characters are stored alike.
//!
//! Unicode is stored as UTF-8 and loads everywhere. What is not Unicode is stored as the bytes of Unix or the 16-bit
//! units of Windows, and is an error at load on the other of the two. `&Path` and `&OsStr` borrow from the stream all
//! but 16-bit units.

use super::cow::Borrowable;
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::{Expand, owned_pointee};
use crate::opcode;
use crate::os_text::{OsText, form};
use crate::program::TypeDef;
use crate::read::adapt::astray;
use crate::read::{Mode, Native, Reader};
use crate::reduce::Reduce;
use crate::scan::Primitive;
use crate::write::Writer;
use alloc::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

impl Describe for OsStr {
    fn def() -> &'static TypeDef {
        const { &TypeDef::primitive::<OsStr>(opcode::OS_STR) }
    }
}

impl Reduce for OsStr {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        match self.to_str() {
            Some(text) => {
                write(text.as_bytes(), form::UTF_8, w);
                Ok(())
            }
            None => reduce_other(self, w),
        }
    }
}

#[inline]
fn write(bytes: &[u8], form: u64, w: &mut Writer<'_>) {
    w.varint((bytes.len() as u64) << form::BITS | form);
    w.bytes(bytes);
}

/// Writes what is not Unicode.
#[cold]
fn reduce_other(text: &OsStr, w: &mut Writer<'_>) -> Result<(), Error> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        write(text.as_bytes(), form::BYTES, w);
        Ok(())
    }
    #[cfg(windows)]
    {
        use std::os::windows::ffi::OsStrExt;
        let units: alloc::vec::Vec<u8> = text.encode_wide().flat_map(u16::to_le_bytes).collect();
        write(&units, form::WIDE, w);
        Ok(())
    }
    #[cfg(not(any(unix, windows)))]
    {
        let _ = text;
        Err(w.unavailable("a string of this operating system can be stored only if it is Unicode"))
    }
}

/// Reads a string, borrowed unless its form is another one in memory.
fn expand<'de>(r: &mut Reader<'_, 'de>) -> Result<Cow<'de, OsStr>, Error> {
    let text = OsText::read(&mut r.input)?;
    made(text, r)
}

/// As [`expand`], from text too, which the type may have been.
fn expand_by<'de, M: Mode<'de>>(
    mode: M,
    r: &mut Reader<'_, 'de>,
) -> Result<Cow<'de, OsStr>, Error> {
    match mode.plan() {
        None => expand(r),
        Some(plan) => match r.primitive(plan)? {
            Primitive::OsBytes(bytes) => made(OsText::Bytes(bytes), r),
            Primitive::OsWide(units) => made(OsText::Wide(units), r),
            Primitive::Str(text) => made(OsText::Utf8(text), r),
            _ => Err(astray(r)),
        },
    }
}

fn made<'de>(text: OsText<'de>, r: &mut Reader<'_, 'de>) -> Result<Cow<'de, OsStr>, Error> {
    match text {
        OsText::Utf8(text) => Ok(Cow::Borrowed(OsStr::new(text))),
        OsText::Bytes(bytes) => from_bytes(bytes, r),
        OsText::Wide(units) => from_wide(units, r),
    }
}

fn from_bytes<'de>(bytes: &'de [u8], r: &Reader<'_, 'de>) -> Result<Cow<'de, OsStr>, Error> {
    #[cfg(unix)]
    {
        let _ = r;
        use std::os::unix::ffi::OsStrExt;
        Ok(Cow::Borrowed(OsStr::from_bytes(bytes)))
    }
    #[cfg(not(unix))]
    {
        let _ = bytes;
        Err(r.invalid("a string of Unix that is not Unicode, which this platform cannot hold"))
    }
}

fn from_wide<'de>(units: &[u8], r: &mut Reader<'_, 'de>) -> Result<Cow<'de, OsStr>, Error> {
    #[cfg(windows)]
    {
        use std::os::windows::ffi::OsStringExt;
        r.allocate(units.len(), 1)?;
        let (units, _) = units.as_chunks::<2>();
        let units: alloc::vec::Vec<u16> =
            units.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
        Ok(Cow::Owned(OsString::from_wide(&units)))
    }
    #[cfg(not(windows))]
    {
        let _ = units;
        Err(r.invalid("a string of Windows that is not Unicode, which this platform cannot hold"))
    }
}

/// Reads a string that is about to be copied.
fn expand_copied<'de, M: Mode<'de>>(
    mode: M,
    r: &mut Reader<'_, 'de>,
) -> Result<Cow<'de, OsStr>, Error> {
    let text = expand_by(mode, r)?;
    r.allocate(text.len(), 1)?;
    Ok(text)
}

/// Borrowed from the stream; 16-bit units cannot be.
impl<'de: 'a, 'a> Expand<'de> for &'a OsStr {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::expand_by(Native, r)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        match expand_by(mode, r)? {
            Cow::Borrowed(text) => Ok(text),
            Cow::Owned(_) => Err(r.invalid(
                "a string that is not Unicode cannot be borrowed on this platform; load it as a `Cow`, `OsString` or `PathBuf`",
            )),
        }
    }
}

impl<'de> Expand<'de> for OsString {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::expand_by(Native, r)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        expand_copied(mode, r).map(Cow::into_owned)
    }
}

impl Describe for OsString {
    fn def() -> &'static TypeDef {
        OsStr::def()
    }
}

impl Reduce for OsString {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.as_os_str().reduce(w)
    }
}

impl Describe for Path {
    fn def() -> &'static TypeDef {
        OsStr::def()
    }
}

impl Reduce for Path {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.as_os_str().reduce(w)
    }
}

/// Borrowed from the stream, as `&OsStr` is.
impl<'de: 'a, 'a> Expand<'de> for &'a Path {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::expand_by(Native, r)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        <&OsStr>::expand_by(mode, r).map(Path::new)
    }
}

impl Describe for PathBuf {
    fn def() -> &'static TypeDef {
        OsStr::def()
    }
}

impl Reduce for PathBuf {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.as_os_str().reduce(w)
    }
}

impl<'de> Expand<'de> for PathBuf {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::expand_by(Native, r)
    }

    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        OsString::expand_by(mode, r).map(PathBuf::from)
    }
}

macro_rules! behind_pointers {
    ($($unsized:ident $owned:ident;)*) => {$(
        owned_pointee! { [] $unsized, $owned, |_| (); }

        impl<'de> Borrowable<'de> for $unsized {
            fn expand_cow<'a, M: Mode<'de>>(
                mode: M,
                r: &mut Reader<'_, 'de>,
            ) -> Result<Cow<'a, Self>, Error>
            where
                'de: 'a,
                Self: 'a,
            {
                Ok(match expand_by(mode, r)? {
                    Cow::Borrowed(text) => Cow::Borrowed(text.as_ref()),
                    Cow::Owned(text) => Cow::Owned(text.into()),
                })
            }
        }
    )*};
}

behind_pointers! {
    OsStr OsString;
    Path PathBuf;
}
