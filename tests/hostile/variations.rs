//! The corpus with something changed: cut, a bit flipped, a byte replaced, removed or doubled. Whatever comes of it is a
//! value or an error, and all who read it agree on which of the two.

use crate::HEADER;
use crate::corpus::every::{self, Entry, Kind, Untyped};
use crate::corpus::stream::fit;
use crate::envelopes;
use reduce::{gate, sample};
use reduce_core::{ErrorKind, opcode};
use std::cell::Cell;

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

/// The corpus, and envelopes.
fn entries() -> Vec<Entry> {
    every::all().into_iter().chain(envelopes::all()).collect()
}

/// Whether a way to a value may pass over parts of it.
fn partly(way: &str) -> bool {
    [every::CHANGED, every::PASSED_OVER].contains(&way)
}

/// One sweep over the corpus; says where a panic was met.
struct Sweep<'e> {
    untyped: &'e Untyped,
    entry: &'e Entry,
    at: Cell<usize>,
    tried: Cell<usize>,
    /// How many loads there were that ended with a value, and with an error.
    ends: Cell<[usize; 2]>,
}

impl<'e> Sweep<'e> {
    fn of(untyped: &'e Untyped, entry: &'e Entry) -> Self {
        Sweep { untyped, entry, at: Cell::new(0), tried: Cell::default(), ends: Cell::default() }
    }

    /// Reads changed bytes in every way that there is.
    fn survives(&self, at: usize, bytes: &[u8]) {
        self.at.set(at);
        self.tried.set(self.tried.get() + 1);
        let name = &self.entry.name;
        let of_stream = self.entry.kind == Kind::Stream;
        let (shown, checked) = (self.untyped.disassemble(bytes), self.untyped.check(bytes));
        let sound = of_stream && checked.is_ok();
        if of_stream {
            // What a check takes, a disassembly shows to the end; the other way round there are limits.
            let limited = checked.as_ref().is_err_and(|error| error.kind() == ErrorKind::Limit);
            assert_eq!(shown.is_ok(), sound || limited && shown.is_ok(), "{name}: {bytes:02x?}");
            let value = self.untyped.value(bytes);
            assert!(sound || value.is_err(), "{name} is a `Value` from {bytes:02x?}");
        }
        for (way, load) in &self.entry.loads {
            let loaded = load(bytes);
            let mut ends = self.ends.get();
            ends[usize::from(loaded.is_err())] += 1;
            self.ends.set(ends);
            match loaded {
                // Columns are passed over without a look at what is in them.
                Ok(()) if partly(way) && bytes.contains(&opcode::COLUMNS) => {}
                Ok(()) if of_stream => assert!(
                    sound,
                    "{name} loads as {way} from {bytes:02x?}, but: {:?}\n{}",
                    checked.as_ref().err(),
                    shown.as_ref().err().map_or("", |shown| shown)
                ),
                // Of a type that has changed, what is in the bytes may not be what it takes them for.
                Err(error) if of_stream && of_bytes(error.kind()) && *way != every::CHANGED => {
                    assert!(!sound, "{name} as {way} from {bytes:02x?}: {error}");
                }
                _ => {}
            }
        }
    }

    /// The stream as it was still loads, after all that came to nothing.
    fn end(&self) -> (usize, [usize; 2]) {
        for (way, load) in &self.entry.loads {
            let loaded = load(&self.entry.bytes);
            assert!(loaded.is_ok(), "{} as {way}: {loaded:?}", self.entry.name);
        }
        (self.tried.get(), self.ends.get())
    }
}

impl Drop for Sweep<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}, variation {}", self.entry.name, self.at.get());
        }
    }
}

/// A sweep over the corpus: how many streams, variations, values and errors there were.
fn sweep(entries: &[Entry], vary: impl Fn(usize, &Sweep<'_>)) -> String {
    let untyped = Untyped::new();
    let (mut tried, mut values, mut errors) = (0, 0, 0);
    for (number, entry) in entries.iter().enumerate() {
        let sweep = Sweep::of(&untyped, entry);
        vary(number, &sweep);
        let (of_entry, ends) = sweep.end();
        (tried, values, errors) = (tried + of_entry, values + ends[0], errors + ends[1]);
    }
    // A sweep that met but one of the two would prove little.
    assert!(values > 30 && errors > 1000, "{values} values, {errors} errors");
    let streams = entries.len();
    format!("{tried} variations of {streams} streams, {values} values, {errors} errors, no panic")
}

#[test]
fn the_corpus_has_every_kind_of_stream_and_all_of_them_are_sound() {
    let entries = entries();
    let untyped = Untyped::new();
    for entry in &entries {
        Sweep::of(&untyped, entry).end();
        if entry.kind == Kind::Stream {
            let checked = untyped.check(&entry.bytes);
            assert!(checked.is_ok(), "{}: {checked:?}", entry.name);
        }
        if entry.kind != Kind::Envelope {
            let shown = untyped.disassemble(&entry.bytes);
            assert!(shown.is_ok(), "{}: {}", entry.name, shown.unwrap_err());
        }
    }
    let mut names: Vec<_> = entries.iter().map(|entry| &*entry.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), entries.len(), "two entries have one name");
    gate("corpus", format!("{} streams", names.len()), names.len() >= 200);
}

