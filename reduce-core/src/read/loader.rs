//! The settings of loads.

use super::open::{self, Root};
use super::{Load, LoadSession};
use crate::check::Report;
use crate::error::Error;
use crate::expand::Expand;
use crate::limits::Limits;
use crate::programs::Programs;
use crate::registry::Registry;
use crate::settings::Settings;
use crate::value::Value;
use alloc::vec::Vec;
use core::any::Any;
use core::fmt;

/// The settings of loads: limits and context. One serves any number of loads, from any number of threads.
///
/// The counterpart in pickle is the [`Unpickler`](https://docs.python.org/3/library/pickle.html#pickle.Unpickler); each load
/// has a memo of its own, unless it is one of a [session](Self::session).
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
    pub(super) settings: Settings,
    pub(super) programs: Option<Programs>,
    pub(super) check_first: Option<bool>,
}

impl Loader {
    /// Loads what [`from_slice`](Self::from_slice) does.
    fn load<'de>(&self, bytes: &'de [u8], value: &mut dyn Root<'de>) -> Result<(), Error> {
        let terms = open::Terms { loader: self, lent: &[], buffers: &[] };
        open::from_slice(terms, bytes, value)
    }

    /// As [`load`](Self::load), with default settings.
    pub(crate) fn load_by_default<'de>(
        bytes: &'de [u8],
        value: &mut dyn Root<'de>,
    ) -> Result<(), Error> {
        Loader::new().load(bytes, value)
    }

    /// Default limits, no context.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what one load may use. [`Limits`] has examples.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.settings.limits = limits;
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
        self.settings.registry = Some(registry.clone());
        self
    }

    /// Lets messages with the fingerprint of another program be read: the type as it was before it changed, where the
    /// store has that. It is cheap to clone.
    #[must_use]
    pub fn programs(mut self, programs: &Programs) -> Self {
        self.programs = Some(programs.clone());
        self
    }

    /// Whether the whole stream is [checked](crate::check()) before anything of it is made. Without this, it is where a
    /// function of the user's may run: a rebuild function, an adapter, a reducer/expander pair.
    ///
    /// `true` is for loads that are to make nothing at all of a broken stream; they read it twice. `false` spares the check where
    /// functions that run in vain do no harm, or where streams are known to be whole: what they made is dropped when the load
    /// fails further on. A load refuses the same bytes either way. [Sessions](Self::session) decide by themselves.
    ///
    /// ```
    /// use reduce_core::{Loader, Reduce};
    /// use std::cell::Cell;
    ///
    /// thread_local!(static OPENED: Cell<u32> = const { Cell::new(0) });
    ///
    /// #[derive(Reduce)]
    /// struct Log {
    ///     path: String,
    ///     #[reduce(skip, rebuild = open)]
    ///     file: u32,
    /// }
    ///
    /// fn open(_path: &str) -> u32 {
    ///     OPENED.set(OPENED.get() + 1);
    ///     OPENED.get()
    /// }
    ///
    /// let bytes = reduce_core::to_vec(&(Log { path: "a".into(), file: 0 }, "b"))?;
    /// let mut torn = bytes.clone();
    /// let place = torn.len() - 2;
    /// torn[place] = 0xFF; // not UTF-8
    ///
    /// assert!(Loader::new().from_slice::<(Log, String)>(&torn).is_err());
    /// assert_eq!(OPENED.get(), 0);
    /// let unchecked = Loader::new().check_first(false);
    /// assert!(unchecked.from_slice::<(Log, String)>(&torn).is_err());
    /// assert_eq!(OPENED.get(), 1);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn check_first(mut self, check: bool) -> Self {
        self.check_first = Some(check);
        self
    }

    /// Hands over a value for rebuild functions that ask for it with `context(C)`, for adapters and for
    /// hand-written expanders, found again by its type. A second value of the same type takes the place of the first.
    /// The example of [`Loader`] uses it.
    #[must_use]
    pub fn context<C: Any + Send + Sync>(mut self, value: C) -> Self {
        self.settings.hold(value);
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
        Load::new(self).with_context(value)
    }

    /// Lends the buffers that a dump left out of its stream to a load, in the order in which they were taken; see
    /// [`Dumper::buffers`](crate::Dumper::buffers), which has an example. What can borrow from them does (`&[u8]`,
    /// `Cow<[u8]>`; `&[f64]`, `Cow<[f64]>` and the like from a buffer that lies at an address for such numbers), all else is a
    /// copy of them. The counterpart in pickle is the argument `buffers` of
    /// [`loads`](https://docs.python.org/3/library/pickle.html#pickle.loads).
    ///
    /// All buffers are needed, and no others: a missing, surplus or wrongly sized one is an error of the kind
    /// [`Buffers`](crate::ErrorKind::Buffers). Their bytes are not checked otherwise.
    pub fn buffers<'c, 'b, B: AsRef<[u8]> + ?Sized + 'b>(
        &'c self,
        buffers: impl IntoIterator<Item = &'b B>,
    ) -> Load<'c, 'b> {
        Load::new(self).buffers(buffers)
    }

    /// Begins a session: loads, one after the other, what one [`DumpSession`](crate::DumpSession) dumped. [`LoadSession`] has
    /// an example.
    #[must_use]
    pub fn session(&self) -> LoadSession<'static> {
        LoadSession::new(self.clone(), Vec::new())
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
        open::value(|value| self.load(bytes, value))
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
        Load::new(self).value_from_slice(bytes)
    }

    /// As [`check`](crate::check()), with this loader's limits and [programs](Self::programs).
    ///
    /// ```
    /// use reduce_core::Loader;
    ///
    /// let bytes = reduce_core::to_vec(&["one", "two"])?;
    /// assert_eq!(Loader::new().check(&bytes)?.elements(), 2);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the bytes are not a whole stream, or a limit is reached.
    pub fn check(&self, bytes: &[u8]) -> Result<Report, Error> {
        Load::new(self).check(bytes)
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
        Load::new(self).take_from_slice(bytes)
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
        Load::new(self).from_reader(reader)
    }
}

impl fmt::Debug for Loader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loader")
            .field("limits", &self.settings.limits)
            .field("contexts", &self.settings.held.len())
            .finish()
    }
}
