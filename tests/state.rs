//! `#[reduce(state)]`: an object is made first and its state set when the whole load has succeeded, so that strong
//! cycles come back as they were.

use reduce_core::{
    Adapter, BoxError, Context, Dumper, Error, ErrorKind, Expand, Loader, Reduce, Registry,
    disassemble,
};
use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell, RefMut};
use std::collections::{BTreeMap, VecDeque};
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, OnceLock, RwLock};

fn load<T: for<'de> Expand<'de>>(bytes: &[u8]) -> Result<T, Error> {
    let shown = disassemble(bytes).unwrap();
    assert!(shown.error().is_none(), "{shown}");
    reduce_core::from_slice(bytes)
}

fn again<T: Reduce + for<'de> Expand<'de>>(value: &T) -> T {
    load(&reduce_core::to_vec(value).unwrap()).unwrap()
}

/// The shape with the cell around the object.
#[derive(Reduce)]
struct Outer {
    id: u32,
    #[reduce(state)]
    next: Option<Rc<RefCell<Outer>>>,
    #[reduce(state)]
    visits: u8,
}

#[test]
fn a_cycle_of_objects_in_ref_cells() {
    let first = Rc::new(RefCell::new(Outer { id: 1, next: None, visits: 10 }));
    let second = Rc::new(RefCell::new(Outer { id: 2, next: Some(first.clone()), visits: 20 }));
    first.borrow_mut().next = Some(second);
    let one = again(&first);
    let two = one.borrow().next.clone().unwrap();
    assert_eq!((one.borrow().id, one.borrow().visits), (1, 10));
    assert_eq!((two.borrow().id, two.borrow().visits), (2, 20));
    assert!(Rc::ptr_eq(two.borrow().next.as_ref().unwrap(), &one));
    for object in [first, one] {
        object.borrow_mut().next = None;
    }
}

macro_rules! in_locks {
    ($($test:ident $node:ident $lock:ident $read:ident $write:ident;)*) => {$(
        #[derive(Reduce)]
        struct $node {
            id: u32,
            #[reduce(state)]
            links: Vec<Arc<$lock<$node>>>,
        }

        #[test]
        fn $test() {
            let nodes = [1, 2, 3].map(|id| Arc::new($lock::new($node { id, links: vec![] })));
            for node in &nodes {
                // A self loop, and one to each other.
                node.$write().unwrap().links.extend(nodes.iter().cloned());
            }
            let first = again(&nodes[0]);
            let all = first.$read().unwrap().links.clone();
            assert!(Arc::ptr_eq(&all[0], &first));
            assert_eq!(all.iter().map(|node| node.$read().unwrap().id).collect::<Vec<_>>(), [1, 2, 3]);
            for node in &all {
                let node = node.$read().unwrap();
                assert!(node.links.iter().zip(&all).all(|(a, b)| Arc::ptr_eq(a, b)));
            }
            for node in nodes.iter().chain(&all) {
                node.$write().unwrap().links.clear();
            }
            assert_eq!(Arc::strong_count(&first), 2);
        }
    )*};
}

in_locks! {
    a_cycle_of_objects_in_mutexes Locked Mutex lock lock;
    a_cycle_of_objects_in_rw_locks Guarded RwLock read write;
}

/// The shape with cells inside of the object, of every kind.
#[derive(Reduce, Default)]
struct Inner {
    id: u32,
    #[reduce(state)]
    visits: Cell<u64>,
    #[reduce(state)]
    links: RefCell<Vec<Rc<Inner>>>,
    #[reduce(state)]
    first: OnceCell<Rc<Inner>>,
    #[reduce(state)]
    empty: OnceCell<Rc<Inner>>,
    #[reduce(state)]
    back: RefCell<Weak<Inner>>,
}

