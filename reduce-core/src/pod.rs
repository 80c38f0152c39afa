//! Records that lie in a stream as they lie in memory: `#[reduce(pod)]`. Each of their numbers is little endian and of the
//! width of its type, so that one record, an array and a list of them are copied as a whole, and lists can be borrowed.
//!
//! What a stream's program says of them is said field by field, as of any record: by that they are adapted, shown, and read
//! in columns. Here is how a part of such a record is described and read by itself, and how whole records are copied.

use crate::column::Slot;
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::impls::stored::{Way, WayBack};
use crate::impls::{borrow_rows, count_below};
use crate::opcode;
use crate::program::{PartDef, TypeDef};
use crate::read::{Collect, Mode, Plan, Reader};
use crate::reduce::Reduce;
use crate::row::{Row, RowMut, Width};
use crate::write::Writer;
use alloc::borrow::Cow;
use alloc::vec::Vec;
use bytemuck::Pod;

/// What can be a part of a `#[reduce(pod)]` record. The derive implements it for such records.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a `#[reduce(pod)]` record",
    label = "`{Self}` does not lie in a stream as in memory",
    note = "`u8` to `u128`, `i8` to `i128`, `f32`, `f64`, arrays of them, and structs with `#[reduce(pod)]` do",
    note = "for a `usize` or an `isize`, which differ between machines, take a `u64` or an `i64`; for a `bool` or a `char`, a `u8` or a `u32`"
)]
pub trait Raw: Pod + Reduce + for<'de> Expand<'de> {
    /// What it takes in a record.
    const RAW_WIDTH: Width;

    /// Its own description is that of it in a record.
    const SAME: bool;

    /// Its description in a record.
    fn raw_def() -> &'static TypeDef;

    /// Reads one from what the stream has in its place.
    fn adapt_raw<'de>(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error>;

    /// The value with the bytes of each of its numbers turned around.
    #[must_use]
    fn swapped(self) -> Self;
}

/// Integers that have a fixed width in such records alone.
macro_rules! integers {
    ($($type:ident $opcode:ident;)*) => {$(
        impl Raw for $type {
            const RAW_WIDTH: Width = Width::of(size_of::<$type>());
            const SAME: bool = false;

            fn raw_def() -> &'static TypeDef {
                const { &TypeDef::primitive::<Fixed<$type>>(opcode::$opcode) }
            }

            fn adapt_raw<'de>(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                Self::adapt(plan, r)
            }

            fn swapped(self) -> Self {
                self.swap_bytes()
            }
        }
    )*};
}

integers! {
    u16 U16_FIXED;
    u32 U32_FIXED;
    u64 U64_FIXED;
    u128 U128_FIXED;
    i16 I16_FIXED;
    i32 I32_FIXED;
    i64 I64_FIXED;
    i128 I128_FIXED;
}

/// Numbers that have a fixed width everywhere.
macro_rules! numbers {
    ($($type:ident |$number:ident| $swapped:expr;)*) => {$(
        impl Raw for $type {
            const RAW_WIDTH: Width = Self::WIDTH;
            const SAME: bool = true;

            fn raw_def() -> &'static TypeDef {
                Self::def()
            }

            fn adapt_raw<'de>(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                Self::adapt(plan, r)
            }

            fn swapped(self) -> Self {
                let $number = self;
                $swapped
            }
        }
    )*};
}

numbers! {
    u8 |number| number;
    i8 |number| number;
    f32 |number| f32::from_bits(number.to_bits().swap_bytes());
    f64 |number| f64::from_bits(number.to_bits().swap_bytes());
}

impl<T: Raw, const N: usize> Raw for [T; N] {
    const RAW_WIDTH: Width = T::RAW_WIDTH.of_array(N);
    const SAME: bool = T::SAME;

    fn raw_def() -> &'static TypeDef {
        if T::SAME {
            return Self::def();
        }
        const { &TypeDef::array::<Fixed<Self>>(N, T::raw_def).columns(true) }
    }

    fn adapt_raw<'de>(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        <[Fixed<T>; N]>::adapt(plan, r).map(|elements| elements.map(|element| element.0))
    }

    fn swapped(self) -> Self {
        self.map(T::swapped)
    }
}

