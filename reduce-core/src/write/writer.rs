//! What reducers write to: the output, the budget, the memo and the caller's context.

use super::aligned::Alignment;
use super::buffers::{Buffers, Offers};
use super::columns::Spare as SpareColumns;
use super::graph::{Graph, Order, Outside, lies_outside};
use super::memo::{Key, MarkedEnd as MemoMark, Memo};
use super::spare;
use crate::block::Effort;
use crate::column::Layout;
use crate::context::Context;
use crate::error::{Error, ErrorKind};
use crate::limits::{Budget, Exhausted};
use crate::program::{DefFn, FIRST_INDEX, Program, TypeDef, Types, program_of};
use crate::reduce::Reduce;
use crate::registry::{Entry, Registry};
use crate::value::Universe;
use crate::{opcode, stack, varint};
use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::any::TypeId;
use core::{fmt, mem};

/// A reducer that is called anew. Behind a trait of its own, for a closure behind `dyn FnMut` would be compiled twice more.
trait Again {
    fn again(&self, w: &mut Writer<'_>) -> Result<(), Error>;
}

/// What is written anew, of any type.
struct Whole<'a, T: ?Sized>(&'a T);

impl<T: Reduce + ?Sized> Again for Whole<'_, T> {
    fn again(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.0.reduce(w)
    }
}

/// What a [`Reduce`](crate::Reduce) writes to: one dump's output, limits and context.
///
/// A hand-written reducer writes its parts with their own [`reduce`](crate::Reduce::reduce), in the order in which its
/// description names them; there is no other way to write.
///
/// ```
/// use reduce_core::{Describe, Dumper, Error, Reduce, TypeDef, Writer};
///
/// struct Salt(u64);
///
/// /// Stored together with the session's salt.
/// struct Secret(u64);
///
/// impl Describe for Secret {
///     fn def() -> &'static TypeDef {
///         <(u64, u64)>::def()
///     }
/// }
///
/// impl Reduce for Secret {
///     fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
///         let salt = w.context().require::<Salt>()?.0;
///         (salt, self.0 ^ salt).reduce(w)
///     }
/// }
///
/// let bytes = Dumper::new().context(Salt(6)).to_vec(&Secret(5))?;
/// assert_eq!(reduce_core::from_slice::<(u64, u64)>(&bytes)?, (6, 3));
/// # Ok::<(), Error>(())
/// ```
// In this order: each number and each text goes to `out`, which is found without a step where it stands first.
#[repr(C)]
pub struct Writer<'s> {
    pub(crate) out: Vec<u8>,
    /// Where this stream begins in `out`.
    start: usize,
    /// Made when the first object is met: most values have none.
    objects: Option<Box<Objects>>,
    order: Option<&'s Order>,
    /// Found by an earlier pass: weak references to them are errors.
    outside: Option<&'s Outside>,
    /// Inside of a value of any type: the order of its own objects.
    own_order: Option<Rc<Order>>,
    program: &'s Program,
    /// The types of values that have a place in the program.
    universe: Option<&'s Universe>,
    pub(crate) registry: Option<&'s Registry>,
    pub(crate) canonical: bool,
    /// The trait object that was written last, and the type behind it, which the registry knows to implement it.
    pub(crate) implementor: Option<(TypeId, TypeId)>,
    /// The first few types behind trait objects.
    behind: Vec<Behind<'s>>,
    /// A fingerprint stands for the programs, so that no type can be defined.
    pub(crate) fingerprint: bool,
    pub(crate) offers: Offers<'s>,
    /// Lists of some length may be written in columns.
    pub(super) columns: bool,
    pub(super) alignment: Alignment,
    pub(super) effort: Effort,
    /// The layout of the last list of some length, by what its elements are.
    pub(super) last_layout: Option<(&'static TypeDef, Option<&'static Layout>)>,
    /// Taken when the first list in columns is met.
    spare_columns: Option<Box<SpareColumns>>,
    budget: Budget,
    context: Context<'s>,
}

/// What a writer keeps of the objects that it met.
#[derive(Default)]
pub(crate) struct Objects {
    pub memo: Memo,
    pub graph: Graph,
    /// Types that the root's program lacks: those met behind trait objects, and those of a session's later roots.
    pub more: Option<Types>,
    /// How many of them stand in front already.
    defined: usize,
    /// The types of the values that were met.
    universe: Option<Universe>,
    /// In a message with a fingerprint: codes, the fingerprints of their types' programs, and their places.
    codes: Vec<(u32, u64, u64)>,
}

