//! Loads of object graphs that fail or panic at any place: no object stays alive, no cycle comes to be, and the next
//! load is as the first.

use reduce_core::opcode::*;
use reduce_core::{Dumper, Error, ErrorKind, Expand, Loader, Reduce, Registry, disassemble};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::{Rc, Weak};
use std::sync::LazyLock;

#[derive(Clone, Copy, Debug)]
enum Stop {
    Fail,
    Panic,
}

thread_local! {
    /// Objects made and not dropped.
    static ALIVE: Cell<i32> = const { Cell::new(0) };
    /// How many are made before one is not.
    static STOP: Cell<Option<(u32, Stop)>> = const { Cell::new(None) };
}

/// A resource that each object of these graphs holds.
struct Live;

impl Live {
    fn new() -> Live {
        ALIVE.set(ALIVE.get() + 1);
        Live
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
    }
}

fn open() -> Result<Live, String> {
    match STOP.get() {
        Some((0, Stop::Fail)) => Err("no more".into()),
        // As a panic, but for the message that it prints.
        Some((0, Stop::Panic)) => resume_unwind(Box::new("no more")),
        stop => {
            STOP.set(stop.map(|(left, stop)| (left - 1, stop)));
            Ok(Live::new())
        }
    }
}

#[derive(Reduce)]
struct Dir {
    parent: Weak<Dir>,
    #[reduce(skip, rebuild = open, from())]
    _live: Live,
    children: RefCell<Vec<Rc<Dir>>>,
}

fn dir(parent: &Weak<Dir>, levels: u32) -> Rc<Dir> {
    Rc::new_cyclic(|this| Dir {
        parent: parent.clone(),
        _live: Live::new(),
        children: (0..levels).map(|_| dir(this, levels - 1)).collect::<Vec<_>>().into(),
    })
}

#[derive(Reduce)]
struct Node {
    #[reduce(skip, rebuild = open, from())]
    _live: Live,
    id: u8,
    known: RefCell<Weak<Node>>,
    #[reduce(state)]
    edges: RefCell<Vec<Rc<Node>>>,
}

fn unlink(node: &Rc<Node>) {
    node.edges.take().iter().for_each(unlink);
}

#[reduce_core::object]
trait Thing: Any {
    /// Takes out what it holds.
    fn take(&self) -> Vec<Rc<dyn Thing>>;
}

#[derive(Reduce)]
#[reduce(implements(Thing))]
struct Hub {
    #[reduce(skip, rebuild = open, from())]
    _live: Live,
    this: Weak<dyn Thing>,
    own: Option<Box<dyn Thing>>,
    #[reduce(state)]
    things: RefCell<Vec<Rc<dyn Thing>>>,
}

#[derive(Reduce)]
#[reduce(implements(Thing))]
struct Leaf {
    id: u8,
    #[reduce(skip, rebuild = open, from())]
    _live: Live,
}

impl Thing for Hub {
    fn take(&self) -> Vec<Rc<dyn Thing>> {
        self.things.take()
    }
}

impl Thing for Leaf {
    fn take(&self) -> Vec<Rc<dyn Thing>> {
        vec![]
    }
}

fn unlink_thing(thing: &Rc<dyn Thing>) {
    thing.take().iter().for_each(unlink_thing);
}

static THINGS: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry::new();
    registry.register::<Hub>().unwrap().register::<Leaf>().unwrap();
    registry
});

/// A graph of each kind.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    /// How many objects it has.
    objects: u32,
    /// Loads a value, dumps it again, and takes it apart.
    again: fn(&[u8]) -> Result<Vec<u8>, Error>,
}

fn again<T>(bytes: &[u8], take_apart: fn(&T)) -> Result<Vec<u8>, Error>
where
    T: Reduce + for<'de> Expand<'de>,
{
    let value: T = Loader::new().registry(&THINGS).from_slice(bytes)?;
    let again = Dumper::new().registry(&THINGS).to_vec(&value).unwrap();
    take_apart(&value);
    Ok(again)
}

