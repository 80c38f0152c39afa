//! When rebuild functions run, and what a load that fails or panics leaves behind: nothing.

use reduce_core::{ErrorKind, Expand, Loader, Reduce};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

/// What happened on this test's thread, in order.
#[derive(Default)]
struct Log {
    events: Vec<String>,
    /// Objects made and not dropped.
    alive: usize,
    made: usize,
    /// What the object of this number does in place of being made.
    stop_at: Option<(usize, Stop)>,
}

#[derive(Clone, Copy)]
enum Stop {
    Fail,
    Panic,
}

thread_local! {
    static LOG: RefCell<Log> = RefCell::default();
}

fn reset(stop_at: Option<(usize, Stop)>) {
    LOG.replace(Log { stop_at, ..Log::default() });
}

fn events() -> Vec<String> {
    LOG.with_borrow_mut(|log| std::mem::take(&mut log.events))
}

/// Alive and made.
fn counts() -> (usize, usize) {
    LOG.with_borrow(|log| (log.alive, log.made))
}

/// A resource of this process.
#[derive(Debug, PartialEq)]
struct Live(u32);

impl Drop for Live {
    fn drop(&mut self) {
        LOG.with_borrow_mut(|log| {
            log.alive -= 1;
            log.events.push(format!("drop {}", self.0));
        });
    }
}

fn open(id: u32) -> Result<Live, String> {
    let stop = LOG.with_borrow_mut(|log| {
        log.events.push(format!("open {id}"));
        let stop = log.stop_at.filter(|(at, _)| *at == log.made).map(|(_, stop)| stop);
        if stop.is_none() {
            log.made += 1;
            log.alive += 1;
        }
        stop
    });
    match stop {
        None => Ok(Live(id)),
        Some(Stop::Fail) => Err("no more".into()),
        Some(Stop::Panic) => panic!("no more"),
    }
}

/// A resource outside of any load, for values to dump.
fn closed(id: u32) -> Live {
    LOG.with_borrow_mut(|log| log.alive += 1);
    Live(id)
}

#[derive(Reduce, Debug, PartialEq)]
struct Item {
    id: u32,
    #[reduce(skip, rebuild = open)]
    live: Live,
}

fn item(id: u32) -> Item {
    Item { id, live: closed(id) }
}

#[derive(Reduce)]
#[reduce(rebuild = Whole::open)]
struct Whole {
    #[allow(dead_code, reason = "dropped for its effect")]
    before: Item,
    id: u32,
    #[reduce(skip)]
    #[allow(dead_code, reason = "dropped for its effect")]
    live: Live,
}

impl Whole {
    fn open(before: Item, id: u32) -> Result<Self, String> {
        Ok(Whole { before, id, live: open(id)? })
    }
}

#[derive(Reduce)]
#[reduce(validate = Checked::check)]
struct Checked(Item);

impl Checked {
    fn check(&self) -> Result<(), String> {
        open(self.0.id + 100).map(drop)
    }
}

/// Resources in every kind of container.
#[derive(Reduce)]
struct Everywhere {
    plain: Item,
    list: Vec<Item>,
    array: [Item; 3],
    boxed: Box<Item>,
    some: Option<Item>,
    shared: Vec<Rc<Item>>,
    map: BTreeMap<u8, Item>,
    hashed: HashMap<u8, Item>,
    pair: (Item, Item),
    slice: Box<[Item]>,
    queue: VecDeque<Item>,
    variant: Variant,
    whole: Whole,
    checked: Checked,
    #[reduce(skip, rebuild = last, from(plain))]
    #[allow(dead_code, reason = "dropped for its effect")]
    last: Live,
}

#[derive(Reduce)]
#[allow(dead_code, reason = "dropped for their effect")]
enum Variant {
    None,
    Some {
        a: Item,
        b: u8,
        #[reduce(skip, rebuild = second)]
        c: Live,
    },
}

fn second(a: &Item, b: u8) -> Result<Live, String> {
    open(a.id * 10 + u32::from(b))
}

fn last(plain: &Item) -> Result<Live, String> {
    open(plain.id + 1000)
}

fn everywhere() -> Everywhere {
    let one = Rc::new(item(9));
    Everywhere {
        plain: item(1),
        list: vec![item(2), item(3)],
        array: [item(4), item(5), item(6)],
        boxed: Box::new(item(7)),
        some: Some(item(8)),
        shared: vec![one.clone(), one, Rc::new(item(10))],
        map: [(1, item(11)), (2, item(12))].into(),
        hashed: [(1, item(13)), (2, item(14))].into(),
        pair: (item(15), item(16)),
        slice: Box::new([item(17)]),
        queue: [item(18), item(19)].into(),
        variant: Variant::Some { a: item(20), b: 5, c: closed(205) },
        whole: Whole { before: item(21), id: 22, live: closed(22) },
        checked: Checked(item(23)),
        last: closed(1001),
    }
}

