//! The lines of a stream's header.

use super::instruction::Section;
use super::listing::{Line, Listing};
use super::programs::counted;
use crate::error::Error;
use crate::header::{self, Header, MAGIC};
use crate::read::Input;
use crate::sequence::Position;
use alloc::format;
use alloc::string::{String, ToString};
use core::ops::Range;

/// What a header announces.
pub(super) struct Frame<'de> {
    pub header: Header,
    /// What follows it, as far as it is there.
    pub content: Input<'de>,
    /// The error, where not all of it is there.
    pub missing: Option<Error>,
}

/// Lists a header, as much of it as is there.
pub(super) fn list<'de>(
    listing: &mut Listing<'_>,
    input: &mut Input<'de>,
) -> Result<Frame<'de>, Error> {
    let start = input.offset();
    let mut parts = *input;
    let header = header::read(input);
    if header::begins_short(parts.rest()) {
        list_short(listing, parts);
        return framed(input, header?);
    }
    parts.take(MAGIC.len())?;
    add(listing, start..parts.offset(), "magic", String::new());
    for name in ["version", "flags"] {
        let at = parts.offset();
        if let Ok(byte) = parts.byte() {
            let operand = if name == "flags" { flags(byte, "more") } else { byte.to_string() };
            add(listing, at..parts.offset(), name, operand);
        }
    }
    let header = header?;
    let length = header.length;
    add(listing, parts.offset()..input.offset(), "length", format!("{length}"));
    framed(input, header)
}

/// Lists a header of the short form.
fn list_short(listing: &mut Listing<'_>, mut input: Input<'_>) {
    let at = input.offset();
    let Ok(first) = input.byte() else { return };
    let known = header::short_flags(first);
    let operand = match known {
        None => String::new(),
        Some(0) => "version 1".to_string(),
        Some(set) => format!("version 1, flags {}", flags(set, "codes")),
    };
    add(listing, at..input.offset(), "short", operand);
    if known.is_none() {
        return;
    }
    let at = input.offset();
    let Ok(length) = input.varint() else { return };
    add(listing, at..input.offset(), "length", format!("{length}"));
    let at = input.offset();
    if let Ok(fingerprint) = input.array() {
        let fingerprint = u64::from_le_bytes(fingerprint);
        add(listing, at..input.offset(), "fingerprint", format!("{fingerprint:016x}"));
    }
}

/// Lists what a message continues.
pub(super) fn list_position(listing: &mut Listing<'_>, at: Range<usize>, position: &Position) {
    let Position { messages, objects, definitions, .. } = *position;
    let parts = [(messages, "message"), (objects, "object"), (definitions, "definition")];
    let counts = parts.map(|(count, what)| counted(count, what)).join(", ");
    add(listing, at, "continues", counts);
}

/// With what follows a header, as far as it is there.
fn framed<'de>(input: &mut Input<'de>, header: Header) -> Result<Frame<'de>, Error> {
    match usize::try_from(header.length).ok().filter(|&length| length <= input.remaining()) {
        Some(length) => Ok(Frame { header, content: input.sub(length)?, missing: None }),
        None => {
            let missing = Some(input.end());
            Ok(Frame { header, content: input.sub(input.remaining())?, missing })
        }
    }
}

/// The number, and what its bits are called.
fn flags(byte: u8, more: &str) -> String {
    let mut out = byte.to_string();
    for (flag, name) in
        [(header::MORE, more), (header::AHEAD, "ahead"), (header::CONTINUED, "continued")]
    {
        if byte & flag != 0 {
            out.push_str(", ");
            out.push_str(name);
        }
    }
    out
}

fn add(listing: &mut Listing<'_>, at: Range<usize>, opcode: &'static str, operand: String) {
    listing.add(Section::Header, at, || Line { opcode, operand, ..Line::default() });
}
