//! What one dump or load may use; what is left of it is a `budget`.

mod budget;
mod room;

use crate::error::{Error, ErrorKind};
use alloc::format;
pub(crate) use budget::{Budget, Calls, Exhausted};

/// What one load may allocate, how many elements and shared objects it may have, how deep it may nest, how much its definitions
/// may take, and how many functions of yours it may call; a dump heeds the depth.
///
/// The defaults let every honest value of a usual program pass, and no hostile one exhaust the machine: memory for
/// what is loaded is bounded by 64 MiB or 64 times the stream's size, its buffers' included, whichever is larger. An error that comes of a
/// limit says how much it allows and which method raises it. The same limits hold whichever way bytes are read: as the types that they
/// were written from, as changed ones, passed over, as a [`Value`](crate::Value), or only [checked](crate::check()). What rebuild
/// functions and adapters allocate is not counted. The page [`untrusted`](crate::untrusted) says what else to write where bytes
/// come from elsewhere. pickle has no such limits: see
/// [Restricting Globals](https://docs.python.org/3/library/pickle.html#restricting-globals) for what it offers in their
/// place.
///
/// ```
/// use reduce_core::{ErrorKind, Limits, Loader};
///
/// let bytes = reduce_core::to_vec(&Box::new(Box::new(5))).unwrap();
/// let loader = Loader::new().limits(Limits::default().depth(1));
/// let error = loader.from_slice::<Box<Box<i32>>>(&bytes).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Limit);
/// assert_eq!(
///     error.to_string(),
///     "the value nests deeper than the limit of 1 level allows; `Limits::depth` raises it (at byte 12)",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub(crate) depth: u32,
    pub(crate) bytes: Option<usize>,
    pub(crate) elements: Option<u64>,
    rebuilds: Option<u64>,
    objects: Option<u64>,
    definitions: u32,
    name: usize,
    /// Little is free.
    strict: bool,
}

/// Levels that fit a thread's stack of 2 MiB several times over in a debug build.
const DEFAULT_DEPTH: u32 = 256;
/// Bytes a load may allocate whatever the size of its input. What is not counted, as what the allocator rounds up, fits between
/// this and the 64 MiB that the limit promises.
const FREE_BYTES: usize = 60 << 20;
/// Bytes a load may allocate for each byte of its input beyond that.
const BYTES_PER_BYTE: usize = 60;
/// Elements a load may expand whatever the size of its input: those that take no bytes count as well.
const FREE_ELEMENTS: u64 = free(16 << 20);
/// Shared objects that there may be whatever the size of the input: the mark of each takes a byte, so more of them come with
/// more bytes.
const FREE_OBJECTS: u64 = 16 << 20;
/// The most types that a stream may define, and that a dump defines.
pub(crate) const MAX_DEFINITIONS: u32 = 1 << 16;
/// The same where little is free: a definition takes a byte in the stream and a hundred when it has been read.
const STRICT_DEFINITIONS: u32 = 1 << 11;
/// The longest name of a type, field or variant in bytes, in streams and in dumps.
pub(crate) const MAX_NAME: usize = 1024;
/// Elements a load may expand for each byte of its input beyond that.
const ELEMENTS_PER_BYTE: u64 = 16;
/// Bytes that a strict load may allocate whatever the size of its input, and for each byte of it. Three times as much, for
/// what is moved while it grows, and for the 64 KiB that a check has for itself, is what the limit promises.
const STRICT_BYTES: usize = 20 << 10;
const STRICT_BYTES_PER_BYTE: usize = 20;
/// Elements that a strict load may expand beyond one for each byte of its input.
const STRICT_ELEMENTS: u64 = free(64 << 10);
/// Values a walk over a stream may meet for each byte of its input, those of a record's fields included,
const STEPS_PER_BYTE: u64 = 4;
/// and so many in any case, or one for each element. Only types that hold others again and again without a byte
/// take more.
const FREE_STEPS: u64 = free(1 << 20);

/// How many entries each node of a `BTreeMap` has room for: the first entry takes all of it.
pub(crate) const LEAF: usize = 11;

/// Fuzzers come upon elements without bytes at once, and would do little else than count them.
const fn free(amount: u64) -> u64 {
    if cfg!(fuzzing) { amount >> 7 } else { amount }
}

impl Default for Limits {
    fn default() -> Self {
        Limits::DEFAULT
    }
}

impl Limits {
    /// Those of streams that the program has made itself, too.
    pub(crate) const DEFAULT: Self = Limits {
        depth: DEFAULT_DEPTH,
        bytes: None,
        elements: None,
        rebuilds: None,
        objects: None,
        definitions: MAX_DEFINITIONS,
        name: MAX_NAME,
        strict: false,
    };

