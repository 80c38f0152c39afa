//! What the targets begin with, and a dictionary of what stands in streams.

use crate::kinds::{Entry, Mode};
use crate::{append, objects, program, types, versions};
use reduce_core::opcode;

/// A target.
pub struct Seeds {
    pub target: &'static str,
    pub run: fn(&[u8]),
    /// What it begins with: values of its types, and these streams.
    pub inputs: fn(&[Vec<u8>]) -> Vec<Vec<u8>>,
}

/// All targets.
pub static ALL: &[Seeds] = &[
    Seeds { target: "load", run: crate::load, inputs: |streams| kinds(types::KINDS, streams) },
    Seeds { target: "program", run: program::program, inputs: |_| program::seeds().collect() },
    Seeds {
        target: "objects",
        run: crate::objects,
        inputs: |streams| kinds(objects::KINDS, streams),
    },
    Seeds { target: "versions", run: versions::versions, inputs: |_| versions::seeds().collect() },
    Seeds { target: "append", run: append::append, inputs: |_| append::seeds().collect() },
    Seeds {
        target: "check",
        run: crate::check,
        inputs: |streams| streams.iter().map(|stream| with(Mode::Mended, stream)).collect(),
    },
];

/// The bytes as a mode's.
fn with(mode: Mode, bytes: &[u8]) -> Vec<u8> {
    [&[mode.byte()], bytes].concat()
}

/// Values of the types, whole and as data, and streams of other types.
fn kinds(kinds: &[Entry], streams: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let of = |number: usize, (mode, bytes): (Mode, &[u8])| {
        [&[number as u8][..], &with(mode, bytes)].concat()
    };
    let own = kinds
        .iter()
        .enumerate()
        .flat_map(|(number, kind)| kind.seeds().map(|(mode, bytes)| of(number, (mode, &bytes))));
    let others = streams.iter().enumerate();
    let others = others.map(|(number, stream)| of(number % kinds.len(), (Mode::Mended, stream)));
    own.chain(others).collect()
}

/// A dictionary for libFuzzer, of the table of opcodes and the forms of headers.
pub fn dictionary() -> String {
    let mut text = String::from("# Made from the table of opcodes.\n");
    let mut entry = |name: &str, bytes: &[u8]| {
        let bytes: String = bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect();
        text += &format!("{name}=\"{bytes}\"\n");
    };
    for row in opcode::TABLE {
        entry(row.name, &[row.code]);
    }
    // What follows an odd length, what stands behind a value, and numbers at the limits of their widths.
    entry("in_columns", &[0x21, opcode::COLUMNS]);
    entry("in_buffer", &[0x21, opcode::BUFFER]);
    entry("first_back_reference", &[opcode::BACK_REFERENCE, 0]);
    entry("states_and_stop", &[opcode::STATES, opcode::STOP]);
    entry("header", &[0x8F, b'R', b'D', 1]);
    for (name, number) in [("31", 1 << 31), ("32", 1 << 32), ("60", 1 << 60), ("most", u64::MAX)] {
        entry(&format!("varint_{name}"), &crate::frame::varint(number));
    }
    text
}
