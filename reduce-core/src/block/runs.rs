//! Runs: how many there are, their numbers, and how many more than one there are of each. Both are flat blocks.

use super::flat::{self, Flat, Range};
use super::header;
use super::word::{Narrow, Order};
use crate::error::Error;
use crate::limits::Budget;
use crate::read::Input;
use crate::varint;
use alloc::vec::Vec;

/// The runs of numbers: each with how many there are.
#[inline]
fn runs<W: Narrow>(values: &[W]) -> impl Iterator<Item = &[W]> {
    values.chunk_by(|a, b| a == b)
}

#[inline]
fn numbers<W: Narrow>(values: &[W]) -> impl Iterator<Item = W> {
    runs(values).map(|run| run.first().copied().unwrap_or_default())
}

#[inline]
fn lengths<W: Narrow>(values: &[W]) -> impl Iterator<Item = u64> {
    runs(values).map(|run| run.len().wrapping_sub(1) as u64)
}

/// How many runs there are.
#[inline]
pub(super) fn count<W: Narrow>(values: &[W]) -> usize {
    let behind = values.get(1..).unwrap_or_default();
    let changes = values.iter().zip(behind).filter(|(a, b)| a != b).count();
    changes.saturating_add(usize::from(!values.is_empty()))
}

/// How runs are written.
#[derive(Clone, Copy)]
pub(super) struct Runs<W> {
    count: usize,
    numbers: Flat<W>,
    lengths: Flat<u64>,
}

/// The codings of so many runs, and the size of the block, if that is less than `below`. `range` is that of the numbers.
pub(super) fn measure<W: Narrow>(
    values: &[W],
    count: usize,
    range: Range<W>,
    order: Order,
    below: usize,
) -> Option<(Runs<W>, usize)> {
    let (numbers, size) = Flat::of(range, count, order);
    let size = size.saturating_add(1 + flat::head_size(count as u64));
    let coding = |range| {
        let (lengths, more) = Flat::of(range, count, Order::Unsigned);
        (lengths, size.saturating_add(more))
    };
    let range = range_of_lengths(values, |range| coding(range).1 < below)?;
    let (lengths, size) = coding(range);
    (size < below).then_some((Runs { count, numbers, lengths }, size))
}

/// The range of the [`lengths`], as long as what is known of it pays: there may be far more numbers than tell that it does not.
fn range_of_lengths<W: Narrow>(
    values: &[W],
    pays: impl Fn(Range<u64>) -> bool,
) -> Option<Range<u64>> {
    const AT_ONCE: usize = 256;
    let behind = values.get(1..).unwrap_or_default();
    let (mut low, mut high, mut run) = (u64::MAX, 0, 0);
    for (values, behind) in values.chunks(AT_ONCE).zip(behind.chunks(AT_ONCE)) {
        // Where a run ends no processor foresees, so there is no branch on it.
        for (before, value) in values.iter().zip(behind) {
            let goes_on = before == value;
            low = low.min(if goes_on { u64::MAX } else { run });
            run = if goes_on { run + 1 } else { 0 };
            high = run.max(high);
        }
        if low < high && !pays(Range { low, high }) {
            return None;
        }
    }
    Some(Range { low: run.min(low), high })
}

/// Writes them.
pub(super) fn put<W: Narrow>(values: &[W], plan: Runs<W>, order: Order, out: &mut Vec<u8>) {
    out.push(header::RUNS);
    varint::push(out, plan.count as u64);
    plan.numbers.put_each(plan.count, numbers(values), order, out);
    plan.lengths.put_each(plan.count, lengths(values), Order::Unsigned, out);
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
    let runs = get_count(count, input)?;
    let (mut numbers, mut lengths) = (Vec::new(), Vec::new());
    flat::get::<W>(runs, order, input, budget, &mut numbers)?;
    flat::get::<u64>(runs, Order::Unsigned, input, budget, &mut lengths)?;
    if numbers.iter().zip(numbers.iter().skip(1)).any(|(a, b)| a == b) {
        return Err(start.malformed("two runs of a block hold the same number"));
    }
    // One more than the length of each.
    let sum = lengths.iter().try_fold(runs as u64, |sum, length| sum.checked_add(*length));
    if sum != Some(count as u64) {
        return Err(start.malformed("the runs of a block are not as long as its column"));
    }
    flat::reserve(count, &start, budget, out)?;
    for (number, length) in numbers.into_iter().zip(lengths) {
        // No more than `count`.
        let length = usize::try_from(length).unwrap_or_default().saturating_add(1);
        out.resize(out.len().saturating_add(length), number);
    }
    Ok(())
}

/// Of a column with a value at least, from one run to as many as it has values.
fn get_count(count: usize, input: &mut Input<'_>) -> Result<usize, Error> {
    let start = *input;
    match usize::try_from(input.varint()?) {
        Ok(runs) if runs > 0 && runs <= count => Ok(runs),
        _ => {
            Err(start.malformed("a block has no run, or more of them than its column has numbers"))
        }
    }
}

/// Steps over such a block.
pub(super) fn pass<W: Narrow>(count: usize, input: &mut Input<'_>) -> Result<(), Error> {
    let runs = get_count(count, input)?;
    flat::pass::<W>(runs, input)?;
    flat::pass::<u64>(runs, input)
}
