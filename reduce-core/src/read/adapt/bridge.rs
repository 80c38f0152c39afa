//! Lists in columns whose elements have changed little: the stream's columns take the places of ours, and are read natively.
//!
//! Fields that were added, removed, moved or renamed are no matter then but of where a column is; integers of another width are
//! converted once for all rows. What is more than that is read value by value, by plans.

use super::{Node, Plan, Plans, Source, VariantPlan};
use crate::column::{Column, Layout, Shape};
use crate::opcode;
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

/// How the columns of a list are read.
#[derive(Debug)]
pub(crate) struct Bridge {
    pub theirs: Layout,
    /// Those of the stream that anything of ours is read from.
    pub wanted: Box<[bool]>,
    /// How they become ours, where they can.
    pub ours: Option<Ours>,
}

/// Columns of ours, made of the stream's.
#[derive(Debug)]
pub(crate) struct Ours {
    pub layout: Layout,
    /// Of each, where it comes from.
    pub origins: Box<[Origin]>,
    /// Options of the stream that must all hold something.
    pub held: Box<[Column]>,
}

/// Where a column of ours comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    /// The stream has none.
    Absent,
    /// It is this one.
    Same(Column),
    /// An option that always holds what this one has.
    Some(Column),
    /// A number of this opcode, where the stream's has another one.
    Number { of: Column, theirs: u8, ours: u8 },
}

impl Bridge {
    /// From the stream's elements to ours, where those can lie in columns.
    pub(super) fn new(plans: &Plans, element: Plan, theirs: Layout, ours: Option<Layout>) -> Self {
        let bridged = ours.and_then(|ours| {
            let mut building = Building {
                plans,
                theirs: &theirs,
                ours: &ours,
                wanted: vec![false; theirs.len()],
                origins: vec![Origin::Absent; ours.len()],
                moved: vec![false; theirs.len()],
                held: Vec::new(),
            };
            building.pair(element, Column::ELEMENTS, Column::ELEMENTS)?;
            let Building { wanted, origins, held, .. } = building;
            Some((wanted, Ours { layout: ours, origins: origins.into(), held: held.into() }))
        });
        let (wanted, ours) = match bridged {
            Some((wanted, ours)) => (wanted, Some(ours)),
            None => {
                let wanted = vec![false; theirs.len()];
                let left = STEPS.saturating_mul(theirs.len());
                let mut wants = Wants { plans, theirs: &theirs, wanted, left };
                wants.by_plan(element, Column::ELEMENTS);
                (wants.wanted, None)
            }
        };
        Bridge { theirs, wanted: wanted.into(), ours }
    }
}

/// A bridge in the making. It goes down by recursion: types in columns have few levels.
struct Building<'a> {
    plans: &'a Plans,
    theirs: &'a Layout,
    ours: &'a Layout,
    wanted: Vec<bool>,
    origins: Vec<Origin>,
    /// Those of the stream that become one of ours as they are.
    moved: Vec<bool>,
    held: Vec<Column>,
}

