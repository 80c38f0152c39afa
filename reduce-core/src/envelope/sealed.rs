//! Sealed streams (feature `sealed`): what comes from elsewhere than your own programs is found out before a byte of it is
//! read.
//!
//! A load holds what it promises for any bytes at all, but it cannot know who wrote them: a well-formed stream of your own types may
//! be a lie. Where streams lie in places that others can write to (a cookie, a queue, a shared disk), seal them.
//! [pickle's manual](https://docs.python.org/3/library/pickle.html) recommends signing; here it is one line each way:
//!
//! ```
//! use reduce_core::sealed::{Key, Keys};
//!
//! # let secret = [7; 32];
//! let key = Key::new(1, secret); // 32 random bytes, which your programs share
//! let keys = Keys::from(key.clone());
//!
//! let sealed = key.seal(&reduce_core::to_vec("to myself")?);
//! let text: &str = reduce_core::from_slice(keys.open(&sealed)?)?;
//! assert_eq!(text, "to myself");
//!
//! let mut changed = sealed.clone();
//! *changed.last_mut().unwrap() ^= 1;
//! assert_eq!(keys.open(&changed).unwrap_err().kind(), reduce_core::ErrorKind::Seal);
//! # Ok::<(), reduce_core::Error>(())
//! ```
//!
//! The seal is the HMAC-SHA-256 of RFC 2104 over the key's number, the length and the stream, and is compared in constant time. It
//! says that whoever sealed the stream had the key. It does not hide the content, and it does not say when: one who can put an
//! older sealed stream in the place of a newer one is not found out. Where that matters, store a number that counts up.
//!
//! # Rotation
//!
//! Each key has a number, which the envelope names. Open with the new key and the old ones, seal with the new one, and take an
//! old one away when nothing that it sealed is left:
//!
//! ```
//! use reduce_core::sealed::{Key, Keys};
//!
//! # let (old_secret, new_secret) = ([1; 32], [2; 32]);
//! let (old, new) = (Key::new(1, old_secret), Key::new(2, new_secret));
//! let of_last_year = old.seal(&reduce_core::to_vec(&7u8)?);
//!
//! let keys = Keys::from_iter([new, old]);
//! assert_eq!(reduce_core::from_slice::<u8>(keys.open(&of_last_year)?)?, 7);
//! # Ok::<(), reduce_core::Error>(())
//! ```

use super::frame::{self, HEADER, Kind, Parts};
use crate::error::{Error, ErrorKind};
use alloc::format;
use alloc::vec::Vec;
use core::fmt;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Of the tag: the key's number, and the HMAC.
const NUMBER: usize = 4;
const MAC: usize = 32;
const TAG: usize = NUMBER + MAC;

/// A secret that streams are sealed with, and its number. `Debug` does not show the secret.
///
/// The example of the [module](self) uses it.
#[derive(Clone)]
pub struct Key {
    number: u32,
    secret: [u8; 32],
}

/// The keys that sealed streams are opened with. The examples of the [module](self) use it.
#[derive(Clone, Debug)]
pub struct Keys(Vec<Key>);

impl Key {
    /// A key: 32 bytes from a source of random numbers that are fit for secrets, not a password; and a number that tells it from
    /// your other keys. The number is not secret.
    ///
    /// ```
    /// use reduce_core::sealed::Key;
    ///
    /// # let secret_from_the_vault = [7; 32];
    /// let key = Key::new(1, secret_from_the_vault);
    /// assert_eq!(format!("{key:?}"), "Key { number: 1, .. }");
    /// ```
    pub fn new(number: u32, secret: [u8; 32]) -> Self {
        Key { number, secret }
    }

    /// Puts bytes, a stream or several, into a sealed envelope: 48 bytes in front of them. The example of the
    /// [module](self) uses it.
    pub fn seal(&self, stream: &[u8]) -> Vec<u8> {
        let header = frame::header(Kind::HmacSha256, stream.len());
        let number = self.number.to_le_bytes();
        let mac = self.mac(&header, stream).finalize().into_bytes();
        frame::envelope(header, &[&number[..], &mac[..]].concat(), stream)
    }

    fn mac(&self, header: &[u8; HEADER], stream: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new(&self.block().into());
        mac.update(header);
        mac.update(&self.number.to_le_bytes());
        mac.update(stream);
        mac
    }

    /// The secret as HMAC takes it: filled up to a block with zeros (RFC 2104).
    fn block(&self) -> [u8; 64] {
        let mut block = [0; 64];
        for (place, byte) in block.iter_mut().zip(self.secret) {
            *place = byte;
        }
        block
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("number", &self.number).finish_non_exhaustive()
    }
}

