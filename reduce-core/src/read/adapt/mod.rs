//! Plans: how a stream's program is read as a type of ours that differs from it.
//!
//! A plan is made once per load, pair by pair (`build`): a type of ours and a type of the stream. Where the two lie alike
//! in the bytes, all the way down, the plan is to read natively; a type that only has other names is one of those. What
//! cannot be read is an error only when a value of it is met. `fields` goes through a record's fields.
//!
//! A list in columns is read by the same plans (`columns`), or natively where little has changed (`bridge`).

mod bridge;
mod build;
mod columns;
mod errors;
mod fields;
mod related;
#[cfg(test)]
mod tests;
pub(crate) mod upgrade;

use super::mode::Mode;
use super::{Native, Reader};
use crate::column::Slot;
use crate::error::{Error, ErrorKind};
use crate::opcode;
use crate::program::table::Ref;
use crate::program::{DefFn, Field, TypeDef};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
pub(crate) use bridge::{Bridge, Origin, Ours};
use columns::Lies;
pub(crate) use columns::no_columns;
pub(crate) use errors::{astray, compared, unfit_in};
use errors::{other_variant, unfit};
pub use fields::PlannedFields;
pub(crate) use related::is_related;
pub(crate) use upgrade::UpgradePlan;

/// How a value of one type of the stream is read as one type of ours: a place in `Plans`; and where it lies, if in columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan(u32, Lies);

/// Marks a plan that is known to be read natively without a look at its place.
const NATIVE: u32 = 1 << 31;

/// The plans of one load.
#[derive(Debug, Default)]
pub(crate) struct Plans {
    nodes: Vec<Node>,
    /// What each reads.
    theirs: Vec<Ref>,
    /// The root's.
    pub root: Option<Plan>,
    /// Those of the registered types in the table, by their places there; none where the stream's program is the type's.
    registered: BTreeMap<usize, Option<Plan>>,
    /// Whether a type of the table can hold no shared objects, by its place there.
    plain: Vec<bool>,
}

/// How a value is read by a plan, once what stands around it in the stream alone was taken away.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// From rows.
    Native,
    /// Natively from there.
    Slot(Slot),
    /// By the steps of this plan.
    Plan(Plan),
}

/// One step of a plan.
#[derive(Debug)]
pub(crate) enum Node {
    /// Both lie alike in the bytes, all the way down.
    Native,
    /// Nothing of this type of the stream can be read as ours, for this reason.
    Broken(Box<str>),
    /// Nothing of this type of the stream can be read as this one of ours.
    Unfit(&'static TypeDef),
    /// A primitive, by the stream's opcode.
    Primitive(u8),
    /// Ours is a value of any type.
    Any,
    /// The whole enum, as a value.
    Other,
    /// Both are records: the plan of the fields, and of the state fields.
    Record {
        fields: Plan,
        state: Plan,
        /// Our type has no state, and the stream's has: that of a value that is no shared object is skipped behind the fields.
        stateless: bool,
    },
    /// Fields of a record or of a variant.
    Fields(Box<FieldsPlan>),
    /// Fields of a record of an earlier version, which functions upgrade first.
    Upgrade(Box<UpgradePlan>),
    /// Both are enums.
    Enum(Box<EnumPlan>),
    /// Ours is an enum, and the stream's value a record that one variant holds.
    Newtype {
        variant: u32,
        fields: Plan,
    },
    /// Ours is what the variant of this number holds in an enum of the stream.
    Variant {
        number: u64,
        content: Plan,
        name: Box<str>,
    },
    /// Both are sequences; so many elements, where the stream's is an array.
    Sequence {
        element: Plan,
        array: Option<u64>,
    },
    /// Both are maps, or one is a list of pairs.
    Entries {
        key: Plan,
        value: Plan,
    },
    Tuple(Box<[Plan]>),
    /// Both are options.
    Option(Plan),
    /// Ours is an option, the stream's value is none.
    Some(Plan),
    /// The stream's value is an option, ours is none.
    Unwrap(Plan),
    /// Both are shared objects.
    Shared(Plan),
    /// Ours is a shared object, the stream's value is none.
    Share(Plan),
    /// The stream's value is a shared object, ours is none.
    Unshare(Plan),
    Weak(Plan),
    Persistent(Plan),
}

/// The fields of a record or a variant.
#[derive(Debug)]
pub(crate) struct FieldsPlan {
    /// The type's name, with the variant's.
    pub name: String,
    /// Where each of ours is.
    pub ours: Box<[Source]>,
    /// Those of ours, from the first one on, that are met in this order on the way through the stream's.
    pub ahead: Box<[Ahead]>,
    /// Those of the stream, in its order.
    pub theirs: Box<[Stored]>,
    pub beyond: Option<Box<Beyond>>,
}

/// A field of ours that is met on the way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ahead {
    /// Its place among the stream's; none of those where the stream lacks it.
    pub place: usize,
    pub plan: Plan,
}

