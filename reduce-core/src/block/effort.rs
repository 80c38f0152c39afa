//! How much a dump does for size.

/// What a dump of lists in columns is after: to be fast, or to be small.
///
/// Either way the same loads read it, at about the same speed.
///
/// ```
/// use reduce_core::Effort;
///
/// assert_eq!(Effort::default(), Effort::Fast);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effort {
    /// Looks at a few values of a column to see what is worth trying.
    #[default]
    Fast,
    /// Looks at all values, and takes what is smallest.
    Small,
}
