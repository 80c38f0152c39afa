//! 100,000 shared nodes with three random edges each: against fory 1.7 in native mode.
//!
//! fory makes an `Rc` when all that it holds has been read, so it has no strong cycles (its own `RcWeak` is for those):
//! the graph that both dump and load has no cycle. Every edge goes to an earlier node, and the nodes stand in a list, so
//! that neither needs depth, of which fory has little. fory writes and expects the one schema here (`compatible(false)`), its
//! fastest mode; ours has the programs in the stream and compares them. `cyclic` is ours alone: edges to any node, kept in
//! a state cell.
//!
//! `cargo bench -p reduce-benches --features fory --bench graph`

use divan::{Bencher, black_box};
use fory::Fory;
use reduce_benches::Random;
use reduce_benches::data::graph::{EDGES, Graph, NODES, Node};
use reduce_core::{Dumper, Loader, Reduce};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

#[derive(Reduce)]
struct Cyclic {
    nodes: Vec<Rc<Link>>,
}

#[derive(Reduce)]
struct Link {
    id: u32,
    weight: f64,
    #[reduce(state)]
    edges: RefCell<Vec<Rc<Link>>>,
}

impl Cyclic {
    fn sample() -> Self {
        let mut random = Random::new(11);
        let link = |id| Link { id, weight: f64::from(id) / 3.0, edges: RefCell::default() };
        let nodes: Vec<Rc<Link>> =
            (0..u32::try_from(NODES).expect("few nodes")).map(|id| Rc::new(link(id))).collect();
        for node in &nodes {
            let edges = (0..EDGES).map(|_| nodes[random.index(NODES)].clone()).collect();
            *node.edges.borrow_mut() = edges;
        }
        Cyclic { nodes }
    }

    fn edges(&self) -> impl Iterator<Item = (u32, usize)> {
        let places: HashMap<*const Link, usize> =
            self.nodes.iter().enumerate().map(|(n, node)| (Rc::as_ptr(node), n)).collect();
        let of = move |node: &Rc<Link>| -> Vec<(u32, usize)> {
            node.edges.borrow().iter().map(|edge| (node.id, places[&Rc::as_ptr(edge)])).collect()
        };
        self.nodes.iter().flat_map(of)
    }
}

/// Nodes that hold one another in cycles are freed when their edges are cut.
impl Drop for Cyclic {
    fn drop(&mut self) {
        for node in &self.nodes {
            node.edges.take();
        }
    }
}

fn fory() -> Fory {
    let mut fory = Fory::builder().xlang(false).compatible(false).track_ref(true).build();
    fory.register::<Graph>(1).expect("a new id");
    fory.register::<Node>(2).expect("a new id");
    fory
}

fn main() {
    let graph = Graph::sample();
    let ours = reduce_core::to_vec(&graph).expect("a graph without cycles");
    assert!(reduce_core::from_slice::<Graph>(&ours).expect("our own bytes") == graph);
    let fory = fory();
    let theirs = fory.serialize(&graph).expect("a graph without cycles");
    assert!(fory.deserialize::<Graph>(&theirs).expect("its own bytes") == graph);
    let cyclic = Cyclic::sample();
    let cycles = reduce_core::to_vec(&cyclic).expect("a graph");
    let again: Cyclic = reduce_core::from_slice(&cycles).expect("our own bytes");
    assert!(again.edges().eq(cyclic.edges()));
    println!("bytes: reduce {}, fory {}; cyclic {}", ours.len(), theirs.len(), cycles.len());
    divan::main();
}

#[divan::bench_group(sample_count = 30, sample_size = 1)]
mod dump {
    use super::*;

    #[divan::bench]
    fn reduce(bencher: Bencher<'_, '_>) {
        let (graph, dumper) = (Graph::sample(), Dumper::new());
        bencher.bench_local(|| dumper.to_vec(black_box(&graph)));
    }

    #[divan::bench]
    fn fory(bencher: Bencher<'_, '_>) {
        let (graph, fory) = (Graph::sample(), super::fory());
        bencher.bench_local(|| fory.serialize(black_box(&graph)));
    }

    #[divan::bench]
    fn cyclic(bencher: Bencher<'_, '_>) {
        let (graph, dumper) = (Cyclic::sample(), Dumper::new());
        bencher.bench_local(|| dumper.to_vec(black_box(&graph)));
    }
}

/// What is loaded is dropped outside of the measured time.
#[divan::bench_group(sample_count = 30, sample_size = 1)]
mod load {
    use super::*;

    #[divan::bench]
    fn reduce(bencher: Bencher<'_, '_>) {
        let bytes = reduce_core::to_vec(&Graph::sample()).expect("a graph without cycles");
        let loader = Loader::new();
        bencher.bench_local(|| loader.from_slice::<Graph>(black_box(&bytes)));
    }

    #[divan::bench]
    fn fory(bencher: Bencher<'_, '_>) {
        let fory = super::fory();
        let bytes = fory.serialize(&Graph::sample()).expect("a graph without cycles");
        bencher.bench_local(|| fory.deserialize::<Graph>(black_box(&bytes)));
    }

    #[divan::bench]
    fn cyclic(bencher: Bencher<'_, '_>) {
        let bytes = reduce_core::to_vec(&Cyclic::sample()).expect("a graph");
        let loader = Loader::new();
        bencher.bench_local(|| loader.from_slice::<Cyclic>(black_box(&bytes)));
    }
}
