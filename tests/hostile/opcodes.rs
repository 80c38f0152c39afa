//! Every opcode with operands that it cannot have, and cut short.

use crate::FIRST;
use crate::stream::{Stream, record, varint};
use reduce_core::opcode::{self, Group};
use reduce_core::{Error, ErrorKind, Loader, disassemble, from_slice};

/// What one opcode is put to.
struct Probe {
    /// A stream in which it occurs once, soundly.
    sound: Stream,
    /// Streams with an operand that it cannot have. Empty for those of which every operand is a value.
    bad: Vec<(Stream, ErrorKind)>,
    /// Loads the type.
    load: fn(&[u8]) -> Result<(), Error>,
}

fn load<T: for<'de> reduce_core::Expand<'de>>(bytes: &[u8]) -> Result<(), Error> {
    Loader::new().from_slice::<T>(bytes).map(drop)
}

const MALFORMED: ErrorKind = ErrorKind::Malformed;
const END: ErrorKind = ErrorKind::UnexpectedEnd;

/// A primitive: its data, and data that it cannot have.
fn primitive(code: u8, sound: &[u8], bad: &[&[u8]], load: fn(&[u8]) -> Result<(), Error>) -> Probe {
    let stream = |data: &[u8]| Stream::new(&[], u64::from(code), data);
    let bad = bad.iter().map(|data| (stream(data), MALFORMED)).collect();
    Probe { sound: stream(sound), bad, load }
}

/// A definition, the first of the table and the root, with its data; then definitions and data that cannot be.
fn definition(
    sound: (&[u8], &[u8]),
    bad_definitions: &[&[u8]],
    bad_data: &[&[u8]],
    load: fn(&[u8]) -> Result<(), Error>,
) -> Probe {
    let root = u64::from(FIRST);
    let definitions = bad_definitions.iter().map(|def| Stream::new(&[def], root, sound.1));
    let data = bad_data.iter().map(|data| Stream::new(&[sound.0], root, data));
    let bad = definitions.chain(data).map(|stream| (stream, MALFORMED)).collect();
    Probe { sound: Stream::new(&[sound.0], root, sound.1), bad, load }
}

/// More bits than any integer of up to 64 bits has.
const HUGE: &[u8] = &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02];
/// More bits than an integer of 128 bits has.
const HUGE_128: &[u8] = &[
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0x04,
];
/// One, written in two bytes.
const OVERLONG: &[u8] = &[0x81, 0x00];

