//! Fingerprints: a program as 8 bytes, for messages too small to carry it.

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
