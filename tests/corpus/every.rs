//! One corpus of every kind of stream: what a sweep changes, and how what it makes of them is read again.
//!
//! Streams with their programs and with fingerprints, values in records and passed over, columns, graphs of objects, types
//! that have changed, sessions, streams one behind the other, buffers beside a stream. (`envelopes` needs features.)

use super::{Again, columns, graphs, kept, loader, pass_over, typed_graphs};
use reduce_core::{
    Disassembler, Error, Expand, Programs, Record, Reduce, Registry, Unknown, Value, to_vec,
};
use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::rc::{Rc, Weak};

/// A stream.
pub struct Entry {
    pub name: String,
    pub bytes: Vec<u8>,
    pub kind: Kind,
    /// The ways to its value: each loads it and drops it, or dumps it again.
    pub loads: Vec<(&'static str, Load)>,
}

/// The way to a value of a type that has changed.
pub const CHANGED: &str = "a changed type";
/// The way past a value that the type has no more.
pub const PASSED_OVER: &str = "passed over";

/// Bytes to a value.
pub type Load = Box<dyn Fn(&[u8]) -> Result<(), Error>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One stream that is whole by itself, with or without its programs: all that goes without types reads it.
    Stream,
    /// Several, of a session or one behind the other: what ends behind one of them is whole.
    Several,
    /// A stream in an envelope.
    Envelope,
}

/// What goes without types, and knows all programs of the corpus.
pub struct Untyped {
    programs: Programs,
    disassembler: Disassembler,
}

impl Untyped {
    pub fn new() -> Untyped {
        let mut programs = Programs::new();
        for case in cases() {
            programs.add_stream(&case.bytes).unwrap();
        }
        programs.add::<(Weak<String>, Rc<String>)>().unwrap();
        programs.add::<Vec<Box<dyn Any>>>().unwrap();
        let disassembler = Disassembler::new().programs(&programs);
        Untyped { programs, disassembler }
    }

    /// As a value of any type.
    pub fn value(&self, bytes: &[u8]) -> Result<(), Error> {
        loader().programs(&self.programs).value_from_slice(bytes).map(drop)
    }

    pub fn check(&self, bytes: &[u8]) -> Result<(), Error> {
        loader().programs(&self.programs).check(bytes).map(drop)
    }

    /// What is wrong, as a disassembly tells it.
    pub fn disassemble(&self, bytes: &[u8]) -> Result<(), String> {
        match self.disassembler.disassemble(bytes) {
            Err(error) => Err(error.to_string()),
            Ok(shown) if shown.error().is_some() => Err(shown.to_string()),
            Ok(shown) => {
                let text = shown.to_string();
                assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
                Ok(())
            }
        }
    }
}

/// All values with their types.
pub fn cases() -> Vec<super::Case> {
    let mut cases = super::all();
    cases.extend(columns::all());
    cases
}

pub fn entry(
    name: &str,
    bytes: Vec<u8>,
    kind: Kind,
    load: impl Fn(&[u8]) -> Result<(), Error> + 'static,
) -> Entry {
    Entry { name: name.into(), bytes, kind, loads: vec![("its type", Box::new(load))] }
}

/// Loads a value; what it is dumped as is dumped so for ever.
fn again(load: Again) -> Load {
    Box::new(move |bytes| {
        let again = load(bytes)?;
        assert_eq!(load(&again)?, again);
        Ok(())
    })
}

