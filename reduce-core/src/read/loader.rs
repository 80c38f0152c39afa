//! The settings of loads.

use super::open::{self, Root};
use super::{Load, LoadSession};
use crate::check::Report;
use crate::describe::Describe;
use crate::dry_run::DryRun;
use crate::error::Error;
use crate::expand::Expand;
use crate::limits::Limits;
use crate::programs::Programs;
use crate::registry::{Allowed, Registry};
use crate::settings::Settings;
use crate::value::Value;
use alloc::string::String;
use alloc::sync::Arc;
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
        let calls = self.settings.limits.calls(bytes.len());
        let terms = open::Terms { loader: self, lent: &[], buffers: &[], calls: &calls };
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
        self.settings.allowed = self.settings.allowed.map(|allowed| Arc::new(allowed.anew()));
        self
    }

    /// Lets loads make values of these types of the [registry](Self::registry) alone, by their registered names: what stands
    /// behind trait objects, and in `dispatch` fields. A stream that names another one is an error of the kind
    /// [`NotAllowed`](crate::ErrorKind::NotAllowed), before anything at all is made of it and before any function of yours runs.
    /// A second list takes the place of the first; `loader.clone().allow(...)` is for a single load.
    ///
    /// The counterpart in pickle is a
    /// [`find_class`](https://docs.python.org/3/library/pickle.html#restricting-globals) that knows some names. It is a list of
    /// what may be, for lists of what may not be have holes.
    ///
    /// * A type that the stream names by its [code](Registry::code) is allowed by its name. A type that was
    ///   [overridden](Registry::override_reducer) under a second name has two, and each of them is allowed or not.
    /// * Types that no stream names are yours to choose, and not concerned: those of the value that you ask for and of its fields,
    ///   and the objects of `persistent` fields.
    /// * Nor are those inside of what is loaded without types: [`Loader::value_from_slice`](Self::value_from_slice) makes nothing of
    ///   any type.
    /// * A name that the registry does not know is an error of every load, with the nearest one that it knows. A registry that
    ///   [keeps objects of unknown types](Registry::keep_unknown) keeps those of the names in the list alone.
    /// * With [sessions](Self::session), and with [`check`](Self::check) and [`dry_run`](Self::dry_run), it is the same.
    ///
    /// ```
    /// use reduce_core::{Dumper, ErrorKind, Loader, Registry};
    /// use std::any::Any;
    ///
    /// let mut registry = Registry::new();
    /// registry.register_as::<u32>("app.Count")?.register_as::<String>("app.Text")?;
    /// let values: [Box<dyn Any>; 2] = [Box::new(7u32), Box::new("seven".to_string())];
    /// let bytes = Dumper::new().registry(&registry).to_vec(&values)?;
    ///
    /// let loader = Loader::new().registry(&registry).allow(["app.Count"]);
    /// let error = loader.from_slice::<[Box<dyn Any>; 2]>(&bytes).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::NotAllowed);
    /// assert!(error.to_string().starts_with("the stream names the type `app.Text`"));
    ///
    /// let loader = loader.allow(["app.Count", "app.Text"]);
    /// assert!(loader.from_slice::<[Box<dyn Any>; 2]>(&bytes).is_ok());
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn allow<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        let names = names.into_iter().map(Into::into);
        self.settings.allowed = Some(Arc::new(Allowed::new(names)));
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

    /// As [`check`](Self::check), for a load of this type: the report also says which functions of yours such a load would
    /// call, and how often. None of them is called, and nothing of your types is made.
    ///
    /// The value is loaded [without its types](Self::value_from_slice) for that, and takes as much memory. What
    /// [`dry_run`](Self::dry_run) says of the order of calls, and of what is not known, goes for this as well.
    ///
    /// ```
    /// use reduce_core::{Loader, Reduce};
    ///
    /// #[derive(Reduce)]
    /// #[reduce(name = "app.Log")]
    /// struct Log {
    ///     path: String,
    ///     #[reduce(skip, rebuild = open)]
    ///     file: Option<std::fs::File>,
    /// }
    ///
    /// fn open(path: &str) -> Option<std::fs::File> {
    ///     std::fs::File::open(path).ok()
    /// }
    ///
    /// let log = |path: &str| Log { path: path.into(), file: None };
    /// let bytes = reduce_core::to_vec(&vec![log("a.log"), log("b.log")])?;
    /// let report = Loader::new().check_as::<Vec<Log>>(&bytes)?;
    /// let calls = &report.rebuilds()[0];
    /// assert_eq!((calls.type_name(), calls.field(), calls.function()), ("app.Log", "file", "open"));
    /// assert_eq!(calls.count(), 2);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check), and when the stream holds another type, or names one that is not registered or not
    /// [allowed](Self::allow).
    pub fn check_as<T: Describe + ?Sized>(&self, bytes: &[u8]) -> Result<Report, Error> {
        Load::new(self).check_as::<T>(bytes)
    }

    /// Says which functions of yours a load of this type would call, and with which arguments, without calling any of them:
    /// which files a stream would have you open, to which hosts you would connect. Behind trait objects too.
    ///
    /// The stream is [checked](Self::check) first. A load may still fail further on, and call fewer functions: a function
    /// returns an error, a `validate` refuses a value, [`Limits::rebuilds`] is reached, which a dry run does not heed.
    ///
    /// * The calls are those that count against [`Limits::rebuilds`], in the order of the value; what a shared object calls comes
    ///   where the object is referred to first, and what state fields call behind all else. (A load makes some objects ahead of
    ///   the value, and their calls come first then.)
    /// * An argument that another function makes is not known, nor is anything that an `upgrade` function makes of a record: what
    ///   follows it is said as if the function had changed nothing.
    /// * What is inside of fields of type [`Value`] is yours to load, and calls nothing until then. Expanders written by hand do
    ///   not say what they call.
    ///
    /// pickle has no counterpart: to know what a pickle calls is to run it.
    ///
    /// ```
    /// use reduce_core::{Loader, Reduce};
    ///
    /// #[derive(Reduce)]
    /// struct Log {
    ///     path: String,
    ///     #[reduce(skip, rebuild = open)]
    ///     file: Option<std::fs::File>,
    /// }
    ///
    /// fn open(path: &str) -> Option<std::fs::File> {
    ///     std::fs::File::open(path).ok()
    /// }
    ///
    /// let log = |path: &str| Log { path: path.into(), file: None };
    /// let bytes = reduce_core::to_vec(&vec![log("a.log"), log("/etc/passwd")])?;
    /// let run = Loader::new().dry_run::<Vec<Log>>(&bytes)?;
    /// assert_eq!(run.calls()[1].to_string(), r#"[1].file: open(path: "/etc/passwd")"#);
    ///
    /// // Only files of its own.
    /// let is_own = |path: &str| !path.contains(['/', '\\']);
    /// let mut paths = run.calls().iter().flat_map(|call| call.arguments());
    /// assert!(!paths.all(|(_, path)| path.and_then(|path| path.as_str()).is_some_and(is_own)));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`check_as`](Self::check_as), and when the copies of the arguments take more memory than
    /// [`Limits::bytes`] allows.
    pub fn dry_run<T: Describe + ?Sized>(&self, bytes: &[u8]) -> Result<DryRun, Error> {
        Load::new(self).dry_run::<T>(bytes)
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
