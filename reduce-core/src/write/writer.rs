//! What reducers write to: the output, the budget, the memo and the caller's context.

use super::buffers::{Buffers, Offers};
use super::graph::{Graph, Order};
use super::memo::{Key, Memo};
use crate::context::Context;
use crate::error::{Error, ErrorKind};
use crate::limits::Budget;
use crate::program::{Program, TypeDef, Types};
use crate::reduce::Reduce;
use crate::registry::Registry;
use crate::{opcode, varint};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

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
pub struct Writer<'s> {
    pub(crate) out: Vec<u8>,
    /// Where this stream begins in `out`.
    start: usize,
    /// Made when the first object is met: most values have none.
    objects: Option<Box<Objects>>,
    order: Option<&'s Order>,
    program: &'static Program,
    pub(crate) registry: Option<&'s Registry>,
    pub(crate) canonical: bool,
    pub(crate) offers: Offers<'s>,
    budget: Budget,
    context: Context<'s>,
}

/// What a writer keeps of the objects that it met.
#[derive(Default)]
pub(crate) struct Objects {
    pub memo: Memo,
    pub graph: Graph,
    /// Types that the root's program lacks: those met behind trait objects.
    more: Option<Types>,
}

/// What a writer needs to know of its session.
#[derive(Clone, Copy)]
pub(crate) struct Settings<'s> {
    pub program: &'static Program,
    pub order: Option<&'s Order>,
    pub registry: Option<&'s Registry>,
    pub canonical: bool,
    pub buffers: Buffers<'s>,
    pub budget: Budget,
    pub context: Context<'s>,
}

impl<'s> Writer<'s> {
    pub(crate) fn new(out: Vec<u8>, settings: Settings<'s>) -> Self {
        let Settings { program, order, registry, canonical, buffers, budget, context } = settings;
        Writer {
            start: out.len(),
            out,
            objects: None,
            order,
            program,
            registry,
            canonical,
            offers: Offers::new(buffers),
            budget,
            context,
        }
    }

    /// Where this stream begins in the output.
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// The objects met so far.
    #[inline]
    pub(crate) fn objects(&mut self) -> &mut Objects {
        let order = self.order;
        self.objects.get_or_insert_with(|| {
            Box::new(Objects { graph: Graph::new(order), ..Objects::default() })
        })
    }

    /// The objects met, if there were any.
    pub(crate) fn met(&mut self) -> Option<&mut Objects> {
        self.objects.as_deref_mut()
    }

    /// The types beyond the root's program.
    pub(crate) fn more(&mut self) -> &mut Types {
        let base = &self.program.types;
        self.objects().more.get_or_insert_with(|| Types::over(base))
    }

    /// The definitions that this value needs beyond the root's program, where there are any.
    pub(crate) fn more_definitions(&self) -> Option<&Types> {
        self.objects.as_ref()?.more.as_ref().filter(|more| !more.is_empty())
    }

    /// Writes where a type stands in the table; it is added if it is new.
    pub(crate) fn type_ref(&mut self, def: &'static TypeDef) {
        let at = self.more().type_ref(def);
        self.varint(at);
    }

    /// Whether an object is written where a weak reference to it stands.
    pub(crate) fn is_inline(&self, key: &Key) -> bool {
        self.order.is_some_and(|order| order.is_inline(key))
    }

    /// Says in an object's mark that a weak reference to it occurs inside it.
    pub(crate) fn mark_cyclic(&mut self, mark: usize) {
        if let Some(mark) = self.out.get_mut(mark) {
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

    /// Passed by every box, pointer, list and map: the guard of the thread's stack.
    #[inline]
    pub(crate) fn enter(&mut self) -> Result<(), Error> {
        self.budget.enter().map_err(|limit| {
            Error::new(ErrorKind::Limit, limit.message()).with_offset(self.offset())
        })
    }

    #[inline]
    pub(crate) fn leave(&mut self) {
        self.budget.leave();
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
        let taker = self.offers.suspend();
        let done = key.reduce(self);
        self.offers.resume(taker);
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

impl fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("offset", &self.offset())
            .field("canonical", &self.canonical)
            .finish()
    }
}
