//! The registry: which types can stand behind trait objects, by name, and what they can become.

mod allowed;
mod cast;
mod code;
mod dispatch;
mod entry;
mod foreign;
mod persistent;
mod process;
mod unknown;

pub(crate) use allowed::Allowed;
pub(crate) use cast::BoxCast;
pub use cast::{Casts, Object};
pub(crate) use code::{coded, of_message};
pub use entry::Phase;
pub(crate) use entry::{Entry, Parts};
pub(crate) use persistent::{Ids, no_ids};
pub(crate) use process::or_global;
#[cfg(feature = "inventory")]
pub use process::{Registration, by_name, by_own_name};

use crate::error::{Error, ErrorKind};
use crate::expand::Expand;
use crate::limits::MAX_NAME;
use crate::near_miss;
use crate::program::table::{Definition, Ref, Table};
use crate::program::text::Name;
use crate::program::{equal, program_of};
use crate::read::{Collect, Plan};
use crate::reduce::Reduce;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::any::{Any, TypeId, type_name};
use core::fmt;
use core::iter::successors;
use persistent::PersistentTypes;

/// The types that can stand behind trait objects, each by the name that streams have for it.
///
/// A stream can name only what is registered. Both sides need the registry: [`Dumper::registry`](crate::Dumper::registry)
/// and [`Loader::registry`](crate::Loader::registry) take it. It is cheap to clone, and frozen from the first clone on: what
/// is registered later would not reach those who have it already. It is `Send` and `Sync`: one serves any number of sessions
/// and threads, and two sessions may have different ones.
///
/// The counterpart in pickle is
/// [`Unpickler.find_class`](https://docs.python.org/3/library/pickle.html#pickle.Unpickler.find_class), which looks up a class by
/// its module and name, and may import and run anything. A name that is not here is an error of the kind
/// [`Registry`](crate::ErrorKind::Registry), with the nearest name that is, and so is a registry without any type; behind
/// `dyn Any` it can be [kept](Self::keep_unknown) as an object of an unknown type. Crates with types of their own offer a `fn register(registry: &mut Registry)` to the program, as the example `plugins` shows.
///
/// ```
/// use reduce_core::{Dumper, Loader, Reduce, Registry};
///
/// #[reduce_core::object]
/// trait Shape {
///     fn area(&self) -> f64;
/// }
///
/// #[derive(Reduce)]
/// #[reduce(name = "geo.Square", implements(Shape))]
/// struct Square {
///     side: f64,
/// }
///
/// impl Shape for Square {
///     fn area(&self) -> f64 {
///         self.side * self.side
///     }
/// }
///
/// let mut registry = Registry::new();
/// registry.register::<Square>()?;
///
/// let shapes: Vec<Box<dyn Shape>> = vec![Box::new(Square { side: 2.0 })];
/// let bytes = Dumper::new().registry(&registry).to_vec(&shapes)?;
/// let again: Vec<Box<dyn Shape>> = Loader::new().registry(&registry).from_slice(&bytes)?;
/// assert_eq!(again[0].area(), 4.0);
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Registry {
    inner: Arc<Inner>,
}

#[derive(Clone, Default)]
struct Inner {
    /// What is looked up where this registry has no answer.
    base: Option<Registry>,
    by_name: BTreeMap<String, Entry>,
    names: BTreeMap<TypeId, String>,
    /// The types that have a code, by it.
    codes: BTreeMap<u32, TypeId>,
    casts: Casts,
    persistent: PersistentTypes,
    /// Objects of types that are not registered are kept.
    keeps_unknown: bool,
    /// Only these names of the base: what the loads of one loader see.
    allowed: Option<allowed::Names>,
}

