//! Numbers of variable length, as they are written: seven bits a byte, the lowest first, the top bit set on all but
//! the last. Signed numbers are zigzagged first, so that those near zero are short.

use alloc::vec::Vec;

/// The most bytes a number of 64 bits takes.
pub(crate) const MAX_LEN: usize = 10;
/// The most bytes a number of 128 bits takes.
pub(crate) const MAX_LEN_128: usize = 19;
/// Set on every byte but a number's last.
pub(crate) const MORE: u8 = 0x80;
/// The same of eight bytes.
pub(crate) const MORES: u64 = u64::from_le_bytes([MORE; 8]);

#[inline]
#[allow(clippy::cast_possible_truncation)] // keeps the low seven bits on purpose
pub(crate) fn push(out: &mut Vec<u8>, mut value: u64) {
    while value >= u64::from(MORE) {
        out.push(value as u8 | MORE);
        value >>= 7;
    }
    out.push(value as u8);
}

/// How many bytes a number takes.
#[inline]
pub(crate) fn len(value: u64) -> usize {
    let bits = u64::BITS.saturating_sub((value | 1).leading_zeros());
    bits.div_ceil(7) as usize
}

/// Puts a number where there are so many bytes for it.
pub(crate) fn fill<'a>(places: impl ExactSizeIterator<Item = &'a mut u8>, mut value: u64) {
    let mut left = places.len();
    for place in places {
        left = left.saturating_sub(1);
        let [low, ..] = value.to_le_bytes();
        *place = if left == 0 { low } else { low | MORE };
        value >>= 7;
    }
}

#[inline]
#[allow(clippy::cast_possible_truncation)]
pub(crate) fn push_128(out: &mut Vec<u8>, mut value: u128) {
    while value >= u128::from(MORE) {
        out.push(value as u8 | MORE);
        value >>= 7;
    }
    out.push(value as u8);
}

#[inline]
pub(crate) fn push_str(out: &mut Vec<u8>, text: &str) {
    push(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

#[inline]
pub(crate) const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

#[inline]
pub(crate) const fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

#[inline]
pub(crate) const fn zigzag_128(value: i128) -> u128 {
    ((value << 1) ^ (value >> 127)).cast_unsigned()
}

#[inline]
pub(crate) const fn unzigzag_128(value: u128) -> i128 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zigzag_keeps_every_value() {
        for value in [0, -1, 1, -2, i64::MAX, i64::MIN, 300, -300] {
            assert_eq!(unzigzag(zigzag(value)), value);
            assert_eq!(unzigzag_128(zigzag_128(i128::from(value))), i128::from(value));
        }
        assert_eq!([zigzag(0), zigzag(-1), zigzag(1), zigzag(i64::MIN)], [0, 1, 2, u64::MAX]);
        assert_eq!(unzigzag_128(zigzag_128(i128::MIN)), i128::MIN);
    }

    #[test]
    fn lengths_are_those_of_the_longest_numbers() {
        let (mut out, mut out_128) = (Vec::new(), Vec::new());
        push(&mut out, u64::MAX);
        push_128(&mut out_128, u128::MAX);
        assert_eq!((out.len(), out_128.len()), (MAX_LEN, MAX_LEN_128));
    }
}
