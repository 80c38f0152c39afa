//! Packed numbers on their way in; how they lie says `pack`.

use super::pack::{CHUNK, EACH_BYTE, GROUP, mask, starts};
use super::word::Narrow;
use alloc::vec::Vec;

/// Reads packed numbers of at most 63 bits and appends them, each with `base` added. There are as many bytes as
/// [`size`](super::pack::size) says.
pub(super) fn unpack<W: Narrow>(bytes: &[u8], count: usize, width: u32, base: W, out: &mut Vec<W>) {
    let start = out.len();
    out.resize(start.saturating_add(count), base);
    let mut rest = bytes;
    let (full, last) = out.get_mut(start..).unwrap_or_default().as_chunks_mut::<CHUNK>();
    for chunk in full {
        unpack_chunk(rest, width, base, chunk);
        rest = rest.get(CHUNK / GROUP * width as usize..).unwrap_or_default();
    }
    if !last.is_empty() {
        let mut chunk = [base; CHUNK];
        unpack_chunk(rest, width, base, &mut chunk);
        for (to, value) in last.iter_mut().zip(chunk) {
            *to = value;
        }
    }
}

#[inline]
fn unpack_chunk<W: Narrow>(bytes: &[u8], width: u32, base: W, out: &mut [W; CHUNK]) {
    match width {
        1..=8 => spread(&unpack_8(bytes, width), base, out),
        9..=16 => spread(&unpack_16(bytes, width), base, out),
        17..=32 => spread(&unpack_32(bytes, width), base, out),
        _ => spread(&unpack_64(bytes, width), base, out),
    }
}

/// Puts numbers into wider words, with `base` added. So many at a time that no other number of them is looked for.
#[inline]
fn spread<N: Narrow, W: Narrow>(values: &[N; CHUNK], base: W, out: &mut [W; CHUNK]) {
    for (to, value) in out.iter_mut().zip(values) {
        *to = W::low(value.wide()).plus(base);
    }
}

/// The bytes from a place on, with zeros behind their end.
#[inline]
fn window<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.first_chunk() {
        Some(window) => *window,
        None => last_window(rest),
    }
}

#[cold]
fn last_window<const N: usize>(rest: &[u8]) -> [u8; N] {
    let mut window = [0; N];
    for (to, from) in window.iter_mut().zip(rest) {
        *to = *from;
    }
    window
}

/// The bytes at a place that they reach beyond.
#[inline(always)]
fn part_of<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes.get(at..).and_then(<[u8]>::first_chunk).copied().unwrap_or([0; N])
}

/// The bytes of a chunk, or `last`, where fewer are left: those and zeros.
#[inline(always)]
fn of_chunk<'a, const N: usize>(bytes: &'a [u8], last: &'a mut [u8; N]) -> &'a [u8; N] {
    bytes.first_chunk().unwrap_or_else(|| {
        *last = last_window(bytes);
        last
    })
}

/// Numbers of each width by a loop of its own, without shifts that depend on it.
macro_rules! by_width {
    ($width:ident, $bytes:ident, $unpack:ident, [$($known:literal)*], match { $($else:tt)* }) => {
        match $width {
            $($known => $unpack::<$known>($bytes),)*
            $($else)*
        }
    };
}

#[inline(never)] // for it is called for words of all widths
fn unpack_8(bytes: &[u8], width: u32) -> [u8; CHUNK] {
    by_width!(width, bytes, unpack_few, [2 3 4 5 6 7], match {
        1 => unpack_bits(bytes),
        _ => window(bytes, 0),
    })
}

fn unpack_bits(bytes: &[u8]) -> [u8; CHUNK] {
    let mut values = [0; CHUNK];
    let (groups, _) = values.as_chunks_mut::<GROUP>();
    for (group, bits) in groups.iter_mut().zip(window::<{ CHUNK / GROUP }>(bytes, 0)) {
        // Leaves one bit in each byte, and carries it to the highest one, for `>>` to bring it down.
        let bits = u64::from(bits).wrapping_mul(EACH_BYTE) & 0x8040_2010_0804_0201;
        let carried = bits.wrapping_add(0x0040_6070_787c_7e7f);
        *group = (carried >> 7 & EACH_BYTE).to_le_bytes();
    }
    values
}

/// Lanes of so many bits that lie together in pairs come to lie `apart`. `low` has a one where a pair begins.
#[inline(always)]
fn part(lanes: u64, bits: u32, apart: u32, low: u64) -> u64 {
    let even = low.wrapping_mul(mask(bits));
    (lanes & even) | (lanes >> bits & even) << apart
}

