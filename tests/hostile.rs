//! Bytes that no dump wrote: whatever they are, a load and a disassembly answer with a value or an error, in bounded
//! time and memory, and agree on which of the two.

#[allow(dead_code)]
mod corpus;
mod hostile {
    pub mod stream;
}

use corpus::{Case, Chain, Nest, Tree};
use hostile::stream::{Stream, varint};
use reduce_core::opcode::{self, Group};
use reduce_core::{Error, ErrorKind, Limits, Loader, disassemble, from_slice};
use std::time::{Duration, Instant};

/// The kinds of errors that say that the bytes themselves are broken, whatever type is asked for.
fn of_bytes(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotAStream
            | ErrorKind::Unsupported
            | ErrorKind::UnexpectedEnd
            | ErrorKind::TrailingBytes
            | ErrorKind::Malformed
    )
}

/// Loads and disassembles; the two must agree.
fn survives(case: &Case, bytes: &[u8]) {
    let shown = disassemble(bytes);
    let sound = shown.as_ref().is_ok_and(|shown| shown.error().is_none());
    match (case.again)(bytes) {
        Ok(again) => {
            assert!(sound, "{} loads from {bytes:02x?}, but:\n{}", case.name, shown.unwrap());
            // A value once more, and then for ever the same bytes.
            assert_eq!((case.again)(&again).unwrap(), again, "{}", case.name);
        }
        Err(error) if of_bytes(error.kind()) => {
            assert!(!sound, "{} from {bytes:02x?}: {error}\n{}", case.name, shown.unwrap());
        }
        Err(_) => {}
    }
    if let Ok(shown) = shown {
        let text = shown.to_string();
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }
}

#[test]
fn every_prefix_of_every_golden_stream_is_an_error() {
    for case in corpus::all() {
        for length in 0..case.bytes.len() {
            let prefix = &case.bytes[..length];
            let error = (case.again)(prefix).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{} {length}: {error}", case.name);
            match disassemble(prefix) {
                Ok(shown) => {
                    let kind = shown.error().unwrap().kind();
                    assert_eq!(kind, ErrorKind::UnexpectedEnd, "{} {length}:\n{shown}", case.name);
                    let end =
                        shown.instructions().last().map_or(0, |line| line.offset + line.length);
                    assert!(end <= length);
                }
                Err(error) => assert_eq!((length, error.kind()), (0, ErrorKind::UnexpectedEnd)),
            }
        }
    }
}

/// Cut short, and the header's length made to fit: so the truncation is met where the value is read.
#[test]
fn every_prefix_with_a_header_that_fits_is_an_error() {
    for case in corpus::all() {
        for length in HEADER..case.bytes.len() {
            let mut prefix = case.bytes[..length].to_vec();
            prefix[HEADER - 4..HEADER].copy_from_slice(&((length - HEADER) as u32).to_le_bytes());
            let error = (case.again)(&prefix).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{} {length}: {error}", case.name);
            let shown = disassemble(&prefix).unwrap();
            assert_eq!(shown.error().unwrap().kind(), ErrorKind::UnexpectedEnd, "{shown}");
        }
    }
}

/// Magic, version, flags and length.
const HEADER: usize = 9;

#[test]
fn every_flipped_bit_is_a_value_or_an_error() {
    for case in corpus::all() {
        for at in 0..case.bytes.len() {
            for bit in 0..8 {
                let mut bytes = case.bytes.clone();
                bytes[at] ^= 1 << bit;
                survives(&case, &bytes);
            }
        }
    }
}

#[test]
fn every_byte_of_every_value_is_a_value_or_an_error() {
    let mut cases = corpus::all();
    // A mix of kinds: the ones with the most definitions for their size come with the records.
    cases.retain(|case| case.bytes.len() <= MOST_SWEPT);
    cases.sort_by_key(|case| std::cmp::Reverse(case.bytes.len()));
    cases.truncate(SWEPT);
    assert_eq!(cases.len(), SWEPT);
    for case in cases {
        for at in 0..case.bytes.len() {
            for byte in 0..=255 {
                let mut bytes = case.bytes.clone();
                bytes[at] = byte;
                survives(&case, &bytes);
            }
        }
    }
}