/// What is to be known of fields that only one side knows, where one of them keeps such fields.
#[derive(Debug)]
pub(crate) struct Beyond {
    pub ours: &'static [Field],
    /// The names of the stream's fields.
    pub names: Box<[Box<str>]>,
    /// Ours keeps what it does not know.
    pub keeps: bool,
    pub deny_unknown: bool,
    /// The place of those that the stream keeps.
    pub bag: Option<usize>,
    /// How one that it keeps is read, by our field's place and the type in the stream; and by which conversion.
    pub bagged: BTreeMap<(usize, Ref), (Plan, usize)>,
}

/// Where a field of ours is in the stream.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// In this place, of the stream's fields, read by this plan; through the field's n-th conversion, where that is not
    /// 0. `fillable`: there is a value for it where the stream has a `None`.
    At { place: usize, plan: Plan, conversion: usize, fillable: bool },
    /// Nowhere; it is no error where it is `fillable`. For the error: its name, and that of the one field of the stream that it may
    /// have been.
    Missing { name: &'static str, renamed: Box<str>, fillable: bool },
}

/// A field in the stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stored {
    pub of: Ref,
    /// One of ours is read from it.
    pub wanted: bool,
}

/// The variants of an enum in the stream.
#[derive(Debug)]
pub(crate) struct EnumPlan {
    /// Our name.
    pub name: &'static str,
    /// For each of the stream's: its name, and which of ours it is.
    pub variants: Box<[(Box<str>, VariantPlan)]>,
    /// Ours has more of them: no matter to rows, but to columns.
    pub grown: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum VariantPlan {
    /// One of ours, by its number.
    Known {
        ours: u32,
        fields: Plan,
    },
    /// None of ours; this one takes what we do not know.
    Other {
        ours: u32,
        fields: Plan,
    },
    /// None of ours; this one takes what we do not know, as a value.
    Kept {
        ours: u32,
        value: Plan,
    },
    /// One that its writer did not know, of an enum of the stream: how those are read.
    Held(BTreeMap<Ref, Plan>),
    Unknown,
}

impl Plans {
    /// Of loads whose program is the type's own.
    pub(crate) const NONE: &'static Plans = &Plans {
        nodes: Vec::new(),
        theirs: Vec::new(),
        root: None,
        registered: BTreeMap::new(),
        plain: Vec::new(),
    };

    /// Whether all is read natively.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The type of the stream that a plan reads.
    pub(crate) fn theirs(&self, plan: Plan) -> Ref {
        self.theirs.get(plan.place()).copied().unwrap_or(Ref::Primitive(opcode::UNIT))
    }

    /// Whether a value of a type of the stream can hold no shared objects.
    pub(crate) fn is_plain(&self, of: Ref) -> bool {
        match of {
            // A value of any type may hold objects of its own.
            Ref::Primitive(code) => code != opcode::VALUE,
            Ref::Index(index) => self.plain.get(index).copied().unwrap_or(false),
        }
    }

    pub(crate) fn is_native(&self, plan: Plan) -> bool {
        plan.is_native() || matches!(self.node(plan), Node::Native)
    }

    /// Whether the stream has fields there.
    pub(crate) fn stores(&self, fields: Plan) -> bool {
        match self.node(fields) {
            Node::Fields(list) => !list.theirs.is_empty(),
            Node::Upgrade(plan) => !plan.theirs.is_empty(),
            _ => false,
        }
    }

    /// How the registered type of a place in the table is read; nothing where no one looked.
    pub(crate) fn registered(&self, index: usize) -> Option<Option<Plan>> {
        self.registered.get(&index).copied()
    }

    pub(crate) fn node(&self, plan: Plan) -> &Node {
        self.nodes.get(plan.place()).unwrap_or(&Node::Native)
    }
}

impl Plan {
    /// Of values in rows, by its place.
    const fn new(place: u32) -> Self {
        Plan(place, Lies::IN_ROWS)
    }

    #[inline]
    fn place(self) -> usize {
        usize::try_from(self.0 & !NATIVE).unwrap_or(usize::MAX)
    }

    /// Known to be read natively.
    #[inline]
    pub(crate) fn is_native(self) -> bool {
        self.0 & NATIVE != 0
    }