/// A type that stands behind a trait object, as a dump has come to know it.
#[derive(Clone, Copy)]
struct Behind<'s> {
    /// The trait object's type, which it is known to implement, and its own.
    pair: (TypeId, TypeId),
    entry: &'s Entry,
    /// Its place in the table.
    at: u64,
}

/// As many of those are searched through faster than looked up.
const FEW_BEHIND: usize = 16;

/// What a writer needs to know of its pass.
#[derive(Clone, Copy)]
pub(crate) struct Pass<'s> {
    pub program: &'s Program,
    pub universe: Option<&'s Universe>,
    pub order: Option<&'s Order>,
    pub outside: Option<&'s Outside>,
    pub registry: Option<&'s Registry>,
    pub canonical: bool,
    pub fingerprint: bool,
    pub deny_outside_weak: bool,
    pub buffers: Buffers<'s>,
    pub columns: bool,
    pub aligned: bool,
    pub effort: Effort,
    pub budget: Budget,
    pub context: Context<'s>,
}

impl<'s> Writer<'s> {
    /// A session hands in what it keeps.
    #[inline]
    pub(crate) fn new(out: Vec<u8>, pass: &Pass<'s>, objects: Option<Box<Objects>>) -> Self {
        Writer {
            start: out.len(),
            out,
            objects,
            order: pass.order,
            outside: pass.outside,
            own_order: None,
            program: pass.program,
            universe: pass.universe,
            registry: pass.registry,
            canonical: pass.canonical,
            implementor: None,
            behind: Vec::new(),
            fingerprint: pass.fingerprint,
            offers: Offers::new(pass.buffers),
            columns: pass.columns,
            alignment: Alignment::new(pass.aligned),
            effort: pass.effort,
            last_layout: None,
            spare_columns: None,
            budget: pass.budget,
            context: pass.context,
        }
    }

    /// Where this stream begins in the output.
    #[inline]
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// The objects met so far.
    #[inline]
    pub(crate) fn objects(&mut self) -> &mut Objects {
        let order = self.order;
        self.objects.get_or_insert_with(|| spare::take(order))
    }

    /// The objects met, if there were any.
    #[inline]
    pub(crate) fn met(&mut self) -> Option<&mut Objects> {
        self.objects.as_deref_mut()
    }

    /// The memory of columns.
    #[inline]
    pub(super) fn spare_columns(&mut self) -> &mut SpareColumns {
        self.spare_columns.get_or_insert_with(spare::take_columns)
    }

    /// What is kept of it for another dump.
    #[inline]
    pub(super) fn take_spare_columns(&mut self) -> Option<Box<SpareColumns>> {
        self.spare_columns.take()
    }

    /// Whether so many levels more are allowed.
    pub(super) fn has_depth(&self, levels: usize) -> bool {
        usize::try_from(self.budget.depth).is_ok_and(|left| left >= levels)
    }

    /// The types beyond the root's program.
    pub(crate) fn more(&mut self) -> &mut Types {
        let base = &self.program.types;
        let objects = self.objects.get_or_insert_with(|| spare::take(self.order));
        objects.more.get_or_insert_with(|| Types::over(base.clone()))
    }

    /// The types of the values that were met.
    pub(crate) fn universe(&mut self) -> &mut Universe {
        self.value_types().0
    }

    /// The same, with the types beyond the root's program.
    pub(crate) fn value_types(&mut self) -> (&mut Universe, &mut Types) {
        let (base, known) = (&self.program.types, self.universe);
        let objects = self.objects.get_or_insert_with(|| spare::take(self.order));
        let universe = objects.universe.get_or_insert_with(|| known.cloned().unwrap_or_default());
        (universe, objects.more.get_or_insert_with(|| Types::over(base.clone())))
    }

    /// The place of a registered type: one that stands behind a trait object or in a `dispatch` field, as `what` says.
    pub(crate) fn registered(
        &mut self,
        what: impl FnOnce() -> String,
        name: &str,
        code: Option<u32>,
        def: DefFn,
    ) -> Result<u64, Error> {
        let def = def();
        match code {
            Some(code) if self.fingerprint => Ok(self.message_code(code, program_of(def))),
            Some(code) => Ok(self.more().coded(code, def)),
            None if self.fingerprint => {
                Err(self.undefined(&what(), "give the type a code with `Registry::code`, or "))
            }
            None => Ok(self.more().named(name, def)),
        }
    }

