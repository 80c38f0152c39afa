//! The settings of dumps.

use super::pass::{self, Terms};
use super::{Dump, DumpSession};
use crate::block::Effort;
use crate::error::{BoxError, Error};
use crate::limits::Limits;
use crate::reduce::Reduce;
use crate::registry::Registry;
use crate::settings::Settings;
use crate::value::Value;
use alloc::vec::Vec;
use core::any::Any;
use core::fmt;

/// The settings of dumps: limits, context and canonical order. One serves any number of dumps, from any number of
/// threads.
///
/// The counterpart in pickle is the [`Pickler`](https://docs.python.org/3/library/pickle.html#pickle.Pickler); each dump has a
/// memo of its own, unless it is one of a [session](Self::session).
///
/// With the feature `std`, a thread keeps the memory of the memo of its last dump with shared objects for the next one, at most
/// 8 MiB, and none of the objects.
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
    pub(super) settings: Settings,
    pub(super) canonical: bool,
    pub(super) least_buffer: usize,
    pub(super) deny_outside_weak: bool,
    pub(super) fingerprint: bool,
    pub(super) columns: bool,
    pub(super) aligned: bool,
    pub(super) effort: Effort,
}

/// Below this a buffer of its own costs more than a copy of its bytes.
const LEAST_BUFFER: usize = 1 << 10;

