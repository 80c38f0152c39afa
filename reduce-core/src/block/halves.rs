//! Numbers of 128 bits: as they are, or a block of their upper halves and one of their lower halves.

use super::flat;
use super::word::{Order, Word};
use super::{Effort, header, numbers};
use crate::error::Error;
use crate::limits::Budget;
use crate::read::Input;
use alloc::vec::Vec;

/// How many upper halves tell whether it is worth to part the numbers.
const SAMPLE: usize = 8;
/// How many bits that are the same in all of those are chance.
const SAME: u32 = 4;

#[inline]
#[allow(clippy::cast_possible_truncation)] // what it is for
fn lower(value: u128) -> u64 {
    value as u64
}

#[inline]
fn upper(value: u128) -> u64 {
    lower(value >> u64::BITS)
}

pub(super) fn put(values: &[u128], order: Order, effort: Effort, out: &mut Vec<u8>) {
    if values.is_empty() {
        return;
    }
    let start = out.len();
    // Identities are random in both halves as a rule, or grow in the upper one.
    let sample = values.iter().take(SAMPLE).map(|value| upper(*value));
    let first = upper(values.first().copied().unwrap_or_default());
    let varying = sample.fold(0, |varying, half| varying | half ^ first);
    if flat::bits(varying) < u64::BITS - SAME || effort == Effort::Small {
        out.push(header::HALVES);
        let mut halves: Vec<u64> = values.iter().map(|value| upper(*value)).collect();
        numbers::put_narrow(&halves, order, effort, out);
        halves.clear();
        halves.extend(values.iter().map(|value| lower(*value)));
        numbers::put_narrow(&halves, Order::Unsigned, effort, out);
        if out.len().saturating_sub(start) <= size_of_val(values) {
            return;
        }
        out.truncate(start);
    }
    out.push(header::RAW);
    u128::append_raw(values, out);
}

pub(super) fn get(
    count: usize,
    order: Order,
    input: &mut Input<'_>,
    budget: &mut Budget,
    out: &mut Vec<u128>,
) -> Result<(), Error> {
    if count == 0 {
        return Ok(());
    }
    let start = *input;
    match input.byte()? {
        header::RAW => {
            let bytes = input.numbers(count, size_of::<u128>())?;
            flat::reserve(count, &start, budget, out)?;
            u128::extend_raw(bytes, out);
        }
        header::HALVES => {
            let (mut uppers, mut lowers) = (Vec::new(), Vec::new());
            numbers::get_narrow::<u64>(count, order, input, budget, &mut uppers)?;
            numbers::get_narrow::<u64>(count, Order::Unsigned, input, budget, &mut lowers)?;
            flat::reserve(count, &start, budget, out)?;
            let halves = uppers.into_iter().zip(lowers);
            out.extend(
                halves.map(|(upper, lower)| u128::from(upper) << u64::BITS | u128::from(lower)),
            );
        }
        _ => return Err(flat::unknown(&start)),
    }
    Ok(())
}

pub(super) fn pass(count: usize, input: &mut Input<'_>) -> Result<(), Error> {
    if count == 0 {
        return Ok(());
    }
    let start = *input;
    match input.byte()? {
        header::RAW => input.numbers(count, size_of::<u128>()).map(drop),
        header::HALVES => {
            numbers::pass_narrow::<u64>(count, input)?;
            numbers::pass_narrow::<u64>(count, input)
        }
        _ => Err(flat::unknown(&start)),
    }
}
