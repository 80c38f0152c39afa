//! Values as text, for people.

use super::object::{Registered, Shared};
use super::{DynValue, Entries, OsText, Record, Value};
use crate::program::text::Name;
use alloc::collections::BTreeMap;
use alloc::string::ToString;
use core::fmt::{self, Display, Write};

/// What nests deeper is cut off.
const MAX_DEPTH: usize = 64;
/// Bytes of a list of them that are shown.
const SHOWN_BYTES: usize = 64;
const CUT: &str = "...";
const INDENT: &str = "    ";

/// On one line, `{:#}` on several. Shared objects have numbers: `#1 = ...` where one stands first, `#1` where it stands again,
/// `weak #1` for a weak reference.
///
/// ```
/// use reduce_core::Value;
///
/// let shared = Value::shared(7u8);
/// let value = Value::tuple([shared.clone(), shared, Value::from(vec![1u16, 2])]);
/// assert_eq!(value.to_string(), "(#1 = 7, #1, [1, 2])");
/// assert_eq!(format!("{:#}", value[2]), "[\n    1,\n    2,\n]");
/// ```
impl Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pretty = f.alternate();
        Printer { out: f, pretty, depth: 0, indent: 0, numbers: BTreeMap::new() }.value(self)
    }
}

/// As [`Display`].
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// As that of a [`Value`].
impl Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pretty = f.alternate();
        Printer { out: f, pretty, depth: 0, indent: 0, numbers: BTreeMap::new() }.record("", self)
    }
}

/// As [`Display`].
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

struct Printer<'a, 'f> {
    out: &'a mut fmt::Formatter<'f>,
    pretty: bool,
    depth: usize,
    /// Lines begin so many levels to the right.
    indent: usize,
    /// Objects by their identity.
    numbers: BTreeMap<(usize, usize), Numbered>,
}

#[derive(Clone, Copy)]
struct Numbered {
    number: usize,
    shown: bool,
}

impl Printer<'_, '_> {
    fn value(&mut self, value: &Value) -> fmt::Result {
        match value {
            Value::Unit => self.out.write_str("()"),
            Value::Bool(value) => write!(self.out, "{value}"),
            Value::Char(value) => write!(self.out, "{value:?}"),
            Value::U8(value) => write!(self.out, "{value}"),
            Value::U16(value) => write!(self.out, "{value}"),
            Value::U32(value) => write!(self.out, "{value}"),
            Value::U64(value) => write!(self.out, "{value}"),
            Value::U128(value) => write!(self.out, "{value}"),
            Value::I8(value) => write!(self.out, "{value}"),
            Value::I16(value) => write!(self.out, "{value}"),
            Value::I32(value) => write!(self.out, "{value}"),
            Value::I64(value) => write!(self.out, "{value}"),
            Value::I128(value) => write!(self.out, "{value}"),
            // Not `{:?}` of the whole: a `{:#}` would reach it.
            Value::F32(value) => write!(self.out, "{value:?}"),
            Value::F64(value) => write!(self.out, "{value:?}"),
            Value::Str(text) => write!(self.out, "{text:?}"),
            Value::OsText(OsText::Text(text)) => write!(self.out, "os {text:?}"),
            Value::OsText(OsText::Bytes(bytes)) => self.bytes("os b", bytes),
            Value::OsText(OsText::Wide(bytes)) => self.bytes("os wide b", bytes),
            Value::Bytes(bytes) | Value::ByteArray(bytes) => self.bytes("b", bytes),
            Value::List(elements) | Value::Array(elements) => self.values("[", elements, "]"),
            Value::Tuple(elements) if elements.len() == 1 && !self.pretty => {
                self.values("(", elements, ",)")
            }
            Value::Tuple(elements) => self.values("(", elements, ")"),
            Value::Map(entries) => self.map(entries),
            Value::Optional(optional) => match optional.get() {
                Some(value) => self.inside("Some(", value),
                None => self.out.write_str("None"),
            },
            Value::Record(record) => self.record("", record),
            Value::Enum(variant) => {
                write!(self.out, "{}::", Name(variant.enum_name()))?;
                self.record("", variant.fields())
            }
            Value::Shared(shared) => self.shared(shared),
            Value::Weak(shared) => self.weak(shared),
            Value::Dyn(object) => self.object("dyn ", object),
            Value::Dispatch(object) => self.object("dispatch ", object),
            Value::Persistent(id) => self.inside("persistent(", id.get()),
            Value::Unread(_) => self.out.write_str("unread"),
        }
    }

