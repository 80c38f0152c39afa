//! Headers, tables and names in forms that a dump does not write.

use crate::FIRST;
use crate::corpus::Tree;
use crate::stream::Stream;
use reduce_core::opcode;
use reduce_core::{ErrorKind, disassemble, from_slice};

#[test]
fn other_format_versions_and_flags_are_unsupported_and_are_shown() {
    let sound = reduce_core::to_vec(&5u8).unwrap();
    for (at, bytes) in [(3, [0u8, 2, 255]), (4, [1, 2, 128])] {
        for byte in bytes {
            let mut stream = sound.clone();
            stream[at] = byte;
            assert_eq!(from_slice::<u8>(&stream).unwrap_err().kind(), ErrorKind::Unsupported);
            let shown = disassemble(&stream).unwrap();
            assert_eq!(shown.error().unwrap().kind(), ErrorKind::Unsupported);
            assert_eq!(shown.instructions()[at - 2].operand, byte.to_string());
        }
    }
}

#[test]
fn a_long_length_that_a_short_one_could_say_is_malformed() {
    let mut stream = vec![0x8F, b'R', b'D', 1, 0, 255, 255, 255, 255];
    stream.extend(4u64.to_le_bytes());
    stream.extend([2, 0, opcode::UNIT, opcode::STOP]);
    assert_eq!(from_slice::<()>(&stream).unwrap_err().kind(), ErrorKind::Malformed);
    assert_eq!(disassemble(&stream).unwrap().error().unwrap().kind(), ErrorKind::Malformed);
}

#[test]
fn bytes_behind_the_definitions_are_malformed() {
    let mut block = vec![0, opcode::U8, 0];
    block.insert(0, block.len() as u8);
    let stream = Stream::of_block(&block, &[7]);
    let shown = disassemble(&stream.bytes()).unwrap();
    assert_eq!(shown.error().unwrap().kind(), ErrorKind::Malformed, "{shown}");
    assert_eq!(from_slice::<u8>(&stream.bytes()).unwrap_err().kind(), ErrorKind::Malformed);
}

#[test]
fn names_that_would_act_on_a_terminal_are_escaped_in_errors_and_disassemblies() {
    let name = "\u{1B}[2J\u{202E}";
    let field = [&[name.len() as u8][..], name.as_bytes()].concat();
    let record = [&[opcode::RECORD][..], &field, &[0, 1 << 2 | 1], &field, &[opcode::U8]].concat();
    let doubled =
        [&[opcode::RECORD][..], &field, &[0, 2 << 2 | 1], &field, &[1], &field, &[1]].concat();
    for (definition, error) in [(record, false), (doubled, true)] {
        let stream = Stream::new(&[&definition], u64::from(FIRST), &[1]).bytes();
        let shown = disassemble(&stream).unwrap();
        assert_eq!(shown.error().is_some(), error);
        assert!(shown.to_string().contains("u{1b}"), "{shown}");
        let refused = from_slice::<Tree>(&stream).unwrap_err();
        for text in [shown.to_string(), format!("{refused:#}"), format!("{shown:?}")] {
            let acts = |c: char| c == '\u{1B}' || c == '\u{202E}';
            assert!(!text.contains(acts), "{text:?}");
        }
    }
}
