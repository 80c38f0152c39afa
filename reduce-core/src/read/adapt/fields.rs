//! Goes through a record's fields in the order of our type, whatever their order in the stream.

use super::{FieldsPlan, Node, Plan, Source, astray};
use crate::error::{Error, ErrorKind};
use crate::read::Reader;
use crate::read::mode::ReadFields;
use crate::read::reader::Position;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A way through the fields of one record.
///
/// Fields that our type does not have are skipped. One that the stream has further on than we need it makes those in between
/// be skipped too; they are gone back to. Fields that lie as ours do, beside others that do not, are read natively: the
/// plan of each is that of them all.
#[derive(Debug)]
pub struct PlannedFields<'de> {
    plan: Plan,
    /// The state, which is skipped at the end.
    state: Option<Plan>,
    /// The field of the stream that follows.
    next: usize,
    /// Fields that were skipped and are needed later.
    passed: Vec<(usize, Position<'de>)>,
    /// Where to go on after a field that was gone back to.
    back: Option<Position<'de>>,
}

impl<'de> PlannedFields<'de> {
    pub(crate) fn new(plan: Plan, r: &Reader<'_, 'de>) -> Result<Self, Error> {
        match r.plans.node(plan) {
            Node::Record { fields, state, stateless } => {
                let state = stateless.then_some(*state);
                Ok(PlannedFields { state, ..Self::at(*fields) })
            }
            Node::Fields(_) | Node::Native => Ok(Self::at(plan)),
            _ => Err(astray(r)),
        }
    }

    pub(crate) fn of_state(plan: Plan, r: &Reader<'_, 'de>) -> Result<Self, Error> {
        match r.plans.node(plan) {
            Node::Record { state, .. } => Ok(Self::at(*state)),
            _ => Err(astray(r)),
        }
    }

    fn at(plan: Plan) -> Self {
        PlannedFields { plan, state: None, next: 0, passed: Vec::new(), back: None }
    }

    /// Skips the stream's fields in front of a place.
    fn pass(
        &mut self,
        list: &FieldsPlan,
        place: usize,
        r: &mut Reader<'_, 'de>,
    ) -> Result<(), Error> {
        while self.next < place
            && let Some(field) = list.theirs.get(self.next)
        {
            let at = r.offset();
            if field.wanted {
                r.allocate(1, size_of::<(usize, Position<'de>)>())?;
                self.passed.push((self.next, r.position()));
            }
            r.skip(field.of)?;
            if field.wanted {
                r.take_again(r.offset().saturating_sub(at))?;
            }
            self.next = self.next.saturating_add(1);
        }
        Ok(())
    }

    fn return_from_behind(&mut self, r: &mut Reader<'_, 'de>) {
        if let Some(back) = self.back.take() {
            r.go_to(back);
        }
    }
}

/// `None` where they are read natively.
fn list<'s>(plan: Plan, r: &Reader<'s, '_>) -> Result<Option<&'s FieldsPlan>, Error> {
    match r.plans.node(plan) {
        Node::Fields(list) => Ok(Some(list)),
        Node::Native => Ok(None),
        Node::Broken(reason) => {
            Err(r.input.error(ErrorKind::TypeMismatch, String::from(&**reason)))
        }
        _ => Err(astray(r)),
    }
}

impl<'de> ReadFields<'de> for PlannedFields<'de> {
    type Mode = Plan;

    fn find(&mut self, index: usize, r: &mut Reader<'_, 'de>) -> Result<Option<Plan>, Error> {
        self.return_from_behind(r);
        let Some(list) = list(self.plan, r)? else { return Ok(Some(self.plan)) };
        let Some(Source::At { place, plan, fillable, .. }) = list.ours.get(index) else {
            return Ok(None);
        };
        if *place >= self.next {
            self.pass(list, *place, r)?;
            self.next = place.saturating_add(1);
        } else if let Some((_, position)) = self.passed.iter().find(|(passed, _)| passed == place) {
            self.back = Some(r.position());
            r.go_back(*position);
        } else {
            return Err(astray(r));
        }
        if *fillable && let Node::Unwrap(inner) = r.plans.node(*plan) {
            return match r.input.byte()? {
                0 => Ok(None),
                1 => Ok(Some(*inner)),
                _ => Err(r.input.malformed("an option is neither 0 nor 1")),
            };
        }
        Ok(Some(*plan))
    }

    fn need(&mut self, index: usize, r: &mut Reader<'_, 'de>) -> Result<Plan, Error> {
        match self.find(index, r)? {
            Some(plan) => Ok(plan),
            None => Err(missing(list(self.plan, r)?, index, r)),
        }
    }

    fn conversion(&self, index: usize, r: &Reader<'_, 'de>) -> usize {
        let list = list(self.plan, r).ok().flatten();
        match list.and_then(|list| list.ours.get(index)) {
            Some(Source::At { conversion, .. }) => *conversion,
            _ => 0,
        }
    }

    fn end(mut self, r: &mut Reader<'_, 'de>) -> Result<(), Error> {
        self.return_from_behind(r);
        if let Some(list) = list(self.plan, r)? {
            self.pass(list, list.theirs.len(), r)?;
        }
        match self.state {
            Some(state) => Self::at(state).end(r),
            None => Ok(()),
        }
    }
}

#[cold]
fn missing(list: Option<&FieldsPlan>, index: usize, r: &Reader<'_, '_>) -> Error {
    let Some(list) = list else { return astray(r) };
    let field = match list.ours.get(index) {
        Some(Source::Missing(name)) => *name,
        _ => "",
    };
    r.input.error(
        ErrorKind::TypeMismatch,
        format!(
            "the stream has no field `{field}` for `{}`; say what it is then: `#[reduce(default)]`, \
             `#[reduce(default = path)]` or `#[reduce(rebuild = path)]`, or the name that it had: \
             `#[reduce(alias = \"...\")]`",
            list.name
        ),
    )
}
