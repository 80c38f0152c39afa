//! Streams of every format version that was released, kept for ever: each later build loads them all.
//!
//! `tests/streams/vN` holds those of format version N. With `REDUCE_BLESS=1` in the environment, streams that are not there
//! yet are added; none is ever written anew. Before the first release, and only then, a change of the wire makes the folder
//! anew, by an explicit act: `rm -r tests/streams/v1 && REDUCE_BLESS=1 cargo test --test archive`.

#[allow(dead_code)]
mod corpus;

use reduce_core::{Dumper, Error, Loader, Reduce, Registry};
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::rc::{Rc, Weak};
use std::sync::Once;

const STREAMS: &str = "tests/streams";

/// A value that the archive has a stream of.
struct Archived {
    name: &'static str,
    /// The stream that is written today.
    bytes: Vec<u8>,
    /// Loads a stream of any age, and says whether the value is the same.
    loads: Loads,
}

/// Whether the bytes hold the value.
type Loads = Box<dyn Fn(&[u8]) -> Result<bool, Error>>;

/// A value that is its stream again when it is dumped again.
fn again(
    name: &'static str,
    bytes: Vec<u8>,
    again: fn(&[u8]) -> Result<Vec<u8>, Error>,
) -> Archived {
    let today = bytes.clone();
    Archived { name, bytes, loads: Box::new(move |old| Ok(again(old)? == today)) }
}

fn values() -> Vec<Archived> {
    let mut values = vec![];
    for case in corpus::all() {
        let (again, same) = (case.again, Rc::new(case.same));
        let loads = move || -> Loads {
            let same = same.clone();
            Box::new(move |old| again(old).map(|_| same(old)))
        };
        values.push(Archived { name: case.name, bytes: case.bytes, loads: loads() });
        if let "record" | "shared_twice" | "bytes_long" | "enum_of_all_kinds" = case.name {
            let name = ["short_", case.name].concat().leak();
            values.push(Archived { name, bytes: case.short, loads: loads() });
        }
    }
    for graph in corpus::typed_graphs::all() {
        values.push(again(graph.name, graph.bytes, graph.again));
    }
    let [(fields, notes), (variants, events)] = corpus::kept::streams();
    values.push(again(fields, notes, |old| {
        reduce_core::to_vec(&reduce_core::from_slice::<Vec<corpus::kept::Note>>(old)?)
    }));
    values.push(again(variants, events, |old| {
        reduce_core::to_vec(&reduce_core::from_slice::<Vec<corpus::kept::Event>>(old)?)
    }));
    let [(name, bytes)] = corpus::pod::streams();
    let loads = Box::new(|old: &[u8]| {
        Ok(reduce_core::from_slice::<corpus::pod::Aligned>(old)? == corpus::pod::aligned())
    });
    values.push(Archived { name, bytes, loads });
    values.extend([os_string(), weak_in_front(), objects_by_code()]);
    values.extend([buffers(), buffers_of_numbers()]);
    values
}

fn os_string() -> Archived {
    let value = OsString::from("na\u{EF}ve.txt");
    let bytes = reduce_core::to_vec(&value).unwrap();
    let loads = Box::new(move |old: &[u8]| Ok(Loader::new().from_slice::<OsString>(old)? == value));
    Archived { name: "os_string", bytes, loads }
}

fn weak_in_front() -> Archived {
    let owner = Rc::new(String::from("ann"));
    let value = (Rc::downgrade(&owner), owner);
    let bytes = Dumper::new().fingerprint(true).to_vec(&value).unwrap();
    let loads = Box::new(|old: &[u8]| {
        let (weak, owner): (Weak<String>, Rc<String>) = reduce_core::from_slice(old)?;
        Ok(*owner == "ann" && weak.upgrade().is_some_and(|weak| Rc::ptr_eq(&weak, &owner)))
    });
    Archived { name: "short_with_a_weak_in_front", bytes, loads }
}

fn objects_by_code() -> Archived {
    let registry = || {
        let mut registry = Registry::new();
        registry.register_as::<u8>("u8").unwrap().code::<u8>(300).unwrap();
        registry.register_as::<String>("text").unwrap();
        registry
    };
    let values: Vec<Box<dyn Any>> = vec![Box::new(5u8), Box::new(String::from("ann"))];
    let bytes = Dumper::new().registry(&registry()).to_vec(&values).unwrap();
    let loads = Box::new(move |old: &[u8]| {
        let values: Vec<Box<dyn Any>> = Loader::new().registry(&registry()).from_slice(old)?;
        let text = values.get(1).and_then(|value| value.downcast_ref::<String>());
        let number = values.first().and_then(|value| value.downcast_ref::<u8>());
        Ok((values.len(), number, text.map(String::as_str)) == (2, Some(&5), Some("ann")))
    });
    Archived { name: "objects_by_code_and_by_name", bytes, loads }
}

