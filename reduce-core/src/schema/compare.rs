//! Walks the programs of two releases side by side, and notes what the rules say; `fields` has what is in structs and variants.

use super::model::{Body, Declaration, Label, Model, Root, Type, Variant};
use super::print::{Member, Name, Spelled};
use super::rules::{self, Reader, Verdict};
use super::versions;
use super::{Change, Severity};
use crate::opcode;
use alloc::collections::{BTreeSet, VecDeque};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// How deep types without names are compared: deeper than they are read from text.
pub(super) const MAX_NESTING: u32 = 256;

/// What a reader makes of the streams of a writer. `now` is the one of both that is there now.
pub(super) fn compare(writer: &Model, reader: &Model, role: Reader) -> Vec<Change> {
    let mut walk = Walk {
        writer,
        reader,
        role,
        seen: BTreeSet::new(),
        queue: VecDeque::new(),
        changes: BTreeSet::new(),
        failing: false,
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

pub(super) struct Walk<'m> {
    pub(super) writer: &'m Model,
    pub(super) reader: &'m Model,
    pub(super) role: Reader,
    pub(super) seen: BTreeSet<(usize, usize)>,
    /// Pairs of structs or of enums that are to be compared.
    pub(super) queue: VecDeque<(usize, usize)>,
    pub(super) changes: BTreeSet<Change>,
    /// A field of the record that is compared fails, and an `upgrade` could mend it.
    pub(super) failing: bool,
}

/// Pairs of types in a pair of types.
type Parts<'m> = Vec<(&'m Type, &'m Type)>;

/// Where two types meet.
#[derive(Clone, Copy)]
pub(super) struct Site<'s> {
    /// `shop.Order.total`, in the names of the present.
    pub(super) place: &'s str,
    /// Both types in full, as they follow each other in time.
    pub(super) went: &'s str,
    /// The field has a default.
    pub(super) default: bool,
    /// Functions may change it before it is loaded.
    pub(super) upgraded: bool,
    /// Types with names are the same ones.
    pub(super) keeps_name: bool,
}

impl<'m> Walk<'m> {
    pub(super) fn note(&mut self, place: &str, verdict: Verdict, went: &str) {
        let (severity, why) = match verdict {
            Verdict::Fits => return,
            Verdict::Harmless(why) => (Severity::Harmless, why),
            Verdict::Upgraded(why) => (Severity::Upgraded, why),
            Verdict::MayFail(why) => (Severity::MayFail, why),
            Verdict::Breaks(why) => (Severity::Breaks, why),
        };
        let message = if went.is_empty() { why.into_owned() } else { format!("{went}: {why}") };
        self.changes.insert(Change { severity, place: place.into(), message });
    }

    pub(super) fn note_at(&mut self, site: &Site<'_>, verdict: Verdict) {
        let verdict = self.mendable(verdict, site.upgraded, "changes them");
        self.note(site.place, verdict, site.went);
    }

    /// Notes what is said of a field or variant, in a record that functions may have upgraded: `unless` they do this.
    pub(super) fn note_in(
        &mut self,
        owner: &Owner<'_>,
        place: &str,
        verdict: Verdict,
        unless: &str,
    ) {
        let verdict = self.mendable(verdict, owner.upgraded, unless);
        self.note(place, verdict, "");
    }

    /// What functions could mend, where there are some and where there could be.
    fn mendable(&mut self, verdict: Verdict, upgraded: bool, unless: &str) -> Verdict {
        if upgraded {
            return versions::relies(verdict, unless);
        }
        self.failing |= matches!(verdict, Verdict::Breaks(_));
        verdict
    }

    /// How a change of types is told: in the order of time, whoever reads.
    pub(super) fn went(&self, from: &Type, to: &Type) -> String {
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
    pub(super) fn types(&mut self, from: &'m Type, to: &'m Type, site: &Site<'_>, nesting: u32) {
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
    pub(super) fn step<'s>(
        &mut self,
        from: &'m Type,
        to: &'m Type,
        site: &Site<'s>,
    ) -> (Parts<'m>, Site<'s>) {
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
                self.note(&place, versions::newer(from_versions, to_versions, self.role), "");
                let upgraded = versions::covered(from_versions, to_versions);
                let owner = Owner { place: &place, deny: to_versions.deny_unknown, upgraded };
                self.failing = false;
                self.fields(from, to, &owner);
                // No type has both functions and a state.
                let failing = self.failing && !to.fields.iter().any(|field| field.state);
                let record = versions::record(from_versions, to_versions, failing, self.role);
                self.note(&place, record, "");
            }
            (Body::Enum(from_versions, from), Body::Enum(to_versions, to)) => {
                self.note(&place, versions::newer(from_versions, to_versions, self.role), "");
                let deny = to_versions.deny_unknown;
                self.variants(from, to, &Owner { place: &place, deny, upgraded: false });
            }
            _ => {}
        }
    }

    fn variants(&mut self, from: &'m [Variant], to: &'m [Variant], owner: &Owner<'_>) {
        let other = to.iter().find(|variant| variant.other).map(|variant| variant.name.as_str());
        let mut met = BTreeSet::new();
        for variant in from {
            if variant.keeps_unknown() {
                if !to.iter().any(Variant::keeps_unknown) {
                    let kept = rules::kept_variants(other, self.role);
                    self.note(owner.place, kept, "");
                }
                continue;
            }
            let named = |to: &&Variant| to.name == variant.name && (variant.other || !to.other);
            let alias = |to: &&Variant| to.aliases.contains(&variant.name);
            let Some(to) = to.iter().find(named).or_else(|| to.iter().find(alias)) else {
                let place = format!("{}::{}", owner.place, Member(&variant.name));
                self.note(&place, rules::unknown_variant(other, self.role), "");
                continue;
            };
            met.insert(&to.name);
            let now = self.now(&*variant.name, &*to.name);
            let place = format!("{}::{}", owner.place, Member(now));
            if to.name != variant.name {
                self.note(&place, rules::renamed(&variant.name, self.role), "");
            }
            self.fields(&variant.fields, &to.fields, &Owner { place: &place, ..*owner });
        }
        let new = to.iter().filter(|variant| !met.contains(&variant.name));
        for variant in new.filter(|variant| !variant.keeps_unknown()) {
            if self.role == Reader::Present {
                let place = format!("{}::{}", owner.place, Member(&variant.name));
                let message = "is new: old streams do not hold it";
                self.note(&place, Verdict::Harmless(message.into()), "");
            }
        }
    }

    /// Of the names on both sides, the one of the present.
    pub(super) fn now<N>(&self, writer: N, reader: N) -> N {
        match self.role {
            Reader::Present => reader,
            Reader::Earlier => writer,
        }
    }
}

/// The struct or variant whose fields are compared.
pub(super) struct Owner<'o> {
    pub(super) place: &'o str,
    /// Fields that it does not know are refused.
    pub(super) deny: bool,
    /// A function upgrades it.
    pub(super) upgraded: bool,
}

pub(super) fn declared<'m>(model: &'m Model, of: &Type) -> Option<(usize, &'m Declaration)> {
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
