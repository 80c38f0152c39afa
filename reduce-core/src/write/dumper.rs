//! The session of a dump: its settings, and the way from a value to bytes.

use super::buffers::{Buffers, Take};
use super::graph::Order;
use super::writer::{self, Objects, Settings, Writer, no_order};
use crate::context::{Context, Given, Held, Lent};
use crate::error::{BoxError, Error};
use crate::limits::Limits;
use crate::program::{Program, program_of};
use crate::reduce::Reduce;
use crate::registry::{self, Registry};
use crate::value::{Root, Universe, Value};
use crate::{header, opcode, varint};
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::Any;
use core::cell::RefCell;
use core::fmt;

/// The settings of dumps: limits, context and canonical order. One serves any number of dumps, from any number of
/// threads.
///
/// The counterpart in pickle is the [`Pickler`](https://docs.python.org/3/library/pickle.html#pickle.Pickler); each dump has a
/// memo of its own.
///
/// ```
/// use reduce_core::Dumper;
/// use std::collections::HashMap;
///
/// let stock = HashMap::from([("pear", 3u32), ("apple", 5), ("fig", 1)]);
/// let again: HashMap<_, _> = stock.clone().into_iter().collect();
/// let dumper = Dumper::new().canonical(true);
/// assert_eq!(dumper.to_vec(&stock)?, dumper.to_vec(&again)?);
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Dumper {
    limits: Limits,
    canonical: bool,
    least_buffer: usize,
    deny_outside_weak: bool,
    fingerprint: bool,
    registry: Option<Registry>,
    held: Held,
}

/// Below this a buffer of its own costs more than a copy of its bytes.
const LEAST_BUFFER: usize = 1 << 10;

impl Default for Dumper {
    fn default() -> Self {
        Dumper {
            limits: Limits::default(),
            canonical: false,
            least_buffer: LEAST_BUFFER,
            deny_outside_weak: false,
            fingerprint: false,
            registry: None,
            held: Held::new(),
        }
    }
}

/// Room for the data of a small value, beyond header and programs.
const SMALL: usize = 128;

impl Dumper {
    /// Default limits, no context, maps and sets as they iterate.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how deep a value may nest. The other limits are for loads.
    ///
    /// ```
    /// use reduce_core::{Dumper, ErrorKind, Limits};
    ///
    /// let dumper = Dumper::new().limits(Limits::default().depth(1));
    /// let error = dumper.to_vec(&vec![vec![1u8]]).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Limit);
    /// ```
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether maps and sets are written in the order of their encoded keys, so that equal values give equal bytes.
    /// By default they are written in the order in which they iterate. Each key is then encoded twice.
    #[must_use]
    pub fn canonical(mut self, canonical: bool) -> Self {
        self.canonical = canonical;
        self
    }