#[test]
fn every_prefix_of_every_stream_is_an_error() {
    let (entries, untyped) = (entries(), Untyped::new());
    let mut prefixes = 0;
    for entry in &entries {
        let name = &entry.name;
        for length in 0..entry.bytes.len() {
            let prefix = &entry.bytes[..length];
            prefixes += 1;
            for (way, load) in &entry.loads {
                let error = load(prefix).expect_err(name);
                assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{name} as {way}: {error}");
            }
            if entry.kind == Kind::Stream {
                for error in [untyped.check(prefix), untyped.value(prefix)] {
                    let error = error.expect_err(name);
                    assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{name}: {error}");
                }
                assert!(untyped.disassemble(prefix).is_err(), "{name}, {length}");
            }
        }
    }
    let figure = format!("all {prefixes} prefixes of {} streams are errors", entries.len());
    gate("truncation", figure, entries.len() >= 200);
}

/// Cut short, and the header's length made to fit: so the truncation is met where the value is read.
#[test]
fn every_prefix_with_a_header_that_fits_is_an_error() {
    let (entries, untyped) = (entries(), Untyped::new());
    let mut prefixes = 0;
    for entry in entries.iter().filter(|entry| entry.kind == Kind::Stream) {
        let name = &entry.name;
        for length in 0..entry.bytes.len() {
            let mut prefix = entry.bytes[..length].to_vec();
            if !fit(&mut prefix) {
                continue;
            }
            prefixes += 1;
            for (way, load) in &entry.loads {
                assert!(load(&prefix).is_err(), "{name} as {way}, cut at {length}");
            }
            let error = untyped.check(&prefix).expect_err(name);
            assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{name}: {error}");
            assert!(untyped.value(&prefix).is_err() && untyped.disassemble(&prefix).is_err());
        }
    }
    let figure = format!("all {prefixes} prefixes with a length that fits are errors");
    gate("truncation inside", figure, prefixes > 5000);
}

#[test]
fn every_flipped_bit_is_a_value_or_an_error() {
    let figure = sweep(&entries(), |number, sweep| {
        for bit in sample(0..sweep.entry.bytes.len() * 8, 37, number) {
            let mut bytes = sweep.entry.bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            sweep.survives(bit, &bytes);
        }
    });
    gate("bit flips", figure, true);
}

/// Streams whose bytes all take every value: of all kinds, as short as there are.
const SWEPT: usize = 20;

#[test]
fn every_byte_of_every_value_is_a_value_or_an_error() {
    let mut entries = entries();
    entries.retain(|entry| (24..80).contains(&entry.bytes.len()));
    let step = entries.len() / SWEPT;
    let swept: Vec<_> = entries.into_iter().step_by(step).take(SWEPT).collect();
    assert_eq!(swept.len(), SWEPT);
    let figure = sweep(&swept, |number, sweep| {
        for variation in sample(0..sweep.entry.bytes.len() * 256, 97, number) {
            let mut bytes = sweep.entry.bytes.clone();
            bytes[variation / 256] = variation as u8;
            sweep.survives(variation, &bytes);
        }
    });
    gate("bytes", figure, true);
}

#[test]
fn a_removed_or_doubled_byte_is_a_value_or_an_error() {
    let figure = sweep(&entries(), |number, sweep| {
        for at in sample(0..sweep.entry.bytes.len(), 11, number) {
            let mut removed = sweep.entry.bytes.clone();
            let byte = removed.remove(at);
            let mut doubled = sweep.entry.bytes.clone();
            doubled.insert(at, byte);
            for mut bytes in [removed, doubled] {
                sweep.survives(at, &bytes);
                if fit(&mut bytes) {
                    sweep.survives(at, &bytes);
                }
            }
        }
    });
    gate("bytes removed or doubled", figure, true);
}

#[test]
fn trailing_bytes_are_errors_inside_and_behind_a_stream() {
    let untyped = Untyped::new();
    for entry in entries().iter().filter(|entry| entry.kind == Kind::Stream) {
        let mut behind = [&entry.bytes[..], &[0]].concat();
        let long = behind[0] == 0x8F;
        for inside in [false, true] {
            if inside && long {
                let length = u32::from_le_bytes(behind[HEADER - 4..HEADER].try_into().unwrap());
                behind[HEADER - 4..HEADER].copy_from_slice(&(length + 1).to_le_bytes());
            } else if inside && behind[1] < 0x7F {
                behind[1] += 1;
            }
            let of_types = entry.loads.iter().map(|(_, load)| load(&behind));
            // Buffers are not at hand.
            let value = (!entry.name.starts_with("buffers")).then(|| untyped.value(&behind));
            for error in of_types.chain(value).chain([untyped.check(&behind)]) {
                let error = error.expect_err(&entry.name);
                assert_eq!(error.kind(), ErrorKind::TrailingBytes, "{}: {error}", entry.name);
            }
            assert!(untyped.disassemble(&behind).is_err(), "{}", entry.name);
        }
    }
}
