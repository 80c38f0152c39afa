//! What `Reduce` and `Expand` share: the description of a type.

use crate::program::{PartDef, TypeDef};
use crate::registry::Implementations;
use crate::row::Width;

/// What a type looks like in a stream: the part of it that is the same at dump and load.
///
/// The derive writes it; [`TypeDef`] has the kinds of descriptions. It is asked for before a value is looked at, and is
/// constant: it may not depend on a value. pickle has no counterpart, since its streams do not describe their types.
///
/// # The three traits by hand
///
/// Most types need the derive alone, or [`via`](crate::attributes#via), or an [`Adapter`](crate::Adapter). What they cannot say
/// is written by hand, under these rules:
///
/// * The reducer writes the parts that the description names, in its order, each with its own
///   [`reduce`](crate::Reduce::reduce); the expander reads them in the same order. Nothing else is written or read. A stream
///   whose data does not fit its program is refused at load.
/// * Where a `Weak` stands in front of the field that owns its object, a load learns from derived types what owns what.
///   Where only hand-written expanders hold the objects, the field that owns them comes first.
/// * A reducer is pure: one dump may call it more than once.
/// * An expander that does more than make a value (one that opens a file, say) has a description that says
///   [`rebuilds`](TypeDef::rebuilds): then it runs only after the whole stream was found well formed.
///
/// A generic container, as the derive would write it:
///
/// ```
/// use reduce_core::{Describe, Error, Expand, Field, Fields, Reader, Reduce, TypeDef, Writer};
///
/// #[derive(Debug, PartialEq)]
/// struct Pair<A, B> {
///     first: A,
///     second: B,
/// }
///
/// impl<A: Describe, B: Describe> Describe for Pair<A, B> {
///     fn def() -> &'static TypeDef {
///         const {
///             &TypeDef::record::<Self>(
///                 "my.Pair",
///                 Fields::Named(const {
///                     &[Field::new("first", A::def), Field::new("second", B::def)]
///                 }),
///             )
///         }
///     }
/// }
///
/// impl<A: Reduce, B: Reduce> Reduce for Pair<A, B> {
///     fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
///         self.first.reduce(w)?;
///         self.second.reduce(w)
///     }
/// }
///
/// impl<'de, A: Expand<'de>, B: Expand<'de>> Expand<'de> for Pair<A, B> {
///     fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
///         let first = A::expand(r)?;
///         let second = B::expand(r)?;
///         Ok(Pair { first, second })
///     }
/// }
///
/// let pair = Pair { first: 1u8, second: vec!["a", "b"] };
/// let bytes = reduce_core::to_vec(&pair)?;
/// assert_eq!(reduce_core::from_slice::<Pair<u8, Vec<&str>>>(&bytes)?, pair);
/// # Ok::<(), Error>(())
/// ```
///
/// A type that is stored as another one forwards to it, and may refuse what it cannot hold:
///
/// ```
/// use reduce_core::{Describe, Error, Expand, Reader, Reduce, TypeDef, Writer};
///
/// #[derive(Debug, PartialEq)]
/// struct Even(u32);
///
/// impl Describe for Even {
///     fn def() -> &'static TypeDef {
///         u32::def()
///     }
/// }
///
/// impl Reduce for Even {
///     fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
///         (self.0 / 2).reduce(w)
///     }
/// }
///
/// impl<'de> Expand<'de> for Even {
///     fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
///         let half = u32::expand(r)?;
///         half.checked_mul(2).map(Even).ok_or_else(|| r.invalid("an even number above u32::MAX"))
///     }
/// }
///
/// let bytes = reduce_core::to_vec(&vec![Even(4), Even(6)])?;
/// assert_eq!(reduce_core::from_slice::<Vec<Even>>(&bytes)?, [Even(4), Even(6)]);
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored",
    label = "`{Self}` has no reducer and no expander",
    note = "for a type of your own: `#[derive(Reduce)]`",
    note = "for a type of another crate: `#[reduce(with = Adapter)]` on the field; for a trait object: `#[reduce_core::object]` on the trait",
    note = "for what has no meaning outside of this process (a connection, an open file, an `Instant`, a lock's guard): `#[reduce(skip, rebuild = path)]` or `#[reduce(skip, default)]` on the field"
)]
pub trait Describe {
    /// The description, as constant data: for one type always the same.
    ///
    /// ```
    /// use reduce_core::Describe;
    ///
    /// assert_eq!(<Option<u8>>::def().name(), None);
    /// assert!(std::ptr::eq(String::def(), str::def())); // stored alike
    /// ```
    fn def() -> &'static TypeDef;

    /// The type as a part of others: its description, and whether its reducer and its expander know columns.
    #[doc(hidden)]
    const PART: PartDef = PartDef::in_rows(Self::def);

    /// What each value takes in a row, where that is the same for all: [`Reduce`](crate::Reduce) and
    /// [`Expand`](crate::Expand) know such rows then.
    #[doc(hidden)]
    const WIDTH: Width = Width::VARIES;

    /// The type has state fields of its own.
    #[doc(hidden)]
    const HAS_STATE: bool = false;

    /// State can be set through `&self`, so an object behind a shared pointer is written without it at first.
    #[doc(hidden)]
    const TWO_PHASE: bool = false;

    /// The type is a cell: its value can be set through `&self`.
    #[doc(hidden)]
    const CELL: bool = false;

    /// The traits that the type says it implements, for its registration.
    #[doc(hidden)]
    fn implementations(_: &mut Implementations<'_>)
    where
        Self: Sized + 'static,
    {
    }
}