impl From<Key> for Keys {
    fn from(key: Key) -> Self {
        Keys([key].into())
    }
}

impl FromIterator<Key> for Keys {
    fn from_iter<I: IntoIterator<Item = Key>>(keys: I) -> Self {
        Keys(keys.into_iter().collect())
    }
}

impl Keys {
    /// What is in a sealed envelope, unchanged since one of these keys sealed it. Nothing is copied. The examples of the
    /// [module](self) use it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Seal`] where the seal does not fit, or is of a key that is not among these;
    /// [`NotAStream`](ErrorKind::NotAStream), [`UnexpectedEnd`](ErrorKind::UnexpectedEnd) and
    /// [`TrailingBytes`](ErrorKind::TrailingBytes) where the bytes are no envelope, or less or more than one.
    pub fn open<'a>(&self, envelope: &'a [u8]) -> Result<&'a [u8], Error> {
        let parts = frame::take_apart::<TAG>(Kind::HmacSha256, envelope)?;
        let Parts { header, tag, content: stream } = parts;
        let [a, b, c, d, mac @ ..] = tag;
        let number = u32::from_le_bytes([*a, *b, *c, *d]);
        let mut found = false;
        // Two keys of one number, by mistake or for a while, are both tried.
        for key in self.0.iter().filter(|key| key.number == number) {
            found = true;
            if key.mac(header, stream).verify_slice(mac).is_ok() {
                return Ok(stream);
            }
        }
        Err(Error::new(
            ErrorKind::Seal,
            match found {
                true => "the seal does not fit: the bytes changed since they were sealed, or were sealed with another secret".into(),
                false => format!("sealed with key {number}, which is not among those to open it with"),
            },
        )
        .with_offset(HEADER))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;

    /// RFC 4231 has HMACs of texts; ours stands in front of header and number, so it is made here of its definition.
    fn by_definition(secret: [u8; 32], content: &[u8]) -> Vec<u8> {
        use sha2::Digest;
        let pad = |with: u8| {
            let mut block = [with; 64];
            block.iter_mut().zip(secret).for_each(|(place, byte)| *place ^= byte);
            block
        };
        let inner = Sha256::new().chain_update(pad(0x36)).chain_update(content).finalize();
        Sha256::new().chain_update(pad(0x5C)).chain_update(inner).finalize().to_vec()
    }

    #[test]
    fn a_seal_is_the_hmac_of_header_number_and_stream() {
        let secret = core::array::from_fn(|at| u8::try_from(at).unwrap());
        let sealed = Key::new(0x0403_0201, secret).seal(b"stream");
        let header = [0x8E, 0x52, 0x44, 2, 6, 0, 0, 0, 0, 0, 0, 0];
        let mac = by_definition(secret, &[&header[..], &[1, 2, 3, 4], b"stream"].concat());
        assert_eq!(sealed, [&header[..], &[1, 2, 3, 4], &mac, b"stream"].concat());
    }

    #[test]
    fn any_change_is_found() {
        let key = Key::new(9, [3; 32]);
        let keys = Keys::from(key.clone());
        let sealed = key.seal(b"all of this");
        assert_eq!(keys.open(&sealed).unwrap(), b"all of this");
        for place in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[place / 8] ^= 1 << (place % 8);
            assert!(keys.open(&changed).is_err(), "bit {place}");
        }
        for end in 0..sealed.len() {
            let error = keys.open(&sealed[..end]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{end} bytes");
        }
        let longer = [&sealed[..], &[0]].concat();
        assert_eq!(keys.open(&longer).unwrap_err().kind(), ErrorKind::TrailingBytes);
    }

    #[test]
    fn keys_are_told_apart_by_number_and_by_secret() {
        let sealed = Key::new(1, [1; 32]).seal(b"x");
        let other_secret = Keys::from(Key::new(1, [2; 32])).open(&sealed).unwrap_err();
        assert_eq!(other_secret.kind(), ErrorKind::Seal);
        assert!(other_secret.to_string().contains("another secret"));
        let other_number = Keys::from(Key::new(2, [1; 32])).open(&sealed).unwrap_err();
        assert!(other_number.to_string().contains("sealed with key 1"));
        let both = Keys::from_iter([Key::new(1, [2; 32]), Key::new(1, [1; 32])]);
        assert_eq!(both.open(&sealed).unwrap(), b"x");
        assert!(Keys::from_iter(vec![]).open(&sealed).is_err());
    }
}
