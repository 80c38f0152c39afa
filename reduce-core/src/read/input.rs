//! The bytes of a stream, taken from the front: every read is checked, and says where it stands.

use crate::canary::{Canary, planted};
use crate::error::{Error, ErrorKind};
use crate::limits::Exhausted;
use crate::varint::{MAX_LEN, MAX_LEN_128, MORE, MORES};
use alloc::borrow::Cow;

/// Bytes left to read, and how many there were.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Input<'de> {
    rest: &'de [u8],
    /// Where `rest` ends, counted from the start of the stream.
    end: usize,
}

impl<'de> Input<'de> {
    #[inline]
    pub(crate) fn new(bytes: &'de [u8]) -> Self {
        Input { rest: bytes, end: bytes.len() }
    }

    /// Nothing is left, at this place.
    pub(crate) fn ended(at: usize) -> Self {
        Input { rest: &[], end: at }
    }

    #[inline]
    pub(crate) fn offset(&self) -> usize {
        // `rest` never grows, so it is at most `end` long.
        self.end.saturating_sub(self.rest.len())
    }

    #[inline]
    pub(crate) fn remaining(&self) -> usize {
        self.rest.len()
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    #[inline]
    pub(crate) fn rest(&self) -> &'de [u8] {
        self.rest
    }

