//! Values that nest: what passing the guard of depth costs at each box and list. No peers.
//!
//! `cargo bench -p reduce-benches --bench nested`

use divan::{Bencher, black_box};
use reduce_core::{Expand, Reduce};

/// A balanced tree of boxes.
#[derive(Debug, PartialEq, Reduce)]
struct Tree {
    number: u32,
    branches: Option<(Box<Tree>, Box<Tree>)>,
}

impl Tree {
    fn of(levels: u32) -> Self {
        let branch = || Box::new(Tree::of(levels.saturating_sub(1)));
        Tree { number: levels, branches: (levels > 0).then(|| (branch(), branch())) }
    }
}

/// Lists of short lists.
fn table() -> Vec<Vec<u32>> {
    (0..1000).map(|row| vec![row, row + 1, row + 2]).collect()
}

const LEVELS: u32 = 10;

fn main() {
    check(&Tree::of(LEVELS));
    check(&table());
    divan::main();
}

fn check<T: Reduce + for<'de> Expand<'de> + PartialEq>(value: &T) {
    let bytes = reduce_core::to_vec(value).expect("a plain value");
    assert!(reduce_core::from_slice::<T>(&bytes).expect("our own bytes") == *value);
}

/// 2047 boxes and options.
#[divan::bench_group(sample_count = 300, sample_size = 20)]
mod boxes {
    use super::*;

    #[divan::bench]
    fn dump(bencher: Bencher<'_, '_>) {
        let tree = Tree::of(LEVELS);
        bencher.bench_local(|| reduce_core::to_vec(black_box(&tree)));
    }

    #[divan::bench]
    fn load(bencher: Bencher<'_, '_>) {
        let bytes = reduce_core::to_vec(&Tree::of(LEVELS)).expect("a plain value");
        bencher.bench_local(|| reduce_core::from_slice::<Tree>(black_box(&bytes)));
    }
}

/// 1001 lists.
#[divan::bench_group(sample_count = 300, sample_size = 20)]
mod lists {
    use super::*;

    #[divan::bench]
    fn dump(bencher: Bencher<'_, '_>) {
        let table = table();
        bencher.bench_local(|| reduce_core::to_vec(black_box(&table)));
    }

    #[divan::bench]
    fn load(bencher: Bencher<'_, '_>) {
        let bytes = reduce_core::to_vec(&table()).expect("a plain value");
        bencher.bench_local(|| reduce_core::from_slice::<Vec<Vec<u32>>>(black_box(&bytes)));
    }
}