impl Registry {
    /// A registry without types.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers a type by the name of its [description](crate::Describe), with the traits of its `implements(...)`.
    ///
    /// # Errors
    ///
    /// When the name or the type is registered already, the type has no name, or the registry is in use.
    pub fn register<T>(&mut self) -> Result<&mut Self, Error>
    where
        T: Reduce + for<'de> Expand<'de> + 'static,
    {
        match T::def().name() {
            Some(name) => self.register_as::<T>(name),
            None => Err(Error::new(
                ErrorKind::Registry,
                format!(
                    "`{}` has no name of its own; give it one with `Registry::register_as`",
                    type_name::<T>()
                ),
            )),
        }
    }

    /// Registers a type by a name of your choice: so each instance of a generic type gets its own.
    ///
    /// ```
    /// use reduce_core::{Reduce, Registry};
    ///
    /// #[derive(Reduce)]
    /// struct Pair<T>(T, T);
    ///
    /// let mut registry = Registry::new();
    /// registry.register_as::<Pair<u8>>("app.Pair<u8>")?.register_as::<Pair<String>>("app.Pair<str>")?;
    /// assert!(registry.register_as::<Pair<i8>>("app.Pair<u8>").is_err());
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the name or the type is registered already, or the registry is in use.
    pub fn register_as<T>(&mut self, name: &str) -> Result<&mut Self, Error>
    where
        T: Reduce + for<'de> Expand<'de> + 'static,
    {
        let inner = self.add::<T>(name, Entry::of::<T>())?;
        T::implementations(&mut Implementations { casts: &mut inner.casts });
        Ok(self)
    }