/// A part of a record, stored by itself as it is there.
pub struct Fixed<T>(T);

impl<T: Raw> Describe for Fixed<T> {
    fn def() -> &'static TypeDef {
        T::raw_def()
    }

    const PART: PartDef = PartDef::in_columns(T::raw_def);

    const WIDTH: Width = T::RAW_WIDTH;
}

impl<'de, T: Raw> Expand<'de> for Fixed<T> {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        expand(r).map(Fixed)
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        T::adapt_raw(plan, r).map(Fixed)
    }

    #[inline]
    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        T::expand_slot(slot, r).map(Fixed)
    }
}

/// The way in which such a record stores its parts.
pub struct InPlace;

impl<T: Raw> Way<T> for InPlace {
    fn def() -> &'static TypeDef {
        T::raw_def()
    }
}

impl<'de, T: Raw> WayBack<'de, T> for InPlace {
    #[inline(always)]
    fn expand<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
        mode.value::<Fixed<T>>(r).map(|part| part.0)
    }

    fn collect(_: &mut Collect<'de>) {}
}

/// What the rows of a record take that has these parts.
pub const fn width<T>(parts: &[Width]) -> Width {
    Width::of_raw::<T>(parts)
}

/// Each field is where those in front of it end: they have the order in which they are declared. The offsets and the sizes of
/// the fields of a record.
pub const fn laid_out(fields: &[(usize, usize)]) {
    let (mut end, mut rest) = (0, fields);
    while let [(offset, size), others @ ..] = rest {
        assert!(
            *offset == end,
            "the fields of a `#[reduce(pod)]` record lie in memory in another order: add `#[repr(C)]`"
        );
        end += *size;
        rest = others;
    }
}

/// The bytes of values, as a stream has them.
fn bytes_of<T: Raw>(values: &[T]) -> Cow<'_, [u8]> {
    if cfg!(target_endian = "little") {
        Cow::Borrowed(bytemuck::must_cast_slice(values))
    } else {
        Cow::Owned(swapped_bytes(values))
    }
}

fn swapped_bytes<T: Raw>(values: &[T]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(size_of_val(values));
    for value in values {
        bytes.extend_from_slice(bytemuck::bytes_of(&value.swapped()));
    }
    bytes
}

/// The value that a stream has these bytes of, which are as many as it takes.
#[inline(always)]
fn value_of<T: Raw>(bytes: &[u8]) -> T {
    let value: T = bytemuck::pod_read_unaligned(bytes);
    if cfg!(target_endian = "little") { value } else { value.swapped() }
}

/// Writes a record.
#[inline]
pub fn reduce<T: Raw>(value: &T, w: &mut Writer<'_>) -> Result<(), Error> {
    reduce_elements(core::slice::from_ref(value), w)
}

/// Writes records that lie side by side.
#[inline]
pub fn reduce_elements<T: Raw>(values: &[T], w: &mut Writer<'_>) -> Result<(), Error> {
    w.bytes(&bytes_of(values));
    Ok(())
}

/// Writes a record into a row of fixed width.
#[inline(always)]
pub fn put_row<T: Raw>(value: &T, row: &mut RowMut<'_>) {
    row.put_all(&bytes_of(core::slice::from_ref(value)));
}

/// Reads a record from a row of fixed width.
#[inline(always)]
pub fn get_row<T: Raw>(row: &mut Row<'_>) -> T {
    match row.take_all(size_of::<T>()) {
        [] => T::zeroed(),
        bytes => value_of(bytes),
    }
}

/// Reads a record, or a part of one.
#[inline]
pub fn expand<T: Raw>(r: &mut Reader<'_, '_>) -> Result<T, Error> {
    let bytes = r.input.take(size_of::<T>())?;
    count_below::<Fixed<T>>(1, r)?;
    Ok(value_of(bytes))
}

/// Reads so many records of a list.
pub fn expand_elements<T: Raw>(count: usize, r: &mut Reader<'_, '_>) -> Result<Vec<T>, Error> {
    r.allocate(count, size_of::<T>())?;
    let bytes = r.input.numbers(count, size_of::<T>())?;
    count_below::<T>(count, r)?;
    Ok(copied(bytes))
}

