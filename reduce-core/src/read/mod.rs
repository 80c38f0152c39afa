//! Loading: the session and what expanders read from.

mod ahead;
mod buffers;
mod collect;
mod input;
mod loader;
mod memo;
mod passed;
mod reader;
pub(crate) mod state;
mod typing;

pub(crate) use buffers::Buffers;
pub use collect::Collect;
pub(crate) use collect::SharedType;
pub(crate) use input::Input;
pub use loader::{Load, Loader};
pub(crate) use memo::Begun;
pub(crate) use passed::unlike;
pub use reader::Reader;
pub(crate) use reader::not_bytes;
pub use state::{Install, Target, install};
