//! Every stream of the corpus and of the archive, cut short and with each bit flipped, loaded as types that have changed:
//! a value or an error, never a panic, and no value of what is no stream.

#[allow(dead_code)]
#[path = "../corpus/mod.rs"]
mod corpus;
mod types;

use reduce_core::{Disassembler, Error, Expand, Loader, Programs, Registry, Value};
use std::any::Any;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::ffi::OsString;
use std::path::PathBuf;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use types::*;

/// What is beside the streams: types by name and by code, programs by fingerprint, buffers.
struct World {
    registry: Registry,
    programs: Programs,
}

impl World {
    fn new() -> Self {
        let mut registry = Registry::new();
        registry.register::<Circle>().unwrap().register::<Group>().unwrap();
        registry.register::<Square>().unwrap().code::<Square>(7).unwrap();
        registry.register_as::<Vec<u64>>("std.Vec<u16>").unwrap();
        registry.register_as::<u16>("u8").unwrap().code::<u16>(300).unwrap();
        registry.register_as::<Option<String>>("text").unwrap();
        let mut programs = Programs::new();
        for case in corpus::all() {
            programs.add_stream(&case.bytes).unwrap();
        }
        programs.add::<(Weak<String>, Rc<String>)>().unwrap();
        World { registry, programs }
    }
}

thread_local! {
    static WORLD: &'static World = Box::leak(Box::new(World::new()));
}

/// Loads a value, and drops it.
type Load = fn(&[u8]) -> Result<(), Error>;

fn load<T: for<'de> Expand<'de>>(bytes: &[u8]) -> Result<(), Error> {
    let world = WORLD.with(|world| *world);
    let loader = Loader::new().registry(&world.registry).programs(&world.programs);
    loader.from_slice::<T>(bytes).map(drop)
}

fn load_buffers<T: for<'de> Expand<'de>>(bytes: &[u8]) -> Result<(), Error> {
    let world = WORLD.with(|world| *world);
    Loader::new()
        .registry(&world.registry)
        .buffers([&b"abc"[..], b"de"])
        .from_slice::<T>(bytes)
        .map(drop)
}

fn load_number_buffers<T: for<'de> Expand<'de>>(bytes: &[u8]) -> Result<(), Error> {
    let samples = [0.5f64, -1.0, 3.0].map(f64::to_le_bytes).concat();
    let counts = [1u32, u32::MAX].map(u32::to_le_bytes).concat();
    Loader::new().buffers([&samples, &counts]).from_slice::<T>(bytes).map(drop)
}