    fn bytes(&mut self, mark: &str, bytes: &[u8]) -> fmt::Result {
        let shown = bytes.get(..SHOWN_BYTES).unwrap_or(bytes);
        write!(self.out, "{mark}\"{}\"", shown.escape_ascii())?;
        match bytes.len() - shown.len() {
            0 => Ok(()),
            more => write!(self.out, "{CUT} {more} more bytes"),
        }
    }

    /// Goes a level deeper; nothing where that is too deep.
    fn deeper(&mut self, show: impl FnOnce(&mut Self) -> fmt::Result) -> fmt::Result {
        if self.depth >= MAX_DEPTH {
            return self.out.write_str(CUT);
        }
        self.depth += 1;
        let done = show(self);
        self.depth -= 1;
        done
    }

    /// One value in round brackets.
    fn inside(&mut self, open: &str, value: &Value) -> fmt::Result {
        self.out.write_str(open)?;
        self.deeper(|printer| printer.value(value))?;
        self.out.write_char(')')
    }

    /// Parts between brackets, each on a line of its own where lines are.
    fn parts<T>(
        &mut self,
        brackets: (&str, &str),
        parts: impl ExactSizeIterator<Item = T>,
        mut show: impl FnMut(&mut Self, T) -> fmt::Result,
    ) -> fmt::Result {
        let (open, close) = brackets;
        let (open, close) =
            if self.pretty { (open.trim_end(), close.trim_start()) } else { (open, close) };
        self.out.write_str(open)?;
        if parts.len() > 0 {
            self.indent += 1;
            self.deeper(|printer| {
                for (n, part) in parts.enumerate() {
                    if printer.pretty {
                        printer.line()?;
                    } else if n > 0 {
                        printer.out.write_str(", ")?;
                    }
                    show(printer, part)?;
                    if printer.pretty {
                        printer.out.write_char(',')?;
                    }
                }
                Ok(())
            })?;
            self.indent -= 1;
            if self.pretty && self.depth < MAX_DEPTH {
                self.line()?;
            }
        }
        self.out.write_str(close)
    }

    fn line(&mut self) -> fmt::Result {
        self.out.write_char('\n')?;
        (0..self.indent).try_for_each(|_| self.out.write_str(INDENT))
    }

    fn values(&mut self, open: &str, values: &[Value], close: &str) -> fmt::Result {
        self.parts((open, close), values.iter(), |printer, value| printer.value(value))
    }

    fn map(&mut self, entries: &Entries) -> fmt::Result {
        self.parts(("{", "}"), entries.iter(), |printer, (key, value)| {
            printer.value(key)?;
            printer.out.write_str(": ")?;
            printer.value(value)
        })
    }

    fn record(&mut self, mark: &str, record: &Record) -> fmt::Result {
        write!(self.out, "{mark}{}", Name(record.name()))?;
        if record.is_empty() {
            return Ok(());
        }
        if !record.is_named() {
            return self.values("(", record.values(), ")");
        }
        self.parts((" { ", " }"), record.iter(), |printer, (name, value)| {
            write!(printer.out, "{}: ", Name(&name))?;
            printer.value(value)
        })
    }

    /// A registered value; its name is not said twice.
    fn object(&mut self, mark: &str, object: &DynValue) -> fmt::Result {
        match (object.registered(), object.get()) {
            (Registered::Name(name), Value::Record(record)) if record.name() == &**name => {
                self.record(mark, record)
            }
            (registered, value) => {
                self.out.write_str(mark)?;
                self.registered(registered)?;
                self.inside("(", value)
            }
        }
    }

    fn registered(&mut self, registered: &Registered) -> fmt::Result {
        match registered {
            Registered::Name(name) => write!(self.out, "{}", Name(name)),
            code => self.out.write_str(&code.to_string()),
        }
    }

    fn number(&mut self, shared: &Shared) -> Option<((usize, usize), Numbered)> {
        let id = shared.id()?;
        let next = self.numbers.len() + 1;
        let numbered = self.numbers.entry(id).or_insert(Numbered { number: next, shown: false });
        Some((id, *numbered))
    }

    fn shared(&mut self, shared: &Shared) -> fmt::Result {
        let Some((id, Numbered { number, shown })) = self.number(shared) else {
            return self.out.write_str("#none");
        };
        write!(self.out, "#{number}")?;
        if shown {
            return Ok(());
        }
        self.numbers.insert(id, Numbered { number, shown: true });
        self.out.write_str(" = ")?;
        self.deeper(|printer| printer.value(&shared.get()))
    }

    fn weak(&mut self, shared: &Shared) -> fmt::Result {
        match self.number(shared) {
            Some((_, Numbered { number, .. })) => write!(self.out, "weak #{number}"),
            None => self.out.write_str("weak none"),
        }
    }
}
