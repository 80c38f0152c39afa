//! Finds of which of our types the objects ahead of the root are, where several have the program: those of the pointers
//! to them.
//!
//! The data is walked along our own types, from the root on. An object ahead is met before any pointer to it that says
//! what it is; what it holds is walked again then, for a child says what its parent is. Nothing is made meanwhile.

use super::{Buffers, Input};
use crate::error::Error;
use crate::header::Header;
use crate::limits::Limits;
use crate::program::table::{Definition, Ref, Table};
use crate::program::{DefFn, Fields, Kind, TypeDef};
use crate::registry::{self, Registry};
use crate::scan::{Head, Mark, Part, Step, Visit, Walk};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::any::TypeId;
use core::ops::Range;

/// The types of pointers to an object.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Evidence {
    /// Of one to the object's own type.
    pub concrete: Option<TypeId>,
    /// Of one to a trait object.
    pub dynamic: Option<TypeId>,
}

/// What there is to know of each object ahead of the root, in their order.
pub(super) fn ahead<'de>(
    (root, theirs): (&'static TypeDef, Ref),
    table: &Table<'de>,
    registry: Option<&Registry>,
    (input, first): (Input<'de>, usize),
    header: Header,
    buffers: Buffers<'_, '_>,
    limits: Limits,
) -> Result<Vec<Evidence>, Error> {
    let budget = limits.budget(input.remaining().saturating_add(buffers.bytes()));
    let registered = BTreeMap::new();
    let mut typing = Typing {
        table,
        registry,
        registered,
        root,
        levels: Vec::new(),
        // Of those of earlier messages nothing is asked.
        objects: (0..first).map(|_| Object::default()).collect(),
        ahead: Vec::new(),
        known: Vec::new(),
        documents: 0,
    };
    let mut walk = Walk::new(table, input, budget, &mut typing);
    walk.known_buffers(buffers).begin_at(theirs, first).run(header)?;
    while let Some(part) = walk.visitor().next_part() {
        // Where the steps run out, what was found until then must do.
        if walk.again(part, budget).is_err() {
            break;
        }
    }
    let Typing { ahead, objects, .. } = typing;
    let evidence = |number: usize| objects.get(number).map(|object| object.evidence);
    Ok(ahead.into_iter().map(|number| evidence(number).unwrap_or_default()).collect())
}

struct Typing<'t, 'de> {
    table: &'t Table<'de>,
    registry: Option<&'t Registry>,
    /// The registered types that were met in the table.
    registered: BTreeMap<usize, Option<&'static TypeDef>>,
    root: &'static TypeDef,
    /// The values that the walk is inside of, outermost first.
    levels: Vec<Level>,
    objects: Vec<Object>,
    /// The numbers of the objects ahead.
    ahead: Vec<usize>,
    /// Parts that were walked without a type, of objects whose type is known by now.
    known: Vec<Part>,
    /// How many values of any type the walk is inside of: their objects are their own.
    documents: usize,
}

/// A value.
#[derive(Clone, Copy, Default)]
struct Level {
    /// Its type, where it is known.
    def: Option<&'static TypeDef>,
    /// The type of what it holds, where its own does not say: a registered type, that of an object.
    inner: Option<&'static TypeDef>,
    variant: Option<usize>,
    /// The object that begins with it.
    object: Option<usize>,
}

#[derive(Default)]
struct Object {
    evidence: Evidence,
    /// The type of what it holds.
    content: Option<&'static TypeDef>,
    /// Its parts that were walked without a type: its own, and its state.
    untyped: [Option<Part>; 2],
}

impl Typing<'_, '_> {
    fn next_part(&mut self) -> Option<Part> {
        self.known.pop()
    }

    /// A pointer of this type refers to an object.
    fn pointed(&mut self, number: usize, pointer: &'static TypeDef) {
        let pointer = pointer.resolve();
        let (Kind::Shared(pointee) | Kind::Weak(pointee)) = pointer.kind else { return };
        let Some(object) = self.objects.get_mut(number) else { return };
        let pointee = pointee();
        if matches!(pointee.resolve().kind, Kind::Dyn(_)) {
            object.evidence.dynamic.get_or_insert(pointer.key());
            return;
        }
        object.evidence.concrete.get_or_insert(pointer.key());
        if object.content.is_none() {
            object.content = Some(pointee);
            self.known.extend(object.untyped.iter_mut().filter_map(Option::take));
        }
    }

    /// The type of ours that a registered one in the table stands for.
    fn registered(&mut self, index: usize) -> Option<&'static TypeDef> {
        let (table, registry) = (self.table, self.registry);
        *self.registered.entry(index).or_insert_with(|| {
            let entry = match table.get(index)? {
                Definition::Named(name, of) => registry::named(registry, name, *of, table, None),
                Definition::Coded(code, of) => registry::coded(registry, *code, *of, table, None),
                _ => return None,
            };
            entry.ok().map(|entry| (entry.def)())
        })
    }
}

