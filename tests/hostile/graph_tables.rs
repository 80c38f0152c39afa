//! The definitions of object graphs: streams for every rule, and for each way to break it.

use crate::FIRST;
use crate::graphs::{MALFORMED, holds, place};
use crate::stream::{Stream, named, record, varint};
use reduce_core::opcode::*;
use reduce_core::{ErrorKind, disassemble};

#[test]
fn state_fields_are_a_second_list_with_names_of_their_own() {
    let field = |name: u8, of| [1, name, of];
    let head = |rest: &[u8]| [&[RECORD, 1, b'R', 0][..], rest].concat();
    let list = |head: u8, fields: &[[u8; 3]]| [&[head][..], &fields.concat()].concat();
    let both = |kept: Vec<u8>, state: Vec<u8>| {
        Stream::new(&[&head(&[kept, state].concat())], place(0), &[1, 2])
    };
    let (a, b) = (field(b'a', U8), field(b'b', U8));
    let kept = || list(1 << 2 | 3, &[a]);
    holds(
        vec![
            ("a kept and a state field", both(kept(), list(1 << 2 | 1, &[b])), Ok(())),
            ("without names", both(vec![1 << 2 | 2, U8], vec![1 << 2, U8]), Ok(())),
            ("state fields only", both(vec![2], list(2 << 2 | 1, &[a, b])), Ok(())),
            (
                "a state of the state",
                both(kept(), list(1 << 2 | 3, &[b])),
                Err("state fields have no state"),
            ),
            ("an empty state", both(kept(), vec![1]), Err("a state without fields")),
            (
                "a name in both lists",
                both(kept(), list(1 << 2 | 1, &[a])),
                Err("the field `a` is defined twice"),
            ),
            (
                "a name twice in the state",
                both(vec![2], list(2 << 2 | 1, &[a, a])),
                Err("the field `a` is defined twice"),
            ),
            (
                "a variant with a state",
                Stream::new(
                    &[&[ENUM, 1, b'E', 0, 1, 1, b'A', 1 << 2 | 2, U8, 1 << 2, U8]],
                    place(0),
                    &[0, 1, 2],
                ),
                Err("a variant of an enum has state fields"),
            ),
        ],
        MALFORMED,
    );
}

#[test]
fn state_fields_without_names_go_on_counting() {
    let record = [RECORD, 1, b'R', 0, 1 << 2 | 2, U8, 1 << 2, U8];
    let shown = disassemble(&Stream::new(&[&record], place(0), &[1, 2]).bytes()).unwrap();
    let steps: Vec<_> = shown.instructions().iter().filter(|line| line.opcode == "u8").collect();
    assert_eq!([&steps[0].step, &steps[1].step], ["0", "1"], "{shown}");
}

#[test]
fn nothing_but_the_data_of_trait_objects_and_foreign_values_refers_to_a_registered_type() {
    let registered = named(NAMED, "n", &[U8]);
    let coded = [CODED, 5, U8];
    let refers: Vec<(&'static str, Vec<u8>)> = vec![
        ("a field", record("R", &[("a", FIRST + 1)], &[])),
        ("a state field", record("R", &[], &[("a", FIRST + 1)])),
        ("a variant's field", vec![ENUM, 1, b'E', 0, 1, 1, b'A', 1 << 2, FIRST + 1]),
        ("an element", vec![LIST, FIRST + 1]),
        ("a key", vec![MAP, FIRST + 1, U8]),
        ("a map's value", vec![MAP, U8, FIRST + 1]),
        ("an option", vec![OPTION, FIRST + 1]),
        ("a tuple", vec![TUPLE, 2, U8, FIRST + 1]),
        ("an array", vec![ARRAY, 0, FIRST + 1]),
        ("a shared object", vec![SHARED, FIRST + 1]),
        ("a weak reference", vec![WEAK, FIRST + 1]),
        ("an id", vec![PERSISTENT, FIRST + 1]),
        ("a registered type", named(NAMED, "m", &[FIRST + 1])),
        ("a type with a code", vec![CODED, 4, FIRST + 1]),
    ];
    let mut cases = vec![];
    for target in [&registered[..], &coded] {
        for (what, definition) in &refers {
            let stream = Stream::new(&[definition, target], u64::from(U8), &[1]);
            cases.push((*what, stream, Err("#1 is a registered type")));
            let stream = Stream::new(&[], u64::from(U8), &[1]).more(&[definition, target]);
            cases.push((*what, stream, Err("#1 is a registered type")));
        }
        let root = Stream::new(&[target], place(0), &[1]);
        cases.push(("the root", root, Err("#0 is a registered type")));
        // More definitions see those of the programs.
        let before = Stream::new(&[target], u64::from(U8), &[1]).more(&[&[LIST, FIRST]]);
        cases.push(("an element further on", before, Err("#0 is a registered type")));
    }
    holds(cases, MALFORMED);
}

