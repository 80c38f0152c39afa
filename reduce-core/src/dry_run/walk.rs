//! The walk over a value along our types, or along the plans by which a load reads what has changed. It does not recurse: a
//! value may nest deeper than the stack.

use super::CallKind;
use super::found::{Found, FoundCall};
use crate::error::{Error, ErrorKind};
use crate::opcode;
use crate::program::table::{Definition, Ref, Table};
use crate::program::{
    CallDef, DefFn, Field, Fields, Kind, MADE, TypeDef, Variant, WHOLE, When, program_of,
};
use crate::read::Plan;
use crate::read::adapt::{FieldsPlan, Node, Plans, Source, UpgradePlan, VariantPlan, unfit_in};
use crate::registry::{self, Entry, Registry};
use crate::value::{Object, Objects, Registered, Shared, Value};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::any::TypeId;
use core::fmt::Write;

/// One walk.
pub(crate) struct Run<'v, 't> {
    table: &'t Table<'t>,
    plans: &'t Plans,
    registry: Option<&'t Registry>,
    found: &'t mut Found,
    objects: Objects<'v>,
    /// Those that were met.
    seen: BTreeSet<usize>,
    path: Vec<Step>,
    /// What is left to do, the next last.
    work: Vec<Work<'v, 't>>,
    /// States of objects, which are read behind the root.
    states: Vec<Work<'v, 't>>,
    /// Whether values of a type may have functions called.
    calling: BTreeMap<TypeId, bool>,
    /// The places of the registered types in the table.
    registered: BTreeMap<&'t str, usize>,
    codes: BTreeMap<u64, usize>,
}

