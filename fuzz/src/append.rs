//! Files that grow: streams one behind the other, sessions among them, torn or damaged anywhere.

use crate::frame::mended;
use crate::kinds::{Entry, Kind, Mode};
use crate::oracle::{self, Outcome};
use crate::types;
use reduce_core::{DumpSession, LoadSession, Value, disassemble};
use std::ops::Range;

/// What a session does with a type.
pub struct Session {
    /// Loads a stream that stands alone, and dumps its value as a message. Nothing, where it does not load.
    dump: fn(&[u8], &mut DumpSession<'_>, &mut Vec<u8>) -> Option<Outcome>,
    /// Loads the message at the front, and what becomes of its value.
    load: fn(&[u8], &mut LoadSession<'_>) -> Result<Outcome, String>,
    /// The same without a session.
    alone: fn(&[u8]) -> Result<Outcome, String>,
}

impl Session {
    pub const fn of<K: Kind>() -> Self {
        Session { dump: dump::<K>, load: load::<K>, alone: alone::<K> }
    }
}

fn dump<K: Kind>(
    stream: &[u8],
    session: &mut DumpSession<'_>,
    file: &mut Vec<u8>,
) -> Option<Outcome> {
    let value = oracle::loader().from_slice::<K::Of<'_>>(stream).ok()?;
    let appended = session.append_to(&value, file);
    let alone = oracle::dump::<K>(&value);
    match (appended, &alone) {
        (Ok(()), _) => Some(alone),
        (Err(error), _) if oracle::is_limit(&error) => None,
        (Err(error), _) => panic!("what was loaded cannot be dumped: {}", oracle::said(&error)),
    }
}

fn load<K: Kind>(bytes: &[u8], session: &mut LoadSession<'_>) -> Result<Outcome, String> {
    let loaded = session.take_from_slice::<K::Of<'_>>(bytes);
    loaded.map(|(value, _)| oracle::dump::<K>(&value)).map_err(|error| oracle::said(&error))
}

fn alone<K: Kind>(bytes: &[u8]) -> Result<Outcome, String> {
    let loaded = oracle::loader_again().take_from_slice::<K::Of<'_>>(bytes);
    loaded.map(|(value, _)| oracle::dump::<K>(&value)).map_err(|error| oracle::said(&error))
}

/// A piece of a file.
struct Piece {
    kind: &'static Entry,
    /// Its place in the file.
    at: Range<usize>,
    /// What becomes of the value that was dumped.
    value: Option<Outcome>,
}

/// The bit of a piece's options that says that it is no message of the session, and the one that begins the session anew.
const ALONE: u8 = 4;
const ANEW: u8 = 8;

/// A file from pieces: a type, options, a length, and so many bytes. What is left says where it is torn and damaged.
pub fn append(input: &[u8]) {
    let (mut file, mut pieces) = (vec![], vec![]);
    let dumper = oracle::dumper();
    let mut session = dumper.session();
    let mut input = input;
    while let [kind, options, length, rest @ ..] = input
        && *length > 0
    {
        let (data, rest) = rest.split_at(rest.len().min(usize::from(*length)));
        input = rest;
        let kind = &types::KINDS[usize::from(*kind) % types::KINDS.len()];
        let stream = kind.stream(Mode::of(*options), data);
        if options & ANEW != 0 {
            session.clear_memo();
        }
        let begins = file.len();
        let value = match options & ALONE {
            0 => (kind.session.dump)(&stream, &mut session, &mut file),
            _ => None,
        };
        if value.is_none() {
            file.truncate(begins);
            file.extend(mended(&stream));
            // Who loads it has begun anew.
            session.clear_memo();
        }
        pieces.push(Piece { kind, at: begins..file.len(), value });
    }
    let sound = all(&file, &pieces);
    for (piece, found) in pieces.iter().zip(&sound) {
        if let Some(value) = &piece.value {
            assert_eq!(found.as_ref(), Ok(value), "a message of a session");
        }
    }
    shown(&file);
    if let [_, _, _, low, high, ..] = input {
        let cut = usize::from(u16::from_le_bytes([*low, *high])) % (file.len() + 1);
        torn(&file[..cut], &pieces, &sound);
    }
    if let [.., low, high, change] = input {
        let place = usize::from(u16::from_le_bytes([*low, *high]));
        let mut changed = file.clone();
        if let Some(byte) = changed.get_mut(place) {
            *byte ^= change;
            damaged(&changed, &pieces);
            sent_again(&file, &changed, place, &pieces, &sound);
        }
    }
}

/// Loads each piece, with one session.
fn all(file: &[u8], pieces: &[Piece]) -> Vec<Result<Outcome, String>> {
    let mut session = oracle::loader_again().session();
    let load = |piece: &Piece| (piece.kind.session.load)(&file[piece.at.clone()], &mut session);
    pieces.iter().map(load).collect()
}

/// All pieces in front of the cut load as they did, and the one that is cut does not.
fn torn(file: &[u8], pieces: &[Piece], sound: &[Result<Outcome, String>]) {
    let whole = pieces.iter().take_while(|piece| piece.at.end <= file.len()).count();
    assert_eq!(all(file, &pieces[..whole]), sound[..whole]);
    if let Some(piece) = pieces.get(whole)
        && piece.value.is_some()
    {
        let rest = &file[piece.at.start..];
        let mut session = oracle::loader_again().session();
        assert!((piece.kind.session.load)(rest, &mut session).is_err(), "a torn message loads");
        assert!((piece.kind.session.alone)(rest).is_err(), "a torn message loads");
    }
    shown(file);
}

/// Those that a session refuses leave no trace in it: without them, it loads the others alike.
fn damaged(file: &[u8], pieces: &[Piece]) {
    let found = all(file, pieces);
    let (mut session, mut left) = (oracle::loader_again().session(), pieces.iter().zip(&found));
    let good = left.by_ref().filter(|(_, found)| found.is_ok());
    for (piece, found) in good {
        let again = (piece.kind.session.load)(&file[piece.at.clone()], &mut session);
        assert_eq!(&again, found, "without those that were refused");
    }
    shown(file);
}

/// A message that was refused for its damage may come again, and is read as if it had not been there before.
fn sent_again(
    file: &[u8],
    changed: &[u8],
    place: usize,
    pieces: &[Piece],
    sound: &[Result<Outcome, String>],
) {
    let mut session = oracle::loader_again().session();
    for (piece, sound) in pieces.iter().zip(sound) {
        let mut load =
            |file: &[u8]| (piece.kind.session.load)(&file[piece.at.clone()], &mut session);
        if piece.at.contains(&place) && load(changed).is_ok() {
            // What continues it now is of another session.
            return;
        }
        assert_eq!(&load(file), sound, "behind a message that was refused");
    }
}

/// Goes through a file without types.
fn shown(file: &[u8]) {
    if let Ok(shown) = disassemble(file) {
        assert!(shown.instructions().len() as u64 + shown.left_out() > 0 || file.is_empty());
    }
    let (loader, mut rest) = (oracle::loader(), file);
    while let Ok((value, behind)) = loader.take_from_slice::<Value>(rest) {
        assert!(!value.kind().is_empty() && behind.len() < rest.len());
        rest = behind;
    }
}

/// Files of some messages each.
pub fn seeds() -> impl Iterator<Item = Vec<u8>> {
    (0..types::KINDS.len()).map(|first| {
        let piece = |(number, options): (usize, u8)| {
            let number = number % types::KINDS.len();
            let [_, (mode, data)] = types::KINDS[number].seeds();
            let data = &data[..data.len().min(255)];
            [&[number as u8, mode.byte() | options, data.len() as u8], data].concat()
        };
        let pieces = [(first, 0), (first, 0), (first + 1, ALONE), (first + 1, 0), (first, ANEW)];
        let end = [0, 0, 0, (first * 5) as u8, 0, (first * 7) as u8, 0, 1];
        [&pieces.map(piece).concat()[..], &end].concat()
    })
}
