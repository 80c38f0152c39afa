//! Lists in columns, as dumps write them: which lists are, what becomes of those that cannot be, and the two knobs.

use reduce_core::{
    Describe, Dumper, Effort, Error, ErrorKind, Expand, Field, Fields, Limits, Reader, Reduce,
    TypeDef, Writer, from_slice, to_vec,
};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::fmt::Debug;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4};
use std::num::{NonZero, Wrapping};
use std::ops::{Bound, Range, RangeInclusive};
use std::rc::Rc;
use std::time::Duration;

/// The opcode of a list in columns, and what stands in front of it: the length of one of `n` elements.
fn is_in_columns(bytes: &[u8], n: u8) -> bool {
    bytes.windows(2).any(|window| window == [n << 1 | 1, 0x30])
}

fn rows(value: &impl Reduce) -> Vec<u8> {
    Dumper::new().columns(false).to_vec(value).unwrap()
}

/// Values in all that may hold them.
type Held<T> = (Vec<T>, Option<T>, Box<[T]>, [T; 2]);

/// A list of so many elements goes through columns, and so do shorter ones inside of another list.
fn check<T>(make: impl Fn(usize) -> T)
where
    T: Reduce + for<'de> Expand<'de> + PartialEq + Debug,
{
    let list: Vec<T> = (0..40).map(&make).collect();
    let bytes = to_vec(&list).unwrap();
    assert!(is_in_columns(&bytes, 40), "{list:?}");
    assert_eq!(from_slice::<Vec<T>>(&bytes).unwrap(), list);
    let small = Dumper::new().effort(Effort::Small).to_vec(&list).unwrap();
    assert_eq!(from_slice::<Vec<T>>(&small).unwrap(), list);
    assert_eq!(from_slice::<Vec<T>>(&rows(&list)).unwrap(), list);

    let nested: Vec<Held<T>> = (0..20)
        .map(|n| {
            let some = (n % 3 == 0).then(|| make(n));
            ((0..n).map(&make).collect(), some, (n..n + 2).map(&make).collect(), [make(n), make(1)])
        })
        .collect();
    let bytes = to_vec(&nested).unwrap();
    assert!(is_in_columns(&bytes, 20), "{nested:?}");
    assert_eq!(from_slice::<Vec<Held<T>>>(&bytes).unwrap(), nested);
}

#[test]
fn numbers_and_texts_have_one_column() {
    check(|n| n as u16 * 5);
    check(|n| n as i32 - 7);
    check(|n| u64::MAX - n as u64);
    check(|n| -(n as i128));
    check(|n| n as isize);
    check(|n| n % 2 == 0);
    check(|n| char::from(b'a' + n as u8 % 20));
    check(|n| format!("text {}", n % 7));
    check(|n| vec![n as u8; n % 4]);
    check(|n| Wrapping(n as u32));
    check(|n| NonZero::new(n as u32 + 1).unwrap());
    check(|n| Box::<str>::from("ab".repeat(n)));
}

#[test]
fn numbers_that_are_in_rows_as_in_memory_stay_there() {
    fn check<T: Reduce + Clone>(value: T) {
        let list = vec![value; 40];
        assert!(!is_in_columns(&to_vec(&list).unwrap(), 40));
    }
    check(1u8);
    check(-1i8);
    check(1.5f32);
    check(1.5f64);
    check([1.5f32, 2.5]);
    check([1u8; 16]);
    check(Ipv4Addr::LOCALHOST);
    check((1.5f32, (2.5f64, 3.5f32)));
    check(());
    check(PhantomData::<u32>);
}

