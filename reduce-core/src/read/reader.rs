//! What expanders read from: the input, the budget, the memo and the caller's context.

use super::adapt::{Bridge, Node, Plan, Plans, astray};
use super::columns::Columns;
use super::memo::Memo;
use super::skip::Frame;
use super::state::States;
use super::unshare::Unshared;
use super::{Buffers, Input};
use crate::aligned;
use crate::column::Slot;
use crate::context::Context;
use crate::error::{Error, ErrorKind};
use crate::limits::{Budget, Exhausted};
use crate::opcode;
use crate::program::DefFn;
use crate::program::table::{Definition, Ref, Table};
use crate::registry::{self, BoxCast, Entry, Registry};
use crate::scan::{self, Primitive};
use crate::stack;
use crate::value;
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::Any;

/// What an [`Expand`](crate::Expand) reads from: one load's input, limits and context.
///
/// A hand-written expander reads its parts with their own [`expand`](crate::Expand::expand), in the order in which
/// its description names them; there is no other way to read. The counterpart in pickle is the unpickler's machine; here
/// there is no stack, for the types say what comes next.
///
/// ```
/// use reduce_core::{Describe, Error, Expand, Loader, Reader, TypeDef};
///
/// struct Highest(u32);
///
/// /// A number up to the session's highest.
/// #[derive(Debug)]
/// struct Id(u32);
///
/// impl Describe for Id {
///     fn def() -> &'static TypeDef {
///         u32::def()
///     }
/// }
///
/// impl<'de> Expand<'de> for Id {
///     fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
///         let highest = r.context().require::<Highest>()?.0;
///         match u32::expand(r)? {
///             id if id <= highest => Ok(Id(id)),
///             id => Err(r.invalid(format!("{id} is above {highest}"))),
///         }
///     }
/// }
///
/// let bytes = reduce_core::to_vec(&[5u32, 500])?;
/// let error = Loader::new().context(Highest(99)).from_slice::<[Id; 2]>(&bytes).unwrap_err();
/// assert_eq!(error.path(), "[1]");
/// assert!(error.to_string().contains("500 is above 99"));
/// # Ok::<(), Error>(())
/// ```
// In this order: all is read from `input`, which is found without a step where it stands first.
#[derive(Debug)]
#[repr(C)]
pub struct Reader<'s, 'de> {
    pub(crate) input: Input<'de>,
    pub(crate) budget: Budget,
    pub(crate) memo: Memo,
    pub(crate) states: States<'de>,
    pub(crate) registry: Option<&'s Registry>,
    /// How types that have changed are read.
    pub(crate) plans: &'s Plans,
    /// What is being skipped: kept for the next time.
    pub(super) frames: Vec<Frame>,
    /// Only where the stream has types beyond the root's program, or objects ahead of the root, or other types than ours.
    pub(super) more: Option<Box<More<'s>>>,
    /// Those that lie outside of the stream.
    pub(super) buffers: Buffers<'s, 'de>,
    /// The data, from its beginning on.
    pub(super) whole: Input<'de>,
    /// A part is read that was passed over.
    pub(super) again: bool,
    /// What is around the values of any type that are read as types of ours: their objects are their own.
    pub(super) documents: Vec<(Memo, States<'de>)>,
    /// So many of them end behind the fields that are begun next.
    pub(super) begun: usize,
    /// While a list outside of the stream is read.
    outside: Option<Outside<'de>>,
    /// Shared objects whose content is read as a value, the last one first.
    pub(super) unshared: Option<Box<Unshared<'de>>>,
    /// While a list in columns is read.
    pub(super) columns: Option<Rc<Columns<'de>>>,
    context: Context<'s>,
}

/// A list outside of the stream.
#[derive(Clone, Copy, Debug)]
struct Outside<'de> {
    /// What follows it in the stream.
    stream: Input<'de>,
    /// Its integers, where the stream would have them in variable length; the input has ended then, which is what sends
    /// their expanders here. All other numbers take the input's place.
    integers: Option<Input<'de>>,
}

/// How many elements a list has, and where they lie.
#[derive(Clone, Copy, Debug)]
pub enum Elements {
    /// They stand one after the other.
    InRows(usize),
    /// The same, outside of the stream.
    Outside(usize),
    /// The first is in this slot, the others are in the rows behind it.
    InColumns(usize, Slot),
}