#[test]
fn a_cycle_of_objects_with_cells() {
    let [a, b] = [1, 2].map(|id| Rc::new(Inner { id, ..Inner::default() }));
    a.visits.set(u64::MAX);
    a.links.borrow_mut().extend([b.clone(), a.clone(), b.clone()]);
    a.first.set(b.clone()).ok().unwrap();
    b.first.set(b.clone()).ok().unwrap();
    *b.back.borrow_mut() = Rc::downgrade(&a);
    let c = again(&a);
    let d = c.first.get().unwrap();
    assert_eq!((c.id, c.visits.get(), d.id, d.visits.get()), (1, u64::MAX, 2, 0));
    let links = c.links.borrow();
    let expected = [d, &c, d];
    assert_eq!(links.len(), 3);
    assert!(links.iter().zip(expected).all(|(a, b)| Rc::ptr_eq(a, b)));
    assert!(Rc::ptr_eq(d.first.get().unwrap(), d));
    assert!(Rc::ptr_eq(&d.back.borrow().upgrade().unwrap(), &c));
    assert!(c.empty.get().is_none() && d.empty.get().is_none() && d.links.borrow().is_empty());
}

#[derive(Reduce, Default)]
struct Threaded {
    id: u32,
    #[reduce(state)]
    list: Mutex<Vec<Arc<Threaded>>>,
    #[reduce(state)]
    map: RwLock<BTreeMap<u8, Arc<Threaded>>>,
    #[reduce(state)]
    once: OnceLock<Arc<Threaded>>,
}

#[test]
fn a_cycle_of_objects_with_locks() {
    let [a, b] = [1, 2].map(|id| Arc::new(Threaded { id, ..Threaded::default() }));
    a.list.lock().unwrap().push(b.clone());
    b.map.write().unwrap().insert(5, a.clone());
    b.once.set(b.clone()).ok().unwrap();
    let c = again(&a);
    let d = c.list.lock().unwrap()[0].clone();
    assert_eq!((c.id, d.id), (1, 2));
    assert!(Arc::ptr_eq(&d.map.read().unwrap()[&5], &c));
    assert!(Arc::ptr_eq(d.once.get().unwrap(), &d) && c.once.get().is_none());
}

#[test]
fn a_value_that_is_no_object_has_its_state_at_once() {
    let value = Outer { id: 3, next: None, visits: 4 };
    let bytes = reduce_core::to_vec(&value).unwrap();
    let value: Outer = load(&bytes).unwrap();
    assert_eq!((value.id, value.next.is_none(), value.visits), (3, true, 4));
    let shown = disassemble(&bytes).unwrap();
    assert!(shown.instructions().iter().all(|line| line.opcode != "states"));
    // By value around an object of the same type that refers to itself.
    let inner = Rc::new(RefCell::new(Outer { id: 1, next: None, visits: 0 }));
    inner.borrow_mut().next = Some(inner.clone());
    let value = again(&Outer { id: 2, next: Some(inner.clone()), visits: 9 });
    let loaded = value.next.unwrap();
    assert_eq!((value.visits, loaded.borrow().id), (9, 1));
    assert!(Rc::ptr_eq(loaded.borrow().next.as_ref().unwrap(), &loaded));
    for object in [inner, loaded.clone()] {
        object.borrow_mut().next = None;
    }
}

/// State that is no cell, in an object without a cell around it: nothing can set it later, so it is made with the object.
#[derive(Reduce)]
struct Plain {
    id: u8,
    #[reduce(state)]
    next: Option<Rc<Plain>>,
}

#[test]
fn state_without_a_cell_is_loaded_with_the_object() {
    let chain = Rc::new(Plain { id: 1, next: Some(Rc::new(Plain { id: 2, next: None })) });
    let chain = again(&chain);
    assert_eq!((chain.id, chain.next.as_ref().unwrap().id), (1, 2));
}

thread_local! {
    static SEEN: RefCell<Vec<String>> = const { RefCell::new(vec![]) };
}

/// What the functions of a type say of its state.
#[derive(Reduce)]
#[reduce(validate = Checked::check)]
struct Checked {
    name: String,
    #[reduce(skip, rebuild = Checked::length)]
    length: usize,
    #[reduce(state)]
    links: RefCell<Vec<Rc<Checked>>>,
}

