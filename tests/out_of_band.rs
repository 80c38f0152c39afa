//! Buffers outside of the stream, as of PEP 574: what is offered, what comes back, and what is refused.

#[allow(dead_code)]
mod corpus;

use corpus::stream::Stream;
use reduce_core::opcode::{BUFFER, LIST, STR, U8};
use reduce_core::{
    BoxError, Dumper, Error, ErrorKind, Limits, Loader, Reduce, Registry, disassemble,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};
use std::num::Wrapping;
use std::rc::{Rc, Weak};
use std::sync::Arc;

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Frame {
    number: u32,
    #[reduce(out_of_band)]
    pixels: Vec<u8>,
    text: Vec<u8>,
}

fn frame(number: u32, length: usize) -> Frame {
    Frame { number, pixels: vec![number as u8; length], text: vec![1; 2000] }
}

/// The stream, and what was taken out of it.
fn dump<T: Reduce + ?Sized>(value: &T) -> (Vec<u8>, Vec<Vec<u8>>) {
    dump_with(&Dumper::new(), value).unwrap()
}

fn dump_with<T: Reduce + ?Sized>(
    dumper: &Dumper,
    value: &T,
) -> Result<(Vec<u8>, Vec<Vec<u8>>), Error> {
    let mut taken = Vec::new();
    let take = |bytes: &[u8]| {
        taken.push(bytes.to_vec());
        Ok(true)
    };
    let bytes = dumper.buffers(take).to_vec(value)?;
    Ok((bytes, taken))
}

#[track_caller]
fn refused<T: std::fmt::Debug>(loaded: Result<T, Error>, kind: ErrorKind, text: &str) {
    let error = loaded.unwrap_err();
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(text), "{error}");
}

#[test]
fn marked_fields_are_left_out_and_come_back() {
    let frames = vec![frame(1, 5000), frame(2, 3000), frame(3, 10)];
    let (bytes, taken) = dump(&frames);
    assert_eq!(taken, [vec![1; 5000], vec![2; 3000]]);
    assert!((6000..6200).contains(&bytes.len()), "{}", bytes.len());
    assert_eq!(Loader::new().buffers(&taken).from_slice::<Vec<Frame>>(&bytes).unwrap(), frames);
    let (again, rest) =
        Loader::new().buffers(&taken).take_from_slice::<Vec<Frame>>(&bytes).unwrap();
    assert_eq!((again, rest.len()), (frames.clone(), 0));
    let read = Loader::new().buffers(&taken).from_reader::<Vec<Frame>, _>(&bytes[..]).unwrap();
    assert_eq!(read, frames);
}

#[test]
fn the_bytes_are_offered_as_they_lie_in_the_value() {
    let value = frame(1, 5000);
    let mut seen = Vec::new();
    let take = |bytes: &[u8]| {
        seen.push(bytes.as_ptr_range());
        Ok(true)
    };
    Dumper::new().buffers(take).to_vec(&value).unwrap();
    assert_eq!(seen, [value.pixels.as_ptr_range()]);
}

#[test]
fn what_can_borrow_does_and_all_else_is_a_copy() {
    #[derive(Reduce, Debug, PartialEq)]
    struct All<'a> {
        #[reduce(out_of_band)]
        slice: &'a [u8],
        #[reduce(out_of_band)]
        cow: Cow<'a, [u8]>,
        #[reduce(out_of_band)]
        boxed: Box<[u8]>,
        #[reduce(out_of_band)]
        shared: [Arc<[u8]>; 2],
        #[reduce(out_of_band)]
        nested: Option<(u8, Vec<Vec<u8>>)>,
    }
    let shared: Arc<[u8]> = vec![4; 1024].into();
    let all = All {
        slice: &[1; 2048],
        cow: Cow::Owned(vec![2; 2048]),
        boxed: vec![3; 2048].into(),
        shared: [shared.clone(), shared],
        nested: Some((7, vec![vec![5; 1024], vec![6; 1023]])),
    };
    let (bytes, taken) = dump(&all);
    assert_eq!(taken.iter().map(|taken| taken[0]).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    let again: All<'_> = Loader::new().buffers(&taken).from_slice(&bytes).unwrap();
    assert_eq!(again, all);
    assert_eq!(again.slice.as_ptr(), taken[0].as_ptr());
    assert!(matches!(again.cow, Cow::Borrowed(cow) if cow.as_ptr() == taken[1].as_ptr()));
    assert!(Arc::ptr_eq(&again.shared[0], &again.shared[1]));
}

