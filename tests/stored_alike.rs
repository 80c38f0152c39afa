//! Objects ahead of the value, of types that differ in Rust and have one program: each is made of the type that the
//! pointers to it have.

#![expect(clippy::arc_with_non_send_sync, reason = "what matters is that it is another pointer")]

use reduce_core::{Dumper, Expand, Loader, Reduce, Registry, disassemble};
use std::any::Any;
use std::cell::RefCell;
use std::rc::{self, Rc};
use std::sync::{self, Arc, Mutex};

/// With a plain pointer, one to a cell and one of many threads to it, all stored alike.
#[derive(Reduce, Default)]
struct Node {
    id: u32,
    plain: RefCell<rc::Weak<Node>>,
    celled: RefCell<rc::Weak<RefCell<Node>>>,
    atomic: Mutex<sync::Weak<Node>>,
    plains: RefCell<Vec<Rc<Node>>>,
    cells: RefCell<Vec<Rc<RefCell<Node>>>>,
    atomics: Mutex<Vec<Arc<Node>>>,
}

fn node(id: u32) -> Node {
    Node { id, ..Node::default() }
}

/// A parent and a child that refers back to it, of each kind.
fn families() -> (Rc<Node>, Rc<RefCell<Node>>, Arc<Node>) {
    let plain = Rc::new(node(1));
    let child = Rc::new(node(2));
    *child.plain.borrow_mut() = Rc::downgrade(&plain);
    plain.plains.borrow_mut().push(child);
    let celled = Rc::new(RefCell::new(node(3)));
    let child = Rc::new(RefCell::new(node(4)));
    *child.borrow().celled.borrow_mut() = Rc::downgrade(&celled);
    celled.borrow().cells.borrow_mut().push(child);
    let atomic = Arc::new(node(5));
    let child = Arc::new(node(6));
    *child.atomic.lock().unwrap() = Arc::downgrade(&atomic);
    atomic.atomics.lock().unwrap().push(child);
    (plain, celled, atomic)
}

fn check(plain: &Rc<Node>, celled: &Rc<RefCell<Node>>, atomic: &Arc<Node>) {
    let child = plain.plains.borrow()[0].clone();
    assert!(Rc::ptr_eq(&child.plain.borrow().upgrade().unwrap(), plain));
    assert_eq!((plain.id, child.id), (1, 2));
    let child = celled.borrow().cells.borrow()[0].clone();
    assert!(Rc::ptr_eq(&child.borrow().celled.borrow().upgrade().unwrap(), celled));
    assert_eq!((celled.borrow().id, child.borrow().id), (3, 4));
    let child = atomic.atomics.lock().unwrap()[0].clone();
    assert!(Arc::ptr_eq(&child.atomic.lock().unwrap().upgrade().unwrap(), atomic));
    assert_eq!((atomic.id, child.id), (5, 6));
}

fn again<T: Reduce + for<'de> Expand<'de>>(value: &T) -> T {
    with(value, &Registry::new(), |_| ())
}

fn with<T: Reduce + for<'de> Expand<'de>>(
    value: &T,
    registry: &Registry,
    see: impl FnOnce(&str),
) -> T {
    let bytes = Dumper::new().registry(registry).to_vec(value).unwrap();
    let shown = disassemble(&bytes).unwrap().to_string();
    assert!(shown.contains("ahead"), "nothing was moved: {shown}");
    see(&shown);
    Loader::new().registry(registry).from_slice(&bytes).unwrap()
}

/// Weak pointers stand in front: to the parents, or to the children.
#[derive(Reduce)]
struct Value {
    plain: rc::Weak<Node>,
    celled: rc::Weak<RefCell<Node>>,
    atomic: sync::Weak<Node>,
    objects: (Rc<Node>, Rc<RefCell<Node>>, Arc<Node>),
}

#[test]
fn parents_that_are_referred_to_first() {
    let objects = families();
    let value = Value {
        plain: Rc::downgrade(&objects.0),
        celled: Rc::downgrade(&objects.1),
        atomic: Arc::downgrade(&objects.2),
        objects,
    };
    let Value { plain, celled, atomic, objects } = again(&value);
    check(&objects.0, &objects.1, &objects.2);
    assert!(Rc::ptr_eq(&plain.upgrade().unwrap(), &objects.0));
    assert!(Rc::ptr_eq(&celled.upgrade().unwrap(), &objects.1));
    assert!(Arc::ptr_eq(&atomic.upgrade().unwrap(), &objects.2));
}

#[test]
fn children_that_are_referred_to_first_say_what_their_parents_are() {
    let objects = families();
    let plain = Rc::downgrade(&objects.0.plains.borrow()[0]);
    let celled = Rc::downgrade(&objects.1.borrow().cells.borrow()[0]);
    let atomic = Arc::downgrade(&objects.2.atomics.lock().unwrap()[0]);
    let value = Value { plain, celled, atomic, objects };
    let Value { plain, celled, atomic, objects } = again(&value);
    check(&objects.0, &objects.1, &objects.2);
    assert_eq!(plain.upgrade().unwrap().id, 2);
    assert_eq!(celled.upgrade().unwrap().borrow().id, 4);
    assert_eq!(atomic.upgrade().unwrap().id, 6);
}

