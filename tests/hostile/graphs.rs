//! The data of object graphs: streams for every rule, and for each way to break it.

use crate::FIRST;
use crate::corpus::graphs;
use crate::stream::{Stream, named, record};
use reduce::sample;
use reduce_core::opcode::*;
use reduce_core::{ErrorKind, Section, disassemble};

/// A stream, and what a disassembly says of it: nothing, or an error that contains this.
pub type Case = (&'static str, Stream, Result<(), &'static str>);

/// All errors must be of one kind.
pub fn holds(cases: Vec<Case>, kind: ErrorKind) {
    for (what, stream, expected) in cases {
        let shown = disassemble(&stream.bytes()).unwrap();
        match (expected, shown.error()) {
            (Ok(()), None) => {}
            (Err(message), Some(error)) => {
                assert_eq!(error.kind(), kind, "{what}:\n{shown}");
                assert!(error.to_string().contains(message), "{what}:\n{shown}");
            }
            _ => panic!("{what}: expected {expected:?}\n{shown}"),
        }
    }
}

pub const MALFORMED: ErrorKind = ErrorKind::Malformed;

pub fn place(index: u8) -> u64 {
    u64::from(FIRST + index)
}

#[test]
fn objects_ahead_of_the_root_are_some_and_shared() {
    let stream = |objects: &[&[u8]]| {
        let definitions: [&[u8]; 3] = [&[SHARED, U8], &[WEAK, U8], &named(NAMED, "n", &[U8])];
        Stream::new(&definitions, place(0), &[BACK_REFERENCE, 0]).ahead(objects)
    };
    let no_shared = "which is no shared one";
    holds(
        vec![
            ("one", stream(&[&[FIRST, NEW, 5]]), Ok(())),
            ("two", stream(&[&[FIRST, NEW, 5], &[FIRST, NEW, 6]]), Ok(())),
            ("none", stream(&[]), Err("no objects stand ahead of the root")),
            ("of a primitive type", stream(&[&[U8, 5]]), Err(no_shared)),
            ("of a weak type", stream(&[&[FIRST + 1, NEW, 5]]), Err(no_shared)),
            ("of a registered type", stream(&[&[FIRST + 2, 5]]), Err(no_shared)),
            ("of a type behind the table", stream(&[&[FIRST + 3, NEW, 5]]), Err(no_shared)),
            (
                "not begun",
                stream(&[&[FIRST, 5]]),
                Err("where one is expected that begins a shared object"),
            ),
            (
                "one that there is not yet",
                stream(&[&[FIRST, BACK_REFERENCE, 1], &[FIRST, NEW, 5]]),
                Err("there is no shared object 1"),
            ),
        ],
        MALFORMED,
    );
}

/// 0: a record with a state, 1: shared, 2: option of shared, 3: weak, 4: dyn, 5: shared dyn, 6: weak dyn,
/// 7: the record by its name, 8: a record without a state, 9: shared of that, 10: that by its name,
/// 11: dyn by its name, 12: the first record once more, 13: shared of that, 14: shared u8, 15: another dyn,
/// 16: shared of that.
fn graph(parts: &[u8], data: &[u8]) -> Stream {
    let node = record("Node", &[("id", U8)], &[("next", FIRST + 2)]);
    let again = record("Node", &[("id", U8)], &[("next", FIRST + 2)]);
    let plain = record("Plain", &[("weak", FIRST + 19)], &[]);
    let mut tuple = vec![TUPLE, parts.len() as u8];
    tuple.extend(parts.iter().map(|part| FIRST + part));
    let definitions: [&[u8]; 21] = [
        &node,
        &[SHARED, FIRST],
        &[OPTION, FIRST + 1],
        &[WEAK, FIRST],
        &named(DYN, "D", &[]),
        &[SHARED, FIRST + 4],
        &[WEAK, FIRST + 4],
        &named(NAMED, "Node", &[FIRST]),
        &plain,
        &[SHARED, FIRST + 8],
        &named(NAMED, "Plain", &[FIRST + 8]),
        &named(NAMED, "D", &[FIRST + 4]),
        &again,
        &[SHARED, FIRST + 12],
        &[SHARED, U8],
        &named(DYN, "E", &[]),
        &[SHARED, FIRST + 15],
        &[SHARED, FIRST + 2],
        &[CODED, 3, FIRST],
        &[WEAK, FIRST + 8],
        &tuple,
    ];
    Stream::new(&definitions, place(20), data)
}

const NODE: u8 = 0;
const SHARED_NODE: u8 = 1;
const WEAK_NODE: u8 = 3;
const SHARED_DYN: u8 = 5;
const WEAK_DYN: u8 = 6;
const NAMED_NODE: u8 = FIRST + 7;
const SHARED_PLAIN: u8 = 9;
const NAMED_PLAIN: u8 = FIRST + 10;
const NAMED_DYN: u8 = FIRST + 11;
const SHARED_AGAIN: u8 = 13;
const SHARED_U8: u8 = 14;
const SHARED_OTHER_DYN: u8 = 16;
const SHARED_OPTION: u8 = 17;
const CODED_NODE: u8 = FIRST + 18;
const WEAK_PLAIN: u8 = 19;

