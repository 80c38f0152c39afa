//! A registry as the loads of one loader see it: the types that `Loader::allow` names, and no others.

use super::{Entry, Inner, Registry};
use crate::error::{Error, ErrorKind};
use crate::near_miss;
use crate::program::table::{Definition, Table};
use crate::program::text::Name;
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;
use once_cell::race::OnceBox;

/// What a loader allows.
pub(crate) struct Allowed {
    names: BTreeSet<String>,
    /// The loader's registry with these names alone: made when it is asked for first, for the registry of the process may be
    /// set later.
    view: OnceBox<Registry>,
}

/// The names of a view.
#[derive(Clone)]
pub(super) struct Names {
    names: Box<[Box<str>]>,
    /// One of them that is not registered.
    stray: Option<Box<str>>,
}

impl Allowed {
    pub(crate) fn new(names: impl IntoIterator<Item = String>) -> Self {
        Allowed { names: names.into_iter().collect(), view: OnceBox::new() }
    }

    /// The same names of another registry.
    pub(crate) fn anew(&self) -> Self {
        Self::new(self.names.iter().cloned())
    }

    /// What is allowed of a registry: always the same one.
    pub(crate) fn of(&self, registry: &Registry) -> &Registry {
        self.view.get_or_init(|| Box::new(registry.only(&self.names)))
    }
}

impl fmt::Debug for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.names.fmt(f)
    }
}

impl Registry {
    fn only(&self, names: &BTreeSet<String>) -> Registry {
        let is_stray = |name: &&String| self.by_name(name).is_none() && !self.keeps_unknown();
        let stray = names.iter().find(is_stray).map(|name| name.as_str().into());
        let names = names.iter().map(|name| name.as_str().into()).collect();
        let allowed = Some(Names { names, stray });
        Registry {
            inner: Arc::new(Inner { base: Some(self.clone()), allowed, ..Inner::default() }),
        }
    }

    /// Whether a load may make values of the type of this name, if there is one.
    #[inline]
    pub(super) fn allows(&self, name: &str) -> bool {
        self.inner.allowed.as_ref().is_none_or(|allowed| allowed.has(name))
    }

    /// Every name that is allowed is registered, or may be that of an unknown object.
    pub(crate) fn allows_what_it_has(&self) -> Result<(), Error> {
        let stray = self.inner.allowed.as_ref().and_then(|allowed| allowed.stray.as_deref());
        let Some(stray) = stray else { return Ok(()) };
        let known = self.inner.base.as_ref().map(Registry::entries).unwrap_or_default();
        let near = near_miss::nearest(stray, known.into_keys());
        let near = near.map(|near| format!("; did you mean `{}`?", Name(near))).unwrap_or_default();
        Err(Error::new(
            ErrorKind::Registry,
            format!(
                "`Loader::allow` names `{}`, and no type is registered by that name{near}",
                Name(stray)
            ),
        ))
    }

    /// Refuses a stream that names a type which is registered and not allowed.
    #[inline]
    pub(crate) fn refuse_in(&self, table: &Table<'_>) -> Result<(), Error> {
        if self.inner.allowed.is_none() {
            return Ok(());
        }
        self.refuse_any_of(table)
    }

    #[cold]
    fn refuse_any_of(&self, table: &Table<'_>) -> Result<(), Error> {
        let definitions = table.definitions.iter().enumerate();
        let mut refused = definitions.filter_map(|(index, definition)| {
            Some((index, definition, self.withheld(definition)?))
        });
        let Some((index, definition, entry)) = refused.next() else { return Ok(()) };
        let name = match definition {
            Definition::Named(name, _) => name,
            _ => self.base_name(entry).unwrap_or(entry.rust_name),
        };
        Err(not_allowed(&format!("`{}` (#{index} of its definitions)", Name(name))))
    }

    /// The type that a definition names, if it is registered and not allowed.
    fn withheld(&self, definition: &Definition<'_>) -> Option<&Entry> {
        let base = self.inner.base.as_ref().filter(|_| self.inner.allowed.is_some())?;
        let entry = base.of_definition(definition)?;
        self.of_definition(definition).is_none().then_some(entry)
    }

    /// The name of a type in front of the view.
    fn base_name(&self, entry: &Entry) -> Option<&str> {
        self.inner.base.as_ref()?.name_of((entry.id)())
    }

    /// The error of a name or a code that is not allowed, be it registered or not; nothing where all is.
    #[cold]
    pub(super) fn refusal(&self, what: &str, allowed: bool) -> Option<Error> {
        (self.inner.allowed.is_some() && !allowed).then(|| not_allowed(what))
    }

    /// Whether an object of a type that is not registered may be kept.
    pub(crate) fn keeps(&self, definition: &Definition<'_>) -> bool {
        let allowed = match definition {
            Definition::Named(name, _) => self.allows(name),
            // A number that stands for nothing has no name.
            _ => self.inner.allowed.is_none(),
        };
        allowed && self.keeps_unknown() && self.of_definition(definition).is_none()
    }
}

impl Names {
    fn has(&self, name: &str) -> bool {
        self.names.binary_search_by(|other| (**other).cmp(name)).is_ok()
    }
}

#[cold]
fn not_allowed(what: &str) -> Error {
    Error::new(
        ErrorKind::NotAllowed,
        format!(
            "the stream names the type {what}, which this load does not allow; if it is to be loaded, add it to \
             `Loader::allow`"
        ),
    )
}
