//! Whether the streams of earlier releases still load, checked before a release: the programs of types as text, and what
//! a change of them does.
//!
//! A type may change while streams of its earlier forms are about. What a load makes of those is settled by rules, and most
//! changes do no harm; [`check`] tells the others in a test, before anybody's file fails to load. It compares the types
//! as they are compiled with the programs of earlier releases, which are kept in a file beside the source:
//!
//! ```no_run
//! # use reduce_core::Reduce;
//! # #[derive(Reduce)] struct Order(u8);
//! # #[derive(Reduce)] struct Customer(u8);
//! // In a function with `#[test]`:
//! reduce_core::schema::check("schema/shop.txt").of::<Order>().of::<Customer>().assert();
//! ```
//!
//! The first run with `REDUCE_SCHEMA=overwrite` in the environment makes the file, and one before each release adds to it.
//!
//! | what changes | what becomes of old streams |
//! |---|---|
//! | fields or variants are added, in any place | harmless, where a field has `default` or `rebuild`; otherwise it breaks |
//! | a field is removed | harmless; it breaks where the type has `deny_unknown` |
//! | a variant is removed | values of it fail, where the enum has no `other` |
//! | fields or variants are renamed | harmless with `alias` |
//! | a type is renamed | harmless below a field; it breaks at the root, and where the name is a registered one |
//! | a number's type | what it holds exactly loads; no float becomes an integer |
//! | `T` becomes `Option<T>`, `Rc<T>`, or a variant that holds it alone | harmless |
//! | `Option<T>` becomes `T` | `None` fails, where the field has no `default` |
//! | lists, sets, arrays, maps and lists of pairs among each other | lengths must fit, and keys differ |
//! | a field has `convert` from the type that it had | harmless, where its function takes the value |
//! | a record has a later `version`, and `upgrade` a function for the earlier one | passes: it rests with the function, and what it has to do is listed |
//! | `upgrade` begins at a later version than old streams have | it breaks |
//! | a field becomes a state field, or is one no longer | it breaks |
//! | any other change of a field's type | it breaks |
//!
//! All of that is about streams that carry their programs. A message with a
//! [fingerprint](crate::Dumper::fingerprint) in place of them is loaded by the very same types alone.
//!
//! Without `std` there is all but the file: a [`Schema`] is made of types or of text, and [`compare`] says what becomes of
//! the streams of one in the programs of another.

mod attributes;
mod change;
#[cfg(feature = "std")]
mod check;
mod collect;
mod compare;
mod fields;
#[cfg(feature = "std")]
mod history;
mod model;
mod order;
mod parse;
mod print;
mod rules;
mod same;
mod tokens;
mod versions;

pub use change::{Change, Changes, Severity, compare};
#[cfg(feature = "std")]
pub use check::{Check, Report, check};

use crate::describe::Describe;
use crate::registry::Registry;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;
use model::{Model, Root};

/// The programs of some types and of all types below them, as a text that reads like declarations in Rust.
///
/// The text is the same for the same types, whatever order they were added in, and each field stands on a line of its own,
/// so it is fit for a repository. It can be read back.
///
/// ```
/// use reduce_core::Reduce;
/// use reduce_core::schema::Schema;
///
/// #[derive(Reduce)]
/// #[reduce(name = "shop.Order")]
/// struct Order {
///     id: u64,
///     lines: Vec<(String, u32)>,
/// }
///
/// let schema = Schema::new().of::<Order>();
/// let text = "\
/// root shop.Order
///
/// struct shop.Order {
///     id: u64,
///     lines: list<tuple<str, u32>>,
/// }
/// ";
/// assert_eq!(schema.to_string(), text);
/// assert_eq!(text.parse(), Ok(schema));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    model: Model,
}

impl Schema {
    /// The programs of no types.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a type that streams hold, under its name in streams; a type without one goes by its program, such as
    /// `list<u32>`. Types below it come along, but for those behind trait objects: [`registry`](Self::registry) adds them.
    ///
    /// Two types must not have one name: give one of them another with [`named`](Self::named).
    #[must_use]
    pub fn of<T: Describe + ?Sized>(self) -> Self {
        self.add(T::def(), None, false)
    }

    /// With a type that streams hold, under this name.
    ///
    /// ```
    /// use reduce_core::schema::Schema;
    ///
    /// let schema = Schema::new().named::<Vec<u32>>("scores");
    /// assert_eq!(schema.to_string(), "root list<u32> as scores\n");
    /// ```
    #[must_use]
    pub fn named<T: Describe + ?Sized>(self, name: &str) -> Self {
        self.add(T::def(), Some(name), false)
    }

    /// With all types of a registry, under the names that they are registered by: what is behind trait objects, and what
    /// stands for foreign types.
    ///
    /// ```
    /// use reduce_core::Registry;
    /// use reduce_core::schema::Schema;
    ///
    /// let mut registry = Registry::new();
    /// registry.register_as::<Vec<u8>>("app.Blob")?;
    /// let schema = Schema::new().of::<Box<dyn std::any::Any>>().registry(&registry);
    /// assert_eq!(schema.to_string(), "registered list<u8> as app.Blob\nroot dyn Any\n");
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn registry(self, registry: &Registry) -> Self {
        let entries = registry.entries().into_iter();
        entries.fold(self, |schema, (name, entry)| schema.add((entry.def)(), Some(name), true))
    }

    fn add(mut self, def: &'static crate::TypeDef, name: Option<&str>, registered: bool) -> Self {
        let of = collect::collect(def, &mut self.model);
        let name = match (name, def.name()) {
            (Some(name), _) | (None, Some(name)) => name.into(),
            (None, None) => print::root_name(&of, &self.model),
        };
        self.model.roots.push(Root { name, registered, of });
        order::order(&mut self.model);
        // The same type, twice.
        self.model.roots.dedup();
        self
    }

    /// A name that two types were added under.
    #[cfg(feature = "std")]
    fn ambiguous(&self) -> Option<&str> {
        let next = self.model.roots.iter().skip(1);
        let mut pairs = self.model.roots.iter().zip(next);
        pairs.find(|(a, b)| a.is_like(b)).map(|(root, _)| root.name.as_str())
    }

    /// Reads the text from a file, where it begins at a line.
    pub(crate) fn parse(text: &str, line: usize) -> Result<Self, SyntaxError> {
        parse::parse(text, line).map(|model| Schema { model })
    }

    /// The names of the types that were added, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.model.roots.iter().map(|root| root.name.as_str())
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.model.fmt(f)
    }
}

impl FromStr for Schema {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self, SyntaxError> {
        Schema::parse(text, 1)
    }
}

/// Why a text is not one of programs, and where.
///
/// ```
/// use reduce_core::schema::Schema;
///
/// let error = "root shop.Order".parse::<Schema>().unwrap_err();
/// assert_eq!(error.to_string(), "line 1: `shop.Order` is declared nowhere");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    line: usize,
    message: String,
}

impl SyntaxError {
    /// The line, from 1 on.
    pub fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl core::error::Error for SyntaxError {}