/// The buffers themselves are not in the stream.
fn buffers() -> Archived {
    let streams = corpus::graphs::streams();
    let (_, bytes) = streams.into_iter().find(|(name, _)| *name == "buffers").unwrap();
    let loads = Box::new(|old: &[u8]| {
        let lists: Vec<Vec<u8>> = Loader::new().buffers([&b"abc"[..], b"de"]).from_slice(old)?;
        Ok(lists == [&b"abc"[..], &[7], b"de"])
    });
    Archived { name: "buffers", bytes, loads }
}

fn buffers_of_numbers() -> Archived {
    #[derive(Reduce, PartialEq)]
    #[reduce(name = "app.Signal")]
    struct Signal {
        samples: Vec<f64>,
        counts: Vec<u32>,
        short: Vec<u32>,
    }
    let streams = corpus::graphs::streams();
    let (_, bytes) = streams.into_iter().find(|(name, _)| *name == "buffers_of_numbers").unwrap();
    let loads = Box::new(|old: &[u8]| {
        let samples = [0.5f64, -1.0, 3.0].map(f64::to_le_bytes).concat();
        let counts = [1u32, u32::MAX].map(u32::to_le_bytes).concat();
        let signal: Signal = Loader::new().buffers([&samples, &counts]).from_slice(old)?;
        let (samples, counts) = (vec![0.5, -1.0, 3.0], vec![1, u32::MAX]);
        Ok(signal == Signal { samples, counts, short: vec![300] })
    });
    Archived { name: "buffers_of_numbers", bytes, loads }
}

/// The format version that is written: where a stream has it.
fn version() -> u8 {
    reduce_core::to_vec(&()).unwrap()[3]
}

fn folder(version: u8) -> PathBuf {
    Path::new(STREAMS).join(format!("v{version}"))
}

fn file(name: &str) -> String {
    format!("{name}.stream")
}

/// The streams of a version, by the names of their files.
fn archive(version: u8) -> BTreeMap<String, Vec<u8>> {
    let folder = folder(version);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| {
        panic!(
            "`{}`: {error}\nThe streams of a format version are kept before its release: \
             REDUCE_BLESS=1 cargo test --test archive",
            folder.display()
        )
    });
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read(&path).unwrap())
        })
        .collect()
}

/// Adds streams that are not there yet, where the environment asks for it.
fn bless(values: &[Archived]) {
    static ONCE: Once = Once::new();
    if std::env::var_os("REDUCE_BLESS").is_none() {
        return;
    }
    // The other tests wait.
    ONCE.call_once(|| {
        let folder = folder(version());
        std::fs::create_dir_all(&folder).unwrap();
        for value in values {
            let path = folder.join(file(value.name));
            if !path.exists() {
                std::fs::write(path, &value.bytes).unwrap();
            }
        }
    });
}

#[test]
fn every_stream_of_every_format_version_loads_to_its_value() {
    let values = values();
    bless(&values);
    let by_file: BTreeMap<_, _> = values.iter().map(|value| (file(value.name), value)).collect();
    assert_eq!(by_file.len(), values.len(), "two values have one name");
    for version in 1..=version() {
        let archive = archive(version);
        assert!(archive.len() >= 60, "version {version} has but {} streams", archive.len());
        for (file, bytes) in &archive {
            let value = by_file.get(file).unwrap_or_else(|| {
                panic!("nothing here loads v{version}/{file}; streams of the archive stay for ever")
            });
            match (value.loads)(bytes) {
                Ok(same) => assert!(same, "v{version}/{file} loads to another value"),
                Err(error) => panic!(
                    "v{version}/{file} does not load any more: {error:#}\nBefore the first \
                     release: rm -r tests/streams/v1 && REDUCE_BLESS=1 cargo test --test archive"
                ),
            }
        }
    }
}

#[test]
fn every_value_has_a_stream_of_the_present_format_version() {
    let values = values();
    bless(&values);
    let archive = archive(version());
    let missing: BTreeSet<_> = values
        .iter()
        .map(|value| file(value.name))
        .filter(|file| !archive.contains_key(file))
        .collect();
    assert!(missing.is_empty(), "REDUCE_BLESS=1 adds {missing:?}");
}

#[test]
fn streams_stand_in_the_folder_of_their_format_version() {
    bless(&values());
    for version in 1..=version() {
        for (file, bytes) in archive(version) {
            let short = bytes[0] & 0xF0 == 0xB0;
            let written = if short { bytes[0] & 0x03 } else { bytes[3] };
            assert_eq!(written, version, "v{version}/{file}");
        }
    }
}
