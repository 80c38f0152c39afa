//! Numbers of so many bits each, without gaps: number `k` has the bits from `k * width` on, the lowest first.
//!
//! Eight numbers take as many bytes as one has bits. They are put together in words, in pairs: as bytes where they are
//! of at most 8 bits, and so on, so that no loop depends on the width.

use super::word::Narrow;
use alloc::vec::Vec;

/// How many numbers are narrowed at once.
pub(super) const CHUNK: usize = 64;
/// How many numbers begin and end at a byte, whatever their width.
pub(super) const GROUP: usize = 8;
/// What a group of numbers is written to: those, and the rest of a word.
const WINDOW: usize = 72;
/// What a group may write behind its end.
const SPARE: usize = WINDOW;

/// The bytes that so many numbers take.
#[inline]
pub(super) fn size(count: usize, width: u32) -> Option<usize> {
    let width = width as usize;
    // Whole groups first: the number of bits may exceed what a `usize` holds where that of bytes does not.
    let groups = (count / GROUP).checked_mul(width)?;
    groups.checked_add(((count % GROUP).checked_mul(width)?).div_ceil(8))
}

/// The lowest `width` bits.
#[inline]
pub(super) fn mask(width: u32) -> u64 {
    match width {
        64.. => u64::MAX,
        _ => (1 << width) - 1,
    }
}

/// Writes packed numbers, a chunk at a time.
pub(super) struct Packer<'a> {
    out: &'a mut Vec<u8>,
    /// Where the next chunk begins.
    at: usize,
    /// Where the numbers end.
    end: usize,
    width: u32,
}

impl<'a> Packer<'a> {
    pub(super) fn new(count: usize, width: u32, out: &'a mut Vec<u8>) -> Self {
        let at = out.len();
        // What is dumped is in memory, and wider there.
        let end = at.saturating_add(size(count, width).unwrap_or_default());
        out.resize(end.saturating_add(SPARE), 0);
        Packer { out, at, end, width }
    }

    /// Packs what `base` is less than the numbers: whole chunks of them, until the last ones.
    #[inline]
    pub(super) fn push<W: Narrow>(&mut self, values: &[W], base: W) {
        let (chunks, rest) = values.as_chunks::<CHUNK>();
        self.push_chunks(chunks, base);
        if !rest.is_empty() {
            let mut last = [base; CHUNK];
            for (to, from) in last.iter_mut().zip(rest) {
                *to = *from;
            }
            self.push_chunks(&[last], base);
        }
    }

    /// The same of bytes that lie where it writes, from a place on that it has not come to. Not more of them than that.
    pub(super) fn push_own(&mut self, from: usize, count: usize) {
        for at in (from..from.saturating_add(count)).step_by(CHUNK) {
            // Copied, as they are read from where others are written.
            let mut chunk = [0; CHUNK];
            let end = from.saturating_add(count).min(at.saturating_add(CHUNK));
            let own = self.out.get(at..end).unwrap_or_default();
            chunk.iter_mut().zip(own).for_each(|(to, from)| *to = *from);
            self.push_chunks(&[chunk], 0);
        }
    }

    #[inline(never)] // for it is called for the last chunk too
    fn push_chunks<W: Narrow>(&mut self, chunks: &[[W; CHUNK]], base: W) {
        let width = self.width;
        match width {
            // Of what is wider, a lowest byte may be less than that of the base.
            1 if W::BITS == u8::BITS => self.each(chunks, W::low(0), |chunk, out| {
                let chunk = chunk.map(|value| u8::low(value.wide()));
                pack_bits(&chunk, u8::low(base.wide()), out);
            }),
            1 => self.each(chunks, base, |chunk, out| {
                pack_bits(&chunk.map(|value| u8::low(value.wide())), 0, out);
            }),
            2..=8 => self.each(chunks, base, |chunk, out| {
                pack_8(&chunk.map(|value| u8::low(value.wide())), width, out);
            }),
            9..=16 => self.each(chunks, base, |chunk, out| {
                pack_16(&chunk.map(|value| u16::low(value.wide())), width, out);
            }),
            17..=32 => self.each(chunks, base, |chunk, out| {
                pack_32(&chunk.map(|value| u32::low(value.wide())), width, out);
            }),
            _ => {
                self.each(chunks, base, |chunk, out| pack_64(&chunk.map(Narrow::wide), width, out))
            }
        }
    }

