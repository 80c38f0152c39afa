//! Goes through a record's fields in the order of our type, whatever their order in the stream.

use super::errors::missing;
use super::upgrade::{Made, Upgrade, Upgraded};
use super::{Ahead, Beyond, FieldsPlan, Node, Plan, Source, astray};
use crate::error::{Error, ErrorKind};
use crate::expand::Expand;
use crate::opcode;
use crate::program::table::Ref;
use crate::program::text::Name;
use crate::read::Reader;
use crate::read::mode::{self, ReadFields};
use crate::read::reader::Position;
use crate::unknown::Unknown;
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A way through the fields of one record.
///
/// Fields that our type does not have are skipped. One that the stream has further on than we need it makes those in between
/// be skipped too; they are gone back to. Fields that lie as ours do, beside others that do not, are read natively: the
/// plan of each is that of them all.
#[derive(Debug)]
pub struct PlannedFields<'s, 'de> {
    pub(super) plan: Plan,
    /// Where each is; nothing where they are read natively, or upgraded.
    pub(super) list: Option<&'s FieldsPlan>,
    /// Those that are met on the way.
    ahead: &'s [Ahead],
    /// The state, which is skipped at the end.
    state: Option<Plan>,
    /// The field of the stream that follows.
    next: usize,
    /// Functions have changed the record; all of the stream's fields were passed.
    pub(super) upgraded: Option<Box<Upgraded<'de>>>,
    /// Made when it is needed first: a way is moved about for each record.
    rare: Option<Box<Rare<'de>>>,
}

/// What few records need.
#[derive(Debug, Default)]
struct Rare<'de> {
    /// Where to go on after a field that was gone back to.
    back: Option<Position<'de>>,
    /// Fields that were skipped and are needed later.
    passed: Vec<(usize, Position<'de>)>,
    /// Fields of the stream that our type does not know, where it keeps them.
    unknown: Unknown,
    /// Those that the stream keeps, once they were looked at.
    bag: Option<Vec<Kept<'de>>>,
    /// A field is read that is one of those.
    in_document: bool,
    /// So many values of any type end behind the fields.
    around: usize,
}

/// A field that the stream keeps, of which its writer's type knew nothing.
#[derive(Debug)]
struct Kept<'de> {
    name: &'de str,
    /// Where its value stands, the type in front.
    position: Position<'de>,
    /// The type.
    of: Ref,
    /// It is one of ours.
    taken: bool,
}

impl<'s, 'de> PlannedFields<'s, 'de> {
    pub(crate) fn new(plan: Plan, r: &mut Reader<'s, 'de>) -> Result<Self, Error> {
        let (plan, state) = match r.plans.node(plan) {
            Node::Record { fields, state, stateless } => {
                (plan.hand(*fields), stateless.then_some(*state))
            }
            Node::Fields(_) | Node::Upgrade(_) | Node::Native => (plan, None),
            _ => return Err(astray(r)),
        };
        let mut fields = Self::at(plan, r)?;
        fields.state = state;
        let around = core::mem::take(&mut r.begun);
        if around > 0 {
            fields.rare().around = around;
        }
        Ok(fields)
    }

    pub(crate) fn of_state(plan: Plan, r: &Reader<'s, 'de>) -> Result<Self, Error> {
        match r.plans.node(plan) {
            Node::Record { state, .. } => Self::at(*state, r),
            _ => Err(astray(r)),
        }
    }

    #[inline]
    fn at(plan: Plan, r: &Reader<'s, 'de>) -> Result<Self, Error> {
        let (list, ahead) = match r.plans.node(plan) {
            // In columns nothing is on the way to anything.
            Node::Fields(list) if plan.slot().is_some() => (Some(&**list), &[][..]),
            Node::Fields(list) => (Some(&**list), &*list.ahead),
            Node::Native | Node::Upgrade(_) => (None, &[][..]),
            Node::Broken(reason) => {
                return Err(r.input.error(ErrorKind::TypeMismatch, String::from(&**reason)));
            }
            _ => return Err(astray(r)),
        };
        Ok(PlannedFields { plan, list, ahead, state: None, next: 0, upgraded: None, rare: None })
    }

