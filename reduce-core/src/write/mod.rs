//! Dumping: the session and what reducers write to.

mod dumper;
mod memo;
mod writer;

pub use dumper::{Dump, Dumper};
pub(crate) use memo::{Key, Seen};
pub use writer::Writer;