impl Default for Dumper {
    fn default() -> Self {
        Dumper {
            settings: Settings::default(),
            canonical: false,
            least_buffer: LEAST_BUFFER,
            deny_outside_weak: false,
            fingerprint: false,
            columns: true,
            aligned: false,
            effort: Effort::default(),
        }
    }
}

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
        self.settings.limits = limits;
        self
    }

    /// Whether maps and sets are written in the order of their encoded keys, so that equal values give equal bytes.
    /// By default they are written in the order in which they iterate. Each key is then encoded twice.
    #[must_use]
    pub fn canonical(mut self, canonical: bool) -> Self {
        self.canonical = canonical;
        self
    }

    /// Whether lists of some length are written in columns, where their elements are plain values: all values of one field
    /// together, packed. By default they are. Loads take both.
    ///
    /// In rows such a list takes two to four times the bytes. Lists of numbers and of enums are dumped and loaded more slowly
    /// in rows, short lists and those of much text are dumped faster. Switch columns off where the time of a dump counts for
    /// more than its size, or where a general compressor behind the dump does better with rows (measure it).
    ///
    /// ```
    /// use reduce_core::Dumper;
    ///
    /// let points: Vec<(u32, bool)> = (0..1000).map(|n| (n, n % 2 == 0)).collect();
    /// let columns = Dumper::new().to_vec(&points)?;
    /// let rows = Dumper::new().columns(false).to_vec(&points)?;
    /// assert!(columns.len() < rows.len() / 5);
    /// assert_eq!(reduce_core::from_slice::<Vec<(u32, bool)>>(&columns)?, points);
    /// assert_eq!(reduce_core::from_slice::<Vec<(u32, bool)>>(&rows)?, points);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn columns(mut self, columns: bool) -> Self {
        self.columns = columns;
        self
    }

    /// Whether lists that lie in the stream as in memory are put at aligned places of it, so that they can be borrowed from
    /// there as `&[T]`: lists of `f32`s, of `f64`s, of arrays of them, and of records with
    /// [`#[reduce(pod)]`](crate::attributes#pod). By default they lie anywhere: such a list then takes 2 to 9 bytes less
    /// (of `f64`s; of `f32`s, 2 to 5), and is copied.
    ///
    /// The places are counted from the beginning of the stream: the load borrows if the stream is at an address that is a
    /// multiple of the elements' alignment. A mapped file is at such a one, and so is a `Vec<u8>` from the allocators in use,
    /// though Rust promises nothing; a stream behind another one in the same buffer, or in an envelope, is not. Alignments beyond 64
    /// are taken for 64. Lists inside of lists in columns are packed: see [`columns`](Self::columns).
    ///
    /// ```
    /// use reduce_core::{Dumper, Reduce};
    /// use std::borrow::Cow;
    ///
    /// #[derive(Reduce)]
    /// struct Track<'a> {
    ///     name: &'a str,
    ///     heights: Cow<'a, [f64]>, // `&'a [f64]` in its place would be an error where it cannot be borrowed
    /// }
    ///
    /// let heights: Vec<f64> = (0..1000).map(|n| f64::from(n).sqrt()).collect();
    /// let track = Track { name: "ridge", heights: heights.into() };
    /// let bytes = Dumper::new().aligned(true).to_vec(&track)?;
    /// let again: Track<'_> = reduce_core::from_slice(&bytes)?;
    /// assert_eq!(again.heights, track.heights);
    /// let aligned = bytes.as_ptr().addr().is_multiple_of(8);
    /// assert_eq!(matches!(again.heights, Cow::Borrowed(_)), aligned && cfg!(target_endian = "little"));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn aligned(mut self, aligned: bool) -> Self {
        self.aligned = aligned;
        self
    }

    /// How much is done to make lists in columns small. By default little: what is found at a glance.
    ///
    /// ```
    /// use reduce_core::{Dumper, Effort};
    ///
    /// let times: Vec<u64> = (0..1000).map(|n| 1_700_000_000 + n * n % 7).collect();
    /// let fast = Dumper::new().to_vec(&times)?;
    /// let small = Dumper::new().effort(Effort::Small).to_vec(&times)?;
    /// assert!(small.len() <= fast.len());
    /// assert_eq!(reduce_core::from_slice::<Vec<u64>>(&small)?, times);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn effort(mut self, effort: Effort) -> Self {
        self.effort = effort;
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
        self.settings.registry = Some(registry.clone());
        self
    }

    /// Whether a weak pointer to an object that nothing in the value owns is an error, of the kind
    /// [`Unavailable`](crate::ErrorKind::Unavailable). By default it is stored as dangling: what lies outside of the value is
    /// never written. A weak pointer whose object is gone is no error. (pickle refuses every `weakref`.) The error leads to
    /// the first such pointer, which another pass over the value finds.
    ///
    /// ```
    /// use reduce_core::Dumper;
    /// use std::rc::{Rc, Weak};
    ///
    /// let outside = Rc::new(1u8);
    /// let weak = [Weak::new(), Rc::downgrade(&outside)];
    /// let bytes = Dumper::new().to_vec(&weak)?;
    /// assert!(reduce_core::from_slice::<[Weak<u8>; 2]>(&bytes)?[1].upgrade().is_none());
    /// let error = Dumper::new().deny_outside_weak(true).to_vec(&weak).unwrap_err();
    /// assert_eq!(error.path(), "[1]");
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
    /// type takes the place of the first. The example of [`Context`](crate::Context) uses it.
    #[must_use]
    pub fn context<C: Any + Send + Sync>(mut self, value: C) -> Self {
        self.settings.hold(value);
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
        Dump::new(self).with_context(value)
    }

    /// How many bytes a list must have to be offered to [`buffers`](Self::buffers): 1024, if this is not called.
    #[must_use]
    pub fn least_buffer(mut self, bytes: usize) -> Self {
        self.least_buffer = bytes;
        self
    }

    /// Leaves large buffers out of the stream. Lists of bytes and numbers in fields marked with
    /// [`out_of_band`](crate::attributes#out_of_band) are offered to the function, in their order and without a copy
    /// (machines whose numbers are not little endian copy them): it writes them where it likes, or not, and says whether it
    /// took them. What it does not take, and what is shorter than
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
        Dump::new(self).buffers(take)
    }

    /// Begins a session: values that are dumped one after the other, as messages that continue one another. A type is
    /// defined once, and an object of an earlier value is referred to. [`DumpSession`] has an example.
    ///
    /// A dump by itself, as by [`to_vec`](Self::to_vec), is no part of it.
    #[must_use]
    pub fn session(&self) -> DumpSession<'static> {
        DumpSession::new(self.clone(), Vec::new(), None)
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
        pass::to_vec(Terms::of(self), None, value)
    }

    /// Dumps a dynamic value as a stream of its own type: of the type that it was loaded with, as far as it still fits. The
    /// same value dumped by [`to_vec`](Self::to_vec) is a stream of type `value`, as a field of type [`Value`] is.
    ///
    /// A value that was loaded and not changed gives the bytes of its stream, if that has the table in the order in which
    /// `reduce-core` writes it, and neither buffers nor lists in columns: those become lists in rows. Maps and sets stay in the order of the stream.
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
        Dump::new(self).value_to_vec(value)
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
        pass::append_to(Terms::of(self), None, value, buffer)
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
            .field("limits", &self.settings.limits)
            .field("canonical", &self.canonical)
            .field("fingerprint", &self.fingerprint)
            .field("columns", &self.columns)
            .field("aligned", &self.aligned)
            .field("effort", &self.effort)
            .field("contexts", &self.settings.held.len())
            .finish()
    }
}
