//! What `Reduce` and `Expand` share: the description of a type.

use crate::program::TypeDef;

/// What a type looks like in a stream: the part of it that is the same at dump and load.
///
/// The derive writes it. By hand, it usually forwards to the type that stands in for this one:
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
    note = "for a type of another crate: `#[reduce(with = Adapter)]` on the field",
    note = "for what has no meaning outside of this process (a connection, an open file, an `Instant`, a lock's guard): `#[reduce(skip, rebuild = path)]` or `#[reduce(skip, default)]` on the field"
)]
pub trait Describe {
    /// The description, as constant data.
    fn def() -> &'static TypeDef;
}
