//! Loading: the session and what expanders read from.

mod collect;
mod input;
mod loader;
mod memo;
mod reader;
pub(crate) mod state;

pub use collect::Collect;
pub(crate) use input::Input;
pub use loader::{Load, Loader};
pub use reader::Reader;
pub use state::{Install, Target, install};
