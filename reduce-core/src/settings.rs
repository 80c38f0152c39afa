//! What the settings of dumps and of loads have in common: limits, registry, context.

use crate::context::{Context, Given, Held, Lent};
use crate::error::Error;
use crate::limits::{Calls, Limits};
use crate::registry::{self, Allowed, Registry};
use alloc::sync::Arc;
use core::any::Any;

#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub limits: Limits,
    /// Else that of the process.
    pub registry: Option<Registry>,
    /// The names that loads may find in it; else all.
    pub allowed: Option<Arc<Allowed>>,
    pub held: Held,
}

impl Settings {
    /// Takes a value, to be found by its type.
    pub(crate) fn hold<C: Any + Send + Sync>(&mut self, value: C) {
        self.held.push(Given::new::<C>(Arc::new(value)));
    }

    /// Names the types behind trait objects.
    #[inline]
    pub(crate) fn registry(&self) -> Option<&Registry> {
        let registry = registry::or_global(self.registry.as_ref());
        match &self.allowed {
            None => registry,
            Some(allowed) => Some(allowed.of(registry?)),
        }
    }

    /// The types that are allowed are registered.
    #[inline]
    pub(crate) fn check_allowed(&self) -> Result<(), Error> {
        match (&self.allowed, self.registry()) {
            (Some(_), Some(registry)) => registry.allows_what_it_has(),
            _ => Ok(()),
        }
    }

    /// With what was lent to one session.
    #[inline]
    pub(crate) fn context<'s>(
        &'s self,
        lent: &'s [Lent<'s>],
        calls: Option<&'s Calls>,
    ) -> Context<'s> {
        Context::new(&self.held, lent, self.registry(), calls)
    }
}