/// How many times a whole load opens something.
const OPENS: usize = 26;

fn stream<T: Reduce>(value: T) -> Vec<u8> {
    reduce_core::to_vec(&value).unwrap()
}

#[test]
fn a_whole_load_opens_each_resource_once_and_keeps_it() {
    let bytes = stream(everywhere());
    reset(None);
    let value: Everywhere = reduce_core::from_slice(&bytes).unwrap();
    // The one that `validate` opens is dropped by it.
    assert_eq!(counts(), (OPENS - 1, OPENS));
    assert!(Rc::ptr_eq(&value.shared[0], &value.shared[1]));
    assert_eq!((value.plain.live.0, value.hashed[&2].live.0, value.whole.id), (1, 14, 22));
    drop(value);
    assert_eq!(counts(), (0, OPENS));
}

#[test]
fn a_failure_at_any_position_leaves_nothing_open() {
    let bytes = stream(everywhere());
    for k in 0..OPENS {
        reset(Some((k, Stop::Fail)));
        let error = reduce_core::from_slice::<Everywhere>(&bytes).err().unwrap();
        assert!(matches!(error.kind(), ErrorKind::Rebuild | ErrorKind::Validate), "{error}");
        assert_eq!(counts(), (0, k), "{error}");
    }
}

#[test]
fn a_panic_at_any_position_leaves_nothing_open() {
    let bytes = stream(everywhere());
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let loader = Loader::new();
    let mut left = Vec::new();
    for k in 0..OPENS {
        reset(Some((k, Stop::Panic)));
        let load = || loader.from_slice::<Everywhere>(&bytes).map(drop);
        let caught = catch_unwind(AssertUnwindSafe(load));
        left.push((caught.is_err(), counts()));
    }
    std::panic::set_hook(quiet);
    assert_eq!(left, (0..OPENS).map(|k| (true, (0, k))).collect::<Vec<_>>());
    // The loader serves the next load as before.
    reset(None);
    assert!(loader.from_slice::<Everywhere>(&bytes).is_ok());
    assert_eq!(counts(), (0, OPENS));
}

#[derive(Reduce)]
struct Three {
    first: Item,
    second: Vec<Item>,
    third: u8,
    #[reduce(skip, rebuild = fourth, from(third))]
    #[allow(dead_code, reason = "dropped for its effect")]
    fourth: Live,
    #[reduce(skip, rebuild = fifth, from(first, third))]
    #[allow(dead_code, reason = "dropped for its effect")]
    fifth: Live,
}

fn fourth(third: u8) -> Result<Live, String> {
    open(u32::from(third))
}

fn fifth(first: &Item, third: u8) -> Result<Live, String> {
    open(first.id + u32::from(third))
}

fn three() -> Vec<u8> {
    stream(Three {
        first: item(1),
        second: vec![item(2), item(3)],
        third: 4,
        fourth: closed(0),
        fifth: closed(0),
    })
}

#[test]
fn functions_run_in_order_of_declaration_inner_values_first() {
    let bytes = three();
    reset(None);
    let value = reduce_core::from_slice::<Three>(&bytes).ok().unwrap();
    assert_eq!(events(), ["open 1", "open 2", "open 3", "open 4", "open 5"]);
    drop(value);
}

#[test]
fn a_failed_load_drops_fields_in_reverse_order() {
    let bytes = three();
    reset(Some((4, Stop::Fail)));
    let error = reduce_core::from_slice::<Three>(&bytes).err().unwrap();
    assert_eq!(error.to_string(), "fifth: the rebuild function \"fifth\" failed: no more");
    // Elements are dropped as a `Vec` does.
    assert_eq!(
        events(),
        [
            "open 1", "open 2", "open 3", "open 4", "open 5", //
            "drop 4", "drop 2", "drop 3", "drop 1"
        ]
    );
}

#[test]
fn nothing_is_opened_before_the_whole_stream_is_found_well_formed() {
    let bytes = stream(everywhere());
    reset(None);
    for length in 0..bytes.len() {
        let error = reduce_core::from_slice::<Everywhere>(&bytes[..length]).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{length} bytes: {error}");
    }
    assert_eq!(counts(), (0, 0));
    assert_eq!(events(), [""; 0]);
}

