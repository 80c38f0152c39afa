//! A stream as text, for people: its header, its programs, and its data run through them.
//!
//! Nothing is executed and no types are needed. `instruction` is what comes out, `listing` gathers it within bounds;
//! `header`, `programs` and `data` each read their part of a stream.

mod columns;
mod data;
mod header;
mod instruction;
mod listing;
mod programs;
mod quote;

pub use instruction::{Instruction, Section};

use crate::error::{Error, ErrorKind};
use crate::header::Header;
use crate::limits::{Budget, Limits};
use crate::program::codes;
use crate::program::table::Table;
use crate::programs::Programs;
use crate::read::Input;
use crate::scan::{Met, Walk};
use crate::sequence::Position;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use listing::Listing;

/// Takes a stream apart into readable lines, without executing anything and without its types; the counterpart of
/// `python -m pickletools`. [`Disassembler`] has settings.
///
/// Several streams that follow one another are shown one after the other. So are the messages of a
/// [session](crate::DumpSession), which can only be read behind those that they continue: give all of them, in their order.
///
/// # Errors
///
/// Only where the bytes do not begin as a stream. Where they are broken further in, the disassembly shows what stands
/// in front of that place, and [the error](Disassembly::error).
///
/// ```
/// let bytes = reduce_core::to_vec(&vec![Some(7u8)])?;
/// let text = reduce_core::disassemble(&bytes)?.to_string();
/// assert!(text.contains("list<option<u8>>"));
/// # Ok::<(), reduce_core::Error>(())
/// ```
pub fn disassemble(bytes: &[u8]) -> Result<Disassembly, Error> {
    Disassembler::new().disassemble(bytes)
}

/// The settings of disassemblies: how many lines one may have.
///
/// ```
/// let bytes = reduce_core::to_vec(&vec![0.5f64; 1000])?;
/// let short = reduce_core::Disassembler::new().lines(20).disassemble(&bytes)?;
/// assert_eq!(short.instructions().len(), 20);
/// assert!(short.to_string().ends_with("more lines\n"));
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Disassembler {
    lines: usize,
    programs: Programs,
}

/// As many as a person may still search through.
const DEFAULT_LINES: usize = 100_000;

impl Default for Disassembler {
    fn default() -> Self {
        Disassembler { lines: DEFAULT_LINES, programs: Programs::new() }
    }
}

impl Disassembler {
    /// At most 100,000 lines.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many instructions are kept at most. What lies behind them is checked and counted.
    #[must_use]
    pub fn lines(mut self, lines: usize) -> Self {
        self.lines = lines;
        self
    }

    /// Shows messages that have a fingerprint in place of their program: [`Programs`] has an example. Without the
    /// program, what is shown of them is their header.
    #[must_use]
    pub fn programs(mut self, programs: &Programs) -> Self {
        self.programs = programs.clone();
        self
    }

    /// As [`disassemble`].
    ///
    /// # Errors
    ///
    /// As [`disassemble`].
    pub fn disassemble(&self, bytes: &[u8]) -> Result<Disassembly, Error> {
        if bytes.is_empty() || !crate::header::begins_as_stream(bytes) {
            // The error of a load of these bytes.
            crate::header::read(&mut Input::new(bytes))?;
        }
        let mut listing = Listing::new(bytes, self.lines);
        // The depth is no concern here: nothing recurses.
        let mut budget = Limits::default().depth(u32::MAX).budget(bytes.len());
        let mut input = Input::new(bytes);
        let mut series = Series::default();
        while !input.is_empty() {
            if !one(&mut listing, &mut input, &mut budget, &self.programs, &mut series) {
                break;
            }
        }
        Ok(Disassembly(listing.finish()))
    }
}

/// What the messages of a session add up to. It is empty behind one that is broken.
struct Series<'b> {
    table: Table<'b>,
    met: Met,
    /// Where each object begins.
    begins: Vec<usize>,
    position: Position,
}

impl Default for Series<'_> {
    fn default() -> Self {
        let (met, begins) = (Met::default(), Vec::new());
        Series { table: Table::empty(), met, begins, position: Position::START }
    }
}

