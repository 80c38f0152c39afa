//! The texts of a column that differ, each once.

use super::{MANY, header};
use crate::block::{Effort, Order, append, put};
use crate::varint;
use alloc::vec::Vec;

/// How many places are looked at for a text: more collide only where somebody wishes it.
const PROBES: usize = 16;
/// Texts up to so many bytes are told apart by their key.
const SHORT: usize = 16;

/// With its length, what a short text holds; the ends of a longer one.
#[derive(Clone, Copy, Debug)]
struct Key {
    first: u64,
    last: u64,
    length: usize,
}

impl Key {
    #[inline]
    fn of(text: &[u8]) -> Self {
        let (first, last) = match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => Key::of_few(text),
        };
        Key { first, last, length: text.len() }
    }

    /// Of fewer than eight bytes.
    #[inline]
    fn of_few(text: &[u8]) -> (u64, u64) {
        match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into())
            }
            _ => {
                let byte = |at| text.get(at).copied().unwrap_or_default();
                (u32::from_le_bytes([byte(0), byte(1), byte(2), 0]).into(), 0)
            }
        }
    }

    #[inline]
    fn is(&self, other: &Key) -> bool {
        // Without a branch for each.
        let length = (self.length ^ other.length) as u64;
        (self.first ^ other.first) | (self.last ^ other.last) | length == 0
    }

    #[inline]
    fn hash(&self) -> u64 {
        (self.first ^ self.last.rotate_left(23) ^ (self.length as u64) << 56).wrapping_mul(SPREAD)
    }
}

/// Of what the key of a longer text has not.
#[inline]
fn inner_hash(text: &[u8]) -> u64 {
    if let Some((first, last)) = ends(text) {
        let inner = low_half(first >> u64::BITS).rotate_left(11) ^ low_half(last).rotate_left(37);
        return inner.wrapping_mul(SPREAD);
    }
    let (words, _) = text.as_chunks();
    words.iter().fold(0u64, |hash, word| {
        (hash.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(SPREAD)
    })
}

#[inline]
#[allow(clippy::cast_possible_truncation)] // what it is for
fn low_half(word: u128) -> u64 {
    word as u64
}

/// The fraction of the golden ratio: spreads what is alike.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Leaves as many bits as the most slots have.
const HASH_SHIFT: u32 = u64::BITS - MANY.trailing_zeros() - 1;

/// The ends of a text that has no more than those.
#[inline]
fn ends(text: &[u8]) -> Option<(u128, u128)> {
    let (first, last) = (text.first_chunk()?, text.last_chunk()?);
    (text.len() <= 32).then(|| (u128::from_le_bytes(*first), u128::from_le_bytes(*last)))
}

/// Where a text is, or the slot it could get.
enum Found {
    Place(u16),
    Slot(usize),
}

/// A dictionary in the making. Kept, with what it has allocated, for the next one.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    /// One more than the place of a text, by its hash or behind it; twice as many as there may be texts, or none yet.
    slots: Vec<u16>,
    /// The key of each text, and where it begins.
    texts: Vec<(Key, u32)>,
    bytes: Vec<u8>,
    /// Only for when they are written.
    lengths: Vec<u32>,
}

impl Dictionary {
    /// Makes room for so many texts, a power of two.
    pub(super) fn start(&mut self, most: usize) {
        self.clear();
        self.slots.resize(most.saturating_mul(2), 0);
    }

    pub(super) fn is_started(&self) -> bool {
        !self.slots.is_empty()
    }

    /// Forgets the texts.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.texts.clear();
        self.bytes.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// How many bytes the texts have.
    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn text(&self, place: usize) -> &[u8] {
        let text = self
            .texts
            .get(place)
            .and_then(|(key, from)| self.bytes.get(*from as usize..)?.get(..key.length));
        text.unwrap_or_default()
    }

    /// The places of texts, as far as they have one. Says how many do.
    pub(super) fn places(&mut self, texts: &[&[u8]], places: &mut [u16]) -> usize {
        let mut known = 0usize;
        loop {
            let (rest, to) = (texts.get(known..), places.get_mut(known..));
            let (Some(rest), Some(to)) = (rest, to) else { return known };
            // Most are there already.
            known = known.saturating_add(self.find_all(rest, to));
            let (Some(text), Some(to)) = (texts.get(known), places.get_mut(known)) else {
                return known;
            };
            match self.place(text) {
                Some(place) => *to = place,
                None => return known,
            }
            known = known.saturating_add(1);
        }
    }

