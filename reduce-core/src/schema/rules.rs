//! The rules by which a load adapts values of one type to another, as what can be said of them before any value is there.
//!
//! They are those of the loader, and change with it. `compare` walks the types.

use super::model::Type;
use crate::opcode;
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// What a rule says of a pair of types or fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing is worth a word.
    Fits,
    Harmless(Cow<'static, str>),
    /// It rests with the functions of `upgrade`.
    Upgraded(Cow<'static, str>),
    MayFail(Cow<'static, str>),
    Breaks(Cow<'static, str>),
}

use Verdict::{Breaks, Fits, Harmless, MayFail};

/// Who reads what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// The present program reads earlier streams.
    Present,
    /// An earlier program reads present streams.
    Earlier,
}

impl Reader {
    /// How what is read is called.
    pub(super) fn read(self) -> &'static str {
        match self {
            Reader::Present => "old",
            Reader::Earlier => "new",
        }
    }

    /// The types differ, and no value is the worse for it.
    fn fits(self) -> Verdict {
        Harmless(format!("every {} value fits", self.read()).into())
    }

    fn become_other(self, what: &str) -> Verdict {
        Harmless(format!("{} values become {what}", self.read()).into())
    }

    fn may_fail(self, which: impl core::fmt::Display) -> Verdict {
        MayFail(format!("{} values {which} will fail", self.read()).into())
    }
}

/// What becomes of a value of a type where another is asked for, and which parts of both are to be looked at in turn.
/// `default` says that the reader has a value for `None`.
/// Declared types never get here.
pub(super) fn types<'t>(
    from: &'t Type,
    to: &'t Type,
    default: bool,
    reader: Reader,
) -> (Verdict, Vec<(&'t Type, &'t Type)>) {
    let old = reader.read();
    match (from, to) {
        (_, Type::Primitive(opcode::VALUE)) if from != to => {
            (reader.become_other("values of any type"), vec![])
        }
        (Type::Primitive(from), Type::Primitive(to)) => (primitives(*from, *to, reader), vec![]),
        (Type::Option(of), Type::Option(to))
        | (Type::Shared(of), Type::Shared(to))
        | (Type::Weak(of), Type::Weak(to))
        | (Type::Persistent(of), Type::Persistent(to)) => (Fits, vec![(of, to)]),
        // Whether it is there is a question to what is behind the pointer.
        (Type::Shared(of), Type::Option(inner))
            if is_option(of) && !matches!(**inner, Type::Shared(_)) =>
        {
            (no_longer_shared(), vec![(of, to)])
        }
        (Type::Option(of), Type::Shared(inner))
            if is_option(inner) && !matches!(**of, Type::Shared(_)) =>
        {
            (reader.become_other("shared objects"), vec![(from, inner)])
        }
        (Type::Option(of), to) => {
            let none = if default {
                Harmless(format!("`None` in {old} streams becomes the default").into())
            } else {
                reader.may_fail("of `None`")
            };
            (none, vec![(of, to)])
        }
        (from, Type::Option(to)) => (reader.become_other("`Some`"), vec![(from, to)]),
        // A weak reference is one to a shared object, and to nothing else; but it may be shared itself.
        (from @ (Type::Weak(_) | Type::Persistent(_)), to) if !alike(from, held(to)) => {
            (other(old), vec![])
        }
        (from, to @ (Type::Weak(_) | Type::Persistent(_))) if !alike(held(from), to) => {
            (other(old), vec![])
        }
        (Type::Shared(of), to) => (no_longer_shared(), vec![(of, to)]),
        (from, Type::Shared(to)) => (reader.become_other("shared objects"), vec![(from, to)]),
        (Type::List(of), Type::List(to)) => (Fits, vec![(of, to)]),
        (Type::List(of), Type::Array(length, to)) => {
            (reader.may_fail(format_args!("of another length than {length}")), vec![(of, to)])
        }
        (Type::Array(_, of), Type::List(to)) => (reader.become_other("lists"), vec![(of, to)]),
        (Type::Array(from, of), Type::Array(length, to)) if from == length => {
            (Fits, vec![(of, to)])
        }
        (Type::Array(..), Type::Array(length, _)) => {
            (Breaks(format!("{old} values have another length than {length}").into()), vec![])
        }
        (Type::Map(key, value), Type::Map(to_key, to_value)) => {
            (Fits, vec![(key, to_key), (value, to_value)])
        }
        (Type::List(pair), Type::Map(to_key, to_value)) => match &**pair {
            Type::Tuple(pair) => match &pair[..] {
                [key, value] => {
                    let twice = reader.may_fail("with a key that is there twice");
                    (twice, vec![(key, to_key), (value, to_value)])
                }
                _ => (other(old), vec![]),
            },
            _ => (other(old), vec![]),
        },
        (Type::Map(key, value), Type::List(pair)) => match &**pair {
            Type::Tuple(pair) => match &pair[..] {
                [to_key, to_value] => {
                    (reader.become_other("lists"), vec![(key, to_key), (value, to_value)])
                }
                _ => (other(old), vec![]),
            },
            _ => (other(old), vec![]),
        },
        (Type::Tuple(of), Type::Tuple(to)) if of.len() == to.len() => {
            (Fits, of.iter().zip(to).collect())
        }
        (Type::Tuple(_), Type::Tuple(to)) => {
            let message = format!("{old} values do not have {} elements", to.len());
            (Breaks(message.into()), vec![])
        }
        (Type::Dyn(of), Type::Dyn(to)) if of == to => (Fits, vec![]),
        // What counts is the type behind it, which streams name.
        (Type::Dyn(_), Type::Dyn(to)) => {
            (reader.may_fail(format_args!("of types that are not registered for `{to}`")), vec![])
        }
        (Type::Dispatch, Type::Dispatch) => (Fits, vec![]),
        _ => (other(old), vec![]),
    }
}

