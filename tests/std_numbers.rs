//! Numbers, `bool`, `char`, `()` and the types that wrap numbers.

mod round_trip;

use proptest::prelude::*;
use reduce_core::ErrorKind;
use round_trip::{check, claim, copied, refusal, same_bytes, stored_as, varint};
use std::cmp::Reverse;
use std::marker::PhantomData;
use std::num::{NonZero, Saturating, Wrapping};
use std::sync::atomic::*;

macro_rules! integers {
    ($($test:ident $int:ident $($atomic:ident)?;)*) => {
        proptest! {$(
            #[test]
            fn $test(value: $int) {
                for value in [value, 0, 1, $int::MIN, $int::MAX] {
                    check(&value);
                    check(&Wrapping(value));
                    check(&Saturating(value));
                    check(&Reverse(value));
                    same_bytes(&value, &Wrapping(value));
                    same_bytes(&value, &Saturating(value));
                    same_bytes(&value, &Reverse(value));
                    $(
                        same_bytes(&value, &$atomic::new(value));
                        prop_assert_eq!(copied(&$atomic::new(value)).into_inner(), value);
                    )?
                    match NonZero::new(value) {
                        Some(non_zero) => {
                            check(&non_zero);
                            same_bytes(&value, &non_zero);
                        }
                        None => {
                            let bytes = reduce_core::to_vec(&[[value]]).unwrap();
                            let (kind, path, text) = refusal::<[[NonZero<$int>; 1]; 1]>(&bytes);
                            prop_assert_eq!((kind, path.as_str()), (ErrorKind::InvalidValue, "[0][0]"));
                            prop_assert!(text.contains("a zero for a type that excludes it"), "{}", text);
                        }
                    }
                }
            }
        )*}
    };
}

integers! {
    u8_keeps_every_value u8 AtomicU8;
    u16_keeps_every_value u16 AtomicU16;
    u32_keeps_every_value u32 AtomicU32;
    u64_keeps_every_value u64 AtomicU64;
    u128_keeps_every_value u128;
    usize_keeps_every_value usize AtomicUsize;
    i8_keeps_every_value i8 AtomicI8;
    i16_keeps_every_value i16 AtomicI16;
    i32_keeps_every_value i32 AtomicI32;
    i64_keeps_every_value i64 AtomicI64;
    i128_keeps_every_value i128;
    isize_keeps_every_value isize AtomicIsize;
}

proptest! {
    #[test]
    fn f32_keeps_every_bit(bits: u32) {
        prop_assert_eq!(copied(&f32::from_bits(bits)).to_bits(), bits);
        prop_assert_eq!(copied(&Wrapping(f32::from_bits(bits))).0.to_bits(), bits);
    }

    #[test]
    fn f64_keeps_every_bit(bits: u64) {
        prop_assert_eq!(copied(&f64::from_bits(bits)).to_bits(), bits);
    }

    #[test]
    fn chars_and_bools_come_back(c: char, b: bool) {
        check(&c);
        check(&b);
        same_bytes(&b, &AtomicBool::new(b));
        prop_assert_eq!(copied(&AtomicBool::new(b)).into_inner(), b);
    }

    #[test]
    fn bulk_and_single_numbers_agree(bytes: Vec<u8>) {
        let wrapped: Vec<Wrapping<u8>> = stored_as(&bytes);
        prop_assert_eq!(wrapped.iter().map(|byte| byte.0).collect::<Vec<_>>(), bytes.clone());
        same_bytes(&bytes, &wrapped);
    }
}

#[test]
fn special_floats_keep_every_bit() {
    for bits in [
        (-0.0f32).to_bits(),
        f32::NAN.to_bits(),
        0x7F80_0001, // a signalling NaN
        0xFFC0_1234, // a quiet one with sign and payload
        f32::NEG_INFINITY.to_bits(),
        1, // the smallest subnormal
    ] {
        assert_eq!(copied(&f32::from_bits(bits)).to_bits(), bits, "{bits:#x}");
    }
    for bits in [
        (-0.0f64).to_bits(),
        f64::NAN.to_bits(),
        0x7FF0_0000_0000_0001,
        0xFFF8_0000_DEAD_BEEF,
        f64::INFINITY.to_bits(),
        1,
    ] {
        assert_eq!(copied(&f64::from_bits(bits)).to_bits(), bits, "{bits:#x}");
    }
}

#[test]
fn unit_and_phantom_data_take_no_bytes() {
    struct NeitherReducedNorSized([u8]);
    let _ = |unsized_one: &NeitherReducedNorSized| unsized_one.0.len();
    check(&());
    check(&PhantomData::<fn(&str)>);
    same_bytes(&(), &PhantomData::<NeitherReducedNorSized>);
    assert_eq!(copied(&(1u8, PhantomData::<str>, 2u8)), (1, PhantomData, 2));
}

#[test]
fn char_bounds_are_kept() {
    for c in ['\0', '\u{D7FF}', '\u{E000}', char::MAX] {
        check(&c);
    }
    for scalar in [0xD800, 0xDFFF, 0x11_0000, u64::MAX] {
        assert_eq!(refusal::<char>(&claim::<char>(&varint(scalar))).0, ErrorKind::Malformed);
    }
}

#[test]
fn integers_beyond_their_width_are_refused() {
    assert_eq!(refusal::<u16>(&claim::<u16>(&varint(1 << 16))).0, ErrorKind::Malformed);
    assert_eq!(refusal::<u32>(&claim::<u32>(&varint(1 << 32))).0, ErrorKind::Malformed);
    // The zigzag of 2^15.
    assert_eq!(refusal::<i16>(&claim::<i16>(&varint(1 << 16))).0, ErrorKind::Malformed);
    assert_eq!(refusal::<bool>(&claim::<bool>(&[2])).0, ErrorKind::Malformed);
    assert_eq!(refusal::<AtomicBool>(&claim::<bool>(&[7])).0, ErrorKind::Malformed);
}

#[test]
fn overlong_numbers_are_refused() {
    assert_eq!(refusal::<u64>(&claim::<u64>(&[0x80, 0x00])).0, ErrorKind::Malformed);
    assert_eq!(refusal::<u128>(&claim::<u128>(&[0xFF, 0x80, 0x00])).0, ErrorKind::Malformed);
    assert_eq!(refusal::<NonZero<i64>>(&claim::<i64>(&[0xFF; 10])).0, ErrorKind::Malformed);
}
