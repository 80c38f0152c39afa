//! What a check found in a stream.

use crate::dry_run::CallKind;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// What is in a stream, counted: [`check`](crate::check()) makes it. `Display` shows it on a few lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub(super) types: Vec<ReportedType>,
    pub(super) bytes: usize,
    pub(super) programs: usize,
    pub(super) elements: u64,
    pub(super) objects: u64,
    pub(super) buffers: u64,
    pub(super) text: u64,
    pub(super) depth: usize,
    pub(crate) rebuilds: Vec<ReportedCalls>,
}

/// A record or an enum that a stream defines. The example of [`check`](crate::check()) uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedType {
    pub(super) name: Box<str>,
    pub(super) version: u64,
    pub(super) values: u64,
    pub(super) registered: Option<String>,
}

/// A function of yours that a load would call, and how often: see [`Loader::check_as`](crate::Loader::check_as).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedCalls {
    pub(crate) of: Box<str>,
    pub(crate) at: &'static str,
    pub(crate) function: Box<str>,
    pub(crate) kind: CallKind,
    pub(crate) count: u64,
}

impl Report {
    /// The records and enums that the stream defines, in the order of their definitions, whether it has values of them or
    /// not.
    pub fn types(&self) -> &[ReportedType] {
        &self.types
    }

    /// How many bytes the stream has.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many of its bytes are in front of the data: its header and its programs.
    pub fn programs(&self) -> usize {
        self.programs
    }

    /// How many elements its lists and arrays and entries its maps have, all together: those that take no bytes too.
    pub fn elements(&self) -> u64 {
        self.elements
    }

    /// How many shared objects there are.
    pub fn objects(&self) -> u64 {
        self.objects
    }

    /// How many lists lie outside of the stream.
    pub fn buffers(&self) -> u64 {
        self.buffers
    }

    /// How many bytes its texts and lists of bytes have, their lengths aside.
    pub fn text(&self) -> u64 {
        self.text
    }

    /// How many levels of values lie inside one another, fields and elements counted; 0 for a value that holds none.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The functions of yours that a load would call, in the order of their first calls. Only
    /// [`Loader::check_as`](crate::Loader::check_as) and [`Loader::dry_run`](crate::Loader::dry_run) know of them; a check without
    /// a type reports none.
    pub fn rebuilds(&self) -> &[ReportedCalls] {
        &self.rebuilds
    }
}

impl ReportedCalls {
    /// The name in streams of the type that has the function; empty where it has none.
    pub fn type_name(&self) -> &str {
        &self.of
    }

    /// The field that it makes, with its variant in front; empty where it is called for the whole value.
    pub fn field(&self) -> &str {
        self.at
    }

    /// The function as the attribute names it, the type of an adapter, or the registered name of a foreign type.
    pub fn function(&self) -> &str {
        &self.function
    }

    /// What it is called for.
    pub fn kind(&self) -> CallKind {
        self.kind
    }

    /// How often.
    pub fn count(&self) -> u64 {
        self.count
    }
}

impl ReportedType {
    /// Its name in streams.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version; 0 where it states none.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// How many values of it there are.
    pub fn values(&self) -> u64 {
        self.values
    }

    /// The name (or `code` with its number) under which a registry would be asked for it, where the stream has objects of it
    /// behind trait objects or in `dispatch` fields.
    pub fn registered(&self) -> Option<&str> {
        self.registered.as_deref()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { bytes, programs, elements, objects, buffers, text, depth, .. } = self;
        writeln!(
            f,
            "{bytes} bytes ({programs} of header and programs, {text} of text), {elements} elements, {objects} shared \
             objects, {buffers} buffers, {depth} levels"
        )?;
        for of in &self.types {
            write!(f, "{} {}", of.values, of.name)?;
            if of.version > 0 {
                write!(f, ", version {}", of.version)?;
            }
            if let Some(registered) = &of.registered {
                write!(f, ", registered as {registered}")?;
            }
            writeln!(f)?;
        }
        for calls in &self.rebuilds {
            let ReportedCalls { of, at, function, kind, count } = calls;
            write!(f, "{count} calls of {function}, {kind}")?;
            match (of.is_empty(), at.is_empty()) {
                (true, true) => writeln!(f)?,
                (true, false) => writeln!(f, " of {at}")?,
                (false, true) => writeln!(f, " of {of}")?,
                (false, false) => writeln!(f, " of {of}.{at}")?,
            }
        }
        Ok(())
    }
}
