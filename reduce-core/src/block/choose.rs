//! Which coding a column gets, by a look at a few of its values in a row, or by trying all.

use super::Effort;
use super::delta;
use super::dictionary::spread;
use super::flat::{Flat, Range, bits};
use super::pack;
use super::runs::{self, Runs};
use super::scaled::{self, Scaled};
use super::word::{Narrow, Order};

/// The coding that a column gets, unless a dictionary is smaller.
pub(super) struct Choice<W> {
    pub plan: Plan<W>,
    /// What the block takes with it.
    pub size: usize,
    /// Whether a dictionary is worth a try.
    pub repeats: bool,
}

/// A coding, with what is needed to write it.
pub(super) enum Plan<W> {
    Flat(Flat<W>),
    Delta(Flat<W>),
    Runs(Runs<W>),
    Scaled(Scaled<W>),
}

/// How many values in a row are looked at.
const SAMPLE: usize = 32;
/// How many of them may differ from the one before for runs to be tried: short runs save little, and take long to find.
const CHANGES: usize = 2;
/// Columns shorter than this are flat, or go up by even steps: the other codings have little to save there, and to look for them
/// takes longer than to write the numbers.
const SHORT: usize = 64;
/// The same where size is what counts.
const SHORTEST: usize = 16;

/// Some values in a row, not the first ones: columns often begin in another way than they go on.
fn some<W>(values: &[W]) -> &[W] {
    let from = values.len().saturating_sub(SAMPLE) / 2;
    let values = values.get(from..).unwrap_or_default();
    values.get(..SAMPLE).unwrap_or(values)
}

/// About how many numbers differ from all before: by a bit for each, of which few are that of another one too.
fn distinct<W: Narrow>(values: &[W]) -> usize {
    let mut bits = [0u64; 8];
    for value in values {
        let hash = spread(value.wide());
        if let Some(bits) = bits.get_mut(usize::from(u8::low(hash >> 6) & 7)) {
            *bits |= 1 << (hash & 63);
        }
    }
    bits.iter().fold(0, |sum, bits| sum.saturating_add(bits.count_ones() as usize))
}

/// The bits that some values take.
fn width<W: Narrow>(some: &[W], order: Order) -> u32 {
    Range::of(some.iter().copied(), order).width()
}

/// The bits that their differences take.
fn delta<W: Narrow>(some: &[W]) -> u32 {
    Range::of(delta::differences(some), Order::Signed).width()
}

/// Whether nothing repeats, and all bits vary.
fn is_random<W: Narrow>(some: &[W], order: Order) -> bool {
    let all = W::BITS - W::BITS / 8;
    width(some, order) > all && delta(some) > all && distinct(some) >= SAMPLE - SAMPLE / 8
}

/// The coding of numbers, of which there are some.
pub(super) fn choose<W: Narrow>(values: &[W], order: Order, effort: Effort) -> Choice<W> {
    let count = values.len();
    let flat = |range| {
        let (flat, size) = Flat::of(range, count, order);
        Choice { plan: Plan::Flat(flat), size, repeats: false }
    };
    let range = || Range::of(values.iter().copied(), order);
    let all = effort == Effort::Small;
    if count < if all { SHORTEST } else { SHORT } {
        let mut choice = flat(range());
        if begins_evenly(values) {
            choice.try_differences(values, order);
        }
        return choice;
    }
    let some = some(values);
    let scaled = if order == Order::Float { scaled::measure(values, some) } else { None };
    if !all && is_random(some, order) {
        let size = 1 + size_of_val(values);
        let mut choice = Choice { plan: Plan::Flat(Flat::Raw), size, repeats: false };
        if let Some((scaled, size)) = scaled {
            choice.improve(Plan::Scaled(scaled), size);
        }
        return choice;
    }
    let range = range();
    let mut choice = flat(range);
    let width = range.width();
    if width == 0 {
        return choice;
    }
    if all || runs::count(some) <= 1 + CHANGES {
        let runs = runs::count(values);
        // Their lengths take two bits at least, if not always.
        if pack::size(runs, width + 2).is_some_and(|size| size < choice.size)
            && let Some((runs, size)) = runs::measure(values, runs, range, order, choice.size)
        {
            choice.improve(Plan::Runs(runs), size);
        }
    }
    // What is not asked for narrow numbers saves them nothing.
    if all || width > 2 && delta(some) + 2 < width {
        choice.try_differences(values, order);
    }
    if let Some((scaled, size)) = scaled {
        choice.improve(Plan::Scaled(scaled), size);
    }
    choice.repeats = all || width > LEAST_INDEX + 3 && repeat(some, width);
    choice
}

/// The bits that the index of a number takes, at least.
const LEAST_INDEX: u32 = 2;

/// Whether few numbers differ, so that the index of one takes fewer bits than it.
fn repeat<W: Narrow>(some: &[W], width: u32) -> bool {
    let distinct = distinct(some);
    // In the whole column, there may be twice as many.
    distinct <= SAMPLE / 2 && width > bits(2 * distinct as u64) + 3
}

/// Whether the first numbers are one step from each other, as those of a list often are that counts its elements.
fn begins_evenly<W: Narrow>(values: &[W]) -> bool {
    matches!(values, [a, b, c, ..] if a != b && b.minus(*a) == c.minus(*b))
}

impl<W: Narrow> Choice<W> {
    fn try_differences(&mut self, values: &[W], order: Order) {
        let (differences, size) = delta::measure(values, order);
        if differences != Flat::Raw {
            self.improve(Plan::Delta(differences), size);
        }
    }

    fn improve(&mut self, plan: Plan<W>, size: usize) {
        if size < self.size {
            (self.plan, self.size) = (plan, size);
        }
    }
}
