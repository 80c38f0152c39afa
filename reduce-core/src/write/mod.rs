//! Dumping: the session and what reducers write to.

mod buffers;
mod dumper;
mod graph;
#[cfg(feature = "std")]
mod hash;
mod memo;
mod order;
mod table;
mod writer;

pub use dumper::{Dump, Dumper};
pub(crate) use graph::WriteState;
pub(crate) use memo::Key;
pub use writer::Writer;
