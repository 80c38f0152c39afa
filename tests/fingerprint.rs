//! Messages with a fingerprint in place of their program, and the store that knows programs by it.

use reduce_core::{
    Disassembler, Dumper, ErrorKind, Expand, Loader, Programs, Reduce, Registry, disassemble,
    from_slice, to_vec,
};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt::Debug;
use std::io::Cursor;
use std::rc::{Rc, Weak};

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "app.Tick")]
struct Tick {
    symbol: String,
    price: u32,
}

fn tick() -> Tick {
    Tick { symbol: "RED".into(), price: 300 }
}

fn small() -> Dumper {
    Dumper::new().fingerprint(true)
}

/// The hash that SPEC.md describes, of the programs of a stream with a long header.
fn fingerprint_of(stream: &[u8]) -> [u8; 8] {
    let programs = &stream[9..][..usize::from(stream[9]) + 1];
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for byte in programs {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3);
    }
    hash.to_le_bytes()
}

#[test]
fn a_message_is_a_mark_its_length_the_fingerprint_and_the_data() {
    let (short, long) = (small().to_vec(&tick()).unwrap(), to_vec(&tick()).unwrap());
    let data = [3, b'R', b'E', b'D', 0xAC, 0x02];
    assert_eq!(short, [&[0xB1, 6][..], &fingerprint_of(&long), &data].concat());
    assert_eq!(from_slice::<Tick>(&short).unwrap(), tick());
    // Without data the length is 0.
    let unit = small().to_vec(&()).unwrap();
    assert_eq!(unit, [&[0xB1, 0][..], &fingerprint_of(&to_vec(&()).unwrap())].concat());
    assert!(from_slice::<()>(&unit).is_ok());
}

/// Both forms load to the same, from slices and readers, also one behind the other.
#[test]
fn lengths_of_one_byte_and_more_are_read_from_slices_and_readers() {
    for length in [0, 1, 125, 126, 127, 128, 129, 16_381, 16_382, 16_383, 16_384, 3_000_000] {
        let text = "x".repeat(length);
        let mut file = small().to_vec(text.as_str()).unwrap();
        let alone = file.len();
        small().append_to(&7u8, &mut file).unwrap();
        Dumper::new().append_to(&8u8, &mut file).unwrap();
        file.push(0xB1);
        let loader = Loader::new();

        let (first, rest) = loader.take_from_slice::<&str>(&file).unwrap();
        let (second, rest) = loader.take_from_slice::<u8>(rest).unwrap();
        let (third, rest) = loader.take_from_slice::<u8>(rest).unwrap();
        assert_eq!((first, second, third, rest), (text.as_str(), 7, 8, &[0xB1][..]));
        assert_eq!(from_slice::<&str>(&file[..alone]).unwrap(), text);

        let mut reader = Cursor::new(&file);
        assert_eq!(loader.from_reader::<String, _>(&mut reader).unwrap(), text);
        assert_eq!(reader.position(), alone as u64, "nothing behind the message is read");
        assert_eq!(loader.from_reader::<u8, _>(&mut reader).unwrap(), 7);
        assert_eq!(loader.from_reader::<u8, _>(&mut reader).unwrap(), 8);
        let error = loader.from_reader::<u8, _>(&mut reader).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEnd);
    }
}

#[test]
fn lengths_beyond_all_bytes_end_a_reader_and_a_slice() {
    let end = |length: &[u8]| {
        let bytes = [&[0xB1][..], length, &fingerprint_of(&to_vec(&()).unwrap())].concat();
        let read = Loader::new().from_reader::<(), _>(bytes.as_slice()).unwrap_err();
        let taken = from_slice::<()>(&bytes).unwrap_err();
        assert_eq!(read.kind(), taken.kind(), "{length:02x?}");
        taken.kind()
    };
    for count in 1..=8 {
        let length = [&vec![0x80; count][..], &[1]].concat();
        assert_eq!(end(&length), ErrorKind::UnexpectedEnd, "{length:02x?}");
    }
    let largest = [&[0xFF; 9][..], &[1]].concat();
    assert_eq!(end(&largest), ErrorKind::UnexpectedEnd);
    assert_eq!(end(&[&[0xFF; 9][..], &[2]].concat()), ErrorKind::Malformed);
    assert_eq!(end(&[0x80, 0]), ErrorKind::Malformed);
}

