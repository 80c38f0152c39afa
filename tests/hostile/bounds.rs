//! Small streams of large values: time, memory and the stack stay bounded.

use crate::FIRST;
use crate::corpus::{self, Chain, Nest, Tree, large};
use crate::stream::{Stream, named, record, varint};
use reduce_core::opcode;
use reduce_core::{ErrorKind, Limits, Loader, Reduce, check, disassemble, from_slice, to_vec};
use std::rc::Rc;
use std::time::{Duration, Instant};

#[test]
fn claims_of_any_size_fail_at_once() {
    let begun = Instant::now();
    for claim in [1u64 << 31, 1 << 32, 1 << 60, u64::MAX >> 1] {
        for of in [opcode::UNIT, opcode::U8, opcode::U64, opcode::STR, FIRST] {
            let data = varint(claim.saturating_mul(2) & !1);
            for definition in [&[opcode::LIST, of][..], &[opcode::MAP, of, of]] {
                let stream = Stream::new(&[definition], u64::from(FIRST), &data).bytes();
                assert!(disassemble(&stream).unwrap().error().is_some());
            }
            let array = [&[opcode::ARRAY][..], &varint(claim), &[of]].concat();
            let stream = Stream::new(&[&array], u64::from(FIRST), &[]).bytes();
            assert!(disassemble(&stream).unwrap().error().is_some());
        }
        let lists =
            Stream::new(&[&[opcode::LIST, opcode::UNIT]], u64::from(FIRST), &varint(claim << 1));
        assert_eq!(from_slice::<Vec<()>>(&lists.bytes()).unwrap_err().kind(), ErrorKind::Limit);
        let lists =
            Stream::new(&[&[opcode::LIST, opcode::U64]], u64::from(FIRST), &varint(claim << 1));
        assert_eq!(from_slice::<Vec<u64>>(&lists.bytes()).unwrap_err().kind(), ErrorKind::Limit);
        // Lengths of the table, of names, and counts of all that a definition has.
        for head in [
            &[][..],
            &[1],
            &[1, opcode::RECORD],
            &[1, opcode::RECORD, 0, 0],
            &[1, opcode::ENUM, 0, 0],
            &[1, opcode::TUPLE],
        ] {
            let block = [head, &varint(claim)].concat();
            let stream = Stream::of_block(&[&varint(block.len() as u64)[..], &block].concat(), &[]);
            assert!(disassemble(&stream.bytes()).unwrap().error().is_some());
            assert!(from_slice::<u8>(&stream.bytes()).is_err());
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

/// A table in which every type holds the one before it `width` times, and so spells a value without bytes that is
/// exponential in the table's length.
fn tower(levels: u8, width: u8) -> Vec<u8> {
    let mut definitions: Vec<Vec<u8>> = vec![vec![opcode::TUPLE, width]];
    definitions[0].resize(usize::from(width) + 2, opcode::UNIT);
    for level in 1..levels {
        let mut definition = vec![opcode::TUPLE, width];
        definition.resize(usize::from(width) + 2, FIRST + level - 1);
        definitions.push(definition);
    }
    let definitions: Vec<_> = definitions.iter().map(Vec::as_slice).collect();
    Stream::new(&definitions, u64::from(FIRST + levels - 1), &[]).bytes()
}

/// Long enough for a debug build on a busy machine, far too short for 2^60 steps.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn exponential_towers_of_tuples_end_at_a_limit() {
    let begun = Instant::now();
    let shown = disassemble(&tower(60, 2)).unwrap();
    assert_eq!(shown.error().unwrap().kind(), ErrorKind::Limit);
    assert!(shown.instructions().len() as u64 + shown.left_out() > 1 << 20);
    assert!(shown.to_string().len() < 64 << 20);
    // The programs differ, and what says so is bounded as well.
    let error = from_slice::<Vec<u8>>(&tower(60, 50)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert!(format!("{error:#}").len() < 64 << 10);
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}

#[test]
fn many_towers_behind_one_another_share_one_budget() {
    let begun = Instant::now();
    let streams = tower(40, 2).repeat(200);
    let shown = disassemble(&streams).unwrap();
    assert_eq!(shown.error().unwrap().kind(), ErrorKind::Limit);
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}

#[test]
fn units_without_bytes_are_counted() {
    let records: &[u8] = &[opcode::RECORD, 1, b'U', 0, 4 << 2, 1, 1, 1, 1];
    let stream = |count: u64| {
        let list: &[u8] = &[opcode::LIST, FIRST + 1];
        Stream::new(&[list, records], u64::from(FIRST), &varint(count << 1)).bytes()
    };
    let begun = Instant::now();
    assert!(disassemble(&stream(1000)).unwrap().error().is_none());
    for count in [1 << 25, 1 << 40, 1 << 62] {
        let shown = disassemble(&stream(count)).unwrap();
        assert_eq!(shown.error().unwrap().kind(), ErrorKind::Limit);
    }
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}

#[test]
fn a_record_that_holds_itself_without_an_end_is_a_limit() {
    let endless: &[u8] = &[opcode::RECORD, 1, b'A', 0, 1 << 2, FIRST];
    let begun = Instant::now();
    let shown = disassemble(&Stream::new(&[endless], u64::from(FIRST), &[]).bytes()).unwrap();
    assert_eq!(shown.error().unwrap().kind(), ErrorKind::Limit);
    // Every line is indented, but not without bounds.
    assert!(shown.to_string().len() < 32 << 20, "{}", shown.to_string().len());
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}

/// On a thread with the stack that threads have by default.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn a_million_levels_are_a_limit_on_a_small_stack() {
    on_a_small_stack(|| {
        const LEVELS: usize = 1_000_000;
        let chain: &[u8] = &[opcode::RECORD, 5, b'C', b'h', b'a', b'i', b'n', 0, 2 << 2 | 1];
        let chain = [chain, b"\x05value\x04\x04next", &[FIRST + 1]].concat();
        let option: &[u8] = &[opcode::OPTION, FIRST];
        let data = [7u8, 1].repeat(LEVELS);
        let stream = Stream::new(&[&chain, option], u64::from(FIRST), &data).bytes();
        assert_eq!(from_slice::<Chain>(&stream).unwrap_err().kind(), ErrorKind::Limit);
        let shown = disassemble(&stream).unwrap();
        // What would be `stop` is one more value.
        assert_eq!(shown.error().unwrap().kind(), ErrorKind::UnexpectedEnd);

        let nest =
            Stream::new(&[&[opcode::LIST, FIRST]], u64::from(FIRST), &vec![2; LEVELS]).bytes();
        assert_eq!(from_slice::<Nest>(&nest).unwrap_err().kind(), ErrorKind::Limit);
        let shown = disassemble(&nest).unwrap();
        assert_eq!(shown.instructions().len() as u64 + shown.left_out(), LEVELS as u64 + 9);
        assert!(shown.to_string().len() < 64 << 20);
    });
}

#[test]
fn objects_queues_and_trait_objects_of_any_length_are_walked_on_a_small_stack() {
    use opcode::*;
    on_a_small_stack(|| {
        const LENGTH: usize = 200_000;
        let first = u64::from(FIRST);
        let sound = |stream: Stream| {
            let shown = disassemble(&stream.bytes()).unwrap();
            assert!(shown.error().is_none(), "{:?}", shown.error());
            assert!(shown.to_string().len() < 64 << 20);
            shown.instructions().len() as u64 + shown.left_out()
        };
        // Each state brings the next object, so the queue never holds more than one.
        let node = record("N", &[], &[("next", FIRST + 2)]);
        let table: [&[u8]; 4] = [&node, &[SHARED, FIRST], &[OPTION, FIRST + 1], &[LIST, FIRST + 1]];
        let chain = [&[NEW_STATEFUL, STATES][..], &[1, NEW_STATEFUL].repeat(LENGTH), &[0]].concat();
        let lines = sound(Stream::new(&table, first + 1, &chain));
        assert!(lines > 4 * LENGTH as u64, "{lines}");
        // And here it holds all of them.
        let count = varint((LENGTH as u64) << 1);
        let list = [&count[..], &vec![NEW_STATEFUL; LENGTH], &[STATES], &vec![0; LENGTH]].concat();
        let lines = sound(Stream::new(&table, first + 3, &list));
        assert!(lines > 4 * LENGTH as u64, "{lines}");

        // A trait object in a trait object, and so on.
        let table: [&[u8]; 3] =
            [&named(DYN, "D", &[]), &named(NAMED, "D", &[FIRST]), &named(NAMED, "u8", &[U8])];
        let nest = [&vec![FIRST + 1; LENGTH][..], &[FIRST + 2, 7]].concat();
        let lines = sound(Stream::new(&table, first, &nest));
        assert!(lines > LENGTH as u64, "{lines}");
    });
}

#[test]
fn an_object_of_endless_state_is_a_limit() {
    // A state that holds itself without a byte.
    let node = record("N", &[], &[("next", FIRST)]);
    let table: [&[u8]; 2] = [&node, &[opcode::SHARED, FIRST]];
    let data = [opcode::NEW_STATEFUL, opcode::STATES];
    let begun = Instant::now();
    let stream = Stream::new(&table, u64::from(FIRST) + 1, &data);
    let shown = disassemble(&stream.bytes()).unwrap();
    assert_eq!(shown.error().unwrap().kind(), ErrorKind::Limit);
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}

#[test]
fn claims_of_objects_ahead_and_more_definitions_fail_at_once() {
    let begun = Instant::now();
    for claim in [1u64 << 17, 1 << 31, 1 << 32, 1 << 60, u64::MAX] {
        let shared: &[u8] = &[opcode::SHARED, opcode::U8];
        let mut ahead = Stream::new(&[shared], u64::from(FIRST), &varint(claim)).bytes();
        ahead[4] = 8;
        let content = [&varint(claim)[..], shared].concat();
        let data = [&varint(content.len() as u64)[..], &content].concat();
        let mut more = Stream::new(&[shared], u64::from(FIRST), &data).bytes();
        more[4] = 4;
        let mut length = Stream::new(&[shared], u64::from(FIRST), &varint(claim)).bytes();
        length[4] = 4;
        for bytes in [ahead, more, length] {
            let error = disassemble(&bytes).unwrap();
            assert!(error.error().is_some(), "{error}");
            let refused = from_slice::<Rc<u8>>(&bytes);
            assert!(refused.is_err());
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn definitions_nested_deep_are_spelled_and_compared_on_a_small_stack() {
    on_a_small_stack(|| {
        const LEVELS: u64 = 60_000;
        let mut definitions = Vec::new();
        for level in 0..LEVELS {
            let inner = varint(u64::from(FIRST) + (level + 1).min(LEVELS - 1));
            definitions.push([&[opcode::LIST][..], &inner].concat());
        }
        let definitions: Vec<_> = definitions.iter().map(Vec::as_slice).collect();
        let stream = Stream::new(&definitions, u64::from(FIRST), &[0]).bytes();
        let shown = disassemble(&stream).unwrap();
        assert!(shown.error().is_none(), "{:?}", shown.error());
        // A list of lists, told in other words.
        assert_eq!(from_slice::<Nest>(&stream).unwrap().0.len(), 0);
        assert_eq!(from_slice::<Tree>(&stream).unwrap_err().kind(), ErrorKind::TypeMismatch);
    });
}

#[test]
fn an_error_about_a_wide_program_is_short() {
    // A field takes one byte in the stream and a type's whole name in a text.
    let name = "n".repeat(1000);
    let inner = [&[opcode::RECORD][..], &varint(1000), name.as_bytes(), &[0, 0]].concat();
    let count = 200_000u64;
    let mut outer = [&[opcode::RECORD, 1, b'W', 0][..], &varint(count << 2)].concat();
    outer.resize(outer.len() + count as usize, FIRST + 1);
    let stream = Stream::new(&[&outer, &inner], u64::from(FIRST), &[]).bytes();
    let error = from_slice::<Tree>(&stream).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert!(format!("{error:#}").len() < 64 << 10, "{}", format!("{error:#}").len());
    let shown = disassemble(&stream).unwrap();
    assert!(shown.to_string().len() < 64 << 20, "{}", shown.to_string().len());
}

#[test]
fn the_check_before_rebuild_functions_refuses_no_value_that_a_load_takes() {
    let case = corpus::all().into_iter().find(|case| case.name == "record_with_functions").unwrap();
    // What the value itself takes, and not a byte more.
    let tight = Loader::new().limits(Limits::default().bytes(2).elements(0).depth(0));
    let checked: corpus::Checked = tight.from_slice(&case.bytes).unwrap();
    assert_eq!(checked.path, "db");
}

#[test]
fn limits_hold_for_the_check_before_rebuild_functions_too() {
    let case = corpus::all().into_iter().find(|case| case.name == "record_with_functions").unwrap();
    let error = Loader::new()
        .limits(Limits::default().bytes(1))
        .from_slice::<corpus::Checked>(&case.bytes)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}

#[derive(Reduce)]
#[reduce(name = "bounds.Node")]
struct Shared {
    children: Vec<Rc<Shared>>,
}

/// Each child by itself: the same node as often as there are ways to it.
#[derive(Reduce)]
#[reduce(name = "bounds.Node")]
struct Copied {
    children: Vec<Copied>,
}

#[derive(Reduce)]
#[reduce(name = "bounds.Node")]
struct Childless {}

/// Every node is twice the child of the one above: 2^60 ways to the last one.
fn doubled() -> Vec<u8> {
    let mut node = Rc::new(Shared { children: vec![] });
    for _ in 0..60 {
        node = Rc::new(Shared { children: vec![node.clone(), node] });
    }
    to_vec(&*node).unwrap()
}

#[test]
fn objects_that_hold_each_other_twice_are_handles_and_never_copies_without_a_limit() {
    let bytes = doubled();
    assert!(bytes.len() < 400, "{}", bytes.len());
    let mut node = Rc::new(from_slice::<Shared>(&bytes).unwrap());
    let mut levels = 0;
    while let [left, right] = &node.children[..] {
        assert!(Rc::ptr_eq(left, right));
        (node, levels) = (left.clone(), levels + 1);
    }
    assert_eq!(levels, 60);
    assert_eq!(from_slice::<Copied>(&bytes).err().unwrap().kind(), ErrorKind::Limit);
    from_slice::<Childless>(&bytes).unwrap();
    assert_eq!(check(&bytes, &Limits::strict()).unwrap().objects(), 60);
    assert!(disassemble(&bytes).unwrap().error().is_none());

    let load = || Loader::new().value_from_slice(&bytes).unwrap();
    let (value, same) = (load(), load());
    assert!(value == same);
    assert!(value.clone() == value);
    assert!(format!("{value}{value:?}{value:#?}").len() < 1 << 20);
    assert_eq!(value.to_vec().unwrap(), bytes);
    assert_eq!(value.to::<Copied>().err().unwrap().kind(), ErrorKind::Limit);
}

/// Twelve, 144 and 1,728 columns.
type Twelve<T> = (T, T, T, T, T, T, T, T, T, T, T, T);
type Wide<T> = Option<Twelve<Twelve<Twelve<T>>>>;

#[derive(Reduce)]
#[reduce(name = "bounds.Lists")]
struct Lists<T> {
    lists: Vec<Vec<Wide<T>>>,
}

#[derive(Reduce)]
#[reduce(name = "bounds.Lists")]
struct NoLists {}

#[test]
fn columns_that_have_no_rows_are_paid_for() {
    // Short lists of what has 1,885 columns, none of which has a row.
    let bytes = large::wide_columns("bounds.Lists", 1000);
    let few = large::wide_columns("bounds.Lists", 100);
    assert_eq!(from_slice::<Lists<u16>>(&few).unwrap().lists.len(), 100);
    assert_eq!(from_slice::<Lists<u32>>(&few).unwrap().lists.len(), 100);
    // There are steps for each element that is allowed: here for a million values of any kind, and no more.
    let limits = Limits::default().elements(100_000);
    let loader = Loader::new().limits(limits);
    let refused = [
        loader.from_slice::<Lists<u16>>(&bytes).err(),
        loader.from_slice::<Lists<u32>>(&bytes).err(),
        loader.value_from_slice(&bytes).err(),
        check(&bytes, &limits).err(),
    ];
    for (way, error) in refused.into_iter().enumerate() {
        let error = error.unwrap_or_else(|| panic!("way {way} takes it"));
        assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
    }
    // Blocks are passed over, and so are their columns with them.
    from_slice::<NoLists>(&few).unwrap();
}
