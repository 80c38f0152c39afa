//! The texts of a column that differ, each once.

use alloc::vec::Vec;

/// How many places are looked at for a text: more collide only where somebody wishes it.
const PROBES: usize = 16;
/// Texts up to so many bytes are told apart by their key.
const SHORT: usize = 16;

/// With its length, what a short text holds; the first and the last bytes of a longer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
            _ => match *text {
                [a] => (a.into(), 0),
                [a, b] => (u16::from_le_bytes([a, b]).into(), 0),
                [a, b, c] => (u32::from_le_bytes([a, b, c, 0]).into(), 0),
                _ => (0, 0),
            },
        }
    }

    #[inline]
    fn hash(&self, text: &[u8]) -> u64 {
        // The fraction of the golden ratio: spreads what is alike.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut hash = self.first ^ self.last.rotate_left(23) ^ (self.length as u64) << 56;
        if text.len() > SHORT {
            let (words, _) = text.as_chunks();
            for word in words {
                hash = (hash.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(SPREAD);
            }
        }
        hash.wrapping_mul(SPREAD)
    }
}

/// A dictionary in the making. Kept, with what it has allocated, for the next one.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    /// One more than the place of a text, by its hash or behind it; as many as twice the most texts, or none yet.
    slots: Vec<u32>,
    /// The key of each text, and where it begins.
    keys: Vec<(Key, usize)>,
    bytes: Vec<u8>,
}

impl Dictionary {
    /// Makes room for so many texts, a power of two.
    pub(super) fn start(&mut self, most: usize) {
        self.clear();
        self.slots.resize(most.saturating_mul(2), 0);
    }

    #[inline]
    pub(super) fn is_started(&self) -> bool {
        !self.slots.is_empty()
    }

    /// Forgets the texts.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.keys.clear();
        self.bytes.clear();
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// All texts, one behind the other.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn text(&self, place: usize) -> &[u8] {
        match self.keys.get(place) {
            Some((key, from)) => self.bytes.get(*from..).and_then(|bytes| bytes.get(..key.length)),
            None => None,
        }
        .unwrap_or_default()
    }

    pub(super) fn lengths(&self) -> impl Iterator<Item = usize> {
        self.keys.iter().map(|(key, _)| key.length)
    }

    /// The place of a text, which it gets if it is new; none, where there is no room.
    #[inline]
    pub(super) fn place(&mut self, text: &[u8]) -> Option<usize> {
        let key = Key::of(text);
        let bits = self.slots.len().trailing_zeros();
        let hash = key.hash(text) >> (u64::BITS.saturating_sub(bits)).min(u64::BITS - 1);
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = usize::try_from(hash).unwrap_or_default();
        for _ in 0..PROBES {
            slot &= mask;
            let place = match *self.slots.get(slot)? {
                0 => return self.enter(slot, key, text),
                more => (more as usize).wrapping_sub(1),
            };
            let (known, from) = self.keys.get(place)?;
            if *known == key && (key.length <= SHORT || self.is_at(text, *from)) {
                return Some(place);
            }
            slot = slot.wrapping_add(1);
        }
        None
    }

    #[inline]
    fn is_at(&self, text: &[u8], from: usize) -> bool {
        self.bytes.get(from..).and_then(|bytes| bytes.get(..text.len())) == Some(text)
    }

    #[cold]
    #[inline(never)]
    fn enter(&mut self, slot: usize, key: Key, text: &[u8]) -> Option<usize> {
        let place = self.keys.len();
        let full = place >= self.slots.len() / 2;
        // Its bytes are counted in 32 bits.
        let long = u32::try_from(self.bytes.len().checked_add(text.len())?).is_err();
        if full || long {
            return None;
        }
        *self.slots.get_mut(slot)? = u32::try_from(place).ok()?.checked_add(1)?;
        self.keys.push((key, self.bytes.len()));
        self.bytes.extend_from_slice(text);
        Some(place)
    }
}
