//! Values of any type inside of a stream: each is a document of its own, with its type in front, a memo of its own, and its
//! own states behind it.

use super::frame::Frame;
use super::object::Object;
use super::visit::{Mark, Step, Visit};
use super::{Walk, none_ahead, refuse};
use crate::error::{Error, ErrorKind};
use crate::limits::Budget;
use crate::opcode;
use crate::program::table::{Ref, Table};
use crate::read::{Buffers, Input};
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec::Vec;

/// A document that the walk is inside of.
pub(super) struct Document {
    of: Ref,
    stage: Stage,
    /// The objects of what is around it, with the number of the first and of the next one, and their queued states.
    memo: Vec<Object>,
    first: usize,
    number: usize,
    queue: VecDeque<usize>,
}

enum Stage {
    /// So many objects stand ahead of the value, this is the next one.
    Ahead {
        next: u64,
        count: u64,
    },
    Value,
    /// Whether the first one was met.
    States(bool),
}

/// What comes next in a document.
pub(super) enum Next<'de> {
    Value(Step<'de>, Ref),
    /// A frame of its own.
    Pushed,
    End,
}

/// What is left of a walk over a part of a stream.
pub(crate) struct Left<'de> {
    pub input: Input<'de>,
    pub budget: Budget,
    /// How many buffers were asked for so far.
    pub asked: usize,
}

impl<'a, 'de, V: Visit<'de>> Walk<'a, 'de, V> {
    /// Walks one value of a type, wherever it stands in a stream; its objects have numbers from `first` on.
    pub(crate) fn part(
        table: &'a Table<'de>,
        of: Ref,
        first: usize,
        input: Input<'de>,
        budget: Budget,
        buffers: Buffers<'a, 'a>,
        visitor: &'a mut V,
    ) -> Result<Left<'de>, Error> {
        let mut walk = Walk::new(table, input, budget, visitor);
        walk.buffers = buffers;
        (walk.first, walk.next) = (first, first);
        walk.visitor.step(Step::Root, 0, of)?;
        walk.value(of)?;
        walk.drain()?;
        if !walk.queue.is_empty() {
            return Err(walk.input.error(
                ErrorKind::Unsupported,
                "what the type does not know has shared objects with state, so that it cannot be kept; have the type know it, or \
                 skip it",
            ));
        }
        let budget = walk.left(budget);
        Ok(Left { input: walk.input, budget, asked: walk.buffers.asked() })
    }

    /// A document begins.
    pub(super) fn document(&mut self, at: usize) -> Result<(), Error> {
        let (of, ahead) = self.table.document_head(&mut self.input)?;
        self.visitor.document(at..self.input.offset(), of)?;
        let mut stage = Stage::Value;
        if ahead {
            let at = self.input.offset();
            let count = self.input.varint()?;
            if count == 0 {
                return Err(none_ahead(at));
            }
            let depth = self.depth().saturating_add(1);
            self.visitor.inner_mark(at..self.input.offset(), depth, Mark::Ahead(count))?;
            stage = Stage::Ahead { next: 0, count };
        }
        self.allocate::<Document>()?;
        let (memo, queue) = (core::mem::take(&mut self.memo), core::mem::take(&mut self.queue));
        let (first, number) = (core::mem::take(&mut self.first), core::mem::take(&mut self.next));
        self.push(Frame::Document(Box::new(Document { of, stage, memo, first, number, queue })))
    }

    pub(super) fn next_of_document(&mut self) -> Result<Next<'de>, Error> {
        let depth = self.depth();
        let Some(Frame::Document(document)) = self.frames.last_mut() else {
            return Ok(Next::End);
        };
        match &mut document.stage {
            Stage::Ahead { next, count } if *next < *count => {
                let n = *next;
                *next = next.saturating_add(1);
                let at = self.input.offset();
                let of = self.shared_type(at)?;
                self.visitor.inner_mark(at..self.input.offset(), depth, Mark::Type(of))?;
                Ok(Next::Value(Step::Ahead(n), of))
            }
            Stage::Ahead { .. } | Stage::Value => {
                document.stage = Stage::States(false);
                Ok(Next::Value(Step::Inner, document.of))
            }
            Stage::States(met) => {
                let first = !core::mem::replace(met, true);
                if self.queue.is_empty() {
                    return Ok(Next::End);
                }
                if first {
                    let at = self.input.offset();
                    if self.input.byte()? != opcode::STATES {
                        let message = "the states of stateful objects do not follow the value";
                        return Err(refuse(message, at));
                    }
                    self.visitor.inner_mark(at..self.input.offset(), depth, Mark::States)?;
                }
                match self.queue.pop_front() {
                    Some(number) => self.state(number).map(|()| Next::Pushed),
                    None => Ok(Next::End),
                }
            }
        }
    }

    pub(super) fn end_document(&mut self, document: Document) -> Result<(), Error> {
        (self.memo, self.queue) = (document.memo, document.queue);
        (self.first, self.next) = (document.first, document.number);
        self.visitor.end_document()
    }
}
