//! Numbers, `bool`, `char` and `()`. `usize` and `isize` are stored as 64 bits, so that streams move between machines.
//! Lists of numbers as they lie in memory are in `number_list`.

use super::number_column::OfWord;
use super::{adapted, number_column, number_list};
use crate::canary::{Canary, planted};
use crate::column::{Column, Slot};
use crate::describe::Describe;
use crate::error::{Error, ErrorKind};
use crate::expand::Expand;
use crate::opcode;
use crate::program::TypeDef;
use crate::read::columns::{Rows, astray, of_row};
use crate::read::{Plan, Reader};
use crate::reduce::Reduce;
use crate::row::{Row, RowMut};
use crate::varint::{self, unzigzag, unzigzag_128, zigzag, zigzag_128};
use crate::write::{Columns, Writer, append_arrays, append_lists};
use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

/// Describes a type by one opcode.
macro_rules! describe {
    ($type:ty, $opcode:expr) => {
        $crate::impls::number::describe!(@ $type, $opcode,);
    };
    ($type:ty, $opcode:expr, $bytes:literal) => {
        $crate::impls::number::describe!(@ $type, $opcode, $bytes);
    };
    (@ $type:ty, $opcode:expr, $($bytes:literal)?) => {
        impl Describe for $type {
            fn def() -> &'static TypeDef {
                const { &TypeDef::primitive::<$type>($opcode) }
            }

            const PART: $crate::program::PartDef = $crate::program::PartDef::in_columns(Self::def);

            $(const WIDTH: crate::row::Width = crate::row::Width::of($bytes);)?
        }
    };
}
pub(crate) use describe;

describe!((), opcode::UNIT);
describe!(bool, opcode::BOOL, 1);
describe!(char, opcode::CHAR);
describe!(u8, opcode::U8, 1);
describe!(u16, opcode::U16);
describe!(u32, opcode::U32);
describe!(u64, opcode::U64);
describe!(usize, opcode::U64);
describe!(u128, opcode::U128);
describe!(i8, opcode::I8, 1);
describe!(i16, opcode::I16);
describe!(i32, opcode::I32);
describe!(i64, opcode::I64);
describe!(isize, opcode::I64);
describe!(i128, opcode::I128);
describe!(f32, opcode::F32, 4);
describe!(f64, opcode::F64, 8);

#[cold]
fn outside(
    kind: ErrorKind,
    what: &str,
    value: &dyn core::fmt::Display,
    r: &Reader<'_, '_>,
) -> Error {
    r.input.error(kind, format!("{value} is outside of the range of `{what}`"))
}

/// Adds numbers to a column: `$bits` is what its block has of one, and `cast` says that memory has them just so.
macro_rules! column {
    ($width:ident, $bits:expr, $lists:ident) => {
        #[inline]
        fn reduce_column<'a>(
            values: impl Iterator<Item = &'a Self> + Clone,
            column: Column,
            columns: &mut Columns<'_>,
        ) -> Result<(), Error>
        where
            Self: 'a,
        {
            columns.$width(column)?.extend(values.map(|value| $bits(*value)));
            Ok(())
        }

        #[inline]
        fn reduce_lists<'a>(
            lists: impl Iterator<Item = &'a [Self]> + Clone,
            column: Column,
            columns: &mut Columns<'_>,
        ) -> Result<(), Error>
        where
            Self: 'a,
        {
            column!($lists $width, lists, column, columns, $bits)
        }

        #[inline]
        fn reduce_arrays<'a, const N: usize>(
            arrays: impl Iterator<Item = &'a [Self; N]> + Clone,
            column: Column,
            columns: &mut Columns<'_>,
        ) -> Result<(), Error>
        where
            Self: 'a,
        {
            column!($lists of N columns.$width(column)?, arrays, $bits);
            Ok(())
        }
    };
    (cast $width:ident, $lists:ident, $column:ident, $columns:ident, $bits:expr) => {{
        let (mut lengths, element) = $columns.take_lists($column)?;
        let lists = $lists.map(bytemuck::must_cast_slice);
        append_lists(&mut lengths, $columns.$width(element)?, lists)?;
        $columns.give_lists($column, lengths)
    }};
    (cast of $length:ident $words:expr, $arrays:ident, $bits:expr) => {
        append_arrays::<_, $length>(
            $words,
            $arrays.map(|array| bytemuck::must_cast_slice(array.as_slice())),
        )
    };
    (each of $length:ident $words:expr, $arrays:ident, $bits:expr) => {
        $words.extend($arrays.flatten().map(|value| $bits(*value)))
    };
    (each $width:ident, $lists:ident, $column:ident, $columns:ident, $bits:expr) => {{
        let element = $columns.lists($column, $lists.clone().map(<[Self]>::len))?;
        $columns.$width(element)?.extend($lists.flatten().map(|value| $bits(*value)));
        Ok(())
    }};
}

