//! Values that hold themselves, one test for each way in which pickle's own tests close a loop: through a list, a tuple,
//! a map's value, a set's member, an object's field, and two of these. Each works or is a named error.
//!
//! What is shared in Python is an object behind `Rc` here; what a Python object sets after it exists is a state field.

use reduce_core::{Error, ErrorKind, Expand, Reduce, disassemble};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::rc::{Rc, Weak};

fn again<T: Reduce + for<'de> Expand<'de>>(value: &T) -> T {
    let bytes = reduce_core::to_vec(value).unwrap();
    let shown = disassemble(&bytes).unwrap();
    assert!(shown.error().is_none(), "{shown}");
    reduce_core::from_slice(&bytes).unwrap()
}

fn refused<T: Reduce>(value: &T) -> Error {
    let mut buffer = vec![7];
    let error = reduce_core::Dumper::new().append_to(value, &mut buffer).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(buffer, [7], "a dump that fails writes nothing");
    error
}

/// A list that may hold itself: its elements are its state.
#[derive(Reduce, Default)]
struct List {
    #[reduce(state)]
    items: RefCell<Vec<Rc<List>>>,
}

/// The same without saying so.
#[derive(Reduce, Default)]
struct Unmarked {
    items: RefCell<Vec<Rc<Unmarked>>>,
}

#[test]
fn a_list_that_holds_itself() {
    let list = Rc::new(List::default());
    list.items.borrow_mut().push(list.clone());
    let loaded = again(&list);
    assert_eq!(loaded.items.borrow().len(), 1);
    assert!(Rc::ptr_eq(&loaded.items.borrow()[0], &loaded));
    list.items.take();
    loaded.items.take();
}

#[test]
fn a_list_that_holds_itself_without_state_is_an_error_at_dump() {
    let list = Rc::new(Unmarked::default());
    list.items.borrow_mut().push(list.clone());
    assert_eq!(
        refused(&list).to_string(),
        "items[0]: an object of type `Unmarked` holds itself through strong pointers; \
         mark the field that closes the cycle with `#[reduce(state)]`"
    );
    // Two steps: it is the outer one that is met again.
    let inner = Rc::new(Unmarked::default());
    list.items.take();
    list.items.borrow_mut().push(inner.clone());
    inner.items.borrow_mut().push(list.clone());
    assert_eq!(refused(&list).path(), "items[0].items[0]");
    inner.items.take();
    assert!(reduce_core::to_vec(&list).is_ok());
}

#[test]
fn a_bare_list_in_a_cell_that_holds_itself_is_an_error_at_dump() {
    /// Without a record there is no field to mark.
    #[derive(Reduce)]
    #[reduce(transparent)]
    struct Bare(RefCell<Vec<Rc<Bare>>>);
    let list = Rc::new(Bare(RefCell::default()));
    list.0.borrow_mut().push(list.clone());
    assert_eq!(
        refused(&list).to_string(),
        "[0]: an object holds itself through strong pointers; \
         mark the field that closes the cycle with `#[reduce(state)]`"
    );
    list.0.take();
}

type Tuple = (u8, Rc<Holder>);
type Map = BTreeMap<u8, Rc<Holder>>;

/// What a tuple, a map and a set hold.
#[derive(Reduce, Default)]
struct Holder {
    name: String,
    #[reduce(state)]
    tuple: RefCell<Option<Rc<Tuple>>>,
    #[reduce(state)]
    map: RefCell<Option<Rc<Map>>>,
    #[reduce(state)]
    keys: RefCell<BTreeMap<ByName, u8>>,
    #[reduce(state)]
    set: RefCell<Option<Rc<BTreeSet<ByName>>>>,
    #[reduce(state)]
    boxed: RefCell<Option<Box<(Rc<Holder>,)>>>,
}

/// Sets and maps tell holders apart by their kept field: what is state is not there yet when they are filled.
#[derive(Reduce, Clone)]
#[reduce(transparent)]
struct ByName(Rc<Holder>);

impl Deref for ByName {
    type Target = Rc<Holder>;
    fn deref(&self) -> &Rc<Holder> {
        &self.0
    }
}

