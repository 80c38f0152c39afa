//! What loads, checks and dumps allocate, counted.

#[allow(dead_code)]
mod corpus;

use allocation_counter::measure;
use corpus::stream::{Stream, varint};
use reduce_core::{
    Dumper, Error, Expand, Limits, Loader, Reduce, check, from_slice, opcode, to_vec,
};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

/// The first place of a table.
const FIRST: u64 = 0x40;

/// The most bytes that were allocated at one time.
fn peak(run: impl FnOnce()) -> u64 {
    measure(run).bytes_max
}

/// What is promised under `Limits::strict`.
fn bound(input: &[u8]) -> u64 {
    (256 << 10) + 64 * input.len() as u64
}

fn assert_within(what: &str, bytes: &[u8], run: impl FnOnce()) {
    let peak = peak(run);
    assert!(peak <= bound(bytes), "{what}: {peak} bytes for a stream of {}", bytes.len());
}

fn load<T: for<'de> Expand<'de>>(bytes: &[u8]) -> Result<T, Error> {
    Loader::new().limits(Limits::strict()).from_slice::<T>(bytes)
}

fn untyped(what: &str, bytes: &[u8]) {
    assert_within(&format!("{what}, checked"), bytes, || drop(check(bytes, &Limits::strict())));
    assert_within(&format!("{what}, as a `Value`"), bytes, || {
        drop(Loader::new().limits(Limits::strict()).value_from_slice(bytes));
    });
}

#[test]
fn strict_limits_hold_for_every_stream_of_the_corpus_and_its_broken_copies() {
    let cases = corpus::all().into_iter().map(|case| (case.name, case.bytes));
    let mut seen = 0;
    for (name, bytes) in cases.chain(corpus::graphs::streams()) {
        untyped(name, &bytes);
        for end in (0..bytes.len()).step_by(1 + bytes.len() / 16) {
            untyped(name, &bytes[..end]);
        }
        for place in (9..bytes.len()).step_by(1 + bytes.len() / 48) {
            for with in [0x00, 0x01, 0x40, 0x7F, 0x80, 0xFF] {
                let mut broken = bytes.clone();
                broken[place] = with;
                untyped(name, &broken);
            }
        }
        seen += 1;
    }
    assert!(seen > 70, "{seen}");
}

/// Loads under strict limits, of claims of any size, with a few bytes and with many behind them.
fn sweep<T: for<'de> Expand<'de>>(name: &str, definitions: &[&[u8]], root: u64) {
    for claim in [0u64, 1, 1000, 1 << 20, 1 << 31, 1 << 32, 1 << 60, u64::MAX >> 1] {
        for behind in [0usize, 3, 1000, 100_000] {
            let data = [&varint(claim << 1)[..], &vec![1; behind]].concat();
            let bytes = Stream::new(definitions, root, &data).bytes();
            assert_within(name, &bytes, || drop(load::<T>(&bytes)));
            untyped(name, &bytes);
        }
    }
}

#[test]
fn strict_limits_hold_for_claims_of_any_size() {
    let list = |of| [opcode::LIST, of];
    sweep::<Vec<()>>("units", &[&list(opcode::UNIT)], FIRST);
    sweep::<Vec<u8>>("bytes", &[&list(opcode::U8)], FIRST);
    sweep::<Vec<u64>>("numbers", &[&list(opcode::U64)], FIRST);
    sweep::<Vec<u128>>("wide numbers", &[&list(opcode::U128)], FIRST);
    sweep::<Vec<f64>>("floats", &[&list(opcode::F64)], FIRST);
    sweep::<Vec<String>>("texts", &[&list(opcode::STR)], FIRST);
    sweep::<HashSet<u16>>("a set", &[&list(opcode::U16)], FIRST);
    let map = [opcode::MAP, opcode::U16, opcode::BOOL];
    sweep::<HashMap<u16, bool>>("a hash map", &[&map], FIRST);
    sweep::<BTreeMap<u16, bool>>("an ordered map", &[&map], FIRST);
    let option = [opcode::OPTION, FIRST as u8];
    let wide = [&[opcode::ARRAY][..], &[64, opcode::U64]].concat();
    let options = [opcode::LIST, FIRST as u8 + 1];
    sweep::<Vec<Option<[u64; 64]>>>("wide options", &[&wide, &option, &options], FIRST + 2);
    let shared = [opcode::SHARED, opcode::U64];
    let objects = [opcode::LIST, FIRST as u8];
    sweep::<Vec<Rc<u64>>>("objects", &[&shared, &objects], FIRST + 1);
    let inner = list(opcode::UNIT);
    let nested = [opcode::LIST, FIRST as u8];
    sweep::<Vec<Vec<()>>>("lists", &[&inner, &nested], FIRST + 1);
}

