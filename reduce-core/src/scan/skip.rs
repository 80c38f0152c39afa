//! Passing over a part of a stream that nobody has asked for yet; the objects in it are known by their places from then on.

use super::Walk;
use super::visit::Silent;
use crate::error::Error;
use crate::limits::Budget;
use crate::program::table::{Ref, Table};
use crate::read::{Buffers, Input};
use alloc::collections::VecDeque;
use alloc::vec::Vec;

/// A part of a stream that is to be passed over.
pub(crate) struct Passing<'a, 'de> {
    pub table: &'a Table<'de>,
    /// It begins here.
    pub input: Input<'de>,
    pub budget: Budget,
    pub buffers: Buffers<'a, 'a>,
    /// The number of the next object.
    pub next: usize,
}

/// What is passed over.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    /// A value of a type.
    Value(Ref),
    /// The state of an object, by its number and type.
    State(usize, Ref),
}

/// What was found.
pub(crate) struct Passed<'de> {
    /// What lies behind.
    pub input: Input<'de>,
    /// What is left.
    pub budget: Budget,
    /// How many buffers were asked for until then.
    pub buffers: usize,
    /// The objects in it, in the order of their numbers.
    pub objects: Vec<Skipped>,
    /// The numbers of those whose state follows later, in that order.
    pub queue: VecDeque<usize>,
}

/// An object that was passed over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Skipped {
    /// Where its mark stands.
    pub at: usize,
    /// Where it ends, and the number of the next object there.
    pub end: (usize, usize),
    /// Its type; that of a trait object is the concrete one.
    pub of: Ref,
    /// It was written behind a trait object.
    pub dynamic: bool,
}

impl<'a, 'de> Passing<'a, 'de> {
    /// Checks the part, and finds its end. Of objects in front of it nothing is known: that they are what it takes them for
    /// is checked where it is made.
    pub(crate) fn pass(self, what: What) -> Result<Passed<'de>, Error> {
        let Passing { table, input, budget, buffers, next } = self;
        let mut silent = Silent;
        let mut walk = Walk::new(table, input, budget, &mut silent);
        (walk.first, walk.next, walk.buffers) = (next, next, buffers);
        match what {
            What::Value(of) => {
                walk.value(of)?;
                walk.drain()?;
            }
            What::State(number, of) => {
                walk.state_fields(number, of)?;
                walk.drain()?;
            }
        }
        let skipped = |object: &super::object::Object| {
            let super::object::Object { at, end, of, dynamic, .. } = *object;
            Skipped { at, end, of, dynamic }
        };
        Ok(Passed {
            input: walk.input,
            budget: walk.left(budget),
            buffers: walk.buffers.asked(),
            objects: walk.memo.iter().map(skipped).collect(),
            queue: walk.queue,
        })
    }
}
