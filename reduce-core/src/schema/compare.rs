//! Walks the programs of two releases side by side, and notes what the rules say.

use super::model::{Body, Declaration, Field, Fields, Label, Model, Root, Type, Variant, Versions};
use super::print::{Member, Name, Spelled};
use super::rules::{self, Reader, Verdict};
use super::same::same;
use super::{Change, Severity};
use crate::opcode;
use alloc::borrow::Cow;
use alloc::collections::{BTreeSet, VecDeque};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::iter;

/// How deep types without names are compared: deeper than they are read from text.
const MAX_NESTING: u32 = 256;

/// What a reader makes of the streams of a writer. `now` is the one of both that is there now.
pub(super) fn compare(writer: &Model, reader: &Model, role: Reader) -> Vec<Change> {
    let mut walk = Walk {
        writer,
        reader,
        role,
        seen: BTreeSet::new(),
        queue: VecDeque::new(),
        changes: BTreeSet::new(),
    };
    for root in &writer.roots {
        let place = Name(&root.name).to_string();
        match (reader.root(root), role) {
            (Some(to), _) => walk.root(root, to, &place),
            (None, Reader::Present) => {
                let message = "is not among the types that are checked, and old streams hold it";
                walk.note(&place, Verdict::Breaks(message.into()), "");
            }
            (None, Reader::Earlier) => {
                let message = "is new: earlier programs know nothing of it";
                walk.note(&place, Verdict::Harmless(message.into()), "");
            }
        }
    }
    while let Some((from, to)) = walk.queue.pop_front() {
        walk.declarations(from, to);
    }
    let mut changes: Vec<_> = walk.changes.into_iter().collect();
    changes.sort_by(Change::rank);
    changes
}

struct Walk<'m> {
    writer: &'m Model,
    reader: &'m Model,
    role: Reader,
    seen: BTreeSet<(usize, usize)>,
    /// Pairs of structs or of enums that are to be compared.
    queue: VecDeque<(usize, usize)>,
    changes: BTreeSet<Change>,
}

/// Pairs of types in a pair of types.
type Parts<'m> = Vec<(&'m Type, &'m Type)>;

/// Where two types meet.
#[derive(Clone, Copy)]
struct Site<'s> {
    /// `shop.Order.total`, in the names of the present.
    place: &'s str,
    /// Both types in full, as they follow each other in time.
    went: &'s str,
    /// The field has a default.
    default: bool,
    /// What its types say is of no account, only what is below them.
    upgraded: bool,
    /// Types with names are the same ones.
    keeps_name: bool,
}

impl<'m> Walk<'m> {
    fn note(&mut self, place: &str, verdict: Verdict, went: &str) {
        let (severity, why) = match verdict {
            Verdict::Fits => return,
            Verdict::Harmless(why) => (Severity::Harmless, why),
            Verdict::MayFail(why) => (Severity::MayFail, why),
            Verdict::Breaks(why) => (Severity::Breaks, why),
        };
        let message = if went.is_empty() { why.into_owned() } else { format!("{went}: {why}") };
        self.changes.insert(Change { severity, place: place.into(), message });
    }

    fn note_at(&mut self, site: &Site<'_>, verdict: Verdict) {
        if !site.upgraded {
            self.note(site.place, verdict, site.went);
        }
    }

    /// How a change of types is told: in the order of time, whoever reads.
    fn went(&self, from: &Type, to: &Type) -> String {
        let (from, to) = (Spelled(from, self.writer), Spelled(to, self.reader));
        match self.role {
            Reader::Present => format!("went from `{from}` to `{to}`"),
            Reader::Earlier => format!("went from `{to}` to `{from}`"),
        }
    }

    fn root(&mut self, from: &'m Root, to: &'m Root, place: &str) {
        let went = self.went(&from.of, &to.of);
        let keeps_name = !from.registered;
        let site = Site { place, went: &went, default: false, upgraded: false, keeps_name };
        self.types(&from.of, &to.of, &site, MAX_NESTING);
    }

    /// Compares two types and all that is in them, up to types with names.
    fn types(&mut self, from: &'m Type, to: &'m Type, site: &Site<'_>, nesting: u32) {
        let Some(nesting) = nesting.checked_sub(1) else {
            let message = "the types nest too deep to be compared";
            return self.note_at(site, Verdict::Breaks(message.into()));
        };
        let (parts, inner) = self.step(from, to, site);
        for (from, to) in parts {
            self.types(from, to, &inner, nesting);
        }
    }