#[test]
fn a_buffer_that_holds_more_keeps_it_and_a_failed_dump_leaves_it_alone() {
    let mut buffer = vec![1, 2, 3];
    let cell = RefCell::new("x".repeat(200));
    small().append_to(&cell, &mut buffer).unwrap();
    assert_eq!(buffer[..3], [1, 2, 3]);
    assert_eq!(from_slice::<String>(&buffer[3..]).unwrap(), "x".repeat(200));
    let before = buffer.clone();
    let _guard = cell.borrow_mut();
    assert_eq!(small().append_to(&cell, &mut buffer).unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(buffer, before);
}

#[test]
fn another_type_is_a_mismatch_that_names_both_fingerprints() {
    let bytes = small().to_vec(&tick()).unwrap();
    let error = from_slice::<(String, u32)>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert_eq!(error.offset(), Some(0));
    let theirs = u64::from_le_bytes(fingerprint_of(&to_vec(&tick()).unwrap()));
    let ours = u64::from_le_bytes(fingerprint_of(&to_vec(&("", 0u32)).unwrap()));
    assert_eq!(
        error.to_string(),
        format!(
            "the stream holds a value of a type with the fingerprint {theirs:016x}, \
             not `tuple<str, u32>` ({ours:016x}) (at byte 0)"
        )
    );
    assert!(format!("{error:#}").contains("asked for:\ntuple<str, u32>"), "{error:#}");
}

#[test]
fn a_loader_that_knows_the_other_program_shows_it() {
    let mut programs = Programs::new();
    programs.add::<Tick>().unwrap();
    let bytes = small().to_vec(&tick()).unwrap();
    let loader = Loader::new().programs(&programs);
    let error = loader.from_slice::<(String, u32)>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert!(
        error.to_string().starts_with("the stream has `app.Tick`, which cannot become `tuple<"),
        "{error}"
    );
    assert!(format!("{error:#}").contains("symbol: str"), "{error:#}");
    // One that knows others says as much as one that knows none.
    let mut others = Programs::new();
    others.add::<u8>().unwrap();
    let error = Loader::new().programs(&others).from_slice::<bool>(&bytes).unwrap_err();
    assert_eq!(error.to_string(), from_slice::<bool>(&bytes).unwrap_err().to_string());
    assert_eq!(loader.from_slice::<Tick>(&bytes).unwrap(), tick());
}

#[test]
fn a_message_of_a_type_that_has_changed_is_adapted_where_its_program_is_known() {
    let mut programs = Programs::new();
    programs.add::<Vec<(u8, String)>>().unwrap();
    let bytes = small().to_vec(&vec![(7u8, "seven".to_string())]).unwrap();
    assert!(from_slice::<Vec<(i64, Box<str>)>>(&bytes).is_err());
    let loader = Loader::new().programs(&programs);
    let adapted: Vec<(i64, Box<str>)> = loader.from_slice(&bytes).unwrap();
    assert_eq!(adapted, [(7, "seven".into())]);
}

#[test]
fn types_of_one_program_read_each_others_messages() {
    let bytes = small().to_vec(&vec![1u8, 2]).unwrap();
    assert_eq!(from_slice::<Box<[u8]>>(&bytes).unwrap()[..], [1, 2]);
    assert_eq!(from_slice::<&[u8]>(&bytes).unwrap(), [1, 2]);
    let map = HashMap::from([(2u8, 'b'), (1, 'a'), (3, 'c')]);
    let sorted = small().canonical(true).to_vec(&map).unwrap();
    assert_eq!(sorted[10..], [6, 1, b'a', 2, b'b', 3, b'c']);
    assert_eq!(from_slice::<HashMap<u8, char>>(&sorted).unwrap(), map);
}

thread_local!(static CALLS: Cell<u32> = const { Cell::new(0) });

#[derive(Reduce, Debug)]
struct Counted {
    of: u8,
    #[reduce(skip, rebuild = count)]
    _calls: (),
}

fn count(_: &u8) {
    CALLS.set(CALLS.get() + 1);
}

#[test]
fn no_function_runs_before_the_whole_message_is_found_well_formed() {
    let bytes = small().to_vec(&(Counted { of: 4, _calls: () }, true)).unwrap();
    for (broken, kind) in [
        ([&bytes[..bytes.len() - 1], &[7]].concat(), ErrorKind::Malformed),
        ([&[0xB1, 3], &bytes[2..], &[0]].concat(), ErrorKind::TrailingBytes),
        ([&[0xB1, 1], &bytes[2..bytes.len() - 1]].concat(), ErrorKind::UnexpectedEnd),
    ] {
        assert_eq!(from_slice::<(Counted, bool)>(&broken).unwrap_err().kind(), kind);
        assert_eq!(CALLS.get(), 0);
    }
    assert_eq!(from_slice::<(Counted, bool)>(&bytes).unwrap().0.of, 4);
    assert_eq!(CALLS.get(), 1);
}

#[derive(Reduce)]
struct Node {
    id: u8,
    #[reduce(state)]
    next: RefCell<Option<Rc<Node>>>,
}

#[test]
fn graphs_go_into_messages() {
    let shared = Rc::new(5u8);
    let bytes = small().to_vec(&(shared.clone(), shared.clone())).unwrap();
    let (a, b): (Rc<u8>, Rc<u8>) = from_slice(&bytes).unwrap();
    assert!(Rc::ptr_eq(&a, &b));

    // A weak pointer in front of its object, which is written there.
    let bytes = small().to_vec(&(Rc::downgrade(&shared), shared)).unwrap();
    let (weak, strong): (Weak<u8>, Rc<u8>) = from_slice(&bytes).unwrap();
    assert!(Rc::ptr_eq(&weak.upgrade().unwrap(), &strong));
    assert_eq!(bytes[0], 0xB1);

    // A child in front of its parent: both stand ahead of the value, which a flag says.
    #[derive(Reduce, Default)]
    struct Folder {
        parent: RefCell<Weak<Folder>>,
        folders: RefCell<Vec<Rc<Folder>>>,
    }
    let (root, child) = (Rc::new(Folder::default()), Rc::new(Folder::default()));
    *child.parent.borrow_mut() = Rc::downgrade(&root);
    root.folders.borrow_mut().push(child.clone());
    let bytes = small().to_vec(&(child, root)).unwrap();
    let (child, root): (Rc<Folder>, Rc<Folder>) = from_slice(&bytes).unwrap();
    assert!(Rc::ptr_eq(&child, &root.folders.borrow()[0]));
    assert!(Rc::ptr_eq(&child.parent.borrow().upgrade().unwrap(), &root));
    assert_eq!(bytes[0], 0xB9);
    let mut none = bytes.clone();
    none[10] = 0;
    let error = from_slice::<(Rc<Folder>, Rc<Folder>)>(&none).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Malformed);

    let node = Rc::new(Node { id: 9, next: RefCell::new(None) });
    *node.next.borrow_mut() = Some(node.clone());
    let bytes = small().to_vec(&node).unwrap();
    node.next.take();
    let again: Rc<Node> = from_slice(&bytes).unwrap();
    assert!(Rc::ptr_eq(&again, again.next.borrow().as_ref().unwrap()));
    assert_eq!(again.id, 9);
    again.next.take();
    // Queued states that are missing, or something else in their place.
    let states = 4;
    let missing = [&[0xB1, bytes[1] - states], &bytes[2..bytes.len() - 4]].concat();
    assert_eq!(from_slice::<Rc<Node>>(&missing).err().unwrap().kind(), ErrorKind::UnexpectedEnd);
    let others = [&missing[..], &[0x2E, 1, 0x20, 0]].concat();
    let others = [&[0xB1, missing[1] + states], &others[2..]].concat();
    assert_eq!(from_slice::<Rc<Node>>(&others).err().unwrap().kind(), ErrorKind::Malformed);
}

