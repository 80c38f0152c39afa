//! Streams put together by hand, from definitions and data that need not fit.

/// A stream in the making.
#[derive(Clone)]
pub struct Stream {
    /// The table of types, its length in front.
    block: Vec<u8>,
    data: Vec<u8>,
    stop: u8,
    flags: u8,
}

/// Flag: more definitions follow the programs.
const MORE: u8 = 4;
/// Flag: objects stand ahead of the root.
const AHEAD: u8 = 8;

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

/// A record's definition, from its fields (name and type) and its state fields.
pub fn record(name: &str, fields: &[(&str, u8)], state: &[(&str, u8)]) -> Vec<u8> {
    let list = |flags: u64, fields: &[(&str, u8)]| {
        let mut out = varint((fields.len() as u64) << 2 | flags);
        for (name, of) in fields {
            out.extend([&[name.len() as u8][..], name.as_bytes(), &[*of]].concat());
        }
        out
    };
    let (named, stateful) = (1, if state.is_empty() { 0 } else { 2 });
    let name = [&[reduce_core::opcode::RECORD, name.len() as u8][..], name.as_bytes()].concat();
    let state = if state.is_empty() { vec![] } else { list(named, state) };
    [&name[..], &[0], &list(named | stateful, fields), &state].concat()
}

/// A definition of an opcode, a name and more operands.
pub fn named(code: u8, name: &str, operands: &[u8]) -> Vec<u8> {
    [&[code, name.len() as u8][..], name.as_bytes(), operands].concat()
}

impl Stream {
    pub fn new(definitions: &[&[u8]], root: u64, data: &[u8]) -> Stream {
        let count = varint(definitions.len() as u64);
        let content = [&count[..], &definitions.concat(), &varint(root)].concat();
        Stream::of_block(&[&varint(content.len() as u64)[..], &content].concat(), data)
    }

    pub fn of_block(block: &[u8], data: &[u8]) -> Stream {
        let stop = reduce_core::opcode::STOP;
        Stream { block: block.to_vec(), data: data.to_vec(), stop, flags: 0 }
    }

    /// With more definitions in front of the data. Objects ahead of the root are put in first.
    pub fn more(self, definitions: &[&[u8]]) -> Stream {
        let content = [&varint(definitions.len() as u64)[..], &definitions.concat()].concat();
        let data = [&varint(content.len() as u64)[..], &content, &self.data].concat();
        Stream { data, flags: self.flags | MORE, ..self }
    }

    /// With objects ahead of the root: each a type and an object.
    pub fn ahead(self, objects: &[&[u8]]) -> Stream {
        let data = [&varint(objects.len() as u64)[..], &objects.concat(), &self.data].concat();
        Stream { data, flags: self.flags | AHEAD, ..self }
    }

    /// With another byte in the place of `stop`.
    pub fn stop(self, stop: u8) -> Stream {
        Stream { stop, ..self }
    }

    pub fn bytes(&self) -> Vec<u8> {
        framed(self.flags, &[&self.block[..], &self.data, &[self.stop]].concat())
    }

    /// Cut anywhere, but with lengths that fit: the table's where the cut is in the table.
    pub fn truncated(&self) -> Vec<Vec<u8>> {
        let whole = [&self.block[..], &self.data].concat();
        let cuts = (0..=whole.len()).map(|end| framed(self.flags, &whole[..end]));
        // The tables in this file's tests are short: their length takes one byte.
        let content = &self.block[1..];
        let table = |end: usize| [&[end as u8][..], &content[..end]].concat();
        let tables = (0..content.len()).map(|end| framed(self.flags, &table(end)));
        let short = content.len() < 0x80;
        cuts.chain(tables.filter(|_| short)).collect()
    }
}

/// With a header in front.
fn framed(flags: u8, content: &[u8]) -> Vec<u8> {
    let header =
        [&[0x8F, b'R', b'D', 1, flags][..], &(content.len() as u32).to_le_bytes()].concat();
    [&header[..], content].concat()
}

/// Makes the header's length that of the bytes, where it stands in the usual form.
pub fn fit(bytes: &mut [u8]) -> bool {
    // Magic, version, flags and length.
    const HEADER: usize = 9;
    // The first byte, a length of one byte and the fingerprint.
    const SHORT_HEADER: usize = 10;
    let first = bytes.first().copied().unwrap_or_default();
    match bytes.len().checked_sub(if first == 0x8F { HEADER } else { SHORT_HEADER }) {
        Some(rest) if first == 0x8F => {
            bytes[HEADER - 4..HEADER].copy_from_slice(&(rest as u32).to_le_bytes());
            true
        }
        Some(rest) if rest < 0x80 && bytes[1] < 0x80 => {
            bytes[1] = rest as u8;
            true
        }
        _ => false,
    }
}
