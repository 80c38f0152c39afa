//! Streams of any size, each of much of one thing: what takes the most time or memory for its bytes. Work and memory must grow
//! as the streams do.

use super::every::Load;
use super::stream::{Stream, named, varint};
use super::typed_graphs::Link;
use super::{Line, Nest, loader};
use reduce_core::opcode::*;
use reduce_core::{Dumper, Expand, Programs, Reduce, Registry, Unknown, Value, to_vec};
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::rc::Rc;

/// The first place of a table.
const FIRST: u8 = 0x40;

/// Streams of one kind.
pub struct Family {
    pub name: &'static str,
    pub bytes: fn(u64) -> Vec<u8>,
    /// How it may be loaded, each way with success or with an error.
    pub loads: Vec<Load>,
    /// Whether it is one whole stream, which what goes without types reads too.
    pub whole: bool,
}

fn load<T: for<'de> Expand<'de>>() -> Load {
    Box::new(|bytes| loader().from_slice::<T>(bytes).map(drop))
}

fn family(name: &'static str, bytes: fn(u64) -> Vec<u8>, loads: Vec<Load>) -> Family {
    Family { name, bytes, loads, whole: true }
}

fn line(n: u64) -> Line {
    Line {
        article: format!("article {}", n % 50),
        count: n as u32,
        price: (!n.is_multiple_of(3)).then_some(n),
    }
}

/// As `Line`, changed: two fields are gone, one is new.
#[derive(Reduce)]
#[reduce(name = "shop.Line")]
struct Counted {
    count: u64,
    #[reduce(default)]
    note: String,
}

#[derive(Reduce)]
#[reduce(name = "shop.Line")]
struct OpenLine {
    count: u64,
    #[reduce(unknown)]
    more: Unknown,
}

fn in_rows<T: Reduce>(value: &T) -> Vec<u8> {
    Dumper::new().columns(false).to_vec(value).unwrap()
}

/// A table of so many equal definitions, of which the stream has no use.
fn table(count: u64, definition: &[u8]) -> Vec<u8> {
    let definitions = vec![definition; count as usize];
    Stream::new(&definitions, u64::from(U8), &[7]).bytes()
}

/// Takes half a kilobyte in memory, and no byte in a stream where there is none.
type Large = [u64; 64];

/// So many times one element, and some bytes for each that are borrowed: what is allowed grows with them.
fn beside_bytes<T: Reduce>(element: &[T; 1], n: u64) -> Vec<u8> {
    let list: Vec<_> = (0..n).map(|_| &element[0]).collect();
    in_rows(&(vec![7u8; n as usize * 30], list))
}

fn beside<T: for<'de> Expand<'de> + 'static>() -> Load {
    Box::new(|bytes| loader().from_slice::<(&[u8], T)>(bytes).map(drop))
}

/// Values of plain types.
fn plain() -> Vec<Family> {
    vec![
        family(
            "records in rows",
            |n| in_rows(&(0..n).map(line).collect::<Vec<_>>()),
            vec![load::<Vec<Line>>(), load::<VecDeque<Counted>>(), load::<Vec<OpenLine>>()],
        ),
        family(
            "records in columns",
            |n| to_vec(&(0..n).map(line).collect::<Vec<_>>()).unwrap(),
            vec![load::<Vec<Line>>(), load::<VecDeque<Counted>>(), load::<Vec<OpenLine>>()],
        ),
        family(
            "a constant column",
            |n| to_vec(&vec![7u64; n as usize * 20]).unwrap(),
            vec![load::<Vec<u64>>(), load::<Vec<Option<u128>>>(), load::<HashSet<u64>>()],
        ),
        family(
            "a column of one text",
            |n| to_vec(&vec!["x".repeat(100); n as usize]).unwrap(),
            vec![load::<Vec<String>>(), load::<Vec<Rc<str>>>(), load::<Vec<Option<String>>>()],
        ),
        family(
            "a column of lists",
            |n| to_vec(&vec![vec![1u16, 2]; n as usize]).unwrap(),
            vec![load::<Vec<Vec<u16>>>(), load::<Vec<VecDeque<u64>>>()],
        ),
        family(
            "units",
            |n| to_vec(&vec![(); n as usize * 50]).unwrap(),
            vec![load::<Vec<()>>(), load::<Vec<Option<()>>>()],
        ),
        family(
            "texts",
            |n| in_rows(&(0..n).map(|n| format!("{n}")).collect::<Vec<_>>()),
            vec![load::<Vec<String>>(), load::<HashSet<String>>()],
        ),
        family(
            "a map",
            |n| to_vec(&(0..n).map(|n| (n.to_string(), n)).collect::<HashMap<_, _>>()).unwrap(),
            vec![load::<HashMap<String, u64>>(), load::<BTreeMap<String, u64>>()],
        ),
        family(
            "keys that occur twice",
            |n| {
                let data = [&varint(n << 1)[..], &vec![7; n as usize * 2]].concat();
                Stream::new(&[&[MAP, U8, U8]], u64::from(FIRST), &data).bytes()
            },
            vec![load::<HashMap<u8, u8>>(), load::<BTreeMap<u8, u8>>()],
        ),
        family(
            "maps of one large entry, and bytes",
            |n| beside_bytes(&[(7u8, None::<Large>)].map(|entry| BTreeMap::from([entry])), n),
            vec![
                beside::<Vec<BTreeMap<u8, Option<Large>>>>(),
                beside::<Vec<HashMap<u8, Option<Large>>>>(),
            ],
        ),
        family(
            "sets of one large element, and bytes",
            |n| beside_bytes(&[BTreeSet::from([None::<Large>])], n),
            vec![beside::<Vec<BTreeSet<Option<Large>>>>(), beside::<Vec<HashSet<Option<Large>>>>()],
        ),
        family(
            "lists in lists",
            |n| {
                Stream::new(
                    &[&[LIST, FIRST]],
                    u64::from(FIRST),
                    &[&vec![2; n as usize][..], &[0]].concat(),
                )
                .bytes()
            },
            vec![load::<Nest>()],
        ),
        family(
            "values of any type",
            |n| {
                let data = [&varint(n << 1)[..], &[U8 << 1, 5].repeat(n as usize)].concat();
                Stream::new(&[&[LIST, VALUE]], u64::from(FIRST), &data).bytes()
            },
            vec![load::<Vec<Value>>()],
        ),
        family(
            "short lists in columns",
            |n| {
                let list = [1 << 1 | 1, COLUMNS, 2, 0, 7];
                let data = [&varint(n << 1)[..], &list.repeat(n as usize)].concat();
                Stream::new(&[&[LIST, U16], &[LIST, FIRST]], u64::from(FIRST) + 1, &data).bytes()
            },
            vec![load::<Vec<Vec<u16>>>(), load::<Vec<VecDeque<u32>>>()],
        ),
    ]
}

