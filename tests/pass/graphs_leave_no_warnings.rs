//! State, `implements` and `object` in a crate that denies every warning, and in one without a prelude.
#![deny(warnings, unused, unused_qualifications, missing_docs, rust_2018_idioms, unreachable_pub)]

use reduce_core::{Dumper, Expand, Loader, Reduce, Registry};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

#[derive(Reduce, Default)]
struct Node {
    id: u32,
    #[reduce(state)]
    next: RefCell<Vec<Rc<Node>>>,
    #[reduce(state)]
    visits: Cell<u8>,
}

/// The positions, lifetimes and parameters of state fields, and the names of our own locals.
#[derive(Reduce)]
struct Text<'a, T>(&'a str, #[reduce(state)] Option<T>, #[reduce(state)] &'a str);

#[derive(Reduce)]
struct Last<I: Iterator> {
    #[reduce(state)]
    item: Option<I::Item>,
    #[reduce(state)]
    __this: u8,
    #[reduce(state)]
    r#type: u8,
}

/// Its fields are assigned, not moved out of.
#[derive(Reduce)]
struct Dropped {
    #[reduce(state)]
    list: Vec<u8>,
}

impl Drop for Dropped {
    fn drop(&mut self) {
        self.list.clear();
    }
}

#[reduce_core::object(name = "geo.Shape")]
trait Shape {
    fn area(&self) -> f64;
    fn map<T>(&self, with: impl Fn(f64) -> T) -> T
    where
        Self: Sized,
    {
        with(self.area())
    }
}

#[reduce_core::object]
trait Named: Shape + Any + Send + Sync {
    fn name(&self) -> String;
}

#[derive(Reduce)]
#[reduce(implements(Shape, Shape + Send, Named))]
struct Circle {
    radius: f64,
}

impl Shape for Circle {
    fn area(&self) -> f64 {
        self.radius
    }
}

impl Named for Circle {
    fn name(&self) -> String {
        "circle".to_owned()
    }
}

#[derive(Reduce)]
#[reduce(implements(Shape))]
struct Scaled<T> {
    by: T,
    #[reduce(state)]
    inner: RefCell<Option<Rc<dyn Shape>>>,
}

impl<T: Copy + Into<f64> + 'static> Shape for Scaled<T> {
    fn area(&self) -> f64 {
        self.by.into() * self.inner.borrow().as_ref().map_or(1.0, |inner| inner.area())
    }
}

/// It borrows, and is an object where it does not.
#[derive(Reduce)]
#[reduce(implements(Shape))]
struct Label<'a>(&'a str);

impl Shape for Label<'static> {
    fn area(&self) -> f64 {
        self.0.len() as f64
    }
}

#[derive(Reduce)]
struct Scene {
    shared: Vec<Rc<dyn Shape>>,
    named: Box<dyn Named>,
    sent: Box<dyn Shape + Send>,
}

mod bare {
    #![no_implicit_prelude]

    #[derive(::reduce_core::Reduce)]
    #[reduce(implements(Shape))]
    pub(super) struct Node {
        pub(super) id: u8,
        #[reduce(state)]
        pub(super) next: ::std::cell::RefCell<::std::option::Option<::std::rc::Rc<Node>>>,
    }

    #[::reduce_core::object(name = "bare.Shape")]
    pub(super) trait Shape {}

    impl Shape for Node {}
}

fn trip<T: Reduce + for<'de> Expand<'de>>(value: &T) -> T {
    let bytes = Dumper::new().to_vec(value).unwrap();
    Loader::new().from_slice(&bytes).unwrap()
}

fn main() {
    let first = Rc::new(Node { id: 1, ..Node::default() });
    let second = Rc::new(Node { id: 2, ..Node::default() });
    second.visits.set(7);
    first.next.borrow_mut().extend([second.clone(), first.clone()]);
    second.next.borrow_mut().push(first.clone());
    let back = trip(&first);
    let other = Rc::clone(&back.next.borrow()[0]);
    assert_eq!((back.id, other.id, other.visits.get()), (1, 2, 7));
    assert!(Rc::ptr_eq(&back, &back.next.borrow()[1]));
    assert!(Rc::ptr_eq(&back, &other.next.borrow()[0]));

    let bytes = reduce_core::to_vec(&Text("a", Some(5u8), "b")).unwrap();
    let Text(kept, state, last): Text<'_, u8> = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!((kept, state, last), ("a", Some(5), "b"));

    let last = trip(&Last::<std::vec::IntoIter<u16>> { item: Some(9), __this: 1, r#type: 2 });
    assert_eq!((last.item, last.__this, last.r#type), (Some(9), 1, 2));
    assert_eq!(trip(&Dropped { list: vec![1, 2] }).list, [1, 2]);

    let node = Rc::new(bare::Node { id: 3, next: RefCell::default() });
    *node.next.borrow_mut() = Some(node.clone());
    let node = trip(&node);
    assert_eq!(node.id, 3);
    assert!(Rc::ptr_eq(&node, node.next.borrow().as_ref().unwrap()));

    let mut registry = Registry::new();
    registry.register::<Circle>().unwrap();
    registry.register_as::<Scaled<f32>>("Scaled<f32>").unwrap();
    let circle = Rc::new(Circle { radius: 3.0 });
    assert_eq!(circle.map(|area| area + 1.0), 4.0);
    let scaled = Rc::new(Scaled { by: 2.0_f32, inner: RefCell::new(Some(circle.clone())) });
    let scene = Scene {
        shared: vec![circle, scaled.clone(), scaled],
        named: Box::new(Circle { radius: 9.0 }),
        sent: Box::new(Circle { radius: 8.0 }),
    };
    let bytes = Dumper::new().registry(&registry).to_vec(&scene).unwrap();
    let back: Scene = Loader::new().registry(&registry).from_slice(&bytes).unwrap();
    let areas: Vec<f64> = back.shared.iter().map(|shape| shape.area()).collect();
    assert_eq!(areas, [3.0, 6.0, 6.0]);
    assert!(Rc::ptr_eq(&back.shared[1], &back.shared[2]));
    assert_eq!(
        (back.named.name(), back.named.area(), back.sent.area()),
        ("circle".into(), 9.0, 8.0)
    );

    let bytes = reduce_core::to_vec(&Label("four")).unwrap();
    assert_eq!(reduce_core::from_slice::<Label<'_>>(&bytes).unwrap().0, "four");
}
