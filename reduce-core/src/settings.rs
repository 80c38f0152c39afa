//! What the settings of dumps and of loads have in common: limits, registry, context.

use crate::context::{Context, Given, Held, Lent};
use crate::limits::Limits;
use crate::registry::{self, Registry};
use alloc::sync::Arc;
use core::any::Any;

#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub limits: Limits,
    /// Else that of the process.
    pub registry: Option<Registry>,
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
        registry::or_global(self.registry.as_ref())
    }

    /// With what was lent to one session.
    #[inline]
    pub(crate) fn context<'s>(&'s self, lent: &'s [Lent<'s>]) -> Context<'s> {
        Context::new(&self.held, lent, self.registry())
    }
}
