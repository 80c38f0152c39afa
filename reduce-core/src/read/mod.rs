//! Loading: the session and what expanders read from.

mod input;
mod loader;
mod memo;
mod reader;

pub(crate) use input::Input;
pub use loader::{Load, Loader};
pub use reader::Reader;
