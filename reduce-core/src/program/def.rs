//! What a type looks like, as constant data.
//!
//! Recursion goes through `fn` pointers, so that no constant depends on itself and the walkers are plain code
//! that is not repeated per type.

use super::call::CallDef;
use core::any::TypeId;

/// The description of a type, reached without evaluating it, so that descriptions of recursive types are finite: a
/// type's [`Describe::def`](crate::Describe::def), not called.
///
/// ```
/// use reduce_core::{DefFn, Describe, Field};
///
/// let text: DefFn = <String as Describe>::def;
/// let field = Field::new("name", text);
/// # let _ = field;
/// ```
pub type DefFn = fn() -> &'static TypeDef;

/// A type as a part of another one.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct PartDef {
    pub(crate) def: DefFn,
    /// Its own reducer and expander know columns; those below it are asked by themselves.
    pub(crate) columns: bool,
    /// A plan reads it from a slot as well as its expander does.
    pub(crate) derived: bool,
}

impl PartDef {
    /// Its reducer and its expander know rows alone: those written by hand.
    pub const fn in_rows(def: DefFn) -> Self {
        PartDef { def, columns: false, derived: false }
    }

    /// Its reducer and its expander know columns.
    pub const fn in_columns(def: DefFn) -> Self {
        PartDef { def, columns: true, derived: false }
    }

    /// Its reducer and its expander are derived, and know columns.
    pub const fn derived(def: DefFn) -> Self {
        PartDef { def, columns: true, derived: true }
    }

    /// Stored as another type, with a description of its own.
    pub const fn stored_as(self, def: DefFn) -> Self {
        PartDef { def, columns: self.columns, derived: false }
    }
}

/// What a type looks like in a stream, as constant data. The derive writes it; hand-written
/// implementations of [`Describe`](crate::Describe) forward to that of another type, or build one.
///
/// The constructors are called in a `const` block with the described type as their parameter: programs are cached by it.
/// Lists of fields and of variants are `const` blocks of their own. One type has one description. From it, and those it refers to, the program is built once per process.
///
/// ```
/// use reduce_core::{Describe, Field, Fields, TypeDef};
///
/// struct Celsius(f64);
///
/// impl Describe for Celsius {
///     fn def() -> &'static TypeDef {
///         const {
///             &TypeDef::record::<Self>(
///                 "geo.Celsius",
///                 Fields::Named(const { &[Field::new("degrees", <f64 as Describe>::def)] }),
///             )
///         }
///     }
/// }
/// assert_eq!(Celsius::def().name(), Some("geo.Celsius"));
/// ```
#[derive(Debug)]
pub struct TypeDef {
    key: fn() -> TypeId,
    pub(crate) kind: Kind,
    /// The state fields of a record: kept ones that are expanded after the object exists.
    pub(crate) state: Fields,
    pub(crate) rebuilds: bool,
    /// The types that it refers to know columns, those aside that are fields, which say so by themselves.
    pub(crate) columns: bool,
    /// It runs functions of the user where the stream has another program.
    pub(crate) adapts: bool,
    /// Only a type of the same name can become it, below the root too.
    pub(crate) by_name: bool,
    pub(crate) versions: Versions,
    /// The functions of the user's that a load calls, for dry runs.
    pub(crate) calls: &'static [CallDef],
}

