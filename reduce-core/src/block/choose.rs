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

/// What a few values in a row tell of a column.
struct Sample {
    /// The bits they take, and those of their differences.
    width: u32,
    delta: u32,
    /// How many differ from the one before, and from all before.
    changes: usize,
    distinct: usize,
}

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

impl Sample {
    fn of<W: Narrow>(values: &[W], order: Order) -> Self {
        Sample {
            width: Range::of(values.iter().copied(), order).width(),
            delta: Range::of(delta::differences(values), Order::Signed).width(),
            changes: runs::count(values).saturating_sub(1),
            distinct: distinct(values),
        }
    }

    /// Nothing repeats, and all bits vary.
    fn is_random<W: Narrow>(&self) -> bool {
        let all = W::BITS - W::BITS / 8;
        self.distinct >= SAMPLE - SAMPLE / 8 && self.width > all && self.delta > all
    }
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
    let sample = Sample::of(some, order);
    let scaled = if order == Order::Float { scaled::measure(values, some) } else { None };
    if !all && sample.is_random::<W>() {
        let size = 1 + size_of_val(values);
        let mut choice = Choice { plan: Plan::Flat(Flat::Raw), size, repeats: false };
        if let Some((scaled, size)) = scaled {
            choice.improve(Plan::Scaled(scaled), size);
        }
        return choice;
    }
    let range = range();
    let mut choice = flat(range);
    if range.width() == 0 {
        return choice;
    }
    if all || sample.changes <= CHANGES {
        let runs = runs::count(values);
        // Their lengths take two bits at least, if not always.
        if pack::size(runs, range.width() + 2).is_some_and(|size| size < choice.size) {
            let (runs, size) = runs::measure(values, runs, range, order);
            choice.improve(Plan::Runs(runs), size);
        }
    }
    if all || sample.delta + 2 < range.width() {
        choice.try_differences(values, order);
    }
    if let Some((scaled, size)) = scaled {
        choice.improve(Plan::Scaled(scaled), size);
    }
    // In the whole column, there may be twice as many.
    let indices = bits(2 * sample.distinct as u64);
    choice.repeats = all || sample.distinct <= SAMPLE / 2 && range.width() > indices + 3;
    choice
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
