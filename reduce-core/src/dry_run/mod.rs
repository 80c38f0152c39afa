//! Dry runs: which functions of the user's a load would call, with which arguments.
//!
//! The stream is loaded as a [`Value`], and walked along our types (`walk`), each of which says in its description which
//! functions a load of it calls. What has changed since is read by the plans that a load would have made.

mod found;
mod walk;

use crate::check::Report;
use crate::value::Value;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
pub(crate) use found::Found;
pub(crate) use walk::Run;

/// Which functions of yours a load would call, with which arguments; none of them was called.
/// [`Loader::dry_run`](crate::Loader::dry_run) makes it. `Display` shows a line for each.
#[derive(Clone, Debug)]
pub struct DryRun {
    pub(crate) report: Report,
    pub(crate) calls: Vec<Call>,
}

impl DryRun {
    /// The calls, in their order.
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// What a [check](crate::Loader::check_as) says of the stream: the same functions, counted.
    pub fn report(&self) -> &Report {
        &self.report
    }
}

/// One call of a function of yours. [`Loader::dry_run`](crate::Loader::dry_run) has an example.
#[derive(Clone, Debug)]
pub struct Call {
    path: String,
    of: &'static str,
    function: Box<str>,
    kind: CallKind,
    arguments: Vec<(&'static str, Option<Value>)>,
}

/// What a function is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum CallKind {
    /// `rebuild` of a field: makes it of others.
    Rebuild,
    /// `rebuild` of the whole value: makes it of its kept fields.
    RebuildValue,
    /// `validate`: checks a value.
    Validate,
    /// `default = path`: makes a field that is skipped, or that the stream lacks.
    DefaultPath,
    /// `convert`: makes a field of what it was in an earlier version.
    Convert,
    /// `upgrade`: takes a record to the next version.
    Upgrade,
    /// The conversion of `via`: makes a value of what is stored in its place.
    Via,
    /// The expander of an [`Adapter`](crate::Adapter), the lookup of a persistent id among them.
    ByAdapter,
    /// The expander of a foreign type in the [dispatch table](crate::Registry::reducer).
    Expander,
}

impl Call {
    /// Where in the value: the field that is made, or the value, as an [error](crate::Error::path) would have it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The name in streams of the type that has the function; empty where it has none.
    pub fn type_name(&self) -> &str {
        self.of
    }

    /// The function as the attribute names it, the type of an adapter, or the registered name of a foreign type.
    pub fn function(&self) -> &str {
        &self.function
    }

    /// What it is called for.
    pub fn kind(&self) -> CallKind {
        self.kind
    }

    /// Its arguments as the stream has them, by the names of the fields that they are of; a name is empty where the function gets
    /// all that is stored. There is no value where another function makes it, or something that this one does not get from
    /// the stream. The context is none of them.
    pub fn arguments(&self) -> impl ExactSizeIterator<Item = (&str, Option<&Value>)> {
        self.arguments.iter().map(|(name, value)| (*name, value.as_ref()))
    }
}

impl fmt::Display for CallKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CallKind::Rebuild => "rebuild",
            CallKind::RebuildValue => "rebuild of the whole value",
            CallKind::Validate => "validate",
            CallKind::DefaultPath => "default",
            CallKind::Convert => "convert",
            CallKind::Upgrade => "upgrade",
            CallKind::Via => "via",
            CallKind::ByAdapter => "adapter",
            CallKind::Expander => "expander",
        })
    }
}

/// `files[2].file: open(path: "b.log")`
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "{}(", self.function)?;
        for (n, (name, value)) in self.arguments.iter().enumerate() {
            if n > 0 {
                f.write_str(", ")?;
            }
            if !name.is_empty() {
                write!(f, "{name}: ")?;
            }
            match value {
                Some(value) => write!(f, "{value}")?,
                None => f.write_str("?")?,
            }
        }
        f.write_str(")")
    }
}

impl fmt::Display for DryRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.calls.iter().try_for_each(|call| writeln!(f, "{call}"))
    }
}