    /// Packs each chunk to where it comes. Of one that is not full that is too much, and nothing follows it.
    #[inline(always)]
    fn each<W: Narrow>(
        &mut self,
        chunks: &[[W; CHUNK]],
        base: W,
        pack: impl Fn([W; CHUNK], &mut [u8]),
    ) {
        let step = CHUNK / GROUP * self.width as usize;
        let mut out = self.out.get_mut(self.at..).unwrap_or_default();
        for chunk in chunks {
            pack(chunk.map(|value| value.minus(base)), out);
            let Some(behind) = out.get_mut(step..) else { break };
            out = behind;
        }
        self.at = self.at.saturating_add(step.saturating_mul(chunks.len()));
    }

    pub(super) fn finish(self) {
        self.out.truncate(self.end);
        // Numbers beyond a last chunk's count are zero, and so are the bits they leave.
        debug_assert!(self.at >= self.end);
    }
}

/// Puts bytes where there is room for them.
#[inline]
fn write<const N: usize>(out: &mut [u8], at: usize, bytes: [u8; N]) {
    if let Some(to) = out.get_mut(at..).and_then(|out| out.first_chunk_mut::<N>()) {
        *to = bytes;
    }
}

const EVEN_BYTES: u64 = 0x00ff_00ff_00ff_00ff;
const EVEN_SHORTS: u64 = 0x0000_ffff_0000_ffff;
const LOW_HALF: u64 = 0xffff_ffff;
pub(super) const EACH_BYTE: u64 = 0x0101_0101_0101_0101;

/// Puts lanes that lie `from` bits apart `to` bits apart, pair by pair; `even` has every other lane.
#[inline]
fn join(lanes: u64, even: u64, from: u32, to: u32) -> u64 {
    (lanes & even) | ((lanes & !even) >> (from - to))
}

/// Puts numbers of a whole number of bytes one behind the other, as far as there is room.
#[inline]
fn write_whole<const N: usize>(values: impl Iterator<Item = [u8; N]>, out: &mut [u8]) {
    let (out, _) = out.as_chunks_mut::<N>();
    for (to, value) in out.iter_mut().zip(values) {
        *to = value;
    }
}

/// Where each group of a chunk begins.
#[inline]
pub(super) fn starts(width: u32) -> impl Iterator<Item = usize> {
    (0..CHUNK / GROUP).map(move |group| group.wrapping_mul(width as usize))
}

/// Numbers of one bit, bools mostly.
#[inline(always)]
fn pack_bits(values: &[u8; CHUNK], base: u8, out: &mut [u8]) {
    let (groups, _) = values.as_chunks::<GROUP>();
    // Bit `k` of byte `j` is that of number `j` of group `k`, and what the base has added there.
    let sum = groups
        .iter()
        .rev()
        .fold(0u64, |sum, group| sum.wrapping_mul(2).wrapping_add(u64::from_le_bytes(*group)));
    let bits = sum.wrapping_sub(u64::from(base).wrapping_mul(EACH_BYTE.wrapping_mul(0xff)));
    // The two change places: alone, in twos, and in fours.
    let bits = exchange(bits, 7, 0x00aa_00aa_00aa_00aa);
    let bits = exchange(bits, 14, 0x0000_cccc_0000_cccc);
    let bits = exchange(bits, 28, 0x0000_0000_f0f0_f0f0);
    write(out, 0, bits.to_le_bytes());
}

/// Lets the bits of a mask change places with those that are so far above them.
#[inline(always)]
fn exchange(bits: u64, distance: u32, mask: u64) -> u64 {
    let differ = (bits ^ bits >> distance) & mask;
    bits ^ differ ^ differ << distance
}

