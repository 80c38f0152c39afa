//! Lists of numbers as they lie in memory: outside of the stream, and, of those of fixed width, in the stream too. What
//! one number is, is in `number`.
//!
//! A buffer has its numbers little endian, without gaps. Machines of that order lend and borrow their memory as it is;
//! others copy, so that the stream and its buffers are the same on all.

use crate::aligned;
use crate::column::Slot;
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::read::{Elements, Plan, Reader};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use bytemuck::{AnyBitPattern, NoUninit};

/// The bytes of numbers, as a buffer has them.
pub(super) fn bytes_of<T: NoUninit, const WIDTH: usize>(
    numbers: &[T],
    to: impl Fn(T) -> [u8; WIDTH],
) -> Cow<'_, [u8]> {
    if cfg!(target_endian = "little") {
        Cow::Borrowed(bytemuck::must_cast_slice(numbers))
    } else {
        Cow::Owned(copied_bytes(numbers, to))
    }
}

fn copied_bytes<T: Copy, const WIDTH: usize>(
    numbers: &[T],
    to: impl Fn(T) -> [u8; WIDTH],
) -> Vec<u8> {
    numbers.iter().flat_map(|number| to(*number)).collect()
}

/// The numbers of a buffer's bytes.
pub(super) fn copied<T, const WIDTH: usize>(
    bytes: &[u8],
    from: impl Fn([u8; WIDTH]) -> T,
    r: &mut Reader<'_, '_>,
) -> Result<Vec<T>, Error> {
    let (numbers, _) = bytes.as_chunks::<WIDTH>();
    r.allocate(numbers.len(), WIDTH)?;
    Ok(numbers.iter().map(|number| from(*number)).collect())
}

/// The numbers of a buffer's bytes, where this machine has them alike and they lie at an address for them.
pub(super) fn borrowed<T: AnyBitPattern>(bytes: &[u8]) -> Option<&[T]> {
    if bytes.is_empty() {
        // They need no address.
        return Some(&[]);
    }
    let alike = cfg!(target_endian = "little") || size_of::<T>() == 1;
    bytemuck::try_cast_slice(bytes).ok().filter(|_| alike)
}

/// What both kinds of numbers have in their `Reduce`.
macro_rules! offer {
    ($type:ident) => {
        #[inline]
        fn offer_elements(elements: &[Self], w: &mut Writer<'_>) -> Result<bool, Error> {
            if !w.offers.open() {
                return Ok(false);
            }
            w.offer(elements.len(), size_of::<$type>(), || {
                number_list::bytes_of(elements, $type::to_le_bytes)
            })
        }
    };
}
pub(super) use offer;

/// Lists of numbers whose rows are of variable length.
macro_rules! variable {
    (reduce $type:ident) => {
        number_list::offer!($type);
    };
    (expand $type:ident) => {
        fn expand_outside(
            count: usize,
            r: &mut Reader<'_, 'de>,
        ) -> Option<Result<Vec<Self>, Error>> {
            match r.outside(count, size_of::<$type>()) {
                Ok(Some(bytes)) => Some(number_list::copied(bytes, $type::from_le_bytes, r)),
                Ok(None) => None,
                Err(error) => Some(Err(error)),
            }
        }

        fn borrow_elements<'a>(
            count: usize,
            r: &mut Reader<'_, 'de>,
        ) -> Result<Cow<'a, [Self]>, Error>
        where
            'de: 'a,
        {
            let Some(bytes) = r.outside(count, size_of::<$type>())? else {
                return Self::expand_elements(count, r).map(Cow::Owned);
            };
            match number_list::borrowed(bytes) {
                Some(numbers) => Ok(Cow::Borrowed(numbers)),
                None => number_list::copied(bytes, $type::from_le_bytes, r).map(Cow::Owned),
            }
        }
    };
}
pub(super) use variable;

/// Lists of numbers whose rows are those of a buffer.
macro_rules! fixed {
    (reduce $type:ident) => {
        #[inline]
        fn reduce_elements(elements: &[Self], w: &mut Writer<'_>) -> Result<(), Error> {
            w.bytes(&number_list::bytes_of(elements, $type::to_le_bytes));
            Ok(())
        }

        number_list::offer!($type);
    };
    (expand $type:ident) => {
        fn expand_elements(count: usize, r: &mut Reader<'_, 'de>) -> Result<Vec<Self>, Error> {
            let bytes = r.input.numbers(count, size_of::<$type>())?;
            number_list::copied(bytes, $type::from_le_bytes, r)
        }

        fn borrow_elements<'a>(
            count: usize,
            r: &mut Reader<'_, 'de>,
        ) -> Result<Cow<'a, [Self]>, Error>
        where
            'de: 'a,
        {
            number_list::borrow_rows(count, r)
        }

        #[inline]
        fn lend(rows: &[u8]) -> Option<&[Self]> {
            number_list::borrowed(rows)
        }
    };
}
pub(super) use fixed;

