//! A list in columns that types of ours read natively.

use super::{astray, blocks, ended, kept};
use crate::column::{Column, Layout, Slot, layout_of};
use crate::error::Error;
use crate::program::DefFn;
use crate::read::Reader;
use crate::read::adapt::no_columns;
use alloc::rc::Rc;

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
        let mut blocks = blocks(&mut self.input)?;
        let rows = self.elements(count)?;
        let columns = self.columns.get_or_insert_with(kept);
        // Nobody reads from them, or it would be a list of those that is read.
        let columns = Rc::get_mut(columns).ok_or_else(astray)?;
        columns.open(layout, rows, &mut blocks, &mut self.budget, &|_| true)?;
        ended(&blocks)?;
        Ok((rows, Column::ELEMENTS.slot(0)))
    }
}
