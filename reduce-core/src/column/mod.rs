//! Lists in columns: all values of one field together, each leaf a packed [block](crate::block).
//!
//! A list of plain records of some length lies in columns; what its elements look like is a [`Layout`], made of the
//! descriptions of our types or of a stream's definitions, so that both give the same. `write::columns` gathers the values,
//! `read::columns` opens them whole and hands them out by their rows.

mod layout;

use crate::program::{Cache, TypeDef};

pub(crate) use layout::{Layout, MOST_LEVELS, Shape};

static LAYOUTS: Cache<Known> = Cache::new(|element| {
    let layout = Layout::of_type(element);
    Known { pays: layout.as_ref().is_some_and(Layout::pays), layout }
});

/// What is known of lists of a type of elements.
struct Known {
    layout: Option<Layout>,
    pays: bool,
}

/// The layout in which a list of some length of such elements is written; none where rows are better, or all that there
/// is.
pub(crate) fn layout_to_write(element: &'static TypeDef) -> Option<&'static Layout> {
    let known = LAYOUTS.of(element);
    known.layout.as_ref().filter(|_| known.pays)
}

/// The layout of any list of such elements; none where some type in them knows no columns.
pub(crate) fn layout_of(element: &'static TypeDef) -> Option<&'static Layout> {
    LAYOUTS.of(element).layout.as_ref()
}

/// One column of a list: its place in the layout. That of the elements themselves is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column(pub(crate) u32);

/// One value of a column. It is read where it lies, any number of times, in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub(crate) column: Column,
    pub(crate) row: u32,
}

impl Column {
    /// That of the elements.
    pub(crate) const ELEMENTS: Column = Column(0);

    /// That of a record's part, where this is that of its first one.
    #[inline(always)]
    pub fn part(self, index: usize) -> Self {
        self.behind(index)
    }

    /// The one so many places behind.
    #[inline(always)]
    pub(crate) fn behind(self, places: usize) -> Self {
        // A layout has fewer places than `u32` counts: what is beyond is no place, or that of another column.
        Column(u32::try_from(places).map_or(u32::MAX, |places| self.0.wrapping_add(places)))
    }

    #[inline(always)]
    pub(crate) fn at(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// Its value in a row.
    #[inline(always)]
    pub(crate) fn slot(self, row: u32) -> Slot {
        Slot { column: self, row }
    }
}
