//! What loads, checks and dumps allocate, counted.

#[allow(dead_code)]
mod corpus;

use allocation_counter::measure;
use corpus::every::{self, Entry, Kind, Untyped};
use corpus::large;
use corpus::stream::{Stream, fit, varint};
use reduce::{sample, whole};
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

/// The peaks of many loads under limits that promise a bound.
struct Peaks {
    limits: Limits,
    bound: fn(&[u8]) -> u64,
    /// Of the one that came closest to its bound: the part of it that it took, and what it was.
    worst: (f64, String),
    loads: u64,
}

impl Peaks {
    fn under(limits: Limits, bound: fn(&[u8]) -> u64) -> Self {
        Peaks { limits, bound, worst: (0.0, String::new()), loads: 0 }
    }

    fn strict() -> Self {
        Peaks::under(Limits::strict(), bound)
    }

    fn see(
        &mut self,
        what: &str,
        way: &str,
        bytes: &[u8],
        load: impl Fn(&[u8]) -> Result<(), Error>,
    ) {
        let peak = corpus::under(self.limits, || peak(|| drop(load(bytes))));
        let part = peak as f64 / (self.bound)(bytes) as f64;
        self.loads += 1;
        if part > 1.0 {
            println!("{what}, {way}: {peak} bytes for {}", bytes.len());
        }
        if part > self.worst.0 {
            self.worst = (part, format!("{what}, {way}: {peak} bytes for {}", bytes.len()));
        }
    }

    /// In every way that there is.
    fn entry(&mut self, entry: &Entry, untyped: &Untyped, bytes: &[u8]) {
        for (way, load) in &entry.loads {
            self.see(&entry.name, way, bytes, load);
        }
        if entry.kind == Kind::Stream {
            self.see(&entry.name, "checked", bytes, |bytes| untyped.check(bytes));
            self.see(&entry.name, "as a `Value`", bytes, |bytes| untyped.value(bytes));
        }
    }

    fn gate(self, name: &str) {
        let (part, what) = self.worst;
        let figure = format!("{} loads, at most {:.0}% of it: {what}", self.loads, part * 100.0);
        reduce::gate(name, figure, part <= 1.0);
    }
}

#[test]
fn strict_limits_hold_for_every_stream_of_the_corpus_and_its_broken_copies() {
    let (untyped, mut peaks) = (Untyped::new(), Peaks::strict());
    for (number, entry) in every::all().iter().enumerate() {
        let bytes = &entry.bytes;
        peaks.entry(entry, &untyped, bytes);
        for end in sample(0..bytes.len(), 23, number) {
            peaks.entry(entry, &untyped, &bytes[..end]);
        }
        for place in sample(0..bytes.len() * 6, 61, number) {
            let mut broken = bytes.clone();
            broken[place / 6] = [0x00, 0x01, 0x40, 0x7F, 0x80, 0xFF][place % 6];
            peaks.entry(entry, &untyped, &broken);
        }
    }
    peaks.gate("memory, corpus");
}

/// What lengths claim, as they stand in a stream: with and without the bit beside the length of a list.
fn claims() -> Vec<u64> {
    let claims = [0u64, 1, 1 << 31, 1 << 32, 1 << 60, u64::MAX];
    claims.into_iter().flat_map(|claim| [claim, claim << 1, claim << 1 | 1]).collect()
}

/// Every varint of every stream, lengths among them, claims what it has not.
fn lengths(mut peaks: Peaks, gate: &str) {
    let (untyped, claims) = (Untyped::new(), claims());
    for (number, entry) in every::all().iter().enumerate() {
        for place in sample(0..entry.bytes.len() * claims.len(), 211, number) {
            let (at, claim) = (place / claims.len(), claims[place % claims.len()]);
            let mut rest = entry.bytes[at..].iter();
            let taken = rest.by_ref().take_while(|byte| **byte >= 0x80).count();
            let behind = entry.bytes.get(at + taken + 1..).unwrap_or_default();
            let mut bytes = [&entry.bytes[..at], &varint(claim), behind].concat();
            fit(&mut bytes);
            peaks.entry(entry, &untyped, &bytes);
        }
        for claim in &claims {
            // The header's own length, in both of its forms.
            let mut bytes = entry.bytes.clone();
            if bytes[0] == 0x8F {
                bytes[5..9].copy_from_slice(&(*claim as u32).to_le_bytes());
                peaks.entry(entry, &untyped, &bytes);
                bytes.splice(5..9, [&[0xFF; 4][..], &claim.to_le_bytes()].concat());
                peaks.entry(entry, &untyped, &bytes);
                peaks.see(&entry.name, "from a reader", &bytes, |bytes| {
                    corpus::loader().from_reader::<Vec<u64>, _>(bytes).map(drop)
                });
            }
        }
    }
    peaks.gate(gate);
}

#[test]
fn strict_limits_hold_for_every_length_of_every_stream() {
    lengths(Peaks::strict(), "memory, lengths");
}

fn families(peaks: &mut Peaks, sizes: &[u64]) {
    let untyped = Untyped::new();
    for family in large::families() {
        for size in sizes {
            let bytes = (family.bytes)(*size);
            for (way, load) in family.loads.iter().enumerate() {
                peaks.see(family.name, &format!("type {way}"), &bytes, load);
            }
            if family.whole {
                peaks.see(family.name, "checked", &bytes, |bytes| untyped.check(bytes));
                peaks.see(family.name, "as a `Value`", &bytes, |bytes| untyped.value(bytes));
            }
        }
    }
}

#[test]
fn strict_limits_hold_for_what_takes_the_most_memory_for_its_bytes() {
    let mut peaks = Peaks::strict();
    let sizes: &[u64] =
        if whole() { &[10, 300, 1500, 2047, 3000, 10_000, 60_000] } else { &[300, 2047] };
    families(&mut peaks, sizes);
    peaks.gate("memory, amplifiers");
}

#[test]
fn the_default_budget_holds_for_what_takes_the_most_memory_for_its_bytes() {
    let bound = |input: &[u8]| (64 << 20).max(64 * input.len() as u64);
    let mut peaks = Peaks::under(Limits::default(), bound);
    let sizes: &[u64] = if whole() { &[10_000, 100_000, 450_000] } else { &[1000] };
    families(&mut peaks, sizes);
    peaks.gate("memory, default");
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
