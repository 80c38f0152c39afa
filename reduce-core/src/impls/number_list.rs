//! Lists of numbers as they lie in memory: outside of the stream, and, of those of fixed width, in the stream too. What
//! one number is, is in `number`.
//!
//! A buffer has its numbers little endian, without gaps. Machines of that order lend and borrow their memory as it is;
//! others copy, so that the stream and its buffers are the same on all.

use crate::column::Slot;
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::read::{Elements, Plan, Reader};
use alloc::borrow::Cow;
use alloc::format;
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

/// Lists of numbers whose rows are those of a buffer. Only in a buffer is it somebody's choice where they lie, so only
/// from there are those borrowed that do not lie anywhere.
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
            let bytes = r.input.numbers(count, size_of::<$type>())?;
            match number_list::borrowed(bytes) {
                Some(numbers) if r.is_outside() || size_of::<$type>() == 1 => {
                    Ok(Cow::Borrowed(numbers))
                }
                _ => number_list::copied(bytes, $type::from_le_bytes, r).map(Cow::Owned),
            }
        }
    };
}
pub(super) use fixed;

/// A number whose slices can be borrowed.
#[diagnostic::on_unimplemented(
    message = "a `&[{Self}]` cannot be loaded",
    label = "only numbers lie in bytes as they do in memory",
    note = "load a `Vec<{Self}>`, a `Box<[{Self}]>` or a `Cow<[{Self}]>`"
)]
pub trait Lent: AnyBitPattern + Describe {
    /// For errors.
    #[doc(hidden)]
    const NAME: &'static str;
}

macro_rules! lent {
    ($($type:ident)*) => {$(
        impl Lent for $type {
            const NAME: &'static str = stringify!($type);
        }
    )*};
}

lent! { u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 f32 f64 }

/// Borrowed from a buffer, and, where any address will do, from the stream.
impl<'de: 'a, 'a, T: Lent> Expand<'de> for &'a [T] {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        match r.begin_list(T::def)? {
            Elements::InRows(count) | Elements::Outside(count) => borrow(count, r),
            Elements::InColumns(..) => Err(inside::<T>(r)),
        }
    }

    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let columns = r.columns()?;
        let (count, first) = columns.list(slot)?;
        match columns.listed(count, first).ok().filter(|_| size_of::<T>() == 1) {
            Some(bytes) => borrowed(bytes).ok_or_else(|| misplaced::<T>(r)),
            None => Err(inside::<T>(r)),
        }
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let (count, element) = r.begin_sequence(plan, T::def)?;
        if !r.plans.is_native(element) {
            let name = T::NAME;
            return Err(r.invalid(format!(
                "numbers of another type than `{name}` cannot be borrowed as such; load them as a `Vec<{name}>` or a \
                 `Cow<[{name}]>`",
            )));
        }
        if element.slot().is_some() {
            return Err(inside::<T>(r));
        }
        borrow(count, r)
    }
}

/// Borrows the elements of a list that has begun.
fn borrow<'de, T: Lent>(count: usize, r: &mut Reader<'_, 'de>) -> Result<&'de [T], Error> {
    let bytes = match r.outside(count, size_of::<T>())? {
        Some(bytes) => bytes,
        None if size_of::<T>() == 1 => r.input.take(count)?,
        None => return Err(inside::<T>(r)),
    };
    let numbers = borrowed(bytes).ok_or_else(|| misplaced::<T>(r))?;
    r.end_list();
    Ok(numbers)
}

#[cold]
fn inside<T: Lent>(r: &Reader<'_, '_>) -> Error {
    let name = T::NAME;
    r.invalid(format!(
        "`&[{name}]` is borrowed from a buffer outside of the stream, and these numbers are in it; load them as a \
         `Cow<[{name}]>` or a `Vec<{name}>`, or dump them with `Dumper::buffers`",
    ))
}

#[cold]
fn misplaced<T: Lent>(r: &Reader<'_, '_>) -> Error {
    let (name, align) = (T::NAME, align_of::<T>());
    r.invalid(if cfg!(target_endian = "little") {
        format!(
            "`&[{name}]` is borrowed from a buffer at an address that is a multiple of {align}, and this one is not; \
             move the buffer, or load a `Cow<[{name}]>`, which copies then",
        )
    } else {
        format!(
            "the numbers of a buffer are little endian, and this machine's are not; load a `Cow<[{name}]>` in place of \
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
