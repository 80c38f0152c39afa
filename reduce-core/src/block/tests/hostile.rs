//! No bytes do harm: they are numbers, or an error, within the budget.

use super::{EFFORTS, budget, get_all, numbers, put_all, texts};
use crate::block::{
    Order, TextArena, TextEncoder, Word, get, get_bytes, get_texts, pass, pass_text,
};
use crate::error::ErrorKind;
use crate::limits::Budget;
use crate::read::Input;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Columns of each coding.
fn columns() -> Vec<Vec<u64>> {
    let random = || numbers(7);
    let mut columns = Vec::from([
        Vec::from([7; 20]),
        (100..130).collect(),
        random().zip(0..60).map(|(n, k)| k * 50 + n % 8).collect(),
        random().take(80).map(|n| [0, u64::MAX, 1 << 40][n as usize % 3]).collect(),
        random().take(5).flat_map(|n| [n; 9]).collect(),
        random().take(20).collect(),
    ]);
    for width in [1, 3, 7, 8, 12, 16, 20, 32, 40, 60] {
        columns.push(random().take(21).map(|n| n >> (64 - width)).collect());
        columns.push(random().take(21).map(|n| (n >> (64 - width)) + 99).collect());
    }
    columns
}

/// Reads these bytes, the beginnings of them, and those that differ in a bit, or in all of their first.
fn assert_harmless(bytes: &[u8], read: impl Fn(&[u8]) -> bool) {
    assert!(read(bytes));
    for end in 0..bytes.len() {
        assert!(!read(&bytes[..end]), "{end} of {bytes:?}");
    }
    let mut changed = bytes.to_vec();
    for at in 0..bytes.len() {
        let every = (1..=u8::MAX).filter(|change| at == 0 || change.is_power_of_two());
        for change in every {
            changed[at] = bytes[at] ^ change;
            read(&changed);
        }
        changed[at] = bytes[at];
    }
}

#[test]
#[allow(clippy::cast_possible_truncation)]
fn changed_numbers_are_numbers_or_an_error() {
    fn check<W: Word>(values: &[W]) {
        for effort in EFFORTS {
            for order in [Order::Unsigned, Order::Signed] {
                let bytes = put_all(values, order, effort);
                assert_harmless(&bytes, |bytes| get_all::<W>(values.len(), order, bytes).is_ok());
            }
        }
    }
    for column in columns() {
        check(&column.iter().map(|value| *value as u8).collect::<Vec<_>>());
        check(&column.iter().map(|value| *value as u16).collect::<Vec<_>>());
        check(&column.iter().map(|value| *value as u32).collect::<Vec<_>>());
        check(&column);
        check(&column.iter().map(|value| u128::from(*value) << 30).collect::<Vec<_>>());
    }
}

#[test]
fn changed_texts_are_texts_or_an_error() {
    let texts: Vec<String> = numbers(7).take(30).map(|n| format!("é{}", n % 1000)).collect();
    let repeated = [&texts[..], &texts, &texts].concat();
    for texts in [&texts[..], &repeated, &[String::new()]] {
        for effort in EFFORTS {
            let (mut encoder, mut bytes) = (TextEncoder::default(), Vec::new());
            encoder.extend(texts.iter().map(|text| text.as_bytes()));
            encoder.finish(effort, &mut bytes);
            assert_harmless(&bytes, |bytes| texts::get_all(texts.len(), bytes).is_ok());
        }
    }
}

/// Each first byte of a block, with a count that no memory holds: an error, and nothing is reserved beyond the budget.
#[test]
fn no_count_is_too_large() {
    fn check<W: Word>() {
        for count in [1 << 31, 1 << 32, 1 << 60, usize::MAX / 8, usize::MAX] {
            for header in 0..=u8::MAX {
                for rest in [[0u8; 24], [1; 24], [0x7f; 24], [0xff; 24]] {
                    let bytes = [&[header][..], &rest].concat();
                    let (mut out, mut left) = (Vec::new(), Budget { bytes: 1 << 16, ..budget() });
                    let error = get::<W>(
                        count,
                        Order::Signed,
                        &mut Input::new(&bytes),
                        &mut left,
                        &mut out,
                    );
                    assert!(error.is_err(), "{header} {count}");
                    assert!(out.capacity() * size_of::<W>() <= 2 << 16, "{header} {count}");
                    let _ = pass::<W>(count, &mut Input::new(&bytes));
                    let _ = pass_text(count, &mut Input::new(&bytes));
                    let mut arena = TextArena::default();
                    let (mut input, mut texts) = (Input::new(&bytes), Vec::new());
                    assert!(get_bytes(count, &mut input.clone(), &mut left, &mut arena).is_err());
                    let got = get_texts(count, &mut input, &mut left, &mut arena, &mut texts);
                    assert!(got.is_err());
                }
            }
        }
    }
    check::<u8>();
    check::<u16>();
    check::<u32>();
    check::<u64>();
    check::<u128>();
}

