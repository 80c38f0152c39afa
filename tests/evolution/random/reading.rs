//! What the rules for reading a stream as another program say, over values of the model: simple, and with nothing of the
//! crate's.

use super::program::{P, V, range};
use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};

/// Made when it is asked for: types hold themselves.
pub type Type = fn() -> N;

/// One of our types; those that it holds are made when they are asked for.
#[derive(Clone)]
pub enum N {
    Unit,
    Bool,
    Char,
    Int(u8),
    F32,
    F64,
    Str,
    List(fn() -> N),
    Set(fn() -> N),
    Map(fn() -> N, fn() -> N),
    Option(fn() -> N),
    Tuple(Vec<fn() -> N>),
    Array(usize, fn() -> N),
    /// With what the pointer points to.
    Shared(TypeId, fn() -> N),
    Weak(TypeId, fn() -> N),
    Record(&'static str, Vec<Field>, Says),
    Enum(&'static str, Vec<Variant>),
}

/// What a record says beside its fields.
#[derive(Clone, Copy, Default)]
pub struct Says {
    pub deny_unknown: bool,
    pub deny_newer: bool,
    /// The functions from each version to the next.
    pub upgrades: &'static [Upgrade],
    /// The version beyond all of them.
    pub version: u64,
}

/// The fields of a record, by name.
pub type Named = Vec<(String, P, V)>;
/// What a function makes of them.
pub type Upgrade = fn(&mut Named);

/// A conversion takes a value of its type, and may fail.
pub type Conversion = (fn() -> N, fn(O) -> Option<O>);

#[derive(Clone)]
pub struct Field {
    pub name: String,
    pub of: fn() -> N,
    pub aliases: &'static [&'static str],
    pub default: Option<O>,
    pub converts: Vec<Conversion>,
}

#[derive(Clone)]
pub struct Variant {
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    pub fields: Vec<Field>,
    pub other: bool,
}

/// A value that was loaded; objects have numbers, the same for one object.
#[derive(Clone, Debug, PartialEq, PartialOrd, Eq, Ord)]
pub enum O {
    Unit,
    Bool(bool),
    Char(char),
    Int(i128),
    F32(u32),
    F64(u64),
    Str(String),
    List(Vec<O>),
    Map(Vec<(O, O)>),
    Option(Option<Box<O>>),
    Parts(Vec<O>),
    Variant(usize, Vec<O>),
    Shared(usize, Box<O>),
    /// To an object that something owns.
    Weak(Option<(usize, Box<O>)>),
}

pub fn f32(value: f32) -> O {
    O::F32(if value.is_nan() { f32::NAN.to_bits() } else { value.to_bits() })
}

pub fn f64(value: f64) -> O {
    O::F64(if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() })
}

impl O {
    /// With objects numbered as they are met.
    pub fn numbered(mut self) -> Self {
        self.number(&mut BTreeMap::new());
        self
    }

    fn parts(&mut self) -> Vec<&mut O> {
        match self {
            O::Shared(_, of) | O::Option(Some(of)) | O::Weak(Some((_, of))) => vec![of],
            O::List(all) | O::Parts(all) | O::Variant(_, all) => all.iter_mut().collect(),
            O::Map(all) => all.iter_mut().flat_map(|(key, value)| [key, value]).collect(),
            _ => Vec::new(),
        }
    }

    /// The objects that something owns.
    fn owned(&mut self, found: &mut BTreeSet<usize>) {
        match self {
            O::Weak(_) => return,
            O::Shared(number, _) => drop(found.insert(*number)),
            _ => {}
        }
        self.parts().into_iter().for_each(|part| part.owned(found));
    }

    /// What nothing owns is gone when the load ends.
    fn dangle(&mut self, owned: &BTreeSet<usize>) {
        if let O::Weak(of) = self {
            of.take_if(|(number, _)| !owned.contains(number));
        }
        self.parts().into_iter().for_each(|part| part.dangle(owned));
    }