#[test]
fn only_records_with_state_fields_are_marked_as_stateful() {
    let refused = Err("but is no record with state fields");
    let mut cases = vec![
        ("a record that has some", graph(&[SHARED_NODE], &[NEW_STATEFUL, 7, STATES, 0]), Ok(())),
        ("behind a weak reference", graph(&[WEAK_NODE], &[NEW_STATEFUL, 7, STATES, 0]), Ok(())),
        ("in place", graph(&[NODE], &[7, 0]), Ok(())),
        ("shared, and its state in place", graph(&[SHARED_NODE], &[NEW, 7, 0]), Ok(())),
        (
            "a trait object of such a type",
            graph(&[SHARED_DYN], &[NEW_STATEFUL, NAMED_NODE, 7, STATES, 0]),
            Ok(()),
        ),
        (
            "a weak trait object, by its code",
            graph(&[WEAK_DYN], &[NEW_STATEFUL, CODED_NODE, 7, STATES, 0]),
            Ok(()),
        ),
        (
            "a trait object with its state in place",
            graph(&[SHARED_DYN], &[NEW, NAMED_NODE, 7, 0]),
            Ok(()),
        ),
        (
            "a trait object in a trait object, its state in place",
            graph(&[SHARED_DYN], &[NEW, NAMED_DYN, NAMED_NODE, 7, 0]),
            Ok(()),
        ),
    ];
    for code in [NEW_STATEFUL, NEW_CYCLIC_STATEFUL] {
        let dynamic = |of: &[u8]| graph(&[SHARED_DYN], &[&[code][..], of].concat());
        cases.extend([
            ("a primitive", graph(&[SHARED_U8], &[code, 7, STATES]), refused),
            ("a record that has none", graph(&[SHARED_PLAIN], &[code, DANGLING, STATES]), refused),
            ("an option", graph(&[SHARED_OPTION], &[code, 0, STATES]), refused),
            ("a trait object of none", dynamic(&[NAMED_PLAIN, DANGLING, STATES]), refused),
            ("a trait object in another", dynamic(&[NAMED_DYN, NAMED_NODE, 7, STATES, 0]), refused),
        ]);
    }
    holds(cases, MALFORMED);
}

#[test]
fn a_back_reference_names_an_object_of_its_own_type() {
    let other = Err("the shared object 0 is of another type");
    let (node, back) = ([NEW, 7, 0], [BACK_REFERENCE, 0]);
    let of_dyn = [NEW, NAMED_NODE, 7, 0];
    let join = |parts: &[&[u8]]| parts.concat();
    let (met, dynamic) = (join(&[&node, &back]), join(&[&of_dyn, &back]));
    holds(
        vec![
            ("shared twice", graph(&[SHARED_NODE, SHARED_NODE], &met), Ok(())),
            ("shared, then weak", graph(&[SHARED_NODE, WEAK_NODE], &met), Ok(())),
            ("weak, then shared", graph(&[WEAK_NODE, SHARED_NODE], &met), Ok(())),
            ("weak twice", graph(&[WEAK_NODE, WEAK_NODE], &met), Ok(())),
            ("by itself, then behind a trait", graph(&[SHARED_NODE, SHARED_DYN], &met), Ok(())),
            ("by itself, then weak behind a trait", graph(&[SHARED_NODE, WEAK_DYN], &met), Ok(())),
            (
                "a primitive, then behind a trait",
                graph(&[SHARED_U8, SHARED_DYN], &[NEW, 7, BACK_REFERENCE, 0]),
                Ok(()),
            ),
            ("behind a trait, then by itself", graph(&[SHARED_DYN, SHARED_NODE], &dynamic), Ok(())),
            ("behind a trait, then weak", graph(&[SHARED_DYN, WEAK_NODE], &dynamic), Ok(())),
            ("behind two traits", graph(&[SHARED_DYN, SHARED_OTHER_DYN], &dynamic), Ok(())),
            ("of an equal definition", graph(&[SHARED_NODE, SHARED_AGAIN], &met), other),
            ("of another record", graph(&[SHARED_NODE, SHARED_PLAIN], &met), other),
            ("weak, of another record", graph(&[SHARED_NODE, WEAK_PLAIN], &met), other),
            ("of what holds it", graph(&[SHARED_NODE, SHARED_OPTION], &met), other),
            ("a primitive", graph(&[SHARED_NODE, SHARED_U8], &met), other),
            ("behind a trait, then another", graph(&[SHARED_DYN, SHARED_PLAIN], &dynamic), other),
            (
                "a trait object in another, then what is inside",
                graph(&[SHARED_DYN, SHARED_NODE], &join(&[&[NEW, NAMED_DYN], &of_dyn[1..], &back])),
                other,
            ),
            (
                "one that there is not yet",
                graph(&[WEAK_NODE, SHARED_NODE], &join(&[&back, &node])),
                Err("there is no shared object 0"),
            ),
        ],
        MALFORMED,
    );
}

