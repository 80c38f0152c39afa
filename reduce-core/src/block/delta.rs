//! Differences: the first number, and a flat block of how much each one is more than the one before.

use super::flat::{self, Flat, Range};
use super::header;
use super::word::{Narrow, Order};
use crate::error::Error;
use crate::limits::Budget;
use crate::read::Input;
use crate::varint;
use alloc::vec::Vec;

/// How much each number is more than the one before, signed.
#[inline]
pub(super) fn differences<W: Narrow>(values: &[W]) -> impl Iterator<Item = W> {
    let behind = values.get(1..).unwrap_or_default();
    values.iter().zip(behind).map(|(before, value)| value.minus(*before))
}

/// The coding of the differences, and the size of the block.
pub(super) fn measure<W: Narrow>(values: &[W], order: Order) -> (Flat<W>, usize) {
    let range = Range::of(differences(values), Order::Signed);
    let (flat, size) = Flat::of(range, values.len().saturating_sub(1), Order::Signed);
    let first = values.first().map_or(0, |first| flat::head_size(first.head(order)));
    (flat, size.saturating_add(first).saturating_add(1))
}

/// Writes two numbers or more.
pub(super) fn put<W: Narrow>(values: &[W], flat: Flat<W>, order: Order, out: &mut Vec<u8>) {
    let [first, rest @ ..] = values else { return };
    out.push(header::DELTA);
    varint::push(out, first.head(order));
    flat.put_each(rest.len(), differences(values), Order::Signed, out);
}

/// Appends the numbers of a block whose header was read.
pub(super) fn get<W: Narrow>(
    count: usize,
    order: Order,
    input: &mut Input<'_>,
    budget: &mut Budget,
    out: &mut Vec<W>,
) -> Result<(), Error> {
    let start = *input;
    let first = W::get_head(order, input)?;
    let Some(rest @ 1..) = count.checked_sub(1) else {
        return Err(start.malformed("a block of differences has one number"));
    };
    flat::reserve(1, &start, budget, out)?;
    let from = out.len();
    out.push(first);
    flat::get(rest, Order::Signed, input, budget, out)?;
    let mut sum = W::low(0);
    for value in out.get_mut(from..).unwrap_or_default() {
        sum = sum.plus(*value);
        *value = sum;
    }
    Ok(())
}

/// Steps over such a block.
pub(super) fn pass<W: Narrow>(count: usize, input: &mut Input<'_>) -> Result<(), Error> {
    W::get_head(Order::Unsigned, input)?;
    flat::pass::<W>(count.saturating_sub(1), input)
}