    /// Adds an entry for a name and a type that have none.
    fn add<T: 'static>(&mut self, name: &str, entry: Entry) -> Result<&mut Inner, Error> {
        self.unfrozen()?;
        usable(name)?;
        self.unused(name)?;
        if let Some(other) = self.name_of(TypeId::of::<T>()) {
            return Err(Error::new(
                ErrorKind::Registry,
                format!("`{}` is registered already, as `{}`", type_name::<T>(), Name(other)),
            ));
        }
        self.put::<T>(name, entry)
    }

    /// Adds an entry; the type has this name from now on.
    fn put<T: 'static>(&mut self, name: &str, entry: Entry) -> Result<&mut Inner, Error> {
        let inner = self.unfrozen()?;
        inner.names.insert(TypeId::of::<T>(), name.to_string());
        inner.by_name.insert(name.to_string(), entry);
        <dyn Any as Object<T>>::casts(&mut inner.casts);
        Ok(inner)
    }

    /// Says that a registered type can stand behind `D`, as `implements(...)` on the type does.
    ///
    /// ```
    /// use reduce_core::{Reduce, Registry};
    ///
    /// #[reduce_core::object]
    /// trait Shape {}
    ///
    /// #[derive(Reduce)]
    /// struct Dot;
    /// impl Shape for Dot {}
    ///
    /// let mut registry = Registry::new();
    /// registry.register::<Dot>()?.implement::<dyn Shape, Dot>()?;
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the registry is in use.
    pub fn implement<D, T>(&mut self) -> Result<&mut Self, Error>
    where
        D: Object<T> + ?Sized + 'static,
        T: 'static,
    {
        D::casts(&mut self.unfrozen()?.casts);
        Ok(self)
    }

    /// How many names are registered, those of the [base](Self::over) included.
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// Whether no name is registered.
    pub fn is_empty(&self) -> bool {
        self.layers().all(|layer| layer.by_name.is_empty())
    }

    /// This registry, the one it was made over, and so on.
    fn layers(&self) -> impl Iterator<Item = &Inner> {
        successors(Some(&*self.inner), |layer| layer.base.as_ref().map(|base| &*base.inner))
    }

    /// All entries by their names: of two layers that have a name, the upper one counts.
    pub(crate) fn entries(&self) -> BTreeMap<&str, &Entry> {
        let mut entries = BTreeMap::new();
        let all = self.layers().flat_map(|layer| &layer.by_name);
        for (name, entry) in all.filter(|(name, _)| self.allows(name)) {
            entries.entry(name.as_str()).or_insert(entry);
        }
        entries
    }

    fn by_name(&self, name: &str) -> Option<&Entry> {
        if !self.allows(name) {
            return None;
        }
        self.layers().find_map(|layer| layer.by_name.get(name))
    }

    /// The name of an entry, as dumps would write it.
    pub(crate) fn name_of_entry(&self, entry: &Entry) -> Option<&str> {
        self.name_of((entry.id)())
    }

    fn name_of(&self, id: TypeId) -> Option<&str> {
        self.layers().find_map(|layer| layer.names.get(&id)).map(String::as_str)
    }

    fn unfrozen(&mut self) -> Result<&mut Inner, Error> {
        Arc::get_mut(&mut self.inner).ok_or_else(|| {
            Error::new(
                ErrorKind::Registry,
                "the registry is in use, and frozen: register all types before it is handed to a `Dumper` or \
                 `Loader` or cloned",
            )
        })
    }

    /// The name and entry of a type, by the value behind a trait object.
    pub(crate) fn of_definition(&self, definition: &Definition<'_>) -> Option<&Entry> {
        match definition {
            Definition::Named(name, _) => self.by_name(name),
            Definition::Coded(code, _) => self.with_code(u32::try_from(*code).ok()?),
            _ => None,
        }
    }

    pub(crate) fn entry(&self, value: &dyn Any) -> Option<(&str, &Entry)> {
        let name = self.name_of(value.type_id())?;
        Some((name, self.by_name(name)?))
    }

    /// What a strong or weak pointer becomes as a pointer to a trait object.
    pub(crate) fn cast_pointer<To: 'static>(&self, from: &dyn Any) -> Option<To> {
        self.layers().find_map(|layer| layer.casts.pointer(from))
    }

    /// Whether a type is registered as one that can stand behind `D`: boxed, and so in the other ways.
    pub(crate) fn implements<D: ?Sized + 'static>(&self, entry: &Entry) -> bool {
        self.implements_type::<D>((entry.id)())
    }

    /// The same of a type that has no entry.
    pub(crate) fn implements_type<D: ?Sized + 'static>(&self, id: TypeId) -> bool {
        self.layers().any(|layer| layer.casts.has_boxed::<Box<D>>(id))
    }

    /// A type of this program that can stand behind `D`, and is stored by its own traits.
    pub(crate) fn implementor<D: ?Sized + 'static>(
        &self,
        of: Ref,
        table: &Table<'_>,
    ) -> Option<&Entry> {
        let mut entries = self.entries().into_values();
        entries.find(|entry| {
            !entry.foreign && equal((entry.def)(), of, table) && self.implements::<D>(entry)
        })
    }

    /// How a boxed value of a type becomes a boxed trait object.
    pub(crate) fn box_cast<To: 'static>(&self, entry: &Entry) -> Option<&BoxCast<To>> {
        let id = (entry.id)();
        self.layers().find_map(|layer| layer.casts.box_cast(id))
    }

    /// What a boxed value becomes as a boxed trait object.
    pub(crate) fn cast_box<To: 'static>(&self, from: Box<dyn Any>) -> Option<To> {
        let id = (*from).type_id();
        let layer = self.layers().find(|layer| layer.casts.has_boxed::<To>(id))?;
        layer.casts.boxed(from)
    }

    /// A weak pointer to nothing, of a pointer type to a trait object.
    pub(crate) fn dangling<Weak: 'static>(&self) -> Option<Weak> {
        self.layers().find_map(|layer| layer.casts.dangling())
    }

    /// Adds the shared types below all registered ones.
    pub(crate) fn collect<'de>(&self, collect: &mut Collect<'de>) {
        let all = self.layers().flat_map(|layer| &layer.by_name);
        for (_, entry) in all.filter(|(name, _)| self.allows(name)) {
            entry.pair.collect(collect);
        }
    }
}