impl Building<'_> {
    fn want(&mut self, theirs: Column) {
        if let Some(wanted) = self.wanted.get_mut(theirs.at()) {
            *wanted = true;
        }
    }

    fn put(&mut self, ours: Column, origin: Origin) -> Option<()> {
        if let Origin::Same(theirs) = origin {
            let moved = self.moved.get_mut(theirs.at())?;
            // Two fields of ours may be read from one.
            if core::mem::replace(moved, true) {
                return None;
            }
        }
        *self.origins.get_mut(ours.at())? = origin;
        Some(())
    }

    /// Reads a column of ours from one of the stream; `None` where that goes by plans alone.
    fn pair(&mut self, plan: Plan, theirs: Column, ours: Column) -> Option<()> {
        self.want(theirs);
        let shapes = (self.theirs.shape(theirs)?, self.ours.shape(ours)?);
        match (self.plans.node(plan), shapes) {
            (Node::Native, _) => return self.same(theirs, ours),
            (Node::Unwrap(inner), (Shape::Option { inner: held }, _)) => {
                self.held.push(theirs);
                return self.pair(*inner, held, ours);
            }
            // How many there are of what has no content is not known.
            (Node::Some(_), (Shape::Unit, _)) => return None,
            (Node::Some(inner), (_, Shape::Option { inner: held })) => {
                self.put(ours, Origin::Some(theirs))?;
                return self.pair(*inner, theirs, held);
            }
            (Node::Primitive(_), (Shape::Word(from), Shape::Word(to))) if converts(from, to) => {
                return self.put(ours, Origin::Number { of: theirs, theirs: from, ours: to });
            }
            _ => {}
        }
        self.put(ours, Origin::Same(theirs))?;
        match (self.plans.node(plan), shapes) {
            (
                Node::Record { fields, .. },
                (Shape::Record { first: a, .. }, Shape::Record { first: b, .. }),
            ) => self.fields(*fields, a, b),
            (
                Node::Tuple(parts),
                (Shape::Record { first: a, .. }, Shape::Record { first: b, .. }),
            ) => (parts.iter().enumerate())
                .try_for_each(|(place, part)| self.pair(*part, a.behind(place), b.behind(place))),
            (Node::Enum(of), (Shape::Enum { first: a, .. }, Shape::Enum { first: b, .. })) => {
                of.variants.iter().enumerate().try_for_each(|(place, (_, variant))| {
                    let VariantPlan::Known { ours, fields } = variant else { return None };
                    if usize::try_from(*ours).ok() != Some(place) {
                        return None;
                    }
                    self.variant(*fields, a.behind(place), b.behind(place))
                })
            }
            (
                Node::Sequence { element, array: None },
                (Shape::List { element: a }, Shape::List { element: b }),
            )
            | (Node::Option(element), (Shape::Option { inner: a }, Shape::Option { inner: b })) => {
                self.pair(*element, a, b)
            }
            (
                Node::Sequence { element, array: Some(_) },
                (Shape::Array { length, element: a }, Shape::Array { length: other, element: b }),
            ) if length == other => self.pair(*element, a, b),
            (Node::Entries { key, value }, (Shape::Map { key: a }, Shape::Map { key: b })) => {
                self.pair(*key, a, b)?;
                self.pair(*value, a.behind(1), b.behind(1))
            }
            _ => None,
        }
    }

    /// The fields of one variant.
    fn variant(&mut self, fields: Plan, theirs: Column, ours: Column) -> Option<()> {
        let (Shape::Record { first: a, .. }, Shape::Record { first: b, .. }) =
            (self.theirs.shape(theirs)?, self.ours.shape(ours)?)
        else {
            return None;
        };
        self.want(theirs);
        self.put(ours, Origin::Same(theirs))?;
        self.fields(fields, a, b)
    }

    fn fields(&mut self, fields: Plan, theirs: Column, ours: Column) -> Option<()> {
        let Node::Fields(list) = self.plans.node(fields) else { return None };
        if list.beyond.is_some() {
            return None;
        }
        for (index, source) in list.ours.iter().enumerate() {
            match source {
                // What stands in for a `None` is not in any column.
                Source::At { plan, fillable: true, .. }
                    if matches!(self.plans.node(*plan), Node::Unwrap(_)) =>
                {
                    return None;
                }
                Source::At { place, plan, conversion: 0, .. } => {
                    self.pair(*plan, theirs.behind(*place), ours.behind(index))?;
                }
                Source::Missing { fillable: true, .. } => {}
                Source::At { .. } | Source::Missing { .. } => return None,
            }
        }
        Some(())
    }

    /// What lies alike on both sides.
    fn same(&mut self, theirs: Column, ours: Column) -> Option<()> {
        self.want(theirs);
        self.put(ours, Origin::Same(theirs))?;
        match (self.theirs.shape(theirs)?, self.ours.shape(ours)?) {
            (Shape::Record { first: a, count }, Shape::Record { first: b, count: other }) => {
                if count != other {
                    return None;
                }
                self.all(a, b, count)
            }
            // Ours may have more variants, which the stream has no value of.
            (Shape::Enum { first: a, count }, Shape::Enum { first: b, .. }) => {
                self.all(a, b, count)
            }
            (Shape::Array { length, element: a }, Shape::Array { length: other, element: b })
                if length == other =>
            {
                self.same(a, b)
            }
            (Shape::List { element: a }, Shape::List { element: b })
            | (Shape::Option { inner: a }, Shape::Option { inner: b }) => self.same(a, b),
            (Shape::Map { key: a }, Shape::Map { key: b }) => self.all(a, b, 2),
            (a, b) => (a == b).then_some(()),
        }
    }

    fn all(&mut self, theirs: Column, ours: Column, count: u32) -> Option<()> {
        let count = usize::try_from(count).ok()?;
        (0..count).try_for_each(|place| self.same(theirs.behind(place), ours.behind(place)))
    }
}

