//! The bytes of each coding, one by one.

use super::{get_all, put_all, texts};
use crate::block::{Effort, Order, TextEncoder, Word};
use alloc::vec::Vec;

/// Numbers are written as these bytes, the small way, and read from them.
fn assert_bytes<W: Word>(values: &[W], order: Order, bytes: &[u8]) {
    assert_eq!(put_all(values, order, Effort::Small), bytes, "{values:?}");
    assert_eq!(get_all::<W>(values.len(), order, bytes).unwrap(), values);
}

#[test]
fn a_constant_is_one_number_of_variable_length() {
    assert_bytes(&[300u32; 1000], Order::Unsigned, &[0x00, 0xac, 0x02]);
    // Zigzagged: -1 is 1.
    assert_bytes(&[u16::MAX; 1000], Order::Signed, &[0x00, 0x01]);
}

#[test]
#[allow(clippy::unusual_byte_groupings)] // a group is a number, or a part of one
fn packed_numbers_begin_at_the_lowest_bits() {
    // 101, 110, 011, 000, 001, 100, 010, 111 and 001, of three bits each.
    let bytes = [0x03, 0b11_110_101, 0b0_001_000_0, 0b111_010_10, 0b001];
    assert_bytes(&[5u8, 6, 3, 0, 1, 4, 2, 7, 1], Order::Unsigned, &bytes);
}

#[test]
fn a_base_is_what_all_numbers_exceed() {
    // Two bits each; -3 as the base.
    let values = [-3i32, -2, -1, 0, -3, -2, -1, 0].map(i32::cast_unsigned);
    assert_bytes(&values, Order::Signed, &[0x42, 0x05, 0b1110_0100, 0b1110_0100]);
}

#[test]
fn raw_numbers_are_little_endian() {
    let values = [0x0123_4567u32, 0xfedc_ba98];
    assert_bytes(&values, Order::Unsigned, &[0x40, 0x67, 0x45, 0x23, 0x01, 0x98, 0xba, 0xdc, 0xfe]);
}

#[test]
fn differences_are_a_block_of_signed_numbers_behind_the_first() {
    // 16 numbers, each 10 more than the one before: from 1000, a constant of 10, zigzagged.
    let values: Vec<u64> = (0..16).map(|k| 1000 + 10 * k).collect();
    assert_bytes(&values, Order::Unsigned, &[0x80, 0xe8, 0x07, 0x00, 20]);
}

#[test]
fn runs_are_numbers_and_how_many_more_there_are_of_each() {
    let values = [[70_000u32; 9], [5; 9]].concat();
    // Two runs: numbers of 17 bits, and lengths that are all one more than 8.
    let bytes = [0x82, 2, 0x11, 0x70, 0x11, 0x0b, 0x00, 0x00, 0x00, 8];
    assert_bytes(&values, Order::Unsigned, &bytes);
}

#[test]
fn a_dictionary_is_its_numbers_and_their_places() {
    let values: Vec<u64> = [0, 1, 1, 0, 1, 0, 0, 1].map(|k| [1 << 40, u64::MAX][k]).repeat(8);
    let mut bytes = [0x81, 1, 0x40].to_vec();
    bytes.extend([1u64 << 40, u64::MAX].map(u64::to_le_bytes).concat());
    bytes.push(0x01);
    bytes.extend([0b1001_0110; 8]);
    assert_bytes(&values, Order::Unsigned, &bytes);
}

#[test]
fn floats_are_whole_numbers_times_a_power_of_two() {
    // 0.25 times -2, -1, 0 and 1.
    let values = [-0.5f32, -0.25, 0.0, 0.25].map(f32::to_bits).repeat(4);
    let bytes = [0x84, 0x03, 0x42, 0x03, 0b1110_0100, 0b1110_0100, 0b1110_0100, 0b1110_0100];
    assert_bytes(&values, Order::Float, &bytes);
}

#[test]
fn numbers_of_128_bits_are_their_halves() {
    let values = [1u128 << 64 | 7, 1 << 64 | 7];
    assert_bytes(&values, Order::Unsigned, &[0x83, 0x00, 1, 0x00, 7]);
}

#[test]
fn no_numbers_take_no_bytes() {
    assert_bytes::<u8>(&[], Order::Unsigned, &[]);
    assert_bytes::<u64>(&[], Order::Signed, &[]);
    assert_bytes::<u128>(&[], Order::Signed, &[]);
}

/// Texts are written as these bytes and read from them.
fn assert_text_bytes(written: &[&str], bytes: &[u8]) {
    let (mut encoder, mut out) = (TextEncoder::default(), Vec::new());
    encoder.extend(written.iter().map(|text| text.as_bytes()));
    encoder.finish(Effort::Fast, &mut out);
    assert_eq!(out, bytes);
    assert_eq!(texts::get_all(written.len(), bytes).unwrap(), written);
}

#[test]
fn texts_are_bytes_and_lengths() {
    assert_text_bytes(&["a", "", "bcd"], &[0x00, 4, b'a', b'b', b'c', b'd', 0x02, 0b11_00_01]);
}

#[test]
fn texts_that_repeat_are_texts_and_places() {
    let bytes = [0x01, 1, 3, b'n', b'o', b'p', 0x02, 0b01_10, 0x01, 0b1010];
    assert_text_bytes(&["no", "p", "no", "p"], &bytes);
}