    /// The places of the first texts that are there. Says how many.
    #[inline(never)] // for its loop to have the registers to itself
    fn find_all(&self, texts: &[&[u8]], places: &mut [u16]) -> usize {
        let mut known = 0usize;
        for (to, text) in places.iter_mut().zip(texts) {
            let at_hash = match text.len() {
                ..=SHORT => self.find_short(text),
                _ => self.find_long(text),
            };
            *to = match at_hash {
                Some(place) => place,
                None => match self.find(&Key::of(text), text) {
                    Some(Found::Place(place)) => place,
                    _ => break,
                },
            };
            known = known.wrapping_add(1);
        }
        known
    }

    /// The place of a short text that is at its hash, as most are.
    #[inline(always)] // for its key to stay in registers
    fn find_short(&self, text: &[u8]) -> Option<u16> {
        let key = Key::of(text);
        let place = self.slots.get(self.slot(key.hash()))?.checked_sub(1)?;
        let (known, _) = self.texts.get(usize::from(place))?;
        known.is(&key).then_some(place)
    }

    /// The same of a longer text.
    #[inline(never)] // to leave the registers to the short ones
    fn find_long(&self, text: &[u8]) -> Option<u16> {
        let key = Key::of(text);
        let slot = self.slot(key.hash() ^ inner_hash(text));
        let place = self.slots.get(slot)?.checked_sub(1)?;
        let (known, from) = self.texts.get(usize::from(place))?;
        (known.is(&key) && self.is_at(text, *from)).then_some(place)
    }

    /// The place of a text, which it gets if it is new; none, where there is no room.
    pub(super) fn place(&mut self, text: &[u8]) -> Option<u16> {
        let key = Key::of(text);
        match self.find(&key, text)? {
            Found::Place(place) => Some(place),
            Found::Slot(slot) => self.enter(slot, key, text),
        }
    }

    /// The slot of a hash.
    #[inline]
    fn slot(&self, hash: u64) -> usize {
        let mask = self.slots.len().wrapping_sub(1);
        usize::try_from(hash >> HASH_SHIFT).unwrap_or_default() & mask
    }

    /// Where a text is, or could be: none, where too many others are in the way.
    #[inline(never)] // to leave the registers to those who seldom call it
    fn find(&self, key: &Key, text: &[u8]) -> Option<Found> {
        let mask = self.slots.len().wrapping_sub(1);
        let hash = if key.length > SHORT { key.hash() ^ inner_hash(text) } else { key.hash() };
        let mut slot = self.slot(hash);
        for _ in 0..PROBES {
            let place = match *self.slots.get(slot)? {
                0 => return Some(Found::Slot(slot)),
                more => more.wrapping_sub(1),
            };
            let (known, from) = self.texts.get(usize::from(place))?;
            if known.is(key) && (key.length <= SHORT || self.is_at(text, *from)) {
                return Some(Found::Place(place));
            }
            slot = slot.wrapping_add(1) & mask;
        }
        None
    }

    #[inline]
    fn is_at(&self, text: &[u8], from: u32) -> bool {
        let known = self.bytes.get(from as usize..).and_then(|bytes| bytes.get(..text.len()));
        known.is_some_and(|known| match (ends(known), ends(text)) {
            (Some(known), Some(text)) => known == text,
            _ => known == text,
        })
    }

    fn enter(&mut self, slot: usize, key: Key, text: &[u8]) -> Option<u16> {
        if self.texts.len() >= self.slots.len() / 2 {
            return None;
        }
        let place = u16::try_from(self.texts.len()).ok()?;
        // Both are counted in so many bits.
        let (more, from) = (place.checked_add(1)?, u32::try_from(self.bytes.len()).ok()?);
        from.checked_add(u32::try_from(key.length).ok()?)?;
        *self.slots.get_mut(slot)? = more;
        self.texts.push((key, from));
        self.bytes.extend_from_slice(text);
        Some(place)
    }

    /// Writes the texts.
    pub(super) fn put(&mut self, effort: Effort, out: &mut Vec<u8>) {
        out.push(header::DICTIONARY);
        varint::push(out, self.texts.len().saturating_sub(1) as u64);
        varint::push(out, self.bytes.len() as u64);
        append(out, &self.bytes);
        self.lengths.clear();
        // All of them together are counted in 32 bits.
        let lengths = self.texts.iter().map(|(key, _)| u32::try_from(key.length).unwrap_or(0));
        self.lengths.extend(lengths);
        put(&self.lengths, Order::Unsigned, effort, out);
    }
}