/// One stream; whether another one may follow it.
fn one<'b>(
    listing: &mut Listing<'_>,
    input: &mut Input<'b>,
    budget: &mut Budget,
    programs: &Programs,
    series: &mut Series<'b>,
) -> bool {
    listing.stream();
    let start = *input;
    if !crate::header::begins_as_stream(input.rest()) {
        let left = input.error(
            ErrorKind::TrailingBytes,
            alloc::format!("{} bytes are left over that begin no stream", input.remaining()),
        );
        listing.stopped(left, String::new());
        return false;
    }
    let frame = match header::list(listing, input) {
        Ok(frame) => frame,
        Err(error) => {
            listing.stopped(error, String::new());
            return false;
        }
    };
    let done = match frame.header.fingerprint {
        Some(fingerprint) => short(listing, fingerprint, &frame, budget, programs),
        None => content(listing, frame.header, frame.content, budget, series),
    };
    let done = match frame.missing {
        // All that is there is sound.
        Some(end) => done.and(Err((end, String::new()))),
        None => done,
    };
    match done {
        Ok(()) => {
            if frame.header.fingerprint.is_none() {
                let length = input.offset().saturating_sub(start.offset());
                let message = start.rest().get(..length).unwrap_or_default();
                let (objects, types) = (series.met.len(), series.table.definitions.len());
                series.position = series.position.after(message, objects, types);
            }
            true
        }
        Err((error, at)) => {
            if frame.header.fingerprint.is_none() {
                *series = Series::default();
            }
            let spent = error.kind() == ErrorKind::Limit;
            listing.stopped(error, at);
            // Where this stream ends is known: the next one may well be sound.
            !spent && !input.is_empty()
        }
    }
}

/// What follows a short header. An error comes with the place in the value at which it was met.
fn short(
    listing: &mut Listing<'_>,
    fingerprint: u64,
    frame: &header::Frame<'_>,
    budget: &mut Budget,
    programs: &Programs,
) -> Result<(), (Error, String)> {
    let (header, mut input) = (frame.header, frame.content);
    let mut table = known(fingerprint, programs).map_err(nowhere)?;
    if header.more {
        message_codes(listing, &mut table, &mut input, programs).map_err(nowhere)?;
    }
    data(listing, &table, header, input, budget, (&mut Met::default(), &mut Vec::new()))
}

/// What follows a long header, as [`short`].
fn content<'b>(
    listing: &mut Listing<'_>,
    header: Header,
    mut input: Input<'b>,
    budget: &mut Budget,
    series: &mut Series<'b>,
) -> Result<(), (Error, String)> {
    if header.continued {
        let at = input.offset();
        let position = Position::read(&mut input).map_err(nowhere)?;
        header::list_position(listing, at..input.offset(), &position);
        if let Some(error) = position.misplaced(series.position) {
            return Err(nowhere(error.with_offset(at)));
        }
    } else {
        *series = Series::default();
    }
    let Series { table, met, begins, .. } = series;
    let first = table.definitions.len();
    let mut parts = programs::Parts::new(listing.room());
    let read = table.fill(&mut input, &Limits::DEFAULT, &mut parts);
    parts.list(listing, Section::Programs, table, first);
    read.map_err(nowhere)?;
    if header.more {
        let first = table.definitions.len();
        let mut parts = programs::Parts::new(listing.room());
        let read = table.continued(&mut input, &Limits::DEFAULT, &mut parts);
        parts.list(listing, Section::More, table, first);
        read.map_err(nowhere)?;
    }
    data(listing, table, header, input, budget, (met, begins))
}

/// An error in front of the value.
fn nowhere(error: Error) -> (Error, String) {
    (error, String::new())
}

/// The program that stands in the store.
fn known(fingerprint: u64, programs: &Programs) -> Result<Table<'_>, Error> {
    let Some(block) = programs.block(fingerprint) else {
        return Err(Error::new(
            ErrorKind::UnknownProgram,
            alloc::format!(
                "the program with the fingerprint {fingerprint:016x} is not known; `Disassembler::programs` takes a \
                 store of programs"
            ),
        ));
    };
    Table::read(&mut Input::new(block), &Limits::DEFAULT)
}