/// Streams whose bytes all take every value.
const SWEPT: usize = 20;
/// The longest of them: a debug build sweeps this in seconds.
const MOST_SWEPT: usize = 40;

#[test]
fn a_removed_or_doubled_byte_is_a_value_or_an_error() {
    for case in corpus::all() {
        for at in 0..case.bytes.len() {
            let mut removed = case.bytes.clone();
            let byte = removed.remove(at);
            survives(&case, &removed);
            let mut doubled = case.bytes.clone();
            doubled.insert(at, byte);
            survives(&case, &doubled);
        }
    }
}

#[test]
fn trailing_bytes_are_errors_inside_and_behind_a_stream() {
    for case in corpus::all() {
        let mut behind = case.bytes.clone();
        behind.push(0);
        assert_eq!((case.again)(&behind).unwrap_err().kind(), ErrorKind::TrailingBytes);
        assert_eq!(disassemble(&behind).unwrap().error().unwrap().kind(), ErrorKind::TrailingBytes);
        let length = u32::from_le_bytes(behind[HEADER - 4..HEADER].try_into().unwrap());
        behind[HEADER - 4..HEADER].copy_from_slice(&(length + 1).to_le_bytes());
        assert_eq!((case.again)(&behind).unwrap_err().kind(), ErrorKind::TrailingBytes);
        assert_eq!(disassemble(&behind).unwrap().error().unwrap().kind(), ErrorKind::TrailingBytes);
    }
}

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

/// The first place of a table.
const FIRST: u8 = 0x40;
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
        STR => primitive(
            STR,
            &[2, 0xC3, 0xA9],
            &[&[1, 0xC3], &[2, 0xED, 0xA0], HUGE, OVERLONG],
            load::<String>,
        ),
        // A form that there is not, UTF-8 that is none, bytes that would be UTF-8, half a unit.
        OS_STR => primitive(
            OS_STR,
            &[1 << 2, b'a'],
            &[&[1 << 2 | 3, 0xFF], &[1 << 2, 0xFF], &[1 << 2 | 1, b'a'], &[1 << 2 | 2, 0], HUGE],
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
const TAKE_ANYTHING: &[u8] = &[opcode::UNIT, opcode::U8, opcode::I8, opcode::F32, opcode::F64];

#[test]
fn every_live_opcode_survives_underflow_bad_operands_and_truncation() {
    for row in opcode::TABLE.iter().filter(|row| !row.reserved) {
        let Some(probe) = probe(row.code) else {
            panic!("the opcode `{}` has no probe: write one", row.name);
        };
        let sound = probe.sound.bytes();
        let shown = disassemble(&sound).unwrap();
        assert!(shown.error().is_none(), "{}: {shown}", row.name);
        assert!(shown.instructions().iter().any(|line| line.opcode == row.name), "{shown}");
        (probe.load)(&sound).unwrap();

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
            let error = disassemble(&cut).unwrap();
            assert_eq!(error.error().map(Error::kind), Some(END), "{}: {error}", row.name);
            assert!((probe.load)(&cut).is_err(), "{}", row.name);
        }
    }
}