impl Checked {
    fn length(name: &str) -> usize {
        SEEN.with_borrow_mut(|seen| seen.push(format!("rebuild {name}")));
        name.len()
    }

    fn check(&self) -> Result<(), String> {
        let state = self.links.borrow().len();
        SEEN.with_borrow_mut(|seen| seen.push(format!("validate {} {state}", self.name)));
        if self.name.is_empty() { Err("no name".into()) } else { Ok(()) }
    }
}

fn checked(name: &str) -> Rc<Checked> {
    Rc::new(Checked { name: name.into(), length: 0, links: RefCell::default() })
}

#[test]
fn rebuild_and_validate_run_before_the_state_is_set() {
    let [a, b] = ["a", "bb"].map(checked);
    a.links.borrow_mut().extend([a.clone(), b.clone()]);
    b.links.borrow_mut().push(a.clone());
    SEEN.take();
    let a = again(&a);
    assert_eq!(SEEN.take(), ["rebuild a", "validate a 0", "rebuild bb", "validate bb 0"]);
    let links = a.links.borrow();
    assert_eq!((links.len(), links[1].length, links[1].links.borrow().len()), (2, 2, 1));
}

#[test]
fn a_failed_validate_stops_the_load_of_a_cycle() {
    let [a, b] = ["a", ""].map(checked);
    a.links.borrow_mut().push(b.clone());
    b.links.borrow_mut().push(a.clone());
    let error = load::<Rc<Checked>>(&reduce_core::to_vec(&a).unwrap()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Validate);
    let expected = "links[0]: the validate function \"Checked::check\" refused the value: no name";
    assert_eq!(error.to_string(), expected);
}

/// An object of a large graph.
#[derive(Reduce, Default)]
struct Node {
    id: u32,
    #[reduce(state)]
    edges: RefCell<Vec<Rc<Node>>>,
}

impl Node {
    fn many(count: usize) -> Vec<Rc<Node>> {
        (0..count).map(|id| Rc::new(Node { id: id as u32, ..Node::default() })).collect()
    }
}

/// Whether the graphs that two nodes reach are the same; all objects of both, for them to be taken apart.
fn isomorphic(a: &Rc<Node>, b: &Rc<Node>) -> (bool, Vec<Rc<Node>>, Vec<Rc<Node>>) {
    let (mut left, mut right) = (vec![a.clone()], vec![b.clone()]);
    let mut place = BTreeMap::from([(Rc::as_ptr(a), 0)]);
    let mut of_right = BTreeMap::from([(Rc::as_ptr(b), 0)]);
    let (mut at, mut same) = (0, true);
    while at < left.len() && same {
        let (x, y) = (left[at].edges.borrow().clone(), right[at].edges.borrow().clone());
        same &= left[at].id == right[at].id && x.len() == y.len();
        for (x, y) in x.iter().zip(&y) {
            let (next, count) = (left.len(), place.len());
            let i = *place.entry(Rc::as_ptr(x)).or_insert(next);
            let j = *of_right.entry(Rc::as_ptr(y)).or_insert(next);
            same &= i == j;
            if place.len() > count {
                left.push(x.clone());
                right.push(y.clone());
            }
        }
        at += 1;
    }
    (same && left.len() == right.len(), left, right)
}

#[test]
fn a_hundred_thousand_objects_with_random_edges_come_back_isomorphic() {
    const COUNT: usize = 100_000;
    let nodes = Node::many(COUNT);
    let mut random = 1u64;
    let mut any = || {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        nodes[(random >> 33) as usize % COUNT].clone()
    };
    for (id, node) in nodes.iter().enumerate() {
        let edges = [nodes[(id + 1) % COUNT].clone(), any(), node.clone(), any()];
        node.edges.borrow_mut().extend(edges);
    }
    let bytes = reduce_core::to_vec(&nodes[0]).unwrap();
    let root: Rc<Node> = reduce_core::from_slice(&bytes).unwrap();
    let (same, left, right) = isomorphic(&nodes[0], &root);
    assert!(same);
    assert_eq!((left.len(), right.len()), (COUNT, COUNT));
    assert!(reduce_core::to_vec(&root).unwrap() == bytes, "a second dump differs");
    for node in left.iter().chain(&right) {
        node.edges.take();
    }
    assert_eq!(Rc::strong_count(&root), 2);
}

