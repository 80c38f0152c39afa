//! Graphs of typed values: what a dump writes of them.

use reduce_core::{Dumper, Error, Expand, Reduce, Registry};
use std::any::Any;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::{self, Arc, Mutex};

#[derive(Reduce)]
#[reduce(name = "app.Node")]
pub struct Named {
    pub name: String,
    pub me: Weak<Named>,
}

pub fn named(name: &str) -> Rc<Named> {
    Rc::new_cyclic(|me| Named { name: name.into(), me: me.clone() })
}

#[derive(Reduce, Default)]
#[reduce(name = "app.Node")]
pub struct Link {
    pub id: u8,
    #[reduce(state)]
    pub next: RefCell<Option<Rc<Link>>>,
}

/// Two that hold each other.
pub fn links() -> Vec<Rc<Link>> {
    let [a, b] = [7, 8].map(|id| Rc::new(Link { id, ..Link::default() }));
    *a.next.borrow_mut() = Some(b.clone());
    *b.next.borrow_mut() = Some(a.clone());
    vec![a, b]
}

#[derive(Reduce, Default)]
#[reduce(name = "app.Node")]
pub struct Nested {
    pub me: RefCell<Weak<Nested>>,
    #[reduce(state)]
    pub next: RefCell<Option<Rc<Nested>>>,
}

/// One in the state of another, and back.
pub fn nested() -> Rc<Nested> {
    let [outer, inner] = [(); 2].map(|()| Rc::new(Nested::default()));
    *outer.me.borrow_mut() = Rc::downgrade(&outer);
    *inner.next.borrow_mut() = Some(outer.clone());
    *outer.next.borrow_mut() = Some(inner);
    outer
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "app.Node")]
pub struct InPlace {
    pub id: u8,
    #[reduce(state)]
    pub next: Option<u8>,
}

#[derive(Reduce)]
#[reduce(name = "fs.Dir")]
struct Dir {
    name: String,
    parent: Weak<Dir>,
    children: RefCell<Vec<Rc<Dir>>>,
}

fn dir(name: &str, parent: &Weak<Dir>, children: &[&str]) -> Rc<Dir> {
    Rc::new_cyclic(|this| Dir {
        name: name.into(),
        parent: parent.clone(),
        children: children.iter().map(|name| dir(name, this, &[])).collect::<Vec<_>>().into(),
    })
}

fn child_before_parent() -> (Rc<Dir>, Rc<Dir>) {
    let root = dir("root", &Weak::new(), &["a", "b"]);
    let child = root.children.borrow()[1].clone();
    (child, root)
}

#[derive(Reduce)]
#[reduce(name = "app.Locked")]
struct Locked {
    #[reduce(state)]
    label: Option<String>,
    #[reduce(state)]
    others: Vec<sync::Weak<Mutex<Locked>>>,
}

fn locked() -> Vec<Arc<Mutex<Locked>>> {
    let all: Vec<_> = ["x", "y"]
        .iter()
        .map(|label| {
            Arc::new(Mutex::new(Locked { label: Some(label.to_string()), others: vec![] }))
        })
        .collect();
    for one in &all {
        one.lock().unwrap().others.extend(all.iter().rev().map(Arc::downgrade));
    }
    all
}

#[reduce_core::object(name = "geo.Shape")]
trait Shape: Any {}

#[derive(Reduce)]
#[reduce(name = "geo.Circle", implements(Shape))]
struct Circle {
    radius: u8,
}

#[derive(Reduce)]
#[reduce(name = "geo.Group", implements(Shape))]
struct Group {
    this: Weak<dyn Shape>,
    own: Option<Box<dyn Shape>>,
    #[reduce(state)]
    shapes: RefCell<Vec<Rc<dyn Shape>>>,
}

impl Shape for Circle {}
impl Shape for Group {}

fn shapes() -> Registry {
    let mut registry = Registry::new();
    registry.register::<Circle>().unwrap().register::<Group>().unwrap();
    registry.register_as::<Vec<u16>>("std.Vec<u16>").unwrap();
    registry
}

type Scene = (Vec<Rc<dyn Shape>>, Rc<Circle>, Box<dyn Any>);

fn scene() -> Scene {
    let circle = Rc::new(Circle { radius: 1 });
    let group = Rc::new_cyclic(|this: &Weak<Group>| Group {
        this: this.clone(),
        own: Some(Box::new(Circle { radius: 2 })),
        shapes: RefCell::default(),
    });
    group.shapes.borrow_mut().extend([group.clone() as Rc<dyn Shape>, circle.clone()]);
    (vec![circle.clone(), group], circle, Box::new(vec![1u16, 300]))
}

/// A typed graph, its stream, and the stream of what it is loaded as.
pub struct Graph {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub again: fn(&[u8]) -> Result<Vec<u8>, Error>,
}

fn graph<T: Reduce + for<'de> Expand<'de>>(name: &'static str, value: T) -> Graph {
    Graph {
        name,
        bytes: Dumper::new().registry(&shapes()).to_vec(&value).unwrap(),
        again: |bytes| {
            let registry = shapes();
            let value: T = super::loader().registry(&registry).from_slice(bytes)?;
            Dumper::new().registry(&registry).to_vec(&value)
        },
    }
}

/// All of them. Cycles stay as they are: nothing is to be learnt from taking them apart.
pub fn all() -> Vec<Graph> {
    let (inside, outside) = (Rc::new(5u8), Rc::new(6u8));
    let weak = (Rc::downgrade(&inside), Rc::downgrade(&outside), inside);
    let text: Rc<str> = "hi".into();
    vec![
        graph("typed_graph_weak_to_itself", named("ann")),
        graph("typed_graph_weak_inside_and_outside", weak),
        graph("typed_graph_weak_text", (text.clone(), Rc::downgrade(&text))),
        graph("typed_graph_tree_with_parents", dir("root", &Weak::new(), &["a", "b"])),
        graph("typed_graph_child_before_parent", child_before_parent()),
        graph("typed_graph_cycle_through_state", links()),
        graph("typed_graph_states_within_states", nested()),
        graph("typed_graph_state_in_place", InPlace { id: 7, next: Some(8) }),
        graph("typed_graph_state_in_mutexes", locked()),
        graph("typed_graph_trait_objects", scene()),
    ]
}