/// The stream of a value, which is then taken apart.
fn case<T: Reduce>(
    name: &'static str,
    objects: u32,
    value: T,
    take_apart: fn(&T),
    again: fn(&[u8]) -> Result<Vec<u8>, Error>,
) -> Case {
    let bytes = Dumper::new().registry(&THINGS).to_vec(&value).unwrap();
    take_apart(&value);
    assert_eq!(ALIVE.get(), objects as i32, "{name}");
    drop(value);
    assert_eq!(ALIVE.get(), 0, "{name}");
    Case { name, bytes, objects, again }
}

fn cases() -> Vec<Case> {
    vec![tree(), child_before_parent(), cycle(), things()]
}

fn tree() -> Case {
    let value = dir(&Weak::new(), 3);
    case("tree", 16, value, |_| (), |bytes| again::<Rc<Dir>>(bytes, |_| ()))
}

fn child_before_parent() -> Case {
    let parent = dir(&Weak::new(), 2);
    let child = parent.children.borrow()[1].clone();
    let value = (child, parent);
    case(
        "child before parent",
        5,
        value,
        |_| (),
        |bytes| again::<(Rc<Dir>, Rc<Dir>)>(bytes, |_| ()),
    )
}

fn cycle() -> Case {
    let nodes: Vec<_> = (0..4)
        .map(|id| {
            let (known, edges) = (RefCell::default(), RefCell::default());
            Rc::new(Node { _live: Live::new(), id, known, edges })
        })
        .collect();
    for (id, node) in nodes.iter().enumerate() {
        node.edges.borrow_mut().extend([nodes[(id + 1) % 4].clone(), node.clone()]);
        *node.known.borrow_mut() = Rc::downgrade(&nodes[id * 3 % 4]);
    }
    let value = nodes[0].clone();
    drop(nodes);
    // Unlinking drops the others, so that they are counted before it.
    assert_eq!(ALIVE.get(), 4);
    let bytes = reduce_core::to_vec(&value).unwrap();
    unlink(&value);
    drop(value);
    assert_eq!(ALIVE.get(), 0);
    Case { name: "cycle", bytes, objects: 4, again: |bytes| again::<Rc<Node>>(bytes, unlink) }
}

type Things = (Vec<Rc<dyn Thing>>, Rc<Hub>);

fn things() -> Case {
    let leaf = |id| Leaf { id, _live: Live::new() };
    let hub = Rc::new_cyclic(|this: &Weak<Hub>| Hub {
        _live: Live::new(),
        this: this.clone(),
        own: Some(Box::new(leaf(1))),
        things: RefCell::default(),
    });
    let shared: Rc<dyn Thing> = Rc::new(leaf(2));
    hub.things.borrow_mut().extend([shared.clone(), hub.clone(), Rc::new(leaf(3))]);
    let value: Things = (vec![shared, hub.clone()], hub);
    let bytes = Dumper::new().registry(&THINGS).to_vec(&value).unwrap();
    assert_eq!(ALIVE.get(), 4);
    let take_apart = |value: &Things| {
        value.0.iter().for_each(unlink_thing);
        value.1.take().iter().for_each(unlink_thing);
    };
    take_apart(&value);
    drop(value);
    assert_eq!(ALIVE.get(), 0);
    let again = |bytes: &[u8]| {
        again::<Things>(bytes, |value| {
            value.0.iter().for_each(unlink_thing);
            value.1.take().iter().for_each(unlink_thing);
        })
    };
    Case { name: "things", bytes, objects: 4, again }
}

/// The value as it was, and nothing of it afterwards.
fn loads_as_ever(case: &Case) {
    assert_eq!((case.again)(&case.bytes).unwrap(), case.bytes, "{}", case.name);
    assert_eq!(ALIVE.get(), 0, "{}", case.name);
}

