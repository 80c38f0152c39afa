//! What the elements of a list look like in columns: a tree of columns, each with its shape, in one list.
//!
//! The parts of a record, of a tuple and of a variant lie side by side; so do an enum's variants. Shapes are all that the
//! bytes depend on: names are for those who compare programs.

use super::Column;
use crate::opcode;
use crate::program::table::{Definition, FieldList, Ref, Table};
use crate::program::{Fields, Kind, TypeDef};
use alloc::boxed::Box;
use alloc::vec::Vec;

/// More columns than this are not worth it; a type whose parts are repeated in it could have any number.
const MOST_COLUMNS: usize = 4096;

/// Levels of types in types, which are made by recursion.
pub(crate) const MOST_LEVELS: usize = 64;

/// What the elements of a list look like in columns. The first column is that of the elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    shapes: Box<[Shape]>,
}

/// What one column looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Values without content.
    Unit,
    /// A primitive of fixed width, by its opcode: one block of words.
    Word(u8),
    /// Text: one block of texts.
    Str,
    /// Lists of bytes: one block of texts that need not be UTF-8.
    Bytes,
    /// A record, a tuple or a variant: its parts, so many from one on.
    Record {
        first: Column,
        count: u32,
    },
    /// So many elements in a row, for each row.
    Array {
        length: u64,
        element: Column,
    },
    Option {
        inner: Column,
    },
    /// Its variants, which are records.
    Enum {
        first: Column,
        count: u32,
    },
    List {
        element: Column,
    },
    /// The column of the values is the one behind that of the keys.
    Map {
        key: Column,
    },
}

impl Layout {
    /// Of a list whose elements have this description; `None` where they cannot lie in columns: what is or may be shared,
    /// recursive, a trait object, state, written by hand.
    pub(crate) fn of_type(element: &'static TypeDef) -> Option<Self> {
        let mut made = Made::default();
        made.whole(|made, at| made.fill_by_type(at, element, 0))
    }

    /// As [`of_type`](Self::of_type), whether the types in it know columns or not: what a stream may have of them.
    pub(crate) fn of_program(element: &'static TypeDef) -> Option<Self> {
        let mut made = Made { all: true, ..Made::default() };
        made.whole(|made, at| made.fill_by_type(at, element, 0))
    }

    /// Of a list whose elements are of this type of a stream's table.
    pub(crate) fn of_table(element: Ref, table: &Table<'_>) -> Option<Self> {
        let mut made = Made::default();
        made.whole(|made, at| made.fill_by_table(at, element, table, 0))
    }

    /// What a column looks like.
    #[inline]
    pub(crate) fn shape(&self, column: Column) -> Option<Shape> {
        self.shapes.get(column.at()).copied()
    }

    /// How many columns there are.
    pub(crate) fn len(&self) -> usize {
        self.shapes.len()
    }

    /// What the columns look like, in their order.
    pub(crate) fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// Whether a list of some length is better off in columns: not numbers that are the same bytes in rows as in memory, by
    /// themselves or in records of floats, nor values without content.
    pub(crate) fn pays(&self) -> bool {
        let (mut words, mut floats, mut others) = (0usize, 0usize, 0usize);
        let mut wide = false;
        for shape in &self.shapes {
            match shape {
                Shape::Word(opcode::F32 | opcode::F64) => floats = floats.saturating_add(1),
                Shape::Word(code) => {
                    words = words.saturating_add(1);
                    wide |= !matches!(*code, opcode::U8 | opcode::I8);
                }
                Shape::Unit | Shape::Record { .. } | Shape::Array { .. } => {}
                _ => others = others.saturating_add(1),
            }
        }
        others > 0 || wide || words > 1 || words > 0 && floats > 0
    }
}

/// A layout in the making: places that are taken, and filled later.
#[derive(Default)]
struct Made {
    shapes: Vec<Shape>,
    /// Types that know no columns are let in too.
    all: bool,
}

impl Made {
    fn whole(&mut self, fill: impl FnOnce(&mut Self, Column) -> Option<()>) -> Option<Layout> {
        let at = self.take(1)?;
        fill(self, at)?;
        Some(Layout { shapes: core::mem::take(&mut self.shapes).into() })
    }

    /// Takes so many places side by side.
    fn take(&mut self, count: usize) -> Option<Column> {
        let first = u32::try_from(self.shapes.len()).ok()?;
        let len = self.shapes.len().checked_add(count).filter(|len| *len <= MOST_COLUMNS)?;
        self.shapes.resize(len, Shape::Unit);
        Some(Column(first))
    }

    fn put(&mut self, at: Column, shape: Shape) -> Option<()> {
        *self.shapes.get_mut(at.at())? = shape;
        Some(())
    }