/// What the value of each stream is loaded as: types that it loads as, though they are not those that it was written from.
macro_rules! changed {
    ($($name:literal: $($of:ty),+;)*) => {
        fn changed(name: &str) -> &'static [Load] {
            match name {
                "buffers" => &[load_buffers::<Vec<Vec<u16>>>, load_buffers::<VecDeque<Option<Vec<u8>>>>],
                "buffers_of_numbers" => &[load_number_buffers::<Signal>],
                $($name => &[$(load::<$of>),+],)*
                _ => panic!("what has the type of {name} become?"),
            }
        }
    };
}
changed! {
    "unit": Option<()>, Rc<()>;
    "columns": Vec<(u64, Option<bool>, VecDeque<Rc<str>>, Result<[u16; 2], i64>, BTreeMap<char, f64>)>, Vec<Value>;
    "pod": Option<Particle>, RawParticle, Value;
    "pod_numbers": Numbers;
    "pod_array": Vec<Particle>, [RawParticle; 2];
    "pod_list": [Particle; 3], Vec<RawParticle>;
    "columns_of_pod": Vec<(String, RawParticle, Vec<Value>)>, Vec<(Rc<str>, Particle, Vec<RawParticle>)>;
    "aligned": (u64, [f32; 2], VecDeque<Particle>), (u8, Rc<[f64]>, Vec<RawParticle>);
    "columns_of_one": Vec<u16>, Vec<Option<u128>>, Rc<[i64]>;
    "columns_of_texts": Vec<Rc<str>>, VecDeque<Option<String>>;
    "bool": Option<bool>;
    "char": Rc<char>;
    "u8": u64, Option<i16>;
    "u16": i32, f32;
    "u32": f64, Rc<u16>;
    "u64_largest": u128, Value;
    "usize_is_u64": u8;
    "u128_largest": Option<u128>;
    "i8": i64;
    "i16": i128, f32;
    "i32": i16;
    "i64_smallest": i128, f64;
    "isize_is_i64": u8;
    "i128_smallest": Rc<i128>;
    "f32": f64;
    "f64": Option<f64>;
    "f32_signalling_nan": f64;
    "f64_negative_zero": f32;
    "string_empty": Option<String>;
    "string": PathBuf;
    "string_with_control_characters": Rc<str>;
    "string_long": Value;
    "boxed_str": Option<OsString>;
    "os_string": Option<OsString>;
    "bytes": Vec<i16>, [u8; 4];
    "bytes_empty": BTreeSet<u64>;
    "bytes_long": Vec<u16>;
    "list": VecDeque<u64>, [u128; 3], BTreeSet<i32>;
    "list_of_strings": Vec<Option<String>>;
    "list_of_lists": Vec<Vec<i64>>, Rc<[Rc<[i8]>]>;
    "list_of_units": Vec<Option<()>>;
    "boxed_slice": [bool; 2];
    "array": Vec<i64>, [f32; 3];
    "array_of_bytes": Vec<u8>, [u32; 4];
    "array_empty": Vec<u64>;
    "tuple": (u64, Rc<str>, Option<f64>);
    "tuple_of_tuples": ((u16, u8), (u8, i16));
    "option_none": Option<u64>;
    "option_some": u64, Option<Rc<i8>>;
    "option_of_option": Vec<Option<Option<u64>>>;
    "boxed": u64;
    "map": Vec<(String, u32)>, HashMap<String, u64>;
    "map_empty": BTreeMap<u16, u8>;
    "map_hashed": BTreeMap<i64, BTreeSet<char>>;
    "map_of_maps": Maps;
    "map_canonical": BTreeMap<String, u64>;
    "record": Point, OpenPoint, Place, TextPoint, Value;
    "short_record": Point, Place;
    "record_of_unit": Marker;
    "record_of_tuple": Metres;
    "record_generic_twice": (Pair<u16>, Pair<Option<char>, char>);
    "record_with_functions": Checked;
    "record_nested": Order;
    "enum_of_unit_variants": Vec<FewShapes>;
    "enum_of_all_kinds": Vec<Shape>, VecDeque<FewShapes>;
    "short_enum_of_all_kinds": Vec<Shape>;
    "recursive_through_list": Tree, Branch;
    "recursive_through_option": Chain;
    "mutually_recursive": Expr;
    "recursive_unnamed": Nest;
    "fields_that_are_kept_unknown": Vec<Note>, Vec<StarsOnly>;
    "variants_that_are_kept_unknown": Vec<Event>, VecDeque<OpenEvent>;
    "shared_once": Rc<u16>, u8;
    "shared_twice": (Option<Rc<str>>, Rc<str>), (String, Option<String>);
    "short_shared_twice": (Rc<str>, Option<Rc<str>>);
    "shared_record": Vec<Arc<Point>>, Vec<Rc<Place>>, Vec<OpenPoint>;
    "shared_in_shared": (Rc<Rc<u16>>, Rc<u16>, Rc<Rc<u16>>);
    "shared_list": Vec<Rc<[u64]>>, Vec<VecDeque<u32>>;
    "short_bytes_long": Vec<u16>;
    "short_with_a_weak_in_front": (Weak<String>, Option<Rc<String>>);
    "objects_by_code_and_by_name": VecDeque<Rc<dyn Any>>;
    "value_of_any_type": Vec<Option<Value>>;
    "value_with_states": (Rc<u16>, Option<Value>, Rc<u16>);
    "value_with_objects_ahead": VecDeque<Value>;
    "graph_weak_to_itself": Rc<Named>;
    "graph_cycle_through_state": VecDeque<Rc<Link>>, Vec<Rc<Unlinked>>;
    "graph_weak_before_its_owner": (Weak<str>, Option<Rc<str>>, Weak<str>);
    "graph_trait_objects": HandMadeScene;
    "graph_foreign_and_persistent": Value;
    "graph_objects_ahead": (Rc<u16>, Weak<u16>);
    "graph_states_within_states": Rc<Nested>, Rc<Unlinked>;
    "graph_state_in_place": InPlace, Unlinked;
    "typed_graph_weak_to_itself": Rc<Named>;
    "typed_graph_weak_inside_and_outside": (Weak<u16>, Weak<u16>, Rc<u16>);
    "typed_graph_weak_text": (Option<Rc<str>>, Weak<str>);
    "typed_graph_tree_with_parents": Rc<Dir>, Folder;
    "typed_graph_child_before_parent": (Folder, Option<Folder>);
    "typed_graph_cycle_through_state": VecDeque<Rc<Link>>, Vec<Rc<Unlinked>>;
    "typed_graph_states_within_states": Rc<Nested>, Rc<Unlinked>;
    "typed_graph_state_in_place": InPlace, Unlinked;
    "typed_graph_state_in_mutexes": Locks;
    "typed_graph_trait_objects": Scene;
}

