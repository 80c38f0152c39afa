//! The texts of a column that differ, each once.

use super::{MANY, header};
use crate::block::{Effort, Order, append, put};
use crate::varint;
use alloc::vec::Vec;

/// How many places are looked at for a text: more collide only where somebody wishes it.
const PROBES: usize = 16;
/// Texts up to so many bytes are told apart by half a key, and by a whole one.
const SHORT: usize = 16;
const MEDIUM: usize = 32;
/// How many slots there are at first, and at least for each text: with fewer, texts stand in each other's way.
const LEAST_SLOTS: usize = 256;
const SLOTS_PER_TEXT: usize = 4;

/// The fraction of the golden ratio: spreads what is alike.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Leaves as many bits as the most slots have.
const HASH_SHIFT: u32 = u64::BITS - (MANY * SLOTS_PER_TEXT).trailing_zeros();

/// In place of a length that exceeds it, and of that of no text.
const LONG: u32 = u32::MAX - 1;
const NONE: u32 = u32::MAX;

/// The ends of a text, with its length: all that is in one that is not long. Those of a short text have zeros for the
/// second half.
#[derive(Clone, Copy, Debug)]
struct Key {
    ends: [u64; 4],
    length: u32,
}

impl Key {
    fn of(text: &[u8]) -> Self {
        let length = u32::try_from(text.len()).unwrap_or(LONG);
        let ends = if text.len() > SHORT { far_ends(text) } else { near_ends(text) };
        Key { ends, length }
    }

    /// Of a text with such a key.
    fn hash(&self, text: &[u8]) -> u64 {
        match text.len() {
            ..=SHORT => hash_of_short(self.ends, text.len()),
            length if length <= MEDIUM => hash_of_medium(self.ends, text.len()),
            _ => hash_of_long(self.ends, text),
        }
    }
}

/// Of no more than [`SHORT`] bytes: two words, which overlap.
#[inline(always)]
fn near_ends(text: &[u8]) -> [u64; 4] {
    let word = u64::from_le_bytes;
    let (first, last) = match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => (word(*first), word(*last)),
        _ => ends_of_few(text),
    };
    [first, last, 0, 0]
}

/// Of fewer than eight bytes.
#[inline(always)]
fn ends_of_few(text: &[u8]) -> (u64, u64) {
    let word = |word: &[u8; 4]| u64::from(u32::from_le_bytes(*word));
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => (word(first), word(last)),
        _ => match *text {
            [a, b, c] => (word(&[a, b, c, 0]), 0),
            [a, b] => (word(&[a, b, 0, 0]), 0),
            [a] => (a.into(), 0),
            _ => (0, 0),
        },
    }
}

/// Of more than [`SHORT`] bytes: two words each.
#[inline(always)]
fn far_ends(text: &[u8]) -> [u64; 4] {
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => {
            let ([a, b], [c, d]) = (words(first), words(last));
            [a, b, c, d]
        }
        _ => [0; 4],
    }
}

#[inline(always)]
fn words(bytes: &[u8; 16]) -> [u64; 2] {
    let word = u128::from_le_bytes(*bytes);
    #[allow(clippy::cast_possible_truncation)] // what it is for
    [word as u64, (word >> u64::BITS) as u64]
}

#[inline(always)]
fn hash_of_short([first, last, ..]: [u64; 4], length: usize) -> u64 {
    (first ^ last.rotate_left(23)).wrapping_add(length as u64).wrapping_mul(SPREAD)
}

#[inline(always)]
fn hash_of_medium([a, b, c, d]: [u64; 4], length: usize) -> u64 {
    let ends = a ^ b.rotate_left(11) ^ c.rotate_left(29) ^ d.rotate_left(43);
    ends.wrapping_add(length as u64).wrapping_mul(SPREAD)
}

