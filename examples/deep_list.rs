//! A list of a million nodes, each in the box of the one before: as deep as values get.
//!
//! Dumps and loads take such a value where `Limits::depth` allows it: the stack grows as they go (feature `stacker`, on by
//! default). Dropping it is Rust's own, one call inside another for each node, and would overflow the stack. So the list
//! has a `Drop` that takes itself apart node by node.
//!
//! `cargo run --example deep_list`

use reduce_core::{Dumper, Limits, Loader, Reduce};

#[derive(Reduce)]
struct List {
    first: Option<Box<Node>>,
}

#[derive(Reduce)]
struct Node {
    number: u32,
    next: Option<Box<Node>>,
}

impl Node {
    /// Takes off what follows, so that nothing of it is dropped inside this node's drop.
    fn cut(&mut self) -> Option<Box<Node>> {
        self.next.take()
    }
}

// On the node, not on the list: a load that fails half way drops nodes that are in no list yet.
impl Drop for Node {
    fn drop(&mut self) {
        let mut rest = self.cut();
        while let Some(mut node) = rest {
            rest = node.cut();
        }
    }
}

impl List {
    fn of(length: u32) -> Self {
        let mut first = None;
        for number in (0..length).rev() {
            first = Some(Box::new(Node { number, next: first }));
        }
        List { first }
    }

    fn numbers(&self) -> impl Iterator<Item = u32> {
        std::iter::successors(self.first.as_deref(), |node| node.next.as_deref())
            .map(|node| node.number)
    }
}

const LENGTH: u32 = 1_000_000;

fn main() -> Result<(), reduce_core::Error> {
    let list = List::of(LENGTH);

    // By default that is too deep: nobody gets to fill the memory with levels.
    let error = reduce_core::to_vec(&list).expect_err("a million levels are above the default");
    println!("with default limits: {error}");

    let limits = Limits::default().depth(LENGTH);
    let bytes = Dumper::new().limits(limits).to_vec(&list)?;
    let again: List = Loader::new().limits(limits).from_slice(&bytes)?;
    assert!(again.numbers().eq(0..LENGTH));
    println!("{} bytes, {} nodes", bytes.len(), again.numbers().count());

    // The stream breaks off in its last node: the error comes back through a million levels.
    let torn = bytes.get(..bytes.len() - 3).unwrap_or_default();
    let error = Loader::new().limits(limits).from_slice::<List>(torn).err();
    println!("torn: {:?}", error.map(|error| error.kind()));
    Ok(())
}
