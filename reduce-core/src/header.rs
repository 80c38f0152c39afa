//! The first bytes of a stream: magic, format version, flags, and the length of what follows.

use crate::error::{Error, ErrorKind};
use crate::read::Input;
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
/// Magic, version and flags.
const FIXED: usize = 5;
/// Where the flags stand.
const FLAGS_AT: usize = 4;
/// With the length.
pub(crate) const LEN: usize = FIXED + 4;
/// In place of a length that does not fit: the length follows in 8 bytes.
const LONG: u32 = u32::MAX;

/// Writes a header whose length is not known yet; returns where it begins.
pub(crate) fn begin(out: &mut Vec<u8>) -> usize {
    let start = out.len();
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&[FORMAT_VERSION, 0]);
    out.extend_from_slice(&LONG.to_le_bytes());
    start
}

/// Puts in the flags, and the length of all that was written since [`begin`].
pub(crate) fn finish(out: &mut Vec<u8>, start: usize, flags: u8) {
    if let Some(place) = out.get_mut(start.saturating_add(FLAGS_AT)) {
        *place = flags;
    }
    let body = start.saturating_add(LEN);
    let length = out.len().saturating_sub(body);
    match u32::try_from(length) {
        Ok(length) if length != LONG => {
            if let Some(place) = out.get_mut(start.saturating_add(FIXED)..body) {
                place.copy_from_slice(&length.to_le_bytes());
            }
        }
        _ => {
            out.splice(body..body, (length as u64).to_le_bytes());
        }
    }
}

/// What a header announces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    /// The length of what follows the header.
    pub length: u64,
    /// More definitions follow the programs.
    pub more: bool,
    /// Objects stand ahead of the root.
    pub ahead: bool,
}

/// Reads a header.
pub(crate) fn read(input: &mut Input<'_>) -> Result<Header, Error> {
    let start = *input;
    let magic = input.rest().iter().zip(&MAGIC).all(|(found, wanted)| found == wanted);
    if !magic {
        return Err(start.error(
            ErrorKind::NotAStream,
            "the bytes are not a stream of reduce-core: they do not begin with 8F 52 44",
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
    if flags & !(MORE | AHEAD) != 0 {
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
    Ok(Header { length, more: flags & MORE != 0, ahead: flags & AHEAD != 0 })
}