#[test]
fn a_rebuild_function_that_fails_at_any_object_leaves_none_alive() {
    for case in cases() {
        for at in 0..case.objects {
            STOP.set(Some((at, Stop::Fail)));
            let error = (case.again)(&case.bytes).unwrap_err();
            STOP.set(None);
            assert_eq!(error.kind(), ErrorKind::Rebuild, "{} {at}", case.name);
            assert!(error.to_string().ends_with("no more"), "{} {at}: {error}", case.name);
            assert_eq!(ALIVE.get(), 0, "{} {at}", case.name);
            loads_as_ever(&case);
        }
        // One more than there are is not reached.
        STOP.set(Some((case.objects, Stop::Fail)));
        loads_as_ever(&case);
        assert!(matches!(STOP.take(), Some((0, _))), "{}", case.name);
    }
}

#[test]
fn a_rebuild_function_that_panics_at_any_object_leaves_none_alive() {
    for case in cases() {
        for at in 0..case.objects {
            STOP.set(Some((at, Stop::Panic)));
            let panic = catch_unwind(AssertUnwindSafe(|| (case.again)(&case.bytes))).unwrap_err();
            STOP.set(None);
            // It is the function's own panic that arrives.
            assert_eq!(panic.downcast_ref(), Some(&"no more"), "{} {at}", case.name);
            assert_eq!(ALIVE.get(), 0, "{} {at}", case.name);
            loads_as_ever(&case);
        }
    }
}

