//! Any graph comes back isomorphic, and a second dump is the first, byte for byte.

use proptest::collection::vec;
use proptest::prelude::*;
use reduce_core::{Dumper, ErrorKind, Loader, Reduce, Registry, disassemble};
use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};
use std::sync::LazyLock;

#[reduce_core::object]
trait Thing: Any {}

/// An edge of each kind.
#[derive(Reduce)]
enum Edge {
    Strong(Rc<Node>),
    Weak(Weak<Node>),
    Dynamic(Rc<dyn Thing>),
    WeakDynamic(Weak<dyn Thing>),
    Leaf(Rc<Leaf>),
    DynamicLeaf { leaf: Rc<dyn Any> },
}

#[derive(Reduce)]
#[reduce(implements(Thing))]
struct Node {
    id: u32,
    /// Made with the object.
    known: RefCell<Vec<Weak<Node>>>,
    below: RefCell<Vec<Rc<Node>>>,
    /// Set later.
    #[reduce(state)]
    edges: RefCell<Vec<Edge>>,
}

#[derive(Reduce)]
#[reduce(implements(Thing))]
struct Leaf(u32);

impl Thing for Node {}
impl Thing for Leaf {}

static THINGS: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry::new();
    registry.register::<Node>().unwrap().register::<Leaf>().unwrap();
    registry
});

/// Weak pointers in front of the objects, the objects, and some trait objects among them.
#[derive(Reduce)]
struct Arena {
    first: Vec<Weak<dyn Thing>>,
    nodes: Vec<Rc<Node>>,
    leaves: Vec<Rc<Leaf>>,
}

/// A graph by numbers.
#[derive(Debug, Clone)]
struct Plan {
    nodes: usize,
    /// Nodes that the value owns; the others are reached by edges or not at all.
    owned: usize,
    leaves: usize,
    first: Vec<usize>,
    known: Vec<(usize, usize)>,
    below: Vec<(usize, usize)>,
    edges: Vec<(usize, u8, usize)>,
}

impl Plan {
    fn build(&self) -> (Arena, Vec<Rc<Node>>) {
        let node = |id| {
            let (known, below, edges) = Default::default();
            Rc::new(Node { id, known, below, edges })
        };
        let nodes: Vec<_> = (0..self.nodes as u32).map(node).collect();
        let leaves: Vec<_> = (0..self.leaves as u32).map(|id| Rc::new(Leaf(id))).collect();
        for (from, to) in &self.known {
            nodes[*from].known.borrow_mut().push(Rc::downgrade(&nodes[*to]));
        }
        for (from, to) in &self.below {
            nodes[*from].below.borrow_mut().push(nodes[*to].clone());
        }
        for (from, kind, to) in &self.edges {
            let (node, leaf) = (&nodes[to % nodes.len()], &leaves[to % leaves.len()]);
            nodes[*from].edges.borrow_mut().push(match kind % 7 {
                0 => Edge::Strong(node.clone()),
                1 => Edge::Weak(Rc::downgrade(node)),
                2 => Edge::Dynamic(node.clone()),
                3 => Edge::WeakDynamic(Rc::downgrade(node) as Weak<dyn Thing>),
                4 => Edge::Leaf(leaf.clone()),
                5 => Edge::DynamicLeaf { leaf: leaf.clone() },
                _ => Edge::Dynamic(leaf.clone()),
            });
        }
        let first = self.first.iter().map(|at| Rc::downgrade(&nodes[*at]) as Weak<dyn Thing>);
        let arena = Arena {
            first: first.collect(),
            nodes: nodes[..self.owned].to_vec(),
            leaves: leaves[..self.leaves / 2].to_vec(),
        };
        (arena, nodes)
    }
}

/// A graph as text: objects are numbered as a walk along strong edges meets them; a weak edge to one that such a walk
/// does not meet dangles.
#[derive(Default)]
struct Walk {
    numbers: HashMap<*const (), usize>,
    nodes: Vec<Rc<Node>>,
}