/// The kinds of types, one for each definition opcode, and those that have no program of their own.
#[derive(Debug)]
pub(crate) enum Kind {
    /// A primitive, by its opcode.
    Primitive(u8),
    Record {
        name: &'static str,
        fields: Fields,
    },
    Enum {
        name: &'static str,
        variants: &'static [Variant],
    },
    List(DefFn),
    Map(DefFn, DefFn),
    Option(DefFn),
    Tuple(&'static [DefFn]),
    Array(usize, DefFn),
    Shared(DefFn),
    Weak(DefFn),
    /// An object of any registered type that implements the trait of this name.
    Dyn(&'static str),
    /// A foreign value: the session's registry says how it is stored.
    Dispatch,
    /// An object that lives elsewhere, stored as an id of this type.
    Persistent(DefFn),
    /// Stored as another type.
    Transparent(DefFn),
}

/// The kept fields of a record or a variant, in the order in which they are stored.
///
/// ```
/// use reduce_core::{Describe, Field, Fields};
///
/// let nothing = Fields::Unit;
/// const POINT: Fields = Fields::Tuple(const { &[Field::unnamed(<i32 as Describe>::def); 2] });
/// const NAMED: Fields = Fields::Named(&[Field::new("x", <i32 as Describe>::def)]);
/// # let _ = (nothing, POINT, NAMED);
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Fields {
    /// None.
    Unit,
    /// By position.
    Tuple(&'static [Field]),
    /// By name.
    Named(&'static [Field]),
}

impl Fields {
    pub(crate) fn len(self) -> usize {
        match self {
            Fields::Unit => 0,
            Fields::Tuple(parts) => parts.len(),
            Fields::Named(fields) => fields.len(),
        }
    }
}

/// A kept field: its name in streams, and its type. The names of a record's fields differ. The example of
/// [`TypeDef`] uses it.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Empty where the field goes by its position.
    pub(crate) name: &'static str,
    pub(crate) def: DefFn,
    /// Its type knows columns.
    pub(crate) columns: bool,
    /// Names that it had before.
    pub(crate) aliases: &'static [&'static str],
    /// There is a value for it where the stream has none.
    pub(crate) fillable: bool,
    /// Types that it had before, and that a function converts from.
    pub(crate) converts: &'static [DefFn],
}

impl Field {
    /// A field of this name and type. The example of [`TypeDef`] uses it.
    pub const fn new(name: &'static str, def: DefFn) -> Self {
        Field::part(name, PartDef::in_rows(def))
    }

    /// A field of this name, or none, and type.
    #[doc(hidden)]
    pub const fn part(name: &'static str, of: PartDef) -> Self {
        let PartDef { def, columns, .. } = of;
        Field { name, def, columns, aliases: &[], fillable: false, converts: &[] }
    }

    /// A field that goes by its position. The example of [`Fields`] uses it.
    pub const fn unnamed(def: DefFn) -> Self {
        Self::new("", def)
    }

    /// The names that it had before.
    #[doc(hidden)]
    pub const fn alias(mut self, names: &'static [&'static str]) -> Self {
        self.aliases = names;
        self
    }

    /// The expander has a value for it where the stream has none.
    #[doc(hidden)]
    pub const fn fillable(mut self) -> Self {
        self.fillable = true;
        self
    }

    /// The types that the expander converts from.
    #[doc(hidden)]
    pub const fn converts(mut self, from: &'static [DefFn]) -> Self {
        self.converts = from;
        self
    }
}

/// A variant of an enum: its name in streams, and its kept fields. The names of an enum's variants differ. The example of
/// [`TypeDef::enumeration`] uses it.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    pub(crate) name: &'static str,
    pub(crate) fields: Fields,
    /// Names that it had before.
    pub(crate) aliases: &'static [&'static str],
    /// It takes the variants that the type does not know.
    pub(crate) other: bool,
}

impl Variant {
    /// A variant of this name with these fields. The example of [`TypeDef::enumeration`] uses it.
    pub const fn new(name: &'static str, fields: Fields) -> Self {
        Variant { name, fields, aliases: &[], other: false }
    }

    /// The names that it had before.
    #[doc(hidden)]
    pub const fn alias(mut self, names: &'static [&'static str]) -> Self {
        self.aliases = names;
        self
    }

    /// Whether it takes those as a value.
    pub(crate) fn holds_other(&self) -> bool {
        self.other && self.name.is_empty()
    }

    /// It takes the variants that the type does not know.
    #[doc(hidden)]
    pub const fn other(mut self) -> Self {
        self.other = true;
        self
    }
}

