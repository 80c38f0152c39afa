//! One line of a disassembly.

use super::quote::hex;
use alloc::string::String;
use core::fmt;

/// The part of a stream that an [`Instruction`] stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Section {
    /// Magic, version, flags and length.
    Header,
    /// The definitions of the types.
    Programs,
    /// Definitions that continue the table, of types met only behind trait objects and the like.
    More,
    /// Objects in front of the value.
    Ahead,
    /// The value.
    Data,
    /// The states of objects, behind the value.
    States,
}

impl Section {
    /// Whether it holds values.
    fn of_values(self) -> bool {
        matches!(self, Section::Ahead | Section::Data | Section::States)
    }
}

/// What the line in front of an object's state is called.
pub(super) const STATE: &str = "state";

/// One step of a stream, with its bytes and what they mean: a line of a [`Disassembly`](super::Disassembly).
///
/// ```
/// let bytes = reduce_core::to_vec(&(true, 300u16))?;
/// let disassembly = reduce_core::disassemble(&bytes)?;
/// let number = disassembly.instructions().iter().find(|line| line.step == "1").unwrap();
/// assert_eq!((number.opcode, number.operand.as_str()), ("u16", "300"));
/// assert_eq!((number.length, number.depth), (2, 1));
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Instruction {
    /// Which stream of the input it belongs to, counted from 0.
    pub stream: usize,
    /// The part of the stream.
    pub section: Section,
    /// Where its bytes begin, counted from the start of the input.
    pub offset: usize,
    /// How many bytes are its own: those of the values inside of it are theirs.
    pub length: usize,
    /// What it is: in programs and data the name of its opcode, else the part of a header or table.
    pub opcode: &'static str,
    /// How it is reached from the value around it: `name`, `[3]`, `[key 3]`. Empty where nothing is to be said.
    pub step: String,
    /// The type of the value, where the opcode does not say all of it.
    pub of: String,
    /// What the bytes mean: a value, a length, a name. Long text is cut short; control characters are escaped.
    pub operand: String,
    /// How many values it lies in, or in programs: how many definitions.
    pub depth: usize,
    pub(super) first: First,
}

/// The first bytes of an instruction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct First(pub [u8; SHOWN]);

/// How many bytes a line shows.
pub(super) const SHOWN: usize = 8;
/// How wide a line's bytes are, with what says that there are more.
const HEX_WIDTH: usize = 3 * SHOWN + 2;
/// How wide most opcodes are.
const OPCODE_WIDTH: usize = 8;
/// How far lines are moved to the right at most, in levels.
const INDENTED: usize = 24;

impl Instruction {
    /// Its first bytes: 8 at most.
    pub fn bytes(&self) -> &[u8] {
        self.first.0.get(..self.length.min(SHOWN)).unwrap_or_default()
    }

    /// How much text it holds.
    pub(super) fn text(&self) -> usize {
        self.step.len().saturating_add(self.of.len()).saturating_add(self.operand.len())
    }
}

impl fmt::Display for Instruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = hex(self.bytes(), self.length);
        write!(f, "{:>6}  {bytes:<HEX_WIDTH$}", self.offset)?;
        (0..self.depth.min(INDENTED)).try_for_each(|_| f.write_str("  "))?;
        if self.depth > INDENTED {
            write!(f, "({}) ", self.depth)?;
        }
        // Padded only where something follows.
        let mut between = OPCODE_WIDTH.saturating_sub(self.opcode.len()).max(1);
        f.write_str(self.opcode)?;
        let value = self.section.of_values() && self.opcode != STATE;
        let equals = if value { " = " } else { ", " };
        for (mark, text) in [("", &self.step), (": ", &self.of), (equals, &self.operand)] {
            if text.is_empty() {
                continue;
            }
            if between > 0 {
                (0..between).try_for_each(|_| f.write_str(" "))?;
                between = 0;
            } else {
                f.write_str(mark)?;
            }
            f.write_str(text)?;
        }
        Ok(())
    }
}
