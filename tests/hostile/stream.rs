//! Streams put together by hand, from definitions and data that need not fit.

/// A stream in the making.
#[derive(Clone)]
pub struct Stream {
    /// The table of types, its length in front.
    block: Vec<u8>,
    data: Vec<u8>,
    stop: u8,
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

impl Stream {
    pub fn new(definitions: &[&[u8]], root: u64, data: &[u8]) -> Stream {
        let count = varint(definitions.len() as u64);
        let content = [&count[..], &definitions.concat(), &varint(root)].concat();
        Stream::of_block(&[&varint(content.len() as u64)[..], &content].concat(), data)
    }

    pub fn of_block(block: &[u8], data: &[u8]) -> Stream {
        Stream { block: block.to_vec(), data: data.to_vec(), stop: reduce_core::opcode::STOP }
    }

    /// With another byte in the place of `stop`.
    pub fn stop(self, stop: u8) -> Stream {
        Stream { stop, ..self }
    }

    pub fn bytes(&self) -> Vec<u8> {
        framed(&[&self.block[..], &self.data, &[self.stop]].concat())
    }

    /// Cut anywhere, but with lengths that fit: the table's where the cut is in the table.
    pub fn truncated(&self) -> Vec<Vec<u8>> {
        let whole = [&self.block[..], &self.data].concat();
        let cuts = (0..=whole.len()).map(|end| framed(&whole[..end]));
        // The tables in this file's tests are short: their length takes one byte.
        let content = &self.block[1..];
        let tables =
            (0..content.len()).map(|end| framed(&[&[end as u8][..], &content[..end]].concat()));
        let short = content.len() < 0x80;
        cuts.chain(tables.filter(|_| short)).collect()
    }
}

/// With a header in front.
fn framed(content: &[u8]) -> Vec<u8> {
    let header = [&[0x8F, b'R', b'D', 1, 0][..], &(content.len() as u32).to_le_bytes()].concat();
    [&header[..], content].concat()
}