/// What a named type says of streams of its earlier and later versions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Versions {
    /// Its version; 0 where it states none.
    pub version: u64,
    /// Records from this version on are upgraded; its own where none are.
    pub upgraded_from: u64,
    /// Refuses records of a later version.
    pub deny_newer: bool,
    /// Refuses fields that it does not know.
    pub deny_unknown: bool,
}

impl TypeDef {
    const fn new<T: ?Sized>(kind: Kind) -> Self {
        // Erases lifetimes: a program does not depend on them, and so one serves all.
        let versions =
            Versions { version: 0, upgraded_from: 0, deny_newer: false, deny_unknown: false };
        TypeDef {
            key: typeid::of::<T>,
            kind,
            state: Fields::Unit,
            rebuilds: false,
            columns: false,
            by_name: false,
            adapts: false,
            versions,
            calls: &[],
        }
    }

    pub(crate) const fn primitive<T: ?Sized>(opcode: u8) -> Self {
        Self::new::<T>(Kind::Primitive(opcode))
    }

    /// A struct: its fields, one after the other. `T` is the type that is described, here and below.
    ///
    /// The `Pair` of [`Describe`](crate::Describe) has all three traits for one.
    pub const fn record<T: ?Sized>(name: &'static str, fields: Fields) -> Self {
        Self::new::<T>(Kind::Record { name, fields })
    }

    /// An enum: the index of the variant as a `u32` is written, then the variant's fields.
    ///
    /// ```
    /// use reduce_core::{
    ///     Describe, Error, Expand, Field, Fields, Reader, Reduce, TypeDef, Variant, Writer,
    /// };
    ///
    /// #[derive(Debug, PartialEq)]
    /// enum Answer {
    ///     No,
    ///     Yes(String),
    /// }
    ///
    /// impl Describe for Answer {
    ///     fn def() -> &'static TypeDef {
    ///         const {
    ///             &TypeDef::enumeration::<Self>(
    ///                 "my.Answer",
    ///                 const {
    ///                     &[
    ///                         Variant::new("No", Fields::Unit),
    ///                         Variant::new("Yes", Fields::Tuple(const { &[Field::unnamed(<String as Describe>::def)] })),
    ///                     ]
    ///                 },
    ///             )
    ///         }
    ///     }
    /// }
    ///
    /// impl Reduce for Answer {
    ///     fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
    ///         match self {
    ///             Answer::No => 0u32.reduce(w),
    ///             Answer::Yes(why) => {
    ///                 1u32.reduce(w)?;
    ///                 why.reduce(w)
    ///             }
    ///         }
    ///     }
    /// }
    ///
    /// impl<'de> Expand<'de> for Answer {
    ///     fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
    ///         match u32::expand(r)? {
    ///             0 => Ok(Answer::No),
    ///             1 => String::expand(r).map(Answer::Yes),
    ///             other => Err(r.invalid(format!("no variant {other}"))),
    ///         }
    ///     }
    /// }
    ///
    /// let answers = vec![Answer::No, Answer::Yes("it rains".into())];
    /// let bytes = reduce_core::to_vec(&answers)?;
    /// assert_eq!(reduce_core::from_slice::<Vec<Answer>>(&bytes)?, answers);
    /// # Ok::<(), Error>(())
    /// ```
    pub const fn enumeration<T: ?Sized>(name: &'static str, variants: &'static [Variant]) -> Self {
        Self::new::<T>(Kind::Enum { name, variants })
    }