/// What each live opcode is put to. A new one needs an entry.
fn probe(code: u8) -> Option<Probe> {
    use opcode::*;
    let shared: &[u8] = &[SHARED, U8];
    let pair: &[u8] = &[TUPLE, 2, FIRST, FIRST];
    let twice = |data: &[u8]| Stream::new(&[shared, pair], u64::from(FIRST) + 1, data);
    Some(match code {
        UNIT => primitive(UNIT, &[], &[], load::<()>),
        BOOL => primitive(BOOL, &[1], &[&[2], &[0xFF]], load::<bool>),
        CHAR => primitive(
            CHAR,
            &[0x80, 0x01],
            &[&varint(0xD800), &varint(0x11_0000), HUGE, OVERLONG],
            load::<char>,
        ),
        U8 => primitive(U8, &[0xFF], &[], load::<u8>),
        U16 => primitive(U16, &[0x80, 0x01], &[&varint(1 << 16), HUGE, OVERLONG], load::<u16>),
        U32 => primitive(U32, &[0x80, 0x01], &[&varint(1 << 32), HUGE, OVERLONG], load::<u32>),
        U64 => primitive(U64, &[0x80, 0x01], &[HUGE, OVERLONG], load::<u64>),
        U128 => primitive(U128, &[0x80, 0x01], &[HUGE_128, OVERLONG], load::<u128>),
        I8 => primitive(I8, &[0xFF], &[], load::<i8>),
        I16 => primitive(I16, &[0x80, 0x01], &[&varint(1 << 16), HUGE, OVERLONG], load::<i16>),
        I32 => primitive(I32, &[0x80, 0x01], &[&varint(1 << 32), HUGE, OVERLONG], load::<i32>),
        I64 => primitive(I64, &[0x80, 0x01], &[HUGE, OVERLONG], load::<i64>),
        I128 => primitive(I128, &[0x80, 0x01], &[HUGE_128, OVERLONG], load::<i128>),
        F32 => primitive(F32, &[0, 0, 0xC0, 0x7F], &[], load::<f32>),
        F64 => primitive(F64, &[0; 8], &[], load::<f64>),
        // Of fixed width: every one of their bytes is a number's.
        U16_FIXED => primitive(U16_FIXED, &[0xFF; 2], &[], load::<u16>),
        U32_FIXED => primitive(U32_FIXED, &[0xFF; 4], &[], load::<u32>),
        U64_FIXED => primitive(U64_FIXED, &[0xFF; 8], &[], load::<u64>),
        U128_FIXED => primitive(U128_FIXED, &[0xFF; 16], &[], load::<u128>),
        I16_FIXED => primitive(I16_FIXED, &[0xFF; 2], &[], load::<i16>),
        I32_FIXED => primitive(I32_FIXED, &[0xFF; 4], &[], load::<i32>),
        I64_FIXED => primitive(I64_FIXED, &[0xFF; 8], &[], load::<i64>),
        I128_FIXED => primitive(I128_FIXED, &[0xFF; 16], &[], load::<i128>),
        STR => primitive(
            STR,
            &[2, 0xC3, 0xA9],
            &[&[1, 0xC3], &[2, 0xED, 0xA0], HUGE, OVERLONG],
            load::<String>,
        ),
        // A form that there is not, UTF-8 that is none, forms for what is not Unicode around what is, half a unit.
        OS_STR => primitive(
            OS_STR,
            &[1 << 2, b'a'],
            &[
                &[1 << 2 | 3, 0xFF],
                &[1 << 2, 0xFF],
                &[1 << 2 | 1, b'a'],
                &[1 << 2 | 2, 0],
                &[2 << 2 | 2, b'a', 0],
                HUGE,
            ],
            disassembled,
        ),
        BACK_REFERENCE => Probe {
            sound: twice(&[NEW, 7, BACK_REFERENCE, 0]),
            bad: vec![
                (twice(&[NEW, 7, BACK_REFERENCE, 1]), MALFORMED),
                (twice(&[BACK_REFERENCE, 0, NEW, 7]), MALFORMED),
                (twice(&[NEW, 7, BACK_REFERENCE, 0x80, 0x00]), MALFORMED),
                (twice(&[&[NEW, 7, BACK_REFERENCE], HUGE].concat()), MALFORMED),
            ],
            load: load::<(std::rc::Rc<u8>, std::rc::Rc<u8>)>,
        },
        NEW => Probe {
            sound: Stream::new(&[shared], u64::from(FIRST), &[NEW, 7]),
            bad: [0x22, STOP, LIST, 0xFF]
                .map(|code| (Stream::new(&[shared], u64::from(FIRST), &[code, 7]), MALFORMED))
                .into(),
            load: load::<std::rc::Rc<u8>>,
        },
        BUFFER => {
            let stream = |data: &[u8]| Stream::new(&[&[LIST, U8]], u64::from(FIRST), data);
            let behind = |number: &[u8]| stream(&[&[3 << 1 | 1, BUFFER], number].concat());
            Probe {
                sound: behind(&[0]),
                bad: [&[1], HUGE, OVERLONG].map(|number| (behind(number), MALFORMED)).into(),
                load: |bytes| {
                    let loader = Loader::new();
                    loader.buffers([&[7; 3]]).from_slice::<Vec<u8>>(bytes).map(drop)
                },
            }
        }
        ALIGNED => {
            let stream = |padding: &[u8]| {
                let data = [&[2 << 1 | 1, ALIGNED], padding, &[1, 2]].concat();
                Stream::new(&[&[LIST, U16]], u64::from(FIRST), &data)
            };
            let most = [&[64][..], &[0; 64]].concat();
            Probe {
                // Padding that is not zero; more than any alignment asks for.
                sound: stream(&[3, 0, 0, 0]),
                bad: [&[2, 0, 1][..], &[1, 0xFF], &most]
                    .map(|padding| (stream(padding), MALFORMED))
                    .into(),
                load: load::<Vec<u16>>,
            }
        }
        COLUMNS => {
            let stream = |columns: &[u8]| {
                let data = [&[3 << 1 | 1, COLUMNS], columns].concat();
                Stream::new(&[&[LIST, U16]], u64::from(FIRST), &data)
            };
            Probe {
                // One number for all; a byte too many; a coding that there is not.
                sound: stream(&[2, 0, 7]),
                bad: [&[3, 0, 7, 0][..], &[2, 0xFF, 7], OVERLONG]
                    .map(|columns| (stream(columns), MALFORMED))
                    .into(),
                load: load::<Vec<u16>>,
            }
        }
        STOP => Probe {
            sound: Stream::new(&[], u64::from(U8), &[7]),
            bad: [0, NEW, 0xFF]
                .map(|code| (Stream::new(&[], u64::from(U8), &[7]).stop(code), MALFORMED))
                .into(),
            load: load::<u8>,
        },
        RECORD => definition(
            (&[RECORD, 1, b'R', 0, 2 << 2 | 1, 1, b'a', U8, 1, b'b', U8], &[1, 2]),
            &[
                &[RECORD, 1, 0xFF, 0, 0],
                &[RECORD, 1, b'R', 0x80, 0x00, 0],
                &[RECORD, 1, b'R', 0, 2 << 2 | 1, 1, b'a', U8, 1, b'a', U8],
                &[RECORD, 1, b'R', 0, 1 << 2, FIRST + 1],
                &[RECORD, 1, b'R', 0, 1 << 2, 0],
            ],
            &[],
            disassembled,
        ),
        ENUM => definition(
            (&[ENUM, 1, b'E', 0, 2, 1, b'A', 0, 1, b'B', 1 << 2, U8], &[1, 9]),
            &[
                &[ENUM, 1, 0xFF, 0, 1, 1, b'A', 0],
                &[ENUM, 1, b'E', 0, 2, 1, b'A', 0, 1, b'A', 0],
                &[ENUM, 1, b'E', 0, 1, 1, b'A', 1 << 2, STOP],
            ],
            &[&[2, 9], HUGE, OVERLONG],
            disassembled,
        ),
        LIST => definition(
            (&[LIST, U16], &[2 << 1, 1, 2]),
            &[&[LIST, FIRST + 1], &[LIST, 0], &[LIST, STOP], &[LIST, 0x81, 0x00]],
            &[&[2 << 1 | 1, 0, 1], &[0x81, 0x00], HUGE],
            load::<Vec<u16>>,
        ),
        MAP => definition(
            (&[MAP, U8, U8], &[1 << 1, 1, 2]),
            &[&[MAP, U8, FIRST + 1], &[MAP, 0, U8]],
            &[&[1 << 1 | 1, LIST, 1], HUGE],
            load::<std::collections::BTreeMap<u8, u8>>,
        ),
        OPTION => definition(
            (&[OPTION, U8], &[1, 5]),
            &[&[OPTION, FIRST + 1], &[OPTION, NEW]],
            &[&[2, 5], &[0xFF, 5]],
            load::<Option<u8>>,
        ),
        TUPLE => definition(
            (&[TUPLE, 2, U8, BOOL], &[5, 1]),
            &[&[TUPLE, 2, U8, FIRST + 1], &[TUPLE, 0x80, 0x00], &[TUPLE, 1, 0]],
            &[&[5, 2]],
            load::<(u8, bool)>,
        ),
        ARRAY => definition(
            (&[ARRAY, 2, BOOL], &[0, 1]),
            &[&[ARRAY, 2, FIRST + 1], &[ARRAY, 0x82, 0x00, BOOL]],
            &[&[0, 2]],
            load::<[bool; 2]>,
        ),
        NEW_CYCLIC => {
            let node = record("N", &[("me", FIRST + 1)], &[]);
            let stream = |data: &[u8]| {
                let definitions: [&[u8]; 3] = [&node, &[WEAK, FIRST], &[SHARED, FIRST]];
                Stream::new(&definitions, u64::from(FIRST) + 2, data)
            };
            Probe {
                sound: stream(&[NEW_CYCLIC, BACK_REFERENCE, 0]),
                bad: [&[NEW_CYCLIC, BACK_REFERENCE, 1][..], &[NEW_CYCLIC, 0x22, 0]]
                    .map(|data| (stream(data), MALFORMED))
                    .into(),
                load: disassembled,
            }
        }
        NEW_STATEFUL | NEW_CYCLIC_STATEFUL | STATES => {
            let node = record("N", &[("me", FIRST + 1)], &[("next", FIRST + 3)]);
            let stream = |data: &[u8]| {
                let definitions: [&[u8]; 4] =
                    [&node, &[WEAK, FIRST], &[SHARED, FIRST], &[OPTION, FIRST + 2]];
                Stream::new(&definitions, u64::from(FIRST) + 2, data)
            };
            let new = if code == STATES { NEW_STATEFUL } else { code };
            Probe {
                sound: stream(&[new, DANGLING, STATES, 1, BACK_REFERENCE, 0]),
                bad: [
                    &[new, DANGLING][..],
                    &[new, DANGLING, STATES, 2],
                    &[new, DANGLING, 0x2A, 0],
                    &[new, DANGLING, STATES, 0, STATES, 0],
                    &[new, 0x22, STATES, 0],
                ]
                .map(|data| (stream(data), MALFORMED))
                .into(),
                load: disassembled,
            }
        }
        DANGLING => Probe {
            sound: Stream::new(&[&[WEAK, U8]], u64::from(FIRST), &[DANGLING]),
            bad: vec![
                (Stream::new(&[&[WEAK, U8]], u64::from(FIRST), &[DANGLING, 0]), MALFORMED),
                (Stream::new(&[&[SHARED, U8]], u64::from(FIRST), &[DANGLING]), MALFORMED),
            ],
            load: disassembled,
        },
        WEAK => definition(
            (&[WEAK, BOOL], &[NEW, 1]),
            &[&[WEAK, FIRST + 1], &[WEAK, 0]],
            &[&[BOOL, 1], &[NEW, 2], &[BACK_REFERENCE, 0], &[NEW_STATEFUL, 1]],
            disassembled,
        ),
        PERSISTENT => definition(
            (&[PERSISTENT, BOOL], &[1]),
            &[&[PERSISTENT, FIRST + 1], &[PERSISTENT, 0]],
            &[&[2]],
            disassembled,
        ),
        DYN | DISPATCH | NAMED | CODED => {
            let (dynamic, foreign) = (&[DYN, 1, b'D'][..], &[DISPATCH][..]);
            let (name, coded) = (&[NAMED, 1, b'n', BOOL][..], &[CODED, 0x80, 0x01, BOOL][..]);
            let stream = |value: &[u8], registered: &[u8], data: &[u8]| {
                Stream::new(&[value, registered], u64::from(FIRST), data)
            };
            let value = if code == DISPATCH { foreign } else { dynamic };
            let registered = if code == CODED { coded } else { name };
            let mut bad = vec![
                stream(value, registered, &[FIRST, 1]),
                stream(value, registered, &[FIRST + 2, 1]),
                stream(value, registered, &[FIRST + 1, 2]),
                stream(value, &[registered[0], 1, b'n', FIRST + 2], &[FIRST + 1, 1]),
                stream(value, &[registered[0], 1, b'n', FIRST + 1], &[FIRST + 1, 1]),
            ];
            match code {
                DYN => bad.push(stream(&[DYN, 1, 0xFF], registered, &[FIRST + 1, 1])),
                NAMED => bad.push(stream(value, &[NAMED, 1, 0xFF, BOOL], &[FIRST + 1, 1])),
                CODED => bad.push(stream(value, &[CODED, 0x80, 0x00, BOOL], &[FIRST + 1, 1])),
                _ => {}
            }
            let bad = bad.into_iter().map(|stream| (stream, MALFORMED)).collect();
            Probe { sound: stream(value, registered, &[FIRST + 1, 1]), bad, load: disassembled }
        }
        VALUE => primitive(
            VALUE,
            &[BOOL << 1, 1],
            &[
                &[BOOL << 1, 2],
                &[VALUE << 1, BOOL << 1, 1],
                &[0, 1],
                &[0x80, 1, 1],
                &[BOOL << 1 | 1, 0, 1],
                &[BOOL << 1 | 1, 1, BOOL, 1],
                &[BOOL << 1, 1, STATES],
            ],
            load::<reduce_core::Value>,
        ),
        SHARED => definition(
            (&[SHARED, BOOL], &[NEW, 1]),
            &[&[SHARED, FIRST + 1], &[SHARED, 0]],
            &[&[BOOL, 1], &[NEW, 2]],
            load::<std::rc::Rc<bool>>,
        ),
        _ => return None,
    })
}

