//! Weak pointers that are met before the objects that they refer to: the order in which a dump writes the objects.

use reduce_core::{ErrorKind, Reduce};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

#[derive(Reduce)]
struct Node {
    id: usize,
    parent: RefCell<Weak<Node>>,
    children: RefCell<Vec<Rc<Node>>>,
    links: RefCell<Vec<Weak<Node>>>,
}

/// The same with links that are state.
#[derive(Reduce)]
struct Linked {
    id: usize,
    parent: RefCell<Weak<Linked>>,
    children: RefCell<Vec<Rc<Linked>>>,
    #[reduce(state)]
    links: RefCell<Vec<Weak<Linked>>>,
}

/// The pointers in front of what owns their objects.
#[derive(Reduce)]
struct Scene<N: 'static> {
    cameras: Vec<Weak<N>>,
    roots: Vec<Rc<N>>,
}

trait Tree: Sized {
    fn leaf(id: usize) -> Rc<Self>;
    fn id(&self) -> usize;
    fn parent(&self) -> &RefCell<Weak<Self>>;
    fn children(&self) -> &RefCell<Vec<Rc<Self>>>;
    fn links(&self) -> &RefCell<Vec<Weak<Self>>>;
}

macro_rules! tree {
    ($($node:ident)*) => {$(
        impl Tree for $node {
            fn leaf(id: usize) -> Rc<Self> {
                let (parent, children, links) = Default::default();
                Rc::new($node { id, parent, children, links })
            }
            fn id(&self) -> usize {
                self.id
            }
            fn parent(&self) -> &RefCell<Weak<Self>> {
                &self.parent
            }
            fn children(&self) -> &RefCell<Vec<Rc<Self>>> {
                &self.children
            }
            fn links(&self) -> &RefCell<Vec<Weak<Self>>> {
                &self.links
            }
        }
    )*};
}

tree!(Node Linked);

/// A forest: the parent of each node, itself for a root; links and cameras by number.
fn forest<N: Tree>(parents: &[usize], links: &[(usize, usize)], cameras: &[usize]) -> Scene<N> {
    let nodes: Vec<Rc<N>> = (0..parents.len()).map(N::leaf).collect();
    let mut roots = Vec::new();
    for (node, &parent) in nodes.iter().zip(parents) {
        if parent == node.id() {
            roots.push(node.clone());
        } else {
            *node.parent().borrow_mut() = Rc::downgrade(&nodes[parent]);
            nodes[parent].children().borrow_mut().push(node.clone());
        }
    }
    for &(from, to) in links {
        nodes[from].links().borrow_mut().push(Rc::downgrade(&nodes[to]));
    }
    Scene { cameras: cameras.iter().map(|&id| Rc::downgrade(&nodes[id])).collect(), roots }
}

/// What the pointers say, each object checked to be the one in the tree.
fn shape<N: Tree>(scene: &Scene<N>) -> (Vec<Option<usize>>, Vec<String>) {
    let mut nodes = BTreeMap::new();
    let mut stack = scene.roots.clone();
    while let Some(node) = stack.pop() {
        stack.extend(node.children().borrow().iter().cloned());
        assert!(nodes.insert(node.id(), node).is_none(), "one object became two");
    }
    let target = |weak: &Weak<N>| {
        weak.upgrade().map(|object| {
            assert!(Rc::ptr_eq(&object, &nodes[&object.id()]), "a copy of {}", object.id());
            object.id()
        })
    };
    let lines = nodes.values().map(|node| {
        let children: Vec<usize> = node.children().borrow().iter().map(|c| c.id()).collect();
        let links: Vec<Option<usize>> = node.links().borrow().iter().map(target).collect();
        format!("{} in {:?}: {children:?}, {links:?}", node.id(), target(&node.parent().borrow()))
    });
    (scene.cameras.iter().map(target).collect(), lines.collect())
}