#[derive(Clone, Copy)]
enum Step {
    Field(&'static str),
    InVariant(&'static str, &'static str),
    Index(usize),
    Key(usize),
}

enum Work<'v, 't> {
    Value(Of, &'v Value, Option<Step>),
    /// The step is left.
    Leave,
    Elements(Of, &'v [Value], usize),
    /// Keys and values: in turn, or as pairs.
    Entries {
        key: Of,
        value: Of,
        items: &'v [Value],
        next: usize,
        pairs: bool,
    },
    Call(&'static CallDef, &'static str, Origin<'v, 't>),
    /// The expander of a foreign type.
    Expand(&'t str, &'v Value),
    Fields(RecordOf, Origin<'v, 't>),
}

/// A type of ours, and how it is read.
#[derive(Clone, Copy)]
struct Of {
    def: &'static TypeDef,
    plan: Option<Plan>,
}

/// A list of fields of ours.
#[derive(Clone, Copy)]
struct RecordOf {
    name: &'static str,
    calls: &'static [CallDef],
    fields: &'static [Field],
    /// The place of the first of them among all stored ones.
    first: usize,
    variant: Option<(u32, &'static Variant)>,
}

/// Where fields come from.
#[derive(Clone, Copy)]
struct Origin<'v, 't> {
    whole: &'v Value,
    items: &'v [Value],
    how: How<'t>,
}

#[derive(Clone, Copy)]
enum How<'t> {
    /// Each is in its place.
    Native,
    Planned(&'t FieldsPlan),
    Upgraded(&'t UpgradePlan),
}

/// One field of ours.
enum Found1<'v> {
    At { value: &'v Value, plan: Option<Plan>, conversion: usize, fillable: bool },
    Lacking,
}

/// More types than this stand for each other in no program.
const MOST_LAYERS: usize = 1 << 10;

impl<'v, 't> Run<'v, 't> {
    pub(crate) fn new(
        table: &'t Table<'t>,
        plans: &'t Plans,
        registry: Option<&'t Registry>,
        found: &'t mut Found,
    ) -> Self {
        let (mut registered, mut codes) = (BTreeMap::new(), BTreeMap::new());
        for (index, definition) in table.definitions.iter().enumerate() {
            match definition {
                Definition::Named(name, _) => drop(registered.insert(*name, index)),
                Definition::Coded(code, _) => drop(codes.insert(*code, index)),
                _ => {}
            }
        }
        Run {
            table,
            plans,
            registry,
            found,
            objects: Objects::default(),
            seen: BTreeSet::new(),
            path: Vec::new(),
            work: Vec::new(),
            states: Vec::new(),
            calling: BTreeMap::new(),
            registered,
            codes,
        }
    }

    /// Walks the value of a stream, which is read as a type of ours.
    pub(crate) fn run(&mut self, def: &'static TypeDef, root: &'v Value) -> Result<(), Error> {
        self.work.push(Work::Value(Of { def, plan: self.plans.root }, root, None));
        loop {
            while let Some(work) = self.work.pop() {
                self.step(work).map_err(|error| self.located(error))?;
            }
            // In the order in which they were met; those of the objects inside of them follow.
            if self.states.is_empty() {
                return Ok(());
            }
            self.work.extend(core::mem::take(&mut self.states).into_iter().rev());
        }
    }

    fn step(&mut self, work: Work<'v, 't>) -> Result<(), Error> {
        match work {
            Work::Leave => drop(self.path.pop()),
            Work::Value(of, value, step) => {
                if let Some(step) = step {
                    self.path.push(step);
                    self.work.push(Work::Leave);
                }
                return self.value(of, value, false);
            }
            Work::Elements(of, items, next) => {
                let Some(item) = items.get(next) else { return Ok(()) };
                self.work.push(Work::Elements(of, items, next.saturating_add(1)));
                self.work.push(Work::Value(of, item, Some(Step::Index(next))));
            }
            Work::Entries { key, value, items, next, pairs } => {
                let pair = match pairs {
                    true => items.get(next).map(Value::held),
                    false => items.get(next.saturating_mul(2)..),
                };
                let Some([first, second, ..]) = pair else { return Ok(()) };
                let behind = next.saturating_add(1);
                self.work.push(Work::Entries { key, value, items, next: behind, pairs });
                self.work.push(Work::Value(value, second, Some(Step::Index(next))));
                self.work.push(Work::Value(key, first, Some(Step::Key(next))));
            }
            Work::Call(call, of, origin) => return self.call(call, of, origin),
            Work::Expand(name, parts) => {
                let kind = CallKind::Expander;
                return self.add(("", ""), name, kind, Vec::from([("", Some(parts))]));
            }
            Work::Fields(record, origin) => self.fields(record, origin),
        }
        Ok(())
    }

    /// A value that is read as one of ours.
    fn value(&mut self, of: Of, value: &'v Value, stateful: bool) -> Result<(), Error> {
        let (mut of, mut value) = (of, value);
        for _ in 0..MOST_LAYERS {
            let def = of.def;
            if let Kind::Transparent(stored) = def.kind {
                let items = core::slice::from_ref(value);
                self.calls_behind(def, None, Origin { whole: value, items, how: How::Native });
                of.def = stored();
                continue;
            }
            let plans = self.plans;
            let (plan, inner) = match of.plan.map(|plan| plans.node(plan)) {
                Some(Node::Unwrap(plan)) => (plan, value.held().first()),
                Some(Node::Unshare(plan)) => {
                    (plan, self.object(value).map(|object| object.content))
                }
                Some(Node::Variant { content, name, .. }) => match value {
                    Value::Enum(variant) if variant.name() == &**name => {
                        (content, value.held().first())
                    }
                    _ => return Ok(()),
                },
                Some(Node::Some(plan) | Node::Share(plan)) => {
                    let (Kind::Option(inner) | Kind::Shared(inner)) = def.kind else {
                        return Ok(());
                    };
                    of.def = inner();
                    (plan, Some(value))
                }
                Some(Node::Native) => {
                    of.plan = None;
                    break;
                }
                Some(Node::Broken(reason)) => {
                    return Err(Error::new(ErrorKind::TypeMismatch, String::from(&**reason)));
                }
                Some(Node::Unfit(ours)) => {
                    let theirs =
                        of.plan.map_or(Ref::Primitive(opcode::UNIT), |plan| plans.theirs(plan));
                    return Err(unfit_in(ours, theirs, of.plan == plans.root, self.table));
                }
                _ => break,
            };
            let Some(inner) = inner else { return Ok(()) };
            (of.plan, value) = (Some(*plan), inner);
        }
        self.stored(of, value, stateful)
    }

    /// A value of a type that is stored as itself.
    fn stored(&mut self, of: Of, value: &'v Value, stateful: bool) -> Result<(), Error> {
        let (def, plans) = (of.def, self.plans);
        let node = of.plan.map(|plan| plans.node(plan));
        let below = |def: DefFn, plan: Option<&Plan>| Of { def: def(), plan: plan.copied() };
        match (&def.kind, node) {
            (Kind::Record { .. }, _) => self.record(def, value, node, stateful),
            (Kind::Enum { variants, .. }, _) => self.variant(def, variants, value, node),
            (Kind::List(of) | Kind::Array(_, of), None) => {
                self.elements(below(*of, None), value.held());
            }
            (Kind::List(of) | Kind::Array(_, of), Some(Node::Sequence { element, .. })) => {
                match (value, plans.node(*element), &of().resolve().kind) {
                    (Value::Map(_), Node::Tuple(parts), Kind::Tuple([key, other])) => {
                        let (key, value_of) =
                            (below(*key, parts.first()), below(*other, parts.get(1)));
                        self.entries(key, value_of, value.held(), false);
                    }
                    _ => self.elements(below(*of, Some(element)), value.held()),
                }
            }
            (Kind::Map(key, other), None) => {
                self.entries(below(*key, None), below(*other, None), value.held(), false);
            }
            (Kind::Map(key, other), Some(Node::Entries { key: k, value: v })) => {
                let pairs = !matches!(value, Value::Map(_));
                self.entries(below(*key, Some(k)), below(*other, Some(v)), value.held(), pairs);
            }
            (Kind::Option(of) | Kind::Persistent(of), None) => {
                self.inner(below(*of, None), value.held().first());
            }
            (Kind::Option(of), Some(Node::Option(plan)))
            | (Kind::Persistent(of), Some(Node::Persistent(plan))) => {
                self.inner(below(*of, Some(plan)), value.held().first());
            }
            (Kind::Tuple(parts), _) => {
                let planned = match node {
                    Some(Node::Tuple(planned)) => Some(planned),
                    None => None,
                    Some(_) => return Ok(()),
                };
                let parts = parts.iter().zip(value.held()).enumerate().rev();
                for (place, (part, value)) in parts {
                    let part = below(*part, planned.and_then(|planned| planned.get(place)));
                    self.work.push(Work::Value(part, value, Some(Step::Field(position(place)))));
                }
            }
            (Kind::Shared(of) | Kind::Weak(of), None) => {
                return self.pointer(below(*of, None), value);
            }
            (Kind::Shared(of), Some(Node::Shared(plan)))
            | (Kind::Weak(of), Some(Node::Weak(plan))) => {
                return self.pointer(below(*of, Some(plan)), value);
            }
            (Kind::Dyn(_) | Kind::Dispatch, _) => {
                if let Value::Dyn(object) | Value::Dispatch(object) = value {
                    return self.behind(object.registered(), object.get(), false);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn inner(&mut self, of: Of, value: Option<&'v Value>) {
        self.work.extend(value.map(|value| Work::Value(of, value, None)));
    }

    fn elements(&mut self, of: Of, items: &'v [Value]) {
        if self.calls(of.def) {
            self.work.push(Work::Elements(of, items, 0));
        }
    }

    fn entries(&mut self, key: Of, value: Of, items: &'v [Value], pairs: bool) {
        if self.calls(key.def) || self.calls(value.def) {
            self.work.push(Work::Entries { key, value, items, next: 0, pairs });
        }
    }

    /// Whether a load of values of this type may call functions.
    fn calls(&mut self, def: &'static TypeDef) -> bool {
        *self.calling.entry(def.key()).or_insert_with(|| {
            let program = program_of(def);
            let named = |definition: &Definition<'_>| {
                matches!(definition, Definition::Dyn(_) | Definition::Dispatch)
            };
            program.rebuilds
                || program.adapts
                || program.table().is_ok_and(|table| table.definitions.iter().any(named))
        })
    }

    fn object(&mut self, value: &'v Value) -> Option<Object<'v>> {
        let (Value::Shared(shared) | Value::Weak(shared)) = value else { return None };
        let shared: &'v Shared = shared;
        self.objects.get(shared)
    }

    /// What is behind a pointer, where it is met first.
    fn pointer(&mut self, of: Of, value: &'v Value) -> Result<(), Error> {
        let Some(object) = self.object(value) else { return Ok(()) };
        if !self.seen.insert(object.number) {
            return Ok(());
        }
        match (object.registered, &of.def.resolve().kind) {
            (Some(registered), Kind::Dyn(_)) => {
                self.behind(registered, object.content, object.stateful)
            }
            _ => self.value(of, object.content, object.stateful),
        }
    }

    /// A value of a registered type.
    fn behind(
        &mut self,
        registered: &'v Registered,
        value: &'v Value,
        stateful: bool,
    ) -> Result<(), Error> {
        let index = match registered {
            Registered::Name(name) => self.registered.get(&**name),
            Registered::Code(code) => self.codes.get(code),
        };
        let (table, registry) = (self.table, self.registry);
        let Some((index, definition)) = index.and_then(|at| Some((*at, table.get(*at)?))) else {
            return Ok(());
        };
        if registry.is_some_and(|registry| registry.keeps(definition)) {
            return Ok(());
        }
        let planned = self.plans.registered(index);
        let entry: &'t Entry = match definition {
            Definition::Named(name, of) => registry::named(registry, name, *of, table, planned)?,
            Definition::Coded(code, of) => registry::coded(registry, *code, *of, table, planned)?,
            _ => return Ok(()),
        };
        if entry.foreign {
            let name = registry.and_then(|registry| registry.name_of_entry(entry));
            self.work.push(Work::Expand(name.unwrap_or(entry.rust_name), value));
        }
        self.value(Of { def: (entry.def)(), plan: planned.flatten() }, value, stateful)
    }

    fn record(
        &mut self,
        def: &'static TypeDef,
        value: &'v Value,
        node: Option<&'t Node>,
        stateful: bool,
    ) {
        let Kind::Record { name, fields } = def.kind else { return };
        let (kept, state, before) = match node {
            None => (How::Native, How::Native, fields.len()),
            Some(Node::Record { fields: list, state, .. }) => {
                let (kept, state) = (self.how(*list), self.how(*state));
                (kept, state, kept.count().unwrap_or(fields.len()))
            }
            Some(_) => return,
        };
        let items = value.held();
        let fields_of = |fields: Fields, first| RecordOf {
            name,
            calls: def.calls,
            fields: fields.as_slice(),
            first,
            variant: None,
        };
        if !def.state.as_slice().is_empty() {
            let items = items.get(before..).unwrap_or_default();
            let origin = Origin { whole: value, items, how: state };
            let work = Work::Fields(fields_of(def.state, kept_count(fields)), origin);
            match stateful {
                true => self.states.push(work),
                false => self.work.push(work),
            }
        }
        let origin = Origin { whole: value, items, how: kept };
        self.calls_behind(def, None, origin);
        self.work.push(Work::Fields(fields_of(fields, 0), origin));
    }

    fn variant(
        &mut self,
        def: &'static TypeDef,
        variants: &'static [Variant],
        value: &'v Value,
        node: Option<&'t Node>,
    ) {
        let found = match (node, value) {
            (None, Value::Enum(of)) => {
                let place = variants.iter().position(|own| own.name == of.name());
                place.map(|place| (place, value.held(), How::Native))
            }
            (Some(Node::Enum(plan)), Value::Enum(of)) => {
                let named = plan.variants.iter().find(|(name, _)| **name == *of.name());
                match named {
                    Some((_, VariantPlan::Known { ours, fields })) => usize::try_from(*ours)
                        .ok()
                        .map(|ours| (ours, value.held(), self.how(*fields))),
                    _ => None,
                }
            }
            (Some(Node::Newtype { variant, fields }), _) => {
                let whole = core::slice::from_ref(value);
                usize::try_from(*variant).ok().map(|ours| (ours, whole, self.how(*fields)))
            }
            _ => None,
        };
        let Some((place, items, how)) = found else { return };
        let Some(variant) = variants.get(place).filter(|variant| !variant.holds_other()) else {
            return;
        };
        let name = def.name().unwrap_or_default();
        let number = u32::try_from(place).unwrap_or(u32::MAX);
        let origin = Origin { whole: value, items, how };
        self.calls_behind(def, Some(number), origin);
        let (calls, fields) = (def.calls, variant.fields.as_slice());
        let variant = Some((number, variant));
        self.work.push(Work::Fields(RecordOf { name, calls, fields, first: 0, variant }, origin));
    }

    fn how(&self, plan: Plan) -> How<'t> {
        let plans = self.plans;
        match plans.node(plan) {
            Node::Fields(list) => How::Planned(list),
            Node::Upgrade(plan) => How::Upgraded(plan),
            _ => How::Native,
        }
    }

    /// The functions that are called when the fields of a value are there.
    fn calls_behind(
        &mut self,
        def: &'static TypeDef,
        variant: Option<u32>,
        origin: Origin<'v, 't>,
    ) {
        let name = def.name().unwrap_or_default();
        for call in def.calls.iter().rev() {
            let behind = match call.when {
                When::Upgrade(_) | When::Convert(..) | When::Fill(_) => false,
                When::Late(place) => origin.lacks(place.into(), self.plans),
                _ => true,
            };
            if behind && (call.variant.is_none() || call.variant == variant) {
                self.work.push(Work::Call(call, name, origin));
            }
        }
    }

    /// The fields of a record, with the functions in front of them and between them.
    fn fields(&mut self, record: RecordOf, origin: Origin<'v, 't>) {
        let RecordOf { name, calls, fields, first, variant } = record;
        let number = variant.map(|(number, _)| number);
        let own = |call: &&CallDef| call.variant.is_none() || call.variant == number;
        let calls = || calls.iter().filter(own);
        // The next is the last one that is pushed.
        for (index, field) in fields.iter().enumerate().rev() {
            let place = u16::try_from(index.saturating_add(first)).unwrap_or(MADE);
            if origin.lacks(index, self.plans) {
                let fill = calls().filter(|call| call.when == When::Fill(place));
                self.work.extend(fill.map(|call| Work::Call(call, name, origin)));
                continue;
            }
            let Found1::At { value, plan, conversion, .. } = origin.find(index) else { continue };
            let number = u16::try_from(conversion).unwrap_or(0);
            let convert = calls().filter(|call| call.when == When::Convert(place, number));
            self.work.extend(convert.map(|call| Work::Call(call, name, origin)));
            let from = conversion.checked_sub(1).and_then(|at| field.converts.get(at));
            let of = Of { def: from.unwrap_or(&field.def)(), plan };
            let step = match variant {
                None => Step::Field(field.shown(index)),
                Some((_, variant)) => Step::InVariant(variant.name, field.shown(index)),
            };
            self.work.push(Work::Value(of, value, Some(step)));
        }
        if let How::Upgraded(plan) = origin.how {
            let upgrades = calls().rev().filter(
                |call| matches!(call.when, When::Upgrade(from) if u64::from(from) >= plan.version),
            );
            self.work.extend(upgrades.map(|call| Work::Call(call, name, origin)));
        }
    }

    fn call(
        &mut self,
        call: &'static CallDef,
        of: &'static str,
        origin: Origin<'v, 't>,
    ) -> Result<(), Error> {
        let arguments = call.arguments.iter().map(|(name, place)| {
            let value = match *place {
                WHOLE => Some(origin.whole),
                MADE => None,
                place => match origin.find(usize::from(place)) {
                    Found1::At { value, .. } => Some(value),
                    Found1::Lacking => None,
                },
            };
            (*name, value)
        });
        let kind = match call.when {
            When::Upgrade(_) => CallKind::Upgrade,
            When::Convert(..) => CallKind::Convert,
            When::Fill(_) | When::NoArguments => CallKind::DefaultPath,
            When::Late(_) | When::Skipped => CallKind::Rebuild,
            When::Whole => CallKind::RebuildValue,
            When::Validate => CallKind::Validate,
            When::Via => CallKind::Via,
            When::Adapted => CallKind::ByAdapter,
        };
        let arguments = arguments.collect();
        self.add((of, call.at), call.function.text(), kind, arguments)
    }

    fn add(
        &mut self,
        (of, at): (&'static str, &'static str),
        function: &str,
        kind: CallKind,
        arguments: Vec<(&'static str, Option<&Value>)>,
    ) -> Result<(), Error> {
        let path = || path(&self.path, at);
        self.found.add(FoundCall { path: &path, of, at, function, kind, arguments })
    }

    fn located(&self, error: Error) -> Error {
        self.path.iter().rev().fold(error, |error, step| match step {
            Step::Field(name) => error.in_field(name),
            Step::InVariant(variant, name) => error.in_field_named(&format!("{variant}.{name}")),
            Step::Index(index) => error.in_element(*index),
            Step::Key(index) => error.in_key(*index),
        })
    }
}

impl<'v> Origin<'v, '_> {
    /// A field of ours, by its place.
    fn find(&self, index: usize) -> Found1<'v> {
        let (place, plan, conversion, fillable) = match self.how {
            How::Native => (Some(index), None, 0, false),
            How::Planned(list) => match list.ours.get(index) {
                Some(Source::At { place, plan, conversion, fillable }) => {
                    (Some(*place), Some(*plan), *conversion, *fillable)
                }
                _ => return Found1::Lacking,
            },
            How::Upgraded(plan) => match plan.as_it_was(index) {
                Some((place, plan, conversion)) => (Some(place), Some(plan), conversion, false),
                None => return Found1::Lacking,
            },
        };
        match place.and_then(|place| self.items.get(place)) {
            Some(value) => Found1::At { value, plan, conversion, fillable },
            None => Found1::Lacking,
        }
    }

    /// Whether something stands in for a field.
    fn lacks(&self, index: usize, plans: &Plans) -> bool {
        match (self.how, self.find(index)) {
            (How::Native | How::Upgraded(_), _) => false,
            (_, Found1::Lacking) => true,
            (_, Found1::At { value, plan: Some(plan), fillable: true, .. }) => {
                matches!(plans.node(plan), Node::Unwrap(_)) && value.held().is_empty()
            }
            _ => false,
        }
    }
}

impl How<'_> {
    /// How many fields the stream has, where it may have others than we.
    fn count(self) -> Option<usize> {
        match self {
            How::Native => None,
            How::Planned(list) => Some(list.theirs.len()),
            How::Upgraded(plan) => Some(plan.theirs.len()),
        }
    }
}

/// How many fields are stored, those aside that keep what the type does not know.
fn kept_count(fields: Fields) -> usize {
    let keeps = match fields {
        Fields::Named([.., last]) => last.name.is_empty(),
        _ => false,
    };
    fields.len().saturating_sub(usize::from(keeps))
}

fn position(place: usize) -> &'static str {
    const POSITIONS: [&str; 12] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"];
    POSITIONS.get(place).copied().unwrap_or_default()
}

/// As an error has it.
fn path(steps: &[Step], at: &str) -> String {
    let mut path = String::new();
    for step in steps {
        let dot = if path.is_empty() { "" } else { "." };
        // Writing to a string cannot fail.
        let _ = match step {
            Step::Field(name) => write!(path, "{dot}{name}"),
            Step::InVariant(variant, name) => write!(path, "{dot}{variant}.{name}"),
            Step::Index(index) => write!(path, "[{index}]"),
            Step::Key(index) => write!(path, "[key {index}]"),
        };
    }
    if !path.is_empty() && !at.is_empty() {
        path.push('.');
    }
    path.push_str(at);
    path
}
