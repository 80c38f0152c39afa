//! What a walk over the data tells whoever listens.

use super::{InColumns, Primitive};
use crate::error::Error;
use crate::limits::Budget;
use crate::program::table::Ref;
use core::ops::Range;

/// What a walk over the data meets, in the order of the bytes. Every method may stop the walk with an error.
pub(crate) trait Visit<'de> {
    /// A part of the data begins, or a type stands in front of an object.
    fn mark(&mut self, _: Range<usize>, _: Mark) -> Result<(), Error> {
        Ok(())
    }
    /// The next value is reached by this step, so many levels below the root; and its type.
    fn step(&mut self, _: Step<'de>, _: usize, _: Ref) -> Result<(), Error> {
        Ok(())
    }
    /// A primitive with its bytes' place and its value.
    fn primitive(&mut self, _: Range<usize>, _: u8, _: Primitive<'de>) -> Result<(), Error> {
        Ok(())
    }
    /// A value that holds others begins: the bytes of its own (a length, a variant), its type, and their meaning.
    fn begin(&mut self, _: Range<usize>, _: usize, _: Head<'de>) -> Result<(), Error> {
        Ok(())
    }
    /// What it takes memory from for what it hears, where it takes some: the walk takes its own from there as well.
    fn budget(&mut self) -> Option<&mut Budget> {
        None
    }
    /// A list in columns, all of it: the bytes of its own in front of its blocks, its type, and what is in it, which was
    /// checked. Nothing else is said of its elements.
    fn columns(&mut self, _: Range<usize>, _: usize, _: &InColumns<'_, 'de>) -> Result<(), Error> {
        Ok(())
    }
    /// A value of any type begins, as a document of its own: the place of its type, and the type. What follows, up to
    /// [`end_document`](Self::end_document), has a memo of its own.
    fn document(&mut self, _: Range<usize>, _: Ref) -> Result<(), Error> {
        Ok(())
    }
    fn end_document(&mut self) -> Result<(), Error> {
        Ok(())
    }
    /// A part of a document begins, so many levels below the root, or a type stands in front of an object ahead of it.
    fn inner_mark(&mut self, _: Range<usize>, _: usize, _: Mark) -> Result<(), Error> {
        Ok(())
    }
    /// The value ends.
    fn stop(&mut self, _: Range<usize>) -> Result<(), Error> {
        Ok(())
    }
}

/// Listens to nothing.
pub(super) struct Silent;
impl Visit<'_> for Silent {}

/// What stands between values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// So many objects stand ahead of the root.
    Ahead(u64),
    /// The type of the object that follows, ahead of the root.
    Type(Ref),
    /// The queued states follow.
    States,
}

/// How a value is reached from the one around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step<'de> {
    Root,
    /// The n-th of the objects ahead of the root.
    Ahead(u64),
    /// The state of an object, by its memo number.
    State(usize),
    Field(&'de str),
    Position(usize),
    Element(u64),
    Key(u64),
    Value(u64),
    /// What an option, an object or a registered type holds.
    Inner,
}

/// The bytes of its own that a value begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head<'de> {
    Record,
    Tuple,
    Array(u64),
    /// Index and name.
    Variant(u64, &'de str),
    List(u64),
    /// A list whose elements lie at an aligned place, behind padding.
    Aligned(u64),
    /// A list outside of the stream, of numbers of this width.
    Buffer {
        count: u64,
        width: usize,
        number: u64,
    },
    Map(u64),
    None,
    Some,
    /// A shared object is met for the first time.
    New {
        /// The opcode, which says what is special about it.
        code: u8,
        /// Its memo number.
        number: usize,
    },
    /// The memo number that is referred to.
    BackReference(u64),
    /// A weak reference to nothing.
    Dangling,
    /// A trait object or a foreign value: the place of its registered type.
    Registered(usize),
    /// The id of an object that lives elsewhere follows.
    Persistent,
    /// The state of an object, by its memo number.
    State(usize),
}
