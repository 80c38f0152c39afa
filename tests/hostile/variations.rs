//! Sound streams with something changed: cut, a bit flipped, a byte replaced, removed or doubled.

use crate::HEADER;
use crate::corpus::{self, Case};
use reduce_core::{ErrorKind, disassemble};

/// The kinds of errors that say that the bytes themselves are broken, whatever type is asked for.
fn of_bytes(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotAStream
            | ErrorKind::Unsupported
            | ErrorKind::UnexpectedEnd
            | ErrorKind::TrailingBytes
            | ErrorKind::Malformed
    )
}

/// Loads and disassembles; the two must agree.
fn survives(case: &Case, bytes: &[u8]) {
    let shown = disassemble(bytes);
    let sound = shown.as_ref().is_ok_and(|shown| shown.error().is_none());
    let loaded = (case.again)(bytes);
    // With a check of the whole stream in front.
    let checked = (case.checked)(bytes);
    assert_eq!(checked.as_ref().ok(), loaded.as_ref().ok(), "{} from {bytes:02x?}", case.name);
    match loaded {
        Ok(again) => {
            assert!(sound, "{} loads from {bytes:02x?}, but:\n{}", case.name, shown.unwrap());
            // A value once more, and then for ever the same bytes.
            assert_eq!((case.again)(&again).unwrap(), again, "{}", case.name);
        }
        Err(error) if of_bytes(error.kind()) => {
            assert!(!sound, "{} from {bytes:02x?}: {error}\n{}", case.name, shown.unwrap());
        }
        Err(_) => {}
    }
    if let Ok(shown) = shown {
        let text = shown.to_string();
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }
}

#[test]
fn every_prefix_of_every_golden_stream_is_an_error() {
    for case in corpus::all() {
        for length in 0..case.bytes.len() {
            let prefix = &case.bytes[..length];
            let error = (case.again)(prefix).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{} {length}: {error}", case.name);
            match disassemble(prefix) {
                Ok(shown) => {
                    let kind = shown.error().unwrap().kind();
                    assert_eq!(kind, ErrorKind::UnexpectedEnd, "{} {length}:\n{shown}", case.name);
                    let end =
                        shown.instructions().last().map_or(0, |line| line.offset + line.length);
                    assert!(end <= length);
                }
                Err(error) => assert_eq!((length, error.kind()), (0, ErrorKind::UnexpectedEnd)),
            }
        }
    }
}

/// Cut short, and the header's length made to fit: so the truncation is met where the value is read.
#[test]
fn every_prefix_with_a_header_that_fits_is_an_error() {
    for case in corpus::all() {
        for length in HEADER..case.bytes.len() {
            let mut prefix = case.bytes[..length].to_vec();
            prefix[HEADER - 4..HEADER].copy_from_slice(&((length - HEADER) as u32).to_le_bytes());
            let error = (case.again)(&prefix).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{} {length}: {error}", case.name);
            let shown = disassemble(&prefix).unwrap();
            assert_eq!(shown.error().unwrap().kind(), ErrorKind::UnexpectedEnd, "{shown}");
        }
    }
}

#[test]
fn every_flipped_bit_is_a_value_or_an_error() {
    for case in corpus::all() {
        for at in 0..case.bytes.len() {
            for bit in 0..8 {
                let mut bytes = case.bytes.clone();
                bytes[at] ^= 1 << bit;
                survives(&case, &bytes);
            }
        }
    }
}

#[test]
fn every_byte_of_every_value_is_a_value_or_an_error() {
    let mut cases = corpus::all();
    // A mix of kinds: the ones with the most definitions for their size come with the records.
    cases.retain(|case| case.bytes.len() <= MOST_SWEPT);
    cases.sort_by_key(|case| std::cmp::Reverse(case.bytes.len()));
    cases.truncate(SWEPT);
    assert_eq!(cases.len(), SWEPT);
    for case in cases {
        for at in 0..case.bytes.len() {
            for byte in 0..=255 {
                let mut bytes = case.bytes.clone();
                bytes[at] = byte;
                survives(&case, &bytes);
            }
        }
    }
}

/// Streams whose bytes all take every value.
const SWEPT: usize = 20;
/// The longest of them: a debug build sweeps this in seconds.
const MOST_SWEPT: usize = 40;

#[test]
fn a_removed_or_doubled_byte_is_a_value_or_an_error() {
    for case in corpus::all() {
        for at in 0..case.bytes.len() {
            let mut removed = case.bytes.clone();
            let byte = removed.remove(at);
            survives(&case, &removed);
            let mut doubled = case.bytes.clone();
            doubled.insert(at, byte);
            survives(&case, &doubled);
        }
    }
}

#[test]
fn trailing_bytes_are_errors_inside_and_behind_a_stream() {
    for case in corpus::all() {
        let mut behind = case.bytes.clone();
        behind.push(0);
        assert_eq!((case.again)(&behind).unwrap_err().kind(), ErrorKind::TrailingBytes);
        assert_eq!(disassemble(&behind).unwrap().error().unwrap().kind(), ErrorKind::TrailingBytes);
        let length = u32::from_le_bytes(behind[HEADER - 4..HEADER].try_into().unwrap());
        behind[HEADER - 4..HEADER].copy_from_slice(&(length + 1).to_le_bytes());
        assert_eq!((case.again)(&behind).unwrap_err().kind(), ErrorKind::TrailingBytes);
        assert_eq!(disassemble(&behind).unwrap().error().unwrap().kind(), ErrorKind::TrailingBytes);
    }
}