#[test]
fn nothing_is_opened_when_the_length_of_a_cut_stream_is_made_to_fit() {
    /// Magic, version, flags and four bytes of length.
    const HEADER: usize = 9;
    let bytes = stream((item(1), true));
    assert_eq!(usize::from(bytes[5]), bytes.len() - HEADER);
    reset(None);
    for length in HEADER..bytes.len() {
        let mut short = bytes[..length].to_vec();
        short[5] = u8::try_from(length - HEADER).unwrap();
        assert!(reduce_core::from_slice::<(Item, bool)>(&short).is_err());
    }
    assert_eq!(counts(), (0, 0));
}

#[test]
fn nothing_is_opened_when_bytes_behind_a_resource_are_malformed() {
    #[derive(Reduce)]
    #[allow(dead_code, reason = "never made")]
    enum Kind {
        A,
        B,
    }
    type Later = (Item, bool, char, Kind, Option<u8>, String);
    let bytes = stream((item(1), true, 'x', Kind::B, Some(7u8), "t".to_string()));
    let end = bytes.len();
    // From the end: stop, text, its length, the option's value and tag, the variant, the char, the bool.
    for (back, byte) in [(1, 0x01), (2, 0xFF), (3, 0x7F), (5, 2), (6, 2), (8, 2)] {
        let mut broken = bytes.clone();
        broken[end - back] = byte;
        reset(None);
        let error = reduce_core::from_slice::<Later>(&broken).err().unwrap();
        assert!(
            matches!(error.kind(), ErrorKind::Malformed | ErrorKind::UnexpectedEnd),
            "{back}: {error}"
        );
        assert_eq!(counts(), (0, 0), "{back}: {error}");
    }
    reset(None);
    assert!(reduce_core::from_slice::<Later>(&bytes).is_ok());
    assert_eq!(counts(), (0, 1));
}

#[test]
fn nothing_is_opened_when_bytes_are_left_over() {
    let mut bytes = stream(item(1));
    bytes.push(0);
    reset(None);
    let error = reduce_core::from_slice::<Item>(&bytes).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::TrailingBytes, Some(bytes.len() - 1)));
    assert_eq!(counts(), (0, 0));
    // `take_from_slice` is for bytes that follow.
    let loader = Loader::new();
    let (value, rest) = loader.take_from_slice::<Item>(&bytes).unwrap();
    assert_eq!((value.live.0, rest), (1, &[0][..]));
}

#[test]
fn nothing_is_opened_when_the_stream_holds_another_type() {
    #[derive(Reduce)]
    struct Wider {
        #[allow(dead_code, reason = "never made")]
        item: Item,
        #[allow(dead_code, reason = "never made")]
        extra: u8,
    }
    let bytes = stream(Some(item(1)));
    reset(None);
    let error = reduce_core::from_slice::<Option<Wider>>(&bytes).err().unwrap();
    assert_eq!((error.kind(), counts()), (ErrorKind::TypeMismatch, (0, 0)));
}

#[test]
fn what_was_opened_before_an_invalid_value_is_dropped() {
    // Well formed, but not for a set.
    type Set = (Item, std::collections::BTreeSet<u8>);
    let bytes = stream((item(1), vec![5u8, 5]));
    reset(None);
    let error = reduce_core::from_slice::<Set>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue);
    assert_eq!(counts().0, 0);
}

#[test]
fn the_check_ahead_is_made_for_a_type_deep_below_the_root() {
    #[derive(Reduce)]
    struct Outer<T: 'static>(Vec<Option<Box<Middle<T>>>>);
    #[derive(Reduce)]
    enum Middle<T: 'static> {
        Leaf(Rc<[T]>),
        #[allow(dead_code, reason = "makes the type recursive")]
        Node(Box<Outer<T>>),
    }
    fn cut<T: Reduce + for<'de> Expand<'de> + 'static>(value: T) {
        let bytes = stream(Outer(vec![Some(Box::new(Middle::Leaf([value].into())))]));
        let mut broken = bytes.clone();
        let end = broken.len() - 1;
        broken[end] = 0;
        reset(None);
        assert!(reduce_core::from_slice::<Outer<T>>(&broken).is_err());
        assert_eq!(counts(), (0, 0));
        assert!(reduce_core::from_slice::<Outer<T>>(&bytes).is_ok());
        assert_eq!(counts().1, 1);
    }
    cut(item(1));
}
