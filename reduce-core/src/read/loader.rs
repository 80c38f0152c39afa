//! The session of a load: its settings, and the way from bytes to a value.

use super::{Buffers, Collect, Input, Reader, state};
use crate::context::{Context, Given, Held, Lent};
use crate::error::{Error, ErrorKind};
use crate::expand::Expand;
use crate::limits::Limits;
use crate::program::table::Table;
use crate::program::{self, Program, program_of, text};
use crate::programs::Programs;
use crate::registry::{self, Registry};
use crate::value::{self, Builder, Value};
use crate::{header, opcode, scan};
use alloc::boxed::Box;
use alloc::sync::Arc;
#[cfg(feature = "std")]
use alloc::vec;
use alloc::vec::Vec;
use core::any::Any;
use core::fmt;

/// The settings of loads: limits and context. One serves any number of loads, from any number of threads.
///
/// The counterpart in pickle is the [`Unpickler`](https://docs.python.org/3/library/pickle.html#pickle.Unpickler); each load
/// has a memo of its own.
///
/// ```
/// use reduce_core::{Limits, Loader, Reduce};
///
/// struct Pool(&'static str);
///
/// #[derive(Reduce)]
/// struct Repository {
///     table: String,
///     #[reduce(skip, rebuild = connect, context(Pool))]
///     connection: String,
/// }
///
/// fn connect(pool: &Pool, table: &str) -> String {
///     format!("{}/{table}", pool.0)
/// }
///
/// let bytes = reduce_core::to_vec(&Repository { table: "users".into(), connection: "".into() })?;
/// let loader = Loader::new().limits(Limits::default().depth(50)).context(Pool("db"));
/// let repository: Repository = loader.from_slice(&bytes)?;
/// assert_eq!(repository.connection, "db/users");
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Loader {
    limits: Limits,
    registry: Option<Registry>,
    programs: Option<Programs>,
    held: Held,
}

