//! What an envelope looks like: a header that says of what kind it is and how long, a tag, and the content.

#[cfg(any(feature = "sealed", feature = "checksum"))]
use crate::error::{Error, ErrorKind};
#[cfg(any(feature = "sealed", feature = "checksum"))]
use alloc::format;
#[cfg(any(feature = "sealed", feature = "checksum"))]
use alloc::vec::Vec;

/// The first bytes of an envelope: those of a stream with another one in front.
const MAGIC: [u8; 3] = [0x8E, 0x52, 0x44];

/// Whether the bytes, or what there is of them, are an envelope's first ones.
pub(crate) fn begins_as_envelope(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// The kinds of envelopes, by their number.
#[cfg(any(feature = "sealed", feature = "checksum"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    #[cfg(feature = "checksum")]
    Crc32c = 1,
    #[cfg(feature = "sealed")]
    HmacSha256 = 2,
}

#[cfg(any(feature = "sealed", feature = "checksum"))]
impl Kind {
    fn wanted(self) -> &'static str {
        match self {
            #[cfg(feature = "checksum")]
            Kind::Crc32c => "with a checksum",
            #[cfg(feature = "sealed")]
            Kind::HmacSha256 => "that is sealed",
        }
    }
}

/// Magic, kind and length.
#[cfg(any(feature = "sealed", feature = "checksum"))]
pub(super) const HEADER: usize = 12;

/// The header of an envelope around content of so many bytes: all that stands in front of the tag, which protects it.
#[cfg(any(feature = "sealed", feature = "checksum"))]
pub(super) fn header(kind: Kind, length: usize) -> [u8; HEADER] {
    let [a, b, c] = MAGIC;
    let [l0, l1, l2, l3, l4, l5, l6, l7] = (length as u64).to_le_bytes();
    [a, b, c, kind as u8, l0, l1, l2, l3, l4, l5, l6, l7]
}

/// An envelope: header, tag, content.
#[cfg(any(feature = "sealed", feature = "checksum"))]
pub(super) fn envelope(header: [u8; HEADER], tag: &[u8], content: &[u8]) -> Vec<u8> {
    [&header[..], tag, content].concat()
}

/// An envelope, taken apart.
#[cfg(any(feature = "sealed", feature = "checksum"))]
pub(super) struct Parts<'a, const TAG: usize> {
    pub header: &'a [u8; HEADER],
    pub tag: &'a [u8; TAG],
    pub content: &'a [u8],
}

/// Takes an envelope apart, which nothing follows.
#[cfg(any(feature = "sealed", feature = "checksum"))]
pub(super) fn take_apart<const TAG: usize>(
    kind: Kind,
    bytes: &[u8],
) -> Result<Parts<'_, TAG>, Error> {
    let cut = || Error::new(ErrorKind::UnexpectedEnd, "the envelope is cut off");
    if !begins_as_envelope(bytes) {
        let message = match bytes.len() < MAGIC.len() && MAGIC.starts_with(bytes) {
            true => return Err(cut()),
            false if crate::header::begins_as_stream(bytes) => {
                "the bytes are a stream without an envelope: nothing says that they are as they were written"
            }
            false => "the bytes are not an envelope: they do not begin with 8E 52 44",
        };
        return Err(Error::new(ErrorKind::NotAStream, message).with_offset(0));
    }
    let (header, behind) = bytes.split_first_chunk::<HEADER>().ok_or_else(cut)?;
    let [_, _, _, found, length @ ..] = header;
    if *found != kind as u8 {
        let found = match found {
            1 => "with a checksum, which `checksum::check` takes off".into(),
            2 => "sealed, which `sealed::Keys::open` opens".into(),
            kind => format!("of the unknown kind {kind}"),
        };
        let message = format!("the envelope is {found}; one {} is asked for", kind.wanted());
        return Err(Error::new(ErrorKind::Seal, message).with_offset(MAGIC.len()));
    }
    let (tag, content) = behind.split_first_chunk::<TAG>().ok_or_else(cut)?;
    let length = u64::from_le_bytes(*length);
    match (content.len() as u64).cmp(&length) {
        core::cmp::Ordering::Less => Err(cut()),
        core::cmp::Ordering::Equal => Ok(Parts { header, tag, content }),
        core::cmp::Ordering::Greater => {
            Err(Error::new(ErrorKind::TrailingBytes, "bytes are left over behind the envelope"))
        }
    }
}