    /// What is known of a type behind a trait object: its entry and its place.
    #[inline]
    pub(crate) fn behind(&self, pair: (TypeId, TypeId)) -> Option<(&'s Entry, u64)> {
        let known = self.behind.iter().find(|known| known.pair == pair)?;
        Some((known.entry, known.at))
    }

    /// Remembers a type behind a trait object, which it implements.
    pub(crate) fn remember_behind(&mut self, pair: (TypeId, TypeId), entry: &'s Entry, at: u64) {
        if self.behind.len() < FEW_BEHIND {
            self.behind.push(Behind { pair, entry, at });
        }
    }

    /// The place of a type that a message names by its code, and its program by the fingerprint.
    fn message_code(&mut self, code: u32, program: &'static Program) -> u64 {
        let before = self.program.types.len();
        let codes = &mut self.objects().codes;
        if let Some((_, _, place)) = codes.iter().find(|(known, ..)| *known == code) {
            return *place;
        }
        let first = u64::from(FIRST_INDEX).saturating_add(before as u64);
        let next = codes.last().map_or(first, |(_, _, place)| place.saturating_add(1));
        let place = next.saturating_add(program.types.len() as u64);
        codes.push((code, program.fingerprint, place));
        place
    }

    /// The codes that this message needs, their number in front, where there are any.
    pub(crate) fn message_codes(&self) -> Option<Vec<u8>> {
        let codes = &self.objects.as_ref()?.codes;
        let mut block = Vec::new();
        varint::push(&mut block, codes.len() as u64);
        for (code, fingerprint, _) in codes {
            varint::push(&mut block, u64::from(*code));
            block.extend_from_slice(&fingerprint.to_le_bytes());
        }
        (!codes.is_empty()).then_some(block)
    }

    /// A type would have to be defined in a message that has no room for definitions.
    #[cold]
    pub(crate) fn undefined(&self, what: &str, way_out: &str) -> Error {
        Error::new(
            ErrorKind::Unavailable,
            format!(
                "{what} is defined in the stream, and a message with a fingerprint has no definitions: \
                 {way_out}dump it without `Dumper::fingerprint`"
            ),
        )
        .with_offset(self.offset())
    }

    /// The definitions that this value needs beyond those that stand in front, where there are any; their number first.
    pub(crate) fn more_definitions(&self) -> Option<Vec<u8>> {
        let objects = self.objects.as_ref()?;
        let more = objects.more.as_ref().filter(|more| more.len() > objects.defined)?;
        let mut content = Vec::new();
        more.write(objects.defined, &mut content);
        Some(content)
    }

    /// Writes the programs of a message that continues others: the definitions that they lack, and the root.
    pub(crate) fn continue_programs(&mut self, root: &'static TypeDef) {
        let more = self.more();
        let before = more.len();
        let root = more.type_ref(root);
        let mut content = Vec::new();
        more.write(before, &mut content);
        let defined = more.len();
        self.objects().defined = defined;
        varint::push(&mut content, root);
        self.varint(content.len() as u64);
        self.bytes(&content);
    }

    /// How many objects and how many definitions there are by now.
    pub(crate) fn count(&mut self) -> (usize, usize) {
        let definitions = self.more().count();
        (self.objects().memo.len(), definitions)
    }

    /// What is kept by a session, or for another dump.
    #[inline]
    pub(crate) fn take_objects(&mut self) -> Option<Box<Objects>> {
        self.objects.take()
    }

    /// Writes where a type stands in the table; it is added if it is new.
    pub(crate) fn type_ref(&mut self, def: &'static TypeDef) {
        let at = self.more().type_ref(def);
        self.varint(at);
    }

    /// Whether an object is written where a weak reference to it stands.
    pub(crate) fn is_inline(&self, key: &Key) -> bool {
        self.order().is_some_and(|order| order.is_inline(key))
    }

    /// Whether objects are written in an order that was found for them.
    pub(crate) fn is_ordered(&self) -> bool {
        self.order().is_some_and(Order::is_found)
    }

    fn order(&self) -> Option<&Order> {
        self.own_order.as_deref().or(self.order)
    }