/// Tables of types, and types of many parts.
fn tables() -> Vec<Family> {
    let any: fn() -> Vec<Load> = || vec![load::<u8>(), load::<Option<u16>>()];
    vec![
        family("definitions", |n| table(n.min(60_000), &[DISPATCH]), any()),
        family("definitions of records", |n| table(n.min(60_000), &[RECORD, 1, b'R', 0, 0]), any()),
        family(
            "definitions of registered types",
            |n| table(n.min(60_000), &[NAMED, 1, b'n', U8]),
            any(),
        ),
        family(
            "registered records",
            |n| {
                let half = n.min(60_000) / 2;
                let mut definitions = vec![vec![RECORD, 1, b'R', 0, 0]; half as usize];
                for at in 0..half {
                    let of = varint(u64::from(FIRST) + at);
                    definitions.push([&[NAMED, 1, b'n'][..], &of].concat());
                }
                let definitions: Vec<_> = definitions.iter().map(Vec::as_slice).collect();
                Stream::new(&definitions, u64::from(U8), &[7]).bytes()
            },
            any(),
        ),
        family(
            "fields without names",
            |n| {
                let head = [&[RECORD, 1, b'R', 0][..], &varint(n << 2)].concat();
                let record = [&head[..], &vec![UNIT; n as usize]].concat();
                Stream::new(&[&record], u64::from(FIRST), &[]).bytes()
            },
            vec![load::<Line>()],
        ),
        family(
            "fields with names",
            |n| {
                let mut record =
                    [&[RECORD, 9][..], b"shop.Line", &[0], &varint(n << 2 | 1)].concat();
                for n in 0..n {
                    let name = format!("{n:x}");
                    record.extend([&[name.len() as u8][..], name.as_bytes(), &[UNIT]].concat());
                }
                Stream::new(&[&record], u64::from(FIRST), &[]).bytes()
            },
            vec![load::<Counted>(), load::<OpenLine>()],
        ),
        family(
            "parts of a tuple",
            |n| {
                let tuple = [&[TUPLE][..], &varint(n), &vec![UNIT; n as usize]].concat();
                Stream::new(&[&tuple], u64::from(FIRST), &[]).bytes()
            },
            vec![load::<(u8, u8)>()],
        ),
        family(
            "variants",
            |n| {
                let mut of = [&[ENUM, 9][..], b"geo.Shape", &[0], &varint(n)].concat();
                for n in 0..n {
                    let name = format!("{n:x}");
                    of.extend([&[name.len() as u8][..], name.as_bytes(), &[0]].concat());
                }
                Stream::new(&[&of], u64::from(FIRST), &[0]).bytes()
            },
            vec![load::<super::Shape>(), load::<Value>()],
        ),
        Family {
            name: "programs of a store",
            bytes: |n| (0..n).flat_map(|n| table(1, &named(DYN, &format!("{n}"), &[]))).collect(),
            loads: vec![Box::new(|bytes| Programs::new().add_stream(bytes).map(drop))],
            whole: false,
        },
    ]
}

