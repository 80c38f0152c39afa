//! Shared objects in fields that are gone, moved, or no pointers any more, and states that come and go.

use reduce_core::{ErrorKind, Reduce, from_slice, to_vec};
use std::cell::RefCell;
use std::rc::{Rc, Weak};

mod old {
    use super::*;

    #[derive(Reduce)]
    #[reduce(name = "g.Pair")]
    pub struct Pair {
        pub first: Rc<Leaf>,
        pub between: Vec<Rc<String>>,
        pub second: Rc<Leaf>,
        pub weak: Weak<Leaf>,
    }

    #[derive(Reduce)]
    #[reduce(name = "g.Leaf")]
    pub struct Leaf {
        pub name: Rc<String>,
        pub number: u8,
    }

    #[derive(Reduce)]
    #[reduce(name = "g.Node")]
    pub struct Node {
        pub id: u8,
        #[reduce(state)]
        pub next: RefCell<Option<Rc<Node>>>,
    }
}

fn pair() -> old::Pair {
    let name = Rc::new("leaf".to_string());
    let leaf = Rc::new(old::Leaf { name: name.clone(), number: 5 });
    old::Pair {
        weak: Rc::downgrade(&leaf),
        first: leaf.clone(),
        between: vec![name.clone(), name],
        second: leaf,
    }
}

#[derive(Reduce)]
#[reduce(name = "g.Leaf")]
struct Leaf {
    number: u64,
    name: Rc<String>,
}

#[test]
fn an_object_of_a_removed_field_is_made_where_something_refers_to_it() {
    #[derive(Reduce)]
    #[reduce(name = "g.Pair")]
    struct Pair {
        between: Vec<Rc<String>>,
        second: Rc<Leaf>,
        weak: Weak<Leaf>,
    }
    let bytes = to_vec(&vec![pair(), pair()]).unwrap();
    for pair in from_slice::<Vec<Pair>>(&bytes).unwrap() {
        assert_eq!((pair.second.number, pair.second.name.as_str()), (5, "leaf"));
        assert!(Rc::ptr_eq(&pair.second.name, &pair.between[0]));
        assert!(Rc::ptr_eq(&pair.between[0], &pair.between[1]));
        assert!(Rc::ptr_eq(&pair.weak.upgrade().unwrap(), &pair.second));
    }
    for length in 0..bytes.len() {
        assert!(from_slice::<Vec<Pair>>(&bytes[..length]).is_err());
    }
}

#[test]
fn fields_in_another_order_keep_their_objects() {
    #[derive(Reduce)]
    #[reduce(name = "g.Pair")]
    struct Pair {
        weak: Weak<Leaf>,
        second: Rc<Leaf>,
        between: Vec<Rc<String>>,
        first: Rc<Leaf>,
    }
    let bytes = to_vec(&vec![pair(), pair()]).unwrap();
    for pair in from_slice::<Vec<Pair>>(&bytes).unwrap() {
        assert!(Rc::ptr_eq(&pair.first, &pair.second));
        assert!(Rc::ptr_eq(&pair.first.name, &pair.between[1]));
        assert!(Rc::ptr_eq(&pair.weak.upgrade().unwrap(), &pair.first));
        assert_eq!(Rc::strong_count(&pair.first), 2);
    }
}

#[test]
fn an_object_ahead_of_the_value_is_made_where_it_is_referred_to() {
    #[derive(Reduce)]
    #[reduce(name = "g.Ahead")]
    struct Old {
        weak: Weak<old::Leaf>,
        inside: Vec<(Rc<old::Leaf>, Weak<old::Leaf>)>,
    }
    #[derive(Reduce)]
    #[reduce(name = "g.Ahead")]
    struct New {
        weak: Weak<Leaf>,
        inside: Vec<(Rc<Leaf>, Weak<Leaf>)>,
        #[reduce(default)]
        more: bool,
    }
    let leaf = |number| Rc::new(old::Leaf { name: Rc::new("n".into()), number });
    let (one, two) = (leaf(1), leaf(2));
    let weak = Rc::downgrade(&two);
    let inside = vec![(one.clone(), Rc::downgrade(&two)), (two, Rc::downgrade(&one))];
    let new: New = from_slice(&to_vec(&Old { weak, inside }).unwrap()).unwrap();
    assert!(!new.more);
    assert_eq!((new.inside[0].0.number, new.inside[1].0.number), (1, 2));
    assert!(Rc::ptr_eq(&new.weak.upgrade().unwrap(), &new.inside[1].0));
    assert!(Rc::ptr_eq(&new.inside[0].1.upgrade().unwrap(), &new.inside[1].0));
    assert!(Rc::ptr_eq(&new.inside[1].1.upgrade().unwrap(), &new.inside[0].0));
}