#[test]
fn the_program_is_that_of_a_list_whoever_loads_it() {
    #[derive(Reduce)]
    #[reduce(transparent)]
    struct Bytes(#[reduce(out_of_band)] Vec<u8>);

    let value = Bytes((0..=255).cycle().take(1024).collect());
    let (bytes, taken) = dump(&value);
    let loader = Loader::new();
    let load = loader.buffers(&taken);
    assert_eq!(load.from_slice::<VecDeque<u8>>(&bytes).unwrap(), value.0);
    let wrapped = load.from_slice::<Vec<Wrapping<u8>>>(&bytes).unwrap();
    assert!(wrapped.iter().map(|byte| byte.0).eq(value.0.iter().copied()));
    assert_eq!(load.from_slice::<BinaryHeap<u8>>(&bytes).unwrap().len(), 1024);
    refused(load.from_slice::<BTreeSet<u8>>(&bytes), ErrorKind::InvalidValue, "twice");
}

#[test]
fn without_a_taker_all_is_in_band() {
    let value = vec![frame(1, 5000)];
    let plain = Dumper::new().to_vec(&value).unwrap();
    assert_eq!(reduce_core::from_slice::<Vec<Frame>>(&plain).unwrap(), value);
    // One who takes nothing gets the same bytes.
    let mut offered = 0;
    let refuse = |bytes: &[u8]| {
        offered += bytes.len();
        Ok(false)
    };
    assert_eq!(Dumper::new().buffers(refuse).to_vec(&value).unwrap(), plain);
    assert_eq!(offered, 5000);
    let none: [Vec<u8>; 0] = [];
    assert_eq!(Loader::new().buffers(&none).from_slice::<Vec<Frame>>(&plain).unwrap(), value);
}

#[test]
fn numbers_count_only_what_was_taken() {
    let frames: Vec<Frame> = (0..4).map(|n| frame(n, 2000)).collect();
    let mut taken: Vec<Vec<u8>> = Vec::new();
    let mut turn = false;
    let every_other = |bytes: &[u8]| {
        turn = !turn;
        if !turn {
            taken.push(bytes.to_vec());
        }
        Ok(!turn)
    };
    let bytes = Dumper::new().buffers(every_other).to_vec(&frames).unwrap();
    assert_eq!(taken, [vec![1; 2000], vec![3; 2000]]);
    assert_eq!(Loader::new().buffers(&taken).from_slice::<Vec<Frame>>(&bytes).unwrap(), frames);
}

#[test]
fn the_least_length_is_the_sessions() {
    let taken = |least, length| {
        dump_with(&Dumper::new().least_buffer(least), &frame(1, length)).unwrap().1.len()
    };
    assert_eq!([taken(1024, 1023), taken(1024, 1024)], [0, 1]);
    assert_eq!([taken(0, 0), taken(1, 0), taken(1, 1)], [1, 0, 1]);
}

#[test]
fn an_error_of_the_taker_ends_the_dump_and_leaves_the_buffer_as_it_was() {
    let full = |_: &[u8]| -> Result<bool, BoxError> { Err("the disk is full".into()) };
    let mut out = vec![9];
    let error = Dumper::new().buffers(full).append_to(&vec![frame(1, 5000)], &mut out).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Buffers, "[0].pixels".into()));
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the disk is full");
    assert_eq!(out, [9]);
}