#[test]
fn self_loops_and_edges_back() {
    let nodes = Node::many(3);
    nodes[0].edges.borrow_mut().extend([nodes[0].clone(), nodes[0].clone()]);
    nodes[0].edges.borrow_mut().push(nodes[1].clone());
    nodes[1].edges.borrow_mut().extend([nodes[2].clone(), nodes[0].clone()]);
    nodes[2].edges.borrow_mut().extend([nodes[1].clone(), nodes[2].clone()]);
    let (same, _, loaded) = isomorphic(&nodes[0], &again(&nodes[0]));
    assert!(same);
    assert_eq!(loaded.iter().map(|node| node.edges.borrow().len()).collect::<Vec<_>>(), [3, 2, 2]);
}

#[test]
fn a_long_chain_through_state_is_read_without_recursion() {
    let nodes = Node::many(50_000);
    for pair in nodes.windows(2) {
        pair[0].edges.borrow_mut().push(pair[1].clone());
    }
    let (same, _, loaded) = isomorphic(&nodes[0], &again(&nodes[0]));
    assert!(same);
    assert_eq!(loaded.len(), 50_000);
    // Taken apart from the far end, for a drop recurses.
    for node in nodes.iter().chain(&loaded) {
        node.edges.take();
    }
}

thread_local! {
    /// What a rebuild function kept.
    static KEPT: RefCell<Vec<RefMut<'static, Vec<Rc<Keeper>>>>> = const { RefCell::new(vec![]) };
    static ALIVE: Cell<i32> = const { Cell::new(0) };
}

/// Counts the objects that are alive.
struct Alive;

impl Alive {
    fn new() -> Alive {
        ALIVE.set(ALIVE.get() + 1);
        Alive
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
    }
}

/// Its cell is borrowed for good by what a rebuild function does.
#[derive(Reduce)]
struct Keeper {
    id: u32,
    #[reduce(skip, default = Alive::new)]
    _alive: Alive,
    #[reduce(state)]
    links: RefCell<Vec<Rc<Keeper>>>,
}

/// Holds a keeper, and a guard of its cell.
#[derive(Reduce)]
struct Holder {
    keeper: Rc<Keeper>,
    #[reduce(skip, rebuild = keep)]
    _kept: bool,
}

fn keep(keeper: &Rc<Keeper>) -> bool {
    if keeper.id == 0 {
        return false;
    }
    // The keeper is leaked on purpose, so that the guard may live for ever.
    let forever: &'static Rc<Keeper> = Box::leak(Box::new(keeper.clone()));
    KEPT.with_borrow_mut(|kept| kept.push(forever.links.borrow_mut()));
    true
}

#[test]
fn a_guard_that_a_rebuild_function_keeps_is_an_error_and_nothing_is_set() {
    let keeper = |id| Rc::new(Keeper { id, _alive: Alive::new(), links: RefCell::default() });
    let (first, second) = (keeper(0), keeper(1));
    first.links.borrow_mut().push(first.clone());
    second.links.borrow_mut().push(first.clone());
    let holders = [&first, &second].map(|keeper| Holder { keeper: keeper.clone(), _kept: false });
    let bytes = reduce_core::to_vec(&holders).unwrap();
    first.links.take();
    second.links.take();
    drop((holders, first, second));
    assert_eq!(ALIVE.get(), 0);
    let error = load::<[Holder; 2]>(&bytes).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(
        error.to_string(),
        "a cell whose state is to be set is borrowed or locked: a rebuild function kept its guard"
    );
    // Only what the function leaked is alive: the first one, which refers to itself, has gone.
    assert_eq!(ALIVE.get(), 1);
    assert_eq!(KEPT.with_borrow(|kept| kept.iter().map(|links| links.len()).sum::<usize>()), 0);
    KEPT.take();
}

