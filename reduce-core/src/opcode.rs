//! The one table of opcodes: number, name, operands. SPEC.md's table and the disassembler come from it.
//!
//! It is here for tools that read streams without their types; loading and dumping do not need it. The counterpart in
//! Python is `pickletools.opcodes`.
//!
//! ```
//! use reduce_core::opcode;
//!
//! for row in opcode::TABLE.iter().filter(|row| !row.reserved) {
//!     println!("{:#04x} {:<14} {}", row.code, row.name, row.operands);
//! }
//! # assert!(opcode::TABLE.len() > 40);
//! ```

/// Where an opcode stands.
///
/// ```
/// use reduce_core::opcode::{self, Group};
///
/// let stop = opcode::TABLE.iter().find(|row| row.code == opcode::STOP).unwrap();
/// assert_eq!(stop.group, Group::Data);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Group {
    /// Stands for a whole type wherever a type is referred to.
    Primitive,
    /// Begins a definition in a stream's table of types.
    Definition,
    /// Stands in the data, in front of an object or a list's elements, or at the end.
    Data,
}

/// One row of the [opcode table](TABLE).
///
/// ```
/// use reduce_core::opcode;
///
/// let list = opcode::TABLE.iter().find(|row| row.code == opcode::LIST).unwrap();
/// assert_eq!((list.name, list.reserved), ("list", false));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Opcode {
    /// Its number in the stream.
    pub code: u8,
    /// Its name in SPEC.md and in a disassembly.
    pub name: &'static str,
    /// Where it stands.
    pub group: Group,
    /// What follows it in a definition (for a primitive or in the data: in the data).
    pub operands: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// Known by number only: this release neither writes nor reads it.
    pub reserved: bool,
}

macro_rules! reserved {
    (live) => {
        false
    };
    (reserved) => {
        true
    };
}

macro_rules! opcodes {
    ($($group:ident { $($code:literal $constant:ident $name:literal $state:ident $operands:literal, $purpose:literal;)* })*) => {
        $($(
            #[doc = concat!("`", $name, "`: ", $purpose, ".")]
            pub const $constant: u8 = $code;
        )*)*

        /// Every opcode, in the order of the numbers.
        pub static TABLE: &[Opcode] = &[$($(Opcode {
            code: $code,
            name: $name,
            group: Group::$group,
            operands: $operands,
            purpose: $purpose,
            reserved: reserved!($state),
        },)*)*];
    };
}