#[test]
fn only_weak_references_lead_into_an_object_that_is_marked_for_it() {
    let inside = Err("the shared object 0 is referred to from inside itself");
    let not_cyclic = Err("is weakly referred to from inside itself, and is not marked as cyclic");
    // The object's state in place: it has not ended there.
    let in_place = |code| graph(&[SHARED_NODE], &[code, 7, 1, BACK_REFERENCE, 0]);
    let weak = |code| graph(&[SHARED_PLAIN], &[code, BACK_REFERENCE, 0]);
    let queued = [NEW_STATEFUL, 7, STATES, 1, BACK_REFERENCE, 0];
    holds(
        vec![
            ("weak, marked", weak(NEW_CYCLIC), Ok(())),
            ("weak, not marked", weak(NEW), not_cyclic),
            (
                "weak behind a trait, marked",
                graph(&[SHARED_DYN], &[NEW_CYCLIC, NAMED_PLAIN, BACK_REFERENCE, 0]),
                Ok(()),
            ),
            (
                "weak behind a trait, not marked",
                graph(&[SHARED_DYN], &[NEW, NAMED_PLAIN, BACK_REFERENCE, 0]),
                not_cyclic,
            ),
            (
                "an object that begins behind a weak reference in another one",
                graph(&[SHARED_PLAIN, WEAK_PLAIN], &[NEW, NEW, DANGLING, BACK_REFERENCE, 1]),
                Ok(()),
            ),
            ("a mark that nothing needs", graph(&[SHARED_U8], &[NEW_CYCLIC, 7]), Ok(())),
            ("strong, in place", in_place(NEW), inside),
            ("strong, in place, marked", in_place(NEW_CYCLIC), inside),
            ("strong, from its queued state", graph(&[SHARED_NODE], &queued), Ok(())),
            (
                "strong, from the state of an object inside",
                graph(&[SHARED_NODE], &[NEW, 7, 1, NEW_STATEFUL, 8, STATES, 1, BACK_REFERENCE, 0]),
                Ok(()),
            ),
            (
                "strong, of an object inside whose state is queued",
                graph(
                    &[SHARED_NODE, SHARED_NODE],
                    &[NEW, 7, 1, NEW_STATEFUL, 8, BACK_REFERENCE, 1, STATES, 1, BACK_REFERENCE, 0],
                ),
                Ok(()),
            ),
        ],
        MALFORMED,
    );
}

#[test]
fn states_follow_the_value_exactly_where_objects_have_one() {
    let missing = Err("the states of stateful objects do not follow the value");
    let none = Err("queued states follow the value, but no object has one");
    let two = |states: &[u8]| {
        let objects = [NEW_STATEFUL, 7, NEW_STATEFUL, 8];
        graph(&[SHARED_NODE, SHARED_NODE], &[&objects[..], states].concat())
    };
    holds(
        vec![
            ("two", two(&[STATES, 0, 0]), Ok(())),
            ("an object in a state", two(&[STATES, 0, 1, NEW_STATEFUL, 9, 0]), Ok(())),
            ("no byte in front of them", two(&[0, 0]), missing),
            ("not there", two(&[]), missing),
            ("one too many", two(&[STATES, 0, 0, 0]), Err("not followed by `stop`")),
            ("twice", two(&[STATES, 0, 0, STATES]), none),
            ("of no object", graph(&[SHARED_NODE], &[NEW, 7, 0, STATES]), none),
            ("in place and once more", graph(&[SHARED_NODE], &[NEW, 7, 0, STATES, 0]), none),
            (
                "of an object ahead of the root",
                graph(&[SHARED_NODE], &[BACK_REFERENCE, 0, STATES, 0]).ahead(&[&[
                    FIRST + SHARED_NODE,
                    NEW_STATEFUL,
                    7,
                ]]),
                Ok(()),
            ),
            (
                "of an object ahead of the root, in front of the root",
                graph(&[SHARED_NODE], &[BACK_REFERENCE, 0]).ahead(&[&[
                    FIRST + SHARED_NODE,
                    NEW_STATEFUL,
                    7,
                    STATES,
                    0,
                ]]),
                Err("the opcode `states` stands where one is expected"),
            ),
        ],
        MALFORMED,
    );
    for states in [&[STATES][..], &[STATES, 0], &[STATES, 0, 1, NEW_STATEFUL, 9]] {
        let mut bytes = two(states).bytes();
        // Without `stop`, or it would be taken for a state.
        bytes.pop();
        let shown = disassemble(&bytes).unwrap();
        assert_eq!(shown.error().unwrap().kind(), ErrorKind::UnexpectedEnd, "{shown}");
    }
}