impl Loader {
    /// Default limits, no context.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what one load may use. [`Limits`] has examples.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Names the types that may stand behind trait objects: see [`Registry`], which is cloned, and frozen from then on. A
    /// second one takes the place of the first. What a stream names and the registry lacks is an error before anything of
    /// that type is made. Without one, [that of the process](Registry::global) is used, if there is one.
    ///
    /// The counterpart in pickle is overriding
    /// [`Unpickler.find_class`](https://docs.python.org/3/library/pickle.html#restricting-globals) with a list of what is allowed.
    ///
    /// ```
    /// use reduce_core::{Dumper, Loader, Registry};
    /// use std::any::Any;
    ///
    /// let mut registry = Registry::new();
    /// registry.register_as::<u32>("u32")?.register_as::<String>("text")?;
    /// let value: Box<dyn Any> = Box::new("text".to_string());
    /// let bytes = Dumper::new().registry(&registry).to_vec(&value)?;
    ///
    /// let value: Box<dyn Any> = Loader::new().registry(&registry).from_slice(&bytes)?;
    /// assert_eq!(value.downcast_ref::<String>().unwrap(), "text");
    ///
    /// let mut numbers = Registry::new();
    /// numbers.register_as::<u32>("u32")?;
    /// let error = Loader::new().registry(&numbers).from_slice::<Box<dyn Any>>(&bytes).unwrap_err();
    /// assert!(error.to_string().starts_with("no type is registered by the name `text`"));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn registry(mut self, registry: &Registry) -> Self {
        self.registry = Some(registry.clone());
        self
    }

    /// Lets errors say what a message with the fingerprint of another type holds. It is cheap to clone.
    #[must_use]
    pub fn programs(mut self, programs: &Programs) -> Self {
        self.programs = Some(programs.clone());
        self
    }

    /// Hands over a value for rebuild functions that ask for it with `context(C)`, for adapters and for
    /// hand-written expanders, found again by its type. A second value of the same type takes the place of the first.
    /// The example of [`Loader`] uses it.
    #[must_use]
    pub fn context<C: Any + Send + Sync>(mut self, value: C) -> Self {
        self.held.push(Given::new::<C>(Arc::new(value)));
        self
    }

    /// Lends a value to a load, as [`context`](Self::context) does for good: for what is not `Sync`, or not to be
    /// given away. It stands before a value of the same type that the settings hold.
    ///
    /// ```
    /// use reduce_core::{Loader, Reduce};
    /// use std::cell::Cell;
    ///
    /// #[derive(Reduce)]
    /// struct Ticket {
    ///     name: String,
    ///     #[reduce(skip, rebuild = number, from(), context(Cell<u32>))]
    ///     number: u32,
    /// }
    ///
    /// fn number(next: &Cell<u32>) -> u32 {
    ///     next.replace(next.get() + 1)
    /// }
    ///
    /// let bytes = reduce_core::to_vec(&Ticket { name: "a".into(), number: 0 })?;
    /// let next = Cell::new(7u32);
    /// let ticket: Ticket = Loader::new().with_context(&next).from_slice(&bytes)?;
    /// assert_eq!((ticket.number, next.get()), (7, 8));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    pub fn with_context<'c, C: Any>(&'c self, value: &'c C) -> Load<'c, 'static> {
        Load { loader: self, lent: Vec::new(), buffers: Vec::new() }.with_context(value)
    }

    /// Lends the buffers that a dump left out of its stream to a load, in the order in which they were taken; see
    /// [`Dumper::buffers`](crate::Dumper::buffers), which has an example. What can borrow from them does (`&[u8]`,
    /// `Cow<[u8]>`), all else is a copy of them. The counterpart in pickle is the argument `buffers` of
    /// [`loads`](https://docs.python.org/3/library/pickle.html#pickle.loads).
    ///
    /// All buffers are needed, and no others: a missing, surplus or wrongly sized one is an error of the kind
    /// [`Buffers`](ErrorKind::Buffers). Their bytes are not checked otherwise.
    pub fn buffers<'c, 'b, B: AsRef<[u8]> + ?Sized + 'b>(
        &'c self,
        buffers: impl IntoIterator<Item = &'b B>,
    ) -> Load<'c, 'b> {
        Load { loader: self, lent: Vec::new(), buffers: Vec::new() }.buffers(buffers)
    }

    /// Loads the value of a stream that fills the slice; the counterpart of `pickle.loads`. What the value borrows, it
    /// borrows from the slice.
    ///
    /// ```
    /// use reduce_core::Loader;
    /// use std::collections::BTreeMap;
    ///
    /// let bytes = reduce_core::to_vec(&BTreeMap::from([("a", 1u8)]))?;
    /// let map: BTreeMap<&str, u8> = Loader::new().from_slice(&bytes)?;
    /// assert_eq!(map["a"], 1);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the bytes are not a whole stream of this type, a limit is reached, or a function of the user's fails.
    /// Whatever was made until then is dropped.
    pub fn from_slice<'de, T: Expand<'de>>(&self, bytes: &'de [u8]) -> Result<T, Error> {
        from_slice(self, &[], &[], bytes)
    }

    /// Loads the value of any stream that fills the slice, without its types: see [`Value`]. Nothing of the user's runs, and
    /// no registry is needed. Of a message with a fingerprint, the [programs](Self::programs) must be known.
    ///
    /// ```
    /// use reduce_core::{ErrorKind, Limits, Loader};
    ///
    /// let bytes = reduce_core::to_vec(&vec![Some(7u32), None])?;
    /// let value = Loader::new().value_from_slice(&bytes)?;
    /// assert_eq!(value.to_string(), "[Some(7), None]");
    ///
    /// let small = Loader::new().limits(Limits::default().elements(1));
    /// assert_eq!(small.value_from_slice(&bytes).unwrap_err().kind(), ErrorKind::Limit);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the bytes are not a whole stream, or a limit is reached.
    pub fn value_from_slice(&self, bytes: &[u8]) -> Result<Value, Error> {
        value_from_slice(self, &[], bytes)
    }

    /// Loads the value of the stream at the beginning of the slice; returns it with the bytes behind the stream.
    ///
    /// ```
    /// use reduce_core::{Dumper, Loader};
    ///
    /// let mut file = Vec::new();
    /// Dumper::new().append_to(&1u8, &mut file)?;
    /// Dumper::new().append_to("two", &mut file)?;
    ///
    /// let loader = Loader::new();
    /// let (one, rest) = loader.take_from_slice::<u8>(&file)?;
    /// let (two, rest) = loader.take_from_slice::<&str>(rest)?;
    /// assert_eq!((one, two, rest.len()), (1, "two", 0));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`from_slice`](Self::from_slice), but bytes behind the stream are none.
    pub fn take_from_slice<'de, T: Expand<'de>>(
        &self,
        bytes: &'de [u8],
    ) -> Result<(T, &'de [u8]), Error> {
        take_from_slice(self, &[], &[], bytes)
    }

    /// Reads one stream and loads its value. Nothing behind the stream is read, so that streams may follow one
    /// another in a file or a socket; give `&mut reader` to go on with it. The counterpart of `pickle.load`. The reader is
    /// asked for a few large pieces, so that it need not be buffered.
    ///
    /// ```
    /// use reduce_core::{Dumper, Loader};
    ///
    /// let mut file = Vec::new();
    /// Dumper::new().append_to("first", &mut file)?;
    /// Dumper::new().append_to(&2u8, &mut file)?;
    ///
    /// let (loader, mut reader) = (Loader::new(), file.as_slice());
    /// assert_eq!(loader.from_reader::<String, _>(&mut reader)?, "first");
    /// assert_eq!(loader.from_reader::<u8, _>(&mut reader)?, 2);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`from_slice`](Self::from_slice), and when reading fails.
    #[cfg(feature = "std")]
    pub fn from_reader<T, R>(&self, reader: R) -> Result<T, Error>
    where
        T: for<'de> Expand<'de>,
        R: std::io::Read,
    {
        from_slice(self, &[], &[], &read_stream(reader)?)
    }
}