    #[inline]
    pub(crate) fn take(&mut self, count: usize) -> Result<&'de [u8], Error> {
        match self.rest.split_at_checked(count) {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(taken)
            }
            None => Err(self.end()),
        }
    }

    /// Whether an option holds something.
    #[inline]
    pub(crate) fn option(&mut self) -> Result<bool, Error> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.malformed("an option is neither 0 nor 1")),
        }
    }

    /// The bytes of so many numbers of fixed width.
    #[inline]
    pub(crate) fn numbers(&mut self, count: usize, width: usize) -> Result<&'de [u8], Error> {
        match count.checked_mul(width) {
            Some(length) => self.take(length),
            None => Err(self.end()),
        }
    }

    /// What follows these bytes, where it begins with them.
    #[inline]
    pub(crate) fn behind(self, bytes: &[u8]) -> Option<Self> {
        self.rest.strip_prefix(bytes).map(|rest| Input { rest, end: self.end })
    }

    /// The next bytes as an input of their own, offsets kept.
    #[inline]
    pub(crate) fn sub(&mut self, count: usize) -> Result<Self, Error> {
        let start = self.offset();
        let rest = self.take(count)?;
        Ok(Input { rest, end: start.saturating_add(count) })
    }

    /// The input from a place on that lies ahead in this one.
    pub(crate) fn at(mut self, offset: usize) -> Result<Self, Error> {
        self.take(offset.checked_sub(self.offset()).ok_or_else(|| self.end())?)?;
        Ok(self)
    }

    #[inline]
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        match self.rest.split_first_chunk::<N>() {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(*taken)
            }
            None => Err(self.end()),
        }
    }

    #[inline]
    pub(crate) fn byte(&mut self) -> Result<u8, Error> {
        match self.rest.split_first() {
            Some((&byte, rest)) => {
                self.rest = rest;
                Ok(byte)
            }
            None => Err(self.end()),
        }
    }

    /// A number of variable length that takes one byte, if the next one does.
    #[inline]
    pub(crate) fn short(&mut self) -> Option<u8> {
        match self.rest.split_first() {
            Some((&byte, rest)) if byte < MORE => {
                self.rest = rest;
                Some(byte)
            }
            _ => None,
        }
    }

    /// A number of variable length. The shortest form is the only one allowed.
    #[inline]
    pub(crate) fn varint(&mut self) -> Result<u64, Error> {
        match self.short() {
            Some(byte) => Ok(u64::from(byte)),
            None => self.long_varint(),
        }
    }

    /// The same, where it takes more than one byte.
    pub(crate) fn long_varint(&mut self) -> Result<u64, Error> {
        match self.rest {
            [a @ MORE..=u8::MAX, b @ 1..MORE, rest @ ..] => {
                self.rest = rest;
                return Ok(u64::from(a & !MORE) | u64::from(*b) << 7);
            }
            [a @ MORE..=u8::MAX, b @ MORE..=u8::MAX, c @ 1..MORE, rest @ ..] => {
                self.rest = rest;
                return Ok(u64::from(a & !MORE) | u64::from(b & !MORE) << 7 | u64::from(*c) << 14);
            }
            _ => {}
        }
        match self.eight_byte_varint() {
            Some(value) => Ok(value),
            None => self.any_varint(),
        }
    }

    /// The same, where it ends within eight bytes and those are there: all of them at once.
    #[inline]
    fn eight_byte_varint(&mut self) -> Option<u64> {
        let word = u64::from_le_bytes(*self.rest.first_chunk()?);
        let ends = !word & MORES;
        // The bits up to the first byte that ends it, which has that many in front of its top one; all where none does.
        let bits = word & (ends ^ ends.wrapping_sub(1)) & !MORES;
        let length = ends.trailing_zeros() / 8 + 1;
        let (pairs, fours) = (0x007F_007F_007F_007F, 0x0000_3FFF_0000_3FFF);
        let bits = bits & pairs | bits >> 1 & (pairs << 7);
        let bits = bits & fours | bits >> 2 & (fours << 14);
        let value = bits & 0x0FFF_FFFF | bits >> 4 & (0x0FFF_FFFF << 28);
        // None where no byte ends it, or where it would fit in one byte less.
        let shortest = value >> (7 * (length - 1)).min(63) != 0;
        let rest = self.rest.get(length as usize..).filter(|_| ends != 0 && shortest)?;
        self.rest = rest;
        Some(value)
    }

    #[inline(never)]
    fn any_varint(&mut self) -> Result<u64, Error> {
        let mut value = 0u64;
        for (n, &byte) in self.rest.iter().enumerate().take(MAX_LEN) {
            // The bits that the last byte of the longest number may lose are looked at there.
            value |= u64::from(byte & !MORE) << (7 * n);
            if n == MAX_LEN - 1 && byte & !MORE > 1 {
                return Err(self.malformed("a number of variable length exceeds 64 bits"));
            }
            if byte < MORE {
                return self.finish_varint(n, byte).map(|()| value);
            }
        }
        Err(self.unfinished(MAX_LEN))
    }

    pub(crate) fn varint_128(&mut self) -> Result<u128, Error> {
        match self.short() {
            Some(byte) => Ok(u128::from(byte)),
            None => self.long_varint_128(),
        }
    }

    /// The same, where it takes more than one byte.
    pub(crate) fn long_varint_128(&mut self) -> Result<u128, Error> {
        let mut value = 0u128;
        for (n, &byte) in self.rest.iter().enumerate().take(MAX_LEN_128) {
            let bits = u128::from(byte & !MORE);
            let shift = 7 * n;
            if bits << shift >> shift != bits {
                return Err(self.malformed("a number of variable length exceeds 128 bits"));
            }
            value |= bits << shift;
            if byte < MORE {
                return self.finish_varint(n, byte).map(|()| value);
            }
        }
        Err(self.unfinished(MAX_LEN_128))
    }

    /// Takes the `n + 1` bytes of a number whose last one is `byte`.
    #[inline]
    fn finish_varint(&mut self, n: usize, byte: u8) -> Result<(), Error> {
        if n > 0 && byte == 0 && !planted(Canary::Overlong) {
            return Err(self.malformed("a number of variable length is longer than it must be"));
        }
        self.take(n.saturating_add(1)).map(drop)
    }

    #[cold]
    fn unfinished(&self, most: usize) -> Error {
        if self.rest.len() < most {
            self.end()
        } else {
            self.malformed("a number of variable length does not end")
        }
    }

    /// A length in bytes; those bytes are there.
    #[inline]
    pub(crate) fn length(&mut self) -> Result<usize, Error> {
        let length = self.varint()?;
        match usize::try_from(length) {
            Ok(length) if length <= self.rest.len() => Ok(length),
            _ => Err(self.end()),
        }
    }

    /// A count of things that take a byte each at least.
    pub(crate) fn count(&mut self) -> Result<usize, Error> {
        self.length()
    }

    #[inline]
    pub(crate) fn str(&mut self) -> Result<&'de str, Error> {
        let length = self.length()?;
        let start = self.offset();
        let bytes = self.take(length)?;
        core::str::from_utf8(bytes).or_else(|error| match bytes.get(..error.valid_up_to()) {
            Some(sound) if planted(Canary::Utf8) => {
                Ok(core::str::from_utf8(sound).unwrap_or_default())
            }
            _ => Err(Error::new(ErrorKind::Malformed, "text is not UTF-8")
                .with_offset(start.saturating_add(error.valid_up_to()))),
        })
    }

    #[cold]
    pub(crate) fn end(&self) -> Error {
        Error::new(ErrorKind::UnexpectedEnd, "the bytes end before the value does")
            .with_offset(self.end)
    }

    #[cold]
    pub(crate) fn error(&self, kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
        Error::new(kind, message).with_offset(self.offset())
    }

    #[cold]
    pub(crate) fn exhausted(&self, limit: Exhausted) -> Error {
        self.error(ErrorKind::Limit, limit.message())
    }

    #[cold]
    pub(crate) fn malformed(&self, message: &'static str) -> Error {
        self.error(ErrorKind::Malformed, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::varint;
    use alloc::vec;

    /// Read as the only bytes, and with others behind them.
    fn read(number: &[u8]) -> [Result<u64, ErrorKind>; 2] {
        [0, 9].map(|behind| {
            let bytes = [number, &vec![0xFF; behind]].concat();
            let mut input = Input::new(&bytes);
            let value = input.varint().map_err(|error| error.kind())?;
            assert_eq!(input.remaining(), behind);
            Ok(value)
        })
    }

    #[test]
    fn numbers_of_each_length_are_read_whatever_follows() {
        for bits in 0..64 {
            for value in
                [1u64 << bits, (1u64 << bits) - 1, u64::MAX >> bits, 0x0123_4567_89AB_CDEF >> bits]
            {
                let mut bytes = vec![];
                varint::push(&mut bytes, value);
                assert_eq!(read(&bytes), [Ok(value); 2], "{value:x}");
            }
        }
    }

    #[test]
    fn numbers_longer_than_they_must_be_are_refused() {
        for value in [0, 1, 0x7F, 0x1234, 0x12_3456, 0x12_3456_7890, 0xFF_FFFF_FFFF_FFFF] {
            let mut bytes = vec![];
            varint::push(&mut bytes, value);
            *bytes.last_mut().unwrap() |= MORE;
            bytes.push(0);
            assert_eq!(read(&bytes), [Err(ErrorKind::Malformed); 2], "{value:x}");
        }
        let too_much = [&[0xFF; MAX_LEN - 1][..], &[2]].concat();
        assert_eq!(read(&too_much), [Err(ErrorKind::Malformed); 2]);
        assert_eq!(read(&[0xFF; MAX_LEN]), [Err(ErrorKind::Malformed); 2]);
    }
}