#[test]
fn more_definitions_continue_the_table() {
    let dynamic = named(DYN, "D", &[]);
    let stream = |more: &[&[u8]], data: &[u8]| {
        Stream::new(&[&dynamic, &[LIST, U8]], place(0), data).more(more)
    };
    let block = |bytes: &[u8]| {
        let data = [&varint(bytes.len() as u64)[..], bytes, &[FIRST + 2, 0]].concat();
        let flagged = stream(&[], &[]).bytes();
        let (head, end) = flagged.split_at(flagged.len() - 3);
        assert_eq!(end, [1, 0, STOP], "an empty block of definitions");
        let mut bytes = [head, &data, &[STOP]].concat();
        let length = (bytes.len() - crate::HEADER) as u32;
        bytes[crate::HEADER - 4..crate::HEADER].copy_from_slice(&length.to_le_bytes());
        bytes
    };
    let of_programs = named(NAMED, "n", &[FIRST + 1]);
    let of_more = named(NAMED, "n", &[FIRST + 3]);
    holds(
        vec![
            ("a type of the programs", stream(&[&of_programs], &[FIRST + 2, 0]), Ok(())),
            (
                "a type of their own, further on",
                stream(&[&of_more, &[OPTION, FIRST + 1]], &[FIRST + 2, 1, 0]),
                Ok(()),
            ),
            ("none", Stream::new(&[], u64::from(U8), &[7]).more(&[]), Ok(())),
            (
                "a type behind the last",
                stream(&[&of_more], &[FIRST + 2, 0]),
                Err("type 67 is outside of the table of 3 definitions"),
            ),
            (
                "programs that refer to them",
                Stream::new(&[&[LIST, FIRST + 1]], place(0), &[0]).more(&[&[LIST, U8]]),
                Err("type 65 is outside of the table of 1 definitions"),
            ),
            (
                "a root among them",
                Stream::new(&[], place(0), &[0]).more(&[&[LIST, U8]]),
                Err("type 64 is outside of the table of 0 definitions"),
            ),
        ],
        MALFORMED,
    );
    let sound = [&[1][..], &of_programs].concat();
    assert!(disassemble(&block(&sound)).unwrap().error().is_none());
    for (bytes, kind) in [
        ([&sound[..], &[0]].concat(), MALFORMED),
        ([&[2][..], &of_programs].concat(), ErrorKind::UnexpectedEnd),
        (vec![], ErrorKind::UnexpectedEnd),
    ] {
        let shown = disassemble(&block(&bytes)).unwrap();
        assert_eq!(shown.error().map(reduce_core::Error::kind), Some(kind), "{shown}");
    }
    // The limit is one for both parts.
    let half: Vec<&[u8]> = vec![&[DISPATCH]; 1 << 15];
    let full = Stream::new(&half, u64::from(U8), &[7]);
    assert!(disassemble(&full.clone().more(&half).bytes()).unwrap().error().is_none());
    let over: Vec<&[u8]> = vec![&[DISPATCH]; (1 << 15) + 1];
    let shown = disassemble(&full.more(&over).bytes()).unwrap();
    assert_eq!(shown.error().unwrap().kind(), ErrorKind::Limit);
}
