//! Blocks: one column of numbers or of texts, packed. How many there are is known to both sides; what they mean, and
//! which columns there are, is not known here.
//!
//! A block of numbers begins with a byte that names its coding. Three are flat: one value for all (`flat`), as many
//! bits each as the widest needs (`pack`), and the numbers as they are. Four are made of flat blocks: differences
//! (`delta`), numbers of a dictionary (`dictionary`), runs (`runs`) and floats by a step (`scaled`). `choose` picks one. Numbers of 128 bits are two
//! blocks of 64 (`halves`). A block of texts (`text`) is their bytes and blocks of numbers.

mod choose;
mod delta;
mod dictionary;
mod effort;
mod flat;
mod halves;
mod numbers;
mod pack;
mod runs;
mod scaled;
#[cfg(test)]
mod tests;
mod text;
mod unpack;
mod word;

use alloc::vec::Vec;

pub use effort::Effort;
pub(crate) use numbers::{get, pass, put};
pub(crate) use text::{Places, TextArena, TextEncoder, get_bytes, get_texts, pass_text};
pub(crate) use word::{Order, Word};

/// Appends bytes, however many.
///
/// In pieces, for a copy of some hundred kilobytes at once to an odd address takes three times as long on some
/// processors, by the instruction that libraries choose for it.
pub(crate) fn append(out: &mut Vec<u8>, bytes: &[u8]) {
    const PIECE: usize = 2048;
    out.reserve(bytes.len());
    for piece in bytes.chunks(PIECE) {
        out.extend_from_slice(piece);
    }
}

/// The first byte of a block of numbers.
mod header {
    /// One value, which follows.
    pub(super) const CONSTANT: u8 = 0;
    /// From 1 to 63: so many bits a number. With [`BASE`], what they all exceed comes first.
    pub(super) const WIDTH: u8 = 0x3f;
    /// The numbers as they are, little endian.
    pub(super) const RAW: u8 = 0x40;
    /// Beside a width.
    pub(super) const BASE: u8 = 0x40;
    /// The first number and how each differs from the one before.
    pub(super) const DELTA: u8 = 0x80;
    /// The numbers that there are, and which of them it is each time.
    pub(super) const DICTIONARY: u8 = 0x81;
    /// Each number that differs from the one before, and how often it stands there.
    pub(super) const RUNS: u8 = 0x82;
    /// Upper and lower halves, a block each.
    pub(super) const HALVES: u8 = 0x83;
    /// Whole numbers that floats are, times a power of two.
    pub(super) const SCALED: u8 = 0x84;
}

/// What the first byte of a block of numbers says: its coding, and how many bits each of them has where they are packed.
pub(crate) fn coding(first: u8) -> (&'static str, Option<u8>) {
    match first {
        header::CONSTANT => ("constant", None),
        header::RAW => ("raw", None),
        header::DELTA => ("delta", None),
        header::DICTIONARY => ("dictionary", None),
        header::RUNS => ("runs", None),
        header::HALVES => ("halves", None),
        header::SCALED => ("scaled", None),
        _ => ("packed", Some(first & header::WIDTH)),
    }
}

/// What the first byte of a block of texts says.
pub(crate) fn text_coding(first: u8) -> &'static str {
    text::coding(first)
}
