//! Loading lists in columns: every type comes back as it was, borrowed where rows borrow, with the errors that rows have.

mod round_trip;

use proptest::collection::{btree_map, btree_set, hash_map, hash_set, vec};
use proptest::option;
use proptest::prelude::*;
use reduce_core::{
    Describe, Dumper, Error, ErrorKind, Expand, Limits, Loader, Reader, Reduce, TypeDef,
};
use round_trip::refusal;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::fmt::Debug;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::{NonZeroI64, NonZeroU8, Saturating, Wrapping};
use std::ops::{Bound, Range, RangeInclusive};
use std::time::Duration;

/// Lists from this length on may lie in columns.
const LONG: usize = 16;

fn rows<T: Reduce + ?Sized>(value: &T) -> Vec<u8> {
    Dumper::new().columns(false).to_vec(value).unwrap()
}

/// The stream of a list that lies in columns: it has other bytes than one in rows.
fn columns<T: Reduce + ?Sized>(value: &T) -> Vec<u8> {
    let bytes = reduce_core::to_vec(value).unwrap();
    assert_ne!(bytes, rows(value), "the list lies in rows");
    bytes
}

fn loaded<'de, T: Expand<'de>>(bytes: &'de [u8]) -> T {
    reduce_core::from_slice(bytes).unwrap()
}

/// The list comes back, whatever holds it.
fn check<T>(values: &Vec<T>)
where
    T: Reduce + for<'de> Expand<'de> + PartialEq + Debug,
{
    let bytes = columns(values);
    assert_eq!(&loaded::<Vec<T>>(&bytes), values);
    assert!(loaded::<VecDeque<T>>(&bytes).iter().eq(values));
    assert!(loaded::<LinkedList<T>>(&bytes).iter().eq(values));
    assert_eq!(&*loaded::<Box<[T]>>(&bytes), values.as_slice());
    assert_eq!(&loaded::<Vec<T>>(&rows(values)), values);
}

macro_rules! comes_back {
    ($($name:ident: $type:ty, $strategy:expr;)*) => {$(
        proptest! {
            #[test]
            fn $name(values in vec($strategy, LONG..100)) {
                check::<$type>(&values);
            }
        }
    )*};
}

fn double() -> impl Strategy<Value = f64> {
    prop_oneof![any::<i32>().prop_map(f64::from), Just(f64::MAX), Just(-0.5)]
}

