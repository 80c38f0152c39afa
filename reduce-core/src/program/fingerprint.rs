//! Fingerprints: a program as 8 bytes, for messages too small to carry it.

use crate::error::{Error, ErrorKind};
use crate::read::Input;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;
use core::ops::Range;

/// Where the hash begins, and what it multiplies by: FNV-1a of 64 bits.
const BASIS: u64 = 0xCBF2_9CE4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01B3;

/// The fingerprint of a program, its length in front.
///
/// It tells apart types that are not the same by mistake, and need not resist an attacker: the data is checked against the
/// reader's own types, whatever the fingerprint says of it.
pub(crate) fn fingerprint(block: &[u8]) -> u64 {
    block.iter().fold(BASIS, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
}

/// A code in a message, and which program it stands for.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub code: u64,
    pub fingerprint: u64,
    /// Its bytes.
    pub at: Range<usize>,
}

/// Reads the codes of a message: their number, and each with the fingerprint of its type's program.
pub(crate) fn codes(input: &mut Input<'_>) -> Result<Vec<Code>, Error> {
    let start = input.offset();
    let count = input.count()?;
    if count == 0 {
        return Err(
            Error::new(ErrorKind::Malformed, "a message with codes has none").with_offset(start)
        );
    }
    let (mut codes, mut seen) = (Vec::new(), BTreeSet::new());
    for _ in 0..count {
        let at = input.offset();
        let code = input.varint()?;
        if !seen.insert(code) {
            return Err(Error::new(
                ErrorKind::Malformed,
                format!("the code {code} stands in the message twice"),
            )
            .with_offset(at));
        }
        let fingerprint = u64::from_le_bytes(input.array()?);
        codes.push(Code { code, fingerprint, at: at..input.offset() });
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn fingerprints_are_fnv_1a() {
        // From the authors' test vectors.
        assert_eq!(fingerprint(b""), 0xCBF2_9CE4_8422_2325);
        assert_eq!(fingerprint(b"a"), 0xAF63_DC4C_8601_EC8C);
        assert_eq!(fingerprint(b"foobar"), 0x8594_4171_F739_67E8);
    }
}
