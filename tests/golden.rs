//! The bytes of a wide set of values, beside what they mean: `tests/snapshots` holds them for review.
//!
//! A change of these bytes is a change of the format. Streams of format version 1 stay readable for ever.

#[allow(dead_code)]
mod corpus;

use std::collections::BTreeSet;
use std::fmt::Write;

/// Bytes as lines of 16.
fn hex(bytes: &[u8]) -> String {
    let mut out = String::new();
    for line in bytes.chunks(16) {
        let digits: Vec<_> = line.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(out, "{}", digits.join(" ")).unwrap();
    }
    out
}

/// A stream of one primitive from its data: for forms that only some machines write.
fn by_hand(code: u8, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x8F, b'R', b'D', 1, 0, data.len() as u8 + 4, 0, 0, 0, 2, 0, code];
    bytes.extend_from_slice(data);
    bytes.push(reduce_core::opcode::STOP);
    bytes
}

/// Strings of operating systems: the same on every machine.
fn os_strings() -> Vec<(&'static str, Vec<u8>)> {
    let code = reduce_core::opcode::OS_STR;
    vec![
        ("os_str_unicode", by_hand(code, &[2 << 2, b'd', b'b'])),
        ("os_str_unix", by_hand(code, &[2 << 2 | 1, b'd', 0xFF])),
        ("os_str_windows", by_hand(code, &[4 << 2 | 2, b'd', 0, 0x00, 0xD8])),
    ]
}

fn streams() -> Vec<(&'static str, Vec<u8>)> {
    let cases = corpus::all().into_iter().map(|case| (case.name, case.bytes));
    let typed = corpus::typed_graphs::all().into_iter().map(|graph| (graph.name, graph.bytes));
    let cases = cases.chain(os_strings()).chain(corpus::graphs::streams());
    let cases = cases.chain(corpus::short()).chain(typed).chain(corpus::sessions());
    cases.chain(corpus::kept::streams()).chain(corpus::pod::streams()).collect()
}

#[test]
fn bytes_and_their_meaning_are_those_of_the_snapshots() {
    let disassembler = corpus::disassembler();
    for (name, bytes) in streams() {
        let disassembly = disassembler.disassemble(&bytes).unwrap();
        assert!(disassembly.error().is_none(), "{name}: {disassembly}");
        let shown = format!("{}\n{disassembly}", hex(&bytes));
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("golden__{name}"), shown);
        });
    }
}

#[test]
fn every_golden_stream_loads_to_its_value_and_dumps_to_the_same_bytes() {
    let cases = corpus::all();
    assert!(cases.len() >= 40, "only {} values", cases.len());
    for case in &cases {
        assert!((case.same)(&case.bytes), "{}", case.name);
        assert_eq!((case.again)(&case.bytes).unwrap(), case.bytes, "{}", case.name);
    }
}

#[test]
fn every_golden_graph_of_typed_values_dumps_to_the_same_bytes_again() {
    for graph in corpus::typed_graphs::all() {
        assert_eq!((graph.again)(&graph.bytes).unwrap(), graph.bytes, "{}", graph.name);
    }
}

#[test]
fn golden_streams_of_what_is_kept_unknown_load_and_dump_to_the_same_bytes() {
    use corpus::kept::{Event, Note, events, notes, streams};
    let [(_, fields), (_, variants)] = streams();
    let loaded: Vec<Note> = reduce_core::from_slice(&fields).unwrap();
    assert_eq!(loaded, notes());
    assert_eq!(reduce_core::to_vec(&loaded).unwrap(), fields);
    let loaded: Vec<Event> = reduce_core::from_slice(&variants).unwrap();
    assert_eq!(loaded, events());
    assert_eq!(reduce_core::to_vec(&loaded).unwrap(), variants);
}

/// The stream that was put together by hand.
fn by_rules(name: &str) -> Vec<u8> {
    corpus::graphs::streams().into_iter().find(|(other, _)| *other == name).unwrap().1
}

#[test]
fn typed_values_dump_to_the_graphs_that_the_rules_give() {
    use corpus::typed_graphs::{InPlace, links, named, nested};
    use reduce_core::to_vec;
    assert_eq!(to_vec(&named("ann")).unwrap(), by_rules("graph_weak_to_itself"));
    assert_eq!(to_vec(&links()).unwrap(), by_rules("graph_cycle_through_state"));
    assert_eq!(to_vec(&nested()).unwrap(), by_rules("graph_states_within_states"));
    let text: std::rc::Rc<str> = "hi".into();
    let gone = std::rc::Rc::downgrade(&std::rc::Rc::<str>::from(""));
    let before = (std::rc::Rc::downgrade(&text), text, gone);
    assert_eq!(to_vec(&before).unwrap(), by_rules("graph_weak_before_its_owner"));
    let in_place = InPlace { id: 7, next: Some(8) };
    assert_eq!(to_vec(&in_place).unwrap(), by_rules("graph_state_in_place"));
}

#[test]
fn graphs_that_the_rules_give_load_as_typed_values() {
    use reduce_core::from_slice;
    use std::rc::{Rc, Weak};
    let bytes = by_rules("graph_weak_before_its_owner");
    let (before, text, gone): (Weak<str>, Rc<str>, Weak<str>) = from_slice(&bytes).unwrap();
    assert_eq!(&*text, "hi");
    assert!(Rc::ptr_eq(&before.upgrade().unwrap(), &text) && gone.upgrade().is_none());
    let bytes = by_rules("graph_objects_ahead");
    let (strong, weak): (Rc<u8>, Weak<u8>) = from_slice(&bytes).unwrap();
    // The first object ahead has no owner in the value.
    assert_eq!((*strong, weak.upgrade()), (6, None));
    let bytes = by_rules("graph_cycle_through_state");
    let links: Vec<Rc<corpus::typed_graphs::Link>> = from_slice(&bytes).unwrap();
    let [a, b] = &links[..] else { panic!("two links") };
    assert_eq!((a.id, b.id), (7, 8));
    assert!(Rc::ptr_eq(a.next.borrow().as_ref().unwrap(), b));
    assert!(Rc::ptr_eq(b.next.borrow().as_ref().unwrap(), a));
}

#[test]
fn every_live_opcode_occurs_in_a_golden_stream() {
    let mut seen = BTreeSet::new();
    for (_, bytes) in streams() {
        let disassembly = reduce_core::disassemble(&bytes).unwrap();
        seen.extend(disassembly.instructions().iter().map(|line| line.opcode));
    }
    for row in reduce_core::opcode::TABLE.iter().filter(|row| !row.reserved) {
        assert!(seen.contains(row.name), "{} occurs nowhere", row.name);
    }
}

#[test]
fn snapshots_of_values_that_are_gone_are_gone() {
    let names: BTreeSet<_> =
        streams().iter().map(|(name, _)| format!("golden__{name}.snap")).collect();
    for entry in std::fs::read_dir("tests/snapshots").unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let ours = file.starts_with("golden__") && file.ends_with(".snap");
        assert!(!ours || names.contains(&file), "{file} belongs to no value");
    }
}