    /// Names the types behind trait objects: see [`Registry`], which is cloned, and frozen from then on. A second one takes
    /// the place of the first. A value with trait objects cannot be dumped without one: this one, or
    /// [that of the process](Registry::global).
    ///
    /// The counterpart in pickle is [`save_global`](https://docs.python.org/3/library/pickle.html#what-can-be-pickled-and-unpickled):
    /// a class goes by the module and name that it is found under.
    ///
    /// ```
    /// use reduce_core::{Dumper, ErrorKind, Registry};
    /// use std::any::Any;
    ///
    /// let mut registry = Registry::new();
    /// registry.register_as::<u32>("u32")?.register_as::<String>("String")?;
    ///
    /// let values: [Box<dyn Any>; 2] = [Box::new(7u32), Box::new("text".to_string())];
    /// let bytes = Dumper::new().registry(&registry).to_vec(&values)?;
    /// assert!(reduce_core::disassemble(&bytes)?.to_string().contains("dyn Any = String"));
    /// assert_eq!(reduce_core::to_vec(&values).unwrap_err().kind(), ErrorKind::Registry);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn registry(mut self, registry: &Registry) -> Self {
        self.registry = Some(registry.clone());
        self
    }

    /// Whether a weak pointer to an object that nothing in the value owns is an error, of the kind
    /// [`Unavailable`](crate::ErrorKind::Unavailable). By default it is stored as dangling: what lies outside of the value is
    /// never written. A weak pointer whose object is gone is no error. (pickle refuses every `weakref`.)
    ///
    /// ```
    /// use reduce_core::Dumper;
    /// use std::rc::{Rc, Weak};
    ///
    /// let outside = Rc::new(1u8);
    /// let weak = Rc::downgrade(&outside);
    /// let bytes = Dumper::new().to_vec(&weak)?;
    /// assert!(reduce_core::from_slice::<Weak<u8>>(&bytes)?.upgrade().is_none());
    /// assert!(Dumper::new().deny_outside_weak(true).to_vec(&weak).is_err());
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn deny_outside_weak(mut self, deny: bool) -> Self {
        self.deny_outside_weak = deny;
        self
    }

    /// Whether a fingerprint of 8 bytes stands in place of the programs, for messages too small to carry them. By
    /// default the programs are written. Loads take both kinds; those of a message must ask for a type of the same program,
    /// for nothing in the message says what it holds: a [`Programs`](crate::Programs) store can.
    ///
    /// The counterpart in pickle is a code of `copyreg.add_extension` in place of a class's name.
    ///
    /// ```
    /// use reduce_core::{Dumper, ErrorKind, Reduce};
    ///
    /// #[derive(Reduce, Debug, PartialEq)]
    /// struct Tick {
    ///     symbol: String,
    ///     price: u32,
    /// }
    ///
    /// let tick = Tick { symbol: "RED".into(), price: 12 };
    /// let bytes = Dumper::new().fingerprint(true).to_vec(&tick)?;
    /// assert_eq!(bytes.len(), 10 + 4 + 1);
    /// assert_eq!(reduce_core::from_slice::<Tick>(&bytes)?, tick);
    ///
    /// let error = reduce_core::from_slice::<(String, u32)>(&bytes).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// The types behind trait objects are defined in the stream, for which there is no room: each must have a
    /// [code](Registry::code). It takes one byte or more, and 8 of fingerprint.
    #[must_use]
    pub fn fingerprint(mut self, fingerprint: bool) -> Self {
        self.fingerprint = fingerprint;
        self
    }

    /// Hands over a value for adapters and hand-written reducers, found again by its type. A second value of the same
    /// type takes the place of the first. The example of [`Context`] uses it.
    #[must_use]
    pub fn context<C: Any + Send + Sync>(mut self, value: C) -> Self {
        self.held.push(Given::new::<C>(Arc::new(value)));
        self
    }

    /// Lends a value to a dump, as [`context`](Self::context) does for good: for what is not `Sync`, or not to be
    /// given away. It stands before a value of the same type that the settings hold.
    ///
    /// ```
    /// use reduce_core::{Adapter, BoxError, Context, Dumper, Reduce};
    /// use std::cell::Cell;
    ///
    /// /// Counts what is dumped.
    /// struct Counted;
    ///
    /// impl Adapter<String> for Counted {
    ///     type Stored = String;
    ///     fn reduce(text: &String, context: &Context<'_>) -> Result<String, BoxError> {
    ///         let bytes = context.require::<Cell<usize>>()?;
    ///         bytes.set(bytes.get() + text.len());
    ///         Ok(text.clone())
    ///     }
    ///     fn expand(text: String, _: &Context<'_>) -> Result<String, BoxError> {
    ///         Ok(text)
    ///     }
    /// }
    ///
    /// #[derive(Reduce)]
    /// struct Page(#[reduce(with = Counted)] String);
    ///
    /// let bytes = Cell::new(0usize); // exactly the type that is asked for
    /// Dumper::new().with_context(&bytes).to_vec(&[Page("one".into()), Page("two".into())])?;
    /// assert_eq!(bytes.get(), 6);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    pub fn with_context<'c, C: Any>(&'c self, value: &'c C) -> Dump<'c> {
        Dump { dumper: self, lent: Vec::new(), take: None }.with_context(value)
    }

    /// How long a list of bytes must be to be offered to [`buffers`](Self::buffers): 1024 bytes, if this is not called.
    #[must_use]
    pub fn least_buffer(mut self, bytes: usize) -> Self {
        self.least_buffer = bytes;
        self
    }

    /// Leaves large buffers out of the stream. The bytes of lists in fields marked with
    /// [`out_of_band`](crate::attributes#out_of_band) are offered to the function, in their order and without a copy: it
    /// writes them where it likes, or not, and says whether it took them. What it does not take, and what is shorter than
    /// [`least_buffer`](Self::least_buffer), stays in the stream. The load gets those taken back in the same order, by
    /// [`Loader::buffers`](crate::Loader::buffers).
    ///
    /// The counterpart in pickle is the argument `buffer_callback` of
    /// [`dumps`](https://docs.python.org/3/library/pickle.html#pickle.dumps), of
    /// [PEP 574](https://peps.python.org/pep-0574/).
    ///
    /// ```
    /// use reduce_core::{Dumper, Loader, Reduce};
    /// use std::borrow::Cow;
    ///
    /// #[derive(Reduce)]
    /// struct Frame<'a> {
    ///     number: u32,
    ///     #[reduce(out_of_band)]
    ///     pixels: Cow<'a, [u8]>,
    /// }
    ///
    /// let frame = Frame { number: 7, pixels: vec![0xAA; 1 << 20].into() };
    /// let mut file = Vec::new(); // the only copy of the pixels
    /// let dumper = Dumper::new();
    /// let dump = dumper.buffers(|bytes| {
    ///     file.extend_from_slice(bytes);
    ///     Ok(true)
    /// });
    /// let bytes = dump.to_vec(&frame)?;
    /// drop(dump);
    /// assert!(bytes.len() < 100);
    ///
    /// let again: Frame<'_> = Loader::new().buffers([&file]).from_slice(&bytes)?;
    /// assert!(matches!(again.pixels, Cow::Borrowed(pixels) if pixels == file));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// Each buffer is offered once a dump. Where the value's type can hold weak pointers, whose objects may have to be
    /// written in another order, a dump first goes through the value without offering anything. A dump that fails may
    /// have offered some before. An error of the function ends the dump.
    pub fn buffers<'c, F>(&'c self, take: F) -> Dump<'c>
    where
        F: FnMut(&[u8]) -> Result<bool, BoxError> + 'c,
    {
        Dump { dumper: self, lent: Vec::new(), take: None }.buffers(take)
    }

    /// Dumps a value into bytes of its own; the counterpart of `pickle.dumps`.
    ///
    /// ```
    /// let bytes = reduce_core::Dumper::new().to_vec("text")?;
    /// assert_eq!(reduce_core::from_slice::<&str>(&bytes)?, "text");
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a part of the value cannot be taken apart just now (a mutably borrowed `RefCell`, a lock that is held or
    /// poisoned, an object that holds itself), it nests deeper than the limit, or an adapter fails.
    pub fn to_vec<T: Reduce + ?Sized>(&self, value: &T) -> Result<Vec<u8>, Error> {
        to_vec(self, &[], None, value)
    }

    /// Dumps a dynamic value as a stream of its own type: of the type that it was loaded with, as far as it still fits. The
    /// same value dumped by [`to_vec`](Self::to_vec) is a stream of type `value`, as a field of type [`Value`] is.
    ///
    /// A value that was loaded and not changed gives the bytes of its stream, if that has the table in the order in which
    /// `reduce-core` writes it, and no buffers. Maps and sets stay in the order of the stream.
    ///
    /// ```
    /// use reduce_core::{Dumper, Value};
    ///
    /// let bytes = reduce_core::to_vec(&vec![(1u8, "one")])?;
    /// let value = Value::from_slice(&bytes)?;
    /// assert_eq!(Dumper::new().value_to_vec(&value)?, bytes);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When parts of a list or a map are of different types, or a part that was taken out of a graph of objects refers to what it
    /// lies inside of.
    pub fn value_to_vec(&self, value: &Value) -> Result<Vec<u8>, Error> {
        value_to_vec(self, &[], value)
    }

    /// Dumps a value behind what a buffer holds, which may be used again and again. On an error the buffer is as it
    /// was.
    ///
    /// ```
    /// use reduce_core::Dumper;
    ///
    /// let (dumper, mut buffer) = (Dumper::new(), Vec::new());
    /// for n in 0..3u32 {
    ///     buffer.clear();
    ///     dumper.append_to(&n, &mut buffer)?;
    ///     assert_eq!(reduce_core::from_slice::<u32>(&buffer)?, n);
    /// }
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`to_vec`](Self::to_vec).
    pub fn append_to<T: Reduce + ?Sized>(
        &self,
        value: &T,
        buffer: &mut Vec<u8>,
    ) -> Result<(), Error> {
        append_to(self, &[], None, value, buffer)
    }

    /// Dumps a value to a writer, once the whole value has been taken apart: a dump that fails to do that writes
    /// nothing. The counterpart of `pickle.dump`. The writer is not flushed.
    ///
    /// ```
    /// let mut file = std::io::Cursor::new(Vec::new());
    /// reduce_core::Dumper::new().to_writer(&mut file, &1.5f32)?;
    /// assert_eq!(reduce_core::from_slice::<f32>(file.get_ref())?, 1.5);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`to_vec`](Self::to_vec), and when writing fails.
    #[cfg(feature = "std")]
    pub fn to_writer<W: std::io::Write, T: Reduce + ?Sized>(
        &self,
        mut writer: W,
        value: &T,
    ) -> Result<(), Error> {
        Ok(writer.write_all(&self.to_vec(value)?)?)
    }
}

