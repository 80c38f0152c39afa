//! Strings of the operating system as they are stored: a varint of four times the length in bytes plus the form,
//! then the bytes. A form other than UTF-8 is only for what is not Unicode, so that a string has one form.

use crate::error::{Error, ErrorKind};
use crate::read::Input;

/// A string of the operating system, as it lies in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OsText<'de> {
    Utf8(&'de str),
    /// Any bytes but UTF-8: Unix.
    Bytes(&'de [u8]),
    /// 16-bit units, little endian, that are not UTF-16: Windows.
    Wide(&'de [u8]),
}

/// The numbers of the forms.
pub(crate) mod form {
    pub(crate) const UTF_8: u64 = 0;
    pub(crate) const BYTES: u64 = 1;
    pub(crate) const WIDE: u64 = 2;
    /// The length is shifted by this many bits to make room for the form.
    pub(crate) const BITS: u32 = 2;
}

impl<'de> OsText<'de> {
    pub(crate) fn read(input: &mut Input<'de>) -> Result<Self, Error> {
        let at = input.offset();
        let head = input.varint()?;
        let length = usize::try_from(head >> form::BITS).map_err(|_| input.end())?;
        let start = input.offset();
        let bytes = input.take(length)?;
        match head & ((1 << form::BITS) - 1) {
            form::UTF_8 => core::str::from_utf8(bytes).map(OsText::Utf8).map_err(|error| {
                Error::new(ErrorKind::Malformed, "text is not UTF-8")
                    .with_offset(start.saturating_add(error.valid_up_to()))
            }),
            form::BYTES if core::str::from_utf8(bytes).is_err() => Ok(OsText::Bytes(bytes)),
            form::WIDE if is_ill_formed(bytes) => Ok(OsText::Wide(bytes)),
            _ => Err(Error::new(
                ErrorKind::Malformed,
                "a string of the operating system in a form that does not fit its bytes",
            )
            .with_offset(at)),
        }
    }
}

/// Whether these are whole units, and not UTF-16.
fn is_ill_formed(bytes: &[u8]) -> bool {
    let (units, rest) = bytes.as_chunks::<2>();
    let units = units.iter().map(|unit| u16::from_le_bytes(*unit));
    rest.is_empty() && char::decode_utf16(units).any(|scalar| scalar.is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<OsText<'_>, ErrorKind> {
        OsText::read(&mut Input::new(bytes)).map_err(|error| error.kind())
    }

    #[test]
    fn each_string_has_one_form() {
        assert_eq!(read(&[2 << 2, b'h', b'i']), Ok(OsText::Utf8("hi")));
        assert_eq!(read(&[2 << 2 | 1, b'h', b'i']), Err(ErrorKind::Malformed));
        assert_eq!(read(&[2 << 2 | 2, b'h', 0]), Err(ErrorKind::Malformed));
        assert_eq!(read(&[1 << 2, 0xFF]), Err(ErrorKind::Malformed));
        assert_eq!(read(&[1 << 2 | 1, 0xFF]), Ok(OsText::Bytes(&[0xFF])));
        // A low surrogate alone, and half a unit behind it.
        assert_eq!(read(&[2 << 2 | 2, 0x00, 0xDC]), Ok(OsText::Wide(&[0x00, 0xDC])));
        assert_eq!(read(&[3 << 2 | 2, 0x00, 0xDC, 0x00]), Err(ErrorKind::Malformed));
        assert_eq!(read(&[2 << 2 | 3, 0x00, 0xDC]), Err(ErrorKind::Malformed));
    }

    #[test]
    fn a_claimed_length_is_checked_against_the_bytes() {
        assert_eq!(read(&[3 << 2, b'h', b'i']), Err(ErrorKind::UnexpectedEnd));
        let mut longest = alloc::vec![0xFF; 9];
        longest.push(1);
        assert_eq!(read(&longest), Err(ErrorKind::UnexpectedEnd));
    }
}
