//! Gathers the lines of a disassembly, within bounds, and shows them.

use super::instruction::{First, Instruction, Section};
use crate::error::Error;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

/// What there is to show.
pub(super) struct Listed {
    pub instructions: Vec<Instruction>,
    pub left_out: u64,
    pub failures: Vec<Failure>,
}

/// A stream that is broken.
pub(super) struct Failure {
    pub error: Error,
    /// The place in the value, and its type.
    at: String,
    /// In front of which instruction it is shown.
    before: usize,
}

/// A listing in the making.
pub(super) struct Listing<'b> {
    bytes: &'b [u8],
    lines: usize,
    /// How much text the lines may hold yet: a name of a thousand bytes may stand in every one.
    text: usize,
    /// Streams begun so far.
    streams: usize,
    listed: Listed,
}

/// What a line may hold on average.
const TEXT_PER_LINE: usize = 256;

/// What a line says beside its place.
#[derive(Default)]
pub(super) struct Line {
    pub opcode: &'static str,
    pub depth: usize,
    pub step: String,
    pub of: String,
    pub operand: String,
}

impl<'b> Listing<'b> {
    pub(super) fn new(bytes: &'b [u8], lines: usize) -> Self {
        let listed = Listed { instructions: Vec::new(), left_out: 0, failures: Vec::new() };
        Listing { bytes, lines, text: lines.saturating_mul(TEXT_PER_LINE), streams: 0, listed }
    }

    /// The next stream begins.
    pub(super) fn stream(&mut self) {
        self.streams = self.streams.saturating_add(1);
    }

    /// How many lines there is room for.
    pub(super) fn room(&self) -> usize {
        if self.text == 0 { 0 } else { self.lines.saturating_sub(self.listed.instructions.len()) }
    }

    /// Adds a line, which is made only where there is room for it.
    pub(super) fn add(&mut self, section: Section, at: Range<usize>, line: impl FnOnce() -> Line) {
        if self.room() == 0 {
            self.leave_out(1);
            return;
        }
        let line = line();
        let mut first = First::default();
        let bytes = self.bytes.get(at.clone()).unwrap_or_default();
        first.0.iter_mut().zip(bytes).for_each(|(first, byte)| *first = *byte);
        let instruction = Instruction {
            stream: self.streams.saturating_sub(1),
            section,
            offset: at.start,
            length: at.len(),
            opcode: line.opcode,
            step: line.step,
            of: line.of,
            operand: line.operand,
            depth: line.depth,
            first,
        };
        self.text = self.text.saturating_sub(instruction.text());
        self.listed.instructions.push(instruction);
    }

    /// Adds to the last line, if it ends at these bytes.
    pub(super) fn extend(&mut self, at: Range<usize>, operand: impl FnOnce() -> String) {
        let Some(last) = self.listed.instructions.last_mut() else { return };
        let end = last.offset.saturating_add(last.length);
        if end != at.start || self.listed.left_out > 0 {
            return;
        }
        for (place, byte) in last
            .first
            .0
            .iter_mut()
            .skip(last.length)
            .zip(self.bytes.get(at.clone()).unwrap_or_default())
        {
            *place = *byte;
        }
        last.length = last.length.saturating_add(at.len());
        last.operand = operand();
        self.text = self.text.saturating_sub(last.operand.len());
    }

    pub(super) fn leave_out(&mut self, lines: u64) {
        self.listed.left_out = self.listed.left_out.saturating_add(lines);
    }

    /// The stream is broken; the first error is always kept.
    pub(super) fn stopped(&mut self, error: Error, at: String) {
        if self.room() == 0 && !self.listed.failures.is_empty() {
            return;
        }
        // A line like any other.
        self.lines = self.lines.saturating_sub(1);
        let before = self.listed.instructions.len();
        self.listed.failures.push(Failure { error, at, before });
    }

    pub(super) fn finish(self) -> Arc<Listed> {
        Arc::new(self.listed)
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut failures = self.failures.iter().peekable();
        let mut last = None;
        for (n, line) in self.instructions.iter().enumerate() {
            while let Some(failure) = failures.next_if(|failure| failure.before <= n) {
                failure.fmt(f)?;
            }
            let place = (line.stream, line.section);
            if last != Some(place) {
                match line.section {
                    Section::Header if line.stream == 0 => writeln!(f, "header")?,
                    Section::Header => writeln!(f, "\nheader of stream {}", line.stream)?,
                    Section::Programs => writeln!(f, "programs")?,
                    Section::More => writeln!(f, "more programs")?,
                    Section::Ahead => writeln!(f, "ahead")?,
                    Section::Data => writeln!(f, "data")?,
                    Section::States => writeln!(f, "states")?,
                }
                last = Some(place);
            }
            writeln!(f, "{line}")?;
        }
        // What was left out may lie behind some of the errors: no line says so, but none is lost.
        failures.try_for_each(|failure| failure.fmt(f))?;
        if self.left_out > 0 {
            writeln!(f, "... {} more lines", self.left_out)?;
        }
        Ok(())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped")?;
        if !self.at.is_empty() {
            write!(f, " at {}", self.at)?;
        }
        writeln!(f, ": {}", self.error)
    }
}