/// Fields of ours may be read from one and the same of the stream's.
const STEPS: usize = 16;

/// Options and pointers of ours that stand around what the stream has.
const AROUND: usize = 8;

/// The columns that plans read from. It goes down by recursion, as a bridge is made.
struct Wants<'a> {
    plans: &'a Plans,
    theirs: &'a Layout,
    wanted: Vec<bool>,
    /// Steps to be made: where there are more, all columns are wanted.
    left: usize,
}

impl Wants<'_> {
    /// The column, and the shape of what it holds.
    fn one(&mut self, column: Column) -> Shape {
        if let Some(wanted) = self.wanted.get_mut(column.at()) {
            *wanted = true;
        }
        self.theirs.shape(column).unwrap_or(Shape::Unit)
    }

    /// The column, and all below it.
    fn all(&mut self, column: Column) {
        match self.one(column) {
            Shape::Unit | Shape::Word(_) | Shape::Str | Shape::Bytes => {}
            Shape::Record { first, count } | Shape::Enum { first, count } => {
                (0..count).for_each(|place| self.all(Column(first.0.saturating_add(place))));
            }
            Shape::Array { element: below, .. }
            | Shape::Option { inner: below }
            | Shape::List { element: below } => self.all(below),
            Shape::Map { key } => {
                self.all(key);
                self.all(key.behind(1));
            }
        }
    }

    fn by_plan(&mut self, plan: Plan, column: Column) {
        let Some(left) = self.left.checked_sub(1) else {
            return self.wanted.fill(true);
        };
        self.left = left;
        let mut plan = plan;
        for _ in 0..AROUND {
            if let Node::Some(inner) | Node::Share(inner) = self.plans.node(plan) {
                plan = *inner;
            }
        }
        match (self.plans.node(plan), self.one(column)) {
            // What comes of them is an error.
            (Node::Broken(_) | Node::Unfit(_), _) => {}
            (Node::Record { fields, .. }, Shape::Record { .. }) => self.fields(*fields, column),
            (Node::Tuple(parts), Shape::Record { first, .. }) => {
                for (place, part) in parts.iter().enumerate() {
                    self.by_plan(*part, first.behind(place));
                }
            }
            (Node::Enum(of), Shape::Enum { first, .. }) => {
                for (place, (_, variant)) in of.variants.iter().enumerate() {
                    match variant {
                        VariantPlan::Known { fields, .. } | VariantPlan::Other { fields, .. } => {
                            self.fields(*fields, first.behind(place));
                        }
                        _ => self.all(first.behind(place)),
                    }
                }
            }
            (
                Node::Sequence { element, .. },
                Shape::List { element: below } | Shape::Array { element: below, .. },
            )
            | (Node::Option(element) | Node::Unwrap(element), Shape::Option { inner: below }) => {
                self.by_plan(*element, below);
            }
            (Node::Entries { key, value }, Shape::Map { key: keys }) => {
                self.by_plan(*key, keys);
                self.by_plan(*value, keys.behind(1));
            }
            _ => self.all(column),
        }
    }

    /// Those that the fields of a record or of a variant are read from.
    fn fields(&mut self, fields: Plan, column: Column) {
        match (self.plans.node(fields), self.one(column)) {
            (Node::Fields(list), Shape::Record { first, .. }) if list.beyond.is_none() => {
                for source in &list.ours {
                    if let Source::At { place, plan, .. } = source {
                        self.by_plan(*plan, first.behind(*place));
                    }
                }
            }
            (Node::Broken(_), _) => {}
            _ => self.all(column),
        }
    }
}

/// Whether a whole column of numbers can become one of others.
fn converts(theirs: u8, ours: u8) -> bool {
    let integer = |code| (opcode::U8..=opcode::I128).contains(&code);
    integer(theirs) && integer(ours)
}