#[test]
fn states_stand_in_the_order_in_which_their_objects_ended() {
    // The record itself holds another one: its kept fields end before those around it.
    let node = record("Node", &[("inner", FIRST + 2)], &[("id", U8), ("more", FIRST + 2)]);
    let definitions: [&[u8]; 4] =
        [&node, &[SHARED, FIRST], &[OPTION, FIRST + 1], &[LIST, FIRST + 1]];
    let objects = [2 << 1, NEW_STATEFUL, 1, NEW_STATEFUL, 0, NEW_STATEFUL, 0];
    // The state of the first one brings one more, whose state comes last.
    let states = [STATES, 10, 1, NEW_STATEFUL, 0, 11, 0, 12, 0, 13, 0];
    let data = [&objects[..], &states].concat();
    let shown = disassemble(&Stream::new(&definitions, place(3), &data).bytes()).unwrap();
    assert!(shown.error().is_none(), "{shown}");
    let steps = |opcode: &str| -> Vec<String> {
        let lines = shown.instructions().iter().filter(|line| line.section == Section::States);
        let lines = lines.filter(|line| line.opcode == opcode);
        lines.map(|line| format!("{} {}", line.step, line.operand)).collect()
    };
    assert_eq!(
        steps("state"),
        [
            "memo 1 from byte 47",
            "memo 0 from byte 45",
            "memo 2 from byte 49",
            "memo 3 from byte 54"
        ],
        "{shown}"
    );
    assert_eq!(steps("u8"), ["id 10", "id 11", "id 12", "id 13"], "{shown}");
}

#[test]
fn trait_objects_and_foreign_values_are_of_a_registered_type() {
    let dynamic = named(DYN, "D", &[]);
    let name = named(NAMED, "n", &[U8]);
    for definition in [&dynamic[..], &[DISPATCH]] {
        let stream = |data: &[u8]| {
            let definitions: [&[u8]; 4] =
                [definition, &name, &[CODED, 0xFF, 0x01, U8], &[LIST, U8]];
            Stream::new(&definitions, place(0), data)
        };
        holds(
            vec![
                ("by its name", stream(&[FIRST + 1, 7]), Ok(())),
                ("by its code", stream(&[FIRST + 2, 7]), Ok(())),
                (
                    "not registered",
                    stream(&[FIRST + 3, 0]),
                    Err("the type 67 is no registered one"),
                ),
                ("itself", stream(&[FIRST, 0]), Err("the type 64 is no registered one")),
                ("a primitive", stream(&[U8, 7]), Err("the type 4 is no registered one")),
                ("reserved", stream(&[F16, 7]), Err("the type 27 is no registered one")),
                ("outside", stream(&[FIRST + 4, 7]), Err("the type 68 is no registered one")),
                ("overlong", stream(&[0xC1, 0x00, 7]), Err("longer than it must be")),
            ],
            MALFORMED,
        );
    }
    let shared_dangling = graph(&[SHARED_NODE], &[DANGLING]);
    holds(
        vec![(
            "a shared object that is none",
            shared_dangling,
            Err("the opcode `dangling` stands where one is expected that begins a shared object"),
        )],
        MALFORMED,
    );
}

#[test]
fn any_opcode_in_the_place_of_any_byte_makes_a_graph_or_an_error_and_any_cut_an_error() {
    for (number, (name, bytes)) in graphs::streams().into_iter().enumerate() {
        for at in sample(crate::HEADER..bytes.len(), 5, number) {
            let mut cut = bytes[..at].to_vec();
            let length = (at - crate::HEADER) as u32;
            cut[crate::HEADER - 4..crate::HEADER].copy_from_slice(&length.to_le_bytes());
            let shown = disassemble(&cut).unwrap();
            let kind = shown.error().map(reduce_core::Error::kind);
            assert_eq!(kind, Some(ErrorKind::UnexpectedEnd), "{name}, {at}:\n{shown}");
            // Every opcode, every place, and numbers that go on.
            for byte in (0..FIRST + 16).chain([0x80, 0xFF]) {
                let mut changed = bytes.clone();
                changed[at] = byte;
                let shown = disassemble(&changed).unwrap();
                // What was read is shown in order and without gaps.
                let mut end = 0;
                for line in shown.instructions() {
                    assert_eq!(line.offset, end, "{name}, {at}, {byte}:\n{shown}");
                    end += line.length;
                }
                assert!(end <= changed.len());
                assert!(end == changed.len() || shown.error().is_some(), "{name}:\n{shown}");
            }
        }
    }
}
