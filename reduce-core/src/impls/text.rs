//! `str`, `String` and borrowed text.

use super::number::describe;
use crate::column::{Column, Slot};
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::{Expand, owned_pointee};
use crate::opcode;
use crate::program::{PartDef, TypeDef};
use crate::read::columns::{Rows, astray};
use crate::read::{Plan, Reader};
use crate::reduce::Reduce;
use crate::scan::Primitive;
use crate::write::{Columns, Writer};
use alloc::string::String;
use alloc::vec::Vec;

describe!(str, opcode::STR);

impl Reduce for str {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        w.varint(self.len() as u64);
        w.bytes(self.as_bytes());
        Ok(())
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
        columns.texts(column, values.map(str::as_bytes))
    }
}

impl Describe for String {
    fn def() -> &'static TypeDef {
        str::def()
    }

    const PART: PartDef = str::PART;
}

impl Reduce for String {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.as_str().reduce(w)
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
        str::reduce_column(values.map(String::as_str), column, columns)
    }
}

impl<'de> Expand<'de> for String {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        owned(r).map(String::from)
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let text = <&str>::adapt(plan, r)?;
        r.allocate(text.len(), 1)?;
        Ok(text.into())
    }

    #[inline]
    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let text = r.columns()?.str(slot)?;
        r.allocate(text.len(), 1)?;
        Ok(text.into())
    }

    #[inline(always)]
    fn expand_rows<'c, const WITHIN: bool>(
        rows: Rows<'c, 'de>,
    ) -> Result<impl FnMut(usize, &mut Reader<'_, 'de>) -> Result<Self, Error>, Error> {
        let texts = rows.strs()?;
        Ok(move |row, r: &mut Reader<'_, 'de>| {
            let text: &str = texts.get(row).copied().ok_or_else(astray)?;
            r.allocate(text.len(), 1)?;
            Ok(text.into())
        })
    }

    fn expand_slots(
        count: usize,
        first: Slot,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Vec<Self>, Error> {
        r.allocate(count, size_of::<Self>())?;
        let bytes = size(r.columns()?.strs(count, first)?);
        r.allocate(bytes, 1)?;
        Ok(owned_texts(r.columns()?.strs(count, first)?))
    }

    #[inline(always)]
    fn expand_list_rows<'c>(
        elements: Rows<'c, 'de>,
    ) -> Result<impl FnMut(usize, usize, &mut Reader<'_, 'de>) -> Result<Vec<Self>, Error>, Error>
    {
        let texts = elements.strs()?;
        Ok(move |from, count, r: &mut Reader<'_, 'de>| {
            let texts = part(texts, from, count)?;
            r.allocate(count, size_of::<Self>())?;
            r.allocate(size(texts), 1)?;
            Ok(owned_texts(texts))
        })
    }
}

/// Borrowed from the stream.
impl<'de: 'a, 'a> Expand<'de> for &'a str {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        r.input.str()
    }

    #[inline(always)]
    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        r.columns()?.str(slot)
    }

    fn expand_slots(
        count: usize,
        first: Slot,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Vec<Self>, Error> {
        r.allocate(count, size_of::<Self>())?;
        Ok(r.columns()?.strs(count, first)?.to_vec())
    }

    #[inline(always)]
    fn expand_list_rows<'c>(
        elements: Rows<'c, 'de>,
    ) -> Result<impl FnMut(usize, usize, &mut Reader<'_, 'de>) -> Result<Vec<Self>, Error>, Error>
    {
        let texts = elements.strs()?;
        Ok(move |from, count, r: &mut Reader<'_, 'de>| {
            let texts = part(texts, from, count)?;
            r.allocate(count, size_of::<Self>())?;
            Ok(texts.to_vec())
        })
    }

    #[inline(always)]
    fn expand_rows<'c, const WITHIN: bool>(
        rows: Rows<'c, 'de>,
    ) -> Result<impl FnMut(usize, &mut Reader<'_, 'de>) -> Result<Self, Error>, Error> {
        let texts = rows.strs()?;
        Ok(move |row, _: &mut Reader<'_, 'de>| texts.get(row).copied().ok_or_else(astray))
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        match r.primitive(plan)? {
            Primitive::Str(text) => Ok(text),
            _ => Err(r.invalid("a string of the operating system that is not Unicode, for text")),
        }
    }
}

/// The texts of one of the lists that have these.
#[inline(always)]
fn part<'c, 'de>(
    texts: &'c [&'de str],
    from: usize,
    count: usize,
) -> Result<&'c [&'de str], Error> {
    texts.get(from..).and_then(|texts| texts.get(..count)).ok_or_else(astray)
}

/// How many bytes they have.
fn size(texts: &[&str]) -> usize {
    texts.iter().fold(0, |size, text| size.saturating_add(text.len()))
}

/// Texts of a column that are paid for.
#[inline(never)]
fn owned_texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| String::from(*text)).collect()
}

/// Text that is about to be copied.
#[inline]
fn owned<'de>(r: &mut Reader<'_, 'de>) -> Result<&'de str, Error> {
    let text = r.input.str()?;
    r.allocate(text.len(), 1)?;
    Ok(text)
}

owned_pointee! { [] str, String, |_| (); }
