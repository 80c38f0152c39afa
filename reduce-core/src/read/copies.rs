//! Values of types of the stream: what they refer to outside of them is read as a value too, once for all that refer to it.

use super::adapt::astray;
use super::unshare::{Content, other_type};
use super::{Buffers, Input, Reader};
use crate::error::{Error, ErrorKind};
use crate::limits::Budget;
use crate::opcode;
use crate::program::table::{Definition, Ref};
use crate::scan::Walk;
use crate::value::{Beyond, Builder, Built, Copies, Value};
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

/// A part of the stream that is read as a value.
#[derive(Clone, Copy)]
struct Part<'de> {
    of: Ref,
    input: Input<'de>,
    /// The number of the first object in it.
    first: usize,
}

impl<'de> Reader<'_, 'de> {
    /// A value of a type of the stream, which is dumped beside others that are kept or as a document of its own: `alone`.
    pub(super) fn value_of(&mut self, of: Ref, alone: bool) -> Result<Value, Error> {
        let part = Part { of, input: self.input, first: self.memo.next() };
        let (mut built, mut left) = self.build(part, self.again)?;
        if !built.missing.is_empty() {
            self.copy_all(built.missing.into_iter().collect())?;
            self.take_again(left.offset().saturating_sub(part.input.offset()))?;
            (built, left) = self.build(part, self.again)?;
        }
        if !built.missing.is_empty() {
            return Err(astray(self));
        }
        self.settle(&built)?;
        // A document was written as one.
        let document = of == Ref::Primitive(opcode::VALUE);
        let copies = self.memo.copies.as_ref();
        let copies = copies.filter(|copies| !document && (built.weak || copies.weak));
        if let Some(copies) = copies {
            let (budget, input) = (&mut self.budget, self.input);
            let step = || budget.step().map_err(|limit| input.exhausted(limit));
            if copies.drops(&built, alone, step)? {
                return Err(held_by_nothing(part.input.offset()));
            }
        }
        if !alone && let Some(copies) = &mut self.memo.copies {
            copies.set_together(&built.kept);
        }
        self.input.take(left.offset().saturating_sub(self.input.offset()))?;
        Ok(built.value)
    }

    /// Reads a part; what lies behind it. Where objects are missing, nothing was taken for it but steps.
    fn build(&mut self, part: Part<'de>, again: bool) -> Result<(Built, Input<'de>), Error> {
        let before = self.budget;
        let owned = self.owned_types()?;
        let Some(more) = &mut self.more else { return Err(astray(self)) };
        let shapes = core::mem::take(&mut more.shapes);
        let Part { of, input, first } = part;
        let copies = self.memo.copies.as_deref();
        let builder = Builder::new(owned, before, self.buffers.given());
        let mut builder = builder.numbered_from(first, copies).with_shapes(shapes);
        let buffers = if again { Buffers::again() } else { self.buffers };
        let left = Walk::part(&more.table, of, first, input, before, buffers, &mut builder)?;
        let (built, budget, shapes) = builder.finish()?;
        more.shapes = shapes;
        if built.missing.is_empty() {
            if !again {
                self.buffers.set_asked(left.asked);
            }
            let Budget { elements, steps, .. } = left.budget;
            self.budget = Budget { elements, steps, ..budget };
        } else {
            self.budget = Budget { steps: left.budget.steps, ..before };
        }
        // The table lives shorter than the input.
        let mut behind = input;
        behind.take(left.input.offset().saturating_sub(input.offset()))?;
        Ok((built, behind))
    }

    /// Reads objects as values. Each refers to those in front of it alone, and is read once more when those have been.
    fn copy_all(&mut self, missing: Vec<(usize, Beyond)>) -> Result<(), Error> {
        let mut open = missing;
        let mut read = BTreeSet::new();
        while let Some((number, beyond)) = open.last().copied() {
            if self.memo.copies.as_ref().is_some_and(|copies| copies.has(number)) {
                open.pop();
                continue;
            }
            let (part, end) = self.object_part(number, beyond)?;
            self.take_again(end.saturating_sub(part.input.offset()))?;
            let (built, _) = self.build(part, true)?;
            if built.missing.is_empty() {
                // One more value than the stream has.
                self.elements(1)?;
                self.settle(&built)?;
                self.memo.copies.get_or_insert_default().weak |= built.weak;
                open.pop();
                continue;
            }
            if !read.insert(number) || built.missing.keys().any(|other| *other >= number) {
                return Err(astray(self));
            }
            let missing = built.missing;
            self.allocate(missing.len().saturating_add(1), size_of::<[(usize, Beyond); 2]>())?;
            open.extend(missing);
        }
        Ok(())
    }

    /// Where an object lies that a pointer refers to, and where it ends.
    fn object_part(&mut self, number: usize, beyond: Beyond) -> Result<(Part<'de>, usize), Error> {
        if self.memo.is_open(number) {
            let message = "is referred to by what is to be kept as a value, and lies around it";
            return Err(not_kept(number, message, beyond.at));
        }
        let Some(slot) = self.memo.slot(number).copied() else {
            return Err(match number < self.memo.len() {
                true => {
                    let message = "stood in an earlier message, and what is to be kept as a value refers to it";
                    not_kept(number, message, beyond.at)
                }
                false => no_object(number, beyond.at),
            });
        };
        let of = match (slot.skipped.dynamic, self.pointee(beyond.pointer)) {
            // It begins with its own type, as behind any pointer to a trait object.
            (true, _) => self.dynamic_pointer(),
            (false, Some(part)) if self.is_content(Content::of(&slot), part) => {
                Some(Ref::Index(beyond.pointer))
            }
            (false, Some(part)) if !self.is_dyn(part) => {
                return Err(other_type(number, beyond.at));
            }
            (false, _) => None,
        };
        let Some(of) = of else {
            return Err(not_kept(number, UNNAMED, beyond.at));
        };
        let part = Part { of, input: self.whole.at(slot.skipped.at)?, first: number };
        Ok((part, slot.skipped.end.0))
    }

    /// What a pointer type of the stream points to.
    fn pointee(&self, pointer: usize) -> Option<Ref> {
        match self.table()?.get(pointer)? {
            Definition::Shared(of) | Definition::Weak(of) => Some(*of),
            _ => None,
        }
    }

    /// A type of pointers to trait objects.
    fn dynamic_pointer(&self) -> Option<Ref> {
        let table = self.table()?;
        let mut pointers = (0..table.definitions.len()).map(|index| (index, self.pointee(index)));
        let found = pointers.find(|(_, of)| of.is_some_and(|of| self.is_dyn(of)));
        found.map(|(index, _)| Ref::Index(index))
    }

    /// Checks what a value refers to, and remembers the objects in it.
    fn settle(&mut self, built: &Built) -> Result<(), Error> {
        for ((number, pointer), beyond) in &built.met {
            let copies = self.memo.copies.as_ref();
            let of = copies.and_then(|copies| copies.type_of(*number));
            let (Some((of, registered)), Some(part)) = (of, self.pointee(*pointer)) else {
                return Err(astray(self));
            };
            if self.is_dyn(part) {
                if !registered {
                    return Err(not_kept(*number, UNNAMED, beyond.at));
                }
            } else if !self.is_same(of, part) {
                return Err(other_type(*number, beyond.at));
            }
            self.memo.copies.get_or_insert_default().set_fitting(*number, *pointer);
        }
        if built.kept.len() > 0 {
            self.allocate(built.kept.len(), Copies::SIZE)?;
            self.memo.copies.get_or_insert_default().add(&built.kept);
        }
        Ok(())
    }
}

const UNNAMED: &str = "is a trait object of what is to be kept as a value, and was written as what it is, without the name that \
                       it is registered by";

/// A weak pointer would be one to nothing in the next dump.
#[cold]
fn held_by_nothing(at: usize) -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "what is to be kept as a value has a weak pointer to an object that nothing in it holds, so that it cannot be kept; \
         have the type know the field, the variant or the object, or skip it",
    )
    .with_offset(at)
}

/// What is to be kept refers to an object that it cannot have a copy of.
#[cold]
fn not_kept(number: usize, why: &str, at: usize) -> Error {
    let message = format!(
        "the shared object {number} {why}, so that this cannot be kept; have the type know the field, the variant or the \
         object, or skip it"
    );
    Error::new(ErrorKind::Unsupported, message).with_offset(at)
}

#[cold]
fn no_object(number: usize, at: usize) -> Error {
    Error::new(ErrorKind::Malformed, format!("there is no shared object {number}")).with_offset(at)
}