#[test]
fn types_of_std_have_columns() {
    check(|n| (n as u8, n as f64 / 2.0));
    check(|n| Some(n as u8).filter(|n| n % 3 == 0));
    check(|n| Some(Some(n as u8).filter(|n| n % 3 == 0)).filter(|_| n % 4 != 0));
    check(|n| if n % 2 == 0 { Ok(n as u64) } else { Err(format!("{n}")) });
    check(|n| vec![(n as u16, n % 2 == 0); n % 5]);
    check(|n| vec![vec![n as i16; n % 3]; n % 5]);
    check(|n| [n as u32; 3]);
    check(|n| (n as u16, [n as u8; 16]));
    check(|n| Range { start: n as u8, end: 40 });
    check(|n| RangeInclusive::new(n as u32, 40));
    check(|n| Duration::new(n as u64, n as u32));
    check(|n| Box::new(Box::new(n as u32)));
    check(|n| Bound::Excluded(n as u32));
    check(|n| (n as u16, Ipv4Addr::from(n as u32)));
    check(|n| if n % 2 == 0 { IpAddr::from([n as u8; 4]) } else { IpAddr::from([n as u16; 8]) });
    check(|n| SocketAddr::from(SocketAddrV4::new(Ipv4Addr::LOCALHOST, n as u16)));
    check(|n| Cow::<'static, [u16]>::Owned(vec![n as u16; n % 3]).into_owned());
    check(|n| VecDeque::from(vec![n as u16; n % 3]));
    check(|n| LinkedList::from([n as u16, 1]));
    check(|n| BTreeSet::from([n as u16, 100]));
    check(|n| HashSet::<u16>::from([n as u16, 100]));
    check(|n| BTreeMap::from([(n as u16, format!("{n}")), (100, "x".into())]));
    check(|n| HashMap::<u16, Option<u8>>::from([(n as u16, Some(n as u8)), (100, None)]));
}

#[test]
fn a_collection_of_some_length_is_in_columns_as_a_list_is() {
    let numbers = || (0..40u32).map(|n| n * 3);
    let list: Vec<u32> = numbers().collect();
    for bytes in [
        to_vec(&numbers().collect::<VecDeque<u32>>()).unwrap(),
        to_vec(&numbers().collect::<LinkedList<u32>>()).unwrap(),
        to_vec(&numbers().collect::<BTreeSet<u32>>()).unwrap(),
        to_vec(&*list).unwrap(),
        to_vec(&Cow::Borrowed(&*list)).unwrap(),
    ] {
        assert_eq!(bytes, to_vec(&list).unwrap());
        assert_eq!(from_slice::<VecDeque<u32>>(&bytes).unwrap(), list);
        assert_eq!(from_slice::<LinkedList<u32>>(&bytes).unwrap(), numbers().collect());
        assert_eq!(from_slice::<BTreeSet<u32>>(&bytes).unwrap(), numbers().collect());
        assert_eq!(from_slice::<HashSet<u32>>(&bytes).unwrap(), numbers().collect());
        let heap = from_slice::<BinaryHeap<u32>>(&bytes).unwrap();
        assert_eq!(heap.into_sorted_vec(), list);
    }
}

#[derive(Clone, Debug, PartialEq, Reduce)]
struct Line<'a> {
    name: String,
    text: &'a str,
    kind: Kind,
    #[reduce(skip, default)]
    seen: bool,
    next: Option<Box<Kind>>,
}

#[derive(Clone, Debug, PartialEq, Reduce)]
enum Kind {
    Nothing,
    Number(i64),
    Named { name: String, places: Vec<(u8, u8)> },
    Wrapped(Number),
}

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(transparent)]
struct Number(u16);

#[derive(Clone, Debug, PartialEq, Reduce)]
enum One {
    Alone(u32),
}

#[derive(Clone, Debug, PartialEq, Reduce)]
struct Pair<A, B>(A, Box<B>);

fn kind(n: usize) -> Kind {
    match n % 5 {
        0 => Kind::Nothing,
        1 => Kind::Number(-(n as i64)),
        2 => Kind::Named { name: "n".repeat(n), places: vec![(n as u8, 1); n % 3] },
        _ => Kind::Wrapped(Number(n as u16)),
    }
}

