//! The first bytes of a stream: magic, format version, flags, and the length of what follows. A short form, for small
//! messages, has one byte for the first three, and a fingerprint in place of the programs behind it.

use crate::envelope::begins_as_envelope;
use crate::error::{Error, ErrorKind};
use crate::read::Input;
use crate::varint;
use alloc::format;
use alloc::vec::Vec;

/// A byte that no text begins with, then "RD".
pub(crate) const MAGIC: [u8; 3] = [0x8F, b'R', b'D'];
/// The version of the format that this release writes, and the newest that it reads.
pub(crate) const FORMAT_VERSION: u8 = 1;
/// Flag: more definitions follow the programs.
pub(crate) const MORE: u8 = 0x04;
/// Flag: objects stand ahead of the root.
pub(crate) const AHEAD: u8 = 0x08;
/// Flag, not of the short form: the message continues others.
pub(crate) const CONTINUED: u8 = 0x10;
/// The first byte of the short form, its flags aside. No text begins with it.
const SHORT: u8 = 0xB0;
/// The bits that tell the short form from all else.
const SHORT_MASK: u8 = 0xF0;
/// The short form's version stands in its lowest bits.
const SHORT_VERSION: u8 = 0x01;
/// First byte, a length of one byte, fingerprint.
const SHORT_LEN: usize = 2 + size_of::<u64>();
/// Magic, version and flags.
const FIXED: usize = 5;
/// What they are in most streams.
const PLAIN: [u8; FIXED] = [MAGIC[0], MAGIC[1], MAGIC[2], FORMAT_VERSION, 0];
/// With the length.
pub(crate) const LEN: usize = FIXED + 4;
/// In place of a length that does not fit: the length follows in 8 bytes.
const LONG: u32 = u32::MAX;

/// Writes a header whose length is not known yet; returns where it begins.
pub(crate) fn begin(out: &mut Vec<u8>) -> usize {
    let start = out.len();
    out.extend_from_slice(&PLAIN);
    out.extend_from_slice(&LONG.to_le_bytes());
    start
}

/// Puts in the flags, and the length of all that was written since [`begin`].
pub(crate) fn finish(out: &mut Vec<u8>, start: usize, flags: u8) {
    let body = start.saturating_add(LEN);
    let length = out.len().saturating_sub(body);
    let short = u32::try_from(length).unwrap_or(LONG);
    let header = out.get_mut(start..).and_then(<[u8]>::first_chunk_mut::<LEN>);
    if let Some([.., place, a, b, c, d]) = header {
        *place = flags;
        [*a, *b, *c, *d] = short.to_le_bytes();
    }
    if short == LONG {
        out.splice(body..body, (length as u64).to_le_bytes());
    }
}

/// Writes a short header whose length is not known yet; returns where it begins.
#[inline]
pub(crate) fn begin_short(out: &mut Vec<u8>, fingerprint: u64) {
    out.extend_from_slice(&[SHORT | SHORT_VERSION, 0]);
    out.extend_from_slice(&fingerprint.to_le_bytes());
}

/// Puts in the flags, and the length of all that was written since [`begin_short`].
#[inline]
pub(crate) fn finish_short(out: &mut Vec<u8>, start: usize, flags: u8) {
    let length = out.len().saturating_sub(start.saturating_add(SHORT_LEN));
    let mut bytes = out.iter_mut().skip(start);
    let (first, place) = (bytes.next(), bytes.next());
    if let Some(first) = first {
        *first |= flags;
    }
    match (place, u8::try_from(length)) {
        (Some(place), Ok(length)) if length < varint::MORE => *place = length,
        _ => long_length(out, start, length),
    }
}

/// How many bytes the header grows by when it is finished, of a stream that has so many bytes by then.
pub(crate) fn growth(whole: usize, short: bool) -> usize {
    if short {
        varint::len(whole.saturating_sub(SHORT_LEN) as u64).saturating_sub(1)
    } else if whole.saturating_sub(LEN) as u64 >= u64::from(LONG) {
        size_of::<u64>()
    } else {
        0
    }
}

/// Makes room for a length of more than one byte.
fn long_length(out: &mut Vec<u8>, start: usize, length: usize) {
    let mut bytes = Vec::new();
    varint::push(&mut bytes, length as u64);
    let place = start.saturating_add(1);
    out.splice(place..place.saturating_add(1), bytes);
}

/// Whether the bytes, or what there is of them, are a stream's first ones.
pub(crate) fn begins_as_stream(bytes: &[u8]) -> bool {
    begins_short(bytes) || bytes.iter().zip(&MAGIC).all(|(found, wanted)| found == wanted)
}

