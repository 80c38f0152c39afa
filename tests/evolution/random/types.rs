//! Types of ours, with what the model has to know of them.

use super::program::{P, V};
use super::reading::{Conversion, Field, N, Named, O, Says, Variant, f32, f64};
use reduce_core::{Error, Record, Reduce, Value};
use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::{Rc, Weak};

/// A type that the model knows.
pub trait Known: 'static {
    fn model() -> N;
    fn outcome(&self) -> O;
}

macro_rules! integers {
    ($($of:ty = $code:literal),*) => {$(
        impl Known for $of {
            fn model() -> N { N::Int($code) }
            fn outcome(&self) -> O { O::Int(*self as i128) }
        }
    )*};
}
integers! {
    u8 = 0x04, u16 = 0x05, u32 = 0x06, u64 = 0x07, u128 = 0x08,
    i8 = 0x09, i16 = 0x0a, i32 = 0x0b, i64 = 0x0c, i128 = 0x0d
}

macro_rules! known {
    ($([$($generic:ident),*] $of:ty = $model:expr, |$value:ident| $outcome:expr;)*) => {$(
        impl<$($generic: Known),*> Known for $of {
            fn model() -> N { $model }
            fn outcome(&self) -> O { let $value = self; $outcome }
        }
    )*};
}
known! {
    [] () = N::Unit, |_value| O::Unit;
    [] bool = N::Bool, |value| O::Bool(*value);
    [] char = N::Char, |value| O::Char(*value);
    [] f32 = N::F32, |value| f32(*value);
    [] f64 = N::F64, |value| f64(*value);
    [] String = N::Str, |value| O::Str(value.clone());
    [T] Box<T> = T::model(), |value| (**value).outcome();
    [T] Vec<T> = N::List(T::model), |value| O::List(value.iter().map(T::outcome).collect());
    [T] BTreeSet<T> = N::Set(T::model), |value| O::List(value.iter().map(T::outcome).collect());
    [T] Option<T> = N::Option(T::model), |value| O::Option(value.as_ref().map(|value| Box::new(value.outcome())));
    [K, V] BTreeMap<K, V> = N::Map(K::model, V::model), |value| {
        O::Map(value.iter().map(|(key, value)| (key.outcome(), value.outcome())).collect())
    };
    [A, B] (A, B) = N::Tuple(vec![A::model, B::model]), |value| {
        O::Parts(vec![value.0.outcome(), value.1.outcome()])
    };
    [T] Rc<T> = N::Shared(TypeId::of::<T>(), T::model), |value| {
        O::Shared(Rc::as_ptr(value).addr(), Box::new((**value).outcome()))
    };
    [T] Weak<T> = N::Weak(TypeId::of::<T>(), T::model), |value| {
        O::Weak(value.upgrade().map(|to| (Rc::as_ptr(&to).addr(), Box::new((*to).outcome()))))
    };
}

impl<T: Known, const LENGTH: usize> Known for [T; LENGTH] {
    fn model() -> N {
        N::Array(LENGTH, T::model)
    }

    fn outcome(&self) -> O {
        O::Parts(self.iter().map(T::outcome).collect())
    }
}

/// What a field's attributes say.
#[derive(Default)]
struct Said {
    aliases: &'static [&'static str],
    default: Option<O>,
    converts: Vec<Conversion>,
}

fn plain() -> Said {
    Said::default()
}

fn alias(aliases: &'static [&'static str]) -> Said {
    Said { aliases, ..plain() }
}

impl Said {
    fn filled<T: Known + Default>(self) -> Self {
        Said { default: Some(T::default().outcome()), ..self }
    }

    fn of<T: Known>(self, name: impl ToString) -> Field {
        let Said { aliases, default, converts } = self;
        Field { name: name.to_string(), of: T::model, aliases, default, converts }
    }
}

