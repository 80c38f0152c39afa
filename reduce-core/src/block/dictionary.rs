//! A dictionary: one less than how many numbers there are, those, and which one it is each time, in bytes. Both are
//! flat blocks.

use super::flat::{self, Flat, Range};
use super::header;
use super::pack::CHUNK;
use super::word::{Narrow, Order};
use crate::canary::{Canary, planted};
use crate::error::Error;
use crate::limits::Budget;
use crate::read::Input;
use alloc::vec::Vec;

/// The most numbers of a dictionary: as many as a byte tells apart.
const MOST: usize = 256;
/// Twice as many, so that few collide.
const SLOT_BITS: u32 = 9;

/// As many bits as there are slots for, of which those of numbers that are alike differ.
#[inline]
pub(super) fn spread(value: u64) -> u64 {
    // The fraction of the golden ratio.
    value.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - SLOT_BITS)
}

/// A number, and its place.
#[derive(Clone, Copy)]
struct Slot<W> {
    number: W,
    place: u8,
}

/// A dictionary in the making.
struct Dictionary<W> {
    numbers: [W; MOST],
    count: usize,
    /// By hash or behind it. A free one is that of the first number, which has the first place: whoever finds it where another
    /// one could be is right.
    slots: [Slot<W>; 1 << SLOT_BITS],
}

impl<W: Narrow> Dictionary<W> {
    fn of(first: W) -> Self {
        let free = Slot { number: first, place: 0 };
        Dictionary { numbers: [first; MOST], count: 1, slots: [free; 1 << SLOT_BITS] }
    }

    /// The place of a number, which it gets if it is new. Beyond the most, none is kept.
    #[inline(always)]
    fn index(&mut self, value: W) -> u8 {
        let hash = usize::try_from(spread(value.wide())).unwrap_or_default();
        // Most stand at their hash.
        match self.slots.get(hash) {
            Some(slot) if slot.number == value => slot.place,
            _ => self.index_behind(hash, value),
        }
    }

    #[inline(never)]
    fn index_behind(&mut self, hash: usize, value: W) -> u8 {
        let (before, behind) = self.slots.split_at_mut_checked(hash).unwrap_or_default();
        for slot in behind.iter_mut().chain(before) {
            if slot.number == value {
                return slot.place;
            }
            if slot.place != 0 {
                continue;
            }
            let place = u8::low(self.count as u64);
            if let Some(number) = self.numbers.get_mut(self.count) {
                *number = value;
                *slot = Slot { number: value, place };
            }
            self.count = self.count.saturating_add(1);
            return place;
        }
        // There are more slots than numbers.
        0
    }

    fn numbers(&self) -> &[W] {
        self.numbers.get(..self.count).unwrap_or_default()
    }

    fn indices(&self) -> Range<u8> {
        Range { low: 0, high: u8::low(self.count.saturating_sub(1) as u64) }
    }

    /// The size of the block.
    fn measure(&self, count: usize, order: Order) -> usize {
        let range = Range::of(self.numbers().iter().copied(), order);
        let (_, numbers) = Flat::of(range, self.count, order);
        let (_, indices) = Flat::of(self.indices(), count, Order::Unsigned);
        numbers.saturating_add(indices).saturating_add(2)
    }
}

/// Writes numbers by a dictionary, if that takes less than so many bytes. Says whether it did.
#[inline(never)] // for the dictionary is large, and lies on the stack
pub(super) fn put_below<W: Narrow>(
    size: usize,
    values: &[W],
    order: Order,
    out: &mut Vec<u8>,
) -> bool {
    let Some(first) = values.first() else { return false };
    let mut dictionary = Dictionary::of(*first);
    let (start, most) = (out.len(), MOST.min(values.len() / 2));
    // The places stand behind what is written, until it is known how many bits they take: so there is one pass, and no memory
    // but that of the bytes.
    out.reserve(values.len());
    for values in values.chunks(CHUNK) {
        out.extend(values.iter().map(|value| dictionary.index(*value)));
        if dictionary.count > most {
            out.truncate(start);
            return false;
        }
    }
    if dictionary.measure(values.len(), order) >= size {
        out.truncate(start);
        return false;
    }
    let end = out.len();
    out.push(header::DICTIONARY);
    out.push(dictionary.indices().high);
    flat::put(dictionary.numbers(), order, out);
    let (indices, _) = Flat::of(dictionary.indices(), values.len(), Order::Unsigned);
    indices.put_own(start, values.len(), out);
    out.drain(start..end);
    true
}

/// Appends the numbers of a block whose header was read.
pub(super) fn get<W: Narrow>(
    count: usize,
    order: Order,
    input: &mut Input<'_>,
    budget: &mut Budget,
    out: &mut Vec<W>,
) -> Result<(), Error> {
    let known = usize::from(input.byte()?).saturating_add(1);
    let start = *input;
    let (mut numbers, mut indices) = (Vec::with_capacity(MOST), Vec::new());
    flat::get::<W>(known, order, input, budget, &mut numbers)?;
    flat::get::<u8>(count, Order::Unsigned, input, budget, &mut indices)?;
    // As a fold it takes many at once.
    let most = usize::from(indices.iter().fold(0, |most, index| *index.max(&most)));
    if most >= known && !planted(Canary::Dictionary) {
        return Err(start.malformed("a block names a number that its dictionary has not"));
    }
    flat::reserve(count, &start, budget, out)?;
    // So that no index needs a check.
    numbers.resize(MOST, W::low(0));
    let numbers = numbers.first_chunk::<MOST>().copied().unwrap_or([W::low(0); MOST]);
    out.extend(
        indices.iter().map(|index| numbers.get(usize::from(*index)).copied().unwrap_or_default()),
    );
    Ok(())
}

/// Steps over such a block.
pub(super) fn pass<W: Narrow>(count: usize, input: &mut Input<'_>) -> Result<(), Error> {
    let known = usize::from(input.byte()?).saturating_add(1);
    flat::pass::<W>(known, input)?;
    flat::pass::<u8>(count, input)
}
