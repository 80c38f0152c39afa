//! A block of texts, or of bytes: what is in them without gaps, and how long each is; or the same of a dictionary, and
//! which one it is each time.

mod dictionary;
mod get;
mod plain;
mod put;

pub(crate) use get::{Places, TextArena, get_bytes, get_texts, pass_text};
pub(crate) use put::TextEncoder;

/// The first byte of a block of texts.
mod header {
    /// How many bytes there are, those, and a block of lengths.
    pub(super) const PLAIN: u8 = 0;
    /// One less than how many texts there are, those as in [`PLAIN`], and a block of which one it is each time.
    pub(super) const DICTIONARY: u8 = 1;
}

/// The most texts of a dictionary whose indices are bytes.
const FEW: usize = 1 << 8;
/// The most texts of any dictionary.
const MANY: usize = 1 << 16;

/// What the first byte of a block says.
pub(super) fn coding(first: u8) -> &'static str {
    match first {
        header::PLAIN => "texts",
        _ => "dictionary",
    }
}