#[test]
fn buffers_that_are_not_those_of_the_dump_are_errors() {
    let frames = vec![frame(1, 2000), frame(2, 3000)];
    let (bytes, taken) = dump(&frames);
    let load = |buffers: &[&[u8]]| {
        Loader::new().buffers(buffers.iter().copied()).from_slice::<Vec<Frame>>(&bytes)
    };
    let (one, two) = (&taken[0][..], &taken[1][..]);
    let kind = ErrorKind::Buffers;
    refused(Loader::new().from_slice::<Vec<Frame>>(&bytes), kind, "hand them over with");
    refused(load(&[]), kind, "hand them over with");
    refused(load(&[one]), kind, "the buffer 1, but only 1 were given");
    refused(load(&[one, two, two]), kind, "3 buffers were given to the session, but the stream");
    refused(load(&[two, one]), kind, "the buffer 0 has 3000 bytes, but the stream was dumped with");
    assert_eq!(load(&[two, one]).unwrap_err().path(), "[0].pixels");
    assert_eq!(load(&[one, two]).unwrap(), frames);
}

#[test]
fn buffers_are_checked_before_a_function_of_the_users_runs() {
    #[derive(Reduce, Debug)]
    struct Opened {
        #[reduce(skip, rebuild = never, from())]
        _handle: u8,
        #[reduce(out_of_band)]
        content: Vec<u8>,
    }
    fn never() -> u8 {
        panic!("the load is refused before")
    }
    let (bytes, taken) = dump(&Opened { _handle: 0, content: vec![1; 2000] });
    let short = [&taken[0][1..]];
    let missing = Loader::new().from_slice::<Opened>(&bytes);
    refused(missing, ErrorKind::Buffers, "hand them over with");
    let loaded = Loader::new().buffers(short).from_slice::<Opened>(&bytes);
    refused(loaded, ErrorKind::Buffers, "has 1999 bytes");
    let twice = [&taken[0], &taken[0]];
    let loaded = Loader::new().buffers(twice).from_slice::<Opened>(&bytes);
    refused(loaded, ErrorKind::Buffers, "2 buffers were given");
}

#[test]
fn hostile_numbers_lengths_and_places_are_refused() {
    let bytes = |data: &[u8]| Stream::new(&[&[LIST, U8], &[LIST, 0x40]], 0x41, data).bytes();
    let two = [vec![7u8; 3], vec![8; 2]];
    let load = |data: &[u8]| Loader::new().buffers(&two).from_slice::<Vec<Vec<u8>>>(&bytes(data));
    assert_eq!(load(&[4, 7, BUFFER, 0, 5, BUFFER, 1]).unwrap(), two);
    let malformed = ErrorKind::Malformed;
    refused(load(&[4, 7, BUFFER, 0, 7, BUFFER, 0]), malformed, "the buffer 0 stands twice");
    refused(load(&[4, 5, BUFFER, 1, 7, BUFFER, 0]), malformed, "the buffer 1 comes too early");
    refused(load(&[4, 7, BUFFER, 0x80, 0x00]), malformed, "longer than it must be");
    refused(load(&[4, 5, BUFFER, 0]), ErrorKind::Buffers, "the buffer 0 has 3 bytes");
    refused(load(&[2, 7, BUFFER, 0]), ErrorKind::Buffers, "2 buffers were given");
    refused(load(&[5, BUFFER, 0]), malformed, "the layout `buffer` is for lists of numbers alone");
    let huge = [2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, BUFFER, 0];
    refused(load(&huge), ErrorKind::Limit, "more elements than the limit");
    // The disassembler has no buffers: it reads their numbers and claims.
    let shown = disassemble(&bytes(&huge)).unwrap();
    assert!(shown.error().is_none(), "{shown}");
    assert!(shown.to_string().contains("list<u8> = 0, 9223372036854775807 bytes"), "{shown}");
    let shown = disassemble(&bytes(&[4, 7, BUFFER, 0, 7, BUFFER, 0])).unwrap();
    assert!(shown.error().unwrap().to_string().contains("the buffer 0 stands twice"));
    let text = Stream::new(&[&[LIST, STR]], 0x40, &[3, BUFFER, 0]).bytes();
    let shown = disassemble(&text).unwrap();
    assert!(shown.error().unwrap().to_string().contains("numbers alone"), "{shown}");
    let loaded = Loader::new().buffers([b"\x00"]).from_slice::<Vec<String>>(&text);
    refused(loaded, malformed, "numbers alone");
}

