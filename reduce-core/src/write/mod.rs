//! Dumping: the session and what reducers write to.

mod dumper;
mod graph;
#[cfg(feature = "std")]
mod hash;
mod memo;
mod writer;

pub use dumper::{Dump, Dumper};
pub(crate) use graph::Define;
pub(crate) use memo::Key;
pub use writer::Writer;
