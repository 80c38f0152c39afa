//! `Dispatch`: the adapter of fields that are stored as the session's registry says.

use crate::adapter::{Adapted, Adapter};
use crate::context::Context;
use crate::describe::Describe;
use crate::error::{BoxError, Error, ErrorKind};
use crate::expand::Expand;
use crate::program::text::Name;
use crate::program::{DefFn, TypeDef};
use crate::read::Reader;
use crate::reduce::Reduce;
use crate::registry::{self, Entry, Parts, Phase, Registry};
use crate::write::Writer;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use core::any::{Any, TypeId, type_name};
use core::fmt;

/// The adapter of `#[reduce(dispatch)]`: a value is stored as the session's [`Registry`] says, by a
/// [reducer](Registry::reducer) of its dispatch table.
///
/// `dispatch` on a field is `with = Dispatch`. In this form it composes, as every adapter: `with = Vec<Dispatch>`,
/// `with = Option<Dispatch>`. A field of a type that is registered with its derive may be `dispatch` too, for
/// [overrides](Registry::override_reducer); inside of a container such a type needs the override.
///
/// ```
/// use reduce_core::{Dispatch, Dumper, Loader, Reduce, Registry, Same};
/// use std::collections::BTreeMap;
/// use std::time::Instant;
///
/// #[derive(Reduce)]
/// struct Marks {
///     #[reduce(with = BTreeMap<Same, Dispatch>)]
///     by_name: BTreeMap<String, Instant>,
/// }
///
/// // Instants mean nothing elsewhere; how long ago they were does.
/// let mut registry = Registry::new();
/// registry.reducer(
///     "app.Instant",
///     |instant: &Instant| instant.elapsed(),
///     |age| Instant::now().checked_sub(age).ok_or("before time began"),
/// )?;
///
/// let marks = Marks { by_name: BTreeMap::from([("start".to_string(), Instant::now())]) };
/// let bytes = Dumper::new().registry(&registry).to_vec(&marks)?;
/// let again: Marks = Loader::new().registry(&registry).from_slice(&bytes)?;
/// assert!(again.by_name["start"].elapsed().as_secs() < 60);
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Dispatch;

impl<T: 'static> Adapter<T> for Dispatch {
    type Stored = Foreign<T>;
    // The expander in the registry is what is called.
    const CALLS: bool = false;

    fn adapted_def() -> &'static TypeDef {
        const { &TypeDef::transparent::<Adapted<Self, T>>(Foreign::<T>::def).rebuilds() }
    }

    fn reduce(value: &T, context: &Context<'_>) -> Result<Foreign<T>, BoxError> {
        let (name, entry) = entry(context.registry(), value)?;
        match entry.pair.parts(value, context) {
            Some(parts) => {
                let (name, code, def) = (name.to_owned(), entry.code, entry.def);
                Ok(Foreign(Side::Reduced { name, code, def, parts: parts? }))
            }
            None => Err(Error::new(
                ErrorKind::Registry,
                format!(
                    "`{}` is registered with its derive, and has no reducer for an adapter to call; \
                     use `Registry::override_reducer`",
                    type_name::<T>()
                ),
            )
            .into()),
        }
    }

    fn expand(stored: Foreign<T>, _: &Context<'_>) -> Result<T, BoxError> {
        match stored.0 {
            Side::Expanded(value) => Ok(value),
            Side::Reduced { .. } => Err("a foreign value that was not loaded".into()),
        }
    }

    fn reduce_field(value: &T, w: &mut Writer<'_>) -> Result<(), Error> {
        let found = entry(w.context().registry(), value);
        let (name, entry) = found.map_err(|error| error.with_offset(w.offset()))?;
        reduce_type(name, entry.code, entry.def, w)?;
        entry.pair.reduce(value, Phase::Whole, w)
    }
}

fn entry<'s, T: 'static>(
    registry: Option<&'s Registry>,
    value: &T,
) -> Result<(&'s str, &'s Entry), Error> {
    let Some(registry) = registry.filter(|registry| !registry.is_empty()) else {
        let what = format!("`{}` is stored as the registry says", type_name::<T>());
        return Err(registry::empty(registry.is_some(), &what));
    };
    registry.entry(value as &dyn Any).ok_or_else(|| {
        Error::new(
            ErrorKind::Registry,
            format!(
                "`{}` has no reducer in the session's registry; add one with `Registry::reducer`",
                type_name::<T>()
            ),
        )
    })
}

fn reduce_type(name: &str, code: Option<u32>, def: DefFn, w: &mut Writer<'_>) -> Result<(), Error> {
    let what = || format!("`{}`, which the registry stores,", Name(name));
    let at = w.registered(what, name, code, def)?;
    w.varint(at);
    Ok(())
}

/// A foreign value as it is stored: what [`Dispatch`] makes of it.
pub struct Foreign<T>(Side<T>);

enum Side<T> {
    Reduced { name: String, code: Option<u32>, def: DefFn, parts: Parts },
    Expanded(T),
}

impl<T> Describe for Foreign<T> {
    fn def() -> &'static TypeDef {
        const { &TypeDef::dispatch::<Self>() }
    }
}

impl<T> Reduce for Foreign<T> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        match &self.0 {
            Side::Reduced { name, code, def, parts } => {
                reduce_type(name, *code, *def, w)?;
                parts.reduce_to(w)
            }
            Side::Expanded(_) => Err(w.unavailable("a foreign value that was not taken apart")),
        }
    }
}

impl<'de, T: 'static> Expand<'de> for Foreign<T> {
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let at = r.offset();
        let (entry, plan) = r.registered()?;
        // Before a function runs that the field did not ask for.
        if (entry.id)() != TypeId::of::<T>() {
            return Err(other_type::<T>(entry).with_offset(at));
        }
        let value = entry.pair.expand_box(plan, r)?;
        let value = value.downcast::<T>().map_err(|_| other_type::<T>(entry).with_offset(at))?;
        Ok(Foreign(Side::Expanded(*value)))
    }
}

#[cold]
fn other_type<T>(entry: &Entry) -> Error {
    Error::new(
        ErrorKind::Registry,
        format!(
            "the stream holds a foreign value of type `{}`, not `{}`",
            entry.rust_name,
            type_name::<T>()
        ),
    )
}

impl<T> fmt::Debug for Foreign<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Foreign").finish_non_exhaustive()
    }
}
