//! What holds for all bytes, whatever they are loaded as.

use crate::frame::has_more;
use crate::kinds::Kind;
use crate::objects;
use reduce_core::{Disassembler, Dumper, Error, ErrorKind, Limits, Loader, Value, check};
use std::fmt::Write;

/// Among so many dumps of dumps, two that follow one another are the same.
const ROUNDS: u32 = 16;

/// The loader of all targets.
pub fn loader() -> Loader {
    Loader::new().limits(Limits::strict()).registry(&objects::REGISTRY)
}

/// Loads what a dump wrote: what a strict load took may have grown smaller as bytes.
pub fn loader_again() -> Loader {
    Loader::new().registry(&objects::REGISTRY)
}

/// The dumper of all targets.
pub fn dumper() -> Dumper {
    Dumper::new().registry(&objects::REGISTRY).canonical(true)
}

/// The most memory that strict limits allow at any time.
fn most(bytes: &[u8]) -> u64 {
    (256 << 10) + 64 * bytes.len() as u64
}

/// Runs a load with strict limits, and looks at the most memory that it had.
pub fn within<T>(bytes: &[u8], what: &str, load: impl FnOnce() -> T) -> T {
    let mut result = None;
    let counted = allocation_counter::measure(|| result = Some(load()));
    let most = most(bytes);
    assert!(counted.bytes_max <= most, "{what}: {} bytes at once, of {most}", counted.bytes_max);
    result.expect("it ran")
}

/// What an error says.
pub fn said(error: &Error) -> String {
    let mut text =
        format!("{:?} at {:?} in `{}`: {error}", error.kind(), error.offset(), error.path());
    write!(text, "\n{error:#}").expect("a string takes any text");
    text
}

pub fn is_limit(error: &Error) -> bool {
    error.kind() == ErrorKind::Limit
}

/// What has become of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It loaded, and this is the value's dump.
    Dumped(Vec<u8>),
    Refused,
    /// Too large or too deep.
    Limit,
}

/// A stream that is refused is refused again in the same words; one that loads is dumped, and loaded and dumped again, to the
/// same bytes. No load takes more memory than it may.
pub fn hold<K: Kind>(bytes: &[u8]) {
    outcome::<K>(bytes);
}

/// Holds a strict load to all of that.
pub fn outcome<K: Kind>(bytes: &[u8]) -> Outcome {
    let loader = loader();
    let first = match within(bytes, "a load", || loader.from_slice::<K::Of<'_>>(bytes)) {
        Ok(value) => dump::<K>(&value),
        Err(error) => {
            let again = loader.from_slice::<K::Of<'_>>(bytes).map(drop);
            let again = again.expect_err("what was refused is refused again");
            assert_eq!(said(&error), said(&again));
            return refused(&error);
        }
    };
    // No load takes what a check refuses, limits included; but one of another type may pass over a column unread.
    if K::around().is_around(bytes)
        && let Err(error) = check(bytes, &Limits::strict())
    {
        panic!("a load takes what a check refuses: {}", said(&error));
    }
    if let Outcome::Dumped(first) = &first {
        settled::<K>(first);
        untyped(first, &loader_again(), &Limits::default());
    }
    first
}

/// What was dumped is dumped again as the same bytes; with values of any type in it (see [`settles`]), in the end.
fn settled<K: Kind>(first: &[u8]) {
    let mut last = first.to_vec();
    for _ in 0..ROUNDS {
        let next = match again::<K>(&last) {
            Outcome::Dumped(next) => next,
            other => panic!("what was dumped is {other:?}"),
        };
        if next == last {
            return;
        }
        // The types of values.
        assert!(has_more(&last), "the second dump is not the first: {last:?}, {next:?}");
        assert!(next.len() <= last.len(), "a dump of what was dumped is longer");
        last = next;
    }
    panic!("dumps do not settle");
}

/// What becomes of a stream that was dumped.
pub fn again<K: Kind>(bytes: &[u8]) -> Outcome {
    match loader_again().from_slice::<K::Of<'_>>(bytes) {
        Ok(value) => dump::<K>(&value),
        Err(error) => refused(&error),
    }
}

fn refused(error: &Error) -> Outcome {
    if is_limit(error) { Outcome::Limit } else { Outcome::Refused }
}

/// A dump of a value, which is taken apart then.
pub fn dump<K: Kind>(value: &K::Of<'_>) -> Outcome {
    let bytes = dumper().to_vec(value);
    K::unlink(value);
    match bytes {
        Ok(bytes) => Outcome::Dumped(bytes),
        Err(error) if is_limit(&error) => Outcome::Limit,
        Err(error) => panic!("what was loaded cannot be dumped: {}", said(&error)),
    }
}

/// A stream at the front of some bytes loads as it does alone.
pub fn hold_taken<K: Kind>(bytes: &[u8]) {
    if let Ok((value, rest)) = loader().take_from_slice::<K::Of<'_>>(bytes) {
        let stream = &bytes[..bytes.len() - rest.len()];
        assert_eq!(dump::<K>(&value), outcome::<K>(stream), "the stream alone");
    }
}