/// How the elements of a list are read.
#[derive(Clone, Copy, Debug)]
pub enum Planned {
    /// Natively.
    Native(Elements),
    /// So many by this plan, wherever they lie; memory for them was taken from the budget.
    By(usize, Plan),
}

/// All types of a stream.
#[derive(Debug)]
pub(super) struct More<'s> {
    pub(super) table: Rc<Table<'s>>,
    /// The same with names of its own, for values.
    pub(super) owned: Option<Arc<value::Table>>,
    /// What values of its types have in common.
    pub(super) shapes: value::Shapes,
    /// The registered types that were met in the table, by their places in it.
    known: Vec<Option<Known<'s>>>,
    /// How the columns of lists become ours, by the plans of their elements.
    pub(super) bridges: BTreeMap<usize, Rc<Bridge>>,
    /// What boxes of the first few of them become.
    boxes: Vec<KnownBox<'s>>,
}

/// A type behind boxed trait objects.
#[derive(Debug)]
struct KnownBox<'s> {
    /// What the data names it by.
    number: u64,
    known: Known<'s>,
    /// A [`BoxCast`].
    cast: &'s dyn Any,
}

/// As many of those are searched through faster than looked up.
const FEW_BOXES: usize = 16;

/// A registered type, and how what the stream has of it is read, where that is another program.
pub(crate) type Known<'s> = (&'s Entry, Option<Plan>);

/// What stands behind a trait object.
pub(crate) enum NamedType<'s> {
    Known(Known<'s>),
    /// A type that is not registered, by its place in the table; the registry keeps such.
    Unknown(usize),
}

/// Memory is reserved ahead for at most this many bytes: a length is only a claim until its elements are there.
const MAX_AHEAD: usize = 1 << 20;

impl<'s, 'de> Reader<'s, 'de> {
    #[inline]
    pub(crate) fn new(
        input: Input<'de>,
        table: Option<Rc<Table<'s>>>,
        budget: Budget,
        plans: &'s Plans,
        buffers: Buffers<'s, 'de>,
        context: Context<'s>,
    ) -> Self {
        Reader {
            whole: input,
            again: false,
            input,
            budget,
            memo: Memo::default(),
            states: States::default(),
            registry: context.registry(),
            plans,
            frames: Vec::new(),
            more: table.map(|table| {
                let (shapes, known) = (value::Shapes::default(), Vec::new());
                Box::new(More {
                    table,
                    owned: None,
                    shapes,
                    known,
                    bridges: BTreeMap::new(),
                    boxes: Vec::new(),
                })
            }),
            buffers,
            documents: Vec::new(),
            begun: 0,
            outside: None,
            unshared: None,
            columns: None,
            context,
        }
    }

