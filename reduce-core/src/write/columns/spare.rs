//! What is kept of the columns of one list for the next one of its layout: their memory, without any values.

use super::{Columns, Gathered};
use crate::column::Layout;
use alloc::vec::Vec;
use core::ptr;

/// So many layouts are kept memory for.
const MOST_LAYOUTS: usize = 8;

/// The memory of columns that were written.
#[derive(Debug, Default)]
pub(in crate::write) struct Spare(Vec<(&'static Layout, Vec<Gathered>)>);

impl Spare {
    /// The columns of a list of this layout, without any values.
    pub(super) fn take(&mut self, layout: &'static Layout, canonical: bool) -> Columns<'static> {
        let known = self.0.iter().rposition(|(known, _)| ptr::eq(*known, layout));
        let gathered = match known {
            Some(known) => self.0.swap_remove(known).1,
            None => layout.shapes().iter().map(|shape| Gathered::of(*shape)).collect(),
        };
        Columns { layout, gathered, canonical }
    }

    /// Keeps columns that were written.
    pub(super) fn give(&mut self, layout: &'static Layout, columns: Columns<'static>) {
        let mut gathered = columns.gathered;
        gathered.iter_mut().for_each(Gathered::clear);
        if self.0.len() == MOST_LAYOUTS {
            self.0.remove(0);
        }
        self.0.push((layout, gathered));
    }

    /// How many bytes it holds.
    #[cfg(feature = "std")]
    pub(in crate::write) fn bytes(&self) -> usize {
        let all = self.0.iter().flat_map(|(_, gathered)| gathered);
        all.fold(0, |sum: usize, column| sum.saturating_add(column.bytes()))
    }
}