    /// For bytes that nobody vouches for: the most memory that a load has at any time stays below 256 KiB and 64 times the
    /// stream's size.
    ///
    /// What grows while it is loaded is moved, and may take three times its size just then: so the value itself may have 20
    /// KiB and 20 times the stream's size, and one element for each byte of the stream beyond the first 65,536. The price: an
    /// honest value that takes more than that is refused, such as a few bytes that stand for a million units.
    ///
    /// ```
    /// use reduce_core::{ErrorKind, Limits, Loader};
    ///
    /// let bytes = reduce_core::to_vec(&vec![(); 1_000_000])?;
    /// assert!(reduce_core::from_slice::<Vec<()>>(&bytes).is_ok());
    ///
    /// let strict = Loader::new().limits(Limits::strict());
    /// assert_eq!(strict.from_slice::<Vec<()>>(&bytes).unwrap_err().kind(), ErrorKind::Limit);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn strict() -> Self {
        Limits { strict: true, definitions: STRICT_DEFINITIONS, ..Limits::DEFAULT }
    }

    /// How many boxes, shared pointers, lists and maps may lie inside one another, types that are stored as another
    /// one (`via`, `with`) included. The default is 256.
    ///
    /// The default fits a thread's stack of 2 MiB in a debug build. Where this is raised, dumps and loads take as many
    /// levels as are asked for whatever the thread's stack: where that runs low they go on on further ones (feature
    /// `stacker`, on by default). A level takes some hundred bytes of stack in a release build and one to two KiB in a
    /// debug build, and no other limit counts them: raise this as far as honest values need, not further. Without the
    /// feature, and on WebAssembly, give the thread a stack with room for all levels.
    ///
    /// Nothing grows the stack when such a value is *dropped*, compared or printed: derived code and drops call
    /// themselves for each level, and a list of some ten thousand boxes overflows the stack. A type that nests so deep
    /// needs a `Drop` that takes it apart piece by piece, on the type of the pieces, for a load that fails drops those
    /// that it has made. The example `deep_list` of the repository shows one.
    ///
    /// ```
    /// use reduce_core::{Dumper, Limits, Reduce};
    ///
    /// #[derive(Reduce)]
    /// struct Chain(Option<Box<Chain>>);
    ///
    /// let mut chain = Chain(None);
    /// for _ in 0..500 {
    ///     chain = Chain(Some(Box::new(chain)));
    /// }
    /// assert!(Dumper::new().to_vec(&chain).is_err());
    /// assert!(Dumper::new().limits(Limits::default().depth(500)).to_vec(&chain).is_ok());
    /// ```
    #[must_use]
    pub fn depth(mut self, levels: u32) -> Self {
        self.depth = levels;
        self
    }

    /// How many bytes a load may allocate for the value, and for what it needs beside it: a list that is moved while it grows is
    /// there twice. The default is 60 MiB, or 60 times the size of the stream where that is more, which keeps the most that a load has at
    /// any time within 64 MiB or 64 times the stream. A dump does not heed it.
    ///
    /// ```
    /// use reduce_core::{Limits, Loader};
    ///
    /// let bytes = reduce_core::to_vec("eight...")?;
    /// let small = Loader::new().limits(Limits::default().bytes(7));
    /// assert!(small.from_slice::<String>(&bytes).is_err());
    /// assert!(small.from_slice::<&str>(&bytes).is_ok()); // what is borrowed is not allocated
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn bytes(mut self, bytes: usize) -> Self {
        self.bytes = Some(bytes);
        self
    }

    /// How many elements of lists, maps and arrays a load may expand, those included that take no bytes in the
    /// stream. The default is 16 Mi, or 16 times the size of the stream in bytes where that is more. A dump does not
    /// heed it.
    ///
    /// ```
    /// use reduce_core::{ErrorKind, Limits, Loader};
    ///
    /// let bytes = reduce_core::to_vec(&vec![(); 1_000_000])?; // a few bytes
    /// let loader = Loader::new().limits(Limits::default().elements(1000));
    /// let error = loader.from_slice::<Vec<()>>(&bytes).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Limit);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn elements(mut self, elements: u64) -> Self {
        self.elements = Some(elements);
        self
    }

    /// How many functions of yours a load may call: a value that opens a file for each of its elements opens no more files than
    /// this. The default is 16 Mi, or 16 times the size of the stream in bytes where that is more; under
    /// [`strict`](Self::strict), one for each byte of the stream beyond the first 65,536. A dump does not heed it.
    ///
    /// Every call counts of what an attribute names (`rebuild`, `validate`, `default = path`, `convert`, `upgrade`), of the
    /// conversion of `via`, of an [`Adapter`](crate::Adapter) (for each element, where it adapts a container), of a lookup by a
    /// persistent id, and of an expander of the [dispatch table](crate::Registry::reducer). Nothing else does: not
    /// `Default::default`, and no [`Expand`](crate::Expand) that is written by hand. The call that goes too far does not take
    /// place; what the others made is dropped. [`Loader::dry_run`](crate::Loader::dry_run) says beforehand which calls there are.
    ///
    /// ```
    /// use reduce_core::{ErrorKind, Limits, Loader, Reduce};
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
    /// let bytes = reduce_core::to_vec(&vec![log("a.log"), log("b.log"), log("c.log")])?;
    /// let loader = Loader::new().limits(Limits::default().rebuilds(2));
    /// let error = loader.from_slice::<Vec<Log>>(&bytes).err().unwrap();
    /// assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Limit, "[2].file"));
    /// assert!(error.to_string().contains("`Limits::rebuilds` raises it"));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn rebuilds(mut self, calls: u64) -> Self {
        self.rebuilds = Some(calls);
        self
    }

    /// How many functions a load of so many bytes may call.
    #[inline]
    pub(crate) fn calls(&self, input: usize) -> Calls {
        Calls::new(self.rebuilds.unwrap_or_else(|| self.free_elements(input as u64)))
    }

    /// How many elements are free.
    #[inline]
    fn free_elements(&self, input: u64) -> u64 {
        match self.strict {
            true => input.saturating_add(STRICT_ELEMENTS),
            false => input.saturating_mul(ELEMENTS_PER_BYTE).max(FREE_ELEMENTS),
        }
    }

    /// How many shared objects there may be, those of a session's earlier messages included: each has an entry in the
    /// load's memo. The default is 16 Mi, or as many as the stream has bytes where that is more. A dump does not heed it.
    ///
    /// ```
    /// use reduce_core::{ErrorKind, Limits, Loader};
    /// use std::rc::Rc;
    ///
    /// let bytes = reduce_core::to_vec(&vec![Rc::new(1u8), Rc::new(2)])?;
    /// let loader = Loader::new().limits(Limits::default().objects(1));
    /// let error = loader.from_slice::<Vec<Rc<u8>>>(&bytes).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Limit);
    /// assert!(error.to_string().contains("Limits::objects"));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn objects(mut self, objects: u64) -> Self {
        self.objects = Some(objects);
        self
    }

    /// How many types a stream, or a session, may define. The default is 65,536, and 2,048 under
    /// [`strict`](Self::strict). No dump defines more than 65,536.
    ///
    /// ```
    /// use reduce_core::{Limits, check};
    ///
    /// let bytes = reduce_core::to_vec(&vec![vec![Some(1)]])?; // three: two lists and an option
    /// assert!(check(&bytes, &Limits::default().definitions(3)).is_ok());
    /// let error = check(&bytes, &Limits::default().definitions(2)).unwrap_err();
    /// assert!(error.to_string().contains("Limits::definitions"));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn definitions(mut self, definitions: u32) -> Self {
        self.definitions = definitions;
        self
    }

    /// How many bytes each name of a type, a field or a variant may have in the stream. The default is 1,024, which is also
    /// the most that names in dumps of a [`Value`](crate::Value) and of registered types may have.
    ///
    /// ```
    /// use reduce_core::{Limits, Reduce, check};
    ///
    /// #[derive(Reduce)]
    /// struct Point {
    ///     longitude: f64,
    /// }
    ///
    /// let bytes = reduce_core::to_vec(&Point { longitude: 8.5 })?;
    /// assert!(check(&bytes, &Limits::default().name_length(9)).is_ok());
    /// let error = check(&bytes, &Limits::default().name_length(8)).unwrap_err();
    /// assert!(error.to_string().contains("Limits::name_length"));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    #[must_use]
    pub fn name_length(mut self, bytes: usize) -> Self {
        self.name = bytes;
        self
    }

    /// Whether so many definitions are too many.
    pub(crate) fn too_many_definitions(&self, count: u64) -> Option<Error> {
        (count > u64::from(self.definitions)).then(|| {
            let message = format!(
                "the stream defines more types than the limit of {} allows; `Limits::definitions` raises it",
                self.definitions
            );
            Error::new(ErrorKind::Limit, message)
        })
    }

    /// Whether a name is too long.
    pub(crate) fn too_long(&self, name: &str) -> Option<Error> {
        (name.len() > self.name).then(|| {
            let message = format!(
                "a name is longer than the limit of {} bytes allows; `Limits::name_length` raises it",
                self.name
            );
            Error::new(ErrorKind::Limit, message)
        })
    }

    /// The budget of a load of so many bytes.
    #[inline]
    pub(crate) fn budget(&self, input: usize) -> Budget {
        let input_length = input as u64;
        let free = match self.strict {
            true => input.saturating_mul(STRICT_BYTES_PER_BYTE).saturating_add(STRICT_BYTES),
            false => input.saturating_mul(BYTES_PER_BYTE).max(FREE_BYTES),
        };
        let elements = self.elements.unwrap_or_else(|| self.free_elements(input_length));
        let steps = input_length.saturating_mul(STEPS_PER_BYTE).saturating_add(FREE_STEPS);
        let bytes = self.bytes.unwrap_or(free);
        let objects = self.objects.unwrap_or(input_length.max(FREE_OBJECTS));
        Budget::new(bytes, elements, steps.max(elements), self.depth, objects)
    }
}