/// Lists the codes of a message; their programs continue the table.
fn message_codes<'p>(
    listing: &mut Listing<'_>,
    table: &mut Table<'p>,
    input: &mut Input<'_>,
    programs: &'p Programs,
) -> Result<(), Error> {
    let start = input.offset();
    let codes = codes(input)?;
    let end = codes.first().map_or(start, |code| code.at.start);
    programs::list_count(listing, start..end, codes.len());
    for code in codes {
        let other = known(code.fingerprint, programs);
        let appended = other.and_then(|other| table.append(&other, code.code, &Limits::DEFAULT));
        let place = match &appended {
            Ok(()) => alloc::format!("#{}", table.definitions.len().saturating_sub(1)),
            Err(_) => String::new(),
        };
        programs::list_code(listing, code.at.clone(), place, &code);
        appended.map_err(|error| error.with_offset(code.at.start))?;
    }
    Ok(())
}

/// What follows the programs.
fn data(
    listing: &mut Listing<'_>,
    table: &Table<'_>,
    header: Header,
    input: Input<'_>,
    budget: &mut Budget,
    (met, begins): (&mut Met, &mut Vec<usize>),
) -> Result<(), (Error, String)> {
    let mut data = data::Data::new(listing, table, begins);
    let mut walk = Walk::new(table, input, *budget, &mut data);
    let done = walk.continued(header, met);
    *budget = walk.left(*budget);
    done.map_err(|error| (error, data.broken_off()))
}

/// A stream as text, one line for each instruction; [`disassemble`] makes it.
///
/// Each line holds the offset of the bytes, the bytes, what they are, and what they mean. First comes the header, then
/// the programs: a type's place in the table is written `#0`. Then comes the data, each value below the one that holds
/// it, by its step (`name`, `[3]`, `[key 3]`) and type. A list in columns has a line for each block: the way to what it has of
/// each element (`parts[].label`), how it is coded, and how many values are in it. A shared object has a `memo` number, and references to it say at
/// which byte it begins. A graph of objects has sections for definitions met on the way, for objects in front of the
/// value, and for the states behind it.
///
/// ```
/// use std::rc::Rc;
///
/// let name: Rc<str> = "ann".into();
/// let bytes = reduce_core::to_vec(&(name.clone(), name))?;
/// let text = reduce_core::disassemble(&bytes)?.to_string();
/// assert!(text.contains(r#""ann""#));
/// assert!(text.contains("memo 0"));
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Disassembly(Arc<listing::Listed>);

impl Disassembly {
    /// The instructions in the order of their bytes; the counterpart of `pickletools.genops`.
    ///
    /// ```
    /// let bytes = reduce_core::to_vec(&5u8)?;
    /// let disassembly = reduce_core::disassemble(&bytes)?;
    /// let names: Vec<_> = disassembly.instructions().iter().map(|line| line.opcode).collect();
    /// assert_eq!(names[4..], ["length", "count", "root", "u8", "stop"]);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    pub fn instructions(&self) -> &[Instruction] {
        &self.0.instructions
    }

    /// How many instructions were left out, beyond the most that the [`Disassembler`] keeps.
    pub fn left_out(&self) -> u64 {
        self.0.left_out
    }

    /// Why the bytes are not whole streams; the first error, where several streams have one.
    ///
    /// ```
    /// let bytes = reduce_core::to_vec(&vec!["one", "two"])?;
    /// let broken = reduce_core::disassemble(&bytes[..bytes.len() - 3])?;
    /// assert_eq!(broken.error().unwrap().kind(), reduce_core::ErrorKind::UnexpectedEnd);
    /// assert!(broken.to_string().contains("one"));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    pub fn error(&self) -> Option<&Error> {
        self.0.failures.first().map(|failure| &failure.error)
    }
}

impl fmt::Display for Disassembly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Disassembly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let instructions: &Vec<Instruction> = &self.0.instructions;
        f.debug_struct("Disassembly")
            .field("instructions", &instructions.len())
            .field("left_out", &self.left_out())
            .field("error", &self.error())
            .finish()
    }
}
