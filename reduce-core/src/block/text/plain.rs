//! Texts as they are: their bytes without gaps, and their lengths.

use super::header;
use crate::block::{Effort, Order, append, put};
use crate::varint;
use alloc::vec::Vec;

/// In place of a length that exceeds it.
const LONG: u32 = u32::MAX;
/// What a short text may write behind its end.
const SPARE: usize = 32;

#[derive(Debug, Default)]
pub(super) struct Plain {
    /// Zeros behind `end`, so that short texts are copied in pieces of a fixed size.
    bytes: Vec<u8>,
    end: usize,
    lengths: Vec<u32>,
    /// Those for which a length is [`LONG`].
    long: Vec<u64>,
}

impl Plain {
    pub(super) fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.end = 0;
        self.lengths.clear();
        self.long.clear();
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.end).unwrap_or_default()
    }

    /// The texts, if none is long.
    pub(super) fn texts(&self) -> Option<impl Iterator<Item = &[u8]>> {
        let mut rest = self.bytes();
        let texts = self.lengths.iter().map_while(move |length| {
            let (text, behind) = rest.split_at_checked(*length as usize)?;
            rest = behind;
            Some(text)
        });
        self.long.is_empty().then_some(texts)
    }

    /// How many texts there are, and how many bytes.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.lengths.len(), self.end)
    }

    pub(super) fn push(&mut self, texts: &[&[u8]]) {
        // As many texts as are given at once do not overflow 64 bits, whatever memory there is.
        let size = texts.iter().fold(0u64, |size, text| size.wrapping_add(text.len() as u64));
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let end = self.end.saturating_add(size);
        if end.saturating_add(SPARE) > self.bytes.len() {
            self.grow(end);
        }
        let before = self.lengths.len();
        if size < LONG as usize {
            // None is long where all together are not.
            #[allow(clippy::cast_possible_truncation)]
            self.lengths.extend(texts.iter().map(|text| text.len() as u32));
        } else {
            self.push_long(texts);
        }
        let lengths = self.lengths.get(before..).unwrap_or_default().iter();
        // Texts of a column are often alike in length. As numbers with a sign these are compared some at once.
        let (least, most) = lengths.fold((i32::MAX, 0), |(least, most), length| {
            let length = length.cast_signed();
            (length.min(least), length.max(most))
        });
        let out = self.bytes.get_mut(self.end..).unwrap_or_default();
        match least {
            16.. if most <= 32 => copy_all(texts, out, copy_halves),
            _ => copy_all(texts, out, copy),
        }
        self.end = end;
    }

    #[cold]
    fn grow(&mut self, end: usize) {
        let room = end.saturating_add(SPARE).max(self.bytes.len().saturating_mul(2));
        self.bytes.resize(room, 0);
    }

    #[cold]
    fn push_long(&mut self, texts: &[&[u8]]) {
        for text in texts {
            let length = u32::try_from(text.len()).unwrap_or(LONG);
            if length == LONG {
                self.long.push(text.len() as u64);
            }
            self.lengths.push(length);
        }
    }

    pub(super) fn put(&self, effort: Effort, out: &mut Vec<u8>) {
        out.push(header::PLAIN);
        varint::push(out, self.end as u64);
        append(out, self.bytes());
        if u32::try_from(self.end).is_ok() {
            put(&self.lengths, Order::Unsigned, effort, out);
        } else {
            put(&self.all_lengths(), Order::Unsigned, effort, out);
        }
    }

    fn all_lengths(&self) -> Vec<u64> {
        let mut long = self.long.iter();
        let length = |length: &u32| match *length {
            LONG => long.next().copied().unwrap_or_default(),
            length => length.into(),
        };
        self.lengths.iter().map(length).collect()
    }
}

#[inline(always)]
fn copy_all(texts: &[&[u8]], mut out: &mut [u8], copy: impl Fn(&[u8], &mut [u8])) {
    for text in texts {
        copy(text, out);
        let Some(behind) = out.get_mut(text.len()..) else { return };
        out = behind;
    }
}

/// Puts a text of 16 to 32 bytes where there is room for [`SPARE`].
#[inline(always)]
fn copy_halves(text: &[u8], out: &mut [u8]) {
    const HALF: usize = SPARE / 2;
    if let (Some(out), Some(first), Some(last)) =
        (out.first_chunk_mut::<SPARE>(), text.first_chunk::<HALF>(), text.last_chunk::<HALF>())
    {
        if let Some(out) = out.first_chunk_mut() {
            *out = *first;
        }
        let behind = out.get_mut(text.len().saturating_sub(HALF).min(HALF)..).unwrap_or_default();
        if let Some(out) = behind.first_chunk_mut() {
            *out = *last;
        }
    }
}

/// Puts a text at the beginning of what has room for it, a short one without a call: in two pieces that overlap.
#[inline]
fn copy(text: &[u8], out: &mut [u8]) {
    match text.len() {
        0 => {}
        1..=3 => {
            let (half, last) = (text.len() / 2, text.len().wrapping_sub(1));
            for at in [0, half, last] {
                if let (Some(to), Some(from)) = (out.get_mut(at), text.get(at)) {
                    *to = *from;
                }
            }
        }
        4..=7 => copy_ends::<4>(text, out),
        8..=16 => copy_ends::<8>(text, out),
        17..=32 => copy_ends::<16>(text, out),
        length => {
            if let Some(out) = out.get_mut(..length) {
                out.copy_from_slice(text);
            }
        }
    }
}

#[inline]
fn copy_ends<const N: usize>(text: &[u8], out: &mut [u8]) {
    if let (Some(out), Some(first), Some(last)) =
        (out.get_mut(..text.len()), text.first_chunk::<N>(), text.last_chunk::<N>())
    {
        if let Some(out) = out.first_chunk_mut() {
            *out = *first;
        }
        if let Some(out) = out.last_chunk_mut() {
            *out = *last;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No memory holds a long text in a test: that of one is put in its place.
    #[test]
    fn lengths_of_long_texts_are_told_apart() {
        let mut plain = Plain::default();
        plain.push(&[b"a", b"bc"]);
        plain.lengths.insert(1, LONG);
        plain.long.push(1 << 33);
        plain.lengths.push(LONG);
        plain.long.push(LONG.into());
        assert_eq!(plain.all_lengths(), [1, 1 << 33, 2, LONG.into()]);
        assert!(plain.texts().is_none());
    }
}
