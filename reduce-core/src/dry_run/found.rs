//! What a walk has found: calls, counted, and kept where they are asked for.

use super::{Call, CallKind};
use crate::check::ReportedCalls;
use crate::error::Error;
use crate::limits::{Budget, Exhausted};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

/// One call that was found.
pub(super) struct FoundCall<'f> {
    pub path: &'f dyn Fn() -> String,
    /// The name of the type.
    pub of: &'static str,
    pub at: &'static str,
    pub function: &'f str,
    pub kind: CallKind,
    pub arguments: Vec<(&'static str, Option<&'f Value>)>,
}

/// All calls that were found.
pub(crate) struct Found {
    pub calls: Vec<Call>,
    pub counts: Vec<ReportedCalls>,
    places: BTreeMap<(&'static str, &'static str, Box<str>, CallKind), usize>,
    /// With their arguments.
    keep: bool,
    budget: Budget,
}

impl Found {
    pub(crate) fn new(keep: bool, budget: Budget) -> Self {
        let (calls, counts, places) = (Vec::new(), Vec::new(), BTreeMap::new());
        Found { calls, counts, places, keep, budget }
    }

    pub(super) fn add(&mut self, found: FoundCall<'_>) -> Result<(), Error> {
        let FoundCall { path, of, at, function, kind, arguments } = found;
        let place =
            *self.places.entry((of, at, function.into(), kind)).or_insert(self.counts.len());
        match self.counts.get_mut(place) {
            Some(calls) => calls.count = calls.count.saturating_add(1),
            None => {
                let (of, function) = (of.into(), function.into());
                self.counts.push(ReportedCalls { of, at, function, kind, count: 1 });
            }
        }
        if !self.keep {
            return Ok(());
        }
        let path = path();
        let values = arguments.iter().filter_map(|(_, value)| *value);
        let weight = values.map(Value::weight).fold(path.len(), usize::saturating_add);
        let own = size_of::<Call>().saturating_add(function.len());
        let name = size_of::<(&str, Option<Value>)>().saturating_mul(arguments.len());
        let weight = weight.saturating_add(own).saturating_add(name);
        self.budget.allocate(1, weight).map_err(Exhausted::error)?;
        let arguments = arguments.into_iter().map(|(name, value)| (name, value.cloned()));
        let (function, arguments) = (function.into(), arguments.collect());
        self.calls.push(Call { path, of, function, kind, arguments });
        Ok(())
    }
}