macro_rules! record {
    ($($(#[$of_type:meta])* $name:ident = $stored:literal $(says $says:expr)? ; {
        $($(#[$of_field:meta])* $field:ident: $of:ty = $said:expr),* $(,)?
    })*) => {$(
        #[derive(Reduce, Debug)]
        #[reduce(name = $stored)]
        $(#[$of_type])*
        pub struct $name { $($(#[$of_field])* $field: $of),* }
        impl Known for $name {
            fn model() -> N {
                let fields = vec![$($said.of::<$of>(stringify!($field))),*];
                #[allow(unused_mut, unused_assignments)]
                let mut says = Says::default();
                $(says = $says;)?
                N::Record($stored, fields, says)
            }
            fn outcome(&self) -> O { O::Parts(vec![$(self.$field.outcome()),*]) }
        }
    )*};
}

fn seven() -> u32 {
    7
}

fn length(old: String) -> u32 {
    old.len() as u32
}

fn sum(old: (u8, u8)) -> Result<u32, std::num::TryFromIntError> {
    u8::try_from(u32::from(old.0) + u32::from(old.1)).map(u32::from)
}

fn converted() -> Said {
    let length: fn(O) -> Option<O> = |old| match old {
        O::Str(old) => Some(O::Int(old.len() as i128)),
        _ => None,
    };
    let sum: fn(O) -> Option<O> = |old| match old {
        O::Parts(old) => match old[..] {
            [O::Int(a), O::Int(b)] if a + b < 256 => Some(O::Int(a + b)),
            _ => None,
        },
        _ => None,
    };
    Said { converts: vec![(String::model, length), (<(u8, u8)>::model, sum)], ..plain() }
}

const STRICT: Says = Says { deny_unknown: true, deny_newer: true, upgrades: &[], version: 1 };

/// `old` is called `a` now.
fn first_step(record: &mut Record) -> Result<(), Error> {
    if record.contains("old") && !record.contains("a") {
        record.rename("old", "a")?;
    }
    Ok(())
}

/// What is gone is taken out, `b` is new, and a number becomes a text.
fn second_step(record: &mut Record) -> Result<(), Error> {
    record.remove("1");
    if !record.contains("b") {
        record.insert("b", 7u8)?;
    }
    if let Some(Value::U8(number)) = record.get("c") {
        let text = number.to_string();
        record.set("c", text)?;
    }
    Ok(())
}

const UPGRADED: Says =
    Says { deny_unknown: false, deny_newer: false, upgrades: &[to_first, to_second], version: 2 };

/// As `first_step`.
fn to_first(fields: &mut Named) {
    let at = |name: &str, fields: &Named| fields.iter().position(|(other, ..)| other == name);
    if let (Some(old), None) = (at("old", fields), at("a", fields)) {
        fields[old].0 = "a".into();
    }
}

/// As `second_step`.
fn to_second(fields: &mut Named) {
    fields.retain(|(name, ..)| name != "1");
    if fields.iter().all(|(name, ..)| name != "b") {
        fields.push(("b".into(), P::Int(0x04), V::Int(7)));
    }
    for (name, p, v) in fields {
        if let ("c", P::Int(0x04), V::Int(number)) = (&**name, &*p, &*v) {
            (*p, *v) = (P::Str, V::Str(number.to_string()));
        }
    }
}

record! {
    Numbers = "r.A"; { a: u16 = plain(), b: i64 = plain(), c: f64 = plain(), x: u8 = plain() }
    Filled = "r.A"; {
        #[reduce(default)] a: Option<u32> = plain().filled::<Option<u32>>(),
        #[reduce(default = seven)] b: u32 = Said { default: Some(O::Int(7)), ..plain() },
        #[reduce(default)] c: String = plain().filled::<String>(),
        #[reduce(default)] x: Vec<i16> = plain().filled::<Vec<i16>>(),
    }
    Renamed = "r.B"; {
        #[reduce(alias = "old", alias = "gone")] b: u32 = alias(&["old", "gone"]),
        #[reduce(alias = "1", default)] a: i8 = alias(&["1"]).filled::<i8>(),
        #[reduce(alias = "c")] x: Option<bool> = alias(&["c"]),
    }
    #[reduce(deny_unknown, version = 1, deny_newer)]
    Strict = "r.B" says STRICT; { a: char = plain(), b: f32 = plain() }
    Converted = "r.B"; {
        #[reduce(convert = length, convert = sum)] a: u32 = converted(),
        #[reduce(convert = length, convert = sum, default)] b: u32 = converted().filled::<u32>(),
        c: Option<()> = plain(),
    }
    Lists = "r.A"; {
        a: Vec<(u8, String)> = plain(),
        b: BTreeMap<i32, Option<u8>> = plain(),
        c: [u16; 2] = plain(),
        x: BTreeSet<u64> = plain(),
    }
    Pointers = "r.A"; {
        a: Rc<u32> = plain(),
        b: Rc<u32> = plain(),
        c: Vec<Rc<u32>> = plain(),
        #[reduce(default)] x: Option<Rc<u32>> = plain().filled::<Option<Rc<u32>>>(),
    }
    Weaks = "r.A"; {
        a: Weak<u32> = plain(),
        b: Option<Rc<u32>> = plain(),
        #[reduce(default)] c: Vec<Weak<u32>> = plain().filled::<Vec<Weak<u32>>>(),
        #[reduce(alias = "gone", default)] x: Option<Weak<Pair>> = alias(&["gone"]).filled::<Option<Weak<Pair>>>(),
    }
    OtherPointers = "r.A"; {
        a: Rc<u64> = plain(),
        b: Vec<u32> = plain(),
        c: Rc<Option<u32>> = plain(),
        x: Option<Rc<u64>> = plain(),
    }
    Deep = "r.Tree"; {
        a: Option<Rc<Numbers>> = plain(),
        b: Vec<Rc<Pair>> = plain(),
        c: BTreeMap<String, Kind> = plain(),
        x: Rc<Pair> = plain(),
    }
    Tree = "r.Tree"; {
        a: i32 = plain(),
        #[reduce(alias = "old")] b: Option<Box<Tree>> = alias(&["old"]),
        c: Vec<Tree> = plain(),
        #[reduce(default)] x: Option<Rc<Tree>> = plain().filled::<Option<Rc<Tree>>>(),
    }
    Moved = "r.Pair"; {
        x: Option<Kind> = plain(),
        c: Rc<Pair> = plain(),
        a: Pair = plain(),
    }
    #[reduce(version = 2, upgrade(0 = first_step, 1 = second_step))]
    Upgraded = "r.A" says UPGRADED; {
        a: Rc<u32> = plain(),
        b: u32 = plain(),
        c: Option<String> = plain(),
        #[reduce(default, alias = "gone")] x: Vec<Rc<u32>> = alias(&["gone"]).filled::<Vec<Rc<u32>>>(),
    }
    #[reduce(version = 2, upgrade(0 = first_step, 1 = second_step), deny_unknown)]
    StrictlyUpgraded = "r.Pair" says Says { deny_unknown: true, ..UPGRADED }; {
        #[reduce(convert = length)] a: u32 = Said { converts: vec![converted().converts.remove(0)], ..plain() },
        b: i8 = plain(),
    }
}

/// A struct whose fields go by position.
#[derive(Reduce, Debug)]
#[reduce(name = "r.Pair")]
pub struct Pair(i16, #[reduce(default)] Option<String>);

impl Known for Pair {
    fn model() -> N {
        let second = plain().filled::<Option<String>>().of::<Option<String>>(1);
        N::Record("r.Pair", vec![plain().of::<i16>(0), second], Says::default())
    }

    fn outcome(&self) -> O {
        O::Parts(vec![self.0.outcome(), self.1.outcome()])
    }
}

#[derive(Reduce, Debug)]
#[reduce(name = "r.Kind")]
pub enum Kind {
    A,
    B(u32, #[reduce(default)] bool),
    #[reduce(alias = "D", alias = "OLD")]
    C {
        a: Rc<u32>,
        #[reduce(default, alias = "b")]
        x: i64,
    },
    Held(Pair),
    #[reduce(other)]
    Other,
}

fn variant(name: &'static str, fields: Vec<Field>) -> Variant {
    Variant { name, aliases: &[], fields, other: false }
}

impl Known for Kind {
    fn model() -> N {
        let b = vec![plain().of::<u32>(0), plain().filled::<bool>().of::<bool>(1)];
        let x = alias(&["b"]).filled::<i64>().of::<i64>("x");
        let c = vec![plain().of::<Rc<u32>>("a"), x];
        let variants = vec![
            variant("A", Vec::new()),
            variant("B", b),
            Variant { aliases: &["D", "OLD"], ..variant("C", c) },
            variant("Held", vec![plain().of::<Pair>(0)]),
            Variant { other: true, ..variant("Other", Vec::new()) },
        ];
        N::Enum("r.Kind", variants)
    }

    fn outcome(&self) -> O {
        match self {
            Kind::A => O::Variant(0, Vec::new()),
            Kind::B(a, b) => O::Variant(1, vec![a.outcome(), b.outcome()]),
            Kind::C { a, x } => O::Variant(2, vec![a.outcome(), x.outcome()]),
            Kind::Held(pair) => O::Variant(3, vec![pair.outcome()]),
            Kind::Other => O::Variant(4, Vec::new()),
        }
    }
}

/// An enum that takes nothing that it does not know, and is none with records.
#[derive(Reduce, Debug)]
#[reduce(name = "r.Point")]
pub enum Point {
    #[reduce(alias = "GONE")]
    Flat {
        x: f32,
        #[reduce(alias = "a")]
        b: Vec<u8>,
    },
    Round(Option<Box<Point>>),
}

impl Known for Point {
    fn model() -> N {
        let flat = vec![plain().of::<f32>("x"), alias(&["a"]).of::<Vec<u8>>("b")];
        let round = vec![plain().of::<Option<Box<Point>>>(0)];
        let flat = Variant { aliases: &["GONE"], ..variant("Flat", flat) };
        N::Enum("r.Point", vec![flat, variant("Round", round)])
    }

    fn outcome(&self) -> O {
        match self {
            Point::Flat { x, b } => O::Variant(0, vec![x.outcome(), b.outcome()]),
            Point::Round(of) => O::Variant(1, vec![of.outcome()]),
        }
    }
}
