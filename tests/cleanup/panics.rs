//! A function, an element, a drop that fails or panics at any place up to the 64th: nothing is left, nothing is dropped
//! twice, and the same loader loads the same value afterwards.

use crate::live::{Live, Stop, assert_clean, made, make, stop};
use reduce_core::{
    Adapter, BoxError, Context, Describe, Dumper, Error, Expand, Loader, Reader, Reduce, Registry,
    TypeDef, Writer,
};
use std::any::Any;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, LinkedList, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::{Rc, Weak};
use std::sync::{Arc, LazyLock};

/// The last place at which something stops.
const MOST: u32 = 64;

/// Its expander, written by hand, makes the live value.
#[derive(Debug)]
struct Element(u16, #[expect(dead_code, reason = "it is dropped")] Live);

impl Describe for Element {
    fn def() -> &'static TypeDef {
        u16::def()
    }
}

impl Reduce for Element {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.0.reduce(w)
    }
}

impl<'de> Expand<'de> for Element {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let id = u16::expand(r)?;
        let live = make().map_err(|error| r.invalid(error))?;
        Ok(Element(id, live))
    }
}

/// A plain value with a function: lists of it lie in columns.
#[derive(Reduce, Debug)]
#[reduce(validate = check)]
struct Row {
    id: u16,
    text: String,
    #[reduce(skip, rebuild = make, from())]
    _live: Live,
}

fn check(row: &Row) -> Result<(), String> {
    if row.text.is_empty() { Err("no text".into()) } else { Ok(()) }
}

#[derive(Reduce)]
enum Choice {
    Row(Row),
    Pair {
        first: Box<Element>,
        #[reduce(skip, rebuild = make, from())]
        _second: Live,
    },
}

#[derive(Debug)]
struct Foreign(#[expect(dead_code, reason = "it is dropped")] Live);

struct AsUnit;

impl Adapter<Foreign> for AsUnit {
    type Stored = u8;
    fn reduce(_: &Foreign, _: &Context<'_>) -> Result<u8, BoxError> {
        Ok(1)
    }
    fn expand(_: u8, _: &Context<'_>) -> Result<Foreign, BoxError> {
        Ok(Foreign(make()?))
    }
}

#[derive(Reduce)]
struct Adapted {
    #[reduce(with = Vec<(AsUnit, Box<AsUnit>)>)]
    list: Vec<(Foreign, Box<Foreign>)>,
    #[reduce(with = [AsUnit; 8])]
    array: [Foreign; 8],
}

/// An object that refers to its parent, and is set its children when it is there.
#[derive(Reduce)]
#[reduce(name = "Node")]
struct Node {
    parent: Weak<Node>,
    #[reduce(skip, rebuild = make, from())]
    _live: Live,
    own: Option<Box<Element>>,
    #[reduce(state)]
    children: RefCell<Vec<Rc<Node>>>,
}

fn node(parent: &Weak<Node>, levels: u32) -> Rc<Node> {
    let own = (levels > 0).then(|| Box::new(element(levels as u16)));
    Rc::new_cyclic(|this| Node {
        parent: parent.clone(),
        _live: Live::new(),
        own,
        children: (0..levels).map(|_| node(this, levels - 1)).collect::<Vec<_>>().into(),
    })
}

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry::new();
    registry.register::<Row>().unwrap().register::<Node>().unwrap();
    registry.register_as::<Element>("Element").unwrap();
    registry.reducer("Foreign", |_: &Foreign| 1u8, |_: u8| make().map(Foreign)).unwrap();
    registry
});

fn element(id: u16) -> Element {
    Element(id, Live::new())
}

fn row(id: u16) -> Row {
    Row { id, text: format!("row {id}"), _live: Live::new() }
}

/// A stream, and a load of it that dumps the value again.
struct Case {
    name: &'static str,
    /// A `HashMap` of std forgets its other entries when the drop of one panics.
    forgets: bool,
    bytes: Vec<u8>,
    again: fn(&Loader, &[u8]) -> Result<Vec<u8>, Error>,
}