/// So many elements of a list in rows, borrowed where these are as in memory and lie at an address for it.
pub(crate) fn borrow_rows<'a, 'de: 'a, T: Expand<'de> + Clone + 'a>(
    count: usize,
    r: &mut Reader<'_, 'de>,
) -> Result<Cow<'a, [T]>, Error> {
    let before = r.input;
    if T::WIDTH.bytes() > 0
        && let Some(elements) = T::lend(r.input.numbers(count, T::WIDTH.bytes())?)
    {
        count_below::<T>(count, r)?;
        return Ok(Cow::Borrowed(elements));
    }
    r.input = before;
    T::expand_elements(count, r).map(Cow::Owned)
}

/// Counts the elements of the arrays that so many elements of a list have in them.
pub(crate) fn count_below<T: Describe>(count: usize, r: &mut Reader<'_, '_>) -> Result<(), Error> {
    match const { T::WIDTH }.elements_of(count) {
        Some(0) => Ok(()),
        elements => r.elements(elements.unwrap_or(u64::MAX)).map(drop),
    }
}

/// What slices can be borrowed of.
#[diagnostic::on_unimplemented(
    message = "a `&[{Self}]` cannot be loaded",
    label = "only numbers, arrays of floats or bytes, and `#[reduce(pod)]` records lie in bytes as they do in memory",
    note = "load a `Vec<{Self}>`, a `Box<[{Self}]>` or a `Cow<[{Self}]>`"
)]
pub trait Lent: Describe + Sized + 'static {
    /// For errors.
    #[doc(hidden)]
    const NAME: &'static str;

    /// Lists of it lie in the stream as in memory; of others, only buffers do.
    #[doc(hidden)]
    const AS_STORED: bool;

    /// The elements that bytes are, where this machine has them alike and they lie at an address for them.
    #[doc(hidden)]
    fn lent(bytes: &[u8]) -> Option<&[Self]>;

    /// For errors.
    #[doc(hidden)]
    fn name() -> String {
        Self::NAME.into()
    }
}

/// What slices can be borrowed of, and of arrays of it: what lies in the stream as in memory.
#[diagnostic::on_unimplemented(
    message = "a list of arrays of `{Self}` cannot be borrowed",
    label = "in arrays, integers are of variable length",
    note = "put the array into a struct with `#[reduce(pod)]`, or load a `Vec`, a `Box` or a `Cow` of arrays"
)]
pub trait LentInArrays: Lent {}

macro_rules! lent {
    ($($as_stored:literal: $($type:ident)*;)*) => {$($(
        impl Lent for $type {
            const NAME: &'static str = stringify!($type);
            const AS_STORED: bool = $as_stored;

            fn lent(bytes: &[u8]) -> Option<&[Self]> {
                borrowed(bytes)
            }
        }
    )*)*};
}

lent! {
    true: u8 i8 f32 f64;
    false: u16 u32 u64 u128 i16 i32 i64 i128;
}

impl LentInArrays for u8 {}
impl LentInArrays for i8 {}
impl LentInArrays for f32 {}
impl LentInArrays for f64 {}
impl<T: LentInArrays, const N: usize> LentInArrays for [T; N] {}

impl<T: LentInArrays, const N: usize> Lent for [T; N] {
    const NAME: &'static str = T::NAME;
    const AS_STORED: bool = true;

    fn lent(bytes: &[u8]) -> Option<&[Self]> {
        T::lent(bytes).map(|elements| elements.as_chunks().0)
    }

    fn name() -> String {
        format!("[{}; {N}]", T::name())
    }
}

