//! Shared objects in fields that a type does not know and keeps: their identity, and copies of what lies outside.

use reduce_core::{ErrorKind, Reduce, Unknown, Value};
use std::rc::Rc;

fn dump<T: Reduce + ?Sized>(value: &T) -> Vec<u8> {
    reduce_core::to_vec(value).unwrap()
}

mod graph {
    use super::*;

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Pair")]
    pub struct New {
        pub inner: (Rc<String>, Rc<String>),
        pub text: String,
        pub after: u8,
    }

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Pair")]
    pub struct Old {
        pub text: String,
        pub after: u8,
        #[reduce(unknown)]
        pub more: Unknown,
    }
}

#[test]
fn shared_objects_of_a_kept_field_stay_one() {
    let one = Rc::new("one".to_string());
    let new = graph::New { inner: (one.clone(), one), text: "t".into(), after: 3 };
    let old: graph::Old = reduce_core::from_slice(&dump(&new)).unwrap();
    assert_eq!((old.text.as_str(), old.after, old.more.len()), ("t", 3, 1));
    let new: graph::New = reduce_core::from_slice(&dump(&old)).unwrap();
    assert!(Rc::ptr_eq(&new.inner.0, &new.inner.1));
    assert_eq!(*new.inner.0, "one");

    // Known objects beside it have their own numbers.
    let shared = Rc::new("known".to_string());
    let bytes = dump(&(shared.clone(), old, shared));
    let (a, new, b): (Rc<String>, graph::New, Rc<String>) =
        reduce_core::from_slice(&bytes).unwrap();
    assert!(Rc::ptr_eq(&a, &b) && Rc::ptr_eq(&new.inner.0, &new.inner.1));
    assert_eq!((a.as_str(), new.inner.1.as_str()), ("known", "one"));
}

#[test]
fn a_field_that_refers_to_objects_outside_of_it_has_copies_of_them() {
    let one = Rc::new("one".to_string());
    let new = graph::New { inner: (one.clone(), one.clone()), text: "t".into(), after: 3 };
    let bytes = dump(&(one, new));
    let (known, old): (Rc<String>, graph::Old) = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!((known.as_str(), old.after), ("one", 3));
    assert_eq!(old.more.get("inner").unwrap().to_string(), r#"(#1 = "one", #1)"#);
    // One object in the field, and another one outside of it.
    let (known, new): (Rc<String>, graph::New) =
        reduce_core::from_slice(&dump(&(known, old))).unwrap();
    assert!(Rc::ptr_eq(&new.inner.0, &new.inner.1) && !Rc::ptr_eq(&known, &new.inner.0));
    assert_eq!(*new.inner.0, "one");
}

/// Objects that hold objects, in front of what is kept.
mod chain {
    use super::*;
    use std::cell::RefCell;
    use std::rc::Weak;

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Link")]
    pub struct Link {
        pub name: String,
        pub next: Option<Rc<Link>>,
    }

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Known")]
    pub struct Known {
        pub weak: Weak<Link>,
        pub link: Option<Rc<Link>>,
        pub again: Vec<Rc<Link>>,
    }

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.End")]
    pub struct New {
        pub known: Known,
        pub name: u8,
    }

    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "app.End")]
    pub struct Old {
        pub name: u8,
        #[reduce(unknown)]
        pub more: Unknown,
    }

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Stateful")]
    pub struct Stateful {
        pub name: u8,
        #[reduce(state)]
        pub state: RefCell<u8>,
    }

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.End")]
    pub struct WithState {
        pub known: Rc<Stateful>,
        pub name: u8,
    }

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.End")]
    pub struct WithParent {
        pub name: u8,
        pub known: RefCell<Weak<WithParent>>,
    }

    /// The last one holds all others.
    pub fn links(count: usize) -> Vec<Rc<Link>> {
        let mut links: Vec<Rc<Link>> = Vec::new();
        for n in 0..count {
            links.push(Rc::new(Link { name: format!("{n}"), next: links.last().cloned() }));
        }
        links
    }
}

