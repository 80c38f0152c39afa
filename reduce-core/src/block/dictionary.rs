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

/// A dictionary in the making.
struct Dictionary<W> {
    numbers: [W; MOST],
    count: usize,
    /// One more than the place of a number, by its hash or behind it.
    slots: [u16; 1 << SLOT_BITS],
}

impl<W: Narrow> Dictionary<W> {
    /// Enters numbers. Says whether there is room for all that differ.
    fn enter(&mut self, values: &[W], most: usize) -> bool {
        let most = most.min(MOST);
        values.chunks(CHUNK).all(|values| {
            values.iter().for_each(|value| {
                self.index(*value);
            });
            self.count <= most
        })
    }

    /// The place of a number, which it gets if it is new. Beyond the most, none is kept.
    #[inline]
    fn index(&mut self, value: W) -> u8 {
        let hash = spread(value.wide());
        let hash = usize::try_from(hash).unwrap_or_default();
        // Most stand at their hash.
        match self.slots.get(hash).and_then(|slot| self.place(*slot, value)) {
            Some(place) => place,
            None => self.index_behind(hash, value),
        }
    }

    /// The place that a slot tells, if it is that of a number.
    #[inline]
    fn place(&self, slot: u16, value: W) -> Option<u8> {
        let place = u8::low(u64::from(slot).wrapping_sub(1));
        let is_there = slot != 0 && self.numbers.get(usize::from(place)) == Some(&value);
        is_there.then_some(place)
    }

    #[inline(never)]
    fn index_behind(&mut self, hash: usize, value: W) -> u8 {
        let slots = (hash..self.slots.len()).chain(0..hash);
        for at in slots {
            let Some(slot) = self.slots.get(at).copied() else { break };
            if let Some(place) = self.place(slot, value) {
                return place;
            }
            if slot != 0 {
                continue;
            }
            let place = self.count;
            self.count = self.count.saturating_add(1);
            if let (Some(number), Some(slot)) =
                (self.numbers.get_mut(place), self.slots.get_mut(at))
            {
                *number = value;
                *slot = u16::low(self.count as u64);
            }
            return u8::low(place as u64);
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
    let mut dictionary =
        Dictionary { numbers: [W::low(0); MOST], count: 0, slots: [0; 1 << SLOT_BITS] };
    if !dictionary.enter(values, values.len() / 2)
        || dictionary.measure(values.len(), order) >= size
    {
        return false;
    }
    out.push(header::DICTIONARY);
    out.push(dictionary.indices().high);
    flat::put(dictionary.numbers(), order, out);
    let (indices, _) = Flat::of(dictionary.indices(), values.len(), Order::Unsigned);
    let places = values.iter().map(|value| dictionary.index(*value));
    indices.put_each(values.len(), places, Order::Unsigned, out);
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