    /// Takes away what stands around a value in the stream alone; `None` where the rest is read natively, from rows.
    pub(crate) fn peeled(self, r: &mut Reader<'_, '_>) -> Result<Option<Plan>, Error> {
        let plans = r.plans;
        let mut plan = self;
        loop {
            plan = match plans.node(plan) {
                Node::Native => return Ok(plan.slot().is_some().then_some(plan)),
                Node::Broken(reason) => {
                    return Err(r.input.error(ErrorKind::TypeMismatch, String::from(&**reason)));
                }
                Node::Unfit(ours) => {
                    return Err(unfit(ours, plans.theirs(plan), plans.root == Some(self), r));
                }
                Node::Unwrap(inner) => match plan.held(*inner, r)? {
                    Some(inner) => inner,
                    None => {
                        return Err(r.input.error(
                            ErrorKind::InvalidValue,
                            "`None` for a value that is no longer an `Option`; \
                             give the field `#[reduce(default)]`, or make it an `Option`",
                        ));
                    }
                },
                Node::Variant { number, content, name } => {
                    let at = r.input.offset();
                    let (found, fields) = plan.number(r)?;
                    if found != *number {
                        return Err(other_variant(found, name, plans.theirs(plan), r, at));
                    }
                    match fields {
                        None => *content,
                        Some(fields) => content.in_slot(r.columns()?.parts(fields)?),
                    }
                }
                _ => return Ok(Some(plan)),
            }
        }
    }

    /// How a value of ours is read, and of how many shared objects it is the content in the stream alone, one in the other.
    pub(crate) fn way(self, ours: DefFn, r: &mut Reader<'_, '_>) -> Result<(Way, usize), Error> {
        let (mut plan, mut objects) = (self, 0usize);
        loop {
            if plan.is_native() {
                return Ok((Way::Native, objects));
            }
            let Some(peeled) = plan.peeled(r)? else { return Ok((Way::Native, objects)) };
            match (r.plans.node(peeled), peeled.slot()) {
                (Node::Native, Some(slot)) => return Ok((Way::Slot(slot), objects)),
                (Node::Unshare(content), _) => {
                    r.begin_unshared(*content, ours)?;
                    objects = objects.saturating_add(1);
                    plan = *content;
                }
                _ => return Ok((Way::Plan(peeled), objects)),
            }
        }
    }

    /// Reads which variant it is.
    pub(crate) fn planned_variant(
        self,
        name: &'static str,
        count: u32,
        r: &mut Reader<'_, '_>,
    ) -> Result<(u32, Plan), Error> {
        let plans = r.plans;
        let mut plan = self;
        loop {
            let (at, before) = (r.input.offset(), r.position());
            let of = match plans.node(plan) {
                Node::Newtype { variant, fields } => {
                    return Ok((*variant, plan.hand_whole(*fields, r)));
                }
                Node::Enum(of) => of,
                // Inside of a value of any type.
                Node::Native => {
                    if let Some(slot) = plan.slot() {
                        return slot
                            .variant(name, count, r)
                            .map(|(ours, fields)| (ours, plan.in_slot(fields)));
                    }
                    return Native.variant(name, count, r).map(|(ours, _)| (ours, plan));
                }
                _ => return Err(astray(r)),
            };
            let (number, lie) = plan.number(r)?;
            let found = usize::try_from(number).ok().and_then(|n| of.variants.get(n));
            let message = match found {
                Some((
                    _,
                    VariantPlan::Known { ours, fields } | VariantPlan::Other { ours, fields },
                )) => {
                    return Ok((*ours, lie.map_or(*fields, |lie| fields.in_slot(lie))));
                }
                Some((_, VariantPlan::Kept { ours, value })) => {
                    // The value is the enum, its variant included.
                    r.go_to(before);
                    return Ok((*ours, plan.hand(*value)));
                }
                Some((_, VariantPlan::Held(held))) => {
                    let of = r.enter_document()?;
                    r.begun = r.begun.saturating_add(1);
                    let Some(inner) = held.get(&of) else { return Err(not_held(name, at)) };
                    plan = inner.peeled(r)?.unwrap_or(*inner);
                    continue;
                }
                Some((unknown, VariantPlan::Unknown)) => {
                    return Err(Error::new(
                        ErrorKind::TypeMismatch,
                        alloc::format!(
                            "the enum `{}` has no variant `{unknown}` any more; keep it, name it as an `alias` of another \
                             one, or give the enum a variant with `#[reduce(other)]`",
                            of.name
                        ),
                    )
                    .with_offset(at));
                }
                None => alloc::format!("the enum `{}` has no variant {number}", of.name),
            };
            return Err(Error::new(ErrorKind::Malformed, message).with_offset(at));
        }
    }

    /// Reads the variant that ours does not know, as a value.
    pub(crate) fn other(self, r: &mut Reader<'_, '_>) -> Result<Value, Error> {
        let begun = core::mem::take(&mut r.begun);
        let value = match r.plans.node(self) {
            Node::Other => r.unknown_by(self)?,
            // Both keep the same.
            Node::Native => r.any_value()?,
            _ => return Err(astray(r)),
        };
        (0..begun).try_for_each(|_| r.leave_document())?;
        Ok(value)
    }
}

/// What stands for a variant that the writer did not know is a value of another type.
#[cold]
fn not_held(name: &str, at: usize) -> Error {
    Error::new(
        ErrorKind::TypeMismatch,
        alloc::format!(
            "what was kept in the place of a variant of `{name}` is no enum of this name"
        ),
    )
    .with_offset(at)
}
