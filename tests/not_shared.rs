//! `#[reduce(shared = false)]`: pointers stored as what they point to, without identity.

use reduce_core::{
    Dumper, ErrorKind, Expand, Limits, Loader, Reduce, disassemble, from_slice, to_vec,
};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::Debug;
use std::rc::{Rc, Weak};
use std::sync::Arc;

fn copy<T: Reduce + for<'de> Expand<'de>>(value: &T) -> T {
    from_slice(&to_vec(value).unwrap()).unwrap()
}

#[derive(Reduce, Debug, PartialEq)]
struct Pair {
    #[reduce(shared = false)]
    one: Rc<str>,
    #[reduce(shared = false)]
    two: Rc<str>,
}

#[test]
fn each_pointer_becomes_an_object_of_its_own() {
    let text: Rc<str> = "text".into();
    let pair = Pair { one: text.clone(), two: text };
    let again = copy(&pair);
    assert_eq!(again, pair);
    assert!(!Rc::ptr_eq(&again.one, &again.two));
}

#[test]
fn the_program_is_that_of_the_content() {
    #[derive(Reduce)]
    #[reduce(name = "Pair")]
    struct Plain {
        one: String,
        two: String,
    }
    let pair = Pair { one: "a".into(), two: "b".into() };
    let bytes = to_vec(&pair).unwrap();
    assert_eq!(bytes, to_vec(&Plain { one: "a".into(), two: "b".into() }).unwrap());
    let plain: Plain = from_slice(&bytes).unwrap();
    assert_eq!((&*plain.one, &*plain.two), ("a", "b"));
    assert!(!disassemble(&bytes).unwrap().to_string().contains("shared"));
}

#[derive(Reduce, Debug, PartialEq, Default)]
struct Containers {
    #[reduce(shared = false)]
    option: Option<Arc<str>>,
    #[reduce(shared = false)]
    list: Vec<Rc<u32>>,
    #[reduce(shared = false)]
    deque: VecDeque<Arc<[u8]>>,
    #[reduce(shared = false)]
    boxed: Box<(u8, Rc<u8>)>,
    #[reduce(shared = false)]
    array: [Rc<u8>; 2],
    #[reduce(shared = false)]
    tuple: (u8, Arc<String>, Rc<Vec<Rc<u8>>>),
    #[reduce(shared = false)]
    cell: RefCell<Rc<u8>>,
    #[reduce(shared = false)]
    map: BTreeMap<String, Vec<Rc<u8>>>,
    #[reduce(shared = false)]
    hashed: HashMap<u8, Rc<str>>,
    #[reduce(shared = false)]
    nested: Rc<Option<Arc<u8>>>,
}

#[test]
fn containers_are_reached_through() {
    let containers = Containers {
        option: Some("option".into()),
        list: vec![1.into(), 2000.into()],
        deque: VecDeque::from([vec![1, 2].into(), vec![].into()]),
        boxed: Box::new((3, 4.into())),
        array: [4.into(), 5.into()],
        tuple: (6, Arc::new("seven".into()), Rc::new(vec![8.into(), 9.into()])),
        cell: RefCell::new(10.into()),
        map: BTreeMap::from([("b".into(), vec![11.into()]), ("a".into(), vec![])]),
        hashed: HashMap::from([(12, "twelve".into())]),
        nested: Rc::new(Some(13.into())),
    };
    assert_eq!(copy(&containers), containers);
    assert_eq!(copy(&Containers::default()), Containers::default());
    let bytes = Dumper::new().canonical(true).to_vec(&containers).unwrap();
    assert_eq!(from_slice::<Containers>(&bytes).unwrap(), containers);
    assert!(!disassemble(&bytes).unwrap().to_string().contains("new"));
}

#[test]
fn fields_of_other_types_keep_their_identity() {
    #[derive(Reduce, Debug)]
    struct Holder {
        #[reduce(shared = false)]
        nodes: Vec<Rc<Node>>,
    }
    #[derive(Reduce, Debug)]
    struct Node(Rc<str>);

    let name: Rc<str> = "name".into();
    let node = Rc::new(Node(name));
    let again = copy(&Holder { nodes: vec![node.clone(), node] });
    assert!(!Rc::ptr_eq(&again.nodes[0], &again.nodes[1]));
    assert!(Rc::ptr_eq(&again.nodes[0].0, &again.nodes[1].0));
}

#[test]
fn a_pointee_may_borrow() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Line<'a> {
        #[reduce(shared = false)]
        words: Vec<Rc<[&'a str]>>,
        #[reduce(shared = false)]
        note: Option<Arc<Cow<'a, str>>>,
    }
    let line =
        Line { words: vec![["a"].into(), ["b", "c"].into()], note: Some(Arc::new("n".into())) };
    let bytes = to_vec(&line).unwrap();
    let again: Line<'_> = from_slice(&bytes).unwrap();
    assert_eq!(again, line);
    assert!(bytes.as_ptr_range().contains(&again.words[1][1].as_ptr()));
}

