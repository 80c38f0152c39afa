//! Checks a stream against its own programs: without its types, and without running or making anything.

mod report;

pub use report::{Report, ReportedCalls, ReportedType};

use crate::error::Error;
use crate::limits::{Budget, Exhausted, Limits};
use crate::program::table::{Definition, Ref, Table};
use crate::programs::Programs;
use crate::read::{Buffers, Untyped};
use crate::registry::Registry;
use crate::scan::{Head, InColumns, Mark, Met, Primitive, Step, Visit, Walk};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

/// Checks that the bytes are one whole stream, and reports what is in it. No types are needed, nothing of the user's runs,
/// and no value is made: what is allocated is a few words for each type in the stream and for each shared object.
///
/// What passes may still be refused by a load, which asks more: that the stream holds a value of its type, that no key occurs
/// twice, that no number is zero where it may not be. [`Loader::check_as`](crate::Loader::check_as) asks for the type too, and says
/// which of your functions a load would run. The page [`untrusted`](crate::untrusted) says when to check. pickle has no counterpart: `pickletools.dis` shows a stream, and what its opcodes would do is not to be
/// known without doing it.
///
/// # Errors
///
/// When the bytes are not a whole stream, or a limit is reached.
///
/// ```
/// use reduce_core::{Limits, Reduce, check};
///
/// #[derive(Reduce)]
/// #[reduce(name = "shop.Line")]
/// struct Line {
///     article: String,
///     count: u32,
/// }
///
/// let bytes = reduce_core::to_vec(&vec![Line { article: "tea".into(), count: 2 }])?;
/// let report = check(&bytes, &Limits::strict())?;
/// assert_eq!(report.elements(), 1);
/// let line = &report.types()[0];
/// assert_eq!((line.name(), line.values()), ("shop.Line", 1));
///
/// assert!(check(&bytes[..bytes.len() - 1], &Limits::strict()).is_err());
/// # Ok::<(), reduce_core::Error>(())
/// ```
pub fn check(bytes: &[u8], limits: &Limits) -> Result<Report, Error> {
    stream(bytes, *limits, &Programs::new(), &[], None)
}

/// Checks a stream whose program may be in the store, whose buffers are these, and which may not name all types.
pub(crate) fn stream(
    bytes: &[u8],
    limits: Limits,
    known: &Programs,
    buffers: &[&[u8]],
    registry: Option<&Registry>,
) -> Result<Report, Error> {
    let opened = Untyped::open(bytes, known, &limits)?;
    if let Some(registry) = registry {
        registry.refuse_in(&opened.table)?;
    }
    let given = Buffers::new(buffers);
    let budget = limits.budget(opened.data.remaining().saturating_add(given.bytes()));
    let Untyped { header, table, data } = opened;
    let mut counts = Counts::of(&table, budget).map_err(|limit| data.exhausted(limit))?;
    let mut walk = Walk::new(&table, data, counts.budget, &mut counts);
    if !buffers.is_empty() {
        walk.known_buffers(given);
    }
    walk.continued(header, &mut Met::default())?;
    let programs = bytes.len().saturating_sub(data.remaining());
    Ok(counts.report(&table, bytes.len(), programs))
}

/// What a walk meets, counted.
struct Counts {
    /// For each definition of the table.
    values: Vec<u64>,
    elements: u64,
    objects: u64,
    buffers: u64,
    text: u64,
    depth: usize,
    budget: Budget,
}

impl Counts {
    fn of(table: &Table<'_>, mut budget: Budget) -> Result<Self, Exhausted> {
        let count = table.definitions.len();
        budget.allocate(count, size_of::<u64>().saturating_add(size_of::<ReportedType>()))?;
        Ok(Counts {
            values: vec![0; count],
            elements: 0,
            objects: 0,
            buffers: 0,
            text: 0,
            depth: 0,
            budget,
        })
    }

    fn report(self, table: &Table<'_>, bytes: usize, programs: usize) -> Report {
        // The first one of each type.
        let mut registered = BTreeMap::new();
        for definition in table.definitions.iter().rev() {
            if let Definition::Named(_, Ref::Index(of)) | Definition::Coded(_, Ref::Index(of)) =
                definition
            {
                registered.insert(*of, definition);
            }
        }
        let types = table.definitions.iter().zip(self.values).enumerate();
        let types = types.filter_map(|(at, (definition, values))| {
            let (name, version) = match definition {
                Definition::Record { name, version, .. }
                | Definition::Enum { name, version, .. } => (*name, *version),
                _ => return None,
            };
            let registered = match registered.get(&at) {
                Some(Definition::Named(name, _)) => Some(String::from(*name)),
                Some(Definition::Coded(code, _)) => Some(alloc::format!("code {code}")),
                _ => None,
            };
            Some(ReportedType { name: name.into(), version, values, registered })
        });
        Report {
            types: types.collect(),
            bytes,
            programs,
            elements: self.elements,
            objects: self.objects,
            buffers: self.buffers,
            text: self.text,
            depth: self.depth,
            rebuilds: Vec::new(),
        }
    }

    fn count(&mut self, at: usize) {
        if let Some(values) = self.values.get_mut(at) {
            *values = values.saturating_add(1);
        }
    }
}

impl<'de> Visit<'de> for Counts {
    fn mark(&mut self, _: Range<usize>, _: Mark) -> Result<(), Error> {
        Ok(())
    }

    fn step(&mut self, _: Step<'de>, depth: usize, _: Ref) -> Result<(), Error> {
        self.depth = self.depth.max(depth);
        Ok(())
    }

    fn primitive(&mut self, _: Range<usize>, _: u8, value: Primitive<'de>) -> Result<(), Error> {
        let length = match value {
            Primitive::Str(text) => text.len(),
            Primitive::Bytes(bytes) | Primitive::OsBytes(bytes) | Primitive::OsWide(bytes) => {
                bytes.len()
            }
            _ => return Ok(()),
        };
        self.text = self.text.saturating_add(length as u64);
        Ok(())
    }

    fn columns(
        &mut self,
        at: Range<usize>,
        index: usize,
        list: &InColumns<'_, 'de>,
    ) -> Result<(), Error> {
        list.as_rows(at, index, self)
    }

    fn begin(&mut self, _: Range<usize>, index: usize, head: Head<'de>) -> Result<(), Error> {
        match head {
            Head::Record | Head::Variant(..) => self.count(index),
            Head::Array(count) | Head::List(count) | Head::Aligned(count) | Head::Map(count) => {
                self.elements = self.elements.saturating_add(count);
            }
            Head::Buffer { count, .. } => {
                self.elements = self.elements.saturating_add(count);
                self.buffers = self.buffers.saturating_add(1);
            }
            Head::New { .. } => self.objects = self.objects.saturating_add(1),
            _ => {}
        }
        Ok(())
    }
}
