//! Bytes that no dump wrote: whatever they are, a load and a disassembly answer with a value or an error, in bounded
//! time and memory, and agree on which of the two.

mod bounds;
#[allow(dead_code)]
#[path = "../corpus/mod.rs"]
mod corpus;
mod envelopes;
mod forms;
mod graph_tables;
mod graphs;
mod limits;
mod opcodes;
mod short;
mod variations;

use corpus::stream;

/// The first place of a table.
const FIRST: u8 = 0x40;
/// Magic, version, flags and length.
const HEADER: usize = 9;