/// Integers of variable length. Beyond the range of `usize` a value is sound, but not for this machine. `$stored` is what
/// a buffer has of it; its lists are in `number_list` where that is the type itself.
macro_rules! integer {
    ($($type:ident: $width:ident $bits:expr, $by:ident, $stored:ident, $wide:ident, $push:ident, $read:ident, $to:expr, $from:expr, $kind:ident $($lists:ident)?;)*) => {$(
        impl Reduce for $type {
            #[inline]
            fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                #[allow(clippy::cast_lossless, clippy::unnecessary_cast, trivial_numeric_casts)]
                // Widens: `usize` has no `From`, though no machine's exceeds 64 bits.
                let wide = *self as $wide;
                varint::$push(&mut w.out, $to(wide));
                Ok(())
            }

            column!($width, $bits, $by);
            $(number_list::$lists!(reduce $type);)?
        }

        impl<'de> Expand<'de> for $type {
            #[inline]
            fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                #[inline(never)]
                fn long(r: &mut Reader<'_, '_>) -> Result<$wide, Error> {
                    if r.input.is_empty()
                        && let Some(bytes) = r.outside_integer()?
                    {
                        return Ok($stored::from_le_bytes(bytes).into());
                    }
                    r.input.$read().map($from)
                }
                let wide: $wide = match r.input.short() {
                    Some(byte) => $from(byte.into()),
                    None => long(r)?,
                };
                $type::try_from(wide)
                    .map_err(|_| outside(ErrorKind::$kind, stringify!($type), &wide, r))
            }

            fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                adapted::integer(stringify!($type), plan, r)
            }

            number_column::integer!($type $width $wide $($lists)?);
            $(number_list::$lists!(expand $type);)?
        }
    )*};
}

const fn plain<T: Copy>(value: T) -> T {
    value
}

/// No machine's `usize` exceeds 64 bits.
const fn widened(value: usize) -> u64 {
    value as u64
}

const fn widened_signed(value: isize) -> u64 {
    (value as i64).cast_unsigned()
}

integer! {
    u16: w16 plain, cast, u16, u64, push, long_varint, plain, plain, Malformed variable;
    u32: w32 plain, cast, u32, u64, push, long_varint, plain, plain, Malformed variable;
    u64: w64 plain, cast, u64, u64, push, long_varint, plain, plain, Malformed variable;
    usize: w64 widened, each, u64, u64, push, long_varint, plain, plain, InvalidValue;
    u128: w128 plain, cast, u128, u128, push_128, long_varint_128, plain, plain, Malformed variable;
    i16: w16 i16::cast_unsigned, cast, i16, i64, push, long_varint, zigzag, unzigzag, Malformed variable;
    i32: w32 i32::cast_unsigned, cast, i32, i64, push, long_varint, zigzag, unzigzag, Malformed variable;
    i64: w64 i64::cast_unsigned, cast, i64, i64, push, long_varint, zigzag, unzigzag, Malformed variable;
    isize: w64 widened_signed, each, i64, i64, push, long_varint, zigzag, unzigzag, InvalidValue;
    i128: w128 i128::cast_unsigned, cast, i128, i128, push_128, long_varint_128, zigzag_128, unzigzag_128, Malformed variable;
}

/// Numbers of fixed width, little endian.
macro_rules! fixed {
    ($($type:ident $width:ident $bits:expr, $by:ident, $adapt:ident;)*) => {$(
        impl Reduce for $type {
            #[inline]
            fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                w.bytes(&self.to_le_bytes());
                Ok(())
            }

            column!($width, $bits, $by);

            #[inline(always)]
            fn put_row(&self, row: &mut RowMut<'_>) {
                row.put(&self.to_le_bytes());
            }

            #[inline(always)]
            fn put_rows(elements: &[Self], row: &mut RowMut<'_>) {
                row.put_all(&number_list::bytes_of(elements, $type::to_le_bytes));
            }

            number_list::fixed!(reduce $type);
        }

        impl<'de> Expand<'de> for $type {
            #[inline]
            fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                r.input.array().map($type::from_le_bytes)
            }

            #[inline(always)]
            fn get_row(row: &mut Row<'_>) -> Self {
                $type::from_le_bytes(row.take())
            }

            fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                adapted::$adapt(stringify!($type), plan, r)
            }

            number_column::words!($type $width);
            number_list::fixed!(expand $type);
        }
    )*};
}

fixed! {
    i8 w8 i8::cast_unsigned, cast, integer;
    f32 w32 f32::to_bits, cast, single;
    f64 w64 f64::to_bits, cast, double;
}

