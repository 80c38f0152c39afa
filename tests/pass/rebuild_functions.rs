//! All kinds of rebuild functions: associated, generic with a turbofish, of a trait, of a const generic type, of std.
use reduce_core::{BoxError, Reduce, from_slice, to_vec};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

trait Open {
    fn open(name: &str) -> Self;
    fn provided(name: &str) -> usize {
        name.len()
    }
}

#[derive(Debug, PartialEq)]
struct Handle(String);

impl Open for Handle {
    fn open(name: &str) -> Self {
        Handle(name.to_uppercase())
    }
}

struct Builder<const N: usize>;

impl<const N: usize> Builder<N> {
    fn filled(byte: &u8) -> [u8; N] {
        [*byte; N]
    }
}

#[derive(Reduce, Debug, PartialEq)]
struct Record {
    name: String,
    byte: u8,
    #[reduce(skip, rebuild = Record::length, from(name))]
    associated: usize,
    #[reduce(skip, rebuild = <Handle as Open>::open, from(name))]
    of_a_trait: Handle,
    #[reduce(skip, rebuild = "<Handle as Open>::provided", from(name))]
    provided: usize,
    #[reduce(skip, rebuild = parse::<Vec<u8>, u8>, from(byte))]
    generic: Vec<u8>,
    #[reduce(skip, rebuild = Builder::<4>::filled, from(byte))]
    filled: [u8; 4],
    #[reduce(skip, rebuild = <PathBuf as From<&str>>::from, from(name))]
    path: PathBuf,
    #[reduce(skip, rebuild = make, from(associated, generic))]
    fallible: usize,
    #[reduce(skip, rebuild = nothing, from())]
    of_nothing: u8,
    #[reduce(skip, rebuild = Some, from(byte))]
    constructor: Option<u8>,
}

impl Record {
    fn length(name: &str) -> usize {
        name.len()
    }
}

fn parse<T: FromIterator<u8>, C: Copy + Into<u8>>(byte: C) -> T {
    std::iter::once(byte.into()).collect()
}

fn make(length: usize, generic: &[u8]) -> Result<usize, BoxError> {
    generic.len().checked_add(length).ok_or_else(|| "too long".into())
}

fn nothing() -> u8 {
    11
}

#[derive(Reduce, Debug, PartialEq)]
struct Cache<K: std::hash::Hash + Eq + Clone, V> {
    entries: Vec<(K, V)>,
    #[reduce(skip, rebuild = index::<K, V>)]
    index: HashMap<K, usize>,
}

fn index<K: std::hash::Hash + Eq + Clone, V>(entries: &[(K, V)]) -> HashMap<K, usize> {
    entries.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect()
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(rebuild = Self::open)]
struct Whole {
    path: PathBuf,
    #[reduce(skip)]
    depth: usize,
}

impl Whole {
    fn open(path: PathBuf) -> Result<Self, std::io::Error> {
        let depth = Path::new(&path).components().count();
        Ok(Whole { path, depth })
    }
}

fn main() {
    let record = Record {
        name: "abc".into(),
        byte: 7,
        associated: 3,
        of_a_trait: Handle("ABC".into()),
        provided: 3,
        generic: vec![7],
        filled: [7; 4],
        path: "abc".into(),
        fallible: 4,
        of_nothing: 11,
        constructor: Some(7),
    };
    assert_eq!(from_slice::<Record>(&to_vec(&record).unwrap()).unwrap(), record);
    let cache =
        Cache { entries: vec![('a', 1u8), ('b', 2)], index: HashMap::from([('a', 0), ('b', 1)]) };
    assert_eq!(from_slice::<Cache<char, u8>>(&to_vec(&cache).unwrap()).unwrap(), cache);
    let whole = Whole { path: "a/b/c".into(), depth: 3 };
    assert_eq!(from_slice::<Whole>(&to_vec(&whole).unwrap()).unwrap(), whole);
}