#[test]
fn what_unfolds_is_taken_from_the_budget() {
    for column in columns() {
        for effort in EFFORTS {
            let bytes = put_all(&column, Order::Unsigned, effort);
            let size = size_of_val(column.as_slice());
            let mut left = Budget { bytes: size - 1, ..budget() };
            let (mut input, mut out) = (Input::new(&bytes), Vec::new());
            let error = get::<u64>(column.len(), Order::Unsigned, &mut input, &mut left, &mut out);
            assert_eq!(error.unwrap_err().kind(), ErrorKind::Limit);
        }
    }
}

#[test]
fn a_step_is_a_float_with_all_of_its_bits() {
    // 2 to the powers of 128 and of -127, and some more than that.
    for exponent in [&[0x80, 0x02][..], &[0xfd, 0x01], &[0xff; 9]] {
        let bytes = [&[0x84], exponent, &[0x01, 0, 0, 0]].concat();
        let error = get_all::<u32>(2, Order::Float, &bytes).unwrap_err().to_string();
        assert!(error.contains("is no float") || error.contains("varint"), "{error}");
    }
}

/// What reading so many bytes, or numbers of 16 bits, says.
fn message(count: usize, order: Order, bytes: &[u8]) -> String {
    get_all::<u16>(count, order, bytes).unwrap_err().to_string()
}

#[test]
fn errors_say_what_is_wrong_and_where() {
    use Order::{Signed, Unsigned};
    let cases: [(usize, Order, &[u8], &str, usize); 16] = [
        (4, Unsigned, &[0x84], "a coding that there is not", 0),
        (4, Unsigned, &[0x10], "a coding that there is not", 0),
        (4, Unsigned, &[0x83, 0, 0, 0, 0], "a coding that there is not", 0),
        (4, Unsigned, &[0x00, 0x80, 0x80, 0x04], "too wide for its column", 1),
        (4, Unsigned, &[0x41, 0, 0], "a base of zero", 0),
        (3, Unsigned, &[0x02, 0xff], "the last bits", 2),
        (2, Unsigned, &[0x42, 0xfe, 0xff, 0x03, 0b1000], "exceeds what its column can hold", 0),
        (2, Signed, &[0x42, 0xfc, 0xff, 0x03, 0b1000], "exceeds what its column can hold", 0),
        (1, Unsigned, &[0x80, 0], "has one number", 1),
        (2, Unsigned, &[0x80, 0, 0x80, 0, 0], "a coding that there is not", 2),
        (4, Unsigned, &[0x81, 1, 0x01, 0b10, 0x02, 0b10], "its dictionary has not", 2),
        (4, Unsigned, &[0x82, 0, 0, 0], "no run", 1),
        (4, Unsigned, &[0x82, 5, 0, 0, 0, 0], "more of them", 1),
        (4, Unsigned, &[0x82, 2, 0, 7, 0, 1], "the same number", 1),
        (4, Unsigned, &[0x82, 2, 1, 0b10, 0, 2], "not as long as its column", 1),
        (4, Unsigned, &[0x82, 2, 1, 0b10, 0x49, 1, 0], "the bytes end", 7),
    ];
    for (count, order, bytes, says, at) in cases {
        let error = message(count, order, bytes);
        assert!(error.contains(says), "{bytes:x?}: {error}");
        assert!(error.contains(&format!("byte {at}")), "{bytes:x?}: {error}");
    }
}

#[test]
fn lengths_of_runs_that_overflow_are_an_error() {
    let mut bytes = [0x82, 2, 1, 0b10, 0x40].to_vec();
    bytes.extend([u64::MAX, 3].map(u64::to_le_bytes).concat());
    assert!(message(4, Order::Unsigned, &bytes).contains("not as long as its column"));
}