#[test]
fn reserved_opcodes_are_unsupported_where_they_may_come_to_stand() {
    for row in opcode::TABLE.iter().filter(|row| row.reserved) {
        let streams = match row.group {
            Group::Primitive => vec![Stream::new(&[], u64::from(row.code), &[])],
            Group::Definition => vec![Stream::new(&[&[row.code, 0, 0]], u64::from(FIRST), &[])],
            _ => vec![
                Stream::new(&[&[opcode::SHARED, opcode::U8]], u64::from(FIRST), &[row.code, 0]),
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
    let reserved = Stream::new(&[&[opcode::LIST, opcode::U16]], u64::from(FIRST), &[3, 0x30]);
    assert_eq!(
        from_slice::<Vec<u16>>(&reserved.bytes()).unwrap_err().kind(),
        ErrorKind::Unsupported
    );
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

#[test]
fn other_format_versions_and_flags_are_unsupported_and_are_shown() {
    let sound = reduce_core::to_vec(&5u8).unwrap();
    for (at, bytes) in [(3, [0u8, 2, 255]), (4, [1, 2, 128])] {
        for byte in bytes {
            let mut stream = sound.clone();
            stream[at] = byte;
            assert_eq!(from_slice::<u8>(&stream).unwrap_err().kind(), ErrorKind::Unsupported);
            let shown = disassemble(&stream).unwrap();
            assert_eq!(shown.error().unwrap().kind(), ErrorKind::Unsupported);
            assert_eq!(shown.instructions()[at - 2].operand, byte.to_string());
        }
    }
}

#[test]
fn a_long_length_that_a_short_one_could_say_is_malformed() {
    let mut stream = vec![0x8F, b'R', b'D', 1, 0, 255, 255, 255, 255];
    stream.extend(4u64.to_le_bytes());
    stream.extend([2, 0, opcode::UNIT, opcode::STOP]);
    assert_eq!(from_slice::<()>(&stream).unwrap_err().kind(), ErrorKind::Malformed);
    assert_eq!(disassemble(&stream).unwrap().error().unwrap().kind(), ErrorKind::Malformed);
}

#[test]
fn bytes_behind_the_definitions_are_malformed() {
    let mut block = vec![0, opcode::U8, 0];
    block.insert(0, block.len() as u8);
    let stream = Stream::of_block(&block, &[7]);
    let shown = disassemble(&stream.bytes()).unwrap();
    assert_eq!(shown.error().unwrap().kind(), ErrorKind::Malformed, "{shown}");
    assert_eq!(from_slice::<u8>(&stream.bytes()).unwrap_err().kind(), ErrorKind::Malformed);
}

#[test]
fn claims_of_any_size_fail_at_once() {
    let begun = Instant::now();
    for claim in [1u64 << 31, 1 << 32, 1 << 60, u64::MAX >> 1] {
        for of in [opcode::UNIT, opcode::U8, opcode::U64, opcode::STR, FIRST] {
            let data = varint(claim.saturating_mul(2) & !1);
            for definition in [&[opcode::LIST, of][..], &[opcode::MAP, of, of]] {
                let stream = Stream::new(&[definition], u64::from(FIRST), &data).bytes();
                assert!(disassemble(&stream).unwrap().error().is_some());
            }
            let array = [&[opcode::ARRAY][..], &varint(claim), &[of]].concat();
            let stream = Stream::new(&[&array], u64::from(FIRST), &[]).bytes();
            assert!(disassemble(&stream).unwrap().error().is_some());
        }
        let lists =
            Stream::new(&[&[opcode::LIST, opcode::UNIT]], u64::from(FIRST), &varint(claim << 1));
        assert_eq!(from_slice::<Vec<()>>(&lists.bytes()).unwrap_err().kind(), ErrorKind::Limit);
        let lists =
            Stream::new(&[&[opcode::LIST, opcode::U64]], u64::from(FIRST), &varint(claim << 1));
        assert_eq!(from_slice::<Vec<u64>>(&lists.bytes()).unwrap_err().kind(), ErrorKind::Limit);
        // Lengths of the table, of names, and counts of all that a definition has.
        for head in [
            &[][..],
            &[1],
            &[1, opcode::RECORD],
            &[1, opcode::RECORD, 0, 0],
            &[1, opcode::ENUM, 0, 0],
            &[1, opcode::TUPLE],
        ] {
            let block = [head, &varint(claim)].concat();
            let stream = Stream::of_block(&[&varint(block.len() as u64)[..], &block].concat(), &[]);
            assert!(disassemble(&stream.bytes()).unwrap().error().is_some());
            assert!(from_slice::<u8>(&stream.bytes()).is_err());
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

/// A table in which every type holds the one before it `width` times, and so spells a value without bytes that is
/// exponential in the table's length.
fn tower(levels: u8, width: u8) -> Vec<u8> {
    let mut definitions: Vec<Vec<u8>> = vec![vec![opcode::TUPLE, width]];
    definitions[0].resize(usize::from(width) + 2, opcode::UNIT);
    for level in 1..levels {
        let mut definition = vec![opcode::TUPLE, width];
        definition.resize(usize::from(width) + 2, FIRST + level - 1);
        definitions.push(definition);
    }
    let definitions: Vec<_> = definitions.iter().map(Vec::as_slice).collect();
    Stream::new(&definitions, u64::from(FIRST + levels - 1), &[]).bytes()
}

/// Long enough for a debug build on a busy machine, far too short for 2^60 steps.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn exponential_towers_of_tuples_end_at_a_limit() {
    let begun = Instant::now();
    let shown = disassemble(&tower(60, 2)).unwrap();
    assert_eq!(shown.error().unwrap().kind(), ErrorKind::Limit);
    assert!(shown.instructions().len() as u64 + shown.left_out() > 1 << 20);
    assert!(shown.to_string().len() < 64 << 20);
    // The programs differ, and what says so is bounded as well.
    let error = from_slice::<Vec<u8>>(&tower(60, 50)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert!(format!("{error:#}").len() < 64 << 10);
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}

#[test]
fn many_towers_behind_one_another_share_one_budget() {
    let begun = Instant::now();
    let streams = tower(40, 2).repeat(200);
    let shown = disassemble(&streams).unwrap();
    assert_eq!(shown.error().unwrap().kind(), ErrorKind::Limit);
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}

#[test]
fn units_without_bytes_are_counted() {
    let records: &[u8] = &[opcode::RECORD, 1, b'U', 0, 4 << 2, 1, 1, 1, 1];
    let stream = |count: u64| {
        let list: &[u8] = &[opcode::LIST, FIRST + 1];
        Stream::new(&[list, records], u64::from(FIRST), &varint(count << 1)).bytes()
    };
    let begun = Instant::now();
    assert!(disassemble(&stream(1000)).unwrap().error().is_none());
    for count in [1 << 25, 1 << 40, 1 << 62] {
        let shown = disassemble(&stream(count)).unwrap();
        assert_eq!(shown.error().unwrap().kind(), ErrorKind::Limit);
    }
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}

#[test]
fn a_record_that_holds_itself_without_an_end_is_a_limit() {
    let endless: &[u8] = &[opcode::RECORD, 1, b'A', 0, 1 << 2, FIRST];
    let begun = Instant::now();
    let shown = disassemble(&Stream::new(&[endless], u64::from(FIRST), &[]).bytes()).unwrap();
    assert_eq!(shown.error().unwrap().kind(), ErrorKind::Limit);
    // Every line is indented, but not without bounds.
    assert!(shown.to_string().len() < 32 << 20, "{}", shown.to_string().len());
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}

/// On a thread with the stack that threads have by default.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn a_million_levels_are_a_limit_on_a_small_stack() {
    on_a_small_stack(|| {
        const LEVELS: usize = 1_000_000;
        let chain: &[u8] = &[opcode::RECORD, 5, b'C', b'h', b'a', b'i', b'n', 0, 2 << 2 | 1];
        let chain = [chain, b"\x05value\x04\x04next", &[FIRST + 1]].concat();
        let option: &[u8] = &[opcode::OPTION, FIRST];
        let data = [7u8, 1].repeat(LEVELS);
        let stream = Stream::new(&[&chain, option], u64::from(FIRST), &data).bytes();
        assert_eq!(from_slice::<Chain>(&stream).unwrap_err().kind(), ErrorKind::Limit);
        let shown = disassemble(&stream).unwrap();
        // What would be `stop` is one more value.
        assert_eq!(shown.error().unwrap().kind(), ErrorKind::UnexpectedEnd);

        let nest =
            Stream::new(&[&[opcode::LIST, FIRST]], u64::from(FIRST), &vec![2; LEVELS]).bytes();
        assert_eq!(from_slice::<Nest>(&nest).unwrap_err().kind(), ErrorKind::Limit);
        let shown = disassemble(&nest).unwrap();
        assert_eq!(shown.instructions().len() as u64 + shown.left_out(), LEVELS as u64 + 9);
        assert!(shown.to_string().len() < 64 << 20);
    });
}

#[test]
fn definitions_nested_deep_are_spelled_and_compared_on_a_small_stack() {
    on_a_small_stack(|| {
        const LEVELS: u64 = 60_000;
        let mut definitions = Vec::new();
        for level in 0..LEVELS {
            let inner = varint(u64::from(FIRST) + (level + 1).min(LEVELS - 1));
            definitions.push([&[opcode::LIST][..], &inner].concat());
        }
        let definitions: Vec<_> = definitions.iter().map(Vec::as_slice).collect();
        let stream = Stream::new(&definitions, u64::from(FIRST), &[0]).bytes();
        let shown = disassemble(&stream).unwrap();
        assert!(shown.error().is_none(), "{:?}", shown.error());
        assert_eq!(from_slice::<Nest>(&stream).unwrap_err().kind(), ErrorKind::TypeMismatch);
    });
}

#[test]
fn an_error_about_a_wide_program_is_short() {
    // A field takes one byte in the stream and a type's whole name in a text.
    let name = "n".repeat(1000);
    let inner = [&[opcode::RECORD][..], &varint(1000), name.as_bytes(), &[0, 0]].concat();
    let count = 200_000u64;
    let mut outer = [&[opcode::RECORD, 1, b'W', 0][..], &varint(count << 2)].concat();
    outer.resize(outer.len() + count as usize, FIRST + 1);
    let stream = Stream::new(&[&outer, &inner], u64::from(FIRST), &[]).bytes();
    let error = from_slice::<Tree>(&stream).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert!(format!("{error:#}").len() < 64 << 10, "{}", format!("{error:#}").len());
    let shown = disassemble(&stream).unwrap();
    assert!(shown.to_string().len() < 64 << 20, "{}", shown.to_string().len());
}

#[test]
fn names_that_would_act_on_a_terminal_are_escaped_in_errors_and_disassemblies() {
    let name = "\u{1B}[2J\u{202E}";
    let field = [&[name.len() as u8][..], name.as_bytes()].concat();
    let record = [&[opcode::RECORD][..], &field, &[0, 1 << 2 | 1], &field, &[opcode::U8]].concat();
    let doubled =
        [&[opcode::RECORD][..], &field, &[0, 2 << 2 | 1], &field, &[1], &field, &[1]].concat();
    for (definition, error) in [(record, false), (doubled, true)] {
        let stream = Stream::new(&[&definition], u64::from(FIRST), &[1]).bytes();
        let shown = disassemble(&stream).unwrap();
        assert_eq!(shown.error().is_some(), error);
        assert!(shown.to_string().contains("u{1b}"), "{shown}");
        let refused = from_slice::<Tree>(&stream).unwrap_err();
        for text in [shown.to_string(), format!("{refused:#}"), format!("{shown:?}")] {
            let acts = |c: char| c == '\u{1B}' || c == '\u{202E}';
            assert!(!text.contains(acts), "{text:?}");
        }
    }
}

#[test]
fn limits_hold_for_the_check_before_rebuild_functions_too() {
    let case = corpus::all().into_iter().find(|case| case.name == "record_with_functions").unwrap();
    let error = Loader::new()
        .limits(Limits::default().bytes(1))
        .from_slice::<corpus::Checked>(&case.bytes)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}