impl Walk {
    fn of(arena: &Arena) -> (Vec<String>, Vec<Rc<Node>>) {
        let mut walk = Walk::default();
        arena.nodes.iter().for_each(|node| walk.meet(node));
        let mut at = 0;
        while at < walk.nodes.len() {
            let node = walk.nodes[at].clone();
            node.below.borrow().iter().for_each(|node| walk.meet(node));
            for edge in node.edges.borrow().iter() {
                match edge {
                    Edge::Strong(node) => walk.meet(node),
                    Edge::Dynamic(thing) => {
                        if let Ok(node) = (thing.clone() as Rc<dyn Any>).downcast::<Node>() {
                            walk.meet(&node);
                        } else {
                            walk.number(Rc::as_ptr(thing).cast());
                        }
                    }
                    Edge::Leaf(leaf) => walk.number(Rc::as_ptr(leaf).cast()),
                    Edge::DynamicLeaf { leaf } => walk.number(Rc::as_ptr(leaf).cast()),
                    Edge::Weak(_) | Edge::WeakDynamic(_) => {}
                }
            }
            at += 1;
        }
        arena.leaves.iter().for_each(|leaf| walk.number(Rc::as_ptr(leaf).cast()));
        let mut lines = vec![format!(
            "first {:?}",
            arena.first.iter().map(|w| walk.dynamic(w)).collect::<Vec<_>>()
        )];
        lines.extend(
            arena
                .leaves
                .iter()
                .map(|leaf| format!("{} {:?}", leaf.0, walk.at(Rc::as_ptr(leaf).cast()))),
        );
        lines.extend(walk.nodes.iter().map(|node| walk.line(node)));
        (lines, walk.nodes)
    }

    fn meet(&mut self, node: &Rc<Node>) {
        let address = Rc::as_ptr(node).cast();
        if self.at(address).is_none() {
            self.number(address);
            self.nodes.push(node.clone());
        }
    }

    fn number(&mut self, address: *const ()) {
        let next = self.numbers.len();
        self.numbers.entry(address).or_insert(next);
    }

    fn at(&self, address: *const ()) -> Option<usize> {
        self.numbers.get(&address).copied()
    }

    fn weak(&self, weak: &Weak<Node>) -> Option<usize> {
        weak.upgrade().and_then(|node| self.at(Rc::as_ptr(&node).cast()))
    }

    fn dynamic(&self, weak: &Weak<dyn Thing>) -> Option<usize> {
        weak.upgrade().and_then(|thing| self.at(Rc::as_ptr(&thing).cast()))
    }

    fn line(&self, node: &Node) -> String {
        let edge = |edge: &Edge| match edge {
            Edge::Strong(node) => format!("strong {:?}", self.at(Rc::as_ptr(node).cast())),
            Edge::Weak(node) => format!("weak {:?}", self.weak(node)),
            Edge::Dynamic(thing) => format!("dyn {:?}", self.at(Rc::as_ptr(thing).cast())),
            Edge::WeakDynamic(thing) => format!("weak dyn {:?}", self.dynamic(thing)),
            Edge::Leaf(leaf) => format!("leaf {} {:?}", leaf.0, self.at(Rc::as_ptr(leaf).cast())),
            Edge::DynamicLeaf { leaf } => {
                let id = leaf.downcast_ref::<Leaf>().unwrap().0;
                format!("any leaf {id} {:?}", self.at(Rc::as_ptr(leaf).cast()))
            }
        };
        let known: Vec<_> = node.known.borrow().iter().map(|known| self.weak(known)).collect();
        let below: Vec<_> =
            node.below.borrow().iter().map(|below| self.at(Rc::as_ptr(below).cast())).collect();
        let edges: Vec<_> = node.edges.borrow().iter().map(edge).collect();
        format!("{} knows {known:?} over {below:?} to {edges:?}", node.id)
    }
}

