//! Which lists are written in columns, and how.

use super::{CHUNK, Columns};
use crate::column::{Column, Layout, MOST_LEVELS, layout_to_write};
use crate::error::Error;
use crate::program::TypeDef;
use crate::reduce::Reduce;
use crate::write::Writer;
use crate::{opcode, stack, varint};
use core::ptr;

/// From this length on columns take about half the bytes of rows. Below, there is less to save, and a list costs more time than
/// it saves bytes: rows of a few elements are written several times as fast.
const LEAST: usize = 16;

/// What a level of types in types has on the stack while it gathers values: references to some of them.
const FRAME: usize = CHUNK * size_of::<&()>();

/// The elements of a list that is written in columns. A closure behind `dyn FnMut` would be compiled twice for each type.
trait Gather {
    /// Adds them all to their columns.
    fn gather(&self, columns: &mut Columns<'_>) -> Result<(), Error>;
}

/// Elements of a slice.
struct SideBySide<'a, T>(&'a [T]);

impl<T: Reduce> Gather for SideBySide<'_, T> {
    fn gather(&self, columns: &mut Columns<'_>) -> Result<(), Error> {
        for rows in self.0.chunks(CHUNK) {
            T::reduce_column(rows.iter(), Column::ELEMENTS, columns)?;
        }
        Ok(())
    }
}

/// Elements that lie anywhere.
struct OneByOne<I>(I);

impl<'a, T: Reduce + 'a, I: Iterator<Item = &'a T> + Clone> Gather for OneByOne<I> {
    fn gather(&self, columns: &mut Columns<'_>) -> Result<(), Error> {
        T::reduce_column(self.0.clone(), Column::ELEMENTS, columns)
    }
}

impl Writer<'_> {
    /// Writes a list in columns, if that is better. Says whether it did.
    #[inline]
    pub(crate) fn slice_in_columns<T: Reduce>(&mut self, elements: &[T]) -> bool {
        self.in_columns::<T>(elements.len(), &SideBySide(elements))
    }

    /// As [`slice_in_columns`](Self::slice_in_columns), of elements that do not lie side by side.
    #[inline]
    pub(crate) fn list_in_columns<'a, T: Reduce + 'a>(
        &mut self,
        length: usize,
        elements: impl Iterator<Item = &'a T> + Clone,
    ) -> bool {
        self.in_columns::<T>(length, &OneByOne(elements))
    }

    #[inline]
    fn in_columns<T: Reduce>(&mut self, length: usize, elements: &dyn Gather) -> bool {
        // A constant by itself, so that no code is made for what stays in rows.
        if const { !T::PART.columns || T::WIDTH.is_raw() } || length < LEAST || !self.columns {
            return false;
        }
        self.columns_of(T::def(), length, elements)
    }

    /// As [`in_columns`](Self::in_columns), for any type.
    fn columns_of(
        &mut self,
        element: &'static TypeDef,
        length: usize,
        elements: &dyn Gather,
    ) -> bool {
        // Lists of numbers below are offered as buffers, which columns have none of.
        if self.offers.open() {
            return false;
        }
        match self.layout_of(element) {
            Some(layout) => self.gathered(layout, length, elements),
            None => false,
        }
    }

    /// The layout of a list of some length of these elements, if it is to have one.
    #[inline]
    fn layout_of(&mut self, element: &'static TypeDef) -> Option<&'static Layout> {
        // One list of a type is often followed by another one.
        if let Some((known, layout)) = self.last_layout
            && ptr::eq(known, element)
        {
            return layout;
        }
        let layout = layout_to_write(element);
        self.last_layout = Some((element, layout));
        layout
    }

    /// Writes a list whose values are gathered first. Where one of them has no place in columns, or cannot be taken apart, rows
    /// have it, or the error with its path.
    fn gathered(&mut self, layout: &'static Layout, length: usize, elements: &dyn Gather) -> bool {
        // Rows count levels: where there may be too many, they say so.
        if !self.has_depth(MOST_LEVELS) {
            return false;
        }
        let canonical = self.canonical;
        let mut columns = self.spare_columns().take(layout, canonical);
        // Not more levels than columns, of which there are few thousands.
        let levels = layout.len().min(MOST_LEVELS);
        let done =
            stack::with_room(FRAME.saturating_mul(levels) / 4, || elements.gather(&mut columns));
        if done.and_then(|()| self.put_columns(length, &mut columns)).is_err() {
            return false;
        }
        self.spare_columns().give(layout, columns);
        true
    }

    fn put_columns(&mut self, length: usize, columns: &mut Columns<'_>) -> Result<(), Error> {
        let start = self.out.len();
        // No list is longer than isize::MAX, so no bit is lost.
        self.varint((length as u64) << 1 | 1);
        self.byte(opcode::COLUMNS);
        // How long they are is known behind them. Mostly its own length can be told.
        let place = self.out.len();
        self.varint(columns.size() as u64);
        let from = self.out.len();
        if let Err(error) = columns.put(Column::ELEMENTS, length, self.effort, &mut self.out) {
            self.out.truncate(start);
            return Err(error);
        }
        let size = self.out.len().saturating_sub(from) as u64;
        let head = varint::len(size);
        if head != from.saturating_sub(place) {
            self.out.splice(place..from, core::iter::repeat_n(0, head));
        }
        varint::fill(self.out.iter_mut().skip(place).take(head), size);
        Ok(())
    }
}
