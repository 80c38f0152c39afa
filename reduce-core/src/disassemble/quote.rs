//! Bytes and text from a stream, made fit to be shown: short, and without characters that act on a terminal.

use alloc::format;
use alloc::string::String;
use core::fmt::Write;

/// How many characters of a text are shown.
const SHOWN_CHARS: usize = 48;
/// How many bytes of a list of bytes are shown.
const SHOWN_BYTES: usize = 24;

/// Bytes as hex digits, with `..` where there are more of them.
pub(super) fn hex(first: &[u8], length: usize) -> String {
    let mut out = String::with_capacity(first.len().saturating_mul(3).saturating_add(2));
    for (n, byte) in first.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(out, "{}{byte:02x}", if n > 0 { " " } else { "" });
    }
    if length > first.len() {
        out.push_str("..");
    }
    out
}

/// Text in quotes, escaped as Rust does: no control character and none that turns the direction of text is left.
pub(super) fn text(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => {
            let shown = text.get(..end).unwrap_or_default();
            format!("{shown:?}... ({} bytes)", text.len())
        }
        None => format!("{text:?}"),
    }
}

/// The elements of a list of bytes.
pub(super) fn bytes(bytes: &[u8]) -> String {
    let shown = bytes.get(..SHOWN_BYTES).unwrap_or(bytes);
    match bytes.len() {
        0 => "0 bytes".into(),
        1 => format!("1 byte, {}", hex(shown, 1)),
        length => format!("{length} bytes, {}", hex(shown, length)),
    }
}