    /// The registered type that the data names.
    pub(crate) fn registered(&mut self) -> Result<Known<'s>, Error> {
        let at = self.input.offset();
        match self.named_type()? {
            NamedType::Known(known) => Ok(known),
            NamedType::Unknown(index) => Err(self.unregistered(index).with_offset(at)),
        }
    }

    /// What the data names in front of a trait object: a registered type, or one that is not.
    pub(crate) fn named_type(&mut self) -> Result<NamedType<'s>, Error> {
        let at = self.input.offset();
        let number = self.input.varint()?;
        let Some(more) = &mut self.more else { return Err(not_registered(at)) };
        let Some((index, definition)) = more.table.place(number) else {
            return Err(not_registered(at));
        };
        if let Some(Some(known)) = more.known.get(index) {
            return Ok(NamedType::Known(*known));
        }
        if definition.registered().is_some()
            && self.registry.is_some_and(|registry| registry.keeps(definition))
        {
            return Ok(NamedType::Unknown(index));
        }
        let planned = self.plans.registered(index);
        let entry = match definition {
            Definition::Named(name, of) => {
                registry::named(self.registry, name, *of, &more.table, planned)
            }
            Definition::Coded(code, of) => {
                registry::coded(self.registry, *code, *of, &more.table, planned)
            }
            _ => return Err(not_registered(at)),
        };
        let entry = entry.map_err(|error| error.with_offset(at))?;
        let known = (entry, planned.flatten());
        if more.known.len() <= index {
            // No longer than the table, which has the place.
            more.known.resize(index.saturating_add(1), None);
        }
        if let Some(place) = more.known.get_mut(index) {
            *place = Some(known);
        }
        Ok(NamedType::Known(known))
    }

    /// The type that the data names in front of a trait object, and how a box of it becomes one of the trait object, where
    /// both were [looked up](Self::cast_to_box) before; else nothing is read.
    #[inline]
    pub(crate) fn known_box<D: ?Sized + 'static>(
        &mut self,
    ) -> Option<(Known<'s>, &'s BoxCast<Box<D>>)> {
        let (boxes, mut input) = (&self.more.as_ref()?.boxes, self.input);
        let number = input.varint().ok()?;
        let known = boxes.iter().filter(|known| known.number == number);
        let found = { known }.find_map(|it| Some((it.known, it.cast.downcast_ref()?)))?;
        self.input = input;
        Some(found)
    }

    /// How a box of a registered type, which the data named at `number`, becomes one of a trait object, if the type
    /// implements the trait.
    pub(crate) fn cast_to_box<D: ?Sized + 'static>(
        &mut self,
        mut number: Input<'de>,
        known: Known<'s>,
    ) -> Option<&'s BoxCast<Box<D>>> {
        let cast = self.registry?.box_cast::<Box<D>>(known.0)?;
        if let (Some(more), Ok(number)) = (&mut self.more, number.varint())
            && more.boxes.len() < FEW_BOXES
        {
            more.boxes.push(KnownBox { number, known, cast });
        }
        Some(cast)
    }

    /// The error of a type that is not registered, by its place in the table.
    #[cold]
    pub(crate) fn unregistered(&self, index: usize) -> Error {
        let definition = self.table().and_then(|table| Some((table, table.get(index)?)));
        let entry = match definition {
            Some((table, Definition::Named(name, of))) => {
                registry::named(self.registry, name, *of, table, None)
            }
            Some((table, Definition::Coded(code, of))) => {
                registry::coded(self.registry, *code, *of, table, None)
            }
            _ => return not_registered(self.offset()),
        };
        entry.err().unwrap_or_else(|| not_registered(self.offset()))
    }

    /// Begins a sequence that is read by a plan, of elements of this description and size, and with it a level. Nothing has
    /// begun, and there is none, where the stack is low.
    pub(crate) fn begin_planned(
        &mut self,
        plan: Plan,
        of: DefFn,
        size: usize,
    ) -> Result<Option<Planned>, Error> {
        if self.enter_with(size)? {
            return Ok(None);
        }
        self.planned_elements(plan, of, size).map(Some)
    }

    fn planned_elements(&mut self, plan: Plan, of: DefFn, size: usize) -> Result<Planned, Error> {
        let native = |elements| Ok(Planned::Native(elements));
        if plan.is_native() {
            return self.begin_list(of).map(Planned::Native);
        }
        if let Some(slot) = plan.native_slot(self) {
            let (length, first) = self.columns()?.list(slot)?;
            return native(Elements::InColumns(length, first));
        }
        let (length, element) = self.begin_sequence(plan, of)?;
        if let Some(first) = element.native_slot(self) {
            return native(Elements::InColumns(length, first));
        }
        if element.is_native() {
            return native(match self.is_outside() {
                true => Elements::Outside(length),
                false => Elements::InRows(length),
            });
        }
        self.allocate(length, size)?;
        Ok(Planned::By(length, element))
    }

    /// Reads the length of a sequence that is read by a plan, and how its elements are read.
    pub(crate) fn begin_sequence(&mut self, plan: Plan, of: DefFn) -> Result<(usize, Plan), Error> {
        let plans = self.plans;
        let Node::Sequence { element, array } = plans.node(plan) else { return Err(astray(self)) };
        if let Some(slot) = plan.slot() {
            return self.sequence_in(slot, *element, array.is_some());
        }
        if let Some(length) = array {
            return self.elements(*length).map(|length| (length, *element));
        }
        let head = self.input.varint()?;
        let length = if head & 1 == 0 {
            self.elements(head >> 1)?
        } else if self.input.rest().first() == Some(&opcode::COLUMNS) {
            return self.sequence_in_columns(head >> 1, plan, *element, of);
        } else if aligned::begins(&self.input) && self.reads_list(plan) {
            aligned::pass(&mut self.input)?;
            self.elements(head >> 1)?
        } else {
            let code = || match plans.theirs(*element) {
                Ref::Primitive(code) => Some(code),
                Ref::Index(_) => None,
            };
            self.begin_buffer(head >> 1, &code)?
        };
        Ok((length, *element))
    }

    /// Whether the stream has a list where the plan reads.
    #[cold]
    fn reads_list(&self, plan: Plan) -> bool {
        let definition = self.table().and_then(|table| table.at(self.plans.theirs(plan)));
        matches!(definition, Some((_, Definition::List(_))))
    }

    /// Reads a primitive of the stream's, by a plan.
    pub(crate) fn primitive(&mut self, plan: Plan) -> Result<Primitive<'de>, Error> {
        match (self.plans.node(plan), plan.slot()) {
            (Node::Primitive(code), None) => self.primitive_of(*code),
            (Node::Primitive(code), Some(slot)) => self.columns()?.primitive(*code, slot),
            _ => Err(astray(self)),
        }
    }

    /// Reads a primitive of the stream's.
    pub(super) fn primitive_of(&mut self, code: u8) -> Result<Primitive<'de>, Error> {
        match self.outside.as_mut().and_then(|outside| outside.integers.as_mut()) {
            Some(integers) => scan::fixed(integers, code),
            None => scan::primitive(&mut self.input, code),
        }
    }

    /// The types of the stream, where they are not just those of the root's program.
    pub(crate) fn table(&self) -> Option<&Table<'s>> {
        self.more.as_ref().map(|more| &*more.table)
    }

    pub(super) fn take_more(&mut self) -> Option<Box<More<'s>>> {
        self.more.take()
    }

    pub(super) fn put_more(&mut self, more: Box<More<'s>>) {
        self.more = Some(more);
    }

    /// Whether two types of the stream are one, defined twice.
    pub(super) fn is_same(&mut self, a: Ref, b: Ref) -> bool {
        let Some(more) = &self.more else { return a == b };
        let budget = &mut self.budget;
        more.table.same(a, b, || budget.step().map_err(Exhausted::error)).unwrap_or(false)
    }

    /// Where the reader stands.
    pub(crate) fn position(&self) -> Position<'de> {
        Position { input: self.input, number: self.memo.next(), again: self.again }
    }

    /// Goes on elsewhere in the data.
    pub(crate) fn go_to(&mut self, position: Position<'de>) {
        self.input = position.input;
        self.memo.turn_to(position.number);
        self.again = position.again;
    }

    /// Goes back to what was skipped.
    pub(crate) fn go_back(&mut self, position: Position<'de>) {
        self.go_to(position);
        self.again = true;
    }

    /// The values that the caller handed to this load. The example of [`Reader`] uses it.
    pub fn context(&self) -> Context<'s> {
        self.context
    }

    /// How many bytes of the stream have been read, its header and programs included: the place for an error of yours.
    pub fn offset(&self) -> usize {
        self.input.offset()
    }

    /// An error at this place, of the kind [`InvalidValue`](ErrorKind::InvalidValue): what a hand-written expander
    /// returns for a value that its type cannot hold.
    #[cold]
    pub fn invalid(&self, message: impl Into<Cow<'static, str>>) -> Error {
        self.input.error(ErrorKind::InvalidValue, message)
    }

    #[cold]
    pub(crate) fn exhausted(&self, limit: Exhausted) -> Error {
        self.input.exhausted(limit)
    }

    /// Passed by every box, pointer, list and map: reads a level deeper, where the limit allows, with room on the
    /// stack for it. `T` is what lies on the stack meanwhile; `again` makes the call that comes here anew
    /// [elsewhere](stack::elsewhere), where this stack is low.
    #[inline(always)]
    pub(crate) fn nested<T, R>(
        &mut self,
        again: impl FnOnce(&mut Self) -> Result<R, Error>,
        read: impl FnOnce(&mut Self) -> Result<R, Error>,
    ) -> Result<R, Error> {
        if self.enter::<T>()? {
            self.budget.leave();
            return again(self);
        }
        let value = read(self)?;
        self.budget.leave();
        Ok(value)
    }

    /// As [`nested`](Self::nested), of what few types come to: `read` is there twice.
    #[inline(always)]
    pub(crate) fn nested_here<T, R>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let value = match self.enter::<T>()? {
            true => stack::elsewhere(size_of::<T>(), || read(self))?,
            false => read(self)?,
        };
        self.budget.leave();
        Ok(value)
    }

    /// Goes a level deeper. Says whether the stack is low.
    #[inline(always)]
    fn enter<T>(&mut self) -> Result<bool, Error> {
        let look = self.budget.enter().map_err(|limit| self.exhausted(limit))?;
        Ok((look || stack::is_large::<T>()) && stack::is_low(size_of::<T>()))
    }

    /// Goes a level deeper, with a value of `size` bytes on the stack. Says whether that is low; the level is left then.
    ///
    /// As in [`nested`](Self::nested), out of line: for what is read by plans.
    pub(crate) fn enter_with(&mut self, size: usize) -> Result<bool, Error> {
        let look = self.budget.enter().map_err(|limit| self.exhausted(limit))?;
        let low = (look || stack::is_large_size(size)) && stack::is_low(size);
        if low {
            self.budget.leave();
        }
        Ok(low)
    }

    /// Takes memory from the budget, before it is allocated.
    #[inline]
    pub(crate) fn allocate(&mut self, count: usize, size: usize) -> Result<(), Error> {
        self.budget.allocate(count, size).map_err(|limit| self.exhausted(limit))
    }

    /// Begins a list of elements of this description. Those that are not in columns are what is read next, until
    /// [`end_list`](Self::end_list).
    #[inline]
    pub(crate) fn begin_list(&mut self, of: DefFn) -> Result<Elements, Error> {
        let head = self.input.varint()?;
        if head & 1 != 0 {
            return self.begin_elsewhere(head >> 1, of);
        }
        self.elements(head >> 1).map(Elements::InRows)
    }

    #[cold]
    fn begin_elsewhere(&mut self, count: u64, of: DefFn) -> Result<Elements, Error> {
        if self.input.rest().first() == Some(&opcode::COLUMNS) {
            let (count, first) = self.begin_columns(count, of)?;
            return Ok(Elements::InColumns(count, first));
        }
        if aligned::begins(&self.input) {
            aligned::pass(&mut self.input)?;
            return self.elements(count).map(Elements::InRows);
        }
        self.begin_buffer(count, &|| of().as_primitive()).map(Elements::Outside)
    }

    #[inline]
    pub(crate) fn end_list(&mut self) {
        if self.outside.is_some() {
            self.end_buffer();
        }
    }

    /// A list of elements of this opcode lies outside of the stream, if they are numbers. There are no lists in it.
    #[cold]
    fn begin_buffer(&mut self, count: u64, code: &dyn Fn() -> Option<u8>) -> Result<usize, Error> {
        let at = self.input.offset();
        if self.input.rest().first() != Some(&opcode::BUFFER) {
            return Err(self.other_layout());
        }
        let Some((code, width)) = code().and_then(|code| Some((code, opcode::width(code)?))) else {
            return Err(self.other_layout());
        };
        self.input.byte()?;
        let number = self.input.varint()?;
        let length = self.elements(count)?;
        let buffer = if self.again {
            self.buffers.passed(number, count, width)
        } else {
            self.buffers.take(number, count, width, at)?
        };
        // A load knows its buffers, if it has none.
        let buffer = buffer.ok_or_else(|| self.input.malformed("a buffer that nobody knows"))?;
        let stream = self.input;
        let buffer = Input::new(buffer);
        let integers = (!opcode::is_fixed(code)).then_some(buffer);
        self.input = if integers.is_some() { Input::ended(at) } else { buffer };
        self.outside = Some(Outside { stream, integers });
        Ok(length)
    }

    #[cold]
    fn end_buffer(&mut self) {
        if let Some(outside) = self.outside.take() {
            self.input = outside.stream;
        }
    }

    /// The bytes of so many numbers of a list, where it lies outside of the stream.
    #[inline]
    pub(crate) fn outside(
        &mut self,
        count: usize,
        width: usize,
    ) -> Result<Option<&'de [u8]>, Error> {
        let Some(outside) = &mut self.outside else { return Ok(None) };
        let input = outside.integers.as_mut().unwrap_or(&mut self.input);
        input.numbers(count, width).map(Some)
    }

    /// Whether the list whose elements are read lies outside of the stream.
    #[inline]
    pub(crate) fn is_outside(&self) -> bool {
        self.outside.is_some()
    }

    /// The next integer of a list, where it lies outside of the stream.
    #[inline]
    pub(crate) fn outside_integer<const WIDTH: usize>(
        &mut self,
    ) -> Result<Option<[u8; WIDTH]>, Error> {
        match self.outside.as_mut().and_then(|outside| outside.integers.as_mut()) {
            Some(integers) => integers.array().map(Some),
            None => Ok(None),
        }
    }

    /// Whether nothing is left to be done for it, and no memory is its own: most values leave it so.
    #[inline]
    pub(super) fn holds_nothing(&self) -> bool {
        self.memo.holds_nothing()
            && self.states.are_none()
            && self.frames.capacity() == 0
            && self.more.is_none()
            && self.documents.capacity() == 0
            && self.unshared.is_none()
            && self.columns.is_none()
    }

    /// At the end of the stream: every buffer was asked for.
    #[inline]
    pub(crate) fn close_buffers(&self) -> Result<(), Error> {
        self.buffers.close(self.input.offset())
    }

    /// The length of a map, whose entries stand one after the other.
    #[inline]
    pub(crate) fn list_length(&mut self) -> Result<usize, Error> {
        let head = self.input.varint()?;
        if head & 1 != 0 {
            return Err(self.other_layout());
        }
        self.elements(head >> 1)
    }

    /// Takes elements from the budget, those that have no bytes in the stream too.
    #[inline]
    pub(crate) fn elements(&mut self, count: u64) -> Result<usize, Error> {
        self.budget.elements(count).map_err(|limit| self.exhausted(limit))?;
        usize::try_from(count).map_err(|_| self.exhausted(self.budget.too_many_elements()))
    }

    #[cold]
    pub(super) fn other_layout(&mut self) -> Error {
        let at = self.input.offset();
        match self.input.byte() {
            Ok(opcode::BUFFER) => not_numbers(at),
            Ok(code) => {
                crate::program::table::refused(code, opcode::Group::Data, "is a list's layout", at)
            }
            Err(end) => end,
        }
    }

    /// How many of `count` elements of this size to reserve room for.
    #[inline]
    pub(crate) fn ahead(&self, count: usize, size: usize) -> usize {
        if size == 0 {
            return 0;
        }
        let remaining = match self.input.remaining() {
            0 => self.integers(),
            remaining => remaining,
        };
        count.min(remaining).min((MAX_AHEAD / size).max(1))
    }

    /// For how many of `count` elements a collection begins with room, which takes so many `bytes` in the end, that were
    /// taken. Where it has to grow, it is there twice for a while, and the budget has to have that as well.
    pub(crate) fn room(&self, count: usize, size: usize, bytes: usize) -> Result<usize, Error> {
        let room = self.ahead(count, size);
        if room < count {
            self.spare(1, bytes / 2)?;
        }
        Ok(room)
    }

    /// Whether there is memory for so many values that are there twice for a while.
    pub(crate) fn spare(&self, count: usize, size: usize) -> Result<(), Error> {
        self.budget.spare(count, size).map_err(|limit| self.exhausted(limit))
    }

    /// Makes room for another element in a list that will have `total`, whose memory was taken.
    #[inline]
    pub(crate) fn grow<T>(&self, list: &mut Vec<T>, total: usize) -> Result<(), Error> {
        self.budget.grow(list, total).map_err(|limit| self.exhausted(limit))
    }

    /// How many bytes are left of a list of integers that lies outside of the stream.
    #[cold]
    fn integers(&self) -> usize {
        self.outside.and_then(|outside| outside.integers).map_or(0, |input| input.remaining())
    }
}

/// A place in the data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Position<'de> {
    input: Input<'de>,
    /// The number of the next shared object.
    number: usize,
    /// It was skipped before.
    again: bool,
}

#[cold]
fn not_registered(at: usize) -> Error {
    Error::new(ErrorKind::Malformed, "the type behind a trait object is no registered one")
        .with_offset(at)
}

/// The answer to the layout `buffer` for what is no list of numbers.
#[cold]
pub(crate) fn not_numbers(at: usize) -> Error {
    Error::new(
        ErrorKind::Malformed,
        "the layout `buffer` is for lists of numbers alone, and this is none",
    )
    .with_offset(at)
}