    fn fill_by_type(&mut self, at: Column, def: &'static TypeDef, level: usize) -> Option<()> {
        if level > MOST_LEVELS {
            return None;
        }
        let def = def.resolve();
        let below = level.saturating_add(1);
        // Fields say so by themselves.
        let by_parts =
            matches!(def.kind, Kind::Primitive(_) | Kind::Record { .. } | Kind::Enum { .. });
        if !(def.columns || by_parts || self.all) || !matches!(def.state, Fields::Unit) {
            return None;
        }
        match def.kind {
            Kind::Primitive(code) => self.put(at, primitive_shape(code)?),
            Kind::List(of) if of().as_primitive() == Some(opcode::U8) => self.put(at, Shape::Bytes),
            Kind::List(of) => {
                let element = self.take(1)?;
                self.put(at, Shape::List { element })?;
                self.fill_by_type(element, of(), below)
            }
            Kind::Map(key_of, value_of) => {
                let key = self.take(2)?;
                self.put(at, Shape::Map { key })?;
                self.fill_by_type(key, key_of(), below)?;
                self.fill_by_type(key.behind(1), value_of(), below)
            }
            Kind::Option(of) => {
                let inner = self.take(1)?;
                self.put(at, Shape::Option { inner })?;
                self.fill_by_type(inner, of(), below)
            }
            Kind::Array(length, of) => {
                let element = self.take(1)?;
                self.put(at, Shape::Array { length: length as u64, element })?;
                self.fill_by_type(element, of(), below)
            }
            Kind::Tuple(parts) => {
                self.fill_parts(at, parts, |made, part, of| made.fill_by_type(part, of(), below))
            }
            Kind::Record { fields, .. } => self.fill_by_fields(at, fields, below),
            Kind::Enum { variants, .. } => {
                let first = self.take(variants.len())?;
                self.put(at, Shape::Enum { first, count: u32::try_from(variants.len()).ok()? })?;
                for (place, variant) in variants.iter().enumerate() {
                    self.fill_by_fields(first.behind(place), variant.fields, below)?;
                }
                Some(())
            }
            Kind::Shared(_)
            | Kind::Weak(_)
            | Kind::Dyn(_)
            | Kind::Dispatch
            | Kind::Persistent(_)
            | Kind::Transparent(_) => None,
        }
    }

    fn fill_by_fields(&mut self, at: Column, fields: Fields, level: usize) -> Option<()> {
        self.fill_parts(at, fields.as_slice(), |made, part, field| {
            if !(field.columns || made.all) {
                return None;
            }
            made.fill_by_type(part, (field.def)(), level)
        })
    }

    /// A record of these parts.
    fn fill_parts<T>(
        &mut self,
        at: Column,
        parts: &[T],
        mut fill: impl FnMut(&mut Self, Column, &T) -> Option<()>,
    ) -> Option<()> {
        let first = self.take(parts.len())?;
        self.put(at, Shape::Record { first, count: u32::try_from(parts.len()).ok()? })?;
        for (place, part) in parts.iter().enumerate() {
            fill(self, first.behind(place), part)?;
        }
        Some(())
    }

    fn fill_by_table(
        &mut self,
        at: Column,
        of: Ref,
        table: &Table<'_>,
        level: usize,
    ) -> Option<()> {
        if level > MOST_LEVELS {
            return None;
        }
        let below = level.saturating_add(1);
        let index = match of {
            Ref::Primitive(code) => return self.put(at, primitive_shape(code)?),
            Ref::Index(index) => index,
        };
        match table.get(index)? {
            Definition::List(Ref::Primitive(opcode::U8)) => self.put(at, Shape::Bytes),
            Definition::List(of) => {
                let element = self.take(1)?;
                self.put(at, Shape::List { element })?;
                self.fill_by_table(element, *of, table, below)
            }
            Definition::Map(key_of, value_of) => {
                let key = self.take(2)?;
                self.put(at, Shape::Map { key })?;
                self.fill_by_table(key, *key_of, table, below)?;
                self.fill_by_table(key.behind(1), *value_of, table, below)
            }
            Definition::Option(of) => {
                let inner = self.take(1)?;
                self.put(at, Shape::Option { inner })?;
                self.fill_by_table(inner, *of, table, below)
            }
            Definition::Array(length, of) => {
                let element = self.take(1)?;
                self.put(at, Shape::Array { length: *length, element })?;
                self.fill_by_table(element, *of, table, below)
            }
            Definition::Tuple(parts) => self.fill_parts(at, parts, |made, part, of| {
                made.fill_by_table(part, *of, table, below)
            }),
            Definition::Record { fields, state, .. } => {
                if !state.fields.is_empty() {
                    return None;
                }
                self.fill_by_list(at, fields, table, below)
            }
            Definition::Enum { variants, .. } => {
                let first = self.take(variants.len())?;
                self.put(at, Shape::Enum { first, count: u32::try_from(variants.len()).ok()? })?;
                for (place, (_, fields)) in variants.iter().enumerate() {
                    self.fill_by_list(first.behind(place), fields, table, below)?;
                }
                Some(())
            }
            Definition::Shared(_)
            | Definition::Weak(_)
            | Definition::Dyn(_)
            | Definition::Dispatch
            | Definition::Persistent(_)
            | Definition::Named(..)
            | Definition::Coded(..) => None,
        }
    }

    fn fill_by_list(
        &mut self,
        at: Column,
        list: &FieldList<'_>,
        table: &Table<'_>,
        level: usize,
    ) -> Option<()> {
        self.fill_parts(at, &list.fields, |made, part, (_, of)| {
            made.fill_by_table(part, *of, table, level)
        })
    }
}

fn primitive_shape(code: u8) -> Option<Shape> {
    match code {
        opcode::UNIT => Some(Shape::Unit),
        opcode::STR => Some(Shape::Str),
        opcode::BOOL | opcode::CHAR => Some(Shape::Word(code)),
        // Columns have words of their own: how wide rows are does not matter to them.
        _ => opcode::width(code).map(|_| Shape::Word(opcode::plain(code))),
    }
}