/// Of each value: its stream, a message with a fingerprint, and a record that holds it.
fn values() -> Vec<Entry> {
    let mut entries = vec![];
    for case in cases() {
        let stream = |what: &str, bytes| {
            let loads: Vec<(&'static str, Load)> =
                vec![("its type", again(case.again)), ("checked first", again(case.checked))];
            Entry { name: format!("{}{what}", case.name), bytes, kind: Kind::Stream, loads }
        };
        entries.extend([stream("", case.bytes.clone()), stream("_short", case.short.clone())]);
        let loads: Vec<(&'static str, Load)> =
            vec![("its type", again(case.within_again)), (PASSED_OVER, Box::new(pass_over))];
        let name = format!("{}_within", case.name);
        entries.push(Entry { name, bytes: case.within, kind: Kind::Stream, loads });
    }
    entries
}

fn objects() -> Vec<Entry> {
    let mut entries = vec![];
    for graph in typed_graphs::all() {
        let load = again(graph.again);
        entries.push(entry(graph.name, graph.bytes, Kind::Stream, load));
    }
    for (name, bytes) in graphs::streams() {
        let load = match name {
            "buffers" => |bytes: &[u8]| {
                loader().buffers([&b"abc"[..], b"de"]).from_slice::<Vec<Vec<u8>>>(bytes).map(drop)
            },
            "buffers_of_numbers" => |bytes: &[u8]| {
                let samples = [0.5f64, -1.0, 3.0].map(f64::to_le_bytes).concat();
                let counts = [1u32, u32::MAX].map(u32::to_le_bytes).concat();
                loader().buffers([&samples, &counts]).from_slice::<Signal>(bytes).map(drop)
            },
            _ => |bytes: &[u8]| loader().value_from_slice(bytes).map(drop),
        };
        entries.push(entry(name, bytes, Kind::Stream, load));
    }
    let [(fields, notes), (variants, events)] = kept::streams();
    entries.push(entry(fields, notes, Kind::Stream, load::<Vec<kept::Note>>));
    entries.push(entry(variants, events, Kind::Stream, load::<Vec<kept::Event>>));
    for (name, bytes) in super::short() {
        if name.starts_with("short_with_a_weak") {
            entries.push(entry(name, bytes, Kind::Stream, load::<(Weak<String>, Rc<String>)>));
        }
    }
    entries
}

#[derive(Reduce)]
#[reduce(name = "app.Signal")]
struct Signal {
    samples: Vec<f64>,
    counts: Vec<u32>,
    short: Vec<u32>,
}

fn load<T: for<'de> Expand<'de>>(bytes: &[u8]) -> Result<(), Error> {
    loader().from_slice::<T>(bytes).map(drop)
}

mod before {
    #[derive(reduce_core::Reduce, Clone)]
    #[reduce(name = "app.User")]
    pub struct User {
        pub id: u16,
        pub name: String,
        pub mail: Option<String>,
        pub scores: Vec<f32>,
    }

    #[derive(reduce_core::Reduce, Clone)]
    #[reduce(name = "app.Role")]
    pub enum Role {
        Guest,
        Member { since: u16 },
        Owner(String, u8),
    }
}

mod after {
    use super::*;

    #[derive(Reduce)]
    #[reduce(name = "app.User")]
    pub struct Reordered {
        scores: VecDeque<f64>,
        #[reduce(alias = "name")]
        called: Rc<str>,
        id: u64,
        #[reduce(default)]
        added: u8,
    }

    #[derive(Reduce)]
    #[reduce(name = "app.User")]
    pub struct Open {
        id: u32,
        #[reduce(unknown)]
        more: Unknown,
    }

    #[derive(Reduce)]
    #[reduce(name = "app.User", version = 1, upgrade(0 = upgraded))]
    pub struct Upgraded {
        label: String,
    }

    fn upgraded(record: &mut Record) -> Result<(), reduce_core::BoxError> {
        let name = record.take_as::<String>("name")?;
        record.insert("label", name.as_str())?;
        Ok(())
    }

    #[derive(Reduce)]
    #[reduce(name = "app.Role")]
    pub enum Role {
        Owner(String, u64),
        Member {
            since: u32,
            #[reduce(default)]
            until: u32,
        },
        #[reduce(other)]
        Newer(Value),
    }
}

/// Streams of types that have changed since, alone and in columns.
fn changed() -> Vec<Entry> {
    let user = |n: u16| before::User {
        id: n,
        name: format!("user {n}"),
        mail: n.is_multiple_of(2).then(|| "a@example.org".into()),
        scores: vec![0.5; usize::from(n % 3)],
    };
    let role = |n: u16| match n % 3 {
        0 => before::Role::Guest,
        1 => before::Role::Member { since: n },
        _ => before::Role::Owner("ann".into(), n as u8),
    };
    let users: Vec<_> = (0..20).map(user).collect();
    let roles: Vec<_> = (0..20).map(role).collect();
    let map: BTreeMap<u16, before::User> = (0..2).map(|n| (n, user(n))).collect();
    let streams: Vec<(&str, Vec<u8>, Vec<Load>)> = vec![
        (
            "changed_record",
            to_vec(&user(2)).unwrap(),
            vec![
                Box::new(load::<after::Reordered>),
                Box::new(load::<after::Open>),
                Box::new(load::<after::Upgraded>),
            ],
        ),
        (
            "changed_records_in_columns",
            to_vec(&users).unwrap(),
            vec![
                Box::new(load::<VecDeque<after::Reordered>>),
                Box::new(load::<Vec<after::Open>>),
                Box::new(load::<Vec<after::Upgraded>>),
            ],
        ),
        (
            "changed_records_in_a_map",
            to_vec(&map).unwrap(),
            vec![Box::new(load::<BTreeMap<u64, Option<after::Reordered>>>)],
        ),
        ("changed_enum", to_vec(&role(1)).unwrap(), vec![Box::new(load::<after::Role>)]),
        (
            "changed_enums_in_columns",
            to_vec(&roles).unwrap(),
            vec![Box::new(load::<Vec<Option<after::Role>>>)],
        ),
        (
            "changed_numbers",
            to_vec(&(1u8, -2i16, 3.5f32, Some(7u32), vec![1u16; 30])).unwrap(),
            vec![Box::new(load::<(u64, i128, f64, Option<u64>, Vec<i64>)>)],
        ),
    ];
    let entry = |(name, bytes, loads): (&str, _, Vec<Load>)| Entry {
        name: name.into(),
        bytes,
        kind: Kind::Stream,
        loads: loads.into_iter().map(|load| (CHANGED, load)).collect(),
    };
    streams.into_iter().map(entry).collect()
}

/// Messages of sessions, and streams one behind the other.
fn several() -> Vec<Entry> {
    let mut entries = vec![];
    for (name, bytes) in super::sessions() {
        let load = match name {
            "session" => |bytes: &[u8]| {
                let mut session = loader().session();
                let (_, rest) = session.take_from_slice::<(Rc<str>, u32)>(bytes)?;
                session.from_slice::<(Rc<str>, u32)>(rest).map(drop)
            },
            "session_with_types_in_more" => |bytes: &[u8]| {
                let mut registry = Registry::new();
                registry.register::<super::Point>()?.register_as::<u8>("u8")?;
                let mut session = loader().registry(&registry).session();
                let (_, rest) = session.take_from_slice::<Rc<dyn Any>>(bytes)?;
                let (_, rest) = session.take_from_slice::<Vec<Rc<dyn Any>>>(rest)?;
                session.from_slice::<Rc<str>>(rest).map(drop)
            },
            _ => |bytes: &[u8]| {
                let mut session = loader().session();
                let (_, rest) = session.take_from_slice::<Rc<str>>(bytes)?;
                session.from_slice::<(Weak<String>, Rc<String>, Rc<str>)>(rest).map(drop)
            },
        };
        entries.push(entry(name, bytes, Kind::Several, load));
    }
    let mut appended = to_vec(&(1u8, "one")).unwrap();
    appended.extend(to_vec(&vec![7u32; 20]).unwrap());
    entries.push(entry("appended", appended, Kind::Several, |bytes| {
        let (_, rest) = loader().take_from_slice::<(u8, String)>(bytes)?;
        loader().from_slice::<Vec<u32>>(rest).map(drop)
    }));
    entries
}

/// All of them.
pub fn all() -> Vec<Entry> {
    [values(), objects(), changed(), several()].into_iter().flatten().collect()
}

/// The streams alone, by name: seeds for a fuzzer.
pub fn streams() -> Vec<(String, Vec<u8>)> {
    all().into_iter().map(|entry| (entry.name, entry.bytes)).collect()
}