#[test]
fn every_prefix_is_an_error_and_leaves_nothing() {
    for case in cases() {
        for cut in 0..case.bytes.len() {
            let error = (case.again)(&case.bytes[..cut]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{} {cut}", case.name);
            assert_eq!(ALIVE.get(), 0, "{} {cut}", case.name);
        }
        let mut more = case.bytes.clone();
        more.push(0);
        assert_eq!((case.again)(&more).unwrap_err().kind(), ErrorKind::TrailingBytes);
        loads_as_ever(&case);
    }
}

#[test]
fn every_value_of_every_byte_is_an_error_or_a_value_and_leaves_nothing() {
    for case in cases() {
        let mut loaded = 0;
        for at in 0..case.bytes.len() {
            for change in 1..=255 {
                let mut bytes = case.bytes.clone();
                bytes[at] ^= change;
                let what = || format!("{}: byte {at} to {:#x}", case.name, case.bytes[at] ^ change);
                let result = (case.again)(&bytes);
                // A sound stream may hold a cycle that its value does not reach, and that no one can take apart.
                let alive = ALIVE.replace(0);
                assert!(alive == 0 || result.is_ok(), "{}: {alive} alive", what());
                let shown = disassemble(&bytes);
                let fault = match &shown {
                    Ok(shown) => shown.error(),
                    Err(error) => Some(error),
                };
                match (result, fault) {
                    (Ok(first), None) => {
                        loaded += 1;
                        // What it was loaded as loads again.
                        assert_eq!((case.again)(&first).unwrap(), first, "{}", what());
                        assert_eq!(ALIVE.replace(0), 0, "{}", what());
                    }
                    (Ok(_), Some(fault)) => panic!("{} loads, and is faulty: {fault}", what()),
                    // A sound stream of other types, or of no order that these types can be made in.
                    (Err(error), None) => assert!(
                        matches!(
                            error.kind(),
                            ErrorKind::TypeMismatch
                                | ErrorKind::Registry
                                | ErrorKind::InvalidValue
                                | ErrorKind::Unsupported
                        ) || error.to_string().contains("of another type"),
                        "{}: {error}",
                        what()
                    ),
                    (Err(_), Some(_)) => {}
                }
            }
        }
        assert!(loaded > 0, "{}", case.name);
        loads_as_ever(&case);
    }
}

/// Streams in which one mark was exchanged, and what a load says.
fn with_mark(case: &Case, from: u8, to: u8) -> Vec<Result<Vec<u8>, String>> {
    let shown = disassemble(&case.bytes).unwrap();
    let names = [(NEW, "new"), (NEW_CYCLIC, "new_cyclic"), (NEW_STATEFUL, "new_stateful")];
    let both = [(NEW_CYCLIC_STATEFUL, "new_cyclic_stateful")];
    let name = names.iter().chain(&both).find(|(code, _)| *code == from).unwrap().1;
    let lines = shown.instructions().iter().filter(|line| line.opcode == name);
    lines
        .map(|line| {
            let mut bytes = case.bytes.clone();
            assert_eq!(std::mem::replace(&mut bytes[line.offset], to), from);
            let result = (case.again)(&bytes).map_err(|error| error.to_string());
            assert_eq!(ALIVE.get(), 0);
            result
        })
        .collect()
}

fn all_fail(results: Vec<Result<Vec<u8>, String>>, with: &str) {
    assert!(!results.is_empty());
    for result in results {
        let error = result.unwrap_err();
        assert!(error.contains(with), "{error}");
    }
}

#[test]
fn marks_that_promise_too_much_or_too_little_are_told() {
    let tree = tree();
    // Leaves hold nothing that refers to them: that they are cyclic may be said, and is not said again.
    for result in with_mark(&tree, NEW, NEW_CYCLIC) {
        assert_eq!(result.unwrap(), tree.bytes);
    }
    all_fail(with_mark(&tree, NEW_CYCLIC, NEW), "inside itself, and is not marked as cyclic");
    all_fail(with_mark(&tree, NEW, NEW_STATEFUL), "no record with state fields");
    all_fail(with_mark(&tree, NEW_CYCLIC, NEW_CYCLIC_STATEFUL), "no record with state fields");
    let cycle = cycle();
    for result in with_mark(&cycle, NEW_STATEFUL, NEW_CYCLIC_STATEFUL) {
        assert_eq!(result.unwrap(), cycle.bytes);
    }
    for case in [&cycle, &things()] {
        for (from, to) in [(NEW_STATEFUL, NEW), (NEW_CYCLIC_STATEFUL, NEW_CYCLIC)] {
            let results = with_mark(case, from, to);
            assert!(results.iter().all(Result::is_err), "{results:?}");
        }
        for result in with_mark(case, NEW_CYCLIC_STATEFUL, NEW_STATEFUL) {
            assert!(result.unwrap_err().contains("inside itself, and is not marked as cyclic"));
        }
    }
    loads_as_ever(&tree);
}

/// An object of a type without functions: its stream is read without a check in front.
#[derive(Reduce, Debug)]
struct Plain {
    id: u8,
    this: Weak<Plain>,
}

#[test]
fn marks_are_checked_where_nothing_is_rebuilt_too() {
    let plain = Rc::new_cyclic(|this| Plain { id: 7, this: this.clone() });
    let bytes = reduce_core::to_vec(&plain).unwrap();
    let mark = bytes.iter().rposition(|byte| *byte == NEW_CYCLIC).unwrap();
    let with = |code| {
        let mut bytes = bytes.clone();
        bytes[mark] = code;
        reduce_core::from_slice::<Rc<Plain>>(&bytes).map_err(|error| error.to_string())
    };
    let loaded = with(NEW_CYCLIC).unwrap();
    assert_eq!(loaded.id, 7);
    assert!(Rc::ptr_eq(&loaded.this.upgrade().unwrap(), &loaded));
    assert_eq!(
        with(NEW).unwrap_err(),
        format!(
            "this: the shared object 0 is referred to from inside itself, which its mark does not say (at byte {})",
            mark + 2
        )
    );
    for code in [NEW_STATEFUL, NEW_CYCLIC_STATEFUL] {
        assert_eq!(
            with(code).unwrap_err(),
            format!(
                "an object whose type has no state is marked as stateful (at byte {})",
                mark + 1
            )
        );
    }
    for code in [0x22, 0x24, 0x26, DANGLING, STATES, ALIGNED] {
        assert!(with(code).is_err(), "{code:#x}");
    }
}
