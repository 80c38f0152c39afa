//! 100,000 shared nodes with three random edges each, for the peers that keep shared objects shared.
//!
//! Every edge goes to an earlier node, and the nodes stand in a list: fory makes an `Rc` when all that it holds has been
//! read, so that it has no strong cycles, and it descends by recursion.

use crate::Random;
use std::collections::HashMap;
use std::rc::Rc;

/// The nodes.
#[derive(Debug, reduce_core::Reduce)]
#[cfg_attr(feature = "fory", derive(fory::ForyStruct))]
pub struct Graph {
    /// Each after those that it points to.
    pub nodes: Vec<Rc<Node>>,
}

/// A node.
#[derive(Debug, reduce_core::Reduce)]
#[cfg_attr(feature = "fory", derive(fory::ForyStruct))]
pub struct Node {
    /// Its place.
    pub id: u32,
    /// What it counts for.
    pub weight: f64,
    /// What it points to.
    pub edges: Vec<Rc<Node>>,
}

/// How many nodes there are.
pub const NODES: usize = 100_000;
/// How many edges go out from each but the first.
pub const EDGES: usize = 3;

impl Graph {
    /// The graph that is measured.
    #[must_use]
    pub fn sample() -> Self {
        let mut random = Random::new(8);
        let mut nodes: Vec<Rc<Node>> = Vec::with_capacity(NODES);
        for id in 0..NODES {
            let mut edge = || nodes[random.index(id)].clone();
            let edges = if id == 0 { Vec::new() } else { (0..EDGES).map(|_| edge()).collect() };
            nodes.push(Rc::new(Node { id: id as u32, weight: id as f64 / 3.0, edges }));
        }
        Graph { nodes }
    }
}

/// The same nodes with the same edges, each node once.
impl PartialEq for Graph {
    fn eq(&self, other: &Graph) -> bool {
        let places = |graph: &Graph| -> HashMap<*const Node, usize> {
            graph.nodes.iter().enumerate().map(|(n, node)| (Rc::as_ptr(node), n)).collect()
        };
        let (ours, theirs) = (places(self), places(other));
        ours.len() == self.nodes.len()
            && theirs.len() == self.nodes.len()
            && self.nodes.iter().zip(&other.nodes).all(|(a, b)| {
                let edges = |node: &Node, places: &HashMap<*const Node, usize>| -> Vec<usize> {
                    node.edges.iter().map(|edge| places[&Rc::as_ptr(edge)]).collect()
                };
                a.id == b.id && a.weight == b.weight && edges(a, &ours) == edges(b, &theirs)
            })
    }
}
