//! Objects ahead of a value that a hand-written expander holds: nothing says what they are until a pointer refers to
//! them, and they are made then, where they stand.

use reduce_core::{
    Adapter, BoxError, Context, Describe, Dumper, Error, Expand, Loader, Reader, Reduce, Registry,
    TypeDef, Writer, disassemble,
};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// It hides what it holds from everything but its expander.
struct Hidden<T>(T);

impl<T: Describe> Describe for Hidden<T> {
    fn def() -> &'static TypeDef {
        T::def()
    }
}

impl<T: Reduce> Reduce for Hidden<T> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.0.reduce(w)
    }
}

impl<'de, T: Expand<'de>> Expand<'de> for Hidden<T> {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        T::expand(r).map(Hidden)
    }
}

/// Counts its loads.
struct Counted;

impl Adapter<u32> for Counted {
    type Stored = u32;
    fn reduce(value: &u32, _: &Context<'_>) -> Result<u32, BoxError> {
        Ok(*value)
    }
    fn expand(value: u32, context: &Context<'_>) -> Result<u32, BoxError> {
        if let Some(count) = context.get::<Cell<u32>>() {
            count.set(count.get() + 1);
        }
        Ok(value)
    }
}

#[derive(Reduce, Default)]
struct Node {
    #[reduce(with = Counted)]
    id: u32,
    parent: RefCell<Weak<Node>>,
    links: RefCell<Vec<Weak<Node>>>,
    children: RefCell<Vec<Rc<Node>>>,
    #[reduce(state)]
    edges: RefCell<Vec<Rc<Node>>>,
}

fn node(id: u32) -> Rc<Node> {
    Rc::new(Node { id, ..Node::default() })
}

fn child(parent: &Rc<Node>, id: u32) -> Rc<Node> {
    let child = node(id);
    *child.parent.borrow_mut() = Rc::downgrade(parent);
    parent.children.borrow_mut().push(child.clone());
    child
}

/// The value as it comes back, each of its nodes made once, and what its stream looks like.
fn again<T: Reduce + for<'de> Expand<'de>>(value: T, nodes: u32) -> T {
    let (value, made) = counted(value);
    assert_eq!(made, nodes, "each is made once");
    value
}

fn counted<T: Reduce + for<'de> Expand<'de>>(value: T) -> (T, u32) {
    let bytes = reduce_core::to_vec(&Hidden(value)).unwrap();
    let shown = disassemble(&bytes).unwrap().to_string();
    assert!(shown.contains("\nahead"), "nothing was moved: {shown}");
    let count = Cell::new(0u32);
    let value = Loader::new().with_context(&count).from_slice::<Hidden<T>>(&bytes).unwrap().0;
    (value, count.get())
}

fn same(weak: &Weak<Node>, node: &Rc<Node>) -> bool {
    weak.upgrade().is_some_and(|found| Rc::ptr_eq(&found, node))
}

#[test]
fn a_family_is_made_when_it_is_first_referred_to() {
    let root = node(1);
    let leaf = child(&child(&root, 2), 3);
    leaf.links.borrow_mut().push(Rc::downgrade(&leaf));
    let (weak, leaf, root) = again((Rc::downgrade(&root), Rc::downgrade(&leaf), root), 3);
    assert!(same(&weak, &root));
    let inner = root.children.borrow()[0].clone();
    let last = inner.children.borrow()[0].clone();
    assert!(same(&inner.parent.borrow(), &root) && same(&last.parent.borrow(), &inner));
    assert!(same(&leaf, &last) && same(&last.links.borrow()[0], &last));
    assert_eq!((root.id, inner.id, last.id), (1, 2, 3));
}