#[test]
fn honest_values_of_usual_sizes_pass_under_strict_limits() -> Result<(), Error> {
    let orders: Vec<(u64, String, Vec<f64>)> =
        (0..5000).map(|n| (n, format!("order {n}"), vec![0.5; 3])).collect();
    let bytes = to_vec(&orders)?;
    let mut loaded = None;
    assert_within("orders", &bytes, || loaded = Some(load::<Vec<(u64, String, Vec<f64>)>>(&bytes)));
    assert_eq!(loaded.unwrap()?, orders);
    Ok(())
}

#[derive(Reduce, Clone, PartialEq, Debug)]
struct Message {
    id: u64,
    user: String,
    scores: Vec<u32>,
    place: Option<(f64, f64)>,
    tags: BTreeMap<String, bool>,
}

fn message() -> Message {
    Message {
        id: 7,
        user: "ann".into(),
        scores: vec![1, 200, 30_000],
        place: Some((0.5, -1.0)),
        tags: BTreeMap::from([("new".into(), true), ("old".into(), false)]),
    }
}

#[derive(Reduce)]
struct Scene {
    nodes: Vec<Rc<Scene>>,
    name: Rc<str>,
}

fn scene() -> Scene {
    let name: Rc<str> = "shared".into();
    let leaf = || Rc::new(Scene { nodes: vec![], name: name.clone() });
    let (one, two) = (leaf(), leaf());
    Scene { nodes: vec![one.clone(), two, one], name }
}

/// How often dumps into a buffer that is used again allocate, when it has been used once.
fn dumps<T: Reduce>(dumper: &Dumper, value: &T) -> u64 {
    let mut buffer = Vec::new();
    dumper.append_to(value, &mut buffer).unwrap();
    buffer.clear();
    let counted = measure(|| {
        for _ in 0..10 {
            dumper.append_to(value, &mut buffer).unwrap();
            buffer.clear();
        }
    });
    counted.count_total
}

#[test]
fn dumps_into_a_used_buffer_allocate_nothing() {
    let dumper = Dumper::new();
    assert_eq!(dumps(&dumper, &message()), 0);
    assert_eq!(dumps(&dumper, &vec![message(); 100]), 0);
    assert_eq!(dumps(&dumper, &vec![1.5f64; 10_000]), 0);
    assert_eq!(dumps(&Dumper::new().fingerprint(true), &message()), 0);
    // The memo of objects is kept too.
    assert_eq!(dumps(&dumper, &scene()), 0);
}

/// How often a load allocates, and how often a clone of the value does.
fn loads<T: for<'de> Expand<'de> + Clone>(loader: &Loader, bytes: &[u8]) -> (u64, u64) {
    let value = loader.from_slice::<T>(bytes).unwrap();
    let load = measure(|| drop(loader.from_slice::<T>(bytes).unwrap()));
    (load.count_total, measure(|| drop(value.clone())).count_total)
}

#[test]
fn loads_allocate_what_the_value_does() {
    let loader = Loader::new();
    let (load, clone) = loads::<Message>(&loader, &to_vec(&message()).unwrap());
    assert_eq!(load, clone);
    let rows = Dumper::new().columns(false).to_vec(&vec![message(); 100]).unwrap();
    let (load, clone) = loads::<Vec<Message>>(&loader, &rows);
    assert_eq!(load, clone);
    // Whatever the number of rows: a place for what is kept for the next load, and the different texts of each column of them.
    let (load, clone) = loads::<Vec<Message>>(&loader, &to_vec(&vec![message(); 100]).unwrap());
    assert!(load <= clone + 16, "{load} against {clone}");
    let (load, clone) = loads::<Vec<f64>>(&loader, &to_vec(&vec![1.5; 10_000]).unwrap());
    assert_eq!(load, clone);
}

#[test]
fn what_is_borrowed_allocates_nothing() {
    let bytes = to_vec(&("text", [1u8; 300].as_slice(), 7u64)).unwrap();
    let load = measure(|| {
        from_slice::<(&str, &[u8], u64)>(&bytes).unwrap();
    });
    assert_eq!(load.count_total, 0);
}

/// Beside the objects, a load has its memo, which grows by halves.
#[test]
fn loads_of_objects_allocate_the_objects_and_a_memo() {
    let objects: Vec<Rc<u64>> = (0..1000).map(Rc::new).collect();
    let bytes = to_vec(&objects).unwrap();
    let load = measure(|| drop(from_slice::<Vec<Rc<u64>>>(&bytes).unwrap()));
    // The list, and 1000 objects.
    let beside = load.count_total - 1001;
    assert!(beside <= 30, "{beside}");
}
