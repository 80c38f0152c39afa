//! The values that a walk is inside of.

use super::Step;
use super::document::Document;
use crate::program::table::{FieldList, Ref};
use alloc::boxed::Box;

/// A value that holds others, and how far the walk is in it.
pub(super) enum Frame<'a, 'de> {
    Fields {
        list: &'a FieldList<'de>,
        next: usize,
        /// Fields of lists in front of this one: positions go on counting.
        before: usize,
        /// A list that follows: the state of a record that is no stateful object.
        state: Option<&'a FieldList<'de>>,
    },
    Tuple {
        parts: &'a [Ref],
        next: usize,
    },
    Elements {
        of: Ref,
        next: u64,
        count: u64,
        array: bool,
    },
    Entries {
        key: Ref,
        value: Ref,
        next: u64,
        count: u64,
        at_value: bool,
    },
    Inner {
        of: Ref,
        done: bool,
    },
    Object {
        of: Ref,
        number: usize,
        done: bool,
    },
    Document(Box<Document>),
}

impl<'a, 'de> Frame<'a, 'de> {
    pub(super) fn fields(list: &'a FieldList<'de>) -> Self {
        Frame::Fields { list, next: 0, before: 0, state: None }
    }

    pub(super) fn inner(of: Ref) -> Self {
        Frame::Inner { of, done: false }
    }

    /// Whether a load counts it as a level of depth. It also counts boxes, which no stream shows.
    pub(super) fn guarded(&self) -> bool {
        match self {
            Frame::Elements { array, .. } => !array,
            Frame::Entries { .. } | Frame::Object { .. } | Frame::Document(_) => true,
            Frame::Fields { .. } | Frame::Tuple { .. } | Frame::Inner { .. } => false,
        }
    }

    /// The next value in it, if one is left.
    pub(super) fn next(&mut self) -> Option<(Step<'de>, Ref)> {
        match self {
            Frame::Fields { list, next, before, state } => loop {
                if let Some((name, of)) = list.fields.get(*next) {
                    let position = before.saturating_add(*next);
                    let step =
                        if list.named { Step::Field(name) } else { Step::Position(position) };
                    *next += 1;
                    return Some((step, *of));
                }
                *before = before.saturating_add(list.fields.len());
                (*list, *next) = (state.take()?, 0);
            },
            Frame::Tuple { parts, next } => parts.get(*next).map(|of| {
                let step = Step::Position(*next);
                *next += 1;
                (step, *of)
            }),
            Frame::Elements { of, next, count, .. } => (*next < *count).then(|| {
                let step = Step::Element(*next);
                *next += 1;
                (step, *of)
            }),
            Frame::Entries { key, value, next, count, at_value } => (*next < *count).then(|| {
                let at = *next;
                *at_value = !*at_value;
                if *at_value {
                    (Step::Key(at), *key)
                } else {
                    *next += 1;
                    (Step::Value(at), *value)
                }
            }),
            Frame::Inner { of, done } | Frame::Object { of, done, .. } => {
                let first = !*done;
                *done = true;
                first.then_some((Step::Inner, *of))
            }
            // It reads on its way: the walk goes through it.
            Frame::Document(_) => None,
        }
    }
}