#[test]
fn states_are_set_whenever_their_objects_are_made() {
    // Two families; the states of each refer to the other one, and hold objects of their own.
    let (a, b) = (node(1), node(11));
    let (a_child, b_child) = (child(&a, 2), child(&b, 12));
    a.edges.borrow_mut().extend([b.clone(), node(5), a_child.clone()]);
    b_child.edges.borrow_mut().extend([a.clone(), node(15)]);
    a_child.edges.borrow_mut().push(b_child.clone());
    let (weak, a) = again(((Rc::downgrade(&a), Rc::downgrade(&b)), a.clone()), 6);
    let b = a.edges.borrow()[0].clone();
    assert!(same(&weak.0, &a) && same(&weak.1, &b));
    let (a_child, b_child) = (a.children.borrow()[0].clone(), b.children.borrow()[0].clone());
    assert!(Rc::ptr_eq(&a.edges.borrow()[2], &a_child));
    assert!(Rc::ptr_eq(&b_child.edges.borrow()[0], &a));
    assert!(Rc::ptr_eq(&a_child.edges.borrow()[0], &b_child));
    let ids =
        |nodes: &RefCell<Vec<Rc<Node>>>| nodes.borrow().iter().map(|n| n.id).collect::<Vec<_>>();
    assert_eq!((ids(&a.edges), ids(&b_child.edges)), (vec![11, 5, 2], vec![1, 15]));
    for node in [a, b_child] {
        node.edges.take();
    }
}

/// What only a state leads to.
#[derive(Reduce, Default)]
struct Gate {
    #[reduce(state)]
    behind: RefCell<Vec<(Weak<Node>, Rc<Node>)>>,
}

#[test]
fn an_object_may_be_made_when_the_turn_of_its_state_is_over() {
    let root = node(1);
    let inner = child(&root, 2);
    let nested = node(4);
    inner.edges.borrow_mut().extend([nested.clone(), root.clone(), nested]);
    root.edges.borrow_mut().push(node(3));
    let gate = Rc::new(Gate::default());
    gate.behind.borrow_mut().push((Rc::downgrade(&root), root.clone()));
    let gate = again((Weak::<Node>::new(), Rc::downgrade(&gate), gate), 4).2;
    let (weak, root) = gate.behind.borrow()[0].clone();
    assert!(same(&weak, &root));
    let inner = root.children.borrow()[0].clone();
    let edges = inner.edges.take();
    assert!(Rc::ptr_eq(&edges[0], &edges[2]) && Rc::ptr_eq(&edges[1], &root));
    assert_eq!((edges[0].id, root.edges.borrow()[0].id), (4, 3));
}

#[test]
fn an_object_inside_may_be_made_before_the_one_around_it() {
    // `inner` refers to nothing around it, and its own child to nothing but itself.
    let root = node(1);
    let other = child(&root, 2);
    let inner = node(3);
    let innermost = node(4);
    innermost.links.borrow_mut().push(Rc::downgrade(&innermost));
    inner.children.borrow_mut().push(innermost.clone());
    inner.edges.borrow_mut().push(innermost.clone());
    other.children.borrow_mut().push(inner.clone());
    let (innermost, inner, root) = again((Rc::downgrade(&innermost), inner, root), 4);
    let found = root.children.borrow()[0].children.borrow()[0].clone();
    assert!(Rc::ptr_eq(&inner, &found));
    assert!(same(&innermost, &inner.children.borrow()[0]));
    assert!(same(&innermost, &inner.edges.borrow()[0]));
    assert!(same(&root.children.borrow()[0].parent.borrow(), &root));
}

#[test]
fn one_that_refers_to_what_lies_around_it_must_not_come_first() {
    let root = node(1);
    let inner = child(&root, 2);
    let bytes = reduce_core::to_vec(&Hidden((Rc::downgrade(&inner), root))).unwrap();
    let error = reduce_core::from_slice::<Hidden<(Weak<Node>, Rc<Node>)>>(&bytes).err().unwrap();
    assert!(error.to_string().contains("referred to before the one that it lies in"), "{error}");
    assert!(error.to_string().contains("have the field that owns the objects in front"), "{error}");
    // As it says.
    let root = node(1);
    let inner = child(&root, 2);
    let late = node(3);
    let value = (Rc::downgrade(&late), late, root.clone(), Rc::downgrade(&inner));
    let (_, _, root, inner) = again(value, 3);
    assert!(same(&inner, &root.children.borrow()[0]));
}

#[derive(Reduce)]
struct Owner {
    parts: RefCell<Vec<Rc<Part>>>,
    named: RefCell<Vec<Rc<Named>>>,
}

/// Knows its owner as a trait object,
#[derive(Reduce)]
struct Part(Weak<dyn Any>, u8);

/// and this one as what it is.
#[derive(Reduce)]
struct Named(Weak<Owner>, u8);

#[derive(Reduce)]
struct OtherOwner {
    parts: u8,
}