    /// Writes a value of any type, which is a document of its own: where its type stands, objects ahead of it, what `write`
    /// writes, and the states of its objects. Where objects come too late, it is written again in another order.
    pub(crate) fn document(
        &mut self,
        place: u64,
        write: impl Fn(&mut Writer<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let start = self.out.len();
        let objects = self.objects();
        let around = (mem::take(&mut objects.memo), mem::take(&mut objects.graph));
        let around_order = self.own_order.take();
        // As it comes; to find an order; and in that order.
        let mut done = self.document_pass(start, place, Order::default(), &write);
        if let Ok(late) = &mut done
            && late.take().is_some()
        {
            done = self.document_pass(start, place, Order::to_be_found(), &write);
            if let Ok(late) = &mut done
                && let Some((graph, memo)) = late.take()
            {
                let found = self.document_pass(start, place, graph.order(&memo), &write);
                done = match found {
                    Ok(Some(_)) => Err(no_order()),
                    found => found,
                };
            }
        }
        self.own_order = around_order;
        let objects = self.objects();
        (objects.memo, objects.graph) = around;
        done.map(drop)
    }

    /// One pass over a document. What was met, if objects came too late.
    fn document_pass(
        &mut self,
        start: usize,
        place: u64,
        order: Order,
        write: &impl Fn(&mut Writer<'_>) -> Result<(), Error>,
    ) -> Result<Option<(Graph, Memo)>, Error> {
        self.out.truncate(start);
        self.forget_alignment();
        self.varint(place << 1 | u64::from(order.has_ahead()));
        let order = Rc::new(order);
        let objects = self.objects();
        (objects.memo, objects.graph) = (Memo::default(), Graph::new(Some(&order)));
        self.own_order = Some(order.clone());
        let done = content(self, Some(&order), write);
        let objects = self.objects();
        let (graph, memo) = (mem::take(&mut objects.graph), mem::take(&mut objects.memo));
        // An error may come of an object that comes too late: order first, judge after.
        if graph.has_late() { Ok(Some((graph, memo))) } else { done.map(|()| None) }
    }

    /// The error for an object that an earlier pass found to lie outside of the value.
    pub(crate) fn check_inside(&self, key: &Key) -> Result<(), Error> {
        match self.outside.and_then(|outside| outside.get(key)) {
            Some(name) => Err(lies_outside(name).with_offset(self.offset())),
            None => Ok(()),
        }
    }

    /// Says in an object's mark that a weak reference to it occurs inside it.
    pub(crate) fn mark_cyclic(&mut self, number: u64) {
        let mark = self.met().and_then(|met| met.memo.mark(number));
        if let Some(mark) = mark.and_then(|mark| self.out.get_mut(mark)) {
            *mark |= opcode::CYCLIC;
        }
    }

    /// The values that the caller handed to this dump. The example of [`Writer`] uses it.
    pub fn context(&self) -> Context<'s> {
        self.context
    }

    /// How many bytes of the stream have been written, its header and programs included.
    pub fn offset(&self) -> usize {
        self.out.len().saturating_sub(self.start)
    }

    /// An error that the value cannot be taken apart just now.
    #[cold]
    pub(crate) fn unavailable(&self, message: &'static str) -> Error {
        Error::new(ErrorKind::Unavailable, message).with_offset(self.offset())
    }

    /// Passed by every box, pointer, list and map: writes a level deeper, where the limit allows, with room on the
    /// stack for it; the reducer of `value` is what comes here, which is called anew on another stack where this one is low.
    #[inline(always)]
    pub(crate) fn nested<T: Reduce + ?Sized>(
        &mut self,
        value: &T,
        write: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.enter::<()>()? {
            return self.reduce_elsewhere(value);
        }
        write(self)?;
        self.budget.leave();
        Ok(())
    }

    /// Out of line for each type: who calls needs no place on the stack for it.
    #[cold]
    #[inline(never)]
    fn reduce_elsewhere<T: Reduce + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.again_elsewhere(&Whole(value))
    }

    fn again_elsewhere(&mut self, value: &dyn Again) -> Result<(), Error> {
        self.budget.leave();
        stack::elsewhere(0, || value.again(self))
    }

    /// As [`nested`](Self::nested), of what few types come to: `write` is there twice. `T` is what lies on the stack
    /// meanwhile.
    #[inline(always)]
    pub(crate) fn nested_here<T>(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match self.enter::<T>()? {
            true => stack::elsewhere(size_of::<T>(), || write(self))?,
            false => write(self)?,
        }
        self.budget.leave();
        Ok(())
    }

