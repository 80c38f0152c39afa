//! Dumping: settings, sessions, and what reducers write to.

mod aligned;
mod buffers;
mod columns;
mod dump;
mod dumper;
mod graph;
#[cfg(feature = "std")]
mod hash;
mod memo;
mod order;
mod pass;
mod session;
mod spare;
mod table;
mod writer;

pub use columns::Columns;
pub(crate) use columns::{
    CHUNK, append_arrays, append_lists, by_hand, filled, in_chunks, in_chunks_of_lists, no_place,
};
pub use dump::Dump;
pub use dumper::Dumper;
pub(crate) use graph::{Define, WriteState};
pub(crate) use memo::Key;
pub(crate) use pass::to_vec_by_default;
pub use session::DumpSession;
pub use writer::Writer;