#[test]
fn copies_of_objects_hold_copies_of_what_those_hold() {
    use chain::{Known, Link, New, Old, links};
    let all = links(4);
    let end = |n: usize| New {
        known: Known {
            weak: Rc::downgrade(&all[n]),
            link: Some(all[n].clone()),
            again: vec![all[1].clone(), all[n].clone()],
        },
        name: 7,
    };
    let bytes = dump(&(all.clone(), vec![end(3), end(2)]));
    let (_, old): (Vec<Rc<Link>>, Vec<Old>) = reduce_core::from_slice(&bytes).unwrap();
    let kept = |n: usize| old[n].more.get("known").unwrap();
    assert_eq!(kept(0)["link"].to::<Option<Rc<Link>>>().unwrap().unwrap().name, "3");
    // All that is kept of one load has the same copies.
    let (Value::Shared(a), Value::Shared(b)) = (&kept(0)["again"][0], &kept(1)["again"][0]) else {
        panic!("{old:?}")
    };
    assert!(a.is_same(b));
    assert_eq!(a.get()["name"].as_str(), Some("1"));

    let new: Vec<New> = reduce_core::from_slice(&dump(&old)).unwrap();
    let Known { weak, link, again } = &new[0].known;
    assert!(Rc::ptr_eq(&weak.upgrade().unwrap(), link.as_ref().unwrap()));
    assert!(Rc::ptr_eq(&again[1], link.as_ref().unwrap()));
    let two = again[1].next.as_ref().unwrap();
    assert!(two.name == "2" && Rc::ptr_eq(&again[0], two.next.as_ref().unwrap()));
}

/// A field whose weak pointers stand in front of what holds their objects.
mod scene {
    use super::*;
    use std::cell::RefCell;
    use std::rc::Weak;

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Node")]
    pub struct Node {
        pub id: u8,
        pub parent: RefCell<Weak<Node>>,
        pub children: RefCell<Vec<Rc<Node>>>,
    }

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Scene")]
    pub struct Scene {
        pub cameras: Vec<Weak<Node>>,
        pub roots: Vec<Rc<Node>>,
    }

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.View")]
    pub struct New {
        pub scene: Scene,
        pub name: u8,
    }

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.View")]
    pub struct Old {
        pub name: u8,
        #[reduce(unknown)]
        pub more: Unknown,
    }

    /// A root and its two children; cameras on some of the three.
    pub fn view(cameras: &[usize]) -> New {
        let node = |id| {
            let (parent, children) = Default::default();
            Rc::new(Node { id, parent, children })
        };
        let nodes = [node(0), node(1), node(2)];
        for child in &nodes[1..] {
            *child.parent.borrow_mut() = Rc::downgrade(&nodes[0]);
            nodes[0].children.borrow_mut().push(child.clone());
        }
        let cameras = cameras.iter().map(|camera| Rc::downgrade(&nodes[*camera])).collect();
        New { scene: Scene { cameras, roots: vec![nodes[0].clone()] }, name: 7 }
    }
}

#[test]
fn weak_pointers_of_a_kept_field_find_what_it_holds() {
    use scene::{New, Node, Old, view};
    let is_whole = |new: &New| {
        let (root, cameras) = (&new.scene.roots[0], &new.scene.cameras);
        assert!(Rc::ptr_eq(&cameras[0].upgrade().unwrap(), root));
        assert!(Rc::ptr_eq(&cameras[1].upgrade().unwrap(), &root.children.borrow()[1]));
        let parent = root.children.borrow()[0].parent.borrow().upgrade();
        assert!(Rc::ptr_eq(&parent.unwrap(), root));
    };
    let all = view(&[0, 2]);
    is_whole(&all);
    let old: Old = reduce_core::from_slice(&dump(&all)).unwrap();
    is_whole(&reduce_core::from_slice(&dump(&old)).unwrap());
    // Also where the nodes stand in front of the field.
    let all = (all.scene.roots[0].clone(), all);
    let (_, old): (Rc<Node>, Old) = reduce_core::from_slice(&dump(&all)).unwrap();
    is_whole(&reduce_core::from_slice(&dump(&old)).unwrap());

    // One that is met before what it lies in is kept, and dumped again; as a field again it cannot be made.
    let old: Old = reduce_core::from_slice(&dump(&view(&[2]))).unwrap();
    let again: Old = reduce_core::from_slice(&dump(&old)).unwrap();
    assert_eq!(again.more, old.more);
    let error = reduce_core::from_slice::<New>(&dump(&again)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.to_string().contains("have the field that owns the objects in front"), "{error}");
}

