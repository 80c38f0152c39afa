//! Which of a field's conversions is taken, if any.

use super::{Builder, stored};
use crate::error::Error;
use crate::program::table::{Definition, Ref};
use crate::program::{DefFn, Field, Kind, TypeDef, equal};
use crate::read::adapt::{Node, Plan};

impl<'t, 'de> Builder<'t, 'de> {
    /// How a field of ours is read from a type of the stream: as it is where that is possible natively, by a conversion
    /// that is made for this very type, as nearly as it goes, by a conversion from something like it. What has the name
    /// of the stream's type goes before what merely could be read from it.
    pub(super) fn source(&mut self, field: &Field, theirs: Ref) -> Result<(Plan, usize), Error> {
        let same = |ours: DefFn| equal(ours(), theirs, self.table);
        let conversion = if field.converts.is_empty() || same(field.def) {
            0
        } else if let Some(at) = field.converts.iter().position(|from| same(*from)) {
            at.saturating_add(1)
        } else {
            let mut best = (self.likeness((field.def)(), theirs)?, 0);
            for (at, from) in (1usize..).zip(field.converts) {
                let likeness = self.likeness(from(), theirs)?;
                if likeness > best.0 {
                    best = (likeness, at);
                }
            }
            best.1
        };
        let from = conversion.checked_sub(1).and_then(|at| field.converts.get(at));
        Ok((self.pair(from.unwrap_or(&field.def)(), theirs)?, conversion))
    }

    /// How far the pair fits, by its own step and those through what stands around it.
    pub(super) fn likeness(
        &mut self,
        ours: &'static TypeDef,
        theirs: Ref,
    ) -> Result<Likeness, Error> {
        let mut trial = Builder::new(self.table, self.budget);
        let (mut ours, mut theirs) = (stored(ours), theirs);
        let likeness = loop {
            let (node, _) = trial.step(ours, theirs)?;
            match node {
                Node::Broken(_) | Node::Unfit(_) => break Likeness::None,
                Node::Unwrap(_)
                | Node::Some(_)
                | Node::Option(_)
                | Node::Sequence { .. }
                | Node::Unshare(_)
                | Node::Share(_)
                | Node::Shared(_)
                | Node::Weak(_)
                | Node::Persistent(_) => match trial.open.as_slice() {
                    [(_, inner, of)] => {
                        if self.differs_in_length(ours, theirs) {
                            break Likeness::None;
                        }
                        (ours, theirs) = (*inner, *of);
                        trial.open.clear();
                    }
                    // It holds itself, or entries.
                    _ => break Likeness::Fits,
                },
                _ if self.has_name_of(ours, theirs) => break Likeness::Fits,
                _ => break Likeness::OtherName,
            }
        };
        // What a trial made is gone, but who makes many of them has to stop somewhere.
        self.budget = trial.budget;
        Ok(likeness)
    }

    pub(super) fn differs_in_length(&self, ours: &TypeDef, theirs: Ref) -> bool {
        match (&ours.kind, self.table.at(theirs)) {
            (Kind::Array(ours, _), Some((_, Definition::Array(theirs, _)))) => {
                *ours as u64 != *theirs
            }
            _ => false,
        }
    }

    /// Whether the two, where they have names, have the same one.
    pub(super) fn has_name_of(&self, ours: &TypeDef, theirs: Ref) -> bool {
        match (&ours.kind, self.table.at(theirs)) {
            (Kind::Record { name, .. }, Some((_, Definition::Record { name: other, .. })))
            | (Kind::Enum { name, .. }, Some((_, Definition::Enum { name: other, .. }))) => {
                name == other
            }
            _ => true,
        }
    }
}

/// How far a type of the stream is one of ours, before what is in them is looked at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    None,
    /// What has fields has them under another name.
    OtherName,
    Fits,
}
