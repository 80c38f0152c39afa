//! Derived types of every kind, with any values: what is dumped loads as it was, to the bit, and as nothing else; what
//! is cut or changed never panics.

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use proptest::sample::Index;
use reduce_core::{Dumper, ErrorKind, Expand, Reduce};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::marker::PhantomData;
use std::num::NonZeroU16;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// A float that is equal where every bit is.
#[derive(Reduce, Debug, Clone, Copy)]
#[reduce(transparent)]
struct Bits<F>(F);

impl PartialEq for Bits<f64> {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl PartialEq for Bits<f32> {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Numbers {
    bytes: (u8, i8),
    shorts: (u16, i16),
    ints: (u32, i32),
    longs: (u64, i64),
    longest: (u128, i128),
    sizes: (usize, isize),
    floats: (Bits<f32>, Bits<f64>),
    others: (bool, char, ()),
    not_zero: NonZeroU16,
}

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Texts {
    text: String,
    boxed: Box<str>,
    shared: Arc<str>,
    raw: Vec<u8>,
    optional: Option<Option<String>>,
}

#[derive(Reduce, Debug, PartialEq, Clone)]
#[reduce(rename_all = "kebab-case", rename_all_fields = "camelCase")]
enum Event {
    Nothing,
    NoPositions(),
    KeyDown(char),
    Moved(i32, i32),
    #[reduce(rename = "r")]
    Resized {
        new_width: u32,
        #[reduce(rename = "h")]
        new_height: Option<u32>,
    },
    Many(Vec<Event>),
}

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Generic<A, B: Clone, const N: usize> {
    a: A,
    list: Vec<B>,
    array: [B; N],
    marker: PhantomData<fn(A)>,
}

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Maps {
    sorted: BTreeMap<String, Event>,
    hashed: HashMap<u32, Vec<u16>>,
    set: BTreeSet<i64>,
    queue: VecDeque<(u8, Option<bool>)>,
}

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Tree {
    value: i128,
    left: Option<Box<Tree>>,
    right: Option<Box<Tree>>,
    others: Vec<Tree>,
}

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Shared {
    list: Vec<Rc<String>>,
    tree: Rc<Tree>,
    same: Rc<Tree>,
}

#[derive(Reduce, Debug, PartialEq, Clone)]
#[reduce(validate = Checked::check)]
struct Checked {
    words: Vec<String>,
    #[reduce(skip, rebuild = joined)]
    joined: String,
    #[reduce(skip, default)]
    spare: Option<u8>,
}

fn joined(words: &[String]) -> String {
    words.join(" ")
}

impl Checked {
    fn check(&self) -> Result<(), &'static str> {
        if self.joined.len() + 1 >= self.words.len() { Ok(()) } else { Err("too short") }
    }
}

#[derive(Reduce, Debug, PartialEq, Clone)]
#[reduce(via = (u64, u32))]
struct Stamp(Duration);

impl From<&Stamp> for (u64, u32) {
    fn from(stamp: &Stamp) -> Self {
        (stamp.0.as_secs(), stamp.0.subsec_nanos())
    }
}

impl TryFrom<(u64, u32)> for Stamp {
    type Error = String;
    fn try_from((seconds, nanos): (u64, u32)) -> Result<Self, String> {
        if nanos >= 1_000_000_000 {
            return Err(format!("{nanos} ns are more than a second"));
        }
        Ok(Stamp(Duration::new(seconds, nanos)))
    }
}

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Tuple(#[reduce(skip, default)] (), u8, #[reduce(rename = "last")] Box<Event>, [u16; 3]);

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Units(Unit, Empty, Option<Unit>, Vec<Empty>, PhantomData<Tree>);

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Unit;

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Empty {}

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Everything {
    numbers: Numbers,
    texts: Texts,
    events: Vec<Event>,
    generic: Generic<Option<Tuple>, Stamp, 2>,
    maps: Maps,
    shared: Result<Shared, Units>,
    checked: Box<Checked>,
}

type Small = Generic<u8, String, 0>;
type Nested = Generic<Generic<bool, Units, 1>, Bits<f32>, 3>;

fn double() -> impl Strategy<Value = Bits<f64>> {
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        Just(f64::NAN),
        Just(-0.0),
        Just(f64::MIN_POSITIVE / 2.0),
        Just(f64::from_bits(0x7FF0_0000_0000_0001)),
    ]
    .prop_map(Bits)
}

fn single() -> impl Strategy<Value = Bits<f32>> {
    prop_oneof![any::<u32>().prop_map(f32::from_bits), Just(f32::NEG_INFINITY), Just(-0.0)]
        .prop_map(Bits)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,12}", any::<String>(), Just(String::new()), "x{120,140}"]
}

