//! Floats that are whole numbers times one power of two, as those are that were rounded to a step or are multiples of one:
//! its exponent, and a flat block of those numbers.

use super::flat::{self, Flat, Range};
use super::header;
use super::word::{Narrow, Order};
use crate::error::Error;
use crate::limits::Budget;
use crate::read::Input;
use crate::varint;
use alloc::vec::Vec;

/// How such floats are written.
#[derive(Clone, Copy)]
pub(super) struct Scaled<W> {
    exponent: i64,
    numbers: Flat<W>,
}

/// The exponents of a float: of its lowest bit that is set, and of its highest.
#[derive(Clone, Copy)]
struct Bits {
    low: i64,
    high: i64,
}

impl Bits {
    /// Of a float, zero aside; none of one that is never a whole number times a step.
    #[inline]
    fn of<W: Narrow>(float: W) -> Option<Option<Self>> {
        let bits = float.wide();
        if bits == 0 {
            return Some(None);
        }
        let field = (bits & (W::SIGN.wide() - 1)) >> W::FRACTION;
        // Neither without end, nor tiny, nor less than nothing and zero all the same.
        if field == 0 || field == most_field::<W>() {
            return None;
        }
        let fraction = bits & ((1 << W::FRACTION) - 1) | 1 << W::FRACTION;
        let high = field.cast_signed() - bias::<W>();
        let zeros = i64::from(fraction.trailing_zeros());
        Some(Some(Bits { low: high - i64::from(W::FRACTION) + zeros, high }))
    }

    /// Of all the bits of some floats.
    fn of_all<W: Narrow>(floats: &[W]) -> Option<Self> {
        let none = Bits { low: i64::MAX, high: i64::MIN };
        let all = floats.iter().try_fold(none, |all, float| {
            let Some(bits) = Bits::of(*float)? else { return Some(all) };
            Some(Bits { low: all.low.min(bits.low), high: all.high.max(bits.high) })
        });
        all.filter(|all| all.low <= all.high)
    }

    /// Whether numbers with a sign that take so many bits save some.
    fn pays<W: Narrow>(self) -> bool {
        let width = self.high - self.low + 2;
        width <= i64::from(W::BITS - W::BITS / 8)
    }
}

/// What the exponent of a float is stored more than it is.
fn bias<W: Narrow>() -> i64 {
    (W::SIGN.wide() >> (W::FRACTION + 1)).cast_signed() - 1
}

/// How infinities and what is no number are told from floats.
fn most_field<W: Narrow>() -> u64 {
    (W::SIGN.wide() - 1) >> W::FRACTION
}

/// Two to that power, if it is a float with all of its bits.
fn power<W: Narrow>(exponent: i64) -> Option<W> {
    let field = u64::try_from(exponent.checked_add(bias::<W>())?).ok()?;
    (0 < field && field < most_field::<W>()).then(|| W::low(field << W::FRACTION))
}

/// How floats are written by a step, if that saves something, and the size of the block. `sample` are some of them.
pub(super) fn measure<W: Narrow>(values: &[W], sample: &[W]) -> Option<(Scaled<W>, usize)> {
    let first = Bits::of_all(sample).filter(|bits| bits.pays::<W>())?;
    // Mostly the first step is that of all.
    let exponent = match try_step(values, first.low) {
        Some(range) => (first.low, range),
        None => {
            let low = Bits::of_all(values).filter(|bits| bits.pays::<W>())?.low;
            (low, try_step(values, low)?)
        }
    };
    let (exponent, range) = exponent;
    let (numbers, size) = Flat::of(range, values.len(), Order::Signed);
    let head = flat::head_size(varint::zigzag(exponent));
    let saves = !matches!(numbers, Flat::Raw);
    saves.then(|| (Scaled { exponent, numbers }, size.saturating_add(head).saturating_add(1)))
}

/// The range of the whole numbers, if all floats are those times the step.
fn try_step<W: Narrow>(values: &[W], exponent: i64) -> Option<Range<W>> {
    let (step, inverse) = (power::<W>(exponent)?, power::<W>(exponent.checked_neg()?)?);
    let mut differ = W::low(0);
    let range = Range::of(
        values.iter().map(|value| {
            let number = value.steps(inverse);
            differ = differ.or(number.times(step).xor(*value));
            number
        }),
        Order::Signed,
    );
    (differ == W::low(0)).then_some(range)
}

/// Writes floats that this was found for.
pub(super) fn put<W: Narrow>(values: &[W], plan: Scaled<W>, out: &mut Vec<u8>) {
    out.push(header::SCALED);
    varint::push(out, varint::zigzag(plan.exponent));
    let inverse = power::<W>(plan.exponent.saturating_neg()).unwrap_or_default();
    plan.numbers.put_with(values, |value| value.steps(inverse), Order::Signed, out);
}

/// Appends the floats of a block whose header was read.
pub(super) fn get<W: Narrow>(
    count: usize,
    _: Order,
    input: &mut Input<'_>,
    budget: &mut Budget,
    out: &mut Vec<W>,
) -> Result<(), Error> {
    let step = get_step::<W>(input)?;
    let from = out.len();
    flat::get(count, Order::Signed, input, budget, out)?;
    for value in out.get_mut(from..).unwrap_or_default() {
        *value = value.times(step);
    }
    Ok(())
}

fn get_step<W: Narrow>(input: &mut Input<'_>) -> Result<W, Error> {
    let start = *input;
    let exponent = varint::unzigzag(input.varint()?);
    power(exponent).ok_or_else(|| start.malformed("the step of a block's floats is no float"))
}

/// Steps over such a block.
pub(super) fn pass<W: Narrow>(count: usize, input: &mut Input<'_>) -> Result<(), Error> {
    get_step::<W>(input)?;
    flat::pass::<W>(count, input)
}