#[inline(always)]
fn hash_of_long(ends: [u64; 4], text: &[u8]) -> u64 {
    let inner = match inner(text) {
        Some([a, b]) => {
            let ([a, b], [c, d]) = (words(a), words(b));
            (a ^ b.rotate_left(13) ^ c.rotate_left(31) ^ d.rotate_left(47)).wrapping_mul(SPREAD)
        }
        None => {
            let (words, _) = text.as_chunks();
            words.iter().fold(0, |hash: u64, word| {
                (hash.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(SPREAD)
            })
        }
    };
    inner ^ hash_of_medium(ends, text.len())
}

/// What is between the ends of a text of up to twice [`MEDIUM`] bytes, and more than that: two pieces, which overlap.
#[inline(always)]
fn inner(text: &[u8]) -> Option<[&[u8; 16]; 2]> {
    let (half, rest) = text.split_first_chunk::<MEDIUM>()?;
    let (_, other) = text.split_last_chunk::<MEDIUM>()?;
    (rest.len() <= MEDIUM).then_some([half.last_chunk()?, other.first_chunk()?])
}

/// Which text is at a hash, or behind it. As small as it can be, for all of them to stay near.
#[derive(Clone, Copy, Debug)]
struct Slot {
    ends: [u64; 4],
    length: u32,
    place: u16,
}

const FREE: Slot = Slot { ends: [0; 4], length: NONE, place: 0 };

impl Slot {
    /// Whether it is that of a short text.
    #[inline(always)]
    fn is_short(&self, ends: [u64; 4], length: usize) -> bool {
        let [a, b, ..] = self.ends;
        // Without a branch for each.
        (a ^ ends[0]) | (b ^ ends[1]) | (u64::from(self.length) ^ length as u64) == 0
    }

    /// Whether the ends are those.
    #[inline(always)]
    fn has(&self, ends: [u64; 4], length: usize) -> bool {
        let [a, b, c, d] = self.ends;
        let differ = (a ^ ends[0]) | (b ^ ends[1]) | (c ^ ends[2]) | (d ^ ends[3]);
        differ | (u64::from(self.length) ^ length as u64) == 0
    }
}

/// The slot of a hash.
#[inline(always)]
fn slot(slots: &[Slot], hash: u64) -> usize {
    usize::try_from(hash >> HASH_SHIFT).unwrap_or_default() & slots.len().wrapping_sub(1)
}

/// The place of one of [`FEW`](super::FEW).
#[inline(always)]
fn low(place: u16) -> u8 {
    let [low, _] = place.to_le_bytes();
    low
}

/// A text of the dictionary.
#[derive(Clone, Copy, Debug)]
struct Entry {
    from: u32,
    length: u32,
    slot: u32,
}

/// Where a text is, or the slot it could get.
enum Found {
    Place(u16),
    Slot(usize),
}

/// A dictionary in the making. Kept, with what it has allocated, for the next one.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    /// By hash; a power of two of them, or none yet.
    slots: Vec<Slot>,
    texts: Vec<Entry>,
    /// So many there may be.
    most: usize,
    bytes: Vec<u8>,
    /// Only for when they are written.
    lengths: Vec<u32>,
}

impl Dictionary {
    /// Allows for so many texts.
    pub(super) fn start(&mut self, most: usize) {
        self.clear();
        self.most = most.min(MANY);
        if self.slots.is_empty() {
            self.slots.resize(LEAST_SLOTS, FREE);
        }
    }

    pub(super) fn is_started(&self) -> bool {
        self.most > 0
    }

    /// Forgets the texts.
    pub(super) fn clear(&mut self) {
        for text in &self.texts {
            if let Some(slot) = self.slots.get_mut(text.slot as usize) {
                *slot = FREE;
            }
        }
        self.most = 0;
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
        self.texts.get(place).and_then(|text| self.bytes_of(text)).unwrap_or_default()
    }

    #[inline(always)]
    fn bytes_of(&self, text: &Entry) -> Option<&[u8]> {
        self.bytes.get(text.from as usize..)?.get(..text.length as usize)
    }

    /// The places of texts, as far as they have one. Says how many do.
    /// Only where there are [`FEW`](super::FEW) at most.
    pub(super) fn places(&mut self, texts: &[&[u8]], places: &mut [u8]) -> usize {
        let mut known = self.repeats(texts, places);
        while known < texts.len() {
            let (rest, to) = (texts.get(known..), places.get_mut(known..));
            let (Some(rest), Some(to)) = (rest, to) else { return known };
            // Most are there already, but for the first ones.
            known = known.saturating_add(self.find_all(rest, to));
            while let (Some(text), Some(to)) = (texts.get(known), places.get_mut(known)) {
                let before = self.texts.len();
                let Some(place) = self.place(text) else { return known };
                *to = low(place);
                known = known.saturating_add(1);
                if self.texts.len() == before {
                    break;
                }
            }
        }
        known
    }

    /// The places of the first texts, where those are all the same. Says how many.
    #[inline(never)]
    fn repeats(&self, texts: &[&[u8]], places: &mut [u8]) -> usize {
        let [first, second, ..] = texts else { return 0 };
        if first != second {
            return 0;
        }
        let Some(Found::Place(place)) = self.find(first) else { return 0 };
        let same = match **first {
            // Often it is a mark for none.
            [mark] => {
                texts.iter().take_while(|text| matches!(***text, [byte] if byte == mark)).count()
            }
            _ => texts.iter().take_while(|text| *text == first).count(),
        };
        places.get_mut(..same).unwrap_or_default().fill(low(place));
        same
    }