comes_back! {
    unsigned_integers: (u8, u16, u32, u64, u128, usize), any::<(u8, u16, u32, u64, u128, usize)>();
    signed_integers: (i8, i16, i32, i64, i128, isize), any::<(i8, i16, i32, i64, i128, isize)>();
    lists_of_one_column: u32, any::<u32>();
    other_primitives: (bool, char, (), f32, f64),
        (any::<bool>(), any::<char>(), Just(()), (-9i16..9).prop_map(f32::from), double());
    wrapped_numbers: (Wrapping<u8>, Saturating<i16>, Reverse<u64>, PhantomData<String>),
        any::<(u8, i16, u64)>()
            .prop_map(|(a, b, c)| (Wrapping(a), Saturating(b), Reverse(c), PhantomData));
    numbers_that_are_not_zero: (NonZeroU8, NonZeroI64), any::<(NonZeroU8, NonZeroI64)>();
    texts: (String, Box<str>), (".{0,6}", ".{0,3}").prop_map(|(a, b)| (a, b.into()));
    texts_of_few: String, "apple|pear|";
    bytes: (Vec<u8>, Box<[u8]>), any::<(Vec<u8>, [u8; 3])>().prop_map(|(a, b)| (a, b.into()));
    bytes_of_few: Vec<u8>, prop_oneof![Just(vec![1, 2]), Just(vec![]), Just(vec![7; 9])];
    nested_lists: Vec<Vec<(u16, String)>>, vec(vec((any::<u16>(), "[a-c]*"), 0..4), 0..4);
    sequences: (VecDeque<i32>, LinkedList<i32>, Box<[i8]>),
        (vec(any::<i32>(), 0..4), vec(any::<i32>(), 0..4), any::<[i8; 2]>())
            .prop_map(|(a, b, c)| (a.into(), b.into_iter().collect(), c.into()));
    sets: (BTreeSet<i16>, HashSet<String>),
        (btree_set(any::<i16>(), 0..4), hash_set("[a-e]{1,2}", 0..4));
    maps: (BTreeMap<String, u32>, HashMap<u8, Vec<u64>>),
        (btree_map("[a-z]{0,3}", any::<u32>(), 0..4), hash_map(any::<u8>(), any::<Vec<u64>>(), 0..4));
    options: (Option<u32>, Option<Option<String>>, Option<Vec<bool>>, Option<()>),
        (any::<Option<u32>>(), option::of(option::of("[a-z]{0,3}")), any::<Option<Vec<bool>>>(), any::<Option<()>>());
    results: Result<u64, String>, any::<Result<u64, String>>();
    arrays: ([u8; 16], [String; 2], [[i32; 3]; 2], [u16; 0]), any::<([u8; 16], [String; 2], [[i32; 3]; 2], [u16; 0])>();
    boxes: Box<(u32, Box<[u64]>)>, any::<(u32, [u64; 2])>().prop_map(|(a, b)| Box::new((a, b.into())));
    ranges: (Range<u32>, RangeInclusive<i8>, Bound<u16>),
        any::<(u32, u32, i8, i8, u16, u8)>().prop_map(|(a, b, c, d, e, bound)| (a..b, c..=d, match bound % 3 {
            0 => Bound::Included(e),
            1 => Bound::Excluded(e),
            _ => Bound::Unbounded,
        }));
    durations: Duration, (any::<u64>(), 0u32..1_000_000_000).prop_map(|(a, b)| Duration::new(a, b));
    addresses: (Ipv4Addr, Ipv6Addr, IpAddr, SocketAddr), any::<(Ipv4Addr, Ipv6Addr, IpAddr, SocketAddr)>();
}

#[derive(Reduce, Debug, PartialEq, Clone)]
enum Shape {
    Empty,
    Circle(f32),
    Named { name: String, corners: Vec<(i16, i16)> },
    Other(Option<Box<u64>>),
}

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Record {
    id: u64,
    name: String,
    shape: Shape,
    #[reduce(default)]
    tags: Vec<String>,
    unit: (),
    pair: Pair<i8>,
}

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Pair<T>(T, T);

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        Just(Shape::Empty),
        any::<i16>().prop_map(|size| Shape::Circle(size.into())),
        ("[a-z]*", any::<Vec<(i16, i16)>>())
            .prop_map(|(name, corners)| Shape::Named { name, corners }),
        any::<Option<u64>>().prop_map(|number| Shape::Other(number.map(Box::new))),
    ]
}

prop_compose! {
    fn record()(
        id in any::<u64>(),
        name in "[a-z]{0,9}",
        shape in shape(),
        tags in vec("red|green|blue", 0..3),
        pair in any::<(i8, i8)>(),
    ) -> Record {
        Record { id, name, shape, tags, unit: (), pair: Pair(pair.0, pair.1) }
    }
}

comes_back! {
    records: Record, record();
    enums: Shape, shape();
}

proptest! {
    #[test]
    fn heaps_keep_their_elements(values in vec(any::<(u32, i8)>(), LONG..50)) {
        let heap: BinaryHeap<(u32, i8)> = values.iter().copied().collect();
        let copy: BinaryHeap<(u32, i8)> = loaded(&columns(&heap));
        prop_assert_eq!(copy.into_sorted_vec(), heap.into_sorted_vec());
    }
}

#[derive(Reduce, Debug, PartialEq)]
struct Lent<'a> {
    text: &'a str,
    bytes: &'a [u8],
    cow: Cow<'a, str>,
    cow_bytes: Cow<'a, [u8]>,
    owned: Cow<'a, [u16]>,
    list: Vec<&'a str>,
}