    /// A sequence of any length, as a slice is written and a `Vec` is read: a collection of your own goes through one of
    /// them.
    ///
    /// ```
    /// use reduce_core::{Describe, Error, Expand, Reader, Reduce, TypeDef, Writer};
    ///
    /// #[derive(Debug, PartialEq)]
    /// struct Stack<T>(Vec<T>);
    ///
    /// impl<T: Describe> Describe for Stack<T> {
    ///     fn def() -> &'static TypeDef {
    ///         const { &TypeDef::list::<Self>(T::def) }
    ///     }
    /// }
    ///
    /// impl<T: Reduce> Reduce for Stack<T> {
    ///     fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
    ///         self.0.as_slice().reduce(w)
    ///     }
    /// }
    ///
    /// impl<'de, T: Expand<'de>> Expand<'de> for Stack<T> {
    ///     fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
    ///         Vec::expand(r).map(Stack)
    ///     }
    /// }
    ///
    /// let stack = Stack(vec![1.5, 2.5]);
    /// assert_eq!(reduce_core::from_slice::<Stack<f64>>(&reduce_core::to_vec(&stack)?)?, stack);
    /// # Ok::<(), Error>(())
    /// ```
    pub const fn list<T: ?Sized>(element: DefFn) -> Self {
        Self::new::<T>(Kind::List(element))
    }

    /// Keys with values, as a `BTreeMap` or a `HashMap` is written and read. No key occurs twice.
    ///
    /// ```
    /// use reduce_core::{Describe, Error, Expand, Reader, TypeDef};
    /// use std::collections::BTreeMap;
    ///
    /// /// Entries in the order of their keys, for a search by halves.
    /// struct Sorted(Vec<(String, u64)>);
    ///
    /// impl Describe for Sorted {
    ///     fn def() -> &'static TypeDef {
    ///         const { &TypeDef::map::<Self>(<String as Describe>::def, <u64 as Describe>::def) }
    ///     }
    /// }
    ///
    /// impl<'de> Expand<'de> for Sorted {
    ///     fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
    ///         Ok(Sorted(BTreeMap::expand(r)?.into_iter().collect()))
    ///     }
    /// }
    ///
    /// let map = std::collections::HashMap::from([("b", 2u64), ("a", 1)]);
    /// let sorted: Sorted = reduce_core::from_slice(&reduce_core::to_vec(&map)?)?;
    /// assert_eq!(sorted.0, [("a".to_string(), 1), ("b".to_string(), 2)]);
    /// # Ok::<(), Error>(())
    /// ```
    pub const fn map<T: ?Sized>(key: DefFn, value: DefFn) -> Self {
        Self::new::<T>(Kind::Map(key, value))
    }

    /// A value, or none, as an `Option` is written and read.
    ///
    /// ```
    /// use reduce_core::{Describe, Error, Reduce, TypeDef, Writer};
    ///
    /// /// `-1` stands for none.
    /// struct Place(i32);
    ///
    /// impl Describe for Place {
    ///     fn def() -> &'static TypeDef {
    ///         const { &TypeDef::option::<Self>(<i32 as Describe>::def) }
    ///     }
    /// }
    ///
    /// impl Reduce for Place {
    ///     fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
    ///         (self.0 != -1).then_some(self.0).reduce(w)
    ///     }
    /// }
    ///
    /// let bytes = reduce_core::to_vec(&[Place(-1), Place(4)])?;
    /// assert_eq!(reduce_core::from_slice::<[Option<i32>; 2]>(&bytes)?, [None, Some(4)]);
    /// # Ok::<(), Error>(())
    /// ```
    pub const fn option<T: ?Sized>(value: DefFn) -> Self {
        Self::new::<T>(Kind::Option(value))
    }

    /// Values of several types, one after the other, without names.
    ///
    /// ```
    /// use reduce_core::{Describe, Error, Reduce, TypeDef, Writer};
    ///
    /// struct Span {
    ///     start: u32,
    ///     text: String,
    /// }
    ///
    /// impl Describe for Span {
    ///     fn def() -> &'static TypeDef {
    ///         const { &TypeDef::tuple::<Self>(&[<u32 as Describe>::def, <String as Describe>::def]) }
    ///     }
    /// }
    ///
    /// impl Reduce for Span {
    ///     fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
    ///         self.start.reduce(w)?;
    ///         self.text.reduce(w)
    ///     }
    /// }
    ///
    /// let bytes = reduce_core::to_vec(&Span { start: 3, text: "fn".into() })?;
    /// assert_eq!(reduce_core::from_slice::<(u32, &str)>(&bytes)?, (3, "fn"));
    /// # Ok::<(), Error>(())
    /// ```
    pub const fn tuple<T: ?Sized>(elements: &'static [DefFn]) -> Self {
        Self::new::<T>(Kind::Tuple(elements))
    }

