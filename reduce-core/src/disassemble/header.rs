//! The lines of a stream's header.

use super::instruction::Section;
use super::listing::{Line, Listing};
use crate::error::Error;
use crate::header::{self, MAGIC};
use crate::read::Input;
use alloc::format;
use alloc::string::String;
use core::ops::Range;

/// Whether the bytes, or what there is of them, are a stream's first ones.
pub(super) fn begins_as_stream(bytes: &[u8]) -> bool {
    bytes.iter().zip(&MAGIC).all(|(found, wanted)| found == wanted)
}

/// What a header announces.
pub(super) struct Frame<'de> {
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
    let length = header::read(input);
    parts.take(MAGIC.len())?;
    add(listing, start..parts.offset(), "magic", String::new());
    for name in ["version", "flags"] {
        let at = parts.offset();
        if let Ok(byte) = parts.byte() {
            add(listing, at..parts.offset(), name, format!("{byte}"));
        }
    }
    let length = length?;
    add(listing, parts.offset()..input.offset(), "length", format!("{length}"));
    match usize::try_from(length).ok().filter(|&length| length <= input.remaining()) {
        Some(length) => Ok(Frame { content: input.sub(length)?, missing: None }),
        None => {
            let missing = Some(input.end());
            Ok(Frame { content: input.sub(input.remaining())?, missing })
        }
    }
}

fn add(listing: &mut Listing<'_>, at: Range<usize>, opcode: &'static str, operand: String) {
    listing.add(Section::Header, at, || Line { opcode, operand, ..Line::default() });
}
