//! Walks the programs of two releases side by side, and notes what the rules say.

use super::model::{Body, Declaration, Field, Fields, Label, Model, Type, Variant, Versions};
use super::print::{Member, Name, Spelled};
use super::rules::{self, Reader, Verdict};
use super::{Change, Severity};
use alloc::collections::{BTreeSet, VecDeque};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

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
    for (name, from) in &writer.roots {
        match (reader.root(name), role) {
            (Some(to), _) => walk.whole(from, to, &Name(name).to_string()),
            (None, Reader::Present) => {
                let message = "is not among the types that are checked, and old streams hold it";
                walk.note(&Name(name).to_string(), Verdict::Breaks(message.into()), "");
            }
            (None, Reader::Earlier) => {
                let message = "is new: earlier programs know nothing of it";
                walk.note(&Name(name).to_string(), Verdict::Harmless(message.into()), "");
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

/// Where two types meet.
struct Site<'s> {
    /// `shop.Order.total`, in the names of the present.
    place: &'s str,
    /// Both types in full, as they follow each other in time.
    went: &'s str,
    /// The field has a default.
    default: bool,
    /// What its types say is of no account, only what is below them.
    upgraded: bool,
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

    /// Compares the types of two roots.
    fn whole(&mut self, from: &'m Type, to: &'m Type, place: &str) {
        let went = self.went(from, to);
        let site = Site { place, went: &went, default: false, upgraded: false };
        self.types(from, to, &site, MAX_NESTING);
    }

    fn types(&mut self, from: &'m Type, to: &'m Type, site: &Site<'_>, nesting: u32) {
        let Some(nesting) = nesting.checked_sub(1) else {
            let message = "the types nest too deep to be compared";
            return self.note_at(site, Verdict::Breaks(message.into()));
        };
        let from_body = declared(self.writer, from);
        let to_body = declared(self.reader, to);
        if let (Some((a, _)), Some((b, _))) = (from_body, to_body) {
            if self.seen.contains(&(a, b)) {
                return;
            }
            if nameless(from_body) || nameless(to_body) {
                self.seen.insert((a, b));
            }
        }
        match (from_body, to_body) {
            (Some((_, Declaration { body: Body::Type(from), .. })), _) => {
                self.types(from, to, site, nesting);
            }
            (_, Some((_, Declaration { body: Body::Type(to), .. }))) => {
                self.types(from, to, site, nesting);
            }
            (Some((a, from_declaration)), Some((b, to_declaration))) => {
                match (&from_declaration.body, &to_declaration.body) {
                    (Body::Struct(_, _), Body::Enum(_, variants)) => {
                        let found = holding(&from_declaration.name, variants, self.reader);
                        match found {
                            Some((variant, to)) => {
                                self.note_at(site, rules::wrapped(variant, self.role));
                                self.types(from, to, site, nesting);
                            }
                            None => self.note_at(site, rules::unlike(self.role)),
                        }
                    }
                    (Body::Enum(_, variants), Body::Struct(_, _)) => {
                        let found = holding(&to_declaration.name, variants, self.writer);
                        match found {
                            Some((variant, from)) => {
                                self.note_at(site, rules::unwrapped(variant, self.role));
                                self.types(from, to, site, nesting);
                            }
                            None => self.note_at(site, rules::unlike(self.role)),
                        }
                    }
                    _ => {
                        if self.seen.insert((a, b)) {
                            self.queue.push_back((a, b));
                        }
                    }
                }
            }
            (Some(_), None) if !opens(to) => self.note_at(site, rules::unlike(self.role)),
            (None, Some(_)) if !opens(from) => self.note_at(site, rules::unlike(self.role)),
            _ => {
                let (verdict, parts) = rules::types(from, to, site.default, self.role);
                self.note_at(site, verdict);
                // Only what stands in the field itself has a default.
                let kept = matches!(from, Type::Shared(_)) || matches!(to, Type::Shared(_));
                let inner = Site { default: site.default && kept, ..*site };
                for (from, to) in parts {
                    self.types(from, to, &inner, nesting);
                }
            }
        }
    }

    /// Compares two structs, or two enums.
    fn declarations(&mut self, from: usize, to: usize) {
        let (writer, reader) = (self.writer, self.reader);
        let (Some(from), Some(to)) = (writer.declaration(from), reader.declaration(to)) else {
            return;
        };
        let (old, now) = match self.role {
            Reader::Present => (from, to),
            Reader::Earlier => (to, from),
        };
        let place = now.name.to_string();
        if old.name.name != now.name.name {
            let message = format!("was `{}`: the names of types are not compared", old.name);
            self.note(&place, Verdict::Harmless(message.into()), "");
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
            let named = |to: &&Variant| to.name == variant.name;
            let alias = |to: &&Variant| to.aliases.contains(&variant.name);
            let Some(to) = to.iter().find(named).or_else(|| to.iter().find(alias)) else {
                let place = format!("{}::{}", owner.place, Member(&variant.name));
                self.note_unless(owner, &place, rules::unknown_variant(other, self.role));
                continue;
            };
            met.insert(&to.name);
            let now = self.now(&variant.name, &to.name);
            let place = format!("{}::{}", owner.place, Member(now));
            if to.name != variant.name {
                self.note_unless(owner, &place, rules::renamed(&variant.name, self.role));
            }
            self.fields(&variant.fields, &to.fields, &Owner { place: &place, ..*owner });
        }
        for variant in to.iter().filter(|variant| !met.contains(&variant.name)) {
            if self.role == Reader::Present {
                let place = format!("{}::{}", owner.place, Member(&variant.name));
                let message = "is new: old streams do not hold it";
                self.note_unless(owner, &place, Verdict::Harmless(message.into()));
            }
        }
    }

    fn fields(&mut self, from: &'m Fields, to: &'m Fields, owner: &Owner<'_>) {
        let mut met = BTreeSet::new();
        for field in &to.fields {
            let named = |name: &String| from.fields.iter().find(|from| from.name == *name);
            let found = named(&field.name).or_else(|| field.aliases.iter().find_map(named));
            let Some(stored) = found else {
                let place = format!("{}.{}", owner.place, Member(&field.name));
                self.note_unless(owner, &place, rules::lacking(field.default, self.role));
                continue;
            };
            met.insert(&stored.name);
            let now = self.now(&stored.name, &field.name);
            let place = format!("{}.{}", owner.place, Member(now));
            if stored.name != field.name {
                self.note_unless(owner, &place, rules::renamed(&stored.name, self.role));
            }
            if stored.state != field.state {
                self.note_unless(owner, &place, rules::moved(field.state, self.role));
            } else {
                self.field(stored, field, &place, owner.upgraded);
            }
        }
        for stored in from.fields.iter().filter(|stored| !met.contains(&stored.name)) {
            let place = format!("{}.{}", owner.place, Member(&stored.name));
            self.note_unless(owner, &place, rules::unknown(owner.deny, self.role));
        }
    }

    fn field(&mut self, from: &'m Field, to: &'m Field, place: &str, upgraded: bool) {
        let went = self.went(&from.of, &to.of);
        let site = Site { place, went: &went, default: to.default, upgraded };
        self.types(&from.of, &to.of, &site, MAX_NESTING);
    }

    /// Of the names on both sides, the one of the present.
    fn now<'n>(&self, writer: &'n str, reader: &'n str) -> &'n str {
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

fn nameless(declared: Option<(usize, &Declaration)>) -> bool {
    matches!(declared, Some((_, Declaration { body: Body::Type(_), .. })))
}

/// Whether a declared type on the other side may fit inside of this one.
fn opens(of: &Type) -> bool {
    matches!(of, Type::Shared(_) | Type::Option(_))
}

/// The one variant that holds nothing but a struct of this name.
fn holding<'m>(
    name: &Label,
    variants: &'m [Variant],
    model: &'m Model,
) -> Option<(&'m str, &'m Type)> {
    let mut found = variants.iter().filter_map(|variant| {
        let [field] = &variant.fields.fields[..] else { return None };
        let mut of = &field.of;
        while let Type::Shared(inner) = of {
            of = inner;
        }
        let (_, declaration) = declared(model, of)?;
        let is_struct = matches!(declaration.body, Body::Struct(..));
        let holds = !variant.fields.named && is_struct && declaration.name.name == name.name;
        holds.then_some((variant.name.as_str(), of))
    });
    let first = found.next();
    if found.next().is_some() { None } else { first }
}
