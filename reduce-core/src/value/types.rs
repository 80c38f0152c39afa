//! The types that values keep: a stream's table with names of its own, and places in it.

use crate::program::FIRST_INDEX;
use crate::program::table::{self, Ref};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// A type as streams refer to it: below [`FIRST_INDEX`] a primitive's opcode, else a place in a table.
pub(crate) type Number = u32;

/// The place in the table that a number refers to.
pub(super) fn place(number: Number) -> Option<usize> {
    usize::try_from(number.checked_sub(u32::from(FIRST_INDEX))?).ok()
}

/// The number of a place in a table.
pub(super) fn number(index: usize) -> Number {
    // No table has as many definitions.
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(u32::from(FIRST_INDEX))
}

fn number_of(of: Ref) -> Number {
    match of {
        Ref::Primitive(code) => u32::from(code),
        Ref::Index(index) => number(index),
    }
}

/// A definition that owns its names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Def {
    Record { name: Arc<str>, version: u64, fields: FieldDefs, state: FieldDefs },
    Enum { name: Arc<str>, version: u64, variants: Vec<(Arc<str>, FieldDefs)> },
    List(Number),
    Map(Number, Number),
    Option(Number),
    Tuple(Vec<Number>),
    Array(u64, Number),
    Shared(Number),
    Weak(Number),
    Dyn(Arc<str>),
    Dispatch,
    Persistent(Number),
    Named(Arc<str>, Number),
    Coded(u64, Number),
}

/// The fields of a record or a variant; names are empty where they go by position.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FieldDefs {
    pub named: bool,
    pub fields: Vec<(Arc<str>, Number)>,
}

impl FieldDefs {
    fn of(list: &table::FieldList<'_>) -> Self {
        let fields = list.fields.iter().map(|(name, of)| (Arc::from(*name), number_of(*of)));
        FieldDefs { named: list.named, fields: fields.collect() }
    }

    fn shift(&mut self, by: Number) {
        self.fields.iter_mut().for_each(|(_, of)| shift(of, by));
    }
}

fn shift(of: &mut Number, by: Number) {
    if place(*of).is_some() {
        *of = of.saturating_add(by);
    }
}

impl Def {
    fn of(definition: &table::Definition<'_>) -> Self {
        use table::Definition;
        match definition {
            Definition::Record { name, version, fields, state } => Def::Record {
                name: Arc::from(*name),
                version: *version,
                fields: FieldDefs::of(fields),
                state: FieldDefs::of(state),
            },
            Definition::Enum { name, version, variants } => Def::Enum {
                name: Arc::from(*name),
                version: *version,
                variants: variants
                    .iter()
                    .map(|(name, fields)| (Arc::from(*name), FieldDefs::of(fields)))
                    .collect(),
            },
            Definition::List(of) => Def::List(number_of(*of)),
            Definition::Map(key, value) => Def::Map(number_of(*key), number_of(*value)),
            Definition::Option(of) => Def::Option(number_of(*of)),
            Definition::Tuple(parts) => Def::Tuple(parts.iter().copied().map(number_of).collect()),
            Definition::Array(length, of) => Def::Array(*length, number_of(*of)),
            Definition::Shared(of) => Def::Shared(number_of(*of)),
            Definition::Weak(of) => Def::Weak(number_of(*of)),
            Definition::Dyn(name) => Def::Dyn(Arc::from(*name)),
            Definition::Dispatch => Def::Dispatch,
            Definition::Persistent(of) => Def::Persistent(number_of(*of)),
            Definition::Named(name, of) => Def::Named(Arc::from(*name), number_of(*of)),
            Definition::Coded(code, of) => Def::Coded(*code, number_of(*of)),
        }
    }

