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

#[test]
fn one_object_is_one_object_of_one_type() {
    #[derive(Reduce)]
    #[reduce(name = "g.Two")]
    struct Old {
        a: Rc<u8>,
        b: Rc<u8>,
    }
    #[derive(Reduce)]
    #[reduce(name = "g.Two")]
    struct New {
        a: Rc<u32>,
        b: Rc<u32>,
    }
    #[derive(Reduce, Debug)]
    #[reduce(name = "g.Two")]
    #[allow(dead_code)]
    struct Mixed {
        a: Rc<u32>,
        b: Rc<u64>,
    }
    let one = Rc::new(7);
    let bytes = to_vec(&Old { a: one.clone(), b: one }).unwrap();
    let new: New = from_slice(&bytes).unwrap();
    assert!(Rc::ptr_eq(&new.a, &new.b));
    assert_eq!(*new.a, 7);
    let error = from_slice::<Mixed>(&bytes).unwrap_err();
    assert_eq!((error.kind(), &*error.path()), (ErrorKind::TypeMismatch, "b"));
    assert!(error.to_string().contains("give all pointers to it one type"), "{error}");
}

#[test]
fn a_field_that_became_a_state_field_under_another_name_is_not_filled_silently() {
    #[derive(Reduce)]
    #[reduce(name = "g.Late")]
    struct Old {
        number: u8,
    }
    #[derive(Reduce, Debug)]
    #[reduce(name = "g.Late")]
    #[allow(dead_code)]
    struct New {
        #[reduce(state, default, alias = "number")]
        late: RefCell<u8>,
    }
    let error = from_slice::<New>(&to_vec(&Old { number: 7 }).unwrap()).unwrap_err();
    assert!(error.to_string().contains("moved between the kept and the state fields"), "{error}");
}

/// A node with an object in each kind of field, and back references between them.
mod twice {
    use super::*;
    use reduce_core::{Dumper, Loader, Registry};
    use std::any::Any;

    #[derive(Reduce)]
    #[reduce(name = "g.Item")]
    pub struct Item {
        pub id: u8,
        pub owner: Weak<Hub>,
        #[reduce(state)]
        pub peer: RefCell<Option<Rc<Item>>>,
    }

    #[derive(Reduce)]
    #[reduce(name = "g.Hub")]
    pub struct Hub {
        pub gone: Vec<Rc<Item>>,
        pub weak: RefCell<Weak<Item>>,
        pub object: Rc<dyn Any>,
        pub kept: Rc<Item>,
        pub last: Vec<Rc<Item>>,
    }

    #[derive(Reduce)]
    #[reduce(name = "g.Item")]
    pub struct NewItem {
        #[reduce(state)]
        pub peer: RefCell<Option<Rc<NewItem>>>,
        #[reduce(default)]
        pub owner: Weak<NewHub>,
        pub id: u32,
    }

    #[derive(Reduce)]
    #[reduce(name = "g.Hub")]
    pub struct NewHub {
        pub last: Vec<Rc<NewItem>>,
        #[reduce(default)]
        pub new: Option<String>,
        pub kept: Rc<NewItem>,
        pub object: Rc<dyn Any>,
        pub weak: RefCell<Weak<NewItem>>,
    }

    fn hub() -> Rc<Hub> {
        Rc::new_cyclic(|owner: &Weak<Hub>| {
            let item = |id| Rc::new(Item { id, owner: owner.clone(), peer: RefCell::default() });
            let (a, b) = (item(1), item(2));
            *a.peer.borrow_mut() = Some(b.clone());
            *b.peer.borrow_mut() = Some(a.clone());
            Hub {
                gone: vec![a.clone(), b.clone()],
                weak: RefCell::new(Rc::downgrade(&a)),
                object: b.clone(),
                kept: a,
                last: vec![b],
            }
        })
    }

    #[test]
    fn objects_are_the_same_through_gone_kept_and_moved_fields_of_every_kind() {
        let (mut was, mut is) = (Registry::new(), Registry::new());
        was.register_as::<Item>("item").unwrap();
        is.register_as::<NewItem>("item").unwrap();
        let hub = hub();
        let bytes = Dumper::new().registry(&was).to_vec(&vec![hub.clone(), hub.clone()]).unwrap();
        hub.kept.peer.borrow_mut().take();
        let loader = Loader::new().registry(&is);
        let hubs: Vec<Rc<NewHub>> = loader.from_slice(&bytes).unwrap();
        let new = &hubs[0];
        assert!(Rc::ptr_eq(new, &hubs[1]));
        let object = new.object.clone().downcast::<NewItem>().unwrap();
        assert!(Rc::ptr_eq(&object, &new.last[0]));
        assert!(Rc::ptr_eq(&new.weak.borrow().upgrade().unwrap(), &new.kept));
        assert!(Rc::ptr_eq(new.kept.peer.borrow().as_ref().unwrap(), &object));
        assert!(Rc::ptr_eq(object.peer.borrow().as_ref().unwrap(), &new.kept));
        assert!(Rc::ptr_eq(&new.kept.owner.upgrade().unwrap(), new));
        assert_eq!((new.kept.id, object.id, &new.new), (1, 2, &None));
        // What was adapted is a value like any other.
        let again = Dumper::new().registry(&is).to_vec(&hubs).unwrap();
        new.kept.peer.borrow_mut().take();
        let hubs: Vec<Rc<NewHub>> = loader.from_slice(&again).unwrap();
        let new = &hubs[1];
        let object = new.object.clone().downcast::<NewItem>().unwrap();
        assert!(Rc::ptr_eq(&object, &new.last[0]));
        assert!(Rc::ptr_eq(new.kept.peer.borrow().as_ref().unwrap(), &object));
        new.kept.peer.borrow_mut().take();
        for length in 0..bytes.len() {
            assert!(loader.from_slice::<Vec<Rc<NewHub>>>(&bytes[..length]).is_err());
        }
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut wrong = bytes.clone();
                wrong[at] ^= 1 << bit;
                if let Ok(hubs) = loader.from_slice::<Vec<Rc<NewHub>>>(&wrong) {
                    hubs.iter().for_each(|hub| drop(hub.kept.peer.borrow_mut().take()));
                }
            }
        }
    }
}
