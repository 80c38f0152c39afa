//! What a type looks like, as constant data.
//!
//! Recursion goes through `fn` pointers, so that no constant depends on itself and the walkers are plain code
//! that is not repeated per type.

use core::any::TypeId;

/// The description of a type, reached without evaluating it: recursive types are finite.
pub type DefFn = fn() -> &'static TypeDef;

/// What a type looks like in a stream, as constant data. The derive writes it; hand-written
/// implementations of [`Describe`](crate::Describe) forward to that of another type, or build one.
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
    /// Stored as another type.
    Transparent(DefFn),
}

/// The kept fields of a record or a variant, in the order in which they are stored.
#[derive(Clone, Copy, Debug)]
pub enum Fields {
    /// None.
    Unit,
    /// By position.
    Tuple(&'static [DefFn]),
    /// By name.
    Named(&'static [Field]),
}

/// A kept field: its name in streams, and its type.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub(crate) name: &'static str,
    pub(crate) def: DefFn,
}

impl Field {
    /// A field of this name and type.
    pub const fn new(name: &'static str, def: DefFn) -> Self {
        Field { name, def }
    }
}

/// A variant of an enum: its name in streams, and its kept fields.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    pub(crate) name: &'static str,
    pub(crate) fields: Fields,
}

impl Variant {
    /// A variant of this name with these fields.
    pub const fn new(name: &'static str, fields: Fields) -> Self {
        Variant { name, fields }
    }
}

impl TypeDef {
    const fn new<T: ?Sized>(kind: Kind) -> Self {
        // Erases lifetimes: a program does not depend on them, and so one serves all.
        TypeDef { key: typeid::of::<T>, kind, state: Fields::Unit, rebuilds: false }
    }

    pub(crate) const fn primitive<T: ?Sized>(opcode: u8) -> Self {
        Self::new::<T>(Kind::Primitive(opcode))
    }

    /// A struct. `T` is the type that is described.
    pub const fn record<T: ?Sized>(name: &'static str, fields: Fields) -> Self {
        Self::new::<T>(Kind::Record { name, fields })
    }

    /// An enum. `T` is the type that is described.
    pub const fn enumeration<T: ?Sized>(name: &'static str, variants: &'static [Variant]) -> Self {
        Self::new::<T>(Kind::Enum { name, variants })
    }

    /// A sequence of any length: `Vec`, a set, a slice.
    pub const fn list<T: ?Sized>(element: DefFn) -> Self {
        Self::new::<T>(Kind::List(element))
    }

    /// Keys with values.
    pub const fn map<T: ?Sized>(key: DefFn, value: DefFn) -> Self {
        Self::new::<T>(Kind::Map(key, value))
    }

    /// A value, or none.
    pub const fn option<T: ?Sized>(value: DefFn) -> Self {
        Self::new::<T>(Kind::Option(value))
    }

    /// Values of several types, one after the other.
    pub const fn tuple<T: ?Sized>(elements: &'static [DefFn]) -> Self {
        Self::new::<T>(Kind::Tuple(elements))
    }

    /// A fixed number of values of one type.
    pub const fn array<T: ?Sized>(length: usize, element: DefFn) -> Self {
        Self::new::<T>(Kind::Array(length, element))
    }

    pub(crate) const fn shared<T: ?Sized>(object: DefFn) -> Self {
        Self::new::<T>(Kind::Shared(object))
    }

    pub(crate) const fn weak<T: ?Sized>(object: DefFn) -> Self {
        Self::new::<T>(Kind::Weak(object))
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

    /// A type that is stored just as another one, and so shares its program.
    pub const fn transparent<T: ?Sized>(stored: DefFn) -> Self {
        Self::new::<T>(Kind::Transparent(stored))
    }

    /// Loading the type runs functions of the user: such a load checks the whole stream before the first one runs.
    pub const fn rebuilds(mut self) -> Self {
        self.rebuilds = true;
        self
    }

    /// The name in streams, of a type that has one.
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

    /// The type whose program this type uses.
    pub(crate) fn resolve(&self) -> &Self {
        let mut def = self;
        while let Kind::Transparent(stored) = def.kind {
            def = stored();
        }
        def
    }
}
