//! Hostile bytes, made from a valid stream of any format.

/// What a length, an index or an offset is made to claim.
const CLAIMS: [u64; 7] =
    [1 << 20, 1 << 26, 1 << 28, (1 << 31) - 1, u32::MAX as u64, 1 << 60, u64::MAX];

/// The stream, cut everywhere.
pub fn prefixes(valid: &[u8]) -> Vec<Vec<u8>> {
    (0..valid.len()).map(|end| valid[..end].to_vec()).collect()
}

/// The stream with one bit flipped, each in turn.
pub fn flips(valid: &[u8]) -> Vec<Vec<u8>> {
    let flip = |bit: usize| {
        let mut bytes = valid.to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        bytes
    };
    (0..valid.len() * 8).map(flip).collect()
}

/// The stream with a byte behind it.
pub fn trailing(valid: &[u8]) -> Vec<Vec<u8>> {
    vec![[valid, &[0]].concat(), [valid, b"!"].concat()]
}

/// The stream with a claim in each place, written in all ways that formats write lengths: 4 and 8 bytes in both orders in the place
/// of as many, behind the markers of MessagePack, and with variable length (7 bits a byte; as postcard, reduce and fory do) in the
/// place of one.
pub fn claims(valid: &[u8]) -> Vec<Vec<u8>> {
    let mut made = vec![];
    for at in 0..valid.len() {
        for claim in CLAIMS {
            for (taken, form) in forms(claim) {
                let Some(behind) = valid.get(at + taken..) else { continue };
                made.push([&valid[..at], &form, behind].concat());
            }
        }
    }
    made.sort();
    made.dedup();
    made
}

/// What stands for a claim, and how many bytes' place it takes.
fn forms(claim: u64) -> Vec<(usize, Vec<u8>)> {
    let mut forms = vec![(8, claim.to_le_bytes().to_vec()), (1, varint(claim))];
    if let Ok(claim) = u32::try_from(claim) {
        forms.push((4, claim.to_le_bytes().to_vec()));
        let behind = |marker: u8| (1, [&[marker][..], &claim.to_be_bytes()].concat());
        forms.extend([0xC6, 0xDB, 0xDD, 0xDF].map(behind));
    }
    forms
}

/// A number in 7 bits a byte, the lowest first.
pub fn varint(mut number: u64) -> Vec<u8> {
    let mut out = vec![];
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

/// One of two streams with another byte in the only place where they differ, or in each place where they do.
pub fn in_place(one: &[u8], other: &[u8], with: &[u8]) -> Vec<Vec<u8>> {
    let differ = |at: &usize| one.len() == other.len() && one[*at] != other[*at];
    let mut made = vec![];
    for at in (0..one.len()).filter(differ) {
        for with in with {
            let mut bytes = one.to_vec();
            bytes[at] = *with;
            made.push(bytes);
        }
    }
    made
}

/// The stream with each of these in the place of what it stands beside, wherever that occurs.
pub fn replaced(valid: &[u8], pairs: &[(&[u8], &[u8])]) -> Vec<Vec<u8>> {
    let mut made = vec![];
    for (from, to) in pairs {
        for at in 0..valid.len() {
            if valid[at..].starts_with(from) {
                made.push([&valid[..at], to, &valid[at + from.len()..]].concat());
            }
        }
    }
    made
}
