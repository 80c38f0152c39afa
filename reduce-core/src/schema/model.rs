//! Programs apart from the process and the stream that they come from: what the text says, what is compared.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// A type where it is referred to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Type {
    /// A primitive, by its opcode.
    Primitive(u8),
    /// A place among the declarations; always inside of them.
    Declared(usize),
    List(Box<Type>),
    Map(Box<Type>, Box<Type>),
    Option(Box<Type>),
    Tuple(Vec<Type>),
    Array(u64, Box<Type>),
    Shared(Box<Type>),
    Weak(Box<Type>),
    Dyn(String),
    Dispatch,
    Persistent(Box<Type>),
}

impl Type {
    /// Calls the function for each declaration that the type refers to, itself included.
    pub(super) fn for_each_declared(&mut self, change: &mut impl FnMut(&mut usize)) {
        match self {
            Type::Declared(at) => change(at),
            Type::Primitive(_) | Type::Dyn(_) | Type::Dispatch => {}
            Type::List(of)
            | Type::Option(of)
            | Type::Array(_, of)
            | Type::Shared(of)
            | Type::Weak(of)
            | Type::Persistent(of) => of.for_each_declared(change),
            Type::Map(key, value) => {
                key.for_each_declared(change);
                value.for_each_declared(change);
            }
            Type::Tuple(parts) => {
                parts.iter_mut().for_each(|part| part.for_each_declared(change));
            }
        }
    }
}

/// A type that has a name, or that occurs inside itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Declaration {
    pub name: Label,
    pub body: Body,
}

/// The name of a declaration in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Label {
    /// The name in streams; empty for a type without one.
    pub name: String,
    /// Tells apart types of one name, from 1 on.
    pub number: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Body {
    Struct(Versions, Fields),
    Enum(Versions, Vec<Variant>),
    /// Another type, which holds this one: what has no name and occurs inside itself.
    Type(Type),
}

/// What a type says of its versions, and of what it does not know.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Versions {
    pub version: u64,
    /// Values from this version on are upgraded by functions; the version itself where none are.
    pub upgraded_from: u64,
    pub deny_newer: bool,
    pub deny_unknown: bool,
}

/// The kept fields of a struct or a variant, in the order in which they are stored; state fields last.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fields {
    /// Otherwise the names are positions.
    pub named: bool,
    /// The last kept one has the empty name where it keeps the fields that the type does not know.
    pub fields: Vec<Field>,
}

impl Fields {
    /// Whether fields that the type does not know are kept.
    pub(super) fn keep_unknown(&self) -> bool {
        self.named && self.fields.iter().any(Field::keeps_unknown)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Field {
    pub name: String,
    pub of: Type,
    pub state: bool,
    /// Earlier names.
    pub aliases: Vec<String>,
    /// It is made without the stream where the stream lacks it.
    pub default: bool,
    /// Types that functions make it from.
    pub converts: Vec<Type>,
}

impl Field {
    pub(super) fn keeps_unknown(&self) -> bool {
        self.name.is_empty()
    }

    pub(super) fn new(name: String, of: Type) -> Self {
        Field { name, of, state: false, aliases: Vec::new(), default: false, converts: Vec::new() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Variant {
    /// Empty where it keeps the variants that the type does not know.
    pub name: String,
    pub aliases: Vec<String>,
    /// It takes the variants that are not known.
    pub other: bool,
    pub fields: Fields,
}

impl Variant {
    pub(super) fn keeps_unknown(&self) -> bool {
        self.name.is_empty()
    }
}

impl Declaration {
    /// Calls the function for each declaration that this one refers to.
    pub(super) fn for_each_declared(&mut self, change: &mut impl FnMut(&mut usize)) {
        let mut fields = |fields: &mut Fields| {
            for field in &mut fields.fields {
                field.of.for_each_declared(change);
                field.converts.iter_mut().for_each(|of| of.for_each_declared(change));
            }
        };
        match &mut self.body {
            Body::Struct(_, list) => fields(list),
            Body::Enum(_, variants) => {
                variants.iter_mut().for_each(|variant| fields(&mut variant.fields));
            }
            Body::Type(of) => of.for_each_declared(change),
        }
    }
}

/// A type that streams are written and read as.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Root {
    pub name: String,
    /// It stands behind trait objects or for a foreign type, and is known by its registered name.
    pub registered: bool,
    pub of: Type,
}

impl Root {
    /// Whether both are the same root, whatever its types.
    pub(super) fn is_like(&self, other: &Root) -> bool {
        (&self.name, self.registered) == (&other.name, other.registered)
    }
}

/// Declarations, and the types that are reached from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Model {
    pub roots: Vec<Root>,
    pub declarations: Vec<Declaration>,
}

impl Model {
    pub(super) fn declaration(&self, at: usize) -> Option<&Declaration> {
        self.declarations.get(at)
    }

    /// The root of the same name and kind.
    pub(super) fn root(&self, like: &Root) -> Option<&Root> {
        self.roots.iter().find(|root| root.is_like(like))
    }
}
