//! What is asked of columns by who has no types of ours: primitives by their opcodes, and where the blocks of a list are.

use super::{Columns, Opened, astray, pass};
use crate::column::{Column, Layout, Slot};
use crate::error::Error;
use crate::opcode;
use crate::read::{Input, Reader};
use crate::scan::Primitive;

impl<'de> Columns<'de> {
    /// The primitive in a slot, by the stream's opcode.
    pub(crate) fn primitive(&self, code: u8, slot: Slot) -> Result<Primitive<'de>, Error> {
        let unsigned = |number: u128| Ok(Primitive::Unsigned(number));
        let signed = |number: i128| Ok(Primitive::Signed(number));
        match opcode::plain(code) {
            opcode::UNIT => Ok(Primitive::Unit),
            opcode::BOOL => self.w8(slot).map(|word| Primitive::Bool(word != 0)),
            opcode::CHAR => char::from_u32(self.w32(slot)?).map(Primitive::Char).ok_or_else(astray),
            opcode::U8 => unsigned(self.byte(slot)?.into()),
            opcode::U16 => unsigned(self.w16(slot)?.into()),
            opcode::U32 => unsigned(self.w32(slot)?.into()),
            opcode::U64 => unsigned(self.w64(slot)?.into()),
            opcode::U128 => unsigned(self.w128(slot)?),
            opcode::I8 => signed(self.w8(slot)?.cast_signed().into()),
            opcode::I16 => signed(self.w16(slot)?.cast_signed().into()),
            opcode::I32 => signed(self.w32(slot)?.cast_signed().into()),
            opcode::I64 => signed(self.w64(slot)?.cast_signed().into()),
            opcode::I128 => signed(self.w128(slot)?.cast_signed()),
            opcode::F32 => self.w32(slot).map(|bits| Primitive::F32(f32::from_bits(bits))),
            opcode::F64 => self.w64(slot).map(|bits| Primitive::F64(f64::from_bits(bits))),
            opcode::STR => self.str(slot).map(Primitive::Str),
            _ => Err(astray()),
        }
    }

    /// A column of records beside those of the layout: their parts are from this column on.
    pub(crate) fn around(&mut self, first: Column) -> Column {
        let known = self.around.iter().find(|(column, _)| *column == first);
        if let Some((_, record)) = known {
            return *record;
        }
        let record = Column::ELEMENTS.behind(self.opened.len());
        // How many rows there are is known to the parts.
        self.opened.push(Opened::Record { first, rows: u32::MAX });
        self.around.push((first, record));
        record
    }

    /// Whether the values of a column are maps.
    pub(crate) fn is_map(&self, column: Column) -> bool {
        matches!(self.opened.get(column.at()), Some(Opened::Map { .. }))
    }
}

/// The layout of a list in columns, and its length in bytes: its blocks.
pub(crate) fn blocks<'de>(input: &mut Input<'de>) -> Result<Input<'de>, Error> {
    input.byte()?;
    let length = input.length()?;
    input.sub(length)
}

/// All blocks of a list were read.
pub(crate) fn ended(blocks: &Input<'_>) -> Result<(), Error> {
    if blocks.is_empty() {
        return Ok(());
    }
    Err(blocks.malformed("bytes are left over behind the columns of a list"))
}

impl Reader<'_, '_> {
    /// Steps over a list in columns, whose length was read: its blocks are there, and nothing else. What is in them is not
    /// looked at.
    pub(in crate::read) fn pass_columns(
        &mut self,
        layout: &Layout,
        count: u64,
    ) -> Result<(), Error> {
        let mut blocks = blocks(&mut self.input)?;
        self.elements(count)?;
        self.budget.columns(layout.len()).map_err(|limit| self.exhausted(limit))?;
        let rows = super::open::row_count(count, &blocks)?;
        pass(layout, Column::ELEMENTS, rows, &mut blocks)?;
        ended(&blocks)
    }
}
