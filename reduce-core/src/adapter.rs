//! `Adapter`: how a type of another crate is stored.

use crate::context::Context;
use crate::describe::Describe;
use crate::error::{BoxError, Error, ErrorKind};
use crate::expand::Expand;
use crate::program::{CallDef, TypeDef, When};
use crate::reduce::Reduce;
use crate::write::Writer;
use core::any::type_name;
use core::marker::PhantomData;

/// Says how a type of another crate is stored: as a type of ours. `#[reduce(with = ...)]` on a field uses it.
///
/// The adapter is a type of its own, usually an empty struct: neither `T` nor this trait need be yours.
/// Adapters compose: where `T` has the adapter `A`, `Vec<T>` has `Vec<A>`, and so with `Option`, `Box`, arrays, tuples
/// and the other containers. The counterpart in Python is
/// [`copyreg.pickle`](https://docs.python.org/3/library/copyreg.html#copyreg.pickle).
///
/// ```
/// use reduce_core::{Adapter, BoxError, Context, Reduce};
/// use std::num::NonZeroU8;
///
/// mod other_crate {
///     #[derive(Debug, PartialEq)]
///     pub struct Version(pub u8, pub u8);
/// }
/// use other_crate::Version;
///
/// /// Stores a version as text.
/// struct AsText;
///
/// impl Adapter<Version> for AsText {
///     type Stored = String;
///
///     fn reduce(version: &Version, _: &Context<'_>) -> Result<String, BoxError> {
///         Ok(format!("{}.{}", version.0, version.1))
///     }
///
///     fn expand(text: String, _: &Context<'_>) -> Result<Version, BoxError> {
///         let (major, minor) = text.split_once('.').ok_or("a version needs a dot")?;
///         Ok(Version(major.parse()?, minor.parse()?))
///     }
/// }
///
/// #[derive(Reduce, Debug, PartialEq)]
/// struct Package {
///     name: String,
///     #[reduce(with = AsText)]
///     version: Version,
///     #[reduce(with = Vec<AsText>)]
///     supported: Vec<Version>,
/// }
///
/// let package = Package {
///     name: "reduce".into(),
///     version: Version(1, 2),
///     supported: vec![Version(1, 0), Version(1, 1)],
/// };
/// let bytes = reduce_core::to_vec(&package)?;
/// assert_eq!(reduce_core::from_slice::<Package>(&bytes)?, package);
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an adapter for `{T}`",
    label = "`Adapter<{T}>` is not implemented for `{Self}`",
    note = "`impl Adapter<{T}> for ...` says how a `{T}` is stored; `Vec<A>`, `Option<A>` and the like adapt containers of what `A` adapts"
)]
pub trait Adapter<T>: Sized {
    /// What is stored in the value's place. It borrows nothing from the stream.
    type Stored: Reduce + for<'de> Expand<'de>;

    /// It is a function of the user's, and does not only call other adapters.
    #[doc(hidden)]
    const CALLS: bool = true;

    /// The description of what is stored.
    #[doc(hidden)]
    fn adapted_def() -> &'static TypeDef {
        const {
            let calls = const { &[CallDef::of_stored(When::Adapted, type_name::<Self>)] };
            let def = TypeDef::transparent::<Adapted<Self, T>>(<Self::Stored as Describe>::def);
            &def.rebuilds().calls(calls)
        }
    }

    /// Takes a value apart. It must be pure, as every reducer: a dump takes a value apart three times where a weak
    /// pointer stands in front of its object, and keys and elements once more where it is canonical.
    ///
    /// # Errors
    ///
    /// Any error ends the dump, with the path to the value; it is of the kind
    /// [`Convert`](crate::ErrorKind::Convert), unless it is an [`Error`](crate::Error) already.
    fn reduce(value: &T, context: &Context<'_>) -> Result<Self::Stored, BoxError>;

    /// Puts a value together. It runs after the whole stream was found well formed.
    ///
    /// # Errors
    ///
    /// Any error ends the load, with the path to the value; it is of the kind
    /// [`Convert`](crate::ErrorKind::Convert), unless it is an [`Error`](crate::Error) already.
    fn expand(stored: Self::Stored, context: &Context<'_>) -> Result<T, BoxError>;

    /// Writes a value of a field as it is stored.
    #[doc(hidden)]
    fn reduce_field(value: &T, w: &mut Writer<'_>) -> Result<(), Error> {
        match Self::reduce(value, &w.context()) {
            Ok(stored) => stored.reduce(w),
            Err(cause) => Err(adapter_failed(cause, w.offset())),
        }
    }
}

/// What an adapter stores for a `T`: loading it runs a function of the user's, and so it is not its `Stored` alone.
pub(crate) struct Adapted<A, T>(PhantomData<(A, T)>);

#[cold]
pub(crate) fn adapter_failed(cause: BoxError, offset: usize) -> Error {
    Error::from_cause(ErrorKind::Convert, "the adapter failed", cause).with_offset(offset)
}

/// The adapter that adapts nothing: for the parts of a container that need none. At dump it clones the part.
///
/// ```
/// use reduce_core::{Adapter, BoxError, Context, Reduce, Same};
/// use std::collections::HashMap;
///
/// #[derive(Debug, PartialEq)]
/// struct Foreign(u8);
///
/// struct AsNumber;
///
/// impl Adapter<Foreign> for AsNumber {
///     type Stored = u8;
///     fn reduce(value: &Foreign, _: &Context<'_>) -> Result<u8, BoxError> {
///         Ok(value.0)
///     }
///     fn expand(stored: u8, _: &Context<'_>) -> Result<Foreign, BoxError> {
///         Ok(Foreign(stored))
///     }
/// }
///
/// #[derive(Reduce, Debug, PartialEq)]
/// struct Table {
///     #[reduce(with = HashMap<Same, AsNumber>)]
///     rows: HashMap<String, Foreign>,
/// }
///
/// let table = Table { rows: HashMap::from([("a".to_string(), Foreign(1))]) };
/// let bytes = reduce_core::to_vec(&table)?;
/// assert_eq!(reduce_core::from_slice::<Table>(&bytes)?, table);
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Same;