fn again<T: Reduce + for<'de> Expand<'de>>(
    loader: &Loader,
    bytes: &[u8],
) -> Result<Vec<u8>, Error> {
    let value: T = loader.from_slice(bytes)?;
    dumper().to_vec(&value)
}

fn dumper() -> Dumper {
    Dumper::new().registry(&REGISTRY).canonical(true)
}

fn case<T: Reduce + for<'de> Expand<'de>>(name: &'static str, value: T) -> Case {
    let bytes = dumper().to_vec(&value).unwrap();
    Case { name, forgets: name == "a hash map", bytes, again: again::<T> }
}

fn cases() -> Vec<Case> {
    let rows = |n: u16| (0..n).map(row).collect::<Vec<_>>();
    let elements = |n: u16| (0..n).map(element);
    let choice = |n: u16| match n % 2 {
        0 => Choice::Row(row(n)),
        _ => Choice::Pair { first: Box::new(element(n)), _second: Live::new() },
    };
    let pair = || (Foreign(Live::new()), Box::new(Foreign(Live::new())));
    let objects = (0..24).map(|n| match n % 3 {
        0 => Box::new(row(n)) as Box<dyn Any>,
        1 => Box::new(element(n)),
        _ => Box::new(Foreign(Live::new())),
    });
    let shared: Vec<Rc<Element>> = elements(12).map(Rc::new).collect();
    let twice = (shared.clone(), shared, (0..12).map(|n| Arc::new(row(n))).collect::<Vec<_>>());
    vec![
        case("a few rows", rows(9)),
        case("rows in columns", rows(70)),
        case("a boxed slice of rows", rows(33).into_boxed_slice()),
        case("a queue of rows", VecDeque::from(rows(33))),
        case("nested lists", vec![rows(3), rows(20), vec![], rows(8)]),
        case("a list", elements(70).collect::<Vec<_>>()),
        case("a linked list", elements(20).collect::<LinkedList<_>>()),
        case("an array", <[Element; 20]>::try_from(elements(20).collect::<Vec<_>>()).unwrap()),
        case("an array of rows", <[Row; 20]>::try_from(rows(20)).unwrap()),
        case("a map", (0..20).map(|n| (n, (row(n), element(n)))).collect::<BTreeMap<_, _>>()),
        case("a hash map", (0..20).map(|n| (n, row(n))).collect::<HashMap<_, _>>()),
        case("variants", (0..30).map(choice).collect::<Vec<_>>()),
        case("tuples in boxes", Box::new((row(1), Some(Box::new(element(2))), [row(3), row(4)]))),
        case(
            "adapters",
            Adapted {
                list: (0..9).map(|_| pair()).collect(),
                array: std::array::from_fn(|_| pair().0),
            },
        ),
        case("trait objects", objects.collect::<Vec<_>>()),
        case("shared objects", twice),
        case("a tree with state", node(&Weak::new(), 3)),
        case("a tree behind its leaf", {
            let root = node(&Weak::new(), 2);
            let leaf = root.children.borrow()[1].clone();
            (leaf, root)
        }),
    ]
}

/// The same value as ever, of the same loader.
fn loads_as_ever(case: &Case, loader: &Loader, what: &dyn Fn() -> String) {
    assert_eq!((case.again)(loader, &case.bytes).unwrap(), case.bytes, "{}", what());
    assert_clean(what);
}