fn pack_8(values: &[u8; CHUNK], width: u32, out: &mut [u8]) {
    if width == 8 {
        return write_whole(values.iter().map(|value| [*value]), out);
    }
    let (groups, _) = values.as_chunks::<GROUP>();
    for (group, at) in groups.iter().zip(starts(width)) {
        let word = u64::from_le_bytes(*group);
        let word = join(word, EVEN_BYTES, 8, width);
        let word = join(word, EVEN_SHORTS, 16, 2 * width);
        let word = join(word, LOW_HALF, 32, 4 * width);
        write(out, at, word.to_le_bytes());
    }
}

/// Four numbers of 9 to 15 bits, together.
#[inline]
fn join_16(&[a, b, c, d]: &[u16; 4], width: u32) -> u64 {
    let [a, b, c, d] = [a, b, c, d].map(u64::from);
    a | b << width | c << (2 * width) | d << (3 * width)
}

fn pack_16(values: &[u16; CHUNK], width: u32, out: &mut [u8]) {
    if width == 16 {
        return write_whole(values.iter().map(|value| value.to_le_bytes()), out);
    }
    let (fours, _) = values.as_chunks::<4>();
    let (groups, _) = fours.as_chunks::<2>();
    for ([low, high], at) in groups.iter().zip(starts(width)) {
        let high = u128::from(join_16(high, width)) << (4 * width);
        write(out, at, (u128::from(join_16(low, width)) | high).to_le_bytes());
    }
}

/// The packing of numbers of so many bits, each width with a loop of its own: without shifts that depend on it.
macro_rules! by_width {
    ($width:ident, $values:ident, $out:ident, $($known:literal)*) => {
        match $width {
            $($known => pack_groups::<$known>($values, $out),)*
            _ => write_whole($values.iter().map(|value| value.to_le_bytes()), $out),
        }
    };
}

fn pack_32(values: &[u32; CHUNK], width: u32, out: &mut [u8]) {
    by_width!(width, values, out, 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31);
}

/// Of any number of groups, so that the code for one is there once.
#[inline(never)]
fn pack_groups<const WIDTH: u32>(values: &[u32], mut out: &mut [u8]) {
    let (groups, _) = values.as_chunks::<GROUP>();
    for group in groups {
        let Some(window) = out.first_chunk_mut::<WINDOW>() else { return };
        let mut words = window.as_chunks_mut().0.iter_mut();
        let mut put = |word: u64| {
            if let Some(to) = words.next() {
                *to = word.to_le_bytes();
            }
        };
        // The word that is being filled, and how many bits of it are.
        let (mut word, mut bits) = (0, 0);
        for value in group {
            let value = u64::from(*value);
            word |= value << bits;
            bits += WIDTH;
            if bits >= u64::BITS {
                put(word);
                bits -= u64::BITS;
                // What did not fit.
                word = value >> (WIDTH - bits);
            }
        }
        put(word);
        out = out.get_mut(WIDTH as usize..).unwrap_or_default();
    }
}

fn pack_64(values: &[u64; CHUNK], width: u32, out: &mut [u8]) {
    let (groups, _) = values.as_chunks::<GROUP>();
    for (group, at) in groups.iter().zip(starts(width)) {
        let rest = out.get_mut(at..).unwrap_or_default();
        let Some(window) = rest.first_chunk_mut::<WINDOW>() else { return };
        let (words, _) = window.as_chunks_mut();
        // The word that is being filled, how many bits of it are, and which one it is.
        let (mut word, mut bits, mut index) = (0, 0, 0);
        for value in group {
            word |= value << bits;
            if let Some(to) = words.get_mut(index) {
                *to = word.to_le_bytes();
            }
            let filled = bits + width;
            // What did not fit: nothing, if no bit was filled before.
            let carried = value >> 1 >> (u64::BITS - 1 - bits);
            word = if filled >= u64::BITS { carried } else { word };
            index += (filled / u64::BITS) as usize;
            bits = filled % u64::BITS;
        }
        if let Some(to) = words.get_mut(index) {
            *to = word.to_le_bytes();
        }
    }
}