    fn number(&mut self, known: &mut BTreeMap<usize, usize>) {
        match self {
            O::Shared(number, of) | O::Weak(Some((number, of))) => {
                let next = known.len();
                *number = *known.entry(*number).or_insert(next);
                of.number(known);
            }
            O::Option(Some(of)) => of.number(known),
            O::List(all) | O::Parts(all) | O::Variant(_, all) => {
                all.iter_mut().for_each(|of| of.number(known));
            }
            O::Map(all) => all.iter_mut().for_each(|(key, value)| {
                key.number(known);
                value.number(known);
            }),
            _ => {}
        }
    }
}

/// The value that a stream has as one of our types; nothing where that is an error.
///
/// Second, whether it was an error that comes of the values alone: an object that was asked for as two types, an element of a set that is there
/// twice, a function of the user's that failed.
pub fn read(n: &N, p: &P, v: &V) -> (Option<O>, bool) {
    if !related(n, p) {
        return (None, false);
    }
    let mut reading = Reading::default();
    let value = reading.value(n, p, v).map(|mut value| {
        let mut owned = BTreeSet::new();
        value.owned(&mut owned);
        value.dangle(&owned);
        value
    });
    (value, reading.by_value)
}

/// The first rule.
fn related(n: &N, p: &P) -> bool {
    match (n, p) {
        (N::Record(ours, ..), P::Record(theirs, ..)) | (N::Enum(ours, _), P::Enum(theirs, _)) => {
            ours == theirs
        }
        (N::Map(key, value), P::Map(of)) => related(&key(), &of.0) && related(&value(), &of.1),
        (N::Tuple(ours), P::Tuple(theirs)) => {
            ours.iter().zip(theirs).all(|(ours, theirs)| related(&ours(), theirs))
        }
        (
            N::List(ours) | N::Set(ours) | N::Array(_, ours),
            P::List(theirs) | P::Array(_, theirs),
        )
        | (N::Option(ours) | N::Shared(_, ours), P::Option(theirs) | P::Shared(theirs)) => {
            related(&ours(), theirs)
        }
        (N::List(ours) | N::Set(ours), P::Map(of)) => match ours() {
            N::Tuple(parts) if parts.len() == 2 => {
                related(&parts[0](), &of.0) && related(&parts[1](), &of.1)
            }
            _ => true,
        },
        (N::Map(key, value), P::List(of)) => match &**of {
            P::Tuple(parts) if parts.len() == 2 => {
                related(&key(), &parts[0]) && related(&value(), &parts[1])
            }
            _ => true,
        },
        (N::Option(ours) | N::Shared(_, ours), _) => related(&ours(), p),
        (_, P::Option(theirs) | P::Shared(theirs)) => related(n, theirs),
        _ => true,
    }
}

#[derive(Default)]
struct Reading {
    /// The objects that were made, and the types that they were made of.
    made: BTreeMap<usize, (TypeId, O)>,
    /// How many that the stream does not share.
    own: usize,
    by_value: bool,
}

