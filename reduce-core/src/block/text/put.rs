//! Texts on their way out.

use super::dictionary::Dictionary;
use super::plain::Plain;
use super::{FEW, MANY};
use crate::block::{Effort, Order, put};
use alloc::vec::Vec;
use core::mem;

/// How many texts are taken at once.
const BATCH: usize = 64;
/// Memory for so many on their way is kept.
const KEPT: usize = 1024;
/// From so many different texts on it is looked whether most texts are.
const LOOK: usize = 48;

/// Gathers the texts of a column. Empty but with what it has allocated, it serves for one column after the other.
#[derive(Debug, Default)]
pub(crate) struct TextEncoder {
    /// How many texts there are.
    count: usize,
    /// The different texts, and which one it is each time, unless most differ.
    dictionary: Dictionary,
    places: Vec<u8>,
    is_plain: bool,
    plain: Plain,
    /// The places, where bytes do not do.
    many: Vec<u16>,
    /// Memory for texts on their way, none of which it has from one time to the next.
    batch: Vec<&'static [u8]>,
}

impl TextEncoder {
    /// How many texts the column has.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Adds texts to the column.
    #[inline]
    pub(crate) fn extend<'a>(&mut self, texts: impl Iterator<Item = &'a [u8]>) {
        // Few at a time, as a rule. Nothing more stands here, for it stands where each field of a type is.
        let mut batch: Vec<&'a [u8]> = mem::take(&mut self.batch);
        batch.extend(texts);
        self.push_all(batch);
    }

    #[inline(never)]
    fn push_all(&mut self, batch: Vec<&[u8]>) {
        batch.chunks(BATCH).for_each(|texts| self.push(texts));
        if batch.capacity() <= KEPT {
            self.batch = emptied(batch);
        }
    }

    fn push(&mut self, texts: &[&[u8]]) {
        if texts.is_empty() {
            return;
        }
        self.count = self.count.saturating_add(texts.len());
        let known = if self.is_plain { 0 } else { self.push_places(texts) };
        let rest = texts.get(known..).unwrap_or_default();
        if !rest.is_empty() {
            self.plain.push(rest);
        }
    }

    /// Adds texts by their places in the dictionary, as long as that is worth it. Says how many.
    fn push_places(&mut self, texts: &[&[u8]]) -> usize {
        if !self.dictionary.is_started() {
            self.dictionary.start(FEW);
        }
        let from = self.places.len();
        let end = from.saturating_add(texts.len());
        self.places.resize(end, 0);
        let places = self.places.get_mut(from..).unwrap_or_default();
        let known = self.dictionary.places(texts, places);
        self.places.truncate(from.saturating_add(known));
        let different = self.dictionary.len();
        let diverse = different.saturating_mul(8) > self.places.len().saturating_mul(7);
        if known < texts.len() || different >= LOOK && diverse {
            self.give_up();
        }
        known
    }

    /// Goes on without the dictionary.
    #[cold]
    fn give_up(&mut self) {
        for places in self.places.chunks(BATCH) {
            let mut batch: [&[u8]; BATCH] = [&[]; BATCH];
            for (to, place) in batch.iter_mut().zip(places) {
                *to = self.dictionary.text(usize::from(*place));
            }
            self.plain.push(batch.get(..places.len()).unwrap_or_default());
        }
        self.places.clear();
        self.dictionary.clear();
        self.is_plain = true;
    }

    /// Writes the column as one block, nothing if it has no texts, and begins the next.
    pub(crate) fn finish(&mut self, effort: Effort, out: &mut Vec<u8>) {
        if !self.is_plain && self.dictionary.len() > self.places.len() / 2 {
            self.give_up();
        }
        if self.is_plain && effort == Effort::Small {
            self.look_again();
        }
        if self.is_plain {
            if !self.plain.is_empty() {
                self.plain.put(effort, out);
            }
        } else if !self.places.is_empty() {
            self.dictionary.put(effort, out);
            put(&self.places, Order::Unsigned, effort, out);
        } else if !self.many.is_empty() {
            self.dictionary.put(effort, out);
            put(&self.many, Order::Unsigned, effort, out);
        }
        self.clear();
    }

    pub(crate) fn clear(&mut self) {
        self.count = 0;
        self.dictionary.clear();
        self.places.clear();
        self.is_plain = false;
        self.plain.clear();
        self.many.clear();
    }

    /// Looks once more for a dictionary, of more texts.
    fn look_again(&mut self) {
        let (count, size) = self.plain.size();
        let Some(texts) = self.plain.texts() else { return };
        self.dictionary.start(MANY.min(count.next_power_of_two()));
        let places = texts.map_while(|text| self.dictionary.place(text));
        self.many.extend(places);
        let bits = self.dictionary.len().checked_ilog2().unwrap_or_default() as usize + 1;
        // The lengths of texts take about a byte each.
        let lengths = self.dictionary.len();
        let dictionary = self.dictionary.size().saturating_add(lengths);
        let dictionary = dictionary.saturating_add(bits.saturating_mul(count) / 8);
        // Where some texts have no place, there are too many of them.
        self.is_plain = self.many.len() < count || dictionary >= size.saturating_add(count);
        if !self.is_plain && self.dictionary.len() <= FEW {
            let few = self.many.iter().map(|place| u8::try_from(*place).unwrap_or_default());
            self.places.extend(few);
        }
    }
}

/// Memory of texts for others, which may live longer. Collected in place, it is the same.
fn emptied(mut texts: Vec<&[u8]>) -> Vec<&'static [u8]> {
    texts.clear();
    texts.into_iter().map(|_| Default::default()).collect()
}
