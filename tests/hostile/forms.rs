//! Headers, tables and names in forms that a dump does not write.

use crate::FIRST;
use crate::corpus::Tree;
use crate::stream::Stream;
use reduce_core::opcode;
use reduce_core::{ErrorKind, disassemble, from_slice};
use std::collections::{BTreeMap, HashMap};

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

#[test]
fn a_dictionary_of_a_column_has_every_number_that_is_named() {
    let stream = |named: u8| {
        // Two numbers, and which of them each of three rows has.
        let column = [0x81, 1, 0x40, 5, 0, 6, 0, 0x40, 0, 1, named];
        let data = [&[3 << 1 | 1, opcode::COLUMNS, column.len() as u8][..], &column].concat();
        Stream::new(&[&[opcode::LIST, opcode::U16]], u64::from(FIRST), &data).bytes()
    };
    assert_eq!(from_slice::<Vec<u16>>(&stream(1)).unwrap(), [5, 6, 6]);
    assert_eq!(from_slice::<Vec<u16>>(&stream(2)).unwrap_err().kind(), ErrorKind::Malformed);
}

#[test]
fn a_column_of_options_holds_as_many_as_it_says() {
    let stream = |count: u8, held: &[u8]| {
        let column = [&[count, 0x40, 1, 0][..], held].concat();
        let data = [&[2 << 1 | 1, opcode::COLUMNS, column.len() as u8][..], &column].concat();
        let definitions: [&[u8]; 2] = [&[opcode::LIST, FIRST + 1], &[opcode::OPTION, opcode::U8]];
        Stream::new(&definitions, u64::from(FIRST), &data).bytes()
    };
    assert_eq!(from_slice::<Vec<Option<u8>>>(&stream(1, &[0, 7])).unwrap(), [Some(7), None]);
    for (count, held) in [(0, &[][..]), (2, &[0, 7])] {
        let refused = from_slice::<Vec<Option<u8>>>(&stream(count, held)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Malformed, "{count}");
    }
}

#[test]
fn a_key_that_occurs_twice_in_a_map_is_an_error() {
    let definition: &[u8] = &[opcode::MAP, opcode::U8, opcode::U8];
    let stream =
        |second| Stream::new(&[definition], u64::from(FIRST), &[2 << 1, 1, 7, second, 8]).bytes();
    assert_eq!(from_slice::<BTreeMap<u8, u8>>(&stream(2)).unwrap().len(), 2);
    assert!(from_slice::<BTreeMap<u8, u8>>(&stream(1)).is_err());
    assert!(from_slice::<HashMap<u8, u8>>(&stream(1)).is_err());
}