/// The archive, and what is in the corpus alone.
fn streams() -> BTreeMap<String, Vec<u8>> {
    let mut streams = BTreeMap::new();
    for version in std::fs::read_dir("tests/streams").unwrap() {
        for file in std::fs::read_dir(version.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            streams.insert(name, std::fs::read(&path).unwrap());
        }
    }
    let more = corpus::graphs::streams();
    streams.extend(more.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)));
    streams
}

#[test]
fn every_stream_loads_as_the_types_that_its_own_have_become() {
    let streams = streams();
    assert!(streams.len() >= 95, "{}", streams.len());
    for (name, bytes) in streams {
        for (at, load) in changed(&name).iter().enumerate() {
            if let Err(error) = load(&bytes) {
                panic!("{name} as type {at}: {error:#}");
            }
        }
    }
}

#[test]
fn every_stream_that_was_cut_short_is_an_error() {
    for (name, bytes) in streams() {
        for (at, load) in changed(&name).iter().enumerate() {
            for length in 0..bytes.len() {
                assert!(load(&bytes[..length]).is_err(), "{name} as type {at}, cut at {length}");
            }
        }
    }
}

#[test]
fn every_flipped_bit_is_a_value_or_an_error() {
    let world = WORLD.with(|world| *world);
    let disassembler = Disassembler::new().programs(&world.programs);
    let (mut values, mut errors) = (0, 0);
    for (name, bytes) in streams() {
        let sweep = Sweep { name: &name, at: Cell::new((0, 0, 0)) };
        for (at, load) in changed(&name).iter().enumerate() {
            for byte in 0..bytes.len() {
                for bit in 0..8 {
                    sweep.at.set((at, byte, bit));
                    let mut wrong = bytes.clone();
                    wrong[byte] ^= 1 << bit;
                    if load(&wrong).is_err() {
                        errors += 1;
                        continue;
                    }
                    values += 1;
                    let shown = disassembler.disassemble(&wrong);
                    let sound = shown.as_ref().is_ok_and(|shown| shown.error().is_none());
                    assert!(sound, "{name} as type {at}, bit {bit} of {byte}:\n{}", shown.unwrap());
                }
            }
        }
    }
    // A sweep that met but one of the two would prove little.
    assert!(values > 1000 && errors > 10_000, "{values} values, {errors} errors");
}

/// Says where a panic was met.
struct Sweep<'n> {
    name: &'n str,
    at: Cell<(usize, usize, u8)>,
}

impl Drop for Sweep<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let (at, byte, bit) = self.at.get();
            eprintln!("{} as type {at}, bit {bit} of byte {byte} flipped", self.name);
        }
    }
}