#[test]
fn objects_may_hold_each_other_as_deep_as_they_like() {
    use chain::{Known, Link, New, Old, links};
    // Let go of one by one: the program's own pointers would be dropped inside of each other.
    let let_go = |all: Vec<Rc<Link>>| all.into_iter().rev().for_each(drop);
    let all = links(5_000);
    let last = all.last().cloned();
    let known = Known { weak: Default::default(), link: last, again: vec![] };
    let bytes = dump(&(all.clone(), New { known, name: 7 }));
    let_go(all);
    let (all, old): (Vec<Rc<Link>>, Old) = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!((all.len(), old.name), (5_000, 7));
    let Value::Optional(link) = &old.more.get("known").unwrap()["link"] else { panic!() };
    let Some(Value::Shared(link)) = link.get() else { panic!() };
    assert_eq!(link.get()["name"].as_str(), Some("4999"));
    let_go(all);
}

#[test]
fn an_object_that_many_kept_fields_refer_to_is_copied_once() {
    const MANY: usize = 2000;
    let one = Rc::new("one".repeat(20_000));
    let new = |_| graph::New { inner: (one.clone(), one.clone()), text: "t".into(), after: 3 };
    let bytes = dump(&(one.clone(), (0..MANY).map(new).collect::<Vec<_>>()));
    // A copy for each would take more than a load may by default.
    let (_, old): (Rc<String>, Vec<graph::Old>) = reduce_core::from_slice(&bytes).unwrap();
    let text = |old: &graph::Old| match &old.more.get("inner").unwrap()[1] {
        Value::Shared(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(old.len(), MANY);
    assert!(text(&old[0]).is_same(&text(&old[MANY - 1])));
    assert_eq!(text(&old[7]).get().as_str(), Some(one.as_str()));
}

#[test]
fn what_cannot_be_kept_says_so() {
    use chain::{Known, Link, New, Old, Stateful, WithParent, WithState, links};
    fn error<T: Reduce, O: for<'de> reduce_core::Expand<'de>>(value: &T) -> reduce_core::Error {
        reduce_core::from_slice::<O>(&dump(value)).map(drop).unwrap_err()
    }
    // Weak pointers alone: the next dump would drop them.
    let all = links(2);
    let known = Known { weak: Rc::downgrade(&all[1]), link: None, again: vec![] };
    let weak = error::<_, (Vec<Rc<Link>>, Old)>(&(all, New { known, name: 7 }));
    assert_eq!((weak.kind(), weak.path().as_str()), (ErrorKind::Unsupported, "1.known"));
    assert!(
        weak.to_string().contains("a weak pointer to an object that nothing in it holds"),
        "{weak}"
    );
    assert!(weak.to_string().contains("have the type know the field"), "{weak}");
    // Whether the object is met in front of the field or in it.
    let link = links(1).remove(0);
    let known = Known { weak: Rc::downgrade(&link), link: None, again: vec![] };
    let weak = error::<_, (Old, Rc<Link>)>(&(New { known, name: 7 }, link));
    assert_eq!((weak.kind(), weak.path().as_str()), (ErrorKind::Unsupported, "0.known"));
    // One to what is around it.
    let parent = Rc::new(WithParent { name: 1, known: Default::default() });
    *parent.known.borrow_mut() = Rc::downgrade(&parent);
    let around = error::<_, Rc<Old>>(&parent);
    assert_eq!((around.kind(), around.path().as_str()), (ErrorKind::Unsupported, "known"));
    // State stands elsewhere.
    let stateful = Rc::new(Stateful { name: 3, state: 4.into() });
    let end = WithState { known: stateful.clone(), name: 7 };
    let state = error::<_, (Rc<Stateful>, Old)>(&(stateful, end));
    assert_eq!((state.kind(), state.path().as_str()), (ErrorKind::Unsupported, "1.known"));
    assert!(state.to_string().contains("objects with state"), "{state}");
}

#[test]
fn objects_of_earlier_messages_cannot_be_kept() {
    use chain::{Known, Link, New, Old, links};
    let (dumper, loader) = (reduce_core::Dumper::new(), reduce_core::Loader::new());
    let (mut dumps, mut loads) = (dumper.session(), loader.session());
    let all = links(2);
    let end = |n: usize| {
        let known = Known { weak: Default::default(), link: Some(all[n].clone()), again: vec![] };
        New { known, name: 7 }
    };
    let first = dumps.to_vec(&(all[0].clone(), end(0))).unwrap();
    let (_, old): (Rc<Link>, Old) = loads.from_slice(&first).unwrap();
    assert_eq!(
        old.more.get("known").unwrap()["link"].to_string(),
        r#"Some(#1 = app.Link { name: "0", next: None })"#
    );
    let second = dumps.to_vec(&(all[1].clone(), end(0))).unwrap();
    let error = loads.from_slice::<(Rc<Link>, Old)>(&second).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Unsupported, "1.known"));
    assert!(error.to_string().contains("stood in an earlier message"), "{error}");
}