#[test]
fn text_and_bytes_are_borrowed_from_columns() {
    let texts: Vec<String> = (0..40).map(|n| format!("text {n}")).collect();
    let values: Vec<Lent<'_>> = (0u16..)
        .zip(&texts)
        .map(|(n, text)| Lent {
            text,
            bytes: text.as_bytes(),
            cow: Cow::Borrowed(if n % 2 == 0 { "even" } else { "odd" }),
            cow_bytes: Cow::Borrowed(&text.as_bytes()[1..]),
            owned: Cow::Owned(vec![n, n + 1]),
            list: vec![text, "same"],
        })
        .collect();
    let bytes = columns(&values);
    let copy: Vec<Lent<'_>> = loaded(&bytes);
    assert_eq!(copy, values);
    let stream = bytes.as_ptr_range();
    for value in &copy {
        for text in [value.text.as_bytes(), value.bytes, value.list[1].as_bytes()] {
            assert!(stream.contains(&text.as_ptr()));
        }
        assert!(matches!(value.cow, Cow::Borrowed(_)));
        assert!(matches!(value.cow_bytes, Cow::Borrowed(_)));
        assert!(matches!(value.owned, Cow::Owned(_)));
    }
    assert_eq!(loaded::<Vec<&str>>(&columns(&texts)), texts);
}

#[test]
fn lists_of_bytes_in_columns_become_any_collection() {
    let lists: Vec<Vec<u8>> = (1..60).map(|n| (1..n % 7 + 1).collect()).collect();
    let bytes = columns(&lists);
    let equal = |copy: Vec<Vec<u8>>| assert_eq!(copy, lists);
    equal(
        loaded::<Vec<BTreeSet<u8>>>(&bytes)
            .into_iter()
            .map(|set| set.into_iter().collect())
            .collect(),
    );
    equal(loaded::<Vec<VecDeque<u8>>>(&bytes).into_iter().map(Vec::from).collect());
    equal(
        loaded::<Vec<LinkedList<u8>>>(&bytes)
            .into_iter()
            .map(|list| list.into_iter().collect())
            .collect(),
    );
    let wrapped = loaded::<Vec<Vec<Wrapping<u8>>>>(&bytes);
    equal(wrapped.into_iter().map(|list| list.into_iter().map(|byte| byte.0).collect()).collect());
    let not_zero = loaded::<Vec<Box<[NonZeroU8]>>>(&bytes);
    equal(not_zero.iter().map(|list| list.iter().map(|byte| byte.get()).collect()).collect());
}

#[test]
fn values_that_a_type_excludes_are_told_by_their_path() {
    let zero: Vec<(u32, Vec<u8>)> = (0..40).map(|n| (n, vec![1, u8::from(n != 33)])).collect();
    let (kind, path, message) = refusal::<Vec<(u32, Vec<NonZeroU8>)>>(&columns(&zero));
    assert_eq!((kind, path.as_str()), (ErrorKind::InvalidValue, "[33].1[1]"));
    assert!(message.contains("a zero for a type that excludes it"), "{message}");

    let twice: Vec<(u8, Vec<u16>)> = (0..40).map(|n| (n, vec![5, u16::from(n)])).collect();
    let (kind, path, message) = refusal::<Vec<(u8, BTreeSet<u16>)>>(&columns(&twice));
    assert_eq!((kind, path.as_str()), (ErrorKind::InvalidValue, "[5].1[1]"));
    assert!(message.contains("an element occurs twice in a set"), "{message}");

    let late: Vec<Lapse> = (0..40).map(|n| Lapse { secs: 7, nanos: n * 30_000_000 }).collect();
    let (kind, path, message) = refusal::<Vec<Duration>>(&columns(&late));
    assert_eq!((kind, path.as_str()), (ErrorKind::InvalidValue, "[34].nanos"));
    assert!(message.contains("nanoseconds of a second or more"), "{message}");
}

/// Has the program of a `Duration`.
#[derive(Reduce)]
#[reduce(name = "Duration")]
struct Lapse {
    secs: u64,
    nanos: u32,
}

/// Text that has an expander of its own, which is written by hand.
#[derive(Debug, PartialEq)]
struct Name(String);

