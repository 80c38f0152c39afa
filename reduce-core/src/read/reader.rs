//! What expanders read from: the input, the budget, the memo and the caller's context.

use super::collect::{Collect, Make};
use super::memo::Memo;
use super::state::States;
use super::{Buffers, Input};
use crate::context::Context;
use crate::error::{Error, ErrorKind};
use crate::limits::{Budget, Exhausted};
use crate::opcode;
use crate::program::table::{Definition, Ref, Table};
use crate::program::{DefFn, equal};
use crate::registry::{self, Entry, Registry};
use crate::scan::Walk;
use crate::stack;
use crate::value::{self, Builder, Value};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;

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
#[derive(Debug)]
pub struct Reader<'s, 'de> {
    pub(crate) input: Input<'de>,
    pub(crate) budget: Budget,
    pub(crate) memo: Memo,
    pub(crate) states: States<'de>,
    pub(crate) registry: Option<&'s Registry>,
    /// Only where the stream has types beyond the root's program, or objects ahead of the root.
    more: Option<Box<More<'s, 'de>>>,
    /// Those that lie outside of the stream.
    buffers: Buffers<'s, 'de>,
    /// The stream, while a list outside of it is read.
    around: Option<Input<'de>>,
    context: Context<'s>,
}

/// All types of a stream.
#[derive(Debug)]
struct More<'s, 'de> {
    table: Box<Table<'de>>,
    /// The same with names of its own, for values.
    owned: Option<Arc<value::Table>>,
    /// The registered types that were met in the table, found to be those of the stream.
    known: BTreeMap<usize, &'s Entry>,
}

/// Memory is reserved ahead for at most this many bytes: a length is only a claim until its elements are there.
const MAX_AHEAD: usize = 1 << 20;

impl<'s, 'de> Reader<'s, 'de> {
    #[inline]
    pub(crate) fn new(
        input: Input<'de>,
        table: Option<Box<Table<'de>>>,
        budget: Budget,
        registry: Option<&'s Registry>,
        buffers: Buffers<'s, 'de>,
        context: Context<'s>,
    ) -> Self {
        Reader {
            input,
            budget,
            memo: Memo::default(),
            states: States::default(),
            registry,
            more: table.map(|table| Box::new(More { table, owned: None, known: BTreeMap::new() })),
            buffers,
            around: None,
            context,
        }
    }