/// Reads the records of an array.
#[inline]
pub fn expand_array<T: Raw, const N: usize>(r: &mut Reader<'_, '_>) -> Result<[T; N], Error> {
    let bytes = r.input.numbers(N, size_of::<T>())?;
    count_below::<T>(N, r)?;
    let mut each = bytes.chunks_exact(size_of::<T>().max(1));
    Ok(core::array::from_fn(|_| each.next().map_or_else(T::zeroed, value_of)))
}

/// So many records of a list, borrowed where they lie at an address for it.
pub fn borrow_elements<'a, 'de: 'a, T: Raw + 'a>(
    count: usize,
    r: &mut Reader<'_, 'de>,
) -> Result<Cow<'a, [T]>, Error> {
    borrow_rows(count, r)
}

fn copied<T: Raw>(bytes: &[u8]) -> Vec<T> {
    if let Some(values) = lend(bytes) {
        return values.to_vec();
    }
    let each = size_of::<T>().max(1);
    let mut values = Vec::with_capacity(bytes.len() / each);
    let rest = if cfg!(target_endian = "little") && const { size_of::<T>() <= BLOCK } {
        copy_blocks(bytes, &mut values)
    } else {
        bytes
    };
    values.extend(rest.chunks_exact(each).map(value_of::<T>));
    values
}

/// As many records lie on the stack where they are copied from a place that is not theirs, if that is no more than a page.
const BLOCK: usize = 64;

/// Copies whole blocks of records from any address to the stack, and on from there: twice at the speed of a copy in the
/// nearest memory, where one by one would take half as much again. What is left over.
#[inline(never)]
fn copy_blocks<'b, T: Raw>(bytes: &'b [u8], values: &mut Vec<T>) -> &'b [u8] {
    let size = size_of::<T>().saturating_mul(BLOCK).max(1);
    if bytes.len() < size {
        return bytes;
    }
    let mut block = [T::zeroed(); BLOCK];
    let mut blocks = bytes.chunks_exact(size);
    for bytes in &mut blocks {
        bytemuck::must_cast_slice_mut(&mut block).copy_from_slice(bytes);
        values.extend_from_slice(&block);
    }
    blocks.remainder()
}

/// Records of a stream as they are in memory, if they lie at an address for them, and machines have them alike.
#[inline]
pub fn lend<T: Raw>(bytes: &[u8]) -> Option<&[T]> {
    if bytes.is_empty() {
        // They need no address.
        return Some(&[]);
    }
    let alike = cfg!(target_endian = "little") || size_of::<T>() == 1;
    bytemuck::try_cast_slice(bytes).ok().filter(|_| alike)
}

#[cfg(all(test, feature = "derive"))]
mod tests {
    use super::*;
    use bytemuck::Zeroable;

    #[derive(reduce_derive::Reduce, Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
    #[repr(C)]
    #[reduce(pod, crate = crate)]
    struct Numbers {
        long: u64,
        pair: [i16; 2],
        single: f32,
        bytes: [u8; 8],
    }

    /// What a machine of the other order does at each end.
    #[test]
    fn each_number_is_turned_around_by_itself() {
        let numbers = Numbers {
            long: 0x0102_0304_0506_0708,
            pair: [1, -2],
            single: 1.5,
            bytes: *b"in order",
        };
        let mut other = Vec::new();
        other.extend_from_slice(&numbers.long.to_be_bytes());
        numbers.pair.iter().for_each(|number| other.extend_from_slice(&number.to_be_bytes()));
        other.extend_from_slice(&numbers.single.to_be_bytes());
        other.extend_from_slice(&numbers.bytes);
        let bytes = swapped_bytes(&[numbers, numbers]);
        let little = cfg!(target_endian = "little");
        assert_eq!(bytes == [other.as_slice(), &other].concat(), little);
        assert_eq!(numbers.swapped().swapped(), numbers);
        assert_eq!(*bytes_of(&[numbers]) == *bytemuck::bytes_of(&numbers), little);
    }

    #[test]
    fn fields_in_another_order_than_their_bytes_are_refused() {
        laid_out(&[(0, 4), (4, 2), (6, 2)]);
        for wrong in [&[(4, 4), (0, 4)][..], &[(0, 1), (4, 4)]] {
            assert!(std::panic::catch_unwind(|| laid_out(wrong)).is_err());
        }
    }
}
