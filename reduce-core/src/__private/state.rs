//! What generated code calls for state fields and for the shared types below a type.

use crate::expand::Expand;
use crate::read::{Collect, Install, Target};
use alloc::boxed::Box;

/// Boxes what sets a state.
pub fn install<T>(set: impl FnOnce(Target<'_, T>) + 'static) -> Install<T> {
    Box::new(set)
}

/// Sets a state field of a shared object.
#[inline]
pub fn set_cell<'de, T: Expand<'de>>(cell: &T, value: T) {
    cell.set(value);
}

/// Whether a state field of a shared object can be set just now.
#[inline]
pub fn is_settable<'de, T: Expand<'de>>(cell: &T) -> bool {
    cell.settable()
}

/// Adds the shared types below a field's type.
pub fn collect_field<'de, T: Expand<'de>>(collect: &mut Collect<'de>) {
    T::collect(collect);
}