#[test]
fn a_camera_in_front_of_the_tree_looks_at_an_inner_node() {
    // A path of 40 nodes: each parent is a pointer further up.
    let path: Vec<usize> = (0..40usize).map(|id| id.saturating_sub(1)).collect();
    let scene = forest::<Node>(&path, &[], &[20, 39, 3]);
    let bytes = reduce_core::to_vec(&scene).unwrap();
    let again: Scene<Node> = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!(shape(&again), shape(&scene));
    assert_eq!(shape(&again).0, [Some(20), Some(39), Some(3)]);
}

#[test]
fn a_tree_that_others_refer_to_comes_before_them() {
    // The first root's child refers into the second tree, whose nodes have parents as well.
    let scene = forest::<Node>(&[0, 0, 2, 2, 3], &[(1, 4)], &[1]);
    let again: Scene<Node> =
        reduce_core::from_slice(&reduce_core::to_vec(&scene).unwrap()).unwrap();
    assert_eq!(shape(&again), shape(&scene));
}

#[test]
fn trees_that_refer_into_each_other_need_state() {
    let (parents, links) = ([0, 0, 2, 2], [(1, 3), (3, 1)]);
    let error = reduce_core::to_vec(&forest::<Node>(&parents, &links, &[])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(
        error
            .to_string()
            .contains("leave no order in which an object of type `Node` can be written"),
        "{error}"
    );
    let scene = forest::<Linked>(&parents, &links, &[3]);
    let again: Scene<Linked> =
        reduce_core::from_slice(&reduce_core::to_vec(&scene).unwrap()).unwrap();
    assert_eq!(shape(&again), shape(&scene));
}

#[test]
fn an_object_of_two_owners_that_refers_to_both_needs_state() {
    let scene = forest::<Node>(&[0, 1, 0], &[(2, 1)], &[]);
    scene.roots[1].children.borrow_mut().push(scene.roots[0].children.borrow()[0].clone());
    let error = reduce_core::to_vec(&scene.roots).unwrap_err();
    assert!(
        error.to_string().contains("leave no order in which an object of type `Node`"),
        "{error}"
    );
}

#[test]
fn random_forests_come_back_or_say_why_not() {
    let mut seed = 7u64;
    let mut random = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let (mut loaded, mut refused) = (0, 0);
    for _ in 0..300 {
        let count = 1 + random(12);
        let parents: Vec<usize> =
            (0..count).map(|id| if id == 0 || random(4) == 0 { id } else { random(id) }).collect();
        let mut pairs = |most| -> Vec<(usize, usize)> {
            (0..random(most)).map(|_| (random(count), random(count))).collect()
        };
        let (links, cameras) = (pairs(5), pairs(4));
        let cameras: Vec<usize> = cameras.into_iter().map(|(camera, _)| camera).collect();

        // Cameras alone are no obstacle, and neither are links that are state.
        let plain = forest::<Node>(&parents, &[], &cameras);
        let bytes = reduce_core::to_vec(&plain).unwrap();
        assert_eq!(shape(&reduce_core::from_slice::<Scene<Node>>(&bytes).unwrap()), shape(&plain));
        let stateful = forest::<Linked>(&parents, &links, &cameras);
        let bytes = reduce_core::to_vec(&stateful).unwrap();
        let again: Scene<Linked> = reduce_core::from_slice(&bytes).unwrap();
        assert_eq!(shape(&again), shape(&stateful));

        let linked = forest::<Node>(&parents, &links, &cameras);
        match reduce_core::to_vec(&linked) {
            Ok(bytes) => {
                let again: Scene<Node> = reduce_core::from_slice(&bytes).unwrap();
                assert_eq!(shape(&again), shape(&linked));
                loaded += 1;
            }
            Err(error) => {
                assert!(error.to_string().contains("no order"), "{error}");
                refused += 1;
            }
        }
    }
    assert!(loaded > 10 * refused && refused > 0, "{loaded} loaded, {refused} refused");
}