    fn rare(&mut self) -> &mut Rare<'de> {
        self.rare.get_or_insert_default()
    }

    /// The fields that the stream keeps, once they were looked at.
    fn bag(&self) -> Option<&[Kept<'de>]> {
        self.rare.as_ref()?.bag.as_deref()
    }

    /// The plan of a field that stands right here.
    #[inline]
    fn follows(&mut self, index: usize) -> Option<Plan> {
        let field = self.ahead.get(index)?;
        (field.place == self.next).then(|| {
            self.next = self.next.saturating_add(1);
            field.plan
        })
    }

    /// Goes to a field of ours, wherever it is.
    #[inline(never)]
    fn search(&mut self, index: usize, r: &mut Reader<'_, 'de>) -> Result<Option<Plan>, Error> {
        if let Some(first) = self.plan.parts(r)? {
            return self.find_in(index, first, r);
        }
        self.return_from_behind(r)?;
        if self.upgraded.is_some() {
            return self.find_upgraded(index, r);
        }
        let Some(list) = self.list else { return Ok(Some(self.plan)) };
        let Some(Source::At { place, plan, fillable, .. }) = list.ours.get(index) else {
            return self.find_in_bag(index, list, r);
        };
        if *place >= self.next {
            self.pass(list, *place, r)?;
            self.next = place.saturating_add(1);
        } else {
            let mut passed = self.rare.iter().flat_map(|rare| &rare.passed);
            let Some((_, position)) = passed.find(|(passed, _)| passed == place) else {
                return Err(astray(r));
            };
            let position = *position;
            self.go_back(position, r);
        }
        unless_none(*plan, *fillable, r)
    }

    #[inline(never)]
    fn must_find(&mut self, index: usize, r: &mut Reader<'_, 'de>) -> Result<Plan, Error> {
        match self.search(index, r)? {
            Some(plan) => Ok(plan),
            None => Err(missing(self.plan, index, r)),
        }
    }

    #[inline(never)]
    fn end_behind(&mut self, r: &mut Reader<'_, 'de>) -> Result<(), Error> {
        if self.plan.slot().is_some() {
            return Ok(());
        }
        self.return_from_behind(r)?;
        if let Some(list) = self.list {
            self.deny_kept(list, r)?;
            self.pass(list, list.theirs.len(), r)?;
        }
        if let Some(state) = self.state {
            PlannedFields::at(state, r)?.end(r)?;
        }
        let around = self.rare.as_ref().map_or(0, |rare| rare.around);
        (0..around).try_for_each(|_| r.leave_document())
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
                let passed = (self.next, r.position());
                self.rare().passed.push(passed);
            }
            match &list.beyond {
                Some(beyond) if beyond.keeps && !field.wanted => {
                    let name = beyond.names.get(self.next).map_or("", |name| name);
                    let value =
                        r.unknown_value(field.of).map_err(|error| error.in_field_named(name))?;
                    r.keep_field(&mut self.rare().unknown, name, value)?;
                }
                _ => r.skip(field.of)?,
            }
            if field.wanted {
                r.take_again(r.offset().saturating_sub(at))?;
            }
            self.next = self.next.saturating_add(1);
        }
        Ok(())
    }

    fn find_upgraded(
        &mut self,
        index: usize,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Option<Plan>, Error> {
        let source = self.upgraded.as_ref().and_then(|upgraded| {
            let Some(Upgrade::Stream { place, plan, fillable, .. }) = upgraded.sources.get(index)
            else {
                return None;
            };
            Some((*upgraded.positions.get(*place)?, *plan, *fillable))
        });
        let Some((position, plan, fillable)) = source else { return Ok(None) };
        self.go_back(position, r);
        unless_none(plan, fillable, r)
    }

    /// Goes to a field that was skipped, until the next one.
    fn go_back(&mut self, position: Position<'de>, r: &mut Reader<'_, 'de>) {
        self.rare().back = Some(r.position());
        r.go_back(position);
    }

    fn return_from_behind(&mut self, r: &mut Reader<'_, 'de>) -> Result<(), Error> {
        let Some(rare) = &mut self.rare else { return Ok(()) };
        if core::mem::take(&mut rare.in_document) {
            r.leave_document()?;
        }
        if let Some(back) = rare.back.take() {
            r.go_to(back);
        }
        Ok(())
    }

    /// Looks at the fields that the stream keeps, which stand last.
    fn look_into_bag(
        &mut self,
        list: &FieldsPlan,
        place: usize,
        r: &mut Reader<'_, 'de>,
    ) -> Result<(), Error> {
        if self.bag().is_some() {
            return Ok(());
        }
        self.pass(list, place, r)?;
        let count = r.list_length()?;
        r.allocate(count, size_of::<Kept<'de>>())?;
        let mut kept: Vec<Kept<'de>> = Vec::with_capacity(r.ahead(count, size_of::<Kept<'de>>()));
        let mut names = BTreeSet::new();
        for _ in 0..count {
            let name = r.input.str()?;
            if !names.insert(name) {
                return Err(r.invalid("a field is kept twice").in_field_named(name));
            }
            let position = r.position();
            let of = r.document_type()?;
            r.skip(Ref::Primitive(opcode::VALUE))?;
            kept.push(Kept { name, position, of, taken: false });
        }
        self.next = place.saturating_add(1);
        self.rare().bag = Some(kept);
        Ok(())
    }

    /// A field of ours among those that the stream keeps: its place there, and which of its conversions is to be taken.
    fn place_in_bag(
        &mut self,
        index: usize,
        list: &FieldsPlan,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Option<(usize, usize)>, Error> {
        let Some(beyond) = &list.beyond else { return Ok(None) };
        let (Some(place), Some(field)) = (beyond.bag, beyond.ours.get(index)) else {
            return Ok(None);
        };
        self.return_from_behind(r)?;
        self.look_into_bag(list, place, r)?;
        let name = field.shown(index);
        let mut names = core::iter::once(name).chain(field.aliases.iter().copied());
        let bag = self.bag().unwrap_or_default();
        let found = names.find_map(|name| bag.iter().position(|kept| kept.name == name));
        let Some((at, kept)) = found.and_then(|at| Some((at, bag.get(at)?))) else {
            return Ok(None);
        };
        match beyond.bagged.get(&(index, kept.of)) {
            Some((_, conversion)) => Ok(Some((at, *conversion))),
            None => Err(astray(r)),
        }
    }

    /// Goes to a field of ours among those that the stream keeps.
    fn find_in_bag(
        &mut self,
        index: usize,
        list: &FieldsPlan,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Option<Plan>, Error> {
        let Some((at, _)) = self.place_in_bag(index, list, r)? else { return Ok(None) };
        let bag = self.rare().bag.as_mut();
        let kept = bag.and_then(|bag| bag.get_mut(at)).ok_or_else(|| astray(r))?;
        kept.taken = true;
        let position = kept.position;
        self.go_back(position, r);
        let of = r.enter_document()?;
        self.rare().in_document = true;
        let found = list.beyond.as_ref().and_then(|beyond| {
            Some((beyond.bagged.get(&(index, of))?.0, beyond.ours.get(index)?.fillable))
        });
        let (plan, fillable) = found.ok_or_else(|| astray(r))?;
        unless_none(plan, fillable, r)
    }

    /// Whether fields are left that only the stream knows, where those are refused.
    fn deny_kept(&mut self, list: &FieldsPlan, r: &mut Reader<'_, 'de>) -> Result<(), Error> {
        let Some(Beyond { deny_unknown: true, bag: Some(place), .. }) = list.beyond.as_deref()
        else {
            return Ok(());
        };
        self.look_into_bag(list, *place, r)?;
        match self.bag().into_iter().flatten().find(|kept| !kept.taken) {
            None => Ok(()),
            Some(kept) => Err(r.input.error(
                ErrorKind::TypeMismatch,
                format!(
                    "the stream has a field `{}` that `{}` does not know, and the type has `deny_unknown`",
                    kept.name,
                    Name(&list.name)
                ),
            )),
        }
    }
}

/// Nothing where a `None` lies there that something stands in for.
pub(super) fn unless_none(
    plan: Plan,
    fillable: bool,
    r: &mut Reader<'_, '_>,
) -> Result<Option<Plan>, Error> {
    if fillable && let Node::Unwrap(inner) = r.plans.node(plan) {
        return plan.held(*inner, r);
    }
    Ok(Some(plan))
}

impl<'de> ReadFields<'de> for PlannedFields<'_, 'de> {
    type Mode = Plan;

    #[inline]
    fn find(&mut self, index: usize, r: &mut Reader<'_, 'de>) -> Result<Option<Plan>, Error> {
        match self.follows(index) {
            Some(plan) => Ok(Some(plan)),
            None => self.search(index, r),
        }
    }

    #[inline]
    fn need(&mut self, index: usize, r: &mut Reader<'_, 'de>) -> Result<Plan, Error> {
        match self.follows(index) {
            Some(plan) => Ok(plan),
            None => self.must_find(index, r),
        }
    }

    /// One copy for all fields of a type: the records that have them are many.
    #[inline(never)]
    fn field<T: Expand<'de>>(
        &mut self,
        index: usize,
        at: &'static str,
        r: &mut Reader<'_, 'de>,
    ) -> Result<T, Error> {
        mode::field(self, index, at, r)
    }

    #[inline(never)]
    fn field_or<T: Expand<'de>>(
        &mut self,
        index: usize,
        at: &'static str,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Option<T>, Error> {
        mode::field_or(self, index, at, r)
    }

    fn unknown(&mut self, r: &mut Reader<'_, 'de>) -> Result<Unknown, Error> {
        self.return_from_behind(r)?;
        if let Some(upgraded) = &mut self.upgraded {
            return Ok(core::mem::take(&mut upgraded.left));
        }
        if let Some(first) = self.plan.parts(r)? {
            return self.unknown_in(first, r);
        }
        let Some(list) = self.list else { return Unknown::expand(r) };
        if let Some(place) = list.beyond.as_ref().and_then(|beyond| beyond.bag) {
            self.look_into_bag(list, place, r)?;
        }
        self.pass(list, list.theirs.len(), r)?;
        let behind = r.position();
        let Rare { bag, unknown, .. } = self.rare();
        for kept in bag.iter().flatten().filter(|kept| !kept.taken) {
            r.go_back(kept.position);
            let value = r.any_value().map_err(|error| error.in_field_named(kept.name))?;
            if !r.keep_field(unknown, kept.name, value)? {
                return Err(r
                    .invalid("the stream has the field and keeps it")
                    .in_field_named(kept.name));
            }
        }
        r.go_to(behind);
        Ok(core::mem::take(unknown))
    }

    fn made(&mut self, index: usize, r: &mut Reader<'_, 'de>) -> Result<Option<Made>, Error> {
        let Some(upgraded) = &mut self.upgraded else { return Ok(None) };
        let Node::Upgrade(plan) = r.plans.node(self.plan) else { return Err(astray(r)) };
        match (upgraded.sources.get_mut(index), plan.ours.get(index)) {
            (Some(source @ Upgrade::Made(_)), Some(field)) => {
                match core::mem::replace(source, Upgrade::Missing) {
                    Upgrade::Made(value) => Ok(Some(Made { value, field })),
                    _ => Err(astray(r)),
                }
            }
            _ => Ok(None),
        }
    }

    fn conversion(&mut self, index: usize, r: &mut Reader<'_, 'de>) -> Result<usize, Error> {
        if let Some(upgraded) = &self.upgraded {
            return Ok(match upgraded.sources.get(index) {
                Some(Upgrade::Stream { conversion, .. }) => *conversion,
                _ => 0,
            });
        }
        let Some(list) = self.list else { return Ok(0) };
        if let Some(Source::At { conversion, .. }) = list.ours.get(index) {
            return Ok(*conversion);
        }
        let found = self.place_in_bag(index, list, r)?;
        Ok(found.map_or(0, |(_, conversion)| conversion))
    }

    fn end(&mut self, r: &mut Reader<'_, 'de>) -> Result<(), Error> {
        match self.list {
            // All of them stood on the way.
            Some(list) if list.ahead.len() == list.ours.len() && self.next == list.theirs.len() => {
                match (self.state, &self.rare) {
                    (None, None) => Ok(()),
                    _ => self.end_behind(r),
                }
            }
            _ => self.end_behind(r),
        }
    }
}