/// Whether a plan's graph comes back; or else why it could not be dumped.
fn comes_back(plan: &Plan) -> Result<(), String> {
    let (arena, all) = plan.build();
    let (before, _) = Walk::of(&arena);
    let dumper = Dumper::new().registry(&THINGS);
    let dumped = dumper.to_vec(&arena);
    let take_apart = |nodes: &[Rc<Node>]| {
        nodes.iter().for_each(|node| drop((node.edges.take(), node.below.take())));
    };
    let result = match &dumped {
        Ok(bytes) => {
            let shown = disassemble(bytes).unwrap();
            assert!(shown.error().is_none(), "{shown}");
            let loaded: Arena = Loader::new().registry(&THINGS).from_slice(bytes).unwrap();
            let (after, nodes) = Walk::of(&loaded);
            assert_eq!(before, after);
            assert!(dumper.to_vec(&loaded).unwrap() == *bytes, "a second dump differs:\n{shown}");
            take_apart(&nodes);
            drop(loaded);
            assert!(
                nodes.iter().all(|node| Rc::strong_count(node) == 1),
                "something is kept alive"
            );
            Ok(())
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
            Err(error.to_string())
        }
    };
    take_apart(&all);
    result
}

const MOST: usize = 24;

fn plans(
    known: impl Strategy<Value = Vec<(usize, usize)>>,
    below: impl Strategy<Value = Vec<(usize, usize)>>,
) -> impl Strategy<Value = Plan> {
    let edges = vec((0..MOST, any::<u8>(), 0..MOST), 0..60);
    (1..=MOST, 2usize..6, vec(0..MOST, 0..4), known, below, edges).prop_map(
        |(owned, leaves, first, known, below, edges)| Plan {
            nodes: MOST,
            owned,
            leaves,
            first,
            known,
            below,
            edges,
        },
    )
}

/// Weak pointers stand in front of the objects, and the cycle is met before all of those are: no order helps.
#[test]
fn a_strong_cycle_is_named_as_such_whatever_the_weak_pointers() {
    let plan = Plan {
        nodes: 24,
        owned: 10,
        leaves: 2,
        first: vec![23, 17],
        known: vec![],
        below: vec![(22, 22)],
        edges: vec![(0, 7, 17), (17, 49, 23), (0, 191, 22)],
    };
    let error = comes_back(&plan).unwrap_err();
    assert!(
        error.contains("an object of type `Node` holds itself through strong pointers"),
        "{error}"
    );
    // Without the cycle, there is an order.
    assert_eq!(comes_back(&Plan { below: vec![], ..plan }), Ok(()));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Weak pointers of any object to any, strong ones in states.
    #[test]
    fn an_arena_comes_back(plan in plans(vec((0..MOST, 0..MOST), 0..60), Just(vec![]))) {
        prop_assert_eq!(comes_back(&plan), Ok(()));
    }

    /// Objects in objects, each under those with lower numbers.
    #[test]
    fn objects_in_objects_come_back(
        plan in plans(Just(vec![]), vec((0..MOST - 1, 1..MOST), 0..40).prop_map(|pairs| {
            pairs.into_iter().map(|(from, step)| (from, MOST.min(from + step).max(from + 1).min(MOST - 1))).collect()
        }))
    ) {
        prop_assert_eq!(comes_back(&plan), Ok(()));
    }

    /// A tree, each child of which knows its parent, entered anywhere.
    #[test]
    fn a_tree_with_parents_comes_back(
        parents in vec(any::<prop::sample::Index>(), MOST - 1),
        plan in plans(Just(vec![]), Just(vec![])),
        reversed in any::<bool>(),
    ) {
        let number = |id: usize| if reversed { MOST - 1 - id } else { id };
        let below: Vec<_> = parents
            .iter()
            .enumerate()
            .map(|(before, parent)| (number(parent.index(before + 1)), number(before + 1)))
            .collect();
        let known = below.iter().map(|(parent, child)| (*child, *parent)).collect();
        prop_assert_eq!(comes_back(&Plan { known, below, ..plan }), Ok(()));
    }

    /// Whatever there is: it comes back, or the dump says why it cannot.
    #[test]
    fn any_graph_comes_back_or_is_refused(
        plan in plans(
            vec((0..MOST, 0..MOST), 0..8),
            vec((0..MOST, 0..MOST), 0..8),
        )
    ) {
        if let Err(error) = comes_back(&plan) {
            prop_assert!(
                error.contains("holds itself through strong pointers")
                    || error.contains("leave no order in which"),
                "{}", error
            );
        }
    }
}
