//! Numbers of one type from those of another: where the value fits, and no digit is lost.

use crate::error::{Error, ErrorKind};
use crate::read::{Plan, Reader};
use crate::scan::Primitive;
use alloc::format;
use core::fmt::Display;

/// An integer, from one of any width and sign.
pub(super) fn integer<T: TryFrom<u128> + TryFrom<i128>>(
    what: &str,
    plan: Plan,
    r: &mut Reader<'_, '_>,
) -> Result<T, Error> {
    let number = r.primitive(plan)?;
    let fitting = match number {
        Primitive::Unsigned(number) => T::try_from(number).ok(),
        Primitive::Signed(number) => T::try_from(number).ok(),
        _ => None,
    };
    fitting.ok_or_else(|| misfit(number, what, r))
}

/// A number of 64 bits, from any number that it holds exactly.
pub(super) fn double(what: &str, plan: Plan, r: &mut Reader<'_, '_>) -> Result<f64, Error> {
    let number = r.primitive(plan)?;
    let fitting = match number {
        Primitive::F32(number) => Some(f64::from(number)),
        Primitive::F64(number) => Some(number),
        Primitive::Unsigned(number) => exact(number),
        Primitive::Signed(number) => {
            exact(number.unsigned_abs()).map(|size| if number < 0 { -size } else { size })
        }
        _ => None,
    };
    fitting.ok_or_else(|| misfit(number, what, r))
}

/// A number of 32 bits, from any number that it holds exactly.
pub(super) fn single(what: &str, plan: Plan, r: &mut Reader<'_, '_>) -> Result<f32, Error> {
    let number = r.primitive(plan)?;
    let wide = match number {
        Primitive::F32(number) => f64::from(number),
        Primitive::F64(number) => number,
        Primitive::Unsigned(size) => exact(size).ok_or_else(|| misfit(number, what, r))?,
        Primitive::Signed(signed) => {
            let size = exact(signed.unsigned_abs()).ok_or_else(|| misfit(number, what, r))?;
            if signed < 0 { -size } else { size }
        }
        _ => return Err(misfit(number, what, r)),
    };
    // Rounds, and is looked at right after.
    #[allow(clippy::cast_possible_truncation)]
    let narrow = wide as f32;
    // A number that is none is one in either width.
    if f64::from(narrow).to_bits() == wide.to_bits() || wide.is_nan() {
        Ok(narrow)
    } else {
        Err(misfit(number, what, r))
    }
}

/// The digits of a `f64`, in bits.
const DIGITS: u32 = f64::MANTISSA_DIGITS;

/// The number as a `f64`, if that holds all of it.
fn exact(number: u128) -> Option<f64> {
    let zeros = number.leading_zeros().saturating_add(number.trailing_zeros());
    let digits = u128::BITS.saturating_sub(zeros);
    // What has so few digits is not rounded.
    #[allow(clippy::cast_precision_loss)]
    let double = number as f64;
    (digits <= DIGITS).then_some(double)
}

#[cold]
fn misfit(number: Primitive<'_>, what: &str, r: &Reader<'_, '_>) -> Error {
    let (number, loss): (&dyn Display, _) = match &number {
        Primitive::Unsigned(number) => (number, ""),
        Primitive::Signed(number) => (number, ""),
        Primitive::F32(number) => (number, " without losing digits"),
        Primitive::F64(number) => (number, " without losing digits"),
        _ => (&"what the stream has", ""),
    };
    r.input.error(
        ErrorKind::InvalidValue,
        format!(
            "{number} does not fit in `{what}`{loss}; keep the wider type, or name a function that makes the field of it: \
             `#[reduce(convert = path)]`"
        ),
    )
}