#[test]
fn derived_types_have_columns() {
    check(kind);
    check(|n| Number(n as u16));
    check(|n| One::Alone(n as u32));
    check(|n| Pair(n as u32, Box::new("text".to_string())));
    check(|n| Pair(kind(n), Box::new(vec![Number(n as u16)])));

    let lines: Vec<_> = (0..150)
        .map(|n| Line {
            name: format!("{n}"),
            text: if n % 2 == 0 { "even" } else { "odd" },
            kind: kind(n),
            seen: false,
            next: (n % 7 == 0).then(|| Box::new(kind(n + 1))),
        })
        .collect();
    let bytes = to_vec(&lines).unwrap();
    assert!(bytes.len() < rows(&lines).len());
    assert_eq!(from_slice::<Vec<Line<'_>>>(&bytes).unwrap(), lines);
}

macro_rules! variants {
    ($($name:ident)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Reduce)]
        enum Many {
            $($name,)*
            Last(u8),
        }

        const MANY: &[Many] = &[$(Many::$name,)* Many::Last(7)];
    };
}

// More than a byte tells apart.
reduce::three_hundred_names!(variants);

#[test]
fn enums_of_many_variants_have_columns() {
    check(|n| MANY[(n * 61) % MANY.len()]);
    let all: Vec<Many> = MANY.iter().rev().copied().collect();
    assert_eq!(from_slice::<Vec<Many>>(&to_vec(&all).unwrap()).unwrap(), all);
}

#[derive(Clone, Debug, PartialEq, Reduce)]
struct Tree {
    size: u32,
    below: Vec<Tree>,
}

#[test]
fn types_that_occur_inside_themselves_stay_in_rows() {
    let leaf = Tree { size: 1, below: Vec::new() };
    let tree = Tree { size: 40, below: vec![leaf; 40] };
    let bytes = to_vec(&tree).unwrap();
    assert!(!is_in_columns(&bytes, 40));
    assert_eq!(from_slice::<Tree>(&bytes).unwrap(), tree);
}

#[derive(Reduce)]
struct Shared(u32, Rc<u32>);

#[derive(Reduce)]
struct Set(u32, Cell<u32>);

#[derive(Reduce)]
struct Later {
    id: u32,
    #[reduce(state)]
    next: Cell<u32>,
}

#[test]
fn what_is_shared_or_set_stays_in_rows() {
    fn check<T: Reduce + for<'de> Expand<'de>>(make: impl Fn(u32) -> T) {
        let list: Vec<T> = (0..40).map(make).collect();
        let bytes = to_vec(&list).unwrap();
        assert!(!is_in_columns(&bytes, 40));
        assert_eq!(from_slice::<Vec<T>>(&bytes).unwrap().len(), 40);
    }
    check(|n| Shared(n, Rc::new(n)));
    check(|n| Set(n, Cell::new(n)));
    check(|id| Later { id, next: Cell::new(id) });
    check(|n| (n, Rc::new(n)));
    check(|n| Some(Set(n, Cell::new(n))));
}

/// By hand: knows rows alone, and so does what holds it.
#[derive(Debug, PartialEq)]
struct ByHand(u32);

impl Describe for ByHand {
    fn def() -> &'static TypeDef {
        const {
            &TypeDef::record::<Self>(
                "ByHand",
                Fields::Tuple(const { &[Field::unnamed(<u32 as Describe>::def)] }),
            )
        }
    }
}

impl Reduce for ByHand {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.0.reduce(w)
    }
}

impl<'de> Expand<'de> for ByHand {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        u32::expand(r).map(ByHand)
    }
}

#[test]
fn reducers_by_hand_write_rows() {
    let list: Vec<_> = (0..40).map(|n| (n, Some(ByHand(n)))).collect();
    let bytes = to_vec(&list).unwrap();
    assert!(!is_in_columns(&bytes, 40));
    assert_eq!(from_slice::<Vec<(u32, Option<ByHand>)>>(&bytes).unwrap(), list);
}