    /// The places of the first texts that are there. Says how many.
    #[inline(never)] // for its loop to have the registers to itself
    fn find_all(&self, texts: &[&[u8]], places: &mut [u8]) -> usize {
        let slots = self.slots.as_slice();
        if slots.is_empty() {
            // Said once, so that no look-up asks.
            return 0;
        }
        let mut known = 0usize;
        for (to, text) in places.iter_mut().zip(texts) {
            // Most are at their hash.
            let at_hash = if text.len() <= SHORT {
                let ends = near_ends(text);
                let slot = slots.get(slot(slots, hash_of_short(ends, text.len())));
                slot.filter(|slot| slot.is_short(ends, text.len()))
            } else if text.len() <= MEDIUM {
                let ends = far_ends(text);
                let slot = slots.get(slot(slots, hash_of_medium(ends, text.len())));
                slot.filter(|slot| slot.has(ends, text.len()))
            } else {
                self.find_long(text)
            };
            *to = match at_hash {
                Some(slot) => low(slot.place),
                None => match self.find(text) {
                    Some(Found::Place(place)) => low(place),
                    _ => break,
                },
            };
            known = known.wrapping_add(1);
        }
        known
    }

    #[inline(never)] // to leave the registers to shorter ones
    fn find_long(&self, text: &[u8]) -> Option<&Slot> {
        let ends = far_ends(text);
        let slot = self.slots.get(slot(&self.slots, hash_of_long(ends, text)))?;
        (slot.has(ends, text.len()) && self.has_inner(slot.place, text)).then_some(slot)
    }

    /// Whether a text whose ends are those of a longer one is that.
    #[inline(always)]
    fn has_inner(&self, place: u16, text: &[u8]) -> bool {
        let known = self.text(place.into());
        match (inner(known), inner(text)) {
            (Some([a, b]), Some([c, d])) => (a == c) & (b == d),
            _ => known == text,
        }
    }

    /// The place of a text, which it gets if it is new; none, where there is no room.
    pub(super) fn place(&mut self, text: &[u8]) -> Option<u16> {
        match self.find(text)? {
            Found::Place(place) => Some(place),
            Found::Slot(slot) => self.enter(slot, text),
        }
    }

    /// Where a text is, or could be: none, where too many others are in the way.
    #[inline(never)] // to leave the registers to those who seldom call it
    fn find(&self, text: &[u8]) -> Option<Found> {
        let mask = self.slots.len().wrapping_sub(1);
        let key = Key::of(text);
        let mut at = slot(&self.slots, key.hash(text));
        for _ in 0..PROBES {
            let slot = self.slots.get(at)?;
            if slot.length == NONE {
                return Some(Found::Slot(at));
            }
            if slot.has(key.ends, text.len())
                && (text.len() <= MEDIUM || self.text(slot.place.into()) == text)
            {
                return Some(Found::Place(slot.place));
            }
            at = at.wrapping_add(1) & mask;
        }
        None
    }

    fn enter(&mut self, slot: usize, text: &[u8]) -> Option<u16> {
        let key = Key::of(text);
        if self.texts.len() >= self.most || key.length >= LONG {
            return None;
        }
        let place = u16::try_from(self.texts.len()).ok()?;
        let from = u32::try_from(self.bytes.len()).ok()?;
        from.checked_add(key.length)?;
        *self.slots.get_mut(slot)? = Slot { ends: key.ends, length: key.length, place };
        self.texts.push(Entry { from, length: key.length, slot: u32::try_from(slot).ok()? });
        self.bytes.extend_from_slice(text);
        if self.texts.len().saturating_mul(SLOTS_PER_TEXT) > self.slots.len() {
            self.grow();
        }
        Some(place)
    }

    /// Makes room for more texts.
    #[cold]
    fn grow(&mut self) {
        let count = self.slots.len().saturating_mul(SLOTS_PER_TEXT);
        self.slots.clear();
        self.slots.resize(count, FREE);
        for place in 0..self.texts.len() {
            let text = self.text(place);
            let key = Key::of(text);
            let mut at = slot(&self.slots, key.hash(text));
            // Most are free.
            while self.slots.get(at).is_some_and(|slot| slot.length != NONE) {
                at = at.wrapping_add(1) & count.wrapping_sub(1);
            }
            if let (Some(slot), Some(text)) = (self.slots.get_mut(at), self.texts.get_mut(place)) {
                *slot = Slot {
                    ends: key.ends,
                    length: key.length,
                    place: u16::try_from(place).unwrap_or_default(),
                };
                text.slot = u32::try_from(at).unwrap_or_default();
            }
        }
    }

    /// Writes the texts.
    pub(super) fn put(&mut self, effort: Effort, out: &mut Vec<u8>) {
        out.push(header::DICTIONARY);
        varint::push(out, self.texts.len().saturating_sub(1) as u64);
        varint::push(out, self.bytes.len() as u64);
        append(out, &self.bytes);
        self.lengths.clear();
        self.lengths.extend(self.texts.iter().map(|text| text.length));
        put(&self.lengths, Order::Unsigned, effort, out);
    }
}
