//! What a change of a type does to streams.

use super::rules::Reader;
use super::{Schema, compare as walk};
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

/// Says what becomes of the streams of earlier programs in the present ones, and the other way round.
///
/// ```
/// use reduce_core::schema::{Schema, Severity, compare};
///
/// let earlier: Schema = "root App struct App { port: u32 }".parse()?;
/// let now: Schema = "root App struct App { port: u16, #[default] host: str }".parse()?;
///
/// let changes = compare(&earlier, &now);
/// let old: Vec<String> = changes.old_streams.iter().map(|change| change.to_string()).collect();
/// assert_eq!(old, [
///     "may fail: `App.port` went from `u32` to `u16`: old values above 65,535 will fail",
///     "harmless: `App.host` is new: old streams lack it and get its default",
/// ]);
/// assert!(changes.new_streams.iter().all(|change| change.severity() == Severity::Harmless));
/// # Ok::<(), reduce_core::schema::SyntaxError>(())
/// ```
#[must_use]
pub fn compare(earlier: &Schema, now: &Schema) -> Changes {
    Changes {
        old_streams: walk::compare(&earlier.model, &now.model, Reader::Present),
        new_streams: walk::compare(&now.model, &earlier.model, Reader::Earlier),
    }
}

/// What [`compare`] found, the worst first; the example is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// What becomes of earlier streams in the present program.
    pub old_streams: Vec<Change>,
    /// What becomes of present streams in the earlier program.
    pub new_streams: Vec<Change>,
}

/// What one change does to streams that one side writes and the other reads. [`Display`](fmt::Display) says all of it.
///
/// ```
/// use reduce_core::schema::{Schema, compare};
///
/// let (earlier, now): (Schema, Schema) = ("root bool as flag".parse()?, "root char as flag".parse()?);
/// let change = &compare(&earlier, &now).old_streams[0];
/// assert_eq!(change.place(), "flag");
/// assert_eq!(change.message(), "went from `bool` to `char`: old values will fail");
/// assert_eq!(change.to_string(), "breaks: `flag` went from `bool` to `char`: old values will fail");
/// # Ok::<(), reduce_core::schema::SyntaxError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub(super) severity: Severity,
    pub(super) place: String,
    pub(super) message: String,
}

impl Change {
    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Where: `shop.Order`, `shop.Order.total`, `geo.Shape::Circle.0`, in the present names.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What has changed, and what that does.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The worst first, and by place.
    pub(super) fn rank(&self, other: &Change) -> Ordering {
        other.severity.cmp(&self.severity).then_with(|| self.cmp(other))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: `{}` {}", self.severity, self.place, self.message)
    }
}

/// How bad a [`Change`] is; the worst is the greatest.
///
/// ```
/// use reduce_core::schema::Severity;
///
/// assert!(Severity::Harmless < Severity::Upgraded && Severity::Upgraded < Severity::MayFail);
/// assert!(Severity::MayFail < Severity::Breaks);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Every stream loads.
    Harmless,
    /// Functions of `upgrade` get each record first, and it rests with them: what they make cannot be told from types. A
    /// test that loads a stream of the earlier version tells it.
    Upgraded,
    /// Streams with some values fail to load.
    MayFail,
    /// Streams fail to load, or load past the functions of `upgrade` that their records need.
    Breaks,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Severity::Harmless => "harmless",
            Severity::Upgraded => "upgraded",
            Severity::MayFail => "may fail",
            Severity::Breaks => "breaks",
        })
    }
}