/// By position; the state in front of what is kept.
#[derive(Reduce)]
struct Tuple(#[reduce(state)] RefCell<Vec<Rc<Tuple>>>, u8, #[reduce(state)] Cell<i8>, String);

#[test]
fn tuple_structs_have_state() {
    let tuple = Rc::new(Tuple(RefCell::default(), 1, Cell::new(-1), "text".into()));
    tuple.0.borrow_mut().push(tuple.clone());
    let tuple = again(&tuple);
    assert_eq!((tuple.1, tuple.2.get(), tuple.3.as_str()), (1, -1, "text"));
    assert!(Rc::ptr_eq(&tuple.0.borrow()[0], &tuple));
}

#[derive(Reduce)]
struct Generic<T, L: Default> {
    value: T,
    #[reduce(state, rename = "links to")]
    links: RefCell<VecDeque<Rc<Generic<T, L>>>>,
    #[reduce(state)]
    label: RefCell<L>,
}

/// The same under other names in Rust.
#[derive(Reduce)]
#[reduce(name = "Generic")]
struct Renamed {
    #[reduce(rename = "value")]
    number: u16,
    #[reduce(state, rename = "links to")]
    others: RefCell<Vec<Rc<Renamed>>>,
    #[reduce(state, rename = "label")]
    text: RefCell<String>,
}

#[test]
fn generic_types_have_state_and_its_names_are_those_of_the_stream() {
    let one = Rc::new(Generic {
        value: 5u16,
        links: RefCell::default(),
        label: RefCell::new("label".to_string()),
    });
    one.links.borrow_mut().push_back(one.clone());
    let bytes = reduce_core::to_vec(&one).unwrap();
    let loaded: Rc<Generic<u16, String>> = load(&bytes).unwrap();
    assert_eq!((loaded.value, loaded.label.borrow().as_str()), (5, "label"));
    assert!(Rc::ptr_eq(&loaded.links.borrow()[0], &loaded));
    let renamed: Rc<Renamed> = load(&bytes).unwrap();
    assert_eq!((renamed.number, renamed.text.borrow().as_str()), (5, "label"));
    assert!(Rc::ptr_eq(&renamed.others.borrow()[0], &renamed));
    assert_eq!(reduce_core::to_vec(&renamed).unwrap(), bytes);
}

/// Stored in reverse.
struct Reversed;

impl Adapter<String> for Reversed {
    type Stored = String;
    fn reduce(text: &String, _: &Context<'_>) -> Result<String, BoxError> {
        Ok(text.chars().rev().collect())
    }
    fn expand(text: String, _: &Context<'_>) -> Result<String, BoxError> {
        Ok(text.chars().rev().collect())
    }
}

#[derive(Reduce)]
struct Adapted {
    id: u8,
    #[reduce(state, with = Reversed)]
    label: String,
    #[reduce(state)]
    next: Option<Rc<RefCell<Adapted>>>,
}

#[test]
fn state_goes_through_adapters() {
    let one = Rc::new(RefCell::new(Adapted { id: 1, label: "forth".into(), next: None }));
    one.borrow_mut().next = Some(one.clone());
    let bytes = reduce_core::to_vec(&one).unwrap();
    assert!(bytes.windows(5).any(|part| part == b"htrof"));
    let loaded: Rc<RefCell<Adapted>> = load(&bytes).unwrap();
    assert_eq!((loaded.borrow().id, loaded.borrow().label.as_str()), (1, "forth"));
    assert!(Rc::ptr_eq(loaded.borrow().next.as_ref().unwrap(), &loaded));
    for object in [one, loaded.clone()] {
        object.borrow_mut().next = None;
    }
}

#[reduce_core::object]
trait Actor: Any {
    fn id(&self) -> u32;
    fn others(&self) -> Vec<Rc<dyn Actor>>;
}

#[derive(Reduce)]
#[reduce(implements(Actor))]
struct Hub {
    id: u32,
    #[reduce(state)]
    others: RefCell<Vec<Rc<dyn Actor>>>,
}

impl Actor for Hub {
    fn id(&self) -> u32 {
        self.id
    }
    fn others(&self) -> Vec<Rc<dyn Actor>> {
        self.others.borrow().clone()
    }
}

/// Its state is no cell, and it has no cell around it behind a trait object.
#[derive(Reduce)]
#[reduce(implements(Actor))]
struct Fixed {
    id: u32,
    #[reduce(state)]
    others: Vec<Rc<dyn Actor>>,
}

impl Actor for Fixed {
    fn id(&self) -> u32 {
        self.id
    }
    fn others(&self) -> Vec<Rc<dyn Actor>> {
        self.others.clone()
    }
}

#[test]
fn state_behind_trait_objects() {
    let mut registry = Registry::new();
    registry.register::<Hub>().unwrap().register::<Fixed>().unwrap();
    let hub = Rc::new(Hub { id: 1, others: RefCell::default() });
    let fixed = Rc::new(Fixed { id: 2, others: vec![hub.clone()] });
    hub.others.borrow_mut().extend([hub.clone() as Rc<dyn Actor>, fixed.clone()]);
    // First met as trait objects, and as what they are.
    let value = (hub.clone() as Rc<dyn Actor>, hub.clone(), fixed.clone(), fixed as Rc<dyn Actor>);
    let bytes = Dumper::new().registry(&registry).to_vec(&value).unwrap();
    assert!(disassemble(&bytes).unwrap().error().is_none());
    type Loaded = (Rc<dyn Actor>, Rc<Hub>, Rc<Fixed>, Rc<dyn Actor>);
    let (a, b, c, d): Loaded = Loader::new().registry(&registry).from_slice(&bytes).unwrap();
    let same =
        |a: &Rc<dyn Actor>, b: &Rc<dyn Actor>| std::ptr::addr_eq(Rc::as_ptr(a), Rc::as_ptr(b));
    assert_eq!((a.id(), c.id), (1, 2));
    assert!(same(&a, &(b.clone() as Rc<dyn Actor>)) && same(&d, &(c.clone() as Rc<dyn Actor>)));
    let others = a.others();
    assert!(others.len() == 2 && same(&others[0], &a) && same(&others[1], &d));
    assert!(c.others.len() == 1 && same(&c.others[0], &a));
    for hub in [hub, b] {
        hub.others.take();
    }
}

#[test]
fn a_boxed_trait_object_has_its_state_at_once() {
    let mut registry = Registry::new();
    registry.register::<Hub>().unwrap();
    let other = Rc::new(Hub { id: 2, others: RefCell::default() });
    other.others.borrow_mut().push(other.clone());
    let boxed: Box<dyn Actor> = Box::new(Hub { id: 1, others: RefCell::new(vec![other.clone()]) });
    let bytes = Dumper::new().registry(&registry).to_vec(&boxed).unwrap();
    let boxed: Box<dyn Actor> = Loader::new().registry(&registry).from_slice(&bytes).unwrap();
    let loaded = boxed.others()[0].clone();
    assert_eq!((boxed.id(), loaded.id()), (1, 2));
    assert!(Rc::ptr_eq(&loaded.others()[0], &loaded));
    other.others.take();
}

#[test]
fn a_cell_that_is_borrowed_or_locked_is_an_error_at_dump() {
    let node = Node::many(1).remove(0);
    let guard = node.edges.borrow_mut();
    let error = reduce_core::to_vec(&node).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Unavailable, "edges"));
    drop(guard);
    let locked = Arc::new(Threaded::default());
    let guard = locked.list.lock().unwrap();
    let error = reduce_core::to_vec(&locked).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Unavailable, "list"));
    drop(guard);
    assert!(reduce_core::to_vec(&locked).is_ok());
}
