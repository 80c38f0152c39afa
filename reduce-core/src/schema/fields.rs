//! Compares the fields of two structs or variants: which of them is read from which, and through which conversion.

use super::Severity;
use super::compare::{MAX_NESTING, Owner, Site, Walk, declared};
use super::model::{Field, Fields, Model, Type};
use super::print::{Member, Spelled};
use super::same::same;
use super::{rules, versions};
use alloc::borrow::Cow;
use alloc::collections::{BTreeSet, VecDeque};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::iter;

impl<'m> Walk<'m> {
    pub(super) fn fields(&mut self, from: &'m Fields, to: &'m Fields, owner: &Owner<'_>) {
        let mut met = BTreeSet::new();
        let (stored_keys, keys) = (Keys::of(from), Keys::of(to));
        let fields = to.fields.iter().zip(&keys.0);
        for (field, key) in fields.filter(|(field, _)| !field.keeps_unknown()) {
            let names = iter::once(&**key).chain(field.aliases.iter().map(String::as_str));
            let mut places = names.filter_map(|name| stored_keys.place(name, field.state, from));
            let Some((place, stored)) = places.next() else {
                let place = format!("{}.{}", owner.place, Member(&field.name));
                if from.fields.iter().any(|stored| moved(stored, field, from, to)) {
                    self.note(&place, rules::moved(field.state, self.role), "");
                    continue;
                }
                let lacking = match owner.upgraded {
                    true => versions::lacking(field.default, self.role),
                    false => rules::lacking(field.default, self.role),
                };
                self.note_in(owner, &place, lacking, "makes it");
                continue;
            };
            met.insert(place);
            let now = self.now(&*stored.name, &*field.name);
            let place = format!("{}.{}", owner.place, Member(now));
            let renamed = stored.name != field.name && field.aliases.contains(&stored.name);
            if renamed && !owner.upgraded {
                self.note(&place, rules::renamed(&stored.name, self.role), "");
            }
            self.field(stored, field, &place, owner.upgraded);
        }
        let keeps = to.keep_unknown();
        for (_, stored) in from.fields.iter().enumerate().filter(|(n, _)| !met.contains(n)) {
            if stored.keeps_unknown() {
                if !keeps {
                    let kept = rules::kept(owner.deny, self.role);
                    self.note_in(owner, owner.place, kept, "takes them out");
                }
            } else if !to.fields.iter().any(|field| moved(stored, field, from, to)) {
                let place = format!("{}.{}", owner.place, Member(&stored.name));
                let unknown = rules::unknown(owner.deny, keeps, self.role);
                if stored.state {
                    // Functions get no state.
                    self.note(&place, unknown, "");
                } else {
                    self.note_in(owner, &place, unknown, "takes it out");
                }
            }
        }
    }

    fn field(&mut self, from: &'m Field, to: &'m Field, place: &str, upgraded: bool) {
        let went = self.went(&from.of, &to.of);
        let site = Site { place, went: &went, default: to.default, upgraded, keeps_name: false };
        match self.conversion(&from.of, to) {
            Some(convert) => {
                let spelled = Spelled(convert, self.reader).to_string();
                self.note_at(&site, rules::converted(&spelled, self.role));
                self.types(&from.of, convert, &site, MAX_NESTING);
            }
            None => self.types(&from.of, &to.of, &site, MAX_NESTING),
        }
    }

    /// The type that the field is converted from: where it is not the field's own, the very type that is stored, or else
    /// the one that is most like it.
    fn conversion(&self, from: &'m Type, to: &'m Field) -> Option<&'m Type> {
        let same = |of: &Type| same(from, self.writer, of, self.reader);
        if to.converts.is_empty() || same(&to.of) {
            return None;
        }
        if let Some(found) = to.converts.iter().find(|of| same(of)) {
            return Some(found);
        }
        let mut best = (self.likeness(from, &to.of), None);
        for convert in &to.converts {
            let likeness = self.likeness(from, convert);
            if likeness > best.0 {
                best = (likeness, Some(convert));
            }
        }
        best.1
    }

    /// How far a type is like another, as can be seen from the outside and through what stands around it.
    fn likeness(&self, mut from: &'m Type, mut to: &'m Type) -> Likeness {
        let (seen, queue, changes) = (BTreeSet::new(), VecDeque::new(), BTreeSet::new());
        let Walk { writer, reader, role, .. } = *self;
        let mut trial = Walk { writer, reader, role, seen, queue, changes, failing: false };
        let site = Site { place: "", went: "", default: false, upgraded: false, keeps_name: false };
        for _ in 0..MAX_NESTING {
            let (parts, _) = trial.step(from, to, &site);
            if trial.changes.iter().any(|change| change.severity == Severity::Breaks) {
                return Likeness::None;
            }
            match parts[..] {
                [part] if !matches!(to, Type::Tuple(_)) => (from, to) = part,
                _ => break,
            }
        }
        let name = |model: &'m Model, of| declared(model, of).map(|(_, of)| &of.name.name);
        match (name(writer, from), name(reader, to)) {
            (Some(from), Some(to)) if from != to => Likeness::OtherName,
            _ => Likeness::Fits,
        }
    }
}

/// As the loader ranks what a field may be converted from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    None,
    OtherName,
    Fits,
}

/// By which names fields are found: state fields without names are counted apart.
struct Keys<'m>(Vec<Cow<'m, str>>);

impl<'m> Keys<'m> {
    fn of(list: &'m Fields) -> Self {
        let kept = list.fields.iter().filter(|field| !field.state).count();
        let keys = list.fields.iter().enumerate().map(|(n, field)| {
            match n.checked_sub(kept).filter(|_| !list.named && field.state) {
                Some(position) => Cow::Owned(position.to_string()),
                None => Cow::Borrowed(field.name.as_str()),
            }
        });
        Keys(keys.collect())
    }

    /// The field of this name among the kept fields, or among the state fields.
    fn place(&self, name: &str, state: bool, list: &'m Fields) -> Option<(usize, &'m Field)> {
        let mut fields = self.0.iter().zip(&list.fields).enumerate();
        let found = fields.find(|(_, (key, field))| field.state == state && **key == name);
        found.map(|(n, (_, field))| (n, field))
    }
}

/// Whether a field is a kept one on one side and a state field on the other.
fn moved(stored: &Field, field: &Field, from: &Fields, to: &Fields) -> bool {
    from.named && to.named && stored.name == field.name && stored.state != field.state
}