#[test]
fn short_lists_stay_in_rows_unless_they_lie_in_columns() {
    let short = vec![(1u32, true); 3];
    assert_eq!(to_vec(&short).unwrap(), rows(&short));
    let outer: Vec<_> = (0..30).map(|_| short.clone()).collect();
    assert!(to_vec(&outer).unwrap().len() < rows(&outer).len() / 3);
}

#[test]
fn an_error_in_columns_says_where() {
    let mut exhausted = 0..=0u8;
    exhausted.next();
    let mut list = vec![(1u32, Some(0..=1u8)); 40];
    list[17].1 = Some(exhausted);
    let error = to_vec(&list).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.path(), "[17].1");
}

#[test]
fn levels_are_counted_as_in_rows() {
    let list = vec![vec![vec![1u32; 20]; 20]; 20];
    let dumper = |depth| Dumper::new().limits(Limits::default().depth(depth));
    assert_eq!(dumper(2).to_vec(&list).unwrap_err().kind(), ErrorKind::Limit);
    assert_eq!(from_slice::<Vec<Vec<Vec<u32>>>>(&dumper(3).to_vec(&list).unwrap()).unwrap(), list);
}

#[test]
fn canonical_dumps_do_not_depend_on_how_a_map_iterates() {
    let canonical = Dumper::new().canonical(true);
    let map = |n: u32| HashMap::<u32, u32>::from([(n, 1), (n + 100, 2), (n + 200, 3)]);
    let (a, b): (Vec<_>, Vec<_>) = (0..40).map(|n| (map(n), map(n))).unzip();
    let bytes = canonical.to_vec(&a).unwrap();
    assert_eq!(bytes, canonical.to_vec(&b).unwrap());
    assert_eq!(from_slice::<Vec<HashMap<u32, u32>>>(&bytes).unwrap(), a);

    let set: HashSet<u32> = (0..40).collect();
    let ordered: BTreeSet<u32> = (0..40).collect();
    assert_eq!(canonical.to_vec(&set).unwrap(), canonical.to_vec(&ordered).unwrap());

    // What has no such order is in columns as ever.
    let list: Vec<_> = (0..40u32).map(|n| (n, Some(n))).collect();
    assert_eq!(canonical.to_vec(&list).unwrap(), to_vec(&list).unwrap());
    let single: Vec<_> = (0..40u32).map(|n| HashSet::<u32>::from([n])).collect();
    assert!(is_in_columns(&canonical.to_vec(&single).unwrap(), 40));
}

#[test]
fn the_same_dumper_writes_lists_of_many_types() {
    // More than memory is kept for.
    macro_rules! lists {
        ($($n:literal)*) => {
            for _ in 0..2 {$(
                let list: Vec<(u32, [u16; $n])> = (0..100).map(|n| (n, [$n; $n])).collect();
                assert_eq!(from_slice::<Vec<(u32, [u16; $n])>>(&to_vec(&list).unwrap()).unwrap(), list);
            )*}
        };
    }
    lists! { 1 2 3 4 5 6 7 8 9 10 11 12 }
}

#[derive(Reduce)]
struct Images(#[reduce(out_of_band)] Vec<(u32, Vec<u8>)>);

#[test]
fn buffers_below_a_list_are_offered() {
    let images = Images((0..20).map(|n| (n, vec![n as u8; 2000])).collect());
    let mut taken = Vec::new();
    let take = |bytes: &[u8]| {
        taken.push(bytes.len());
        Ok(true)
    };
    let bytes = Dumper::new().buffers(take).to_vec(&images).unwrap();
    assert!(bytes.len() < 500);
    assert_eq!(taken, [2000; 20]);
    // Without anybody to take them the list is in columns.
    assert!(is_in_columns(&to_vec(&images).unwrap(), 20));
}