impl Reading {
    fn value(&mut self, n: &N, p: &P, v: &V) -> Option<O> {
        Some(match (n, p, v) {
            (N::Unit, P::Unit, _) => O::Unit,
            (N::Bool, P::Bool, V::Bool(value)) => O::Bool(*value),
            (N::Char, P::Char, V::Char(value)) => O::Char(*value),
            (N::Str, P::Str, V::Str(value)) => O::Str(value.clone()),
            (N::Int(code), P::Int(_), V::Int(value)) => {
                let (least, most) = range(*code);
                return (least..=most).contains(value).then_some(O::Int(*value));
            }
            (N::F64, P::Int(_), V::Int(value)) if exact(*value, 53) => f64(*value as f64),
            (N::F32, P::Int(_), V::Int(value)) if exact(*value, 24) => f32(*value as f32),
            (N::F64, P::F64, V::F64(value)) => f64(*value),
            (N::F32, P::F32, V::F32(value)) => f32(*value),
            (N::F64, P::F32, V::F32(value)) => f64(f64::from(*value)),
            (N::F32, P::F64, V::F64(value)) => {
                let narrow = *value as f32;
                return (value.is_nan() || f64::from(narrow) == *value).then(|| f32(narrow));
            }
            (N::Record(_, ours, says), P::Record(_, version, theirs), V::Parts(values)) => {
                if says.deny_newer && *version > says.version {
                    return None;
                }
                let fields = theirs.list.iter().zip(values);
                let mut fields: Named =
                    fields.map(|((name, p), v)| (name.clone(), p.clone(), v.clone())).collect();
                for upgrade in says.upgrades.iter().skip(*version as usize) {
                    upgrade(&mut fields);
                }
                let fields: Vec<_> = fields.iter().map(|(name, p, v)| (&**name, p, v)).collect();
                O::Parts(self.fields(ours, &fields, says.deny_unknown)?)
            }
            (N::Enum(_, ours), P::Enum(_, theirs), V::Variant(number, values)) => {
                let (name, theirs) = &theirs[*number];
                let found = ours.iter().position(|own| own.name == name && !own.other);
                let found =
                    found.or_else(|| ours.iter().position(|own| own.aliases.contains(&&**name)));
                let Some(at) = found else {
                    let other = ours.iter().position(|own| own.other)?;
                    return Some(O::Variant(other, Vec::new()));
                };
                let fields: Vec<_> =
                    theirs.list.iter().zip(values).map(|((name, p), v)| (&**name, p, v)).collect();
                O::Variant(at, self.fields(&ours[at].fields, &fields, false)?)
            }
            (N::List(of), P::List(theirs), V::List(values))
            | (N::List(of), P::Array(_, theirs), V::Parts(values)) => {
                O::List(self.each(of, theirs, values)?)
            }
            (N::Set(of), P::List(theirs), V::List(values))
            | (N::Set(of), P::Array(_, theirs), V::Parts(values)) => {
                let values = self.each(of, theirs, values)?;
                O::List(self.set(values)?)
            }
            (N::Array(length, of), P::List(theirs), V::List(values))
            | (N::Array(length, of), P::Array(_, theirs), V::Parts(values)) => {
                if values.len() != *length {
                    return None;
                }
                O::Parts(self.each(of, theirs, values)?)
            }
            (N::Map(key, value), P::Map(of), V::Map(entries)) => {
                let pair = |(key, value): &(V, V)| (key.clone(), value.clone());
                self.entries((key, value), (&of.0, &of.1), entries.iter().map(pair))?
            }
            (N::Map(key, value), P::List(of), V::List(values)) => match &**of {
                P::Tuple(parts) if parts.len() == 2 => {
                    let pair = |pair: &V| match pair {
                        V::Parts(pair) => (pair[0].clone(), pair[1].clone()),
                        _ => unreachable!("a tuple has parts"),
                    };
                    self.entries((key, value), (&parts[0], &parts[1]), values.iter().map(pair))?
                }
                _ => return None,
            },
            (N::List(of) | N::Set(of), P::Map(theirs), V::Map(entries)) => match of() {
                N::Tuple(parts) if parts.len() == 2 => {
                    let mut list = Vec::new();
                    for (key, value) in entries {
                        let key = self.value(&parts[0](), &theirs.0, key)?;
                        list.push(O::Parts(vec![key, self.value(&parts[1](), &theirs.1, value)?]));
                    }
                    if matches!(n, N::Set(_)) {
                        list = self.set(list)?;
                    }
                    O::List(list)
                }
                _ => return None,
            },
            (N::Tuple(ours), P::Tuple(theirs), V::Parts(values)) if ours.len() == theirs.len() => {
                let parts = ours.iter().zip(theirs).zip(values);
                let parts = parts.map(|((n, p), v)| self.value(&n(), p, v));
                O::Parts(parts.collect::<Option<_>>()?)
            }
            (N::Option(of), P::Option(theirs), V::Option(value)) => O::Option(match value {
                Some(value) => Some(Box::new(self.value(&of(), theirs, value)?)),
                None => None,
            }),
            (N::Shared(id, of), P::Shared(theirs), V::Shared(number, _, content)) => {
                O::Shared(*number, Box::new(self.object(*id, of, theirs, (*number, content))?))
            }
            (N::Weak(id, of), P::Weak(theirs), V::Weak(to)) => O::Weak(match to {
                Some((number, content)) => {
                    let content = self.object(*id, of, theirs, (*number, content))?;
                    Some((*number, Box::new(content)))
                }
                None => None,
            }),
            // Whether it is there is a question to what is behind the pointer.
            (N::Option(of), P::Shared(theirs), V::Shared(_, _, content))
                if matches!(**theirs, P::Option(_)) && !matches!(of(), N::Shared(..)) =>
            {
                return self.value(n, theirs, content);
            }
            (N::Shared(_, of), P::Option(theirs), _)
                if matches!(of(), N::Option(_)) && !matches!(**theirs, P::Shared(_)) =>
            {
                self.own(of, p, v)?
            }
            (_, P::Option(theirs), V::Option(value)) => {
                return self.value(n, theirs, value.as_ref()?);
            }
            (N::Option(of), _, _) => O::Option(Some(Box::new(self.value(&of(), p, v)?))),
            (_, P::Shared(theirs), V::Shared(_, _, content)) => {
                return self.value(n, theirs, content);
            }
            (N::Shared(_, of), _, _) => self.own(of, p, v)?,
            (N::Enum(_, variants), P::Record(held, ..), _) => {
                let holds = |variant: &Variant| match &variant.fields[..] {
                    [field] => matches!((field.of)(), N::Record(name, ..) if name == held),
                    _ => false,
                };
                let mut found = variants.iter().enumerate().filter(|(_, variant)| holds(variant));
                let (at, variant) = found.next()?;
                if found.next().is_some() {
                    return None;
                }
                O::Variant(at, vec![self.value(&(variant.fields[0].of)(), p, v)?])
            }
            (N::Record(name, ..), P::Enum(_, variants), V::Variant(number, values)) => {
                let holds = |fields: &super::program::Fields| match &fields.list[..] {
                    [(_, P::Record(held, ..))] => held == name,
                    _ => false,
                };
                let mut found = variants.iter().enumerate().filter(|(_, (_, of))| holds(of));
                let (at, (_, fields)) = found.next()?;
                if found.next().is_some() || at != *number {
                    return None;
                }
                return self.value(n, &fields.list[0].1, &values[0]);
            }
            _ => return None,
        })
    }