fn numbers() -> impl Strategy<Value = Numbers> {
    let edges =
        prop_oneof![any::<u128>(), Just(0), Just(u128::MAX), (0..128u32).prop_map(|n| 1 << n)];
    let integers =
        (any::<(u8, i8)>(), any::<(u16, i16)>(), any::<(u32, i32)>(), any::<(u64, i64)>());
    let rest = (any::<(usize, isize)>(), any::<(bool, char, ())>(), any::<NonZeroU16>());
    (integers, edges, any::<i128>(), single(), double(), rest).prop_map(
        |((bytes, shorts, ints, longs), unsigned, signed, f32, f64, (sizes, others, not_zero))| {
            Numbers {
                bytes,
                shorts,
                ints,
                longs,
                longest: (unsigned, signed),
                sizes,
                floats: (f32, f64),
                others,
                not_zero,
            }
        },
    )
}

fn texts() -> impl Strategy<Value = Texts> {
    let optional = proptest::option::of(proptest::option::of(text()));
    (text(), text(), text(), vec(any::<u8>(), 0..200), optional).prop_map(
        |(text, boxed, shared, raw, optional)| Texts {
            text,
            boxed: boxed.into(),
            shared: shared.into(),
            raw,
            optional,
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    let leaf = prop_oneof![
        Just(Event::Nothing),
        Just(Event::NoPositions()),
        any::<char>().prop_map(Event::KeyDown),
        any::<(i32, i32)>().prop_map(|(x, y)| Event::Moved(x, y)),
        any::<(u32, Option<u32>)>()
            .prop_map(|(new_width, new_height)| Event::Resized { new_width, new_height }),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| vec(inner, 0..4).prop_map(Event::Many))
}

fn generic<A, B, const N: usize>(
    a: impl Strategy<Value = A>,
    b: impl Strategy<Value = B> + Clone,
) -> impl Strategy<Value = Generic<A, B, N>>
where
    A: std::fmt::Debug,
    B: Clone + std::fmt::Debug,
{
    let array = vec(b.clone(), N).prop_map(|list| <[B; N]>::try_from(list).ok().unwrap());
    (a, vec(b, 0..5), array).prop_map(|(a, list, array)| Generic {
        a,
        list,
        array,
        marker: PhantomData,
    })
}

fn maps() -> impl Strategy<Value = Maps> {
    (
        btree_map(text(), event(), 0..5),
        btree_map(any::<u32>(), vec(any::<u16>(), 0..4), 0..5),
        btree_set(any::<i64>(), 0..8),
        vec(any::<(u8, Option<bool>)>(), 0..6),
    )
        .prop_map(|(sorted, hashed, set, queue)| Maps {
            sorted,
            hashed: hashed.into_iter().collect(),
            set,
            queue: queue.into(),
        })
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf =
        any::<i128>().prop_map(|value| Tree { value, left: None, right: None, others: vec![] });
    leaf.prop_recursive(5, 24, 4, |inner| {
        let side = proptest::option::of(inner.clone().prop_map(Box::new));
        (any::<i128>(), side.clone(), side, vec(inner, 0..3))
            .prop_map(|(value, left, right, others)| Tree { value, left, right, others })
    })
}

fn shared() -> impl Strategy<Value = Shared> {
    (vec(text(), 1..4), vec(any::<Index>(), 0..8), tree()).prop_map(|(texts, picks, tree)| {
        let texts: Vec<Rc<String>> = texts.into_iter().map(Rc::new).collect();
        let tree = Rc::new(tree);
        let list = picks.iter().map(|pick| pick.get(&texts).clone()).collect();
        Shared { list, tree: tree.clone(), same: tree }
    })
}

fn checked() -> impl Strategy<Value = Checked> {
    vec(text(), 0..5).prop_map(|words| Checked { joined: joined(&words), words, spare: None })
}

fn stamp() -> impl Strategy<Value = Stamp> + Clone {
    (any::<u64>(), 0..1_000_000_000u32)
        .prop_map(|(seconds, nanos)| Stamp(Duration::new(seconds, nanos)))
}

fn tuple() -> impl Strategy<Value = Tuple> {
    (any::<u8>(), event(), any::<[u16; 3]>())
        .prop_map(|(a, event, array)| Tuple((), a, Box::new(event), array))
}

fn units() -> impl Strategy<Value = Units> + Clone {
    (any::<bool>(), 0..4usize).prop_map(|(some, count)| {
        Units(Unit, Empty {}, some.then_some(Unit), vec![Empty {}; count], PhantomData)
    })
}

fn small() -> impl Strategy<Value = Small> {
    generic(any::<u8>(), "\\PC{0,5}")
}

fn nested() -> impl Strategy<Value = Nested> {
    generic(
        generic(any::<bool>(), units()),
        any::<u32>().prop_map(|bits| Bits(f32::from_bits(bits))),
    )
}

fn everything() -> impl Strategy<Value = Everything> {
    let shared = prop_oneof![shared().prop_map(Ok), units().prop_map(Err)];
    let generic = generic(proptest::option::of(tuple()), stamp());
    (numbers(), texts(), vec(event(), 0..3), generic, maps(), shared, checked()).prop_map(
        |(numbers, texts, events, generic, maps, shared, checked)| Everything {
            numbers,
            texts,
            events,
            generic,
            maps,
            shared,
            checked: Box::new(checked),
        },
    )
}

/// Canonical, so that two maps of one content give one stream.
fn dump<T: Reduce>(value: &T) -> Vec<u8> {
    Dumper::new().canonical(true).to_vec(value).unwrap()
}

/// What came back and the bytes that it gives.
fn comes_back<T>(value: &T) -> Result<(), TestCaseError>
where
    T: Reduce + for<'de> Expand<'de> + PartialEq + std::fmt::Debug,
{
    let bytes = dump(value);
    let loaded: T = reduce_core::from_slice(&bytes)
        .map_err(|error| TestCaseError::fail(format!("{error:#}")))?;
    prop_assert_eq!(&loaded, value);
    prop_assert_eq!(dump(&loaded), bytes);
    // In the order in which maps iterate, too.
    let loaded: T = reduce_core::from_slice(&reduce_core::to_vec(value).unwrap()).unwrap();
    prop_assert_eq!(&loaded, value);
    // And read, not borrowed.
    let loaded: T =
        reduce_core::from_reader(reduce_core::to_vec(value).unwrap().as_slice()).unwrap();
    prop_assert_eq!(&loaded, value);
    Ok(())
}

fn no_prefix_loads<T>(value: &T, cuts: &[Index]) -> Result<(), TestCaseError>
where
    T: Reduce + for<'de> Expand<'de>,
{
    let bytes = dump(value);
    let check = |length: usize| {
        let error = reduce_core::from_slice::<T>(&bytes[..length]).err().map(|error| error.kind());
        prop_assert_eq!(
            error,
            Some(ErrorKind::UnexpectedEnd),
            "{} of {} bytes",
            length,
            bytes.len()
        );
        Ok(())
    };
    // All of a short stream, and some of a long one.
    if bytes.len() <= 600 {
        (0..bytes.len()).try_for_each(check)
    } else {
        cuts.iter().map(|cut| cut.index(bytes.len())).try_for_each(check)
    }
}

/// Changes bytes; what loads must dump, and load again as the same.
fn mutations_never_panic<T>(value: &T, changes: &[(Index, u8)]) -> Result<(), TestCaseError>
where
    T: Reduce + for<'de> Expand<'de>,
{
    let bytes = dump(value);
    for (n, (place, byte)) in changes.iter().enumerate() {
        let mut changed = bytes.clone();
        // Every other one near the end, where the data stands: what changes a program is refused early.
        let near = if n % 2 == 0 { bytes.len() } else { bytes.len() / 3 };
        let at = bytes.len() - 1 - place.index(near);
        changed[at] ^= byte;
        if let Ok(loaded) = reduce_core::from_slice::<T>(&changed) {
            let again = dump(&loaded);
            let twice: T = reduce_core::from_slice(&again).map_err(|error| {
                TestCaseError::fail(format!("byte {at} ^ {byte:#04x}: {error:#}"))
            })?;
            prop_assert_eq!(dump(&twice), again, "byte {} ^ {:#04x}", at, byte);
        }
    }
    Ok(())
}

/// The kind of the error of a load as `T`, if it is one.
fn load_as<T: for<'de> Expand<'de>>(bytes: &[u8]) -> Option<ErrorKind> {
    reduce_core::from_slice::<T>(bytes).err().map(|error| error.kind())
}

macro_rules! types {
    ($($name:ident: $type:ty = $strategy:expr;)*) => {
        $(mod $name {
            use super::*;

            proptest! {
                #![proptest_config(ProptestConfig::with_cases(48))]

                #[test]
                fn comes_back_as_it_was(value in $strategy) {
                    comes_back::<$type>(&value)?;
                }

                #[test]
                fn no_prefix_of_the_stream_loads(
                    value in $strategy,
                    cuts in vec(any::<Index>(), 100),
                ) {
                    no_prefix_loads::<$type>(&value, &cuts)?;
                }

                #[test]
                fn changed_bytes_never_panic(
                    value in $strategy,
                    changes in vec((any::<Index>(), 1..=255u8), 100),
                ) {
                    mutations_never_panic::<$type>(&value, &changes)?;
                }

                #[test]
                fn loads_as_no_other_type(value in $strategy) {
                    let bytes = dump::<$type>(&value);
                    for (name, load) in LOADS {
                        let expected = (*name != stringify!($name)).then_some(ErrorKind::TypeMismatch);
                        prop_assert_eq!(load(&bytes), expected, "as {}", name);
                    }
                }
            }
        })*

        /// A load as each of the types.
        const LOADS: &[(&str, fn(&[u8]) -> Option<ErrorKind>)] =
            &[$((stringify!($name), load_as::<$type>)),*];
    };
}

types! {
    numbers_: Numbers = numbers();
    texts_: Texts = texts();
    event_: Event = event();
    maps_: Maps = maps();
    tree_: Tree = tree();
    shared_: Shared = shared();
    checked_: Checked = checked();
    stamp_: Stamp = stamp();
    tuple_: Tuple = tuple();
    units_: Units = units();
    small_: Small = small();
    nested_: Nested = nested();
    list_of_options: Vec<Option<Small>> = vec(proptest::option::of(small()), 0..4);
    everything_: Everything = everything();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn shared_objects_stay_the_same_objects(value in shared()) {
        let loaded: Shared = reduce_core::from_slice(&dump(&value)).unwrap();
        prop_assert!(Rc::ptr_eq(&loaded.tree, &loaded.same));
        for (a, x) in value.list.iter().zip(&loaded.list) {
            for (b, y) in value.list.iter().zip(&loaded.list) {
                prop_assert_eq!(Rc::ptr_eq(a, b), Rc::ptr_eq(x, y));
            }
        }
    }

    #[test]
    fn text_is_borrowed_wherever_it_stands(lines in vec(text(), 0..10)) {
        #[derive(Reduce, Debug, PartialEq)]
        struct Lines<'a> {
            lines: Vec<&'a str>,
            first: Option<Cow<'a, str>>,
        }
        let value = Lines {
            lines: lines.iter().map(String::as_str).collect(),
            first: lines.first().map(Cow::from),
        };
        let bytes = dump(&value);
        let loaded: Lines<'_> = reduce_core::from_slice(&bytes).unwrap();
        prop_assert_eq!(&loaded, &value);
        let stream = bytes.as_ptr_range();
        prop_assert!(loaded.lines.iter().all(|line| stream.contains(&line.as_ptr())));
        prop_assert!(!matches!(loaded.first, Some(Cow::Owned(_))));
    }

    #[test]
    fn signed_numbers_of_small_size_take_few_bytes(value in any::<i64>()) {
        let size = |value: i64| reduce_core::to_vec(&value).unwrap().len();
        match value.unsigned_abs().cmp(&64) {
            Ordering::Less => prop_assert_eq!(size(value), size(0)),
            _ => prop_assert!(size(value) <= size(0) + 9),
        }
    }
}