opcodes! {
    Primitive {
        0x01 UNIT "unit" live "nothing", "a value without content";
        0x02 BOOL "bool" live "one byte, 0 or 1", "a truth value";
        0x03 CHAR "char" live "varint", "a Unicode scalar value";
        0x04 U8 "u8" live "one byte", "an unsigned integer of 8 bits";
        0x05 U16 "u16" live "varint", "an unsigned integer of 16 bits";
        0x06 U32 "u32" live "varint", "an unsigned integer of 32 bits";
        0x07 U64 "u64" live "varint", "an unsigned integer of 64 bits";
        0x08 U128 "u128" live "varint", "an unsigned integer of 128 bits";
        0x09 I8 "i8" live "one byte, two's complement", "a signed integer of 8 bits";
        0x0A I16 "i16" live "zigzag varint", "a signed integer of 16 bits";
        0x0B I32 "i32" live "zigzag varint", "a signed integer of 32 bits";
        0x0C I64 "i64" live "zigzag varint", "a signed integer of 64 bits";
        0x0D I128 "i128" live "zigzag varint", "a signed integer of 128 bits";
        0x0E F32 "f32" live "4 bytes, little endian", "an IEEE 754 binary32, every bit kept";
        0x0F F64 "f64" live "8 bytes, little endian", "an IEEE 754 binary64, every bit kept";
        0x10 STR "str" live "varint length in bytes, UTF-8", "text";
        0x11 OS_STR "os_str" live "varint length and form, bytes", "a path or another string of the operating system";
        0x12 U16_FIXED "u16_fixed" live "2 bytes, little endian", "a u16 of fixed width";
        0x13 U32_FIXED "u32_fixed" live "4 bytes, little endian", "a u32 of fixed width";
        0x14 U64_FIXED "u64_fixed" live "8 bytes, little endian", "a u64 of fixed width";
        0x15 U128_FIXED "u128_fixed" live "16 bytes, little endian", "a u128 of fixed width";
        0x16 I16_FIXED "i16_fixed" live "2 bytes, little endian", "an i16 of fixed width";
        0x17 I32_FIXED "i32_fixed" live "4 bytes, little endian", "an i32 of fixed width";
        0x18 I64_FIXED "i64_fixed" live "8 bytes, little endian", "an i64 of fixed width";
        0x19 I128_FIXED "i128_fixed" live "16 bytes, little endian", "an i128 of fixed width";
        0x1A VALUE "value" live "its type, then the value", "a value of any type, by itself";
        0x1B F16 "f16" reserved "2 bytes, little endian", "an IEEE 754 binary16, every bit kept";
        0x1C F128 "f128" reserved "16 bytes, little endian", "an IEEE 754 binary128, every bit kept";
    }
    Data {
        0x20 BACK_REFERENCE "back_reference" live "varint memo number", "a shared object met before";
        0x21 NEW "new" live "the object", "a shared object met for the first time; it takes the next memo number";
        0x23 NEW_CYCLIC "new_cyclic" live "the object", "as `new`; a weak reference to the object occurs inside it";
        0x25 NEW_STATEFUL "new_stateful" live "the object without its state", "as `new`; its state is queued";
        0x27 NEW_CYCLIC_STATEFUL "new_cyclic_stateful" live "the object without its state", "as `new_cyclic`; its state is queued";
        0x28 DANGLING "dangling" live "nothing", "a weak reference to nothing";
        0x29 STATES "states" live "the queued states", "the states of all stateful objects, after the root";
        0x2E STOP "stop" live "nothing", "the end of the value";
        0x30 COLUMNS "columns" live "varint length in bytes, blocks", "a list whose elements are stored field by field";
        0x31 ALIGNED "aligned" live "one byte, so many zeros, the elements", "a list in rows that begin at an aligned place";
        0x32 BUFFER "buffer" live "varint number of the buffer", "a list of numbers that lie outside of the stream";
    }
    Definition {
        0x40 RECORD "record" live "name, version, fields", "a struct";
        0x41 ENUM "enum" live "name, version, varint count, variants", "an enum; a value is the varint index of its variant, then the variant's fields";
        0x42 LIST "list" live "type", "a varint of twice the length, then the elements";
        0x43 MAP "map" live "key type, value type", "a varint of twice the length, then key and value in turn";
        0x44 OPTION "option" live "type", "one byte, 0 or 1; after 1 the value";
        0x45 TUPLE "tuple" live "varint count, types", "one value after the other";
        0x46 ARRAY "array" live "varint length, type", "as many values as the length says";
        0x47 SHARED "shared" live "type", "a shared object: `back_reference` or one of the `new`s";
        0x48 WEAK "weak" live "type", "a weak reference to a shared object: `dangling`, or as `shared`";
        0x49 DYN "dyn" live "name", "an object of any registered type that implements the trait of that name: its type, then the object";
        0x4A DISPATCH "dispatch" live "nothing", "a value of any type in the session's dispatch table: the type of its parts, then the parts";
        0x4B PERSISTENT "persistent" live "type", "an object that lives elsewhere, stored as its id";
        0x4C NAMED "named" live "name, type", "a registered type, by the name that it is registered under";
        0x4D CODED "coded" live "varint code, type", "a registered type, by the code that both sides have agreed on";
    }
}

/// The bit of a `new` that says that a weak reference to the object occurs inside it.
pub(crate) const CYCLIC: u8 = 0x02;
/// The bit of a `new` that says that the object's state is queued.
pub(crate) const STATEFUL: u8 = 0x04;

/// Whether a byte begins a shared object that was not met before.
#[inline]
pub(crate) fn is_new(mark: u8) -> bool {
    mark & !(CYCLIC | STATEFUL) == NEW
}

/// How many bytes each number has in a buffer, where the opcode is one of numbers.
pub(crate) fn width(code: u8) -> Option<usize> {
    match code {
        U8 | I8 => Some(1),
        U16 | I16 | U16_FIXED | I16_FIXED => Some(2),
        U32 | I32 | F32 | U32_FIXED | I32_FIXED => Some(4),
        U64 | I64 | F64 | U64_FIXED | I64_FIXED => Some(8),
        U128 | I128 | U128_FIXED | I128_FIXED => Some(16),
        _ => None,
    }
}

/// The opcode of the same values, where it stands for integers of fixed width; itself, where it does not.
pub(crate) fn plain(code: u8) -> u8 {
    match code {
        U16_FIXED => U16,
        U32_FIXED => U32,
        U64_FIXED => U64,
        U128_FIXED => U128,
        I16_FIXED => I16,
        I32_FIXED => I32,
        I64_FIXED => I64,
        I128_FIXED => I128,
        code => code,
    }
}

/// Whether numbers lie in the stream as they do in a buffer.
pub(crate) fn is_fixed(code: u8) -> bool {
    matches!(code, U8 | I8 | F32 | F64 | U16_FIXED..=I128_FIXED)
}

/// The opcode of a number.
pub(crate) fn find(code: u8) -> Option<&'static Opcode> {
    TABLE.iter().find(|row| row.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ascend_and_names_are_unique() {
        assert!(TABLE.windows(2).all(|pair| pair[0].code < pair[1].code));
        for row in TABLE {
            assert_eq!(
                TABLE.iter().filter(|other| other.name == row.name).count(),
                1,
                "{}",
                row.name
            );
        }
    }

    #[test]
    fn primitives_stay_below_the_first_definition() {
        for row in TABLE {
            let below = row.code < crate::program::FIRST_INDEX;
            assert_eq!(below, row.group != Group::Definition, "{}", row.name);
        }
    }
}