    /// Goes a level deeper. Says whether the stack is low.
    #[inline(always)]
    fn enter<T>(&mut self) -> Result<bool, Error> {
        let look = self.budget.enter().map_err(|limit| self.too_deep(limit))?;
        Ok((look || stack::is_large::<T>()) && stack::is_low(size_of::<T>()))
    }

    #[cold]
    fn too_deep(&self, limit: Exhausted) -> Error {
        limit.error().with_offset(self.offset())
    }

    #[inline]
    pub(crate) fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    #[inline]
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    #[inline]
    pub(crate) fn varint(&mut self, value: u64) {
        varint::push(&mut self.out, value);
    }

    /// A key as it will be written, for canonical order. Nothing of it stays: neither bytes nor memo numbers. No buffer is
    /// offered, so that each is offered once.
    pub(crate) fn encoded<T: Reduce>(&mut self, key: &T) -> Result<Vec<u8>, Error> {
        let length = self.out.len();
        let before = self.met().map_or((0, 0), |met| (met.memo.len(), met.graph.states.len()));
        let (taker, aligned) = (self.offers.suspend(), self.suspend_alignment());
        let done = key.reduce(self);
        self.offers.resume(taker);
        self.resume_alignment(aligned);
        let encoded = self.out.split_off(length);
        if let Some(met) = self.met() {
            met.memo.truncate(before.0);
            met.graph.states.truncate(before.1);
        }
        done.map(|()| encoded)
    }

    /// The length of a list or map whose elements follow one after the other.
    #[inline]
    pub(crate) fn list_length(&mut self, length: usize) {
        // No list is longer than isize::MAX, so no bit is lost.
        self.varint((length as u64) << 1);
    }
}

/// Objects ahead of a value, the value, and the states of all objects.
pub(super) fn content(
    w: &mut Writer<'_>,
    order: Option<&Order>,
    write: impl Fn(&mut Writer<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    if let Some(order) = order.filter(|order| order.has_ahead()) {
        w.varint(order.ahead.len() as u64);
        order.ahead.iter().try_for_each(|define| define(w))?;
    }
    write(w)?;
    if w.met().is_some_and(|met| !met.graph.states.is_empty()) {
        w.byte(opcode::STATES);
        while let Some(write_state) = w.met().and_then(|met| met.graph.states.pop_front()) {
            write_state(w)?;
        }
    }
    Ok(())
}

/// Objects come too late in an order in which they should not.
#[cold]
pub(super) fn no_order() -> Error {
    Error::new(
        ErrorKind::Unavailable,
        "the weak pointers of this value leave no order that was found for its objects; mark the field of one of \
         the `Weak`s with `#[reduce(state)]`, or, if an adapter or a reducer makes such objects anew each time, \
         have it hand out the same ones: a value may be written more than once",
    )
}

impl fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("offset", &self.offset())
            .field("canonical", &self.canonical)
            .finish()
    }
}

impl Objects {
    /// Where a session stands between two messages.
    pub(super) fn mark(&self) -> Mark {
        Mark { memo: self.memo.mark_end(), types: self.more.as_ref().map(Types::len) }
    }

    /// Forgets everything, and keeps what was reserved.
    #[cfg(feature = "std")]
    pub(super) fn clear(&mut self) {
        self.graph = Graph::default();
        self.more = None;
        self.universe = None;
        self.memo.clear();
    }

    /// For another pass.
    pub(super) fn begin(&mut self, order: Option<&Order>) {
        self.graph = Graph::new(order);
        self.codes.clear();
        self.defined = self.more.as_ref().map_or(0, Types::len);
    }

    /// Forgets all that was met since the mark.
    pub(super) fn roll_back(&mut self, mark: &Mark) {
        self.graph = Graph::default();
        // It knows places that may be gone. What it finds again is defined again.
        self.universe = None;
        self.memo.roll_back(&mark.memo);
        match (mark.types, &mut self.more) {
            (Some(len), Some(more)) => more.truncate(len),
            _ => self.more = None,
        }
    }
}

/// A place between two messages of a session.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    memo: MemoMark,
    /// How many types there are beyond the first root's, if those are kept at all.
    types: Option<usize>,
}