impl Describe for Name {
    fn def() -> &'static TypeDef {
        String::def()
    }
}

impl<'de> Expand<'de> for Name {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        String::expand(r).map(Name)
    }
}

#[test]
fn expanders_that_are_written_by_hand_say_that_they_read_rows() {
    let names: Vec<(u32, String)> = (0..20).map(|n| (n, format!("{n}"))).collect();
    let (kind, path, message) = refusal::<Vec<(u32, Name)>>(&columns(&names));
    assert_eq!((kind, path.as_str()), (ErrorKind::Unsupported, "[0].1"));
    assert!(message.contains("written by hand"), "{message}");
    let copy: Vec<(u32, Name)> = loaded(&rows(&names));
    assert_eq!(copy[19], (19, Name("19".into())));
}

#[test]
fn limits_count_in_columns_as_in_rows() {
    let lists: Vec<Vec<u32>> = vec![vec![7; 1000]; 100];
    let bytes = columns(&lists);
    assert!(bytes.len() < 100);
    let elements = |count| Loader::new().limits(Limits::default().elements(count));
    assert_eq!(elements(100_100).from_slice::<Vec<Vec<u32>>>(&bytes).unwrap(), lists);
    assert_eq!(elements(100_100).from_slice::<Vec<Vec<u32>>>(&rows(&lists)).unwrap(), lists);
    let error = elements(100_099).from_slice::<Vec<Vec<u32>>>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let few = Loader::new().limits(Limits::default().bytes(400_000));
    let error = few.from_slice::<Vec<Vec<u32>>>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);

    // One long text, a thousand times: each is memory of its own, and is borrowed for nothing.
    let long = "long".repeat(1000);
    let texts = vec![long.as_str(); 1000];
    let bytes = columns(&texts);
    assert!(bytes.len() < 5000);
    let half = || Loader::new().limits(Limits::default().bytes(2_000_000));
    assert_eq!(half().from_slice::<Vec<String>>(&bytes).unwrap_err().kind(), ErrorKind::Limit);
    assert_eq!(half().from_slice::<Vec<&str>>(&bytes).unwrap(), texts);

    // Lists nest as deep as in rows.
    let deep = vec![vec![vec![7u32]]; 20];
    for bytes in [columns(&deep), rows(&deep)] {
        let depth = |depth| Loader::new().limits(Limits::default().depth(depth));
        assert_eq!(depth(3).from_slice::<Vec<Vec<Vec<u32>>>>(&bytes).unwrap(), deep);
        let error = depth(2).from_slice::<Vec<Vec<Vec<u32>>>>(&bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit);
    }
}

#[test]
fn what_is_cut_off_is_an_error_and_what_is_changed_harms_nobody() {
    let records: Vec<Record> = (0u8..20)
        .map(|n| Record {
            id: n.into(),
            name: format!("name {n}"),
            shape: match n % 4 {
                0 => Shape::Empty,
                1 => Shape::Circle(n.into()),
                2 => Shape::Named { name: "x".repeat(n.into()), corners: vec![(1, -1); 2] },
                _ => Shape::Other((n > 9).then(|| Box::new(n.into()))),
            },
            tags: vec!["red".into(); usize::from(n % 3)],
            unit: (),
            pair: Pair(1, -1),
        })
        .collect();
    let bytes = columns(&records);
    for length in 0..bytes.len() {
        reduce_core::from_slice::<Vec<Record>>(&bytes[..length]).unwrap_err();
    }
    let loader = || Loader::new().limits(Limits::default().elements(10_000));
    let mut different = 0;
    for at in 0..bytes.len() {
        for change in [1, 2, 0x40, 0x80, 0xFF] {
            let mut changed = bytes.clone();
            changed[at] ^= change;
            if let Ok(copy) = loader().from_slice::<Vec<Record>>(&changed) {
                different += usize::from(copy != records);
                // What loads is sound: it comes back.
                let again = reduce_core::to_vec(&copy).unwrap();
                assert_eq!(format!("{:?}", loaded::<Vec<Record>>(&again)), format!("{copy:?}"));
            }
        }
    }
    assert!(different > 100);
}