/// Numbers of 2 to 7 bits.
fn unpack_few<const WIDTH: u32>(bytes: &[u8]) -> [u8; CHUNK] {
    let (mut values, mut last) = ([0; CHUNK], [0; CHUNK]);
    let bytes = of_chunk(bytes, &mut last);
    let (groups, _) = values.as_chunks_mut::<GROUP>();
    for (group, at) in groups.iter_mut().zip(starts(WIDTH)) {
        let word = u64::from_le_bytes(part_of(bytes, at));
        let word = part(word, 4 * WIDTH, 32, 1);
        let word = part(word, 2 * WIDTH, 16, 0x1_0000_0001);
        *group = part(word, WIDTH, 8, 0x0001_0001_0001_0001).to_le_bytes();
    }
    values
}

/// The words that such bytes are.
#[inline]
fn whole<const N: usize, W: Narrow>(words: &[[u8; N]], word: impl Fn([u8; N]) -> W) -> [W; CHUNK] {
    let mut values = [W::low(0); CHUNK];
    for (value, bytes) in values.iter_mut().zip(words) {
        *value = word(*bytes);
    }
    values
}

#[inline(never)]
fn unpack_16(bytes: &[u8], width: u32) -> [u16; CHUNK] {
    by_width!(width, bytes, unpack_shorts, [9 10 11 12 13 14 15], match {
        _ => whole(bytes.as_chunks().0, u16::from_le_bytes),
    })
}

#[inline(never)]
fn unpack_32(bytes: &[u8], width: u32) -> [u32; CHUNK] {
    by_width!(width, bytes, unpack_ints, [17 18 19 20 21 22 23 24 25 26 27 28 29 30 31], match {
        _ => whole(bytes.as_chunks().0, u32::from_le_bytes),
    })
}

/// Numbers of 9 to 15 bits.
#[inline]
fn unpack_shorts<const WIDTH: u32>(bytes: &[u8]) -> [u16; CHUNK] {
    let (mut values, mut last) = ([0; CHUNK], [0; 2 * CHUNK]);
    unpack_groups::<WIDTH, 23, _>(of_chunk(bytes, &mut last), &mut values);
    values
}

/// Numbers of 17 to 31 bits.
#[inline]
fn unpack_ints<const WIDTH: u32>(bytes: &[u8]) -> [u32; CHUNK] {
    let (mut values, mut last) = ([0; CHUNK], [0; 4 * CHUNK]);
    unpack_groups::<WIDTH, 39, _>(of_chunk(bytes, &mut last), &mut values);
    values
}

/// Numbers of which each is in eight bytes, whichever bit of the first it begins at. A `WINDOW` is as many bytes as there are from the
/// last group on. Of any number of groups, so that the code for one is there once.
#[inline(never)]
fn unpack_groups<const WIDTH: u32, const WINDOW: usize, W: Narrow>(bytes: &[u8], values: &mut [W]) {
    let (groups, _) = values.as_chunks_mut::<GROUP>();
    let mut rest = bytes;
    for group in groups {
        // One look at the bytes of a group, where they lie: a copy would be read across its parts.
        let Some(window) = rest.first_chunk::<WINDOW>() else { return };
        for (value, number) in group.iter_mut().zip(0..) {
            let bit = number * WIDTH;
            let word = u64::from_le_bytes(part_of(window, (bit / 8) as usize));
            *value = W::low(word >> (bit % 8) & mask(WIDTH));
        }
        rest = rest.get(WIDTH as usize..).unwrap_or_default();
    }
}

fn unpack_64(bytes: &[u8], width: u32) -> [u64; CHUNK] {
    let mut values = [0; CHUNK];
    let mask = mask(width);
    let mut bit = 0;
    for value in &mut values {
        let (at, from) = ((bit / 8) as usize, bit % 8);
        *value = match width {
            // Whatever bit of a byte they begin at, eight bytes hold them.
            ..=57 => u64::from_le_bytes(window(bytes, at)) >> from & mask,
            _ => low_64(u128::from_le_bytes(window(bytes, at)) >> from) & mask,
        };
        bit += width;
    }
    values
}

#[inline]
#[allow(clippy::cast_possible_truncation)] // what it is for
fn low_64(word: u128) -> u64 {
    word as u64
}