    /// A fixed number of values of one type, one after the other; the program holds the number.
    ///
    /// ```
    /// use reduce_core::{Describe, Error, Reduce, TypeDef, Writer};
    ///
    /// struct Color {
    ///     red: u8,
    ///     green: u8,
    ///     blue: u8,
    /// }
    ///
    /// impl Describe for Color {
    ///     fn def() -> &'static TypeDef {
    ///         const { &TypeDef::array::<Self>(3, <u8 as Describe>::def) }
    ///     }
    /// }
    ///
    /// impl Reduce for Color {
    ///     fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
    ///         [self.red, self.green, self.blue].reduce(w)
    ///     }
    /// }
    ///
    /// let bytes = reduce_core::to_vec(&Color { red: 1, green: 2, blue: 3 })?;
    /// assert_eq!(reduce_core::from_slice::<[u8; 3]>(&bytes)?, [1, 2, 3]);
    /// # Ok::<(), Error>(())
    /// ```
    pub const fn array<T: ?Sized>(length: usize, element: DefFn) -> Self {
        Self::new::<T>(Kind::Array(length, element))
    }

    pub(crate) const fn shared<T: ?Sized>(object: DefFn) -> Self {
        Self::new::<T>(Kind::Shared(object))
    }

    pub(crate) const fn weak<T: ?Sized>(object: DefFn) -> Self {
        Self::new::<T>(Kind::Weak(object))
    }

    pub(crate) const fn dispatch<T: ?Sized>() -> Self {
        Self::new::<T>(Kind::Dispatch)
    }

    pub(crate) const fn persistent<T: ?Sized>(id: DefFn) -> Self {
        Self::new::<T>(Kind::Persistent(id))
    }

    /// A trait object. `T` is the `dyn Trait` that is described.
    pub const fn dynamic<T: ?Sized>(name: &'static str) -> Self {
        Self::new::<T>(Kind::Dyn(name))
    }

    /// Adds the state fields of a struct: kept fields that are expanded after the object exists.
    pub const fn state(mut self, fields: Fields) -> Self {
        self.state = fields;
        self
    }

    /// A type that is stored just as another one, and so shares its program. A plain forward to the other type's
    /// [`def`](crate::Describe::def) does the same; this one can say [`rebuilds`](Self::rebuilds) of itself.
    ///
    /// ```
    /// use reduce_core::{Describe, TypeDef};
    ///
    /// struct Socket;
    ///
    /// impl Describe for Socket {
    ///     fn def() -> &'static TypeDef {
    ///         const { &TypeDef::transparent::<Self>(<String as Describe>::def).rebuilds() }
    ///     }
    /// }
    /// assert_eq!(Socket::def().name(), None); // as `String`
    /// ```
    pub const fn transparent<T: ?Sized>(stored: DefFn) -> Self {
        Self::new::<T>(Kind::Transparent(stored))
    }

    /// Loading the type runs functions of the user: such a load checks the whole stream before it expands anything.
    ///
    /// It is for expanders that touch the world. Types that hold this one need not say it again.
    ///
    /// ```
    /// use reduce_core::{Describe, Error, Expand, Reader, TypeDef};
    /// use std::cell::Cell;
    ///
    /// thread_local!(static OPENED: Cell<u32> = const { Cell::new(0) });
    ///
    /// #[derive(Debug)]
    /// struct Socket;
    ///
    /// impl Describe for Socket {
    ///     fn def() -> &'static TypeDef {
    ///         const { &TypeDef::transparent::<Self>(<String as Describe>::def).rebuilds() }
    ///     }
    /// }
    ///
    /// impl<'de> Expand<'de> for Socket {
    ///     fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
    ///         let _address = String::expand(r)?;
    ///         OPENED.set(OPENED.get() + 1);
    ///         Ok(Socket)
    ///     }
    /// }
    ///
    /// let mut bytes = reduce_core::to_vec(&("localhost:80", true))?;
    /// assert!(reduce_core::from_slice::<(Socket, bool)>(&bytes).is_ok());
    /// assert_eq!(OPENED.get(), 1);
    ///
    /// let place = bytes.len() - 2;
    /// bytes[place] = 7; // no `bool`
    /// assert!(reduce_core::from_slice::<(Socket, bool)>(&bytes).is_err());
    /// assert_eq!(OPENED.get(), 1); // nothing was opened
    /// # Ok::<(), Error>(())
    /// ```
    pub const fn rebuilds(mut self) -> Self {
        self.rebuilds = true;
        self
    }