impl Reduce for u8 {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        w.byte(*self);
        Ok(())
    }

    #[inline]
    fn reduce_elements(elements: &[Self], w: &mut Writer<'_>) -> Result<(), Error> {
        w.bytes(elements);
        Ok(())
    }

    #[inline(always)]
    fn put_row(&self, row: &mut RowMut<'_>) {
        row.put(&[*self]);
    }

    #[inline(always)]
    fn put_rows(elements: &[Self], row: &mut RowMut<'_>) {
        row.put_all(elements);
    }

    #[inline]
    fn offer_elements(elements: &[Self], w: &mut Writer<'_>) -> Result<bool, Error> {
        if w.offers.open() { w.offer(elements.len(), 1, || elements.into()) } else { Ok(false) }
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
        columns.w8(column)?.extend(values);
        Ok(())
    }

    #[inline]
    fn reduce_lists<'a>(
        lists: impl Iterator<Item = &'a [Self]> + Clone,
        column: Column,
        columns: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        Self: 'a,
    {
        columns.texts(column, lists)
    }

    #[inline]
    fn reduce_arrays<'a, const N: usize>(
        arrays: impl Iterator<Item = &'a [Self; N]> + Clone,
        column: Column,
        columns: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        Self: 'a,
    {
        append_arrays::<_, N>(columns.w8(column)?, arrays.map(<[Self; N]>::as_slice));
        Ok(())
    }
}

impl<'de> Expand<'de> for u8 {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        r.input.byte()
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        adapted::integer("u8", plan, r)
    }

    number_column::words!(u8 w8);

    fn borrow_slots<'a>(
        count: usize,
        first: Slot,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Cow<'a, [Self]>, Error>
    where
        'de: 'a,
    {
        // Those of a list of bytes; the bytes of other columns are packed.
        match r.columns()?.listed(count, first) {
            Ok(bytes) => Ok(Cow::Borrowed(bytes)),
            Err(_) => Self::expand_slots(count, first, r).map(Cow::Owned),
        }
    }

    fn expand_elements(count: usize, r: &mut Reader<'_, 'de>) -> Result<Vec<Self>, Error> {
        r.allocate(count, 1)?;
        r.input.take(count).map(<[u8]>::to_vec)
    }

    #[inline(always)]
    fn get_row(row: &mut Row<'_>) -> Self {
        let [byte] = row.take();
        byte
    }

    #[inline(always)]
    fn get_rows<const N: usize>(row: &mut Row<'_>) -> [Self; N] {
        row.take()
    }

    fn expand_array<const N: usize>(r: &mut Reader<'_, 'de>) -> Result<[Self; N], Error> {
        r.input.array()
    }

    #[inline]
    fn lend(rows: &[u8]) -> Option<&[Self]> {
        Some(rows)
    }

    fn borrow_elements<'a>(count: usize, r: &mut Reader<'_, 'de>) -> Result<Cow<'a, [Self]>, Error>
    where
        'de: 'a,
    {
        r.input.take(count).map(Cow::Borrowed)
    }
}

impl Reduce for bool {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        w.byte(u8::from(*self));
        Ok(())
    }

    column!(w8, u8::from, cast);

    #[inline(always)]
    fn put_row(&self, row: &mut RowMut<'_>) {
        row.put(&[u8::from(*self)]);
    }
}

impl<'de> Expand<'de> for bool {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        match r.input.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            2 if planted(Canary::Bool) => Ok(true),
            _ => Err(r.input.malformed("a bool is neither 0 nor 1")),
        }
    }

    number_column::words!(bool w8);

    #[inline(always)]
    fn get_row(row: &mut Row<'_>) -> Self {
        let [byte] = row.take();
        row.require(byte <= 1);
        byte == 1
    }
}

impl Reduce for char {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        w.varint(u64::from(u32::from(*self)));
        Ok(())
    }

    column!(w32, u32::from, cast);
}

impl<'de> Expand<'de> for char {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let scalar = r.input.varint()?;
        u32::try_from(scalar)
            .ok()
            .and_then(char::from_u32)
            .ok_or_else(|| outside(ErrorKind::Malformed, "char", &scalar, r))
    }

    #[inline]
    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        char::from_u32(r.columns()?.w32(slot)?).ok_or_else(astray)
    }
}

impl Reduce for () {
    #[inline]
    fn reduce(&self, _: &mut Writer<'_>) -> Result<(), Error> {
        Ok(())
    }

    #[inline]
    fn reduce_column<'a>(
        _: impl Iterator<Item = &'a Self> + Clone,
        _: Column,
        _: &mut Columns<'_>,
    ) -> Result<(), Error> {
        Ok(())
    }
}

impl<'de> Expand<'de> for () {
    #[inline]
    fn expand(_: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(())
    }

    #[inline]
    fn expand_slot(_: Slot, _: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Ok(())
    }
}
