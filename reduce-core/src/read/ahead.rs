//! Objects ahead of the root: made of the types that the value's pointers to them have.

use super::collect::SharedType;
use super::open::Root;
use super::typing::{self, Evidence};
use super::{Collect, Input, Reader};
use crate::error::{Error, ErrorKind};
use crate::header::Header;
use crate::limits::Limits;
use crate::program::table::{Definition, Ref, Table};
use crate::program::{DefFn, equal};
use crate::scan::{self, What};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Makes the objects that stand ahead of the root; the memo keeps them.
#[cold]
#[inline(never)]
pub(super) fn make<'de>(
    reader: &mut Reader<'_, 'de>,
    header: Header,
    root: Ref,
    limits: Limits,
    value: &dyn Root<'de>,
) -> Result<(), Error> {
    let mut collect = Collect::default();
    value.collect(&mut collect);
    if let Some(registry) = reader.registry {
        registry.collect(&mut collect);
    }
    let collect = &collect;
    let begin = (reader.input, reader.memo.next());
    let mut candidates = Candidates { collect, by_type: BTreeMap::new() };
    let mut evidence: Option<Vec<Evidence>> = None;
    let count = reader.input.varint()?;
    if count == 0 {
        return Err(scan::none_ahead(begin.0.offset()));
    }
    for number in 0..count {
        let (index, found) = candidates.of_next(reader)?;
        let shared = match found {
            // Something with a hand-written expander holds it: whoever refers to it first knows what it is.
            [] => {
                reader.pass_over(What::Value(Ref::Index(index)))?;
                continue;
            }
            [one] => one,
            several => {
                // Only the pointers to the object tell them apart.
                let found = match &mut evidence {
                    Some(found) => found,
                    none => none.insert(find(value.def(), reader, begin, header, root, limits)?),
                };
                let found = usize::try_from(number).ok().and_then(|number| found.get(number));
                fitting(several, found.copied().unwrap_or_default(), collect)
            }
        };
        let make = collect.shared.get(*shared).map(|shared| shared.make);
        make.ok_or_else(|| reader.input.malformed("an object of a type that nobody knows"))?(
            reader,
        )?;
    }
    Ok(())
}

/// Passes over the objects that stand ahead of a value whose types nobody has collected: each is made where a pointer refers to it
/// first, of the type that the pointer has.
#[cold]
pub(super) fn pass_over(reader: &mut Reader<'_, '_>) -> Result<(), Error> {
    let at = reader.offset();
    let count = reader.input.varint()?;
    if count == 0 {
        return Err(scan::none_ahead(at));
    }
    for _ in 0..count {
        let (index, _) = type_of_next(reader)?;
        reader.pass_over(What::Value(Ref::Index(index)))?;
    }
    Ok(())
}

/// The type of the object that is read next, and all types.
fn type_of_next<'r>(reader: &'r mut Reader<'_, '_>) -> Result<(usize, &'r Table<'r>), Error> {
    let at = reader.input.offset();
    let number = reader.input.varint()?;
    let place = reader.table().and_then(|table| Some((table, table.place(number)?)));
    let Some((table, (index, Definition::Shared(_)))) = place else {
        let message = "an object ahead of the root is of a type that is no shared one";
        return Err(Error::new(ErrorKind::Malformed, message).with_offset(at));
    };
    Ok((index, table))
}

/// The shared types that have the program of one in the stream.
struct Candidates<'c, 'de> {
    collect: &'c Collect<'de>,
    by_type: BTreeMap<usize, Vec<usize>>,
}

impl Candidates<'_, '_> {
    /// The type of the object that is read next, and those of its candidates, by their places.
    fn of_next(&mut self, reader: &mut Reader<'_, '_>) -> Result<(usize, &[usize]), Error> {
        let (index, table) = type_of_next(reader)?;
        let shared = &self.collect.shared;
        let find = || {
            let equal = |shared: &SharedType<'_>| equal(shared.def, Ref::Index(index), table);
            (0..).zip(shared).filter(|(_, shared)| equal(shared)).map(|(at, _)| at).collect()
        };
        Ok((index, self.by_type.entry(index).or_insert_with(find)))
    }
}

/// The one of some types that the pointers to an object call for.
fn fitting<'s>(several: &'s [usize], found: Evidence, collect: &Collect<'_>) -> &'s usize {
    let pointers = [found.concrete, found.dynamic];
    let places = pointers.map(|pointer| collect.place(pointer?));
    let same = several.iter().find(|place| places.contains(&Some(**place)));
    let atomic = |place: &usize| collect.shared.get(*place).map(|shared| shared.atomic);
    let alike = || {
        let kind = places.iter().flatten().find_map(atomic);
        several.iter().find(|place| kind.is_some() && atomic(place) == kind)
    };
    same.or_else(alike).or(several.first()).unwrap_or(&usize::MAX)
}

fn find<'de>(
    ours: DefFn,
    reader: &Reader<'_, 'de>,
    begin: (Input<'de>, usize),
    header: Header,
    root: Ref,
    limits: Limits,
) -> Result<Vec<Evidence>, Error> {
    match reader.table() {
        Some(table) => {
            let registry = reader.registry;
            typing::ahead(
                (ours(), root),
                table,
                registry,
                begin,
                header,
                reader.buffers.untaken(),
                limits,
            )
        }
        None => Ok(Vec::new()),
    }
}