#[test]
fn one_family_inside_of_another_in_any_nesting() {
    // The cells' parent lies in the plain child, the parent of many threads in the cells' child.
    let (plain, celled, atomic) = families();
    celled.borrow().cells.borrow()[0].borrow().atomics.lock().unwrap().push(atomic.clone());
    plain.plains.borrow()[0].cells.borrow_mut().push(celled.clone());
    let deepest = Arc::downgrade(&atomic.atomics.lock().unwrap()[0]);
    let (deepest, plain) = again(&(deepest, plain));
    let celled = plain.plains.borrow()[0].cells.borrow()[0].clone();
    let atomic = celled.borrow().cells.borrow()[0].borrow().atomics.lock().unwrap()[0].clone();
    check(&plain, &celled, &atomic);
    assert_eq!(deepest.upgrade().unwrap().id, 6);
}

type Families = (Rc<RefCell<Node>>, Arc<Node>, Rc<Node>);

/// What it refers to is known only when its state is read.
#[derive(Reduce, Default)]
struct Late {
    #[reduce(state)]
    celled: RefCell<Vec<rc::Weak<RefCell<Node>>>>,
    #[reduce(state)]
    owned: RefCell<Vec<Families>>,
}

#[test]
fn objects_that_only_states_refer_to() {
    let (plain, celled, atomic) = families();
    let late = Rc::new(Late::default());
    late.celled.borrow_mut().push(Rc::downgrade(&celled.borrow().cells.borrow()[0]));
    late.owned.borrow_mut().push((celled, atomic, plain));
    let late = again(&(late.clone(), vec![Rc::downgrade(&late)])).0;
    let (celled, atomic, plain) = late.owned.borrow()[0].clone();
    check(&plain, &celled, &atomic);
    assert_eq!(late.celled.borrow()[0].upgrade().unwrap().borrow().id, 4);
}

/// Of what stands behind a trait object, the pointers around it say whether it is one of many threads.
#[derive(Reduce)]
struct Hub {
    id: u8,
    parts: Mutex<Vec<Arc<Part>>>,
}

#[derive(Reduce)]
struct Part {
    hub: Mutex<sync::Weak<Hub>>,
}

#[derive(Reduce)]
struct Things {
    one_thread: Vec<Rc<dyn Any>>,
    first: sync::Weak<dyn Any + Send + Sync>,
    part: sync::Weak<Part>,
    hub: Arc<Hub>,
}

#[test]
fn a_trait_object_ahead_is_made_as_the_pointers_to_it_are() {
    let mut registry = Registry::new();
    registry.register::<Hub>().unwrap().register::<Part>().unwrap();
    registry.implement::<dyn Any + Send + Sync, Hub>().unwrap();
    let hub = Arc::new(Hub { id: 7, parts: Mutex::default() });
    let part = Arc::new(Part { hub: Mutex::new(Arc::downgrade(&hub)) });
    hub.parts.lock().unwrap().push(part.clone());
    let first: Arc<dyn Any + Send + Sync> = hub.clone();
    let value = Things {
        one_thread: vec![],
        first: Arc::downgrade(&first),
        part: Arc::downgrade(&part),
        hub,
    };
    let Things { first, part, hub, .. } =
        with(&value, &registry, |shown| assert!(shown.contains("dyn Any = Hub"), "{shown}"));
    assert!(std::ptr::addr_eq(Arc::as_ptr(&first.upgrade().unwrap()), Arc::as_ptr(&hub)));
    assert!(Arc::ptr_eq(&part.upgrade().unwrap(), &hub.parts.lock().unwrap()[0]));
    let parent = part.upgrade().unwrap().hub.lock().unwrap().upgrade().unwrap();
    assert!(Arc::ptr_eq(&parent, &hub));
    assert_eq!(hub.id, 7);
}

#[test]
fn a_long_chain_of_objects_ahead_takes_linear_work() {
    // Each is known by the next one alone, and each pair of them has two candidates.
    #[derive(Reduce, Default)]
    struct Link {
        next: RefCell<rc::Weak<RefCell<Link>>>,
        plain: Option<Rc<Link>>,
    }
    let links: Vec<_> = (0..20_000).map(|_| Rc::new(RefCell::new(Link::default()))).collect();
    for pair in links.windows(2) {
        *pair[0].borrow().next.borrow_mut() = Rc::downgrade(&pair[1]);
    }
    // The plain pointer is met first.
    let (_, loaded) = again(&(None::<Rc<Link>>, links));
    for pair in loaded.windows(2) {
        assert!(Rc::ptr_eq(&pair[0].borrow().next.borrow().upgrade().unwrap(), &pair[1]));
    }
}

/// The search for types goes through bytes that nobody has checked.
#[test]
fn broken_bytes_are_errors_or_values() {
    let (plain, celled, atomic) = families();
    celled.borrow().cells.borrow()[0].borrow().atomics.lock().unwrap().push(atomic.clone());
    plain.plains.borrow()[0].cells.borrow_mut().push(celled.clone());
    let deepest = Arc::downgrade(&atomic.atomics.lock().unwrap()[0]);
    let mut bytes = reduce_core::to_vec(&(deepest, plain)).unwrap();
    type Value = (sync::Weak<Node>, Rc<Node>);
    let data = bytes.windows(7).position(|part| part == b"atomics").unwrap();
    let (mut errors, mut values) = (0, 0);
    for at in data..bytes.len() {
        assert!(reduce_core::from_slice::<Value>(&bytes[..at]).is_err());
        let before = bytes[at];
        for byte in 0..=u8::MAX {
            bytes[at] = byte;
            match reduce_core::from_slice::<Value>(&bytes) {
                Ok(_) => values += 1,
                Err(_) => errors += 1,
            }
        }
        bytes[at] = before;
    }
    assert!(errors > 1000 && values > 500, "{errors} errors, {values} values");
}