/// Stands for a load where no type of ours has exactly this program.
fn disassembled(bytes: &[u8]) -> Result<(), Error> {
    match disassemble(bytes)?.error() {
        None => Ok(()),
        Some(error) => Err(Error::custom(error.to_string())),
    }
}

/// Of these, every operand is a value.
const TAKE_ANYTHING: &[u8] = &[
    opcode::UNIT,
    opcode::U8,
    opcode::I8,
    opcode::F32,
    opcode::F64,
    opcode::U16_FIXED,
    opcode::U32_FIXED,
    opcode::U64_FIXED,
    opcode::U128_FIXED,
    opcode::I16_FIXED,
    opcode::I32_FIXED,
    opcode::I64_FIXED,
    opcode::I128_FIXED,
];

#[test]
fn every_live_opcode_survives_underflow_bad_operands_and_truncation() {
    let (mut live, mut bad_operands, mut cuts) = (0, 0, 0);
    for row in opcode::TABLE.iter().filter(|row| !row.reserved) {
        let Some(probe) = probe(row.code) else {
            panic!("the opcode `{}` has no probe: write one", row.name);
        };
        let sound = probe.sound.bytes();
        let shown = disassemble(&sound).unwrap();
        assert!(shown.error().is_none(), "{}: {shown}", row.name);
        assert!(shown.instructions().iter().any(|line| line.opcode == row.name), "{shown}");
        (probe.load)(&sound).unwrap();

        live += 1;
        bad_operands += probe.bad.len();
        assert_eq!(probe.bad.is_empty(), TAKE_ANYTHING.contains(&row.code), "{}", row.name);
        for (bad, kind) in &probe.bad {
            let bytes = bad.bytes();
            let shown = disassemble(&bytes).unwrap();
            let error = shown.error().unwrap_or_else(|| panic!("{}: {shown}", row.name));
            assert_eq!(error.kind(), *kind, "{}: {shown}", row.name);
            let error = (probe.load)(&bytes).unwrap_err();
            let kinds = [*kind, ErrorKind::TypeMismatch, ErrorKind::Custom];
            assert!(kinds.contains(&error.kind()), "{}: {error}", row.name);
        }

        // Underflow is the shortest of the truncations: nothing behind the opcode.
        for cut in probe.sound.truncated() {
            cuts += 1;
            let error = disassemble(&cut).unwrap();
            assert_eq!(error.error().map(Error::kind), Some(END), "{}: {error}", row.name);
            assert!((probe.load)(&cut).is_err(), "{}", row.name);
        }
    }
    let figure = format!("{live} opcodes, {bad_operands} bad operands, {cuts} truncations");
    reduce::gate("opcodes", figure, live >= 40);
}