/// A check, a load as `Value` and a disassembly agree on whether a stream is sound; its value comes back. Returns the dump
/// of the value.
pub fn untyped(bytes: &[u8], loader: &Loader, limits: &Limits) -> Option<Vec<u8>> {
    let strict = *limits == Limits::strict();
    let measured = |what, load: &mut dyn FnMut()| {
        if strict { within(bytes, what, load) } else { load() }
    };
    let (mut checked, mut value) = (None, None);
    measured("a check", &mut || checked = Some(check(bytes, limits)));
    measured("a load as a value", &mut || value = Some(loader.value_from_slice(bytes)));
    let (checked, value) = (checked.expect("it ran"), value.expect("it ran"));
    if [checked.as_ref().err(), value.as_ref().err()].into_iter().flatten().any(is_limit) {
        return None;
    }
    agree(bytes, &checked.as_ref().map(drop), &value);
    let value = value.ok()?;
    walk(&value);
    let first = match value.to_vec() {
        Ok(first) => first,
        Err(error) if is_limit(&error) => return None,
        Err(error) => panic!("what was loaded cannot be dumped: {}", said(&error)),
    };
    settles(&value, &first);
    Some(first)
}

/// What was dumped is loaded as the same value, whose dump is the same.
///
/// Types that hold themselves without a name (`struct Tree(Vec<Tree>)`, transparent) may stand in a table more than once. A dump
/// merges those that are equal at first sight, and takes the rest in the order in which it meets them: so the next one may have
/// fewer, or another order. None has more, and they come to an end.
fn settles(value: &Value, first: &[u8]) {
    // As text, in which what is no number is itself.
    let shown = format!("{value:?}");
    let mut expected = (!loses_objects(&shown)).then_some(shown);
    let mut last = first.to_vec();
    for _ in 0..ROUNDS {
        let again = Loader::new().value_from_slice(&last);
        let again = again.unwrap_or_else(|error| panic!("a dump is refused: {}", said(&error)));
        let next = again.to_vec().expect("what was dumped once can be dumped again");
        if next == last {
            return;
        }
        assert!(next.len() <= last.len(), "a dump of what was dumped is longer");
        let shown = format!("{again:?}");
        match &expected {
            Some(expected) => assert_eq!(&shown, expected, "a dump is another value"),
            None => assert!(!loses_objects(&shown), "a dump has an object that nothing owns"),
        }
        expected = Some(shown);
        last = next;
    }
    panic!("dumps of a value do not settle");
}

/// Whether something points at an object that nothing owns. A `Value` keeps it, and its dump does not.
fn loses_objects(shown: &str) -> bool {
    shown.split("weak #").skip(1).any(|from| {
        let number = from.split(|next: char| !next.is_ascii_digit()).next().unwrap_or_default();
        !shown.contains(&format!("#{number} = "))
    })
}

/// Neither finds wrong what the others take.
fn agree(bytes: &[u8], checked: &Result<(), &Error>, value: &Result<Value, Error>) {
    match (checked, value) {
        (Ok(()), Ok(_)) => {}
        // A check does without buffers.
        (Ok(()), Err(error)) if error.kind() == ErrorKind::Buffers => {}
        // What is found first may differ.
        (Err(_), Err(_)) => {}
        (Ok(()), Err(error)) => panic!("a check takes what a load refuses: {}", said(error)),
        (Err(error), Ok(_)) => panic!("a load takes what a check refuses: {}", said(error)),
    }
    // It shows several streams where there are several, and those that are cut off at their front.
    let trailing = checked.as_ref().is_err_and(|error| error.kind() == ErrorKind::TrailingBytes);
    if trailing {
        return;
    }
    let shown = Disassembler::new().lines(100).disassemble(bytes);
    let shown = shown.as_ref().map(|shown| (shown.to_string(), shown.error()));
    match (checked, shown) {
        (Ok(()), Ok((_, None))) | (Err(_), Ok((_, Some(_))) | Err(_)) => {}
        (Err(error), Ok((text, None))) if error.kind() != ErrorKind::UnknownProgram => {
            panic!("a disassembly shows what a check refuses: {}\n{text}", said(error))
        }
        (Err(_), Ok(_)) => {}
        (Ok(()), Ok((text, Some(error)))) => {
            panic!("a disassembly refuses what a check takes: {}\n{text}", said(error))
        }
        (Ok(()), Err(error)) => {
            panic!("a disassembly refuses what a check takes: {}", said(error))
        }
    }
}

/// Goes through all of a value, and prints it.
fn walk(value: &Value) {
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        assert!(!value.kind().is_empty());
        if let Some(record) = value.as_record() {
            left.extend(record.values());
        }
        if let Some(elements) = value.as_slice() {
            left.extend(elements);
        }
    }
    assert!(!value.to_string().is_empty());
}
