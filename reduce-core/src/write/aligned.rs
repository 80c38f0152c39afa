//! Lists that are put at aligned places of the stream: [`Dumper::aligned`](crate::Dumper::aligned). What their bytes are, is in
//! `crate::aligned`.
//!
//! Padding is written for the place where the list is just then. What is put in front of the data once they are written
//! (definitions met on the way, a length that takes more bytes) moves all lists: then their padding is written anew.

use super::Writer;
use crate::aligned::MOST;
use crate::opcode;
use alloc::vec::Vec;

/// What a writer knows of alignment.
#[derive(Default)]
pub(crate) struct Alignment {
    on: bool,
    places: Vec<Place>,
    /// How many bytes more in front of the data the padding is for.
    shift: usize,
}

/// The padding of a list.
#[derive(Clone, Copy)]
struct Place {
    /// Where it says how much there is.
    at: usize,
    align: usize,
}

impl Alignment {
    pub(super) fn new(on: bool) -> Self {
        Alignment { on, ..Self::default() }
    }
}

impl Writer<'_> {
    /// Whether lists that can be lent are aligned here.
    #[inline]
    pub(crate) fn aligns(&self) -> bool {
        self.alignment.on
    }

    /// Whether a list lies at an aligned place.
    #[inline]
    pub(super) fn has_aligned(&self) -> bool {
        !self.alignment.places.is_empty()
    }

    /// Writes the length of a list, and padding up to where elements of this alignment may lie.
    #[cold]
    pub(crate) fn aligned_length(&mut self, length: usize, align: usize) {
        // No list is longer than isize::MAX, so no bit is lost.
        self.varint((length as u64) << 1 | 1);
        self.byte(opcode::ALIGNED);
        let place = Place { at: self.out.len(), align: align.min(MOST.into()) };
        self.alignment.places.push(place);
        let offset = place.at.saturating_sub(self.start());
        pad(&mut self.out, offset, place.align);
    }

    /// From here on no list is aligned; what [`resume_alignment`](Self::resume_alignment) takes.
    pub(super) fn suspend_alignment(&mut self) -> bool {
        core::mem::take(&mut self.alignment.on)
    }

    pub(super) fn resume_alignment(&mut self, on: bool) {
        self.alignment.on = on;
    }

    /// Forgets lists that were taken back.
    pub(super) fn forget_alignment(&mut self) {
        let end = self.out.len();
        self.alignment.places.retain(|place| place.at < end);
    }

    /// Writes all padding anew for a stream that has so many bytes more in front of its data.
    pub(super) fn move_alignment(&mut self, shift: usize) {
        let by = shift.abs_diff(self.alignment.shift);
        self.alignment.shift = shift;
        let moved = |place: &Place| !by.is_multiple_of(place.align.max(1));
        if !self.alignment.places.iter().any(moved) {
            return;
        }
        let start = self.start();
        let old = core::mem::take(&mut self.out);
        let mut rest = old.as_slice();
        let mut out = Vec::with_capacity(old.capacity());
        let mut from = 0;
        for place in &mut self.alignment.places {
            let Some((before, behind)) = rest.split_at_checked(place.at.saturating_sub(from))
            else {
                break;
            };
            let padding = behind.first().map_or(0, |count| usize::from(*count).saturating_add(1));
            from = place.at.saturating_add(padding);
            rest = behind.get(padding..).unwrap_or_default();
            out.extend_from_slice(before);
            place.at = out.len();
            pad(&mut out, place.at.saturating_sub(start).saturating_add(shift), place.align);
        }
        out.extend_from_slice(rest);
        self.out = out;
    }
}

/// Writes padding that begins at this offset: how much, and so many zeros.
fn pad(out: &mut Vec<u8>, offset: usize, align: usize) {
    let padded = offset.saturating_add(1).next_multiple_of(align.max(1));
    let count = padded.saturating_sub(offset).saturating_sub(1);
    // Less than an alignment, which is at most `MOST`.
    out.push(u8::try_from(count).unwrap_or_default());
    out.resize(out.len().saturating_add(count), 0);
}