impl fmt::Debug for Dumper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dumper")
            .field("limits", &self.limits)
            .field("canonical", &self.canonical)
            .field("fingerprint", &self.fingerprint)
            .field("contexts", &self.held.len())
            .finish()
    }
}

/// A dump with values lent to it: see [`Dumper::with_context`], which makes it and has an example. Its methods are those of
/// the [`Dumper`].
#[derive(Clone)]
pub struct Dump<'c> {
    dumper: &'c Dumper,
    lent: Vec<Lent<'c>>,
    take: Option<Rc<dyn Take + 'c>>,
}

impl<'c> Dump<'c> {
    /// Lends one more value. The last one of a type is the one that is found.
    #[must_use]
    pub fn with_context<C: Any>(mut self, value: &'c C) -> Self {
        self.lent.push(Given::new::<C>(value));
        self
    }

    /// Offers buffers to a function, as [`Dumper::buffers`] does, in place of one that was given before.
    #[must_use]
    pub fn buffers<F>(mut self, take: F) -> Self
    where
        F: FnMut(&[u8]) -> Result<bool, BoxError> + 'c,
    {
        self.take = Some(Rc::new(RefCell::new(take)));
        self
    }

    /// As [`Dumper::to_vec`].
    ///
    /// # Errors
    ///
    /// As [`Dumper::to_vec`].
    pub fn to_vec<T: Reduce + ?Sized>(&self, value: &T) -> Result<Vec<u8>, Error> {
        to_vec(self.dumper, &self.lent, self.take.as_deref(), value)
    }

