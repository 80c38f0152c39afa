//! A block of numbers, whatever its coding.

use super::choose::{self, Plan};
use super::word::{Narrow, Order, Word};
use super::{Effort, delta, dictionary, flat, header, runs, scaled};
use crate::error::Error;
use crate::limits::Budget;
use crate::read::Input;
use alloc::vec::Vec;

/// Writes a column of numbers as one block: nothing, where there are none.
#[inline]
pub(crate) fn put<W: Word>(values: &[W], order: Order, effort: Effort, out: &mut Vec<u8>) {
    W::put_block(values, order, effort, out);
}

/// Appends the `count` numbers of a block that was written in this order. After an error, some may have been appended.
///
/// What they take is taken from the budget's bytes, that of codings that unfold included; how many they are is not
/// taken from its elements.
#[inline]
pub(crate) fn get<W: Word>(
    count: usize,
    order: Order,
    input: &mut Input<'_>,
    budget: &mut Budget,
    out: &mut Vec<W>,
) -> Result<(), Error> {
    W::get_block(count, order, input, budget, out)
}

/// Steps over a block of `count` numbers. What needs no look is not checked: that the numbers are in their ranges.
#[inline]
pub(crate) fn pass<W: Word>(count: usize, input: &mut Input<'_>) -> Result<(), Error> {
    W::pass_block(count, input)
}

pub(super) fn put_narrow<W: Narrow>(values: &[W], order: Order, effort: Effort, out: &mut Vec<u8>) {
    if values.is_empty() {
        return;
    }
    let choice = choose::choose(values, order, effort);
    if choice.repeats && dictionary::put_below(choice.size, values, order, out) {
        return;
    }
    match choice.plan {
        Plan::Flat(flat) => flat.put(values, order, out),
        Plan::Delta(differences) => delta::put(values, differences, order, out),
        Plan::Runs(runs) => runs::put(values, runs, order, out),
        Plan::Scaled(scaled) => scaled::put(values, scaled, out),
    }
}

pub(super) fn get_narrow<W: Narrow>(
    count: usize,
    order: Order,
    input: &mut Input<'_>,
    budget: &mut Budget,
    out: &mut Vec<W>,
) -> Result<(), Error> {
    let mut behind = *input;
    let get = match count {
        0 => return Ok(()),
        _ => match behind.byte()? {
            header::DELTA => delta::get,
            header::DICTIONARY => dictionary::get,
            header::RUNS => runs::get,
            header::SCALED if W::FRACTION > 0 => scaled::get,
            _ => return flat::get(count, order, input, budget, out),
        },
    };
    *input = behind;
    get(count, order, input, budget, out)
}

pub(super) fn pass_narrow<W: Narrow>(count: usize, input: &mut Input<'_>) -> Result<(), Error> {
    let mut behind = *input;
    let pass = match count {
        0 => return Ok(()),
        _ => match behind.byte()? {
            header::DELTA => delta::pass::<W>,
            header::DICTIONARY => dictionary::pass::<W>,
            header::RUNS => runs::pass::<W>,
            header::SCALED if W::FRACTION > 0 => scaled::pass::<W>,
            _ => return flat::pass::<W>(count, input),
        },
    };
    *input = behind;
    pass(count, input)
}