/// The owner with a part of one of the kinds, behind an object that comes too late.
fn owned<T: 'static>(owner: T) -> Hidden<(Weak<u8>, Rc<u8>, T)> {
    let late = Rc::new(9);
    Hidden((Rc::downgrade(&late), late, owner))
}

fn owner(known: bool) -> Rc<Owner> {
    let owner = Rc::new(Owner { parts: RefCell::default(), named: RefCell::default() });
    let object: Weak<dyn Any> = Rc::<Owner>::downgrade(&owner);
    if known {
        owner.named.borrow_mut().push(Rc::new(Named(Rc::downgrade(&owner), 7)));
    } else {
        owner.parts.borrow_mut().push(Rc::new(Part(object, 7)));
    }
    owner
}

fn registry() -> Registry {
    let mut registry = Registry::new();
    registry.register::<OtherOwner>().unwrap().register::<Owner>().unwrap();
    registry
}

#[test]
fn an_object_written_behind_a_trait_object_may_be_asked_for_as_what_it_is() {
    let bytes = Dumper::new().registry(&registry()).to_vec(&owned(owner(false))).unwrap();
    let shown = disassemble(&bytes).unwrap().to_string();
    assert!(shown.contains("\nahead") && shown.contains("dyn Any = Owner"), "{shown}");
    let value = Loader::new().registry(&registry()).from_slice(&bytes);
    let Hidden((_, _, owner)): Hidden<(Weak<u8>, Rc<u8>, Rc<Owner>)> = value.unwrap();
    let part = owner.parts.borrow()[0].clone();
    assert!(Rc::ptr_eq(&part.0.upgrade().unwrap().downcast::<Owner>().unwrap(), &owner));
    assert_eq!(part.1, 7);
}

#[test]
fn an_object_written_as_what_it_is_may_be_asked_for_as_a_trait_object() {
    type Value = Hidden<(Weak<u8>, Rc<u8>, Rc<dyn Any>)>;
    let object: Rc<dyn Any> = owner(true);
    let bytes = Dumper::new().registry(&registry()).to_vec(&owned(object)).unwrap();
    let shown = disassemble(&bytes).unwrap().to_string();
    assert!(shown.contains("\nahead") && !shown.contains("dyn Any = Owner"), "{shown}");
    let value = Loader::new().registry(&registry()).from_slice::<Value>(&bytes).unwrap();
    let owner = value.0.2.downcast::<Owner>().unwrap();
    let part = owner.named.borrow()[0].clone();
    assert!(Rc::ptr_eq(&part.0.upgrade().unwrap(), &owner));
    assert_eq!(part.1, 7);
    let mut other = Registry::new();
    other.register::<OtherOwner>().unwrap();
    let error = Loader::new().registry(&other).from_slice::<Value>(&bytes).err().unwrap();
    assert!(error.to_string().contains("is first referred to through a trait object"), "{error}");
}

#[test]
fn broken_bytes_are_errors_or_values() {
    let (a, b) = (node(1), node(11));
    let (a_child, b_child) = (child(&a, 2), child(&b, 12));
    a_child.edges.borrow_mut().push(b.clone());
    b_child.links.borrow_mut().push(Rc::downgrade(&b_child));
    type Value = Hidden<(Weak<Node>, Weak<Node>, Rc<Node>)>;
    let value: Value = Hidden((Rc::downgrade(&a), Rc::downgrade(&b), a));
    let mut bytes = reduce_core::to_vec(&value).unwrap();
    let data = bytes.windows(5).position(|part| part == b"edges").unwrap();
    let (mut errors, mut values) = (0, 0);
    for at in data..bytes.len() {
        assert!(reduce_core::from_slice::<Value>(&bytes[..at]).is_err());
        let before = bytes[at];
        for byte in 0..=u8::MAX {
            bytes[at] = byte;
            match reduce_core::from_slice::<Value>(&bytes) {
                Ok(value) => {
                    let mut open = vec![value.0.2];
                    while let Some(node) = open.pop() {
                        open.extend(node.edges.take());
                        open.extend(node.children.borrow().iter().cloned());
                    }
                    values += 1;
                }
                Err(_) => errors += 1,
            }
        }
        bytes[at] = before;
    }
    assert!(errors > 1000 && values > 500, "{errors} errors, {values} values");
}