    /// The registered type that the data names, found to have the stream's program.
    pub(crate) fn registered(&mut self) -> Result<&'s Entry, Error> {
        let at = self.input.offset();
        let number = self.input.varint()?;
        let Some(more) = &mut self.more else { return Err(not_registered(at)) };
        let Some((index, definition)) = more.table.place(number) else {
            return Err(not_registered(at));
        };
        if let Some(entry) = more.known.get(&index) {
            return Ok(entry);
        }
        let entry = match definition {
            Definition::Named(name, of) => registry::named(self.registry, name, *of, &more.table),
            Definition::Coded(code, of) => registry::coded(self.registry, *code, *of, &more.table),
            _ => return Err(not_registered(at)),
        };
        let entry = entry.map_err(|error| error.with_offset(at))?;
        more.known.insert(index, entry);
        Ok(entry)
    }

    /// A value of any type, its type in front.
    pub(crate) fn any_value(&mut self) -> Result<Value, Error> {
        let Some(more) = &mut self.more else {
            return Err(self.input.malformed("a value of a type that the stream does not define"));
        };
        let owned = match &more.owned {
            Some(owned) => owned.clone(),
            None => {
                self.budget
                    .allocate(1, value::Table::size_of(&more.table))
                    .map_err(|limit| self.input.error(ErrorKind::Limit, limit.message()))?;
                more.owned.insert(value::Table::of(&more.table)).clone()
            }
        };
        let mut builder = Builder::new(owned, self.budget, self.buffers.given());
        let left = Walk::part(&more.table, self.input, self.budget, self.buffers, &mut builder)?;
        let (value, budget) = builder.finish();
        self.input = left.input;
        self.buffers.set_asked(left.asked);
        self.budget = Budget { elements: left.budget.elements, steps: left.budget.steps, ..budget };
        Ok(value)
    }

    /// What makes an object ahead of the root, by the type that stands in front of it.
    pub(crate) fn maker(&mut self, collect: &Collect<'de>) -> Result<Make<'de>, Error> {
        let at = self.input.offset();
        let number = self.input.varint()?;
        let table = self.more.as_ref().map(|more| &more.table);
        let place = table.and_then(|table| Some((table, table.place(number)?.0)));
        let found = place.and_then(|(table, index)| {
            collect.shared.iter().find(|(def, _)| equal(def, Ref::Index(index), table))
        });
        found.map(|(_, make)| *make).ok_or_else(|| {
            Error::new(
                ErrorKind::Malformed,
                "an object ahead of the root is of a type that the root does not hold",
            )
            .with_offset(at)
        })
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
        self.input.error(ErrorKind::Limit, limit.message())
    }

    /// Passed by every box, pointer, list and map: reads a level deeper, where the limit allows, with room on the
    /// stack for it. `T` is what lies on the stack meanwhile.
    #[inline(always)]
    pub(crate) fn nested<T, R>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let look = self.budget.enter().map_err(|limit| self.exhausted(limit))?;
        let value = if look || stack::is_large::<T>() {
            stack::with_room(size_of::<T>(), || read(self))?
        } else {
            read(self)?
        };
        self.budget.leave();
        Ok(value)
    }

    /// Takes memory from the budget, before it is allocated.
    #[inline]
    pub(crate) fn allocate(&mut self, count: usize, size: usize) -> Result<(), Error> {
        self.budget.allocate(count, size).map_err(|limit| self.exhausted(limit))
    }

    /// Begins a list of elements of this description: its length. Its elements are what is read next, wherever they lie,
    /// until [`end_list`](Self::end_list).
    #[inline]
    pub(crate) fn begin_list(&mut self, of: DefFn) -> Result<usize, Error> {
        let head = self.input.varint()?;
        if head & 1 != 0 {
            return self.begin_buffer(head >> 1, of);
        }
        self.elements(head >> 1)
    }

    #[inline]
    pub(crate) fn end_list(&mut self) {
        if self.around.is_some() {
            self.end_buffer();
        }
    }

    /// The elements of a list that lie outside of the stream take the input's place. There are no lists in them.
    #[cold]
    fn begin_buffer(&mut self, length: u64, of: DefFn) -> Result<usize, Error> {
        let at = self.input.offset();
        if self.input.rest().first() != Some(&opcode::BUFFER) || !of().is_byte() {
            return Err(self.other_layout());
        }
        self.input.byte()?;
        let number = self.input.varint()?;
        let length = self.elements(length)?;
        match self.buffers.take(number, length as u64, at)? {
            Some(buffer) => {
                self.around = Some(core::mem::replace(&mut self.input, Input::new(buffer)));
                Ok(length)
            }
            // A load knows its buffers, if it has none.
            None => Err(self.input.malformed("a buffer that nobody knows")),
        }
    }

    #[cold]
    fn end_buffer(&mut self) {
        if let Some(around) = self.around.take() {
            self.input = around;
        }
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
        usize::try_from(count).map_err(|_| self.exhausted(Exhausted::Elements))
    }

    #[cold]
    fn other_layout(&mut self) -> Error {
        let at = self.input.offset();
        match self.input.byte() {
            Ok(opcode::BUFFER) => not_bytes(at),
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
        count.min(self.input.remaining()).min((MAX_AHEAD / size).max(1))
    }
}

#[cold]
fn not_registered(at: usize) -> Error {
    Error::new(ErrorKind::Malformed, "the type behind a trait object is no registered one")
        .with_offset(at)
}

/// The answer to the layout `buffer` for what is no list of bytes.
#[cold]
pub(crate) fn not_bytes(at: usize) -> Error {
    Error::new(
        ErrorKind::Malformed,
        "the layout `buffer` is for lists of `u8` alone, and this is none",
    )
    .with_offset(at)
}