fn is_option(of: &Type) -> bool {
    matches!(of, Type::Option(_))
}

/// What is behind pointers.
fn held(mut of: &Type) -> &Type {
    while let Type::Option(inner) | Type::Shared(inner) = of {
        of = inner;
    }
    of
}

fn alike(from: &Type, to: &Type) -> bool {
    core::mem::discriminant(from) == core::mem::discriminant(to)
}

fn no_longer_shared() -> Verdict {
    Harmless("objects that were shared are no longer".into())
}

/// No value of one is a value of the other.
pub(super) fn other(old: &str) -> Verdict {
    Breaks(format!("{old} values will fail").into())
}

/// As [`types`], for declared types that are of no use for each other.
pub(super) fn unlike(reader: Reader) -> Verdict {
    other(reader.read())
}

/// Names of types are compared where no field's name says what is meant: at the root, and in lists and the like there.
pub(super) fn other_root(stored: &str, reader: Reader) -> Verdict {
    let old = reader.read();
    Breaks(format!("is `{stored}` in {old} streams, and a root keeps its name").into())
}

/// Whether types with names in these are the same ones at the root.
pub(super) fn keep_names(from: &Type, to: &Type) -> bool {
    let list = |of: &Type| matches!(of, Type::List(_) | Type::Array(..));
    // These may be there on one side alone.
    let pointer = |of: &Type| matches!(of, Type::Option(_) | Type::Shared(_) | Type::Weak(_));
    let map = |of: &Type| matches!(of, Type::Map(..));
    let tuples = matches!((from, to), (Type::Tuple(_), Type::Tuple(_)));
    pointer(from)
        || pointer(to)
        || list(from) && (list(to) || map(to))
        || map(from) && (list(to) || map(to))
        || tuples
}

/// Below a field, names of types are not compared.
pub(super) fn other_name(stored: &str, reader: Reader) -> Verdict {
    Harmless(
        format!(
            "is `{stored}` in {} streams: below a field, names of types are not compared",
            reader.read()
        )
        .into(),
    )
}

/// A function makes the field from a type that it had.
pub(super) fn converted(from: &str, reader: Reader) -> Verdict {
    Harmless(format!("{} values go through `convert` from `{from}`", reader.read()).into())
}

/// A struct became a variant of an enum.
pub(super) fn wrapped(variant: &str, reader: Reader) -> Verdict {
    reader.become_other(&format!("the variant `{variant}`"))
}

/// A variant of an enum became the whole.
pub(super) fn unwrapped(variant: &str, reader: Reader) -> Verdict {
    reader.may_fail(format_args!("that are not of the variant `{variant}`"))
}

/// How many binary digits a float holds.
const F32_DIGITS: u32 = f32::MANTISSA_DIGITS;
const F64_DIGITS: u32 = f64::MANTISSA_DIGITS;

fn primitives(from: u8, to: u8, reader: Reader) -> Verdict {
    if from == to {
        return Fits;
    }
    match (integer(from), integer(to), to) {
        (Some(from), Some(to), _) => integers(from, to, reader),
        (Some(from), None, opcode::F32) => exact(from, "f32", F32_DIGITS, reader),
        (Some(from), None, opcode::F64) => exact(from, "f64", F64_DIGITS, reader),
        _ => match (from, to) {
            (opcode::F32, opcode::F64) | (opcode::STR, opcode::OS_STR) => reader.fits(),
            (opcode::F64, opcode::F32) => reader.may_fail("that `f32` does not hold exactly"),
            (opcode::OS_STR, opcode::STR) => reader.may_fail("that are not Unicode"),
            _ => other(reader.read()),
        },
    }
}

/// The least and the greatest value of an integer type.
#[derive(Clone, Copy)]
struct Range {
    /// Its absolute value, of what is not above zero.
    least: u128,
    greatest: u128,
}

fn integer(code: u8) -> Option<Range> {
    let unsigned = |bits: u32| Range { least: 0, greatest: u128::MAX >> (u128::BITS - bits) };
    let signed = |bits: u32| {
        let greatest = u128::MAX >> (u128::BITS - bits + 1);
        Range { least: greatest + 1, greatest }
    };
    Some(match opcode::plain(code) {
        opcode::U8 => unsigned(u8::BITS),
        opcode::U16 => unsigned(u16::BITS),
        opcode::U32 => unsigned(u32::BITS),
        opcode::U64 => unsigned(u64::BITS),
        opcode::U128 => unsigned(u128::BITS),
        opcode::I8 => signed(i8::BITS),
        opcode::I16 => signed(i16::BITS),
        opcode::I32 => signed(i32::BITS),
        opcode::I64 => signed(i64::BITS),
        opcode::I128 => signed(i128::BITS),
        _ => return None,
    })
}