    /// As [`Dumper::append_to`].
    ///
    /// # Errors
    ///
    /// As [`Dumper::append_to`].
    pub fn append_to<T: Reduce + ?Sized>(
        &self,
        value: &T,
        buffer: &mut Vec<u8>,
    ) -> Result<(), Error> {
        append_to(self.dumper, &self.lent, self.take.as_deref(), value, buffer)
    }

    /// As [`Dumper::to_writer`].
    ///
    /// # Errors
    ///
    /// As [`Dumper::to_writer`].
    #[cfg(feature = "std")]
    pub fn to_writer<W: std::io::Write, T: Reduce + ?Sized>(
        &self,
        mut writer: W,
        value: &T,
    ) -> Result<(), Error> {
        Ok(writer.write_all(&self.to_vec(value)?)?)
    }
}

impl fmt::Debug for Dump<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dump")
            .field("dumper", &self.dumper)
            .field("lent", &self.lent.len())
            .field("buffers", &self.take.is_some())
            .finish()
    }
}

fn to_vec<T: Reduce + ?Sized>(
    dumper: &Dumper,
    lent: &[Lent<'_>],
    take: Option<&dyn Take>,
    value: &T,
) -> Result<Vec<u8>, Error> {
    let programs = if dumper.fingerprint { 0 } else { program_of(T::def()).block.len() };
    let room = programs.saturating_add(SMALL).saturating_add(size_of_val(value));
    let mut out = Vec::with_capacity(room);
    append_to(dumper, lent, take, value, &mut out)?;
    Ok(out)
}

fn append_to<T: Reduce + ?Sized>(
    dumper: &Dumper,
    lent: &[Lent<'_>],
    take: Option<&dyn Take>,
    value: &T,
    buffer: &mut Vec<u8>,
) -> Result<(), Error> {
    let program = program_of(T::def());
    // Each buffer is offered once, in the pass that writes the stream.
    let rehearsal = take.is_some() && program.may_hold_weak()?;
    let buffers = Buffers { to: take, least: dumper.least_buffer, rehearsal };
    append(dumper, lent, (program, None), buffers, value, buffer)
}

fn value_to_vec(dumper: &Dumper, lent: &[Lent<'_>], value: &Value) -> Result<Vec<u8>, Error> {
    let (root, program, universe) = Root::new(value)?;
    let buffers = Buffers { to: None, least: dumper.least_buffer, rehearsal: false };
    let mut out = Vec::with_capacity(program.block.len().saturating_add(SMALL));
    append(dumper, lent, (&program, Some(&universe)), buffers, &root, &mut out)?;
    Ok(out)
}

/// Dumps a value of this program.
fn append<T: Reduce + ?Sized>(
    dumper: &Dumper,
    lent: &[Lent<'_>],
    (program, universe): (&Program, Option<&Universe>),
    buffers: Buffers<'_>,
    value: &T,
    buffer: &mut Vec<u8>,
) -> Result<(), Error> {
    let settings = Settings {
        program,
        universe,
        buffers,
        order: None,
        registry: registry::or_global(dumper.registry.as_ref()),
        canonical: dumper.canonical,
        fingerprint: dumper.fingerprint,
        // Nothing is read at a dump: of the budget only the depth counts.
        budget: dumper.limits.budget(0),
        context: Context::new(&dumper.held, lent, registry::or_global(dumper.registry.as_ref())),
    };
    if pass(value, buffer, settings, dumper.deny_outside_weak)?.is_none() {
        return Ok(());
    }
    reordered(value, buffer, settings, dumper.deny_outside_weak)
}

/// Dumps a value in which objects stand behind weak references to them: a second pass finds an order in which they do
/// not, and a third one writes them in it.
#[cold]
fn reordered<T: Reduce + ?Sized>(
    value: &T,
    buffer: &mut Vec<u8>,
    settings: Settings<'_>,
    deny_outside_weak: bool,
) -> Result<(), Error> {
    let mut order = Order::to_be_found();
    let second = Settings { order: Some(&order), ..settings };
    if let Some(Objects { graph, memo, .. }) = pass(value, buffer, second, deny_outside_weak)? {
        order = graph.order(&memo);
        let third = Settings { order: Some(&order), ..settings };
        if pass(value, buffer, third, deny_outside_weak)?.is_some() {
            return Err(no_order());
        }
    }
    Ok(())
}

/// Gives the caller's buffer back, as it was unless the dump is done: also when a reducer panics.
struct Session<'b, 's> {
    buffer: &'b mut Vec<u8>,
    writer: Writer<'s>,
    done: bool,
}

impl Drop for Session<'_, '_> {
    fn drop(&mut self) {
        let start = self.writer.start();
        *self.buffer = core::mem::take(&mut self.writer.out);
        if !self.done {
            self.buffer.truncate(start);
        }
    }
}

/// A pass that writes the stream, behind one that offers no buffers where there is to be one. If objects came too late,
/// nothing is written, and what was met is returned.
fn pass<T: Reduce + ?Sized>(
    value: &T,
    buffer: &mut Vec<u8>,
    settings: Settings<'_>,
    deny_outside_weak: bool,
) -> Result<Option<Objects>, Error> {
    let Buffers { to, least, rehearsal } = settings.buffers;
    if rehearsal && let Some(late) = write(value, buffer, settings, deny_outside_weak)? {
        return Ok(Some(late));
    }
    let buffers = Buffers { to, least, rehearsal: false };
    write(value, buffer, Settings { buffers, ..settings }, deny_outside_weak)
}

/// One pass. If objects came too late, nothing is written, and what was met is returned.
fn write<T: Reduce + ?Sized>(
    value: &T,
    buffer: &mut Vec<u8>,
    settings: Settings<'_>,
    deny_outside_weak: bool,
) -> Result<Option<Objects>, Error> {
    let writer = Writer::new(core::mem::take(buffer), settings);
    let mut session = Session { buffer, writer, done: false };
    let writer = &mut session.writer;
    if settings.fingerprint {
        header::begin_short(&mut writer.out, settings.program.fingerprint);
    } else {
        header::begin(&mut writer.out);
        writer.bytes(&settings.program.block);
    }
    let data = writer.out.len();
    let none = Order::default();
    let done = writer::content(writer, settings.order.unwrap_or(&none), |w| value.reduce(w));
    // An error may come of an object that comes too late: order first, judge after.
    if let Some(met) = writer.met().filter(|met| met.graph.has_late()) {
        return Ok(Some(core::mem::take(met)));
    }
    done?;
    if deny_outside_weak && let Some(met) = writer.met() {
        met.graph.refuse_outside()?;
    }
    if settings.buffers.rehearsal {
        return Ok(None);
    }
    let mut flags = 0;
    if settings.order.is_some_and(Order::has_ahead) {
        flags |= header::AHEAD;
    }
    if settings.fingerprint {
        if writer.more_definitions().is_some() {
            return Err(writer.undefined("a type of an object that a weak pointer refers to", ""));
        }
        if let Some(codes) = writer.message_codes() {
            flags |= header::MORE;
            writer.out.splice(data..data, codes);
        }
        let start = writer.start();
        header::finish_short(&mut writer.out, start, flags);
        session.done = true;
        return Ok(None);
    }
    writer.byte(opcode::STOP);
    if let Some(more) = writer.more_definitions() {
        flags |= header::MORE;
        let (mut content, mut block) = (Vec::new(), Vec::new());
        more.write(&mut content);
        varint::push(&mut block, content.len() as u64);
        block.append(&mut content);
        // All definitions stand in front of the data.
        writer.out.splice(data..data, block);
    }
    let start = writer.start();
    header::finish(&mut writer.out, start, flags);
    session.done = true;
    Ok(None)
}