    /// What an object holds: made where it is met first, of whatever pointer.
    fn object(&mut self, id: TypeId, of: &Type, p: &P, (number, v): (usize, &V)) -> Option<O> {
        if let Some((as_this, made)) = self.made.get(&number) {
            self.by_value |= *as_this != id;
            return (*as_this == id).then(|| made.clone());
        }
        let content = self.value(&of(), p, v)?;
        self.made.insert(number, (id, content.clone()));
        Some(content)
    }

    /// In order, and none twice.
    fn set(&mut self, mut values: Vec<O>) -> Option<Vec<O>> {
        let count = values.len();
        values.sort();
        values.dedup();
        self.by_value |= values.len() < count;
        (values.len() == count).then_some(values)
    }

    fn own(&mut self, of: &fn() -> N, p: &P, v: &V) -> Option<O> {
        self.own += 1;
        // The stream numbers its objects from 0 on.
        let number = usize::MAX - self.own;
        Some(O::Shared(number, Box::new(self.value(&of(), p, v)?)))
    }

    fn each(&mut self, of: &fn() -> N, theirs: &P, values: &[V]) -> Option<Vec<O>> {
        values.iter().map(|value| self.value(&of(), theirs, value)).collect()
    }

    fn entries(
        &mut self,
        ours: (&Type, &Type),
        theirs: (&P, &P),
        entries: impl Iterator<Item = (V, V)>,
    ) -> Option<O> {
        let mut map = BTreeMap::new();
        for (key, value) in entries {
            let key = self.value(&ours.0(), theirs.0, &key)?;
            if map.insert(key, self.value(&ours.1(), theirs.1, &value)?).is_some() {
                // Keys that were objects of their own, with one content: no map has written that.
                self.by_value = true;
                return None;
            }
        }
        Some(O::Map(map.into_iter().collect()))
    }

