//! Streams around the bytes that a target gets: most changes of a whole stream fail at its header, and test nothing else.

use reduce_core::opcode;

/// Magic and version.
const MAGIC: &[u8] = &[0x8F, b'R', b'D', 1];
/// Behind the flags, the length in four bytes.
const HEADER: usize = 9;
/// The first bytes of the short header, and how many bytes a fingerprint has.
const SHORT: std::ops::RangeInclusive<u8> = 0xB0..=0xBF;
const FINGERPRINT: usize = 8;
/// Flags: more definitions follow the programs, objects stand ahead of the value.
pub const MORE: u8 = 4;
pub const AHEAD: u8 = 8;

/// Whether a stream with the long header has more definitions than those of its programs.
pub fn has_more(stream: &[u8]) -> bool {
    stream.get(MAGIC.len()).is_some_and(|flags| flags & MORE != 0)
}

/// A stream with the length in its header that fits, where it has a header.
pub fn mended(stream: &[u8]) -> Vec<u8> {
    match stream {
        [head, rest @ ..] if SHORT.contains(head) => {
            let behind =
                rest.iter().position(|byte| byte & 0x80 == 0).map_or(rest.len(), |n| n + 1);
            let rest = &rest[behind..];
            let length = varint(rest.len().saturating_sub(FINGERPRINT) as u64);
            [&[*head][..], &length, rest].concat()
        }
        _ if stream.len() >= HEADER && stream.starts_with(MAGIC) => {
            framed(stream[MAGIC.len()], &stream[HEADER..])
        }
        _ => stream.to_vec(),
    }
}

/// A stream of so many bytes behind the header.
pub fn framed(flags: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u32).to_le_bytes();
    [MAGIC, &[flags], &length, content].concat()
}

/// A number of variable length.
pub fn varint(mut value: u64) -> Vec<u8> {
    let mut out = vec![];
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// What stands around the data of a stream.
pub struct Around {
    flags: u8,
    /// The programs, and what is defined behind them.
    programs: Vec<u8>,
}

impl Around {
    /// Of a stream with the long header that a dump wrote, and its data.
    pub fn split(stream: &[u8]) -> (Around, Vec<u8>) {
        let flags = stream[MAGIC.len()];
        let (content, data) = block(&stream[HEADER..]);
        let (more, data) = if flags & MORE == 0 { (&[][..], data) } else { block(data) };
        let (stop, data) = data.split_last().expect("a stream ends with `stop`");
        assert_eq!(*stop, opcode::STOP);
        (Around { flags, programs: [content, more].concat() }, data.to_vec())
    }

    /// Whether a stream has the same around its data.
    pub fn is_around(&self, stream: &[u8]) -> bool {
        stream.get(MAGIC.len()) == Some(&self.flags)
            && stream.get(HEADER..).is_some_and(|content| content.starts_with(&self.programs))
    }

    /// The same around other data.
    pub fn around(&self, data: &[u8]) -> Vec<u8> {
        framed(self.flags, &[&self.programs[..], data, &[opcode::STOP]].concat())
    }
}

/// A block with its length in front, and what is behind it.
fn block(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (mut length, mut at) = (0usize, 0);
    loop {
        length |= usize::from(bytes[at] & 0x7F) << (7 * at);
        at += 1;
        if bytes[at - 1] & 0x80 == 0 {
            return bytes.split_at(at + length);
        }
    }
}