#[test]
fn changed_bytes_are_a_value_or_an_error() {
    let one = Rc::new("one".to_string());
    let shared = graph::New { inner: (one.clone(), one), text: "t".into(), after: 3 };
    let shared_old: graph::Old = reduce_core::from_slice(&dump(&shared)).unwrap();
    for bytes in [dump(&shared), dump(&shared_old)] {
        for at in 0..bytes.len() {
            for with in [0, 1, 2, 5, 0x13, 0x1A, 0x20, 0x21, 0x40, 0x43, 0x7F, 0x80, 0xFF] {
                let mut changed = bytes.clone();
                changed[at] = with;
                drop(reduce_core::from_slice::<graph::Old>(&changed));
                drop(reduce_core::from_slice::<graph::New>(&changed));
                drop(Value::from_slice(&changed));
            }
        }
    }
}

#[test]
fn changed_bytes_of_objects_outside_are_a_value_or_an_error() {
    use chain::{Known, Link, New, Old, links};
    let all = links(3);
    let end = |n: usize| {
        let known = Known {
            weak: Rc::downgrade(&all[n]),
            link: Some(all[n].clone()),
            again: vec![all[0].clone()],
        };
        New { known, name: 7 }
    };
    let bytes = dump(&(all.clone(), vec![end(1), end(2)]));
    for at in 0..bytes.len() {
        for with in [0, 1, 2, 3, 4, 5, 0x13, 0x1A, 0x20, 0x21, 0x24, 0x40, 0x43, 0x80, 0xFF] {
            let mut changed = bytes.clone();
            changed[at] = with;
            if let Ok((_, old)) = reduce_core::from_slice::<(Vec<Rc<Link>>, Vec<Old>)>(&changed) {
                let again: Vec<Old> = reduce_core::from_slice(&dump(&old)).unwrap();
                assert_eq!(again, old);
            }
            drop(reduce_core::from_slice::<(Vec<Rc<Link>>, Vec<New>)>(&changed));
        }
    }
}

mod stateful {
    use super::*;
    use std::cell::RefCell;
    use std::rc::Weak;

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Node")]
    pub struct New {
        pub extra: u8,
        pub name: String,
        #[reduce(state)]
        pub next: RefCell<Weak<New>>,
    }

    #[derive(Debug, Reduce)]
    #[reduce(name = "app.Node")]
    pub struct Old {
        #[reduce(unknown)]
        pub more: Unknown,
        pub name: String,
        #[reduce(state)]
        pub next: RefCell<Weak<Old>>,
    }
}

#[test]
fn types_with_state_keep_fields_as_well() {
    let node = Rc::new(stateful::New { extra: 9, name: "n".into(), next: Default::default() });
    *node.next.borrow_mut() = Rc::downgrade(&node);
    let old: Rc<stateful::Old> = reduce_core::from_slice(&dump(&node)).unwrap();
    assert!(Rc::ptr_eq(&old.next.borrow().upgrade().unwrap(), &old));
    let new: Rc<stateful::New> = reduce_core::from_slice(&dump(&old)).unwrap();
    assert!(Rc::ptr_eq(&new.next.borrow().upgrade().unwrap(), &new));
    assert_eq!((new.extra, new.name.as_str()), (9, "n"));
}