#[test]
fn reserved_opcodes_are_unsupported_where_they_may_come_to_stand() {
    for row in opcode::TABLE.iter().filter(|row| row.reserved) {
        let streams = match row.group {
            Group::Primitive => vec![Stream::new(&[], u64::from(row.code), &[])],
            Group::Definition => vec![Stream::new(&[&[row.code, 0, 0]], u64::from(FIRST), &[])],
            _ => vec![
                Stream::new(&[&[opcode::SHARED, opcode::U8]], u64::from(FIRST), &[row.code, 0]),
                Stream::new(&[&[opcode::WEAK, opcode::U8]], u64::from(FIRST), &[row.code, 0]),
                Stream::new(&[&[opcode::LIST, opcode::U16]], u64::from(FIRST), &[3, row.code]),
            ],
        };
        for stream in streams {
            let shown = disassemble(&stream.bytes()).unwrap();
            let error = shown.error().unwrap();
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{}: {shown}", row.name);
            assert!(error.to_string().contains(row.name), "{error}");
        }
    }
}

#[test]
fn queued_states_of_no_object_are_malformed() {
    let stream = Stream::new(&[], u64::from(opcode::U8), &[7]).stop(opcode::STATES).bytes();
    assert_eq!(from_slice::<u8>(&stream).unwrap_err().kind(), ErrorKind::Malformed);
    assert_eq!(disassemble(&stream).unwrap().error().unwrap().kind(), ErrorKind::Malformed);
}