#[derive(Reduce)]
#[reduce(name = "app.Owner")]
struct Owner {
    first: Vec<Rc<String>>,
    again: Vec<Rc<String>>,
}

/// As `Owner`, when what owns the objects has gone.
#[derive(Reduce)]
#[reduce(name = "app.Owner")]
struct Heir {
    again: VecDeque<Rc<String>>,
}

/// Objects, those that were passed over, and those that are shared no more.
fn objects() -> Vec<Family> {
    vec![
        family(
            "objects",
            |n| to_vec(&(0..n).map(|n| Rc::new(n as u8)).collect::<Vec<_>>()).unwrap(),
            vec![load::<Vec<Rc<u8>>>(), load::<VecDeque<Rc<u16>>>(), load::<Vec<u64>>()],
        ),
        family(
            "objects without content",
            |n| {
                let data = [&varint(n << 1)[..], &vec![NEW; n as usize]].concat();
                Stream::new(&[&[SHARED, UNIT], &[LIST, FIRST]], u64::from(FIRST) + 1, &data).bytes()
            },
            vec![load::<Vec<Rc<()>>>()],
        ),
        family(
            "references to one object",
            |n| {
                let text = Rc::new("x".repeat(100));
                to_vec(&(0..n).map(|_| text.clone()).collect::<Vec<_>>()).unwrap()
            },
            vec![load::<Vec<Rc<String>>>(), load::<VecDeque<Rc<String>>>(), load::<Vec<String>>()],
        ),
        family(
            "objects that were passed over",
            |n| {
                let first: Vec<_> = (0..n).map(|n| Rc::new(n.to_string())).collect();
                to_vec(&Owner { again: first.iter().rev().cloned().collect(), first }).unwrap()
            },
            vec![load::<Owner>(), load::<Heir>()],
        ),
        family(
            "states",
            |n| {
                to_vec(
                    &(0..n)
                        .map(|n| Rc::new(Link { id: n as u8, ..Link::default() }))
                        .collect::<Vec<_>>(),
                )
                .unwrap()
            },
            vec![load::<Vec<Rc<Link>>>(), load::<VecDeque<Rc<Link>>>()],
        ),
        family(
            "objects ahead",
            |n| {
                let objects = vec![&[FIRST, NEW, 5][..]; n as usize];
                let data = [BACK_REFERENCE, 0];
                Stream::new(&[&[SHARED, U8]], u64::from(FIRST), &data).ahead(&objects).bytes()
            },
            vec![load::<Rc<u8>>(), load::<Rc<u16>>()],
        ),
        family(
            "trait objects",
            |n| {
                let objects: Vec<_> = (0..n).map(|n| Box::new(n as u8) as Box<dyn Any>).collect();
                Dumper::new().registry(&registry()).to_vec(&objects).unwrap()
            },
            vec![Box::new(|bytes| {
                loader().registry(&registry()).from_slice::<Vec<Box<dyn Any>>>(bytes).map(drop)
            })],
        ),
        Family {
            name: "messages of a session",
            bytes: |n| {
                let (mut session, mut bytes) = (Dumper::new().session(), vec![]);
                let name = Rc::<str>::from("Ann");
                for n in 0..n {
                    session.append_to(&(name.clone(), n), &mut bytes).unwrap();
                }
                bytes
            },
            loads: vec![Box::new(|bytes| {
                let (mut session, mut rest) = (loader().session(), bytes);
                while !rest.is_empty() {
                    (_, rest) = session.take_from_slice::<(Rc<str>, u64)>(rest)?;
                }
                Ok(())
            })],
            whole: false,
        },
    ]
}

fn registry() -> Registry {
    let mut registry = Registry::new();
    registry.register_as::<u8>("u8").unwrap();
    registry
}

/// All of them.
pub fn families() -> Vec<Family> {
    [plain(), tables(), objects()].into_iter().flatten().collect()
}

/// A record of lists in columns, each of one option that is none, of 1,728 numbers: six bytes for each list, and none for a
/// column.
pub fn wide_columns(name: &str, lists: u64) -> Vec<u8> {
    let twelve = |of: u8| [&[TUPLE, 12][..], &[of; 12]].concat();
    let list = [1 << 1 | 1, COLUMNS, 3, 0, 0, 0];
    let data = [&varint(lists << 1)[..], &list.repeat(lists as usize)].concat();
    let record = super::stream::record(name, &[("lists", FIRST + 6)], &[]);
    let definitions: [&[u8]; 7] = [
        &record,
        &twelve(U16),
        &twelve(FIRST + 1),
        &twelve(FIRST + 2),
        &[OPTION, FIRST + 3],
        &[LIST, FIRST + 4],
        &[LIST, FIRST + 5],
    ];
    Stream::new(&definitions, u64::from(FIRST), &data).bytes()
}