    /// The functions of the user's that a load calls, in their order.
    #[doc(hidden)]
    pub const fn calls(mut self, calls: &'static [CallDef]) -> Self {
        self.calls = calls;
        self
    }

    /// Says that the name is what the fields mean: a range is not an inclusive one, though their fields are alike.
    pub(crate) const fn by_name(mut self) -> Self {
        self.by_name = true;
        self
    }

    /// Says whether the types that it refers to know columns.
    #[doc(hidden)]
    pub const fn columns(mut self, columns: bool) -> Self {
        self.columns = columns;
        self
    }

    /// As [`rebuilds`](Self::rebuilds), where the stream has another program.
    #[doc(hidden)]
    pub const fn adapts(mut self) -> Self {
        self.adapts = true;
        self
    }

    /// States the version of a record or an enum; records from version `from` on are upgraded.
    #[doc(hidden)]
    pub const fn version(mut self, version: u64, from: u64) -> Self {
        self.versions.version = version;
        self.versions.upgraded_from = from;
        self
    }

    /// Refuses records of a later version.
    #[doc(hidden)]
    pub const fn deny_newer(mut self) -> Self {
        self.versions.deny_newer = true;
        self
    }

    /// Refuses fields that the type does not know.
    #[doc(hidden)]
    pub const fn deny_unknown(mut self) -> Self {
        self.versions.deny_unknown = true;
        self
    }

    /// The name in streams, of a type that has one: a record or an enum, also where another type is stored as it.
    ///
    /// ```
    /// use reduce_core::{Describe, Reduce};
    ///
    /// #[derive(Reduce)]
    /// #[reduce(name = "app.Job")]
    /// struct Job(u8);
    ///
    /// assert_eq!(Job::def().name(), Some("app.Job"));
    /// assert_eq!(<Box<Job>>::def().name(), Some("app.Job"));
    /// assert_eq!(<Vec<Job>>::def().name(), None);
    /// ```
    pub fn name(&self) -> Option<&'static str> {
        match self.resolve().kind {
            Kind::Record { name, .. } | Kind::Enum { name, .. } => Some(name),
            _ => None,
        }
    }

    /// What tells types apart, lifetimes aside.
    pub(crate) fn key(&self) -> TypeId {
        (self.key)()
    }

    /// Its opcode, where its program is a primitive.
    pub(crate) fn as_primitive(&self) -> Option<u8> {
        match self.resolve().kind {
            Kind::Primitive(code) => Some(code),
            _ => None,
        }
    }

    /// The type whose program this type uses.
    pub(crate) fn resolve(&self) -> &Self {
        let mut def = self;
        while let Kind::Transparent(stored) = def.kind {
            def = stored();
        }
        def
    }
}

impl Fields {
    pub(crate) fn as_slice(&self) -> &'static [Field] {
        match self {
            Fields::Unit => &[],
            Fields::Tuple(fields) | Fields::Named(fields) => fields,
        }
    }
}

impl Field {
    /// The name, or the position in its place.
    pub(crate) fn shown(&self, position: usize) -> &'static str {
        const POSITIONS: [&str; 16] =
            ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"];
        match POSITIONS.get(position) {
            Some(shown) if self.name.is_empty() => shown,
            _ => self.name,
        }
    }
}