#[test]
fn a_type_parameter_need_not_be_static() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Box2<T> {
        #[reduce(shared = false)]
        inner: Rc<T>,
    }
    fn through<'de, T: Reduce + Expand<'de> + Debug + PartialEq>(
        value: T,
        bytes: &'de mut Vec<u8>,
    ) {
        let value = Box2 { inner: Rc::new(value) };
        *bytes = to_vec(&value).unwrap();
        assert_eq!(from_slice::<Box2<T>>(bytes).unwrap(), value);
    }
    let text = String::from("not static");
    through(text.as_str(), &mut Vec::new());
}

#[test]
fn a_cycle_ends_at_the_depth_limit() {
    #[derive(Reduce)]
    struct Node {
        #[reduce(shared = false)]
        next: RefCell<Option<Rc<Node>>>,
    }
    let node = Rc::new(Node { next: RefCell::new(None) });
    *node.next.borrow_mut() = Some(node.clone());
    for depth in [16, 256] {
        let dumper = Dumper::new().limits(Limits::default().depth(depth));
        assert_eq!(dumper.to_vec(&*node).unwrap_err().kind(), ErrorKind::Limit);
    }
    // Without the cycle it is a list.
    *node.next.borrow_mut() = Some(Rc::new(Node { next: RefCell::new(None) }));
    let again = copy(&*node);
    assert!(again.next.borrow().as_ref().unwrap().next.borrow().is_none());
    node.next.take();
}

#[test]
fn a_weak_pointer_to_it_finds_no_owner() {
    #[derive(Reduce)]
    struct Owner {
        #[reduce(shared = false)]
        owner: Rc<u8>,
        weak: Weak<u8>,
    }
    let owner = Rc::new(7);
    let weak = Rc::downgrade(&owner);
    let again = copy(&Owner { owner, weak });
    assert_eq!(*again.owner, 7);
    assert!(again.weak.upgrade().is_none());
}

#[test]
fn bytes_behind_it_can_lie_outside_of_the_stream() {
    #[derive(Reduce)]
    struct Blob {
        #[reduce(shared = false, out_of_band)]
        content: Arc<[u8]>,
    }
    let mut taken = Vec::new();
    let take = |bytes: &[u8]| {
        taken.push(bytes.to_vec());
        Ok(true)
    };
    let bytes = Dumper::new().buffers(take).to_vec(&Blob { content: vec![1; 3000].into() });
    let bytes = bytes.unwrap();
    let again: Blob = Loader::new().buffers(&taken).from_slice(&bytes).unwrap();
    assert_eq!(*again.content, *taken[0]);
}

#[test]
fn errors_say_where() {
    #[derive(Reduce, Debug)]
    struct Cells {
        #[reduce(shared = false)]
        cells: Vec<Rc<RefCell<u8>>>,
    }
    let cells = Cells { cells: vec![Rc::default(), Rc::default()] };
    let borrowed = cells.cells[1].borrow_mut();
    let error = to_vec(&cells).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Unavailable, "cells[1]".into()));
    drop(borrowed);
}

/// Objects that hold the one below eight times each, and the same without sharing.
mod diamond {
    use super::*;

    #[derive(Reduce)]
    #[reduce(name = "Diamond")]
    pub struct Shared {
        pub below: Vec<Rc<Shared>>,
    }

    #[derive(Reduce, Debug)]
    #[reduce(name = "Diamond")]
    pub struct Apart {
        pub below: Vec<Apart>,
    }

    pub fn bytes(levels: usize) -> Vec<u8> {
        let top = (1..levels).fold(Shared { below: vec![] }, |below, _| {
            let below = Rc::new(below);
            Shared { below: vec![below; 8] }
        });
        to_vec(&top).unwrap()
    }
}

#[test]
fn a_diamond_of_which_nothing_is_shared_ends_at_a_limit() {
    let three: diamond::Apart = from_slice(&diamond::bytes(3)).unwrap();
    let lengths: Vec<usize> = three.below.iter().map(|child| child.below.len()).collect();
    assert_eq!(lengths, [8; 8]);

    let hostile = diamond::bytes(20); // 8 to the power of 19 values
    assert!(hostile.len() < 512, "{}", hostile.len());
    assert_eq!(from_slice::<diamond::Shared>(&hostile).unwrap().below.len(), 8);
    for limits in [Limits::default(), Limits::strict()] {
        let error =
            Loader::new().limits(limits).from_slice::<diamond::Apart>(&hostile).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit);
    }
}
