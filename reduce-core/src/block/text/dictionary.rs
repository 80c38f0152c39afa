//! The texts of a column that differ, each once.

use super::header;
use crate::block::{Effort, Order, append, put};
use crate::varint;
use alloc::vec::Vec;

/// How many places are looked at for a text: more collide only where somebody wishes it.
const PROBES: usize = 16;
/// Texts up to so many bytes are told apart by their key.
const SHORT: u32 = 32;

/// With its length, what a short text holds; the ends of a longer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    words: [u64; 4],
    length: u32,
}

impl Key {
    #[inline]
    fn of(text: &[u8]) -> Option<Self> {
        let words = match text.len() {
            17.. => {
                let ([a, b], _) = text.first_chunk::<16>()?.as_chunks() else { return None };
                let ([c, d], _) = text.last_chunk::<16>()?.as_chunks() else { return None };
                [a, b, c, d].map(|word| u64::from_le_bytes(*word))
            }
            8.. => {
                let (first, last) = (text.first_chunk()?, text.last_chunk()?);
                [u64::from_le_bytes(*first), 0, 0, u64::from_le_bytes(*last)]
            }
            4.. => {
                let (first, last) = (text.first_chunk()?, text.last_chunk()?);
                [u32::from_le_bytes(*first).into(), 0, 0, u32::from_le_bytes(*last).into()]
            }
            _ => {
                let byte = |at| text.get(at).copied().unwrap_or_default();
                [u32::from_le_bytes([byte(0), byte(1), byte(2), 0]).into(), 0, 0, 0]
            }
        };
        Some(Key { words, length: u32::try_from(text.len()).ok()? })
    }

    #[inline]
    fn hash(&self, text: &[u8]) -> u64 {
        let [a, b, c, d] = self.words;
        let mut hash = a ^ d.rotate_left(23) ^ u64::from(self.length) << 56;
        if self.length > 16 {
            hash ^= b.rotate_left(11) ^ c.rotate_left(37);
        }
        if self.length > SHORT {
            // Long texts often differ in the middle alone.
            let (words, _) = text.as_chunks();
            for word in words {
                hash = (hash.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(SPREAD);
            }
        }
        hash.wrapping_mul(SPREAD)
    }
}

/// The fraction of the golden ratio: spreads what is alike.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

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
            .and_then(|(key, from)| self.bytes.get(*from as usize..)?.get(..key.length as usize));
        text.unwrap_or_default()
    }

    /// The places of texts, as far as they have one. Says how many do.
    pub(super) fn places(&mut self, texts: &[&[u8]], places: &mut [u16]) -> usize {
        let mut known = 0usize;
        for (to, text) in places.iter_mut().zip(texts) {
            match self.place(text) {
                Some(place) => *to = place,
                None => break,
            }
            known = known.wrapping_add(1);
        }
        known
    }

    /// The place of a text, which it gets if it is new; none, where there is no room.
    #[inline]
    pub(super) fn place(&mut self, text: &[u8]) -> Option<u16> {
        let key = Key::of(text)?;
        let shift = self.slots.len().leading_zeros().saturating_add(1 + u64::BITS - usize::BITS);
        let mask = self.slots.len().wrapping_sub(1);
        let hash = key.hash(text).checked_shr(shift)?;
        let mut slot = usize::try_from(hash).ok()?;
        for _ in 0..PROBES {
            slot &= mask;
            let place = match *self.slots.get(slot)? {
                0 => return self.enter(slot, key, text),
                more => more.wrapping_sub(1),
            };
            let (known, from) = self.texts.get(usize::from(place))?;
            if *known == key && (key.length <= SHORT || self.is_at(text, *from)) {
                return Some(place);
            }
            slot = slot.wrapping_add(1);
        }
        None
    }

    #[inline]
    fn is_at(&self, text: &[u8], from: u32) -> bool {
        self.bytes.get(from as usize..).and_then(|bytes| bytes.get(..text.len())) == Some(text)
    }

    #[cold]
    #[inline(never)]
    fn enter(&mut self, slot: usize, key: Key, text: &[u8]) -> Option<u16> {
        if self.texts.len() >= self.slots.len() / 2 {
            return None;
        }
        let place = u16::try_from(self.texts.len()).ok()?;
        // Both are counted in so many bits.
        let (more, from) = (place.checked_add(1)?, u32::try_from(self.bytes.len()).ok()?);
        from.checked_add(key.length)?;
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
        self.lengths.extend(self.texts.iter().map(|(key, _)| key.length));
        put(&self.lengths, Order::Unsigned, effort, out);
    }
}