/// Borrowed from a buffer; and from the stream, where any address will do, or the writer put the list at one for it.
impl<'de: 'a, 'a, T: Lent> Expand<'de> for &'a [T] {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let placed = aligned::is_ahead(&r.input);
        match r.begin_list(T::def)? {
            Elements::InRows(count) | Elements::Outside(count) => borrow(count, placed, r),
            Elements::InColumns(..) => Err(packed::<T>(r)),
        }
    }

    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let columns = r.columns()?;
        let (count, first) = columns.list(slot)?;
        match columns.listed(count, first).ok().filter(|_| size_of::<T>() == 1) {
            Some(bytes) => T::lent(bytes).ok_or_else(|| misplaced::<T>(r)),
            None => Err(packed::<T>(r)),
        }
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let placed = aligned::is_ahead(&r.input);
        let (count, element) = r.begin_sequence(plan, T::def)?;
        if !r.plans.is_native(element) {
            let name = T::name();
            return Err(r.invalid(format!(
                "elements of another type than `{name}` cannot be borrowed as such; load them as a `Vec<{name}>` or a \
                 `Cow<[{name}]>`",
            )));
        }
        if element.slot().is_some() {
            return Err(packed::<T>(r));
        }
        borrow(count, placed, r)
    }
}

/// Borrows the elements of a list that has begun. Where they lie is the writer's choice if it `placed` them.
fn borrow<'de, T: Lent>(
    count: usize,
    placed: bool,
    r: &mut Reader<'_, 'de>,
) -> Result<&'de [T], Error> {
    let bytes = match r.outside(count, size_of::<T>())? {
        Some(bytes) => bytes,
        None if T::AS_STORED && (placed || count == 0 || align_of::<T>() == 1) => {
            r.input.numbers(count, size_of::<T>())?
        }
        None => return Err(inside::<T>(r)),
    };
    count_below::<T>(count, r)?;
    let elements = T::lent(bytes).ok_or_else(|| misplaced::<T>(r))?;
    r.end_list();
    Ok(elements)
}

#[cold]
fn inside<T: Lent>(r: &Reader<'_, '_>) -> Error {
    let name = T::name();
    r.invalid(if T::AS_STORED {
        format!(
            "`&[{name}]` is borrowed from where its elements lie at an address that is a multiple of {}, and these lie \
             anywhere; dump them with `Dumper::aligned`, or load a `Cow<[{name}]>` or a `Vec<{name}>`",
            align_of::<T>()
        )
    } else {
        format!(
            "`&[{name}]` is borrowed from a buffer outside of the stream, and these numbers are in it, where they are of \
             variable length; dump them with `Dumper::buffers`, as a field of a struct with `#[reduce(pod)]`, or load \
             a `Cow<[{name}]>` or a `Vec<{name}>`",
        )
    })
}

#[cold]
fn packed<T: Lent>(r: &Reader<'_, '_>) -> Error {
    let name = T::name();
    r.invalid(format!(
        "`&[{name}]` is borrowed from where its elements lie as in memory, and these are packed in the columns of a list; \
         load a `Cow<[{name}]>` or a `Vec<{name}>`, or dump them with `Dumper::buffers`, or with `Dumper::aligned` and \
         without `Dumper::columns`",
    ))
}

#[cold]
fn misplaced<T: Lent>(r: &Reader<'_, '_>) -> Error {
    let (name, align) = (T::name(), align_of::<T>());
    let (what, place) = if r.is_outside() {
        ("a buffer", "buffer")
    } else {
        ("a stream", "beginning of the stream")
    };
    r.invalid(if cfg!(target_endian = "little") {
        format!(
            "`&[{name}]` is borrowed from {what} at an address that is a multiple of {align}, and this one is not; move the \
             {place}, or load a `Cow<[{name}]>`, which copies then",
        )
    } else {
        format!(
            "numbers in bytes are little endian, and this machine's are not; load a `Cow<[{name}]>` in place of \
             `&[{name}]`",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copied_bytes_are_those_of_a_little_endian_machine() {
        let numbers = [1u32, 0x0203_0405, u32::MAX];
        let bytes = [1, 0, 0, 0, 5, 4, 3, 2, 255, 255, 255, 255];
        assert_eq!(copied_bytes(&numbers, u32::to_le_bytes), bytes);
        assert_eq!(*bytes_of(&numbers, u32::to_le_bytes), bytes);
    }

    #[test]
    fn only_what_lies_right_is_borrowed() {
        let numbers = [1.5f64, -2.0, 3.25];
        let bytes = bytes_of(&numbers, f64::to_le_bytes);
        let lent = cfg!(target_endian = "little").then_some(&numbers[..]);
        if let Cow::Borrowed(bytes) = bytes {
            assert_eq!(borrowed::<f64>(bytes), lent);
            assert_eq!(borrowed::<f64>(&bytes[1..17]), None);
            assert_eq!(borrowed::<f64>(&bytes[1..1]), Some(&[][..]));
            assert_eq!(borrowed::<i8>(&bytes[1..4]), Some(&[0i8; 3][..]));
        }
    }
}
