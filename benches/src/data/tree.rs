//! A tree of 20,000 nodes, some of which stand some hundred levels deep: few enough for peers that descend by recursion.

use crate::Random;

/// A node with all that hangs from it. (All derives but that of bitcode, which has no types that hold themselves.)
#[derive(Clone, Debug, PartialEq, reduce_core::Reduce, serde::Serialize, serde::Deserialize)]
#[cfg_attr(
    feature = "peers",
    derive(
        borsh::BorshSerialize,
        borsh::BorshDeserialize,
        nanoserde::SerBin,
        nanoserde::DeBin,
        rkyv::Archive,
        rkyv::Serialize,
        rkyv::Deserialize,
        savefile::prelude::Savefile,
        wincode::SchemaWrite,
        wincode::SchemaRead,
        fory::ForyStruct,
    ),
    rkyv(
        serialize_bounds(
            __S: rkyv::ser::Writer + rkyv::ser::Allocator,
            __S::Error: rkyv::rancor::Source
        ),
        deserialize_bounds(__D::Error: rkyv::rancor::Source),
        bytecheck(bounds(
            __C: rkyv::validation::ArchiveContext,
            __C::Error: rkyv::rancor::Source
        )),
    )
)]
pub struct Tree {
    /// What it is called.
    pub label: String,
    /// What it counts for.
    pub weight: i64,
    /// Its children.
    #[cfg_attr(feature = "peers", rkyv(omit_bounds))]
    pub children: Vec<Tree>,
}

const NODES: u32 = 20_000;
const LEVELS: u32 = 200;

impl Tree {
    /// The tree that is measured.
    #[must_use]
    pub fn sample() -> Self {
        let mut random = Random::new(7);
        let mut left = NODES;
        let mut root = Tree::grown(&mut random, LEVELS, &mut left);
        // What has not found its place yet.
        while left > 0 {
            let child = Tree::grown(&mut random, LEVELS, &mut left);
            root.children.push(child);
        }
        root
    }

    /// A node, with one or more children wherever there is room for them.
    fn grown(random: &mut Random, levels: u32, left: &mut u32) -> Self {
        *left = left.saturating_sub(1);
        let label = format!("node {}", random.below(1000));
        let mut tree = Tree { label, weight: random.within(-1000, 1000), children: Vec::new() };
        // A long branch, with short ones beside it.
        if levels > 0 && *left > 0 {
            tree.children.push(Tree::grown(random, levels - 1, left));
            for _ in 0..random.below(4) {
                if *left > 0 {
                    let short = random.below(3).min(levels - 1);
                    tree.children.push(Tree::grown(random, short, left));
                }
            }
        }
        tree
    }
}