    /// Compares what two types are from the outside. What is in them is handed back.
    fn step<'s>(&mut self, from: &'m Type, to: &'m Type, site: &Site<'s>) -> (Parts<'m>, Site<'s>) {
        let nothing = (Vec::new(), *site);
        match (declared(self.writer, from), declared(self.reader, to)) {
            (Some((a, Declaration { body: Body::Type(from), .. })), Some((b, _))) => {
                let parts = if self.seen.insert((a, b)) { vec![(from, to)] } else { Vec::new() };
                (parts, *site)
            }
            (Some((a, _)), Some((b, Declaration { body: Body::Type(to), .. }))) => {
                let parts = if self.seen.insert((a, b)) { vec![(from, to)] } else { Vec::new() };
                (parts, *site)
            }
            (Some((_, Declaration { body: Body::Type(from), .. })), None) => {
                (vec![(from, to)], *site)
            }
            (None, Some((_, Declaration { body: Body::Type(to), .. }))) => {
                (vec![(from, to)], *site)
            }
            (Some((a, stored)), Some((b, ours))) => match (&stored.body, &ours.body) {
                (Body::Struct(..), Body::Enum(_, variants)) => {
                    match holding(&stored.name, variants, self.reader) {
                        Some((variant, to)) => {
                            self.note_at(site, rules::wrapped(variant, self.role));
                            (vec![(from, to)], *site)
                        }
                        None => self.unlike(site, nothing),
                    }
                }
                (Body::Enum(_, variants), Body::Struct(..)) => {
                    match holding(&ours.name, variants, self.writer) {
                        Some((variant, from)) => {
                            self.note_at(site, rules::unwrapped(variant, self.role));
                            (vec![(from, to)], *site)
                        }
                        None => self.unlike(site, nothing),
                    }
                }
                _ => {
                    if site.keeps_name && stored.name.name != ours.name.name {
                        let stored = stored.name.to_string();
                        self.note(site.place, rules::other_root(&stored, self.role), "");
                    }
                    if self.seen.insert((a, b)) {
                        self.queue.push_back((a, b));
                    }
                    nothing
                }
            },
            (Some(_), None) if !opens(to) => self.unlike(site, nothing),
            (None, Some(_)) if !opens(from) => self.unlike(site, nothing),
            _ => {
                let (verdict, parts) = rules::types(from, to, site.default, self.role);
                self.note_at(site, verdict);
                // Only what stands in the field itself has a default.
                let keeps_name = site.keeps_name && rules::keep_names(from, to);
                (parts, Site { default: false, keeps_name, ..*site })
            }
        }
    }

    fn unlike<P>(&mut self, site: &Site<'_>, parts: P) -> P {
        self.note_at(site, rules::unlike(self.role));
        parts
    }

    /// Compares two structs, or two enums.
    fn declarations(&mut self, from: usize, to: usize) {
        let (writer, reader) = (self.writer, self.reader);
        let (Some(from), Some(to)) = (writer.declaration(from), reader.declaration(to)) else {
            return;
        };
        let place = self.now(&from.name, &to.name).to_string();
        if from.name.name != to.name.name {
            let stored = from.name.to_string();
            self.note(&place, rules::other_name(&stored, self.role), "");
        }
        match (&from.body, &to.body) {
            (Body::Struct(from_versions, from), Body::Struct(to_versions, to)) => {
                let upgraded = self.versions(from_versions, to_versions, &place);
                let owner = Owner { place: &place, deny: to_versions.deny_unknown, upgraded };
                self.fields(from, to, &owner);
            }
            (Body::Enum(from_versions, from), Body::Enum(to_versions, to)) => {
                let upgraded = self.versions(from_versions, to_versions, &place);
                let owner = Owner { place: &place, deny: to_versions.deny_unknown, upgraded };
                self.variants(from, to, &owner);
            }
            _ => {}
        }
    }

    /// Whether functions upgrade the older one.
    fn versions(&mut self, from: &Versions, to: &Versions, place: &str) -> bool {
        let (verdict, upgraded) = rules::versions(from, to, self.role);
        self.note(place, verdict, "");
        upgraded
    }

    fn variants(&mut self, from: &'m [Variant], to: &'m [Variant], owner: &Owner<'_>) {
        let other = to.iter().find(|variant| variant.other).map(|variant| variant.name.as_str());
        let mut met = BTreeSet::new();
        for variant in from {
            if variant.keeps_unknown() {
                if !to.iter().any(Variant::keeps_unknown) {
                    let kept = rules::kept_variants(other, self.role);
                    self.note_unless(owner, owner.place, kept);
                }
                continue;
            }
            let named = |to: &&Variant| to.name == variant.name && (variant.other || !to.other);
            let alias = |to: &&Variant| to.aliases.contains(&variant.name);
            let Some(to) = to.iter().find(named).or_else(|| to.iter().find(alias)) else {
                let place = format!("{}::{}", owner.place, Member(&variant.name));
                self.note_unless(owner, &place, rules::unknown_variant(other, self.role));
                continue;
            };
            met.insert(&to.name);
            let now = self.now(&*variant.name, &*to.name);
            let place = format!("{}::{}", owner.place, Member(now));
            if to.name != variant.name {
                self.note_unless(owner, &place, rules::renamed(&variant.name, self.role));
            }
            self.fields(&variant.fields, &to.fields, &Owner { place: &place, ..*owner });
        }
        let new = to.iter().filter(|variant| !met.contains(&variant.name));
        for variant in new.filter(|variant| !variant.keeps_unknown()) {
            if self.role == Reader::Present {
                let place = format!("{}::{}", owner.place, Member(&variant.name));
                let message = "is new: old streams do not hold it";
                self.note_unless(owner, &place, Verdict::Harmless(message.into()));
            }
        }
    }

    fn fields(&mut self, from: &'m Fields, to: &'m Fields, owner: &Owner<'_>) {
        let mut met = BTreeSet::new();
        let (stored_keys, keys) = (Keys::of(from), Keys::of(to));
        let fields = to.fields.iter().zip(&keys.0);
        for (field, key) in fields.filter(|(field, _)| !field.keeps_unknown()) {
            let names = iter::once(&**key).chain(field.aliases.iter().map(String::as_str));
            let mut places = names.filter_map(|name| stored_keys.place(name, field.state, from));
            let Some((place, stored)) = places.next() else {
                let place = format!("{}.{}", owner.place, Member(&field.name));
                let lacking = match from.fields.iter().any(|stored| moved(stored, field, from, to))
                {
                    true => rules::moved(field.state, self.role),
                    false => rules::lacking(field.default, self.role),
                };
                self.note_unless(owner, &place, lacking);
                continue;
            };
            met.insert(place);
            let now = self.now(&*stored.name, &*field.name);
            let place = format!("{}.{}", owner.place, Member(now));
            if stored.name != field.name && field.aliases.contains(&stored.name) {
                self.note_unless(owner, &place, rules::renamed(&stored.name, self.role));
            }
            self.field(stored, field, &place, owner.upgraded);
        }
        let keeps = to.keep_unknown();
        for (_, stored) in from.fields.iter().enumerate().filter(|(n, _)| !met.contains(n)) {
            if stored.keeps_unknown() {
                if !keeps {
                    self.note_unless(owner, owner.place, rules::kept(owner.deny, self.role));
                }
            } else if !to.fields.iter().any(|field| moved(stored, field, from, to)) {
                let place = format!("{}.{}", owner.place, Member(&stored.name));
                self.note_unless(owner, &place, rules::unknown(owner.deny, keeps, self.role));
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
        let mut trial = Walk { writer, reader, role, seen, queue, changes };
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

    /// Of the names on both sides, the one of the present.
    fn now<N>(&self, writer: N, reader: N) -> N {
        match self.role {
            Reader::Present => reader,
            Reader::Earlier => writer,
        }
    }

    fn note_unless(&mut self, owner: &Owner<'_>, place: &str, verdict: Verdict) {
        if !owner.upgraded {
            self.note(place, verdict, "");
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

/// The struct or variant whose fields are compared.
struct Owner<'o> {
    place: &'o str,
    /// Fields that it does not know are refused.
    deny: bool,
    /// A function upgrades it.
    upgraded: bool,
}

fn declared<'m>(model: &'m Model, of: &Type) -> Option<(usize, &'m Declaration)> {
    match of {
        Type::Declared(at) => model.declaration(*at).map(|declaration| (*at, declaration)),
        _ => None,
    }
}

/// Whether a declared type on the other side may fit inside of this one.
fn opens(of: &Type) -> bool {
    matches!(of, Type::Shared(_) | Type::Option(_) | Type::Primitive(opcode::VALUE))
}

/// The one variant that holds nothing but a struct of this name.
fn holding<'m>(
    name: &Label,
    variants: &'m [Variant],
    model: &'m Model,
) -> Option<(&'m str, &'m Type)> {
    let mut found = variants.iter().filter_map(|variant| {
        let [field] = &variant.fields.fields[..] else { return None };
        let of = &field.of;
        let (_, declaration) = declared(model, of)?;
        let is_struct = matches!(declaration.body, Body::Struct(..));
        let holds = is_struct && declaration.name.name == name.name;
        holds.then_some((variant.name.as_str(), of))
    });
    let first = found.next();
    if found.next().is_some() { None } else { first }
}
