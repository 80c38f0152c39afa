//! Loading: the session and what expanders read from.

pub(crate) mod adapt;
mod buffers;
mod collect;
mod input;
mod loader;
mod memo;
pub(crate) mod mode;
mod reader;
pub(crate) mod state;

pub use adapt::Plan;
pub(crate) use buffers::Buffers;
pub use collect::Collect;
pub(crate) use input::Input;
pub use loader::{Load, Loader};
pub use mode::{Mode, Native, ReadFields};
pub use reader::Reader;
pub(crate) use reader::not_bytes;
pub use state::{Install, Target, install};