#[test]
fn what_is_shared_no_longer_is_read_for_each_pointer() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "g.Leaf")]
    struct Plain {
        number: u8,
        name: String,
    }
    #[derive(Reduce)]
    #[reduce(name = "g.Pair")]
    struct Pair {
        first: Plain,
        second: Box<Plain>,
        between: Vec<Rc<String>>,
    }
    let bytes = to_vec(&vec![pair(), pair()]).unwrap();
    for pair in from_slice::<Vec<Pair>>(&bytes).unwrap() {
        assert_eq!(pair.first, Plain { number: 5, name: "leaf".into() });
        assert_eq!(*pair.second, pair.first);
        assert!(Rc::ptr_eq(&pair.between[0], &pair.between[1]));
        assert_eq!(*pair.between[0], "leaf");
    }
}

#[test]
fn one_pointer_may_be_kept_and_another_not() {
    #[derive(Reduce)]
    #[reduce(name = "g.Pair")]
    struct Pair {
        first: Rc<Leaf>,
        second: Leaf,
    }
    let pairs: Vec<Pair> = from_slice(&to_vec(&vec![pair(), pair()]).unwrap()).unwrap();
    for pair in pairs {
        assert_eq!((pair.first.number, pair.second.number), (5, 5));
        assert!(Rc::ptr_eq(&pair.first.name, &pair.second.name));
    }
}

/// A ring of two nodes.
fn ring() -> Rc<old::Node> {
    let node = |id| Rc::new(old::Node { id, next: RefCell::new(None) });
    let (a, b) = (node(1), node(2));
    *a.next.borrow_mut() = Some(b.clone());
    *b.next.borrow_mut() = Some(a.clone());
    a
}

fn break_up(ring: &Rc<old::Node>) {
    ring.next.borrow_mut().take();
}

#[test]
fn states_are_adapted() {
    #[derive(Reduce)]
    #[reduce(name = "g.Node")]
    struct Node {
        #[reduce(default)]
        name: String,
        id: u32,
        #[reduce(state, default)]
        previous: RefCell<Option<Rc<Node>>>,
        #[reduce(state)]
        next: RefCell<Option<Rc<Node>>>,
    }
    let ring = ring();
    let bytes = to_vec(&ring).unwrap();
    break_up(&ring);
    let a: Rc<Node> = from_slice(&bytes).unwrap();
    let b = a.next.borrow().clone().unwrap();
    assert_eq!((a.id, b.id, a.name.as_str()), (1, 2, ""));
    assert!(Rc::ptr_eq(&a, b.next.borrow().as_ref().unwrap()));
    assert!(b.previous.borrow().is_none());
    a.next.borrow_mut().take();
}

#[test]
fn states_that_are_gone_are_skipped() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "g.Node")]
    struct Node {
        id: u32,
    }
    let ring = ring();
    let bytes = to_vec(&vec![ring.clone(), ring.clone()]).unwrap();
    break_up(&ring);
    let nodes: Vec<Rc<Node>> = from_slice(&bytes).unwrap();
    assert!(Rc::ptr_eq(&nodes[0], &nodes[1]));
    assert_eq!(nodes[0].id, 1);
    let error = from_slice::<Vec<Node>>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert!(error.to_string().contains("keep the pointer"), "{error}");
}

#[test]
fn a_shared_object_that_holds_others_over_and_over_is_bounded_where_it_is_shared_no_longer() {
    #[derive(Reduce)]
    #[reduce(name = "g.Twice")]
    struct Old(Option<(Rc<Old>, Rc<Old>)>);
    #[derive(Reduce)]
    #[reduce(name = "g.Twice")]
    struct New(Option<(Box<New>, Box<New>)>);
    let mut value = Rc::new(Old(None));
    for _ in 0..60 {
        value = Rc::new(Old(Some((value.clone(), value))));
    }
    let error = from_slice::<New>(&to_vec(&value).unwrap()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Limit);
}