impl<'de> Visit<'de> for Typing<'_, 'de> {
    fn mark(&mut self, _: Range<usize>, mark: Mark) -> Result<(), Error> {
        if let Mark::Type(_) = mark {
            self.ahead.push(self.objects.len());
        }
        Ok(())
    }

    fn step(&mut self, step: Step<'de>, depth: usize, _: Ref) -> Result<(), Error> {
        let def = match step {
            Step::Root => Some(self.root),
            Step::Ahead(_) => None,
            Step::State(_) if self.documents > 0 => None,
            Step::State(number) => self.objects.get(number).and_then(|object| object.content),
            _ => depth.checked_sub(1).and_then(|around| self.levels.get(around)?.part(step)),
        };
        self.levels.resize(depth, Level::default());
        self.levels.push(Level { def, ..Level::default() });
        Ok(())
    }

    fn document(&mut self, _: Range<usize>, _: Ref) -> Result<(), Error> {
        self.documents = self.documents.saturating_add(1);
        Ok(())
    }

    fn end_document(&mut self) -> Result<(), Error> {
        self.documents = self.documents.saturating_sub(1);
        Ok(())
    }

    fn begin(&mut self, at: Range<usize>, index: usize, head: Head<'de>) -> Result<(), Error> {
        if self.documents > 0 {
            return Ok(());
        }
        let Some(Level { def, .. }) = self.levels.last().copied() else { return Ok(()) };
        let mut level = Level { def, ..Level::default() };
        match head {
            Head::Variant(number, _) => level.variant = usize::try_from(number).ok(),
            Head::New { number, .. } => {
                if number == self.objects.len() {
                    let (evidence, content) = (Evidence::default(), None);
                    self.objects.push(Object { evidence, content, untyped: [None; 2] });
                }
                if let Some(def) = def {
                    self.pointed(number, def);
                }
                if let Some(object) = self.objects.get_mut(number) {
                    level.inner = object.content;
                    let of = Ref::Index(index);
                    let part = Part { at: at.start, next: number, object: Ok(of) };
                    object.untyped[0] = object.content.is_none().then_some(part);
                }
                level.object = Some(number);
            }
            Head::BackReference(number) => {
                if let (Some(def), Ok(number)) = (def, usize::try_from(number)) {
                    self.pointed(number, def);
                }
            }
            Head::Registered(place) => {
                level.inner = self.registered(place);
                let around = self.levels.len().checked_sub(2);
                let number = around.and_then(|around| self.levels.get(around)?.object);
                if let Some(object) = number.and_then(|number| self.objects.get_mut(number)) {
                    object.content = object.content.or(level.inner);
                    object.untyped[0] = None;
                }
            }
            Head::State(number) => {
                let next = self.objects.len();
                if let Some(object) = self.objects.get_mut(number) {
                    let part = Part { at: at.start, next, object: Err(number) };
                    object.untyped[1] = object.content.is_none().then_some(part);
                }
            }
            _ => {}
        }
        if let Some(last) = self.levels.last_mut() {
            *last = level;
        }
        Ok(())
    }
}

impl Level {
    /// The type of a part.
    fn part(&self, step: Step<'_>) -> Option<&'static TypeDef> {
        if let (Step::Inner, Some(inner)) = (step, self.inner) {
            return Some(inner);
        }
        let def = self.def?.resolve();
        let part = match (&def.kind, step) {
            (Kind::Record { fields, .. }, _) => {
                field(*fields, 0, step).or_else(|| field(def.state, fields.len(), step))
            }
            (Kind::Enum { variants, .. }, _) => field(variants.get(self.variant?)?.fields, 0, step),
            (Kind::Tuple(parts), Step::Position(at)) => parts.get(at).copied(),
            (Kind::List(part) | Kind::Array(_, part), Step::Element(_))
            | (Kind::Map(part, _), Step::Key(_))
            | (Kind::Map(_, part), Step::Value(_))
            | (
                Kind::Option(part) | Kind::Persistent(part) | Kind::Shared(part) | Kind::Weak(part),
                Step::Inner,
            ) => Some(*part),
            _ => None,
        };
        part.map(|part| part())
    }
}

/// The type of a field, with so many fields in front of the list.
fn field(fields: Fields, before: usize, step: Step<'_>) -> Option<DefFn> {
    match (fields, step) {
        (Fields::Named(fields), Step::Field(name)) => {
            fields.iter().find(|field| field.name == name).map(|field| field.def)
        }
        (Fields::Tuple(fields), Step::Position(at)) => {
            fields.get(at.checked_sub(before)?).map(|field| field.def)
        }
        _ => None,
    }
}