    fn fields(&mut self, ours: &[Field], theirs: &[(&str, &P, &V)], deny: bool) -> Option<Vec<O>> {
        let mut known = Vec::new();
        let mut values = Vec::new();
        for field in ours {
            let names = std::iter::once(&*field.name).chain(field.aliases.iter().copied());
            let mut found = names.filter_map(|name| theirs.iter().position(|(of, ..)| *of == name));
            let Some(at) = found.next() else {
                values.push(field.default.clone()?);
                continue;
            };
            known.push(at);
            let (_, p, v) = theirs[at];
            values.push(self.field(field, p, v)?);
        }
        let unknown = (0..theirs.len()).any(|at| !known.contains(&at));
        (!(deny && unknown)).then_some(values)
    }

    fn field(&mut self, field: &Field, p: &P, v: &V) -> Option<O> {
        let own = (field.of)();
        let by = if same(&own, p) {
            None
        } else if let Some(exact) = field.converts.iter().find(|(from, _)| same(&from(), p)) {
            Some(exact)
        } else if fits(&own, p) {
            None
        } else {
            field.converts.iter().find(|(from, _)| fits(&from(), p))
        };
        let from = by.map_or(own, |(from, _)| from());
        if let (V::Option(None), Some(default)) = (v, &field.default)
            && !takes_options(&from, p)
        {
            return Some(default.clone());
        }
        let value = self.value(&from, p, v)?;
        let Some((_, convert)) = by else { return Some(value) };
        let value = convert(value);
        self.by_value |= value.is_none();
        value
    }
}

/// Whether `None` is a value of ours.
fn takes_options(n: &N, p: &P) -> bool {
    match (n, p) {
        (N::Option(_), _) => true,
        (N::Shared(_, of), P::Option(theirs)) => {
            matches!(of(), N::Option(_)) && !matches!(**theirs, P::Shared(_))
        }
        _ => false,
    }
}

/// Whether the types are one, of those that are converted from.
fn same(n: &N, p: &P) -> bool {
    match (n, p) {
        (N::Int(ours), P::Int(theirs)) => ours == theirs,
        (N::Unit, P::Unit) | (N::Bool, P::Bool) | (N::Char, P::Char) | (N::Str, P::Str) => true,
        (N::F32, P::F32) | (N::F64, P::F64) => true,
        (N::List(ours), P::List(theirs)) | (N::Option(ours), P::Option(theirs)) => {
            same(&ours(), theirs)
        }
        (N::Tuple(ours), P::Tuple(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(n, p)| same(&n(), p))
        }
        _ => false,
    }
}

/// Whether some rule fits, of those for the types that are converted from, below what stands around both.
fn fits(n: &N, p: &P) -> bool {
    match (n, p) {
        (N::Option(ours) | N::Shared(_, ours), P::Option(theirs) | P::Shared(theirs)) => {
            fits(&ours(), theirs)
        }
        (N::List(ours), P::List(theirs) | P::Array(_, theirs)) => fits(&ours(), theirs),
        (_, P::Option(theirs) | P::Shared(theirs)) => fits(n, theirs),
        (N::Option(ours) | N::Shared(_, ours), _) => fits(&ours(), p),
        (N::Int(_), P::Int(_)) | (N::F32 | N::F64, P::Int(_) | P::F32 | P::F64) => true,
        (N::Unit, P::Unit) | (N::Bool, P::Bool) | (N::Char, P::Char) | (N::Str, P::Str) => true,
        (N::List(of), P::Map(..)) => matches!(of(), N::Tuple(parts) if parts.len() == 2),
        (N::Tuple(ours), P::Tuple(theirs)) => ours.len() == theirs.len(),
        _ => false,
    }
}

/// Whether a float with so many digits has the number.
fn exact(number: i128, digits: u32) -> bool {
    let number = number.unsigned_abs();
    number == 0 || number.ilog2() - number.trailing_zeros() < digits
}