/// Whether a load runs functions of the user for a registered type that a stream names. One that is not known here is an
/// error where the data has it.
pub(crate) fn rebuilds(registry: Option<&Registry>, table: &Table<'_>) -> bool {
    // Where the stream has another program, functions of its fields run too.
    entries(registry, table).any(|(entry, of)| {
        entry.rebuilds() || program_of((entry.def)()).adapts && !equal((entry.def)(), of, table)
    })
}

/// Whether a registered type that a stream names has another program there.
pub(crate) fn changed(registry: Option<&Registry>, table: &Table<'_>) -> bool {
    entries(registry, table).any(|(entry, of)| !equal((entry.def)(), of, table))
}

/// The registered types that a stream names and that are known here, with what the stream has of them.
fn entries<'r>(
    registry: Option<&'r Registry>,
    table: &'r Table<'_>,
) -> impl Iterator<Item = (&'r Entry, Ref)> {
    registry.into_iter().flat_map(|registry| {
        let definitions = table.definitions.iter();
        definitions.filter_map(|definition| {
            Some((registry.of_definition(definition)?, definition.registered()?))
        })
    })
}

/// The entry of a name in a stream, whose program must be the one of the type.
pub(crate) fn named<'s>(
    registry: Option<&'s Registry>,
    name: &str,
    of: Ref,
    table: &Table<'_>,
    planned: Option<Option<Plan>>,
) -> Result<&'s Entry, Error> {
    let Some(registry) = registry.filter(|registry| !registry.is_of_no_use()) else {
        return Err(empty(registry.is_some(), &format!("`{}` is a registered type", Name(name))));
    };
    let Some(entry) = registry.by_name(name) else {
        return Err(unknown(name, registry));
    };
    if planned.is_some() || equal((entry.def)(), of, table) {
        return Ok(entry);
    }
    Err(Error::new(
        ErrorKind::TypeMismatch,
        format!(
            "the program of `{}` in the stream is not the one of `{}`, which is registered by that name",
            Name(name),
            entry.rust_name
        ),
    ))
}

/// The error of a name that no stream could hold, or nobody could read in one.
fn usable(name: &str) -> Result<(), Error> {
    let wrong = if name.is_empty() {
        "a type cannot be registered by an empty name"
    } else if name.len() > MAX_NAME {
        "a type cannot be registered by a name of more than 1,024 bytes"
    } else if name.chars().any(char::is_control) {
        "a type cannot be registered by a name with control characters"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Registry, wrong))
}

#[cold]
pub(crate) fn empty(given: bool, what: &str) -> Error {
    let message = if given {
        format!("{what}, but the registry is empty")
    } else {
        format!(
            "{what}, but the session has no registry; hand one over with `.registry(&registry)`, \
             or to the process with `Registry::set_global`"
        )
    };
    Error::new(ErrorKind::Registry, message)
}

#[cold]
fn unknown(name: &str, registry: &Registry) -> Error {
    let refusal = registry.refusal(&format!("`{}`", Name(name)), registry.allows(name));
    if let Some(refusal) = refusal {
        return refusal;
    }
    let near = near_miss::nearest(name, registry.entries().into_keys());
    let near = near.map(|near| format!("; did you mean `{}`?", Name(near))).unwrap_or_default();
    Error::new(
        ErrorKind::Registry,
        format!("no type is registered by the name `{}`{near}", Name(name)),
    )
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.entries().into_keys()).finish()
    }
}

/// Takes note of the traits that a type implements: what `implements(...)` writes to.
#[derive(Debug)]
pub struct Implementations<'r> {
    casts: &'r mut Casts,
}

impl Implementations<'_> {
    /// `T` can stand behind `D`.
    pub fn add<D, T>(&mut self)
    where
        D: Object<T> + ?Sized + 'static,
        T: 'static,
    {
        D::casts(self.casts);
    }
}
