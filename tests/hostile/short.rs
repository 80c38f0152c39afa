//! Messages with a fingerprint, with something changed: a load and a disassembly that knows the program agree.

use crate::corpus;
use reduce_core::{Error, ErrorKind};

#[test]
fn every_short_message_loads_to_its_value() {
    for case in corpus::all() {
        assert!((case.same)(&case.short), "{}", case.name);
        assert_eq!((case.again)(&case.short).unwrap(), case.bytes, "{}", case.name);
        assert_eq!((case.checked)(&case.short).unwrap(), case.bytes, "{}", case.name);
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
