//! Fields of a record that is being upgraded and that no function can look into.

use crate::error::{Error, ErrorKind};
use alloc::sync::Arc;
use core::fmt;

/// A field that an upgrade function gets as it lies in the stream: one that may hold shared objects, trait objects, or others whose
/// identity a copy would lose. It can be renamed, moved to another field and removed, and is read when all functions have run. It
/// means nothing in another record.
#[derive(Clone)]
pub struct Unread {
    record: Arc<()>,
    place: usize,
}

/// What to say of one.
pub(super) const UNREAD: &str = "a field with shared objects or trait objects, which an upgrade function can move and remove, \
                                 and not look into";

impl Unread {
    pub(super) fn new(record: &Arc<()>, place: usize) -> Self {
        Unread { record: record.clone(), place }
    }

    /// The place of the field among those of the stream, if it is one of this record.
    pub(super) fn place_in(&self, record: &Arc<()>) -> Option<usize> {
        Arc::ptr_eq(&self.record, record).then_some(self.place)
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.record, &other.record) && self.place == other.place
    }
}

impl fmt::Debug for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Unread").field(&self.place).finish()
    }
}

#[cold]
pub(super) fn unread() -> Error {
    Error::new(ErrorKind::Unsupported, UNREAD)
}
