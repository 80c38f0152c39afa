//! Loading lists in columns: every type comes back as it was, borrowed where rows borrow, with the errors that rows have.

use proptest::collection::{btree_map, btree_set, hash_map, hash_set, vec};
use proptest::option;
use proptest::prelude::*;
use reduce_core::{Dumper, Expand, Reduce};
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
    bytes: (Vec<u8>, Box<[u8]>, BTreeSet<u8>, Vec<Wrapping<u8>>, Vec<NonZeroU8>),
        (any::<Vec<u8>>(), any::<[u8; 3]>(), btree_set(any::<u8>(), 0..4), any::<[u8; 2]>(), any::<NonZeroU8>())
            .prop_map(|(a, b, c, d, e)| (a, b.into(), c, d.map(Wrapping).into(), vec![e]));
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