/// Whether a header of the short form begins here.
pub(crate) fn begins_short(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|first| first & SHORT_MASK == SHORT)
}

/// The flags in the first byte of a short form that this release reads.
pub(crate) fn short_flags(first: u8) -> Option<u8> {
    let flags = first & (AHEAD | MORE);
    (first ^ flags == SHORT | SHORT_VERSION).then_some(flags)
}

/// How many bytes more than these a header has at least; 0 where it is whole, or none.
#[cfg(feature = "std")]
pub(crate) fn missing(bytes: &[u8]) -> usize {
    if begins_short(bytes) {
        let length = bytes.iter().skip(1).take(varint::MAX_LEN - 1);
        let going_on = length.take_while(|byte| **byte >= varint::MORE).count();
        return SHORT_LEN.saturating_add(going_on).saturating_sub(bytes.len());
    }
    let long = bytes.get(FIXED..LEN) == Some(&LONG.to_le_bytes());
    let whole = if long { LEN + size_of::<u64>() } else { LEN };
    if begins_as_stream(bytes) { whole.saturating_sub(bytes.len()) } else { 0 }
}

/// What a header announces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    /// The length of what follows the header.
    pub length: u64,
    /// In the short form: the fingerprint of the programs, which are not there. Neither is `stop`.
    pub fingerprint: Option<u64>,
    /// More definitions follow the programs; in the short form, codes that stand for them.
    pub more: bool,
    /// Objects stand ahead of the root.
    pub ahead: bool,
    /// The message continues others; in the short form, never.
    pub continued: bool,
}

/// Reads a header.
#[inline]
pub(crate) fn read(input: &mut Input<'_>) -> Result<Header, Error> {
    match read_plain(input) {
        Some(header) => Ok(header),
        None if begins_short(input.rest()) => read_short(input),
        None => read_long(input),
    }
}

/// The header of most streams: no flags, and a length of few bytes.
#[inline]
fn read_plain(input: &mut Input<'_>) -> Option<Header> {
    let (fixed, behind) = input.rest().split_first_chunk::<FIXED>()?;
    let length = u32::from_le_bytes(*behind.first_chunk()?);
    if *fixed != PLAIN || length == LONG {
        return None;
    }
    input.take(LEN).ok()?;
    Some(Header { length: u64::from(length), ..Header::default() })
}

#[inline]
fn read_short(input: &mut Input<'_>) -> Result<Header, Error> {
    let start = *input;
    let first = input.byte()?;
    let Some(flags) = short_flags(first) else {
        return Err(start.error(
            ErrorKind::Unsupported,
            format!("the stream has a short header ({first:#04x}) that needs a later release"),
        ));
    };
    let length = input.varint()?;
    let fingerprint = Some(u64::from_le_bytes(input.array()?));
    let (more, ahead) = (flags & MORE != 0, flags & AHEAD != 0);
    Ok(Header { length, fingerprint, more, ahead, continued: false })
}

fn read_long(input: &mut Input<'_>) -> Result<Header, Error> {
    let start = *input;
    if begins_as_envelope(input.rest()) {
        return Err(start.error(
            ErrorKind::NotAStream,
            "the stream is in an envelope: `sealed::Keys::open` takes it out of a sealed one, `checksum::check` out of one with \
             a checksum (features `sealed` and `checksum`)",
        ));
    }
    if !begins_as_stream(input.rest()) {
        return Err(start.error(
            ErrorKind::NotAStream,
            "the bytes are not a stream of reduce-core: they do not begin with 8F 52 44, nor with B1",
        ));
    }
    input.take(MAGIC.len())?;
    let version = input.byte()?;
    if version != FORMAT_VERSION {
        return Err(start.error(
            ErrorKind::Unsupported,
            format!(
                "the stream is of format version {version}, this release reads up to {FORMAT_VERSION}"
            ),
        ));
    }
    let flags = input.byte()?;
    if flags & !(MORE | AHEAD | CONTINUED) != 0 {
        return Err(start.error(
            ErrorKind::Unsupported,
            format!("the stream has flags ({flags:#04x}) that need a later release"),
        ));
    }
    let length = match u32::from_le_bytes(input.array()?) {
        LONG => {
            let length = u64::from_le_bytes(input.array()?);
            if length < u64::from(LONG) {
                return Err(input.malformed("the length is written longer than it must be"));
            }
            length
        }
        length => u64::from(length),
    };
    let (more, ahead) = (flags & MORE != 0, flags & AHEAD != 0);
    Ok(Header { length, fingerprint: None, more, ahead, continued: flags & CONTINUED != 0 })
}
