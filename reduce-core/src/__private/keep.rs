//! Fields that hold what a type does not know: of which types they are.

use crate::unknown::Unknown;
use crate::value::Value;

/// The type of a field that keeps the fields that its type does not know.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not keep the fields that a type does not know",
    label = "expected `reduce_core::Unknown`",
    note = "a field with `#[reduce(unknown)]` is of the type `reduce_core::Unknown`, which holds fields by name"
)]
pub trait KeepsFields {
    /// The field.
    fn keep(fields: Unknown) -> Self;
}

impl KeepsFields for Unknown {
    #[inline(always)]
    fn keep(fields: Unknown) -> Self {
        fields
    }
}

/// The type of a field that keeps the variants that its type does not know.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not keep the variants that a type does not know",
    label = "expected `reduce_core::Value`",
    note = "a variant with `#[reduce(other)]` holds the unknown variant as a `reduce_core::Value`, or nothing"
)]
pub trait KeepsVariant {
    /// The field.
    fn keep(variant: Value) -> Self;
}

impl KeepsVariant for Value {
    #[inline(always)]
    fn keep(variant: Value) -> Self {
        variant
    }
}

/// The field with `unknown`.
#[inline(always)]
pub fn keep_fields<T: KeepsFields>(fields: Unknown) -> T {
    T::keep(fields)
}

/// The field of the variant with `other`.
#[inline(always)]
pub fn keep_variant<T: KeepsVariant>(variant: Value) -> T {
    T::keep(variant)
}
