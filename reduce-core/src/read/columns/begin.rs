//! A list in columns that types of ours read natively.

use crate::column::{Column, Layout, Slot, layout_of};
use crate::error::{Error, ErrorKind};
use crate::program::DefFn;
use crate::read::Reader;

impl Reader<'_, '_> {
    /// Opens a list of elements of this description, whose length was read: how many there are, and where the first one is.
    #[cold]
    pub(in crate::read) fn begin_columns(
        &mut self,
        count: u64,
        of: DefFn,
    ) -> Result<(usize, Slot), Error> {
        let at = self.input.offset();
        let made;
        let layout = match layout_of(of()) {
            Some(layout) => layout,
            None => {
                made = Layout::of_program(of()).ok_or_else(|| no_columns(at))?;
                &made
            }
        };
        self.input.byte()?;
        let length = self.input.length()?;
        let mut blocks = self.input.sub(length)?;
        let rows = self.elements(count)?;
        let columns = self.columns.get_or_insert_default();
        columns.open(layout, rows, &mut blocks, &mut self.budget, &|_| true)?;
        if !blocks.is_empty() {
            return Err(blocks.malformed("bytes are left over behind the columns of a list"));
        }
        Ok((rows, Column::ELEMENTS.slot(0)))
    }
}

/// The answer to a list in columns whose elements cannot lie there.
#[cold]
fn no_columns(at: usize) -> Error {
    Error::new(
        ErrorKind::Malformed,
        "a list of elements that cannot lie in columns is said to lie there",
    )
    .with_offset(at)
}