#[reduce_core::object]
trait Shape {}

#[derive(Reduce)]
#[reduce(name = "geo.Square", implements(Shape))]
struct Square {
    _side: u8,
}
impl Shape for Square {}

#[test]
fn trait_objects_without_codes_are_refused_with_the_way_out() {
    let mut registry = Registry::new();
    registry.register::<Square>().unwrap();
    let shapes: Vec<Box<dyn Shape>> = vec![Box::new(Square { _side: 2 })];
    let dumper = small().registry(&registry);
    let error = dumper.to_vec(&shapes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(
        error.to_string(),
        "[0]: the type behind a `dyn Shape` is defined in the stream, and a message with a fingerprint has no \
         definitions: give the type a code with `Registry::code`, or dump it without `Dumper::fingerprint`"
    );
    // An empty list of them needs no definitions.
    let none: Vec<Box<dyn Shape>> = vec![];
    let bytes = dumper.to_vec(&none).unwrap();
    let loader = Loader::new().registry(&registry);
    assert_eq!(loader.from_slice::<Vec<Box<dyn Shape>>>(&bytes).unwrap().len(), 0);
}

#[test]
fn messages_are_shown_with_their_program_or_up_to_it() {
    let bytes = small().to_vec(&tick()).unwrap();
    let mut programs = Programs::new();
    programs.add::<Tick>().unwrap();
    let known = Disassembler::new().programs(&programs);
    insta::assert_snapshot!(known.disassemble(&bytes).unwrap());

    let unknown = disassemble(&[&bytes[..], &to_vec(&1u8).unwrap()].concat()).unwrap();
    assert_eq!(unknown.error().unwrap().kind(), ErrorKind::UnknownProgram);
    // What follows is shown all the same.
    assert_eq!(unknown.instructions().last().unwrap().stream, 1);
    insta::assert_snapshot!(unknown);
}

fn one<T: Reduce>(value: &T) -> Programs {
    let mut programs = Programs::new();
    programs.add_stream(&to_vec(value).unwrap()).unwrap();
    programs
}

#[test]
fn a_store_is_filled_from_types_and_from_streams() {
    let file = [
        to_vec(&tick()).unwrap(),
        small().to_vec(&1u64).unwrap(),
        to_vec(&1u8).unwrap(),
        to_vec(&tick()).unwrap(),
    ]
    .concat();
    let mut programs = Programs::new();
    assert!(programs.is_empty());
    programs.add_stream(&file).unwrap().add::<u8>().unwrap();
    assert_eq!(programs.len(), 2);
    let mut types = Programs::new();
    types.add::<u8>().unwrap().add::<Tick>().unwrap();
    assert_eq!(format!("{programs:?}"), format!("{types:?}"));

    // What is added to a clone stays there.
    let mut more = programs.clone();
    more.add::<bool>().unwrap();
    assert_eq!((programs.len(), more.len()), (2, 3));

    assert_eq!(programs.add_stream(b"text").unwrap_err().kind(), ErrorKind::NotAStream);
    let torn = programs.add_stream(&file[..file.len() - 1]).unwrap_err();
    assert_eq!(torn.kind(), ErrorKind::UnexpectedEnd);
    let mut broken = to_vec(&'c').unwrap();
    broken[11] = 0x3F;
    assert_eq!(programs.add_stream(&broken).unwrap_err().kind(), ErrorKind::Malformed);
    assert_eq!(programs.len(), 2);
}

fn again<T: Reduce + for<'de> Expand<'de>>(value: &T) -> T {
    from_slice(&to_vec(value).unwrap()).unwrap()
}

#[test]
fn a_store_is_a_value() {
    let mut programs = one(&tick());
    programs.add::<u8>().unwrap();
    let loaded = again(&programs);
    assert_eq!(format!("{loaded:?}"), format!("{programs:?}"));
    // It may stand anywhere.
    let (name, inner) = again(&("store".to_string(), Some(programs.clone())));
    assert_eq!((name.as_str(), inner.unwrap().len()), ("store", 2));
    assert_eq!(again(&Programs::new()).len(), 0);
}

#[test]
fn a_store_refuses_programs_that_are_none() {
    for block in [&[][..], &[2u8, 0, 0x3F], &[2, 0], &[2, 0, 4, 0]] {
        let bytes = to_vec(&vec![block]).unwrap();
        let error = from_slice::<Programs>(&bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue, "{block:02x?}");
    }
    let bytes = to_vec(&vec![&[2u8, 0, 4][..]]).unwrap();
    assert_eq!(from_slice::<Programs>(&bytes).unwrap().len(), 1);
}

fn shared<T: Send + Sync + Debug>() {}

#[test]
fn stores_go_to_other_threads() {
    shared::<Programs>();
    shared::<Disassembler>();
}
