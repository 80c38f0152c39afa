//! Messages with a fingerprint, with something changed: a load and a disassembly that knows the program agree.

use crate::corpus::{self, Case};
use reduce_core::{Disassembler, Error, ErrorKind};

/// The first byte, a length of one byte and the fingerprint.
const HEADER: usize = 10;

/// Loads and disassembles; the two must agree.
fn survives(case: &Case, bytes: &[u8], disassembler: &Disassembler) {
    let shown = disassembler.disassemble(bytes);
    let sound = shown.as_ref().is_ok_and(|shown| shown.error().is_none());
    let loaded = (case.again)(bytes);
    assert_eq!((case.checked)(bytes).ok(), loaded.as_ref().ok().cloned(), "{}", case.name);
    match loaded {
        Ok(_) => assert!(sound, "{} loads from {bytes:02x?}, but:\n{}", case.name, shown.unwrap()),
        Err(error) => {
            // What stands in the bytes may be a sound value of another type.
            let of_value = matches!(
                error.kind(),
                ErrorKind::TypeMismatch | ErrorKind::InvalidValue | ErrorKind::Limit
            );
            assert!(of_value || !sound, "{} from {bytes:02x?}: {error}", case.name);
        }
    }
}

#[test]
fn every_short_message_loads_to_its_value() {
    for case in corpus::all() {
        assert!((case.same)(&case.short), "{}", case.name);
        assert_eq!((case.again)(&case.short).unwrap(), case.bytes, "{}", case.name);
        assert_eq!((case.checked)(&case.short).unwrap(), case.bytes, "{}", case.name);
    }
}

#[test]
fn every_prefix_of_a_short_message_is_an_error() {
    let disassembler = corpus::disassembler();
    for case in corpus::all() {
        for length in 0..case.short.len() {
            let prefix = &case.short[..length];
            let error = (case.again)(prefix).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{} {length}: {error}", case.name);
            if length > 0 {
                let shown = disassembler.disassemble(prefix).unwrap();
                let kind = shown.error().map(Error::kind);
                assert_eq!(kind, Some(ErrorKind::UnexpectedEnd), "{shown}");
            }
        }
        // With a length that fits, the truncation is met where the value is read.
        for length in HEADER..case.short.len().min(HEADER + 0x7F) {
            let mut prefix = case.short[..length].to_vec();
            if prefix[1] >= 0x80 {
                continue;
            }
            prefix[1] = (length - HEADER) as u8;
            let error = (case.again)(&prefix).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{} {length}: {error}", case.name);
        }
    }
}

#[test]
fn every_flipped_bit_of_a_short_message_is_a_value_or_an_error() {
    let disassembler = corpus::disassembler();
    for case in corpus::all() {
        for at in 0..case.short.len() {
            for bit in 0..8 {
                let mut bytes = case.short.clone();
                bytes[at] ^= 1 << bit;
                survives(&case, &bytes, &disassembler);
            }
        }
    }
}

#[test]
fn other_forms_of_the_short_header_are_unsupported() {
    let disassembler = corpus::disassembler();
    let message = corpus::all().into_iter().find(|case| case.name == "u32").unwrap();
    for first in 0xB0..=0xBF {
        let mut bytes = message.short.clone();
        bytes[0] = first;
        let kind = (message.again)(&bytes).err().map(|error| error.kind());
        let shown = disassembler.disassemble(&bytes).unwrap();
        assert_eq!(shown.error().map(Error::kind), kind, "{first:02x}: {shown}");
        match first {
            0xB1 => assert_eq!(kind, None),
            // Codes or objects ahead of the value: 300 of them, and then the bytes end.
            0xB5 | 0xB9 | 0xBD => assert_eq!(kind, Some(ErrorKind::UnexpectedEnd)),
            _ => assert_eq!(kind, Some(ErrorKind::Unsupported), "{first:02x}"),
        }
    }
}

#[test]
fn bytes_behind_a_short_message_are_errors_inside_and_behind_it() {
    let disassembler = corpus::disassembler();
    for case in corpus::all().iter().filter(|case| case.short[1] < 0x7F) {
        let mut bytes = [&case.short[..], &[0]].concat();
        for length in [bytes[1], bytes[1] + 1] {
            bytes[1] = length;
            let error = (case.again)(&bytes).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::TrailingBytes, "{}: {error}", case.name);
            let shown = disassembler.disassemble(&bytes).unwrap();
            assert_eq!(shown.error().map(Error::kind), Some(ErrorKind::TrailingBytes), "{shown}");
        }
    }
}