#[test]
fn a_back_reference_to_an_object_of_another_type_or_inside_itself_is_malformed() {
    use opcode::{BACK_REFERENCE, NEW, OPTION, SHARED, TUPLE, U8, U16};
    let parts: [&[u8]; 3] = [&[SHARED, U8], &[SHARED, U16], &[TUPLE, 2, FIRST, FIRST + 1]];
    let stream = Stream::new(&parts, u64::from(FIRST) + 2, &[NEW, 7, BACK_REFERENCE, 0]);
    let shown = disassemble(&stream.bytes()).unwrap();
    assert_eq!(shown.error().unwrap().kind(), ErrorKind::Malformed, "{shown}");
    let error = from_slice::<(std::rc::Rc<u8>, std::rc::Rc<u16>)>(&stream.bytes()).unwrap_err();
    assert_eq!(
        (error.kind(), error.offset()),
        (ErrorKind::Malformed, shown.error().unwrap().offset())
    );

    // An object that holds an option of itself, and then itself.
    let parts: [&[u8]; 2] = [&[SHARED, FIRST + 1], &[OPTION, FIRST]];
    let stream = Stream::new(&parts, u64::from(FIRST), &[NEW, 1, BACK_REFERENCE, 0]);
    let shown = disassemble(&stream.bytes()).unwrap();
    assert_eq!(shown.error().unwrap().kind(), ErrorKind::Malformed, "{shown}");
}

#[test]
fn unknown_opcodes_are_malformed_wherever_one_is_expected() {
    for code in 0..=255u8 {
        if opcode::TABLE.iter().any(|row| row.code == code) {
            continue;
        }
        let mut streams = vec![
            Stream::new(&[&[code, 0, 0]], u64::from(FIRST), &[]),
            Stream::new(&[&[opcode::SHARED, opcode::U8]], u64::from(FIRST), &[code, 0]),
            Stream::new(&[&[opcode::WEAK, opcode::U8]], u64::from(FIRST), &[code, 0]),
            Stream::new(&[&[opcode::LIST, opcode::U16]], u64::from(FIRST), &[3, code]),
        ];
        if code < FIRST {
            streams.push(Stream::new(&[], u64::from(code), &[]));
        }
        for stream in streams {
            let shown = disassemble(&stream.bytes()).unwrap();
            let error = shown.error().unwrap();
            assert_eq!(error.kind(), ErrorKind::Malformed, "{code:#04x}: {shown}");
        }
    }
}