impl PartialEq for ByName {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for ByName {}

impl PartialOrd for ByName {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ByName {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.name.cmp(&other.name)
    }
}

impl Hash for ByName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

fn holder(name: &str) -> Rc<Holder> {
    Rc::new(Holder { name: name.into(), ..Holder::default() })
}

#[test]
fn an_object_in_a_tuple_that_it_holds() {
    let one = holder("one");
    let tuple = Rc::new((5, one.clone()));
    *one.tuple.borrow_mut() = Some(tuple.clone());
    let loaded = again(&one);
    let inner = loaded.tuple.borrow().clone().unwrap();
    assert_eq!((inner.0, loaded.name.as_str()), (5, "one"));
    assert!(Rc::ptr_eq(&inner.1, &loaded));
    // Entered at the tuple, which is no record and cannot wait for its content: the object's state waits.
    let entered = again(&tuple);
    assert!(Rc::ptr_eq(entered.1.tuple.borrow().as_ref().unwrap(), &entered));
}

#[test]
fn an_object_in_the_values_of_a_map_that_it_holds() {
    let one = holder("one");
    let map = Rc::new(BTreeMap::from([(1, one.clone()), (2, holder("two"))]));
    *one.map.borrow_mut() = Some(map.clone());
    let loaded = again(&one);
    let inner = loaded.map.borrow().clone().unwrap();
    assert!(Rc::ptr_eq(&inner[&1], &loaded));
    assert_eq!(inner[&2].name, "two");
    let entered = again(&map);
    assert!(Rc::ptr_eq(entered[&1].map.borrow().as_ref().unwrap(), &entered));
}

#[test]
fn an_object_among_the_keys_of_a_map_that_it_holds() {
    let one = holder("one");
    one.keys.borrow_mut().extend([(ByName(one.clone()), 1), (ByName(holder("two")), 2)]);
    let loaded = again(&one);
    let keys = loaded.keys.borrow();
    let found: Vec<_> = keys.iter().map(|(key, value)| (key.name.as_str(), *value)).collect();
    assert_eq!(found, [("one", 1), ("two", 2)]);
    assert!(Rc::ptr_eq(keys.keys().next().unwrap(), &loaded));
    // It is found by its kept field.
    assert_eq!(keys[&ByName(loaded.clone())], 1);
}

#[test]
fn an_object_in_a_set_that_it_holds() {
    let one = holder("one");
    let set = Rc::new(BTreeSet::from([ByName(one.clone()), ByName(holder("two"))]));
    *one.set.borrow_mut() = Some(set.clone());
    let loaded = again(&one);
    let inner = loaded.set.borrow().clone().unwrap();
    assert_eq!(inner.iter().map(|member| member.name.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    assert!(Rc::ptr_eq(inner.first().unwrap(), &loaded));
    let entered = again(&set);
    assert!(Rc::ptr_eq(entered.first().unwrap().set.borrow().as_ref().unwrap(), &entered));
}

#[test]
fn an_object_in_a_box_that_it_holds() {
    let one = holder("one");
    *one.boxed.borrow_mut() = Some(Box::new((one.clone(),)));
    let loaded = again(&one);
    assert!(Rc::ptr_eq(&loaded.boxed.borrow().as_ref().unwrap().0, &loaded));
}

/// An object whose field is itself, and one whose fields close a loop of two types.
#[derive(Reduce)]
struct Own {
    id: u8,
    #[reduce(state)]
    own: Option<Rc<RefCell<Own>>>,
    #[reduce(state)]
    other: Option<Rc<Other>>,
}

#[derive(Reduce)]
struct Other {
    back: Rc<RefCell<Own>>,
}

#[test]
fn an_object_that_is_its_own_field() {
    let one = Rc::new(RefCell::new(Own { id: 4, own: None, other: None }));
    one.borrow_mut().own = Some(one.clone());
    let loaded = again(&one);
    assert_eq!(loaded.borrow().id, 4);
    assert!(Rc::ptr_eq(loaded.borrow().own.as_ref().unwrap(), &loaded));
    one.borrow_mut().own = None;
    loaded.borrow_mut().own = None;
}

#[test]
fn a_loop_of_two_objects_of_which_one_has_state() {
    let one = Rc::new(RefCell::new(Own { id: 4, own: None, other: None }));
    let other = Rc::new(Other { back: one.clone() });
    one.borrow_mut().other = Some(other.clone());
    // Entered at either.
    let loaded = again(&one);
    assert!(Rc::ptr_eq(&loaded.borrow().other.as_ref().unwrap().back, &loaded));
    let loaded = again(&other);
    assert!(Rc::ptr_eq(loaded.back.borrow().other.as_ref().unwrap(), &loaded));
}

#[test]
fn a_loop_of_two_lists() {
    let [a, b] = [(), ()].map(|()| Rc::new(List::default()));
    a.items.borrow_mut().extend([b.clone(), b.clone()]);
    b.items.borrow_mut().push(a.clone());
    let loaded = again(&a);
    let other = loaded.items.borrow()[1].clone();
    assert!(Rc::ptr_eq(&other, &loaded.items.borrow()[0]) && !Rc::ptr_eq(&other, &loaded));
    assert!(Rc::ptr_eq(&other.items.borrow()[0], &loaded));
}

#[test]
fn a_loop_of_a_list_and_a_map() {
    let one = holder("one");
    let two = holder("two");
    *one.map.borrow_mut() = Some(Rc::new(BTreeMap::from([(7, two.clone())])));
    *two.tuple.borrow_mut() = Some(Rc::new((8, one.clone())));
    let loaded = again(&vec![two, one]);
    let [two, one] = &loaded[..] else { panic!("two holders") };
    assert!(Rc::ptr_eq(&one.map.borrow().as_ref().unwrap()[&7], two));
    assert!(Rc::ptr_eq(&two.tuple.borrow().as_ref().unwrap().1, one));
}

#[test]
fn a_loop_of_three_through_a_list_a_map_and_an_object() {
    /// What each of the three is, as one type.
    #[derive(Reduce)]
    enum Any {
        List(Rc<Three>),
        Map(BTreeMap<u8, Rc<Three>>),
        Object { attribute: Rc<Three> },
    }
    #[derive(Reduce)]
    struct Three {
        #[reduce(state)]
        content: RefCell<Option<Any>>,
    }
    let [list, map, object] = [(); 3].map(|()| Rc::new(Three { content: RefCell::default() }));
    *list.content.borrow_mut() = Some(Any::List(map.clone()));
    *map.content.borrow_mut() = Some(Any::Map(BTreeMap::from([(1, object.clone())])));
    *object.content.borrow_mut() = Some(Any::Object { attribute: list.clone() });
    let step = |from: &Rc<Three>| match from.content.borrow().as_ref().unwrap() {
        Any::List(to) => (to.clone(), "list"),
        Any::Map(to) => (to[&1].clone(), "map"),
        Any::Object { attribute } => (attribute.clone(), "object"),
    };
    // Entered at each of them.
    for (entry, kinds) in [
        (&list, ["list", "map", "object"]),
        (&map, ["map", "object", "list"]),
        (&object, ["object", "list", "map"]),
    ] {
        let loaded = again(entry);
        let (second, first_kind) = step(&loaded);
        let (third, second_kind) = step(&second);
        let (back, third_kind) = step(&third);
        assert_eq!([first_kind, second_kind, third_kind], kinds);
        assert!(Rc::ptr_eq(&back, &loaded) && !Rc::ptr_eq(&second, &loaded));
        loaded.content.take();
    }
    list.content.take();
}

#[test]
fn an_object_in_hashed_collections_and_queues_that_it_holds() {
    #[derive(Reduce, Default)]
    struct Hashed {
        #[reduce(state)]
        set: RefCell<HashSet<ById>>,
        #[reduce(state)]
        map: RefCell<HashMap<ById, u8>>,
        #[reduce(state)]
        queue: RefCell<VecDeque<Rc<Hashed>>>,
        id: u32,
    }
    /// Hashed by a kept field, which is there before the state is filled.
    #[derive(Reduce)]
    #[reduce(transparent)]
    struct ById(Rc<Hashed>);
    impl PartialEq for ById {
        fn eq(&self, other: &Self) -> bool {
            self.0.id == other.0.id
        }
    }
    impl Eq for ById {}
    impl Hash for ById {
        fn hash<H: Hasher>(&self, state: &mut H) {
            self.0.id.hash(state);
        }
    }
    let one = Rc::new(Hashed { id: 17, ..Hashed::default() });
    one.set.borrow_mut().insert(ById(one.clone()));
    one.map.borrow_mut().insert(ById(one.clone()), 5);
    one.queue.borrow_mut().extend([one.clone(), one.clone()]);
    let loaded = again(&one);
    assert_eq!(loaded.id, 17);
    // It is found, by its hash, in what it holds.
    let key = ById(loaded.clone());
    assert!(Rc::ptr_eq(&loaded.set.borrow().get(&key).unwrap().0, &loaded));
    assert_eq!(loaded.map.borrow()[&key], 5);
    let queue = loaded.queue.borrow();
    assert!(queue.len() == 2 && queue.iter().all(|held| Rc::ptr_eq(held, &loaded)));
}

/// A loop closed weakly works without state, wherever the weak pointer lies.
#[derive(Reduce, Default)]
struct Weakly {
    list: RefCell<Vec<Weak<Weakly>>>,
    map: RefCell<BTreeMap<u8, Weak<Weakly>>>,
    tuple: RefCell<(u8, Weak<Weakly>)>,
    held: RefCell<Vec<Rc<Weakly>>>,
}

#[test]
fn loops_through_weak_pointers_need_no_state() {
    let one = Rc::new(Weakly::default());
    let weak = || Rc::downgrade(&one);
    one.list.borrow_mut().extend([weak(), weak()]);
    one.map.borrow_mut().insert(1, weak());
    *one.tuple.borrow_mut() = (2, weak());
    let below = Rc::new(Weakly::default());
    below.list.borrow_mut().push(weak());
    one.held.borrow_mut().push(below);
    let loaded = again(&one);
    let is = |weak: &Weak<Weakly>| Rc::ptr_eq(&weak.upgrade().unwrap(), &loaded);
    assert!(loaded.list.borrow().iter().all(is) && loaded.list.borrow().len() == 2);
    assert!(is(&loaded.map.borrow()[&1]) && is(&loaded.tuple.borrow().1));
    assert!(is(&loaded.held.borrow()[0].list.borrow()[0]));
    assert_eq!((Rc::strong_count(&loaded), Rc::weak_count(&loaded)), (1, 5));
}

/// A value that two others hold, of which each must be made before the other.
#[derive(Reduce, Default)]
struct Known {
    parts: RefCell<Vec<Rc<Knows>>>,
}

#[derive(Reduce, Default)]
struct Knows {
    known: RefCell<Vec<Weak<Known>>>,
}

#[test]
fn a_part_that_knows_both_of_its_owners_is_an_error_at_dump() {
    let part = Rc::new(Knows::default());
    let owners = [(), ()].map(|()| Rc::new(Known { parts: vec![part.clone()].into() }));
    part.known.borrow_mut().extend(owners.iter().map(Rc::downgrade));
    let error = refused(&owners);
    assert_eq!(
        error.to_string(),
        "parts[0].known[0].parts[0]: the weak pointers of this value leave no order in which an object of type `Knows` \
         can be written inside of all objects that it knows; mark the field of one of the `Weak`s with \
         `#[reduce(state)]`"
    );
}

/// The way out: the weak pointers are set when both owners have been made.
#[derive(Reduce, Default)]
struct Owner {
    parts: RefCell<Vec<Rc<Part>>>,
}

#[derive(Reduce, Default)]
struct Part {
    #[reduce(state)]
    known: RefCell<Vec<Weak<Owner>>>,
}

#[test]
fn a_part_that_knows_both_of_its_owners_by_its_state() {
    let part = Rc::new(Part::default());
    let owners = [(), ()].map(|()| Rc::new(Owner { parts: vec![part.clone()].into() }));
    part.known.borrow_mut().extend(owners.iter().map(Rc::downgrade));
    let owners = again(&owners);
    let part = owners[0].parts.borrow()[0].clone();
    assert!(Rc::ptr_eq(&part, &owners[1].parts.borrow()[0]));
    let known: Vec<_> = part.known.borrow().iter().filter_map(Weak::upgrade).collect();
    assert_eq!(known.len(), 2);
    assert!(known.iter().zip(&owners).all(|(a, b)| Rc::ptr_eq(a, b)));
}

/// A part of a tree that may refer to another one across it.
#[derive(Reduce, Default)]
struct Branch {
    parent: RefCell<Weak<Branch>>,
    across: RefCell<Weak<Branch>>,
    parts: RefCell<Vec<Rc<Branch>>>,
}

/// The same, and what lies across is set when all parts have been made.
#[derive(Reduce, Default)]
struct Linked {
    parent: RefCell<Weak<Linked>>,
    #[reduce(state)]
    across: RefCell<Weak<Linked>>,
    parts: RefCell<Vec<Rc<Linked>>>,
}

macro_rules! tree_with_a_link_across {
    ($branch:ident) => {{
        let [root, first, second, inner] = [(); 4].map(|()| Rc::new($branch::default()));
        for (parent, child) in [(&root, &first), (&root, &second), (&second, &inner)] {
            parent.parts.borrow_mut().push(child.clone());
            *child.parent.borrow_mut() = Rc::downgrade(parent);
        }
        // `inner` would have to be made in the middle of `first`, but lies in `second`, which lies behind it.
        *first.across.borrow_mut() = Rc::downgrade(&inner);
        root
    }};
}

#[test]
fn a_link_across_a_tree_to_a_part_behind_it_needs_state() {
    let error = refused(&tree_with_a_link_across!(Branch));
    assert!(error.to_string().contains("mark the field of one of the `Weak`s"), "{error}");
    let root = again(&tree_with_a_link_across!(Linked));
    let parts = root.parts.borrow();
    let across = parts[0].across.borrow().upgrade().unwrap();
    assert!(Rc::ptr_eq(&across, &parts[1].parts.borrow()[0]));
    assert!(Rc::ptr_eq(&across.parent.borrow().upgrade().unwrap(), &parts[1]));
    assert!(parts.iter().all(|part| Rc::ptr_eq(&part.parent.borrow().upgrade().unwrap(), &root)));
}