    /// The same definition in a table whose places begin so much further on.
    pub(super) fn shifted(mut self, by: Number) -> Self {
        match &mut self {
            Def::Record { fields, state, .. } => {
                fields.shift(by);
                state.shift(by);
            }
            Def::Enum { variants, .. } => {
                variants.iter_mut().for_each(|(_, fields)| fields.shift(by));
            }
            Def::List(of)
            | Def::Option(of)
            | Def::Array(_, of)
            | Def::Shared(of)
            | Def::Weak(of)
            | Def::Persistent(of)
            | Def::Named(_, of)
            | Def::Coded(_, of) => shift(of, by),
            Def::Map(key, value) => {
                shift(key, by);
                shift(value, by);
            }
            Def::Tuple(parts) => parts.iter_mut().for_each(|of| shift(of, by)),
            Def::Dyn(_) | Def::Dispatch => {}
        }
        self
    }
}

/// What a name takes beside its bytes.
const NAME: usize = 2 * size_of::<usize>();
const FIELD: usize = NAME + size_of::<(Arc<str>, Number)>();
const VARIANT: usize = NAME + size_of::<(Arc<str>, FieldDefs)>();

/// A table of types that values refer to.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(super) defs: Vec<Def>,
}

impl Table {
    /// All definitions of a stream.
    pub(crate) fn of(table: &table::Table<'_>) -> Arc<Self> {
        Arc::new(Table { defs: Table::defs_of(table) })
    }

    /// What its copy takes.
    pub(crate) fn size_of(table: &table::Table<'_>) -> usize {
        let fields = |list: &table::FieldList<'_>| {
            let names = list.fields.iter().map(|(name, _)| FIELD.saturating_add(name.len()));
            names.fold(0, usize::saturating_add)
        };
        let definition = |definition: &table::Definition<'_>| match definition {
            table::Definition::Record { fields: kept, state, .. } => {
                fields(kept).saturating_add(fields(state))
            }
            table::Definition::Enum { variants, .. } => {
                let variants =
                    variants.iter().map(|(_, list)| fields(list).saturating_add(VARIANT));
                variants.fold(0, usize::saturating_add)
            }
            table::Definition::Tuple(parts) => parts.len().saturating_mul(size_of::<Number>()),
            _ => 0,
        };
        let all = table
            .definitions
            .iter()
            .map(|found| definition(found).saturating_add(size_of::<Def>()));
        all.fold(0, usize::saturating_add)
    }

    pub(super) fn defs_of(table: &table::Table<'_>) -> Vec<Def> {
        table.definitions.iter().map(Def::of).collect()
    }

    pub(super) fn get(&self, of: Number) -> Option<&Def> {
        self.defs.get(place(of)?)
    }
}

/// A type of a value: its place in the table of the stream that it came from. Primitives need no table.
///
/// Two variants leave room for `None`: an optional type is no larger, and no `Value` either.
#[derive(Clone, Debug)]
pub(crate) enum Type {
    Primitive(Number),
    Defined(Arc<Table>, Number),
}

impl Type {
    pub(super) fn new(table: &Arc<Table>, at: Number) -> Self {
        match place(at) {
            Some(_) => Type::Defined(table.clone(), at),
            None => Type::Primitive(at),
        }
    }

    pub(super) fn number(&self) -> Number {
        match self {
            Type::Primitive(at) | Type::Defined(_, at) => *at,
        }
    }

    pub(super) fn table(&self) -> Option<&Arc<Table>> {
        match self {
            Type::Primitive(_) => None,
            Type::Defined(table, _) => Some(table),
        }
    }

    /// The definition, of a type that is no primitive.
    pub(super) fn def(&self) -> Option<&Def> {
        self.table()?.get(self.number())
    }

    /// Another type of the same table.
    pub(super) fn part(&self, at: Number) -> Self {
        match self.table() {
            Some(table) => Type::new(table, at),
            None => Type::Primitive(at),
        }
    }

    /// A type that refers to a primitive.
    pub(super) fn over(def: Def) -> Self {
        Type::Defined(Arc::new(Table { defs: alloc::vec![def] }), number(0))
    }
}
