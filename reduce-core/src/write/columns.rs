//! The columns of a list while it is dumped: values are gathered some rows at a time, and written when all are there.

use crate::column::{Column, Layout, Shape};
use crate::error::{Error, ErrorKind};
use alloc::vec::Vec;

/// Rows are gathered so many at a time, so that they stay in the cache while one column after the other takes its values.
pub(crate) const CHUNK: usize = 64;

/// The columns of a list, which its elements are added to.
#[derive(Debug)]
pub struct Columns<'l> {
    layout: &'l Layout,
    gathered: Vec<Gathered>,
}

/// The values of one column, as its block has them: signed numbers with the sign bit flipped, so that their order is kept,
/// floats by their bits.
#[derive(Debug, Default)]
pub(crate) enum Gathered {
    #[default]
    Nothing,
    W8(Vec<u8>),
    W16(Vec<u16>),
    W32(Vec<u32>),
    W64(Vec<u64>),
    W128(Vec<u128>),
}

impl<'l> Columns<'l> {
    /// Those of a list of this layout, without any values.
    pub(crate) fn new(layout: &'l Layout) -> Self {
        let gathered = (0..layout.len()).map(|_| Gathered::Nothing).collect();
        Columns { layout, gathered }
    }

    /// The column of a record's part.
    #[inline]
    pub fn part(&self, of: Column, index: usize) -> Result<Column, Error> {
        match self.layout.shape(of) {
            Some(Shape::Record { first, .. }) => Ok(first.behind(index)),
            _ => Err(by_hand()),
        }
    }
}

/// A type that says that it knows columns adds nothing to one, or adds to one of another shape.
#[cold]
pub(crate) fn by_hand() -> Error {
    Error::new(
        ErrorKind::Unavailable,
        "a reducer that is written by hand knows no columns, and its description says that it does",
    )
}