impl fmt::Debug for Loader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loader")
            .field("limits", &self.limits)
            .field("contexts", &self.held.len())
            .finish()
    }
}

/// A load with values lent to it: see [`Loader::with_context`], which makes it and has an example. Its methods are those of
/// the [`Loader`].
#[derive(Clone)]
pub struct Load<'c, 'b> {
    loader: &'c Loader,
    lent: Vec<Lent<'c>>,
    buffers: Vec<&'b [u8]>,
}

impl<'c, 'b> Load<'c, 'b> {
    /// Lends one more value. The last one of a type is the one that is found.
    #[must_use]
    pub fn with_context<C: Any>(mut self, value: &'c C) -> Self {
        self.lent.push(Given::new::<C>(value));
        self
    }

    /// Lends buffers, as [`Loader::buffers`]; those that were lent before are lent no longer.
    #[must_use]
    pub fn buffers<'n, B: AsRef<[u8]> + ?Sized + 'n>(
        self,
        buffers: impl IntoIterator<Item = &'n B>,
    ) -> Load<'c, 'n> {
        let Load { loader, lent, buffers: _ } = self;
        Load { loader, lent, buffers: buffers.into_iter().map(AsRef::as_ref).collect() }
    }

    /// As [`Loader::from_slice`].
    ///
    /// # Errors
    ///
    /// As [`Loader::from_slice`].
    pub fn from_slice<'de, T: Expand<'de>>(&self, bytes: &'de [u8]) -> Result<T, Error>
    where
        'b: 'de,
    {
        from_slice(self.loader, &self.lent, &self.buffers, bytes)
    }

    /// As [`Loader::value_from_slice`]. The bytes of buffers become part of the value.
    ///
    /// # Errors
    ///
    /// As [`Loader::value_from_slice`].
    pub fn value_from_slice(&self, bytes: &[u8]) -> Result<Value, Error> {
        value_from_slice(self.loader, &self.buffers, bytes)
    }

    /// As [`Loader::take_from_slice`].
    ///
    /// # Errors
    ///
    /// As [`Loader::take_from_slice`].
    pub fn take_from_slice<'de, T: Expand<'de>>(
        &self,
        bytes: &'de [u8],
    ) -> Result<(T, &'de [u8]), Error>
    where
        'b: 'de,
    {
        take_from_slice(self.loader, &self.lent, &self.buffers, bytes)
    }

    /// As [`Loader::from_reader`].
    ///
    /// # Errors
    ///
    /// As [`Loader::from_reader`].
    #[cfg(feature = "std")]
    pub fn from_reader<T, R>(&self, reader: R) -> Result<T, Error>
    where
        T: for<'de> Expand<'de>,
        R: std::io::Read,
    {
        from_slice(self.loader, &self.lent, &self.buffers, &read_stream(reader)?)
    }
}

impl fmt::Debug for Load<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Load")
            .field("loader", &self.loader)
            .field("lent", &self.lent.len())
            .field("buffers", &self.buffers.len())
            .finish()
    }
}

