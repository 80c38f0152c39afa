//! Values that the caller hands to a session, found by their type.

use crate::error::{Error, ErrorKind};
use crate::limits::{Calls, Exhausted};
use crate::registry::Registry;
use alloc::format;
use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::{Any, TypeId, type_name};
use core::fmt;

/// Values that the caller handed to a dump or load, by type: a connection pool, a configuration, a codec.
///
/// Rebuild functions get theirs with `context(Type)`; adapters and hand-written implementations look them up here.
/// What was [lent](crate::Loader::with_context) to one session stands before what its settings
/// [hold](crate::Loader::context).
///
/// ```
/// use reduce_core::{Adapter, BoxError, Context, Dumper, Loader, Reduce};
///
/// struct Base(String);
///
/// /// Stores a path relative to the session's base.
/// struct Relative;
///
/// impl Adapter<String> for Relative {
///     type Stored = String;
///     fn reduce(path: &String, context: &Context<'_>) -> Result<String, BoxError> {
///         let base = context.require::<Base>()?;
///         Ok(path.strip_prefix(&base.0).unwrap_or(path).to_string())
///     }
///     fn expand(rest: String, context: &Context<'_>) -> Result<String, BoxError> {
///         Ok(format!("{}{rest}", context.require::<Base>()?.0))
///     }
/// }
///
/// #[derive(Reduce)]
/// struct Document {
///     #[reduce(with = Relative)]
///     path: String,
/// }
///
/// let document = Document { path: "/home/ann/notes.txt".into() };
/// let bytes = Dumper::new().context(Base("/home/ann/".into())).to_vec(&document).unwrap();
/// let moved = Loader::new().context(Base("/srv/ann/".into()));
/// assert_eq!(moved.from_slice::<Document>(&bytes).unwrap().path, "/srv/ann/notes.txt");
/// ```
#[derive(Clone, Copy)]
pub struct Context<'s> {
    held: &'s Held,
    lent: &'s [Lent<'s>],
    /// For the adapters that ask it how a type is stored.
    registry: Option<&'s Registry>,
    /// How many functions of the user's a load may still call.
    calls: Option<&'s Calls>,
}

/// Values that a session's settings hold: shared, so that settings are cheap to clone and go to other threads.
pub(crate) type Held = Vec<Given<Arc<dyn Any + Send + Sync>>>;
/// A value lent to one session.
pub(crate) type Lent<'s> = Given<&'s dyn Any>;

/// A value with its type.
#[derive(Clone)]
pub(crate) struct Given<V> {
    id: TypeId,
    /// For errors.
    name: &'static str,
    value: V,
}

impl<V> Given<V> {
    /// `C` is the type of the value behind the pointer.
    pub(crate) fn new<C: Any>(value: V) -> Self {
        Given { id: TypeId::of::<C>(), name: type_name::<C>(), value }
    }
}

impl<'s> Context<'s> {
    #[inline]
    pub(crate) fn new(
        held: &'s Held,
        lent: &'s [Lent<'s>],
        registry: Option<&'s Registry>,
        calls: Option<&'s Calls>,
    ) -> Self {
        Context { held, lent, registry, calls }
    }

    /// Takes one call of a function of the user's from what is left of them: passed in front of each.
    #[inline]
    pub(crate) fn call(&self) -> Result<(), Error> {
        match self.calls {
            Some(calls) => calls.take().map_err(Exhausted::error),
            None => Ok(()),
        }
    }

    #[inline]
    pub(crate) fn registry(&self) -> Option<&'s Registry> {
        self.registry
    }

    /// The session's value of this type, if it was given one. The type is exactly the one that was given: a `u32` is not
    /// found as an `i32`, nor an `Arc<Pool>` as a `Pool`.
    ///
    /// ```
    /// use reduce_core::{Adapter, BoxError, Context, Dumper, Reduce};
    ///
    /// struct Unit(u32);
    ///
    /// /// Rounds to the session's unit, if it has one.
    /// struct Rounded;
    ///
    /// impl Adapter<u32> for Rounded {
    ///     type Stored = u32;
    ///     fn reduce(value: &u32, context: &Context<'_>) -> Result<u32, BoxError> {
    ///         let unit = context.get::<Unit>().map_or(1, |unit| unit.0);
    ///         Ok(value.checked_div(unit).ok_or("a unit of 0")? * unit)
    ///     }
    ///     fn expand(stored: u32, _: &Context<'_>) -> Result<u32, BoxError> {
    ///         Ok(stored)
    ///     }
    /// }
    ///
    /// #[derive(Reduce)]
    /// #[reduce(transparent)]
    /// struct Price(#[reduce(with = Rounded)] u32);
    ///
    /// let exact = reduce_core::to_vec(&Price(1234))?;
    /// let rounded = Dumper::new().context(Unit(100)).to_vec(&Price(1234))?;
    /// assert_eq!(reduce_core::from_slice::<u32>(&exact)?, 1234);
    /// assert_eq!(reduce_core::from_slice::<u32>(&rounded)?, 1200);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    pub fn get<C: Any>(&self) -> Option<&'s C> {
        let id = TypeId::of::<C>();
        // The last one given wins, as with any setting.
        if let Some(given) = self.lent.iter().rev().find(|given| given.id == id) {
            return given.value.downcast_ref();
        }
        let given = self.held.iter().rev().find(|given| given.id == id)?;
        (*given.value).downcast_ref()
    }

    /// The session's value of this type, or an error that names the type. The example of [`Context`] uses it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MissingContext`](crate::ErrorKind::MissingContext) when the session was not given one.
    pub fn require<C: Any>(&self) -> Result<&'s C, Error> {
        self.get().ok_or_else(|| self.missing(type_name::<C>()))
    }

    /// The error that this type was not given. It lists the types that were: a `Cell<i32>` for a `Cell<u32>` is easily
    /// overlooked.
    #[cold]
    pub(crate) fn missing(&self, wanted: &str) -> Error {
        let held = self.held.iter().map(|given| given.name);
        let given: Vec<_> = self.lent.iter().map(|given| given.name).chain(held).collect();
        let given = if given.is_empty() {
            "none was".to_string()
        } else {
            format!("only `{}` was", given.join("`, `"))
        };
        Error::new(
            ErrorKind::MissingContext,
            format!(
                "needs a context of type `{wanted}`, but {given} given to the session; \
                 hand it over with `.context(value)` or `.with_context(&value)`"
            ),
        )
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("held", &self.held.len())
            .field("lent", &self.lent.len())
            .finish()
    }
}
