//! The values of primitives: read and checked, without any types of ours.

use crate::error::{Error, ErrorKind};
use crate::opcode::{self, Group};
use crate::os_text::OsText;
use crate::program::table::refused;
use crate::read::Input;
use crate::varint;

/// The value of a primitive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Primitive<'de> {
    Unit,
    Bool(bool),
    Char(char),
    Unsigned(u128),
    Signed(i128),
    F32(f32),
    F64(f64),
    Str(&'de str),
    /// Bytes of a string of the operating system that is not Unicode.
    OsBytes(&'de [u8]),
    /// 16-bit units, little endian, of a string of the operating system that is not Unicode.
    OsWide(&'de [u8]),
    /// The elements of a list or an array of bytes, all at once.
    Bytes(&'de [u8]),
}

/// Reads an integer of fixed width, by the opcode of the same values in variable length: little endian.
pub(crate) fn fixed<'de>(input: &mut Input<'de>, code: u8) -> Result<Primitive<'de>, Error> {
    let unsigned = |number| Primitive::Unsigned(number);
    let signed = |number| Primitive::Signed(number);
    match code {
        opcode::U16 => input.array().map(|bytes| unsigned(u16::from_le_bytes(bytes).into())),
        opcode::U32 => input.array().map(|bytes| unsigned(u32::from_le_bytes(bytes).into())),
        opcode::U64 => input.array().map(|bytes| unsigned(u64::from_le_bytes(bytes).into())),
        opcode::U128 => input.array().map(|bytes| unsigned(u128::from_le_bytes(bytes))),
        opcode::I16 => input.array().map(|bytes| signed(i16::from_le_bytes(bytes).into())),
        opcode::I32 => input.array().map(|bytes| signed(i32::from_le_bytes(bytes).into())),
        opcode::I64 => input.array().map(|bytes| signed(i64::from_le_bytes(bytes).into())),
        opcode::I128 => input.array().map(|bytes| signed(i128::from_le_bytes(bytes))),
        // No other is asked for: a list outside of the stream is one of numbers.
        _ => Err(input.malformed("a buffer of what are no integers")),
    }
}

/// Reads the value of a primitive.
pub(crate) fn primitive<'de>(input: &mut Input<'de>, code: u8) -> Result<Primitive<'de>, Error> {
    let at = input.offset();
    let outside = |what: &'static str| {
        Error::new(
            ErrorKind::Malformed,
            alloc::format!("a number outside of the range of `{what}`"),
        )
        .with_offset(at)
    };
    let unsigned = |value: u64, most: u64, what| {
        if value > most { Err(outside(what)) } else { Ok(Primitive::Unsigned(u128::from(value))) }
    };
    let signed = |value: u64, least: i64, most: i64, what| {
        let value = varint::unzigzag(value);
        if value < least || value > most {
            Err(outside(what))
        } else {
            Ok(Primitive::Signed(i128::from(value)))
        }
    };
    match code {
        opcode::UNIT => Ok(Primitive::Unit),
        opcode::BOOL => match input.byte()? {
            0 => Ok(Primitive::Bool(false)),
            1 => Ok(Primitive::Bool(true)),
            _ => Err(Error::new(ErrorKind::Malformed, "a bool is neither 0 nor 1").with_offset(at)),
        },
        opcode::CHAR => {
            let scalar = u32::try_from(input.varint()?).ok().and_then(char::from_u32);
            scalar.map(Primitive::Char).ok_or_else(|| outside("char"))
        }
        opcode::U8 => input.byte().map(|byte| Primitive::Unsigned(u128::from(byte))),
        opcode::U16 => unsigned(input.varint()?, u64::from(u16::MAX), "u16"),
        opcode::U32 => unsigned(input.varint()?, u64::from(u32::MAX), "u32"),
        opcode::U64 => unsigned(input.varint()?, u64::MAX, "u64"),
        opcode::U128 => input.varint_128().map(Primitive::Unsigned),
        opcode::I8 => input.byte().map(|byte| Primitive::Signed(i128::from(byte.cast_signed()))),
        opcode::I16 => signed(input.varint()?, i64::from(i16::MIN), i64::from(i16::MAX), "i16"),
        opcode::I32 => signed(input.varint()?, i64::from(i32::MIN), i64::from(i32::MAX), "i32"),
        opcode::I64 => signed(input.varint()?, i64::MIN, i64::MAX, "i64"),
        opcode::I128 => {
            input.varint_128().map(|value| Primitive::Signed(varint::unzigzag_128(value)))
        }
        opcode::F32 => input.array().map(|bytes| Primitive::F32(f32::from_le_bytes(bytes))),
        opcode::F64 => input.array().map(|bytes| Primitive::F64(f64::from_le_bytes(bytes))),
        opcode::STR => input.str().map(Primitive::Str),
        opcode::OS_STR => OsText::read(input).map(|text| match text {
            OsText::Utf8(text) => Primitive::Str(text),
            OsText::Bytes(bytes) => Primitive::OsBytes(bytes),
            OsText::Wide(units) => Primitive::OsWide(units),
        }),
        opcode::U16_FIXED..=opcode::I128_FIXED => fixed(input, opcode::plain(code)),
        // The table was checked: this is its answer to an opcode that is none of a primitive.
        _ => Err(refused(code, Group::Primitive, "is a primitive type", at)),
    }
}