fn from_slice<'de, T: Expand<'de>>(
    loader: &Loader,
    lent: &[Lent<'_>],
    buffers: &[&'de [u8]],
    bytes: &'de [u8],
) -> Result<T, Error> {
    let (opened, rest) = open(bytes, program_of(T::def()), Buffers::new(buffers), loader)?;
    if !rest.is_empty() {
        // Before a function of the user's runs: the slice is not what the caller takes it for.
        return Err(trailing(bytes.len().saturating_sub(rest.len()), rest.len()));
    }
    expand(loader, lent, buffers, opened)
}

fn take_from_slice<'de, T: Expand<'de>>(
    loader: &Loader,
    lent: &[Lent<'_>],
    buffers: &[&'de [u8]],
    bytes: &'de [u8],
) -> Result<(T, &'de [u8]), Error> {
    let (opened, rest) = open(bytes, program_of(T::def()), Buffers::new(buffers), loader)?;
    Ok((expand(loader, lent, buffers, opened)?, rest))
}

/// Loads a value without its types.
fn value_from_slice(loader: &Loader, buffers: &[&[u8]], bytes: &[u8]) -> Result<Value, Error> {
    let mut whole = Input::new(bytes);
    let header = header::read(&mut whole)?;
    let length = usize::try_from(header.length)
        .ok()
        .filter(|&length| length <= whole.remaining())
        .ok_or_else(|| whole.end())?;
    let mut input = whole.sub(length)?;
    if !whole.is_empty() {
        return Err(trailing(whole.offset(), whole.remaining()));
    }
    let known = loader.programs.clone().unwrap_or_default();
    let table = match header.fingerprint {
        Some(fingerprint) => {
            let mut table = known.table(fingerprint).map_err(|error| error.with_offset(0))?;
            if header.more {
                for code in program::codes(&mut input)? {
                    let other = known.table(code.fingerprint);
                    let appended = other.and_then(|other| table.append(&other, code.code));
                    appended.map_err(|error| error.with_offset(code.at.start))?;
                }
            }
            table
        }
        None => {
            let mut table = Table::read(&mut input)?;
            if header.more {
                table.more(&mut input)?;
            }
            table
        }
    };
    let lying = Buffers::new(buffers);
    // The programs become part of the value.
    let mut budget = loader.limits.budget(bytes.len().saturating_add(lying.bytes()));
    budget
        .allocate(1, value::Table::size_of(&table))
        .map_err(|limit| input.error(ErrorKind::Limit, limit.message()))?;
    let mut builder = Builder::new(value::Table::of(&table), budget, buffers);
    scan::walk(&table, input, header, lying, budget, &mut builder)?;
    Ok(builder.finish().0)
}

fn expand<'de, T: Expand<'de>>(
    loader: &Loader,
    lent: &[Lent<'_>],
    buffers: &[&'de [u8]],
    opened: Opened<'de>,
) -> Result<T, Error> {
    let Opened { input, table, ahead, stop } = opened;
    let buffers = Buffers::new(buffers);
    let budget = loader.limits.budget(input.remaining().saturating_add(buffers.bytes()));
    let registry = registry::or_global(loader.registry.as_ref());
    let context = Context::new(&loader.held, lent, registry);
    let mut reader = Reader::new(input, table, budget, registry, buffers, context);
    if ahead {
        make_ahead::<T>(&mut reader)?;
    }
    let value = T::expand(&mut reader)?;
    if reader.states.is_empty() {
        close(reader.input, stop)?;
        reader.close_buffers()?;
        return Ok(value);
    }
    let at = reader.input.offset();
    if reader.input.byte()? != opcode::STATES {
        return Err(Error::new(
            ErrorKind::Malformed,
            "the states of the value's objects are missing",
        )
        .with_offset(at));
    }
    let pending = state::read_all(&mut reader)?;
    close(reader.input, stop)?;
    reader.close_buffers()?;
    // Only now can cycles come to be: whatever fails before leaves none.
    state::install_all(pending)?;
    Ok(value)
}

/// Makes the objects that stand ahead of the root; the memo keeps them.
#[cold]
fn make_ahead<'de, T: Expand<'de>>(reader: &mut Reader<'_, 'de>) -> Result<(), Error> {
    let mut collect = Collect::default();
    T::collect(&mut collect);
    if let Some(registry) = reader.registry {
        registry.collect(&mut collect);
    }
    let at = reader.input.offset();
    let count = reader.input.varint()?;
    if count == 0 {
        return Err(scan::none_ahead(at));
    }
    for _ in 0..count {
        let make = reader.maker(&collect)?;
        make(reader)?;
    }
    Ok(())
}

/// A stream of the expected program, opened.
struct Opened<'de> {
    /// From the objects ahead of the root or from the root on, to the stream's end.
    input: Input<'de>,
    /// All types, where there are more than the root's program has, or objects ahead of the root.
    table: Option<Box<Table<'de>>>,
    /// Objects stand ahead of the root.
    ahead: bool,
    /// The value is followed by `stop`.
    stop: bool,
}

/// Opens the stream at the beginning of the bytes; what lies behind it is second.
fn open<'de>(
    bytes: &'de [u8],
    program: &'static Program,
    buffers: Buffers<'_, '_>,
    loader: &Loader,
) -> Result<(Opened<'de>, &'de [u8]), Error> {
    let mut whole = Input::new(bytes);
    let header = header::read(&mut whole)?;
    let length = usize::try_from(header.length)
        .ok()
        .filter(|&length| length <= whole.remaining())
        .ok_or_else(|| whole.end())?;
    let mut input = whole.sub(length)?;
    match header.fingerprint {
        None if input.rest().starts_with(&program.block) => drop(input.take(program.block.len())?),
        None => return Err(other_program(input, program)),
        Some(fingerprint) if fingerprint == program.fingerprint => {}
        Some(fingerprint) => {
            let known = loader.programs.as_ref();
            return Err(other_fingerprint(fingerprint, program, known).with_offset(0));
        }
    }
    let mut table = None;
    if header.more || header.ahead || program.has_value {
        let all = table.insert(Box::new(program.table()?.clone()));
        match header.fingerprint {
            None if header.more => all.more(&mut input)?,
            Some(_) if header.more => {
                let registry = registry::or_global(loader.registry.as_ref());
                registry::of_message(registry, &mut input, all)?;
            }
            _ => {}
        }
    }
    if program.rebuilds || header.more {
        // No function of the user's runs before the whole stream is found well formed.
        let all = match &table {
            Some(all) => &**all,
            None => program.table()?,
        };
        scan::check(all, input, header, buffers, loader.limits)?;
    }
    let (ahead, stop) = (header.ahead, header.fingerprint.is_none());
    Ok((Opened { input, table, ahead, stop }, whole.rest()))
}

#[inline]
fn close(mut input: Input<'_>, stop: bool) -> Result<(), Error> {
    let at = input.offset();
    if !stop {
        return if input.is_empty() { Ok(()) } else { Err(trailing(at, input.remaining())) };
    }
    match input.byte()? {
        opcode::STOP if input.is_empty() => Ok(()),
        opcode::STOP => Err(trailing(input.offset(), input.remaining())),
        code => Err(scan::not_stop(code, at)),
    }
}

#[cold]
fn trailing(at: usize, count: usize) -> Error {
    Error::new(
        ErrorKind::TrailingBytes,
        alloc::format!("{count} bytes are left over after the value"),
    )
    .with_offset(at)
}

/// The stream holds another type, or its programs cannot be read.
#[cold]
fn other_program(mut input: Input<'_>, ours: &Program) -> Error {
    let theirs = input.rest();
    let at = input.offset();
    if let Err(error) = Table::read(&mut input) {
        return error;
    }
    let (message, detail) = text::difference(theirs, &ours.block)
        .unwrap_or_else(|| ("the stream holds a value of another type".into(), "".into()));
    Error::new(ErrorKind::TypeMismatch, message).with_detail(detail).with_offset(at)
}

/// The stream is a short one of another type, which the store may know.
#[cold]
fn other_fingerprint(theirs: u64, ours: &'static Program, known: Option<&Programs>) -> Error {
    let table = match ours.table() {
        Ok(table) => table,
        Err(error) => return error,
    };
    let theirs_known = known.and_then(|known| known.block(theirs));
    let (message, detail) = theirs_known
        .and_then(|theirs| text::difference(theirs, &ours.block))
        .unwrap_or_else(|| {
            let ours = ours.fingerprint;
            let message = alloc::format!(
                "the stream holds a value of a type with the fingerprint {theirs:016x}, not `{}` ({ours:016x})",
                text::TypeName(table, table.root),
            );
            (message, alloc::format!("asked for:\n{}", text::program(table)))
        });
    Error::new(ErrorKind::TypeMismatch, message).with_detail(detail)
}

/// The bytes of one stream, and none behind it.
#[cfg(feature = "std")]
fn read_stream(mut reader: impl std::io::Read) -> Result<Vec<u8>, Error> {
    use std::io::Read;
    let mut bytes = vec![];
    // No stream is shorter.
    let mut missing = header::LEN;
    let header = loop {
        let before = bytes.len();
        reader.by_ref().take(missing as u64).read_to_end(&mut bytes)?;
        let header = header::read(&mut Input::new(&bytes));
        missing = header::missing(&bytes);
        if missing == 0 || bytes.len() == before {
            break header?;
        }
    };
    // Grows as bytes arrive: a length is only a claim.
    reader.by_ref().take(header.length).read_to_end(&mut bytes)?;
    Ok(bytes)
}
