//! The way from bytes to a dry run: the check, the value without its types, and the walk along ours.

use super::adapt::{self, Plans};
use super::open::{Frame, Terms};
use super::{Untyped, any, kept};
use crate::check;
use crate::dry_run::{DryRun, Found, Run};
use crate::error::Error;
use crate::program::{TypeDef, equal, program_of};
use crate::programs::Programs;
use crate::registry::Registry;

/// What a load of this type would call; with its arguments, or counted only.
pub(super) fn run(
    terms: Terms<'_, '_>,
    bytes: &[u8],
    ours: &'static TypeDef,
    keep: bool,
) -> Result<DryRun, Error> {
    let settings = &terms.loader.settings;
    settings.check_allowed()?;
    let (registry, program) = (settings.registry(), program_of(ours));
    let mut known = terms.loader.programs.clone().unwrap_or_default();
    if Frame::read(bytes)?.header.fingerprint.is_some() {
        known.insert(&program.block)?;
        add_registered(&mut known, registry)?;
    }
    let mut report = check::stream(bytes, settings.limits, &known, terms.buffers, registry)?;
    let value = any::from_known(terms, bytes, &known)?;
    let Untyped { table, data, .. } = Untyped::open(bytes, &known, &settings.limits)?;
    let changed = !equal(ours, table.root, &table);
    if changed && !adapt::is_related(&table, table.root, program.table()?) {
        return Err(kept::other_type(&table, program).with_offset(data.offset()));
    }
    let mut budget = terms.budget(data);
    let plans = Plans::build(changed.then_some(ours), registry, &table, &mut budget)?;
    let mut found = Found::new(keep, budget);
    Run::new(&table, &plans, registry, &mut found).run(ours, &value)?;
    report.rebuilds = found.counts;
    Ok(DryRun { report, calls: found.calls })
}

/// A message may name the programs of registered types by their fingerprints.
fn add_registered(known: &mut Programs, registry: Option<&Registry>) -> Result<(), Error> {
    let entries = registry.into_iter().flat_map(Registry::entries);
    for (_, entry) in entries {
        known.insert(&program_of((entry.def)()).block)?;
    }
    Ok(())
}
