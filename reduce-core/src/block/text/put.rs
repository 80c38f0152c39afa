//! Texts on their way out.

use super::dictionary::Dictionary;
use super::{FEW, MANY, header};
use crate::block::{Effort, Order, put};
use crate::varint;
use alloc::vec::Vec;

/// After how many different texts it is looked whether most texts are.
const LOOK: usize = 48;
/// In place of a length that exceeds it.
const LONG: u32 = u32::MAX;

/// Gathers the texts of a column. Empty but with what it has allocated, it serves for one column after the other.
#[derive(Debug, Default)]
pub(crate) struct TextEncoder {
    /// The texts as they are: once they are not worth a dictionary.
    plain: bool,
    bytes: Vec<u8>,
    lengths: Vec<u32>,
    /// Those for which a length is [`LONG`].
    long: Vec<u64>,
    /// Before that: the different texts, and which one it is each time.
    dictionary: Dictionary,
    places: Vec<u8>,
    /// For what is gathered at the end.
    many: Vec<u16>,
}

impl TextEncoder {
    /// Adds a text to the column.
    #[inline]
    pub(crate) fn push(&mut self, text: &[u8]) {
        if self.plain || !self.push_place(text) {
            self.push_plain(text);
        }
    }

    /// Adds texts to the column.
    #[inline]
    pub(crate) fn extend<'a>(&mut self, texts: impl IntoIterator<Item = &'a [u8]>) {
        for text in texts {
            self.push(text);
        }
    }

    #[inline]
    fn push_plain(&mut self, text: &[u8]) {
        let length = u32::try_from(text.len()).unwrap_or(LONG);
        if length == LONG {
            self.long.push(text.len() as u64);
        }
        self.lengths.push(length);
        self.bytes.extend_from_slice(text);
    }

    /// Adds a text by its place in the dictionary, unless that is given up.
    #[inline]
    fn push_place(&mut self, text: &[u8]) -> bool {
        if !self.dictionary.is_started() {
            self.dictionary.start(FEW);
        }
        let known = self.dictionary.len();
        match self.dictionary.place(text).and_then(|place| u8::try_from(place).ok()) {
            // Looks only where one is new.
            Some(place) if self.dictionary.len() == known || !self.is_diverse() => {
                self.places.push(place);
                true
            }
            _ => {
                self.give_up();
                false
            }
        }
    }

    /// Whether most texts are new.
    fn is_diverse(&self) -> bool {
        let different = self.dictionary.len();
        different >= LOOK && different.saturating_mul(8) > self.places.len().saturating_mul(7)
    }

    /// Goes on without the dictionary.
    #[cold]
    #[inline(never)]
    fn give_up(&mut self) {
        let places = core::mem::take(&mut self.places);
        let dictionary = core::mem::take(&mut self.dictionary);
        for place in &places {
            self.push_plain(dictionary.text(usize::from(*place)));
        }
        (self.places, self.dictionary) = (places, dictionary);
        self.places.clear();
        self.dictionary.clear();
        self.plain = true;
    }

    /// Writes the column as one block, nothing if it has no texts, and begins the next.
    pub(crate) fn finish(&mut self, effort: Effort, out: &mut Vec<u8>) {
        if !self.plain && self.dictionary.len() > self.places.len() / 2 {
            self.give_up();
        }
        if self.plain {
            if effort == Effort::Fast || !self.put_many(effort, out) {
                self.put_plain(effort, out);
            }
        } else if !self.places.is_empty() {
            self.put_dictionary(effort, out);
            put(&self.places, Order::Unsigned, effort, out);
        }
        self.clear();
    }

    fn clear(&mut self) {
        self.plain = false;
        self.bytes.clear();
        self.lengths.clear();
        self.long.clear();
        self.dictionary.clear();
        self.places.clear();
        self.many.clear();
    }

    fn put_plain(&mut self, effort: Effort, out: &mut Vec<u8>) {
        if self.lengths.is_empty() {
            return;
        }
        out.push(header::PLAIN);
        varint::push(out, self.bytes.len() as u64);
        out.extend_from_slice(&self.bytes);
        if u32::try_from(self.bytes.len()).is_ok() {
            put(&self.lengths, Order::Unsigned, effort, out);
        } else {
            put(&all_lengths(&self.lengths, &self.long), Order::Unsigned, effort, out);
        }
    }

    fn put_dictionary(&mut self, effort: Effort, out: &mut Vec<u8>) {
        out.push(header::DICTIONARY);
        varint::push(out, self.dictionary.len().saturating_sub(1) as u64);
        let bytes = self.dictionary.bytes();
        varint::push(out, bytes.len() as u64);
        out.extend_from_slice(bytes);
        self.lengths.clear();
        // All of them together are counted in 32 bits.
        let lengths = self.dictionary.lengths().map(|length| u32::try_from(length).unwrap_or(LONG));
        self.lengths.extend(lengths);
        put(&self.lengths, Order::Unsigned, effort, out);
    }

    /// Looks once more for a dictionary, of many texts. Says whether it is there, and written.
    fn put_many(&mut self, effort: Effort, out: &mut Vec<u8>) -> bool {
        if !self.long.is_empty() || !self.gather_many() {
            return false;
        }
        self.put_dictionary(effort, out);
        if self.dictionary.len() > FEW {
            put(&self.many, Order::Unsigned, effort, out);
        } else {
            let places = self.many.iter().map(|place| u8::try_from(*place).unwrap_or_default());
            self.places.extend(places);
            put(&self.places, Order::Unsigned, effort, out);
        }
        true
    }

    /// Whether the dictionary of all texts, and which one it is each time, are smaller than the texts.
    fn gather_many(&mut self) -> bool {
        let most = MANY.min(self.lengths.len().next_power_of_two());
        self.dictionary.start(most);
        let mut rest = self.bytes.as_slice();
        for length in &self.lengths {
            let Some((text, behind)) = rest.split_at_checked(*length as usize) else {
                return false;
            };
            rest = behind;
            match self.dictionary.place(text).and_then(|place| u16::try_from(place).ok()) {
                Some(place) => self.many.push(place),
                None => return false,
            }
        }
        let bits = self.dictionary.len().ilog2() as usize + 1;
        let places = bits.saturating_mul(self.many.len()) / 8;
        // The lengths of texts take about a byte each.
        let plain = self.bytes.len().saturating_add(self.lengths.len());
        let dictionary = self.dictionary.bytes().len().saturating_add(self.dictionary.len());
        dictionary.saturating_add(places) < plain
    }
}

/// The lengths of texts of which some are long.
fn all_lengths(lengths: &[u32], long: &[u64]) -> Vec<u64> {
    let mut long = long.iter();
    let length = |length: &u32| match *length {
        LONG => long.next().copied().unwrap_or_default(),
        length => length.into(),
    };
    lengths.iter().map(length).collect()
}
