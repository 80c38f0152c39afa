//! Loading: settings, sessions, and what expanders read from.

pub(crate) mod adapt;
mod buffers;
mod collect;
mod input;
mod load;
mod loader;
mod memo;
pub(crate) mod mode;
mod open;
mod reader;
mod session;
pub(crate) mod state;

pub use adapt::Plan;
pub(crate) use buffers::Buffers;
pub use collect::Collect;
pub(crate) use input::Input;
pub use load::Load;
pub use loader::Loader;
pub use mode::{Mode, Native, ReadFields};
pub use reader::Reader;
pub(crate) use reader::not_bytes;
pub use session::LoadSession;
pub use state::{Install, Target, install};