fn integers(from: Range, to: Range, reader: Reader) -> Verdict {
    let sign = if to.least > 0 { "-" } else { "" };
    let below = format!("below {sign}{}", grouped(to.least));
    let above = format!("above {}", grouped(to.greatest));
    match (from.least > to.least, from.greatest > to.greatest) {
        (false, false) => reader.fits(),
        (true, false) => reader.may_fail(below),
        (false, true) => reader.may_fail(above),
        (true, true) => reader.may_fail(format_args!("{below} or {above}")),
    }
}

fn exact(from: Range, to: &str, digits: u32, reader: Reader) -> Verdict {
    let sure = 1u128 << digits;
    if from.greatest <= sure {
        return reader.fits();
    }
    reader.may_fail(format_args!("beyond {} that `{to}` does not hold exactly", grouped(sure)))
}

/// A number with a comma between each three digits.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && digits.len().saturating_sub(n) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The reader has a field that the stream lacks.
pub(super) fn lacking(default: bool, reader: Reader) -> Verdict {
    match (reader, default) {
        (Reader::Present, true) => {
            Harmless("is new: old streams lack it and get its default".into())
        }
        (Reader::Present, false) => {
            Breaks("is new: old streams lack the field, and it has no `default`".into())
        }
        (Reader::Earlier, true) => {
            Harmless("was removed: earlier programs give it its default".into())
        }
        (Reader::Earlier, false) => {
            Breaks("was removed: earlier programs need the field, and new streams lack it".into())
        }
    }
}

/// The stream has a field that the reader lacks; `keeps` says whether it keeps such.
pub(super) fn unknown(deny: bool, keeps: bool, reader: Reader) -> Verdict {
    match (reader, deny, keeps) {
        (Reader::Present, true, _) => {
            Breaks("was removed: `deny_unknown` refuses old streams that hold it".into())
        }
        (Reader::Present, _, true) => {
            Harmless("was removed: it is kept with the unknown fields of old streams".into())
        }
        (Reader::Present, ..) => Harmless("was removed: it is skipped in old streams".into()),
        (Reader::Earlier, true, _) => {
            Breaks("is new: earlier programs refuse it by `deny_unknown`".into())
        }
        (Reader::Earlier, _, true) => {
            Harmless("is new: earlier programs keep it with what they do not know".into())
        }
        (Reader::Earlier, ..) => Harmless("is new: earlier programs skip it".into()),
    }
}

/// The stream may have fields that its writer did not know, and the reader keeps none.
pub(super) fn kept(deny: bool, reader: Reader) -> Verdict {
    match (reader, deny) {
        (Reader::Present, true) => {
            MayFail("keeps unknown fields no longer: old values with such will fail".into())
        }
        (Reader::Earlier, true) => {
            MayFail("keeps unknown fields: new values with such will fail".into())
        }
        (Reader::Present, false) => {
            Harmless("keeps unknown fields no longer: those in old streams are skipped".into())
        }
        (Reader::Earlier, false) => {
            Harmless("keeps unknown fields: earlier programs skip them".into())
        }
    }
}

/// A field is stored under another name than it is read by.
pub(super) fn renamed(stored: &str, reader: Reader) -> Verdict {
    Harmless(format!("is `{stored}` in {} streams, which is an alias", reader.read()).into())
}

/// A field is a state field on one side alone; `state` says whether the reader's is.
pub(super) fn moved(state: bool, reader: Reader) -> Verdict {
    // In the order of time.
    let became_state = state == (reader == Reader::Present);
    let message = if became_state {
        "moved from the kept fields to the state"
    } else {
        "moved from the state to the kept fields"
    };
    Breaks(format!("{message}: {} streams will fail", reader.read()).into())
}

/// The stream's enum has a variant that the reader lacks.
pub(super) fn unknown_variant(other: Option<&str>, reader: Reader) -> Verdict {
    let change = match reader {
        Reader::Present => "was removed",
        Reader::Earlier => "is new",
    };
    let old = reader.read();
    match other {
        Some("") => Harmless(format!("{change}: {old} values of it are kept as they are").into()),
        Some(other) => Harmless(format!("{change}: {old} values of it become `{other}`").into()),
        None => MayFail(format!("{change}: {old} values of it will fail").into()),
    }
}

/// The stream may have variants that its writer did not know, and the reader keeps none.
pub(super) fn kept_variants(other: Option<&str>, reader: Reader) -> Verdict {
    let change = match reader {
        Reader::Present => "keeps unknown variants no longer",
        Reader::Earlier => "keeps unknown variants",
    };
    let old = reader.read();
    match other {
        Some(other) => Harmless(format!("{change}: {old} values of such become `{other}`").into()),
        None => MayFail(format!("{change}: {old} values of such will fail").into()),
    }
}
