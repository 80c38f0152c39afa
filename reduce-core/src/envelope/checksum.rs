//! A checksum around a stream (feature `checksum`): finds bytes that rotted, before the stream is read.
//!
//! It is the CRC-32C of RFC 3720 (Castagnoli), over the length and the stream: every change of up to 32 bits in a row is found, and
//! of all others all but one in 2^32. It holds off nobody who changes bytes on purpose: for that there is
//! [`sealed`](crate::sealed).
//!
//! ```
//! use reduce_core::checksum;
//!
//! let file = checksum::add(&reduce_core::to_vec("a long story")?);
//! assert_eq!(reduce_core::from_slice::<&str>(checksum::check(&file)?)?, "a long story");
//!
//! let mut rotten = file.clone();
//! rotten[30] ^= 0x10;
//! let error = checksum::check(&rotten).unwrap_err();
//! assert_eq!(error.kind(), reduce_core::ErrorKind::Seal);
//! # Ok::<(), reduce_core::Error>(())
//! ```

use super::frame::{self, Kind, Parts};
use crate::error::{Error, ErrorKind};
use alloc::vec::Vec;

/// Puts a stream into an envelope with its checksum: 16 bytes in front of it. The example of the
/// [module](self) uses it.
pub fn add(stream: &[u8]) -> Vec<u8> {
    let header = frame::header(Kind::Crc32c, stream.len());
    frame::envelope(header, &sum(&header, stream), stream)
}

/// The stream in an envelope, whose checksum fits. The example of the [module](self) uses it.
///
/// # Errors
///
/// [`ErrorKind::Seal`] where the checksum does not fit; [`NotAStream`](ErrorKind::NotAStream),
/// [`UnexpectedEnd`](ErrorKind::UnexpectedEnd) and [`TrailingBytes`](ErrorKind::TrailingBytes) where the bytes are no envelope, or
/// less or more than one.
pub fn check(envelope: &[u8]) -> Result<&[u8], Error> {
    let Parts { header, tag, content: stream } = frame::take_apart(Kind::Crc32c, envelope)?;
    if sum(header, stream) == *tag {
        return Ok(stream);
    }
    Err(Error::new(
        ErrorKind::Seal,
        "the checksum does not fit: the bytes changed since they were written; take them from a copy",
    ))
}

fn sum(header: &[u8; frame::HEADER], stream: &[u8]) -> [u8; 4] {
    crc32c::crc32c_append(crc32c::crc32c(header), stream).to_le_bytes()
}