/// Runs each case with a stop at each place, and each of these drops that panic on the way back.
fn sweep(how: Stop, drops: impl Fn(u32) -> Vec<Option<u32>>) -> u32 {
    let loader = Loader::new().registry(&REGISTRY);
    let mut runs = 0;
    for case in cases() {
        assert_clean(&|| case.name.into());
        stop(None, None);
        loads_as_ever(&case, &loader, &|| case.name.into());
        let all = made();
        for at in 0..all.min(MOST + 1) {
            let drops = if case.forgets && how == Stop::Fail { vec![None] } else { drops(at) };
            for dropped in drops {
                let what =
                    || format!("{}: {how:?} at {at}, a drop that panics: {dropped:?}", case.name);
                stop(Some((at, how)), dropped);
                let load = || (case.again)(&loader, &case.bytes);
                match catch_unwind(AssertUnwindSafe(load)) {
                    Ok(loaded) => assert!(loaded.is_err() && how == Stop::Fail, "{}", what()),
                    Err(panic) => {
                        let panic = panic.downcast_ref::<&str>().copied();
                        let expected = if how == Stop::Panic { "a function" } else { "a drop" };
                        assert_eq!(panic, Some(expected), "{}", what());
                    }
                }
                assert_clean(&what);
                loads_as_ever(&case, &loader, &what);
                runs += 1;
            }
        }
    }
    runs
}

#[test]
fn a_function_or_an_element_that_fails_at_any_place() {
    assert!(sweep(Stop::Fail, |_| vec![None]) > 500);
}

#[test]
fn a_function_or_an_element_that_panics_at_any_place() {
    assert!(sweep(Stop::Panic, |_| vec![None]) > 500);
}

#[test]
fn a_drop_that_panics_at_any_place_of_a_load_that_fails() {
    // All drops of some failures: of each that there can be, where they are few.
    let drops = |at: u32| match at {
        0 => vec![],
        at if at < 10 || at % 16 == 0 => (0..at).map(Some).collect(),
        at => vec![Some(0), Some(at / 2), Some(at - 1)],
    };
    assert!(sweep(Stop::Fail, drops) > 1000);
}

#[test]
fn a_drop_that_panics_when_a_whole_value_is_dropped() {
    let loader = Loader::new().registry(&REGISTRY);
    for case in cases().into_iter().filter(|case| !case.forgets) {
        for at in 0..MOST {
            let what = || format!("{}: a drop that panics: {at}", case.name);
            stop(None, Some(at));
            let load = || (case.again)(&loader, &case.bytes);
            match catch_unwind(AssertUnwindSafe(load)) {
                Ok(again) => assert!(again.unwrap() == case.bytes && made() <= at, "{}", what()),
                Err(panic) => assert_eq!(panic.downcast_ref(), Some(&"a drop"), "{}", what()),
            }
            assert_clean(&what);
        }
        loads_as_ever(&case, &loader, &|| case.name.into());
    }
}

/// Messages of which the second one holds objects of the first.
#[test]
fn a_session_goes_on_where_it_was() {
    let objects: Vec<Rc<Row>> = (0..20).map(|n| Rc::new(row(n))).collect();
    let mut dumps = Dumper::new().session();
    let first = dumps.to_vec(&objects[..10].to_vec()).unwrap();
    let second = dumps.to_vec(&objects).unwrap();
    drop((dumps, objects));
    assert_clean(&|| "the dump".into());
    for how in [Stop::Fail, Stop::Panic] {
        for at in 0..10 {
            let what = || format!("{how:?} at {at}");
            let mut loads = Loader::new().session();
            stop(Some((at, how)), None);
            let load = || loads.from_slice::<Vec<Rc<Row>>>(&first).is_ok();
            assert!(!catch_unwind(AssertUnwindSafe(load)).unwrap_or(false), "{}", what());
            assert_clean(&what);
            let loaded: Vec<Rc<Row>> = loads.from_slice(&first).unwrap();

            stop(Some((at, how)), None);
            let load = || loads.from_slice::<Vec<Rc<Row>>>(&second).is_ok();
            assert!(!catch_unwind(AssertUnwindSafe(load)).unwrap_or(false), "{}", what());
            stop(None, None);
            let again: Vec<Rc<Row>> = loads.from_slice(&second).unwrap();
            assert_eq!(made(), 10, "{}", what());
            assert!(again.iter().zip(&loaded).all(|(again, first)| Rc::ptr_eq(again, first)));
            assert_eq!(again[19].text, "row 19");
            drop((loads, loaded, again));
            assert_clean(&what);
        }
    }
}
