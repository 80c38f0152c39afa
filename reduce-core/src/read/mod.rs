//! Loading: settings, sessions, and what expanders read from.

pub(crate) mod adapt;
mod ahead;
mod any;
mod buffers;
mod collect;
mod input;
mod kept;
mod load;
mod loader;
mod memo;
pub(crate) mod mode;
mod open;
mod passed;
mod reader;
mod session;
mod skip;
pub(crate) mod state;
mod typing;
mod unshare;
mod untyped;

pub use adapt::Plan;
pub(crate) use buffers::Buffers;
pub use collect::Collect;
pub(crate) use collect::SharedType;
pub(crate) use input::Input;
pub use load::Load;
pub use loader::Loader;
pub(crate) use memo::Begun;
pub use mode::{Mode, Native, ReadFields};
pub(crate) use passed::unlike;
pub use reader::Reader;
pub(crate) use reader::{Known, NamedType, not_numbers};
pub use session::LoadSession;
pub use state::{Install, Target, install};
pub(crate) use unshare::other_type;
pub(crate) use untyped::Untyped;