/// Parts of every way in which rows side by side are read, and of those that are read row by row.
#[derive(Reduce, Clone, PartialEq, Debug, Default)]
struct Parts {
    small: u8,
    sign: char,
    name: String,
    place: (i16, Option<[f32; 2]>),
    only: Only,
    kind: Option<Kind>,
    counts: Vec<u16>,
    bytes: Vec<u8>,
    below: Vec<Below>,
    size: usize,
    shape: Option<Box<Shape>>,
}

#[derive(Reduce, Clone, PartialEq, Debug, Default)]
struct Below {
    at: [Option<u8>; 3],
    names: Vec<String>,
    #[reduce(default)]
    checked: Checked,
}

#[derive(Reduce, Clone, Copy, PartialEq, Debug, Default)]
enum Only {
    #[default]
    One,
}

#[derive(Reduce, Clone, Copy, PartialEq, Debug, Default)]
enum Kind {
    #[default]
    Plain,
    Striped,
    Dotted,
}

#[derive(Reduce, Clone, Copy, PartialEq, Debug, Default)]
#[reduce(validate = is_small)]
struct Checked(u32);

fn is_small(checked: &Checked) -> Result<(), String> {
    if checked.0 < 1000 { Ok(()) } else { Err(format!("{} is too large", checked.0)) }
}

fn parts(row: u16) -> Parts {
    let small = row.to_le_bytes()[0];
    Parts {
        small,
        sign: char::from(b'a' + small % 26),
        name: "x".repeat(row.into()),
        place: (-9 - row.cast_signed(), (row % 3 == 1).then_some([0.5, f32::from(row)])),
        only: Only::One,
        kind: [None, Some(Kind::Plain), Some(Kind::Striped), Some(Kind::Dotted)]
            [usize::from(row) % 4],
        counts: (0..row % 5).collect(),
        bytes: vec![small; usize::from(row) % 7],
        below: (0..row % 4)
            .map(|below| Below {
                at: [None, Some(small), (below > 1).then_some(9)],
                names: vec![below.to_string(); row.into()],
                checked: Checked((row + below).into()),
            })
            .collect(),
        size: row.into(),
        shape: None,
    }
}

#[test]
fn parts_that_are_read_at_once_and_row_by_row_come_back_side_by_side() {
    let all: Vec<Parts> = (0..40).map(parts).collect();
    check(&all);
    // As few as there may be, and with nothing held anywhere.
    check(&vec![Parts { name: "one".into(), ..Parts::default() }; LONG]);
    check(&all.into_iter().map(|parts| (parts.small, parts)).collect::<Vec<_>>());
}

#[test]
fn a_value_that_is_refused_is_told_by_its_path_among_parts_that_are_read_at_once() {
    let mut all: Vec<Parts> = (0..40).map(parts).collect();
    all[33].below.push(Below { checked: Checked(1001), ..Below::default() });
    let (in_columns, in_rows) = (columns(&all), rows(&all));
    let path = |bytes: &[u8]| {
        let error = reduce_core::from_slice::<Vec<Parts>>(bytes).unwrap_err();
        assert!(error.to_string().contains("1001 is too large"), "{error}");
        error.path().to_string()
    };
    assert_eq!(path(&in_columns), "[33].below[1].checked");
    assert_eq!(path(&in_columns), path(&in_rows));
}

#[test]
fn memory_that_parts_side_by_side_take_is_refused_where_it_exceeds_the_limit() {
    let all: Vec<Parts> = (0..40).map(parts).collect();
    let bytes = columns(&all);
    let within = |limit: usize| {
        let limits = Limits::default().bytes(limit);
        Loader::new().limits(limits).from_slice::<Vec<Parts>>(&bytes)
    };
    let least = (0..1 << 20).step_by(64).find(|limit| within(*limit).is_ok()).unwrap();
    assert_eq!(within(least).unwrap(), all);
    // Each limit below is one too: nothing is read without asking.
    for limit in (0..least).step_by(512) {
        assert_eq!(within(limit).unwrap_err().kind(), ErrorKind::Limit);
    }
}