#[test]
fn copies_are_paid_for_and_borrows_are_not() {
    #[derive(Reduce, Debug)]
    struct Bytes<'a>(#[reduce(out_of_band)] Cow<'a, [u8]>);
    #[derive(Reduce, Debug)]
    #[reduce(name = "Bytes")]
    struct Copied(#[reduce(out_of_band)] Vec<u8>);

    let (bytes, taken) = dump(&Bytes(vec![1; 5000].into()));
    let loader = Loader::new().limits(Limits::default().bytes(4999));
    let load = loader.buffers(&taken);
    assert_eq!(load.from_slice::<Bytes<'_>>(&bytes).unwrap().0.len(), 5000);
    refused(load.from_slice::<Copied>(&bytes), ErrorKind::Limit, "`Limits::bytes`");
    // By default a load may use what its buffers grant, as it may what the stream grants.
    let (bytes, taken) = dump(&Copied(vec![1; 100 << 20]));
    let copied = Loader::new().buffers(&taken).from_slice::<Copied>(&bytes).unwrap();
    assert_eq!(copied.0, taken[0]);
}

#[test]
fn canonical_keys_are_offered_once() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Table {
        #[reduce(out_of_band)]
        rows: BTreeMap<Vec<u8>, Vec<u8>>,
        #[reduce(out_of_band)]
        set: BTreeSet<Vec<u8>>,
    }
    let table = Table {
        rows: BTreeMap::from([(vec![2; 2000], vec![3; 2000]), (vec![1; 3000], vec![4; 2000])]),
        set: BTreeSet::from([vec![5; 2000], vec![6; 2000]]),
    };
    let canonical = Dumper::new().canonical(true);
    let (bytes, taken) = dump_with(&canonical, &table).unwrap();
    let mut first: Vec<u8> = taken.iter().map(|taken| taken[0]).collect();
    assert_eq!(dump_with(&canonical, &table).unwrap(), (bytes.clone(), taken.clone()));
    assert_eq!(Loader::new().buffers(&taken).from_slice::<Table>(&bytes).unwrap(), table);
    first.sort_unstable();
    assert_eq!(first, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_value_written_in_another_order_offers_each_buffer_once() {
    #[derive(Reduce)]
    struct Node {
        #[reduce(out_of_band)]
        content: Vec<u8>,
    }
    #[derive(Reduce)]
    struct Graph {
        // Weak pointers in front of the owners: the owners are written ahead.
        seen: Vec<Weak<Node>>,
        #[reduce(out_of_band)]
        cover: Vec<u8>,
        nodes: Vec<Rc<Node>>,
    }
    let nodes: Vec<_> = (1..4).map(|n| Rc::new(Node { content: vec![n; 2000] })).collect();
    let seen = nodes.iter().rev().map(Rc::downgrade).collect();
    let (bytes, taken) = dump(&Graph { seen, cover: vec![9; 2000], nodes });
    // In the order of the stream.
    let first: Vec<u8> = taken.iter().map(|taken| taken[0]).collect();
    assert_eq!(first.len(), 4);
    assert_eq!(first.last(), Some(&9));
    let graph: Graph = Loader::new().buffers(&taken).from_slice(&bytes).unwrap();
    assert_eq!(graph.cover, taken[3]);
    for (n, node) in graph.nodes.iter().enumerate() {
        assert_eq!(node.content, vec![n as u8 + 1; 2000]);
        assert!(Rc::ptr_eq(&graph.seen[2 - n].upgrade().unwrap(), node));
    }
}

#[reduce_core::object]
trait Layer {
    fn content(&self) -> &[u8];
}

#[derive(Reduce)]
#[reduce(name = "Raster", implements(Layer))]
struct Raster {
    #[reduce(out_of_band)]
    content: Vec<u8>,
}

impl Layer for Raster {
    fn content(&self) -> &[u8] {
        &self.content
    }
}

#[test]
fn buffers_behind_trait_objects_are_offered_once() {
    let mut registry = Registry::new();
    registry.register::<Raster>().unwrap();
    let layers: Vec<Box<dyn Layer>> = vec![Box::new(Raster { content: vec![1; 2000] })];
    let (bytes, taken) = dump_with(&Dumper::new().registry(&registry), &layers).unwrap();
    assert_eq!(taken, [vec![1; 2000]]);
    let loader = Loader::new().registry(&registry);
    let again: Vec<Box<dyn Layer>> = loader.buffers(&taken).from_slice(&bytes).unwrap();
    assert_eq!(again[0].content(), taken[0]);
    let missing = loader.from_slice::<Vec<Box<dyn Layer>>>(&bytes).map(|layers| layers.len());
    refused(missing, ErrorKind::Buffers, "hand them over with");
}

#[test]
fn a_disassembly_shows_where_the_bytes_are() {
    let (bytes, _) = dump(&frame(1, 5000));
    let shown = disassemble(&bytes).unwrap();
    assert!(shown.error().is_none());
    assert!(shown.to_string().contains("buffer  pixels: list<u8> = 0, 5000 bytes"), "{shown}");
}

#[test]
fn a_session_with_buffers_lends_contexts_too() {
    let (value, context) = (frame(1, 5000), String::from("context"));
    let mut taken = Vec::new();
    let dumper = Dumper::new();
    let dump = dumper.with_context(&context).buffers(|bytes| {
        taken.push(bytes.to_vec());
        Ok(true)
    });
    let bytes = dump.to_vec(&value).unwrap();
    drop(dump);
    let loader = Loader::new();
    let load = loader.with_context(&context).buffers(&taken);
    assert_eq!(load.from_slice::<Frame>(&bytes).unwrap(), value);
    let load = loader.buffers(&taken).with_context(&context);
    assert_eq!(load.from_slice::<Frame>(&bytes).unwrap(), value);
}

#[test]
fn settings_stay_send_and_sync() {
    fn both<T: Send + Sync>() {}
    both::<Dumper>();
    both::<Loader>();
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(validate = Checked::refuse)]
struct Checked {
    #[reduce(out_of_band)]
    bytes: Vec<u8>,
}

impl Checked {
    fn refuse(&self) -> Result<(), &'static str> {
        if self.bytes.first() == Some(&0) { Err("it begins with 0") } else { Ok(()) }
    }
}

#[test]
fn messages_with_fingerprints_have_buffers_too() {
    let dumper = Dumper::new().fingerprint(true);
    let (bytes, taken) = dump_with(&dumper, &frame(1, 5000)).unwrap();
    assert_eq!(taken, [vec![1; 5000]]);
    assert!(bytes.len() < 2050, "{}", bytes.len());
    assert_eq!(Loader::new().buffers(&taken).from_slice::<Frame>(&bytes).unwrap(), frame(1, 5000));
    refused(Loader::new().from_slice::<Frame>(&bytes), ErrorKind::Buffers, "none were given");
    let loader = Loader::new();
    let load = loader.buffers([&taken[0][..], &[1]]);
    refused(load.from_slice::<Frame>(&bytes), ErrorKind::Buffers, "has only 1");

    // Found before the function runs that would refuse the value.
    let (bytes, taken) = dump_with(&dumper, &Checked { bytes: vec![0; 5000] }).unwrap();
    let load = loader.buffers([&taken[0][..], &[1]]);
    refused(load.from_slice::<Checked>(&bytes), ErrorKind::Buffers, "has only 1");
    let load = loader.buffers(&taken);
    refused(load.from_slice::<Checked>(&bytes), ErrorKind::Validate, "begins with 0");
}
