//! The one error type of dumps and loads: what went wrong, where in the bytes, where in the value.

use crate::read::Reader;
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Any error, as rebuild functions, adapters and conversions return it: `?` works on every error type, and on strings.
///
/// ```
/// use reduce_core::BoxError;
///
/// fn port(text: &str) -> Result<u16, BoxError> {
///     if text.is_empty() {
///         return Err("no port given".into());
///     }
///     Ok(text.parse()?)
/// }
/// assert_eq!(port("80").unwrap(), 80);
/// assert_eq!(port("").unwrap_err().to_string(), "no port given");
/// ```
pub type BoxError = Box<dyn core::error::Error + Send + Sync>;

/// What went wrong in a dump or a load: its [kind](Error::kind), the [offset](Error::offset) in the bytes,
/// the [path](Error::path) in the value, and the cause as [`source`](core::error::Error::source).
///
/// `{}` is one line; `{:#}` adds what explains it: both programs where types differ, the causes of causes. The
/// counterparts in pickle are `PicklingError` and `UnpicklingError`. An error is `Send + Sync`.
///
/// ```
/// let bytes = reduce_core::to_vec(&vec![Some(1u8), None]).unwrap();
/// let error = reduce_core::from_slice::<Vec<Option<u8>>>(&bytes[..bytes.len() - 1]).unwrap_err();
/// assert_eq!(error.kind(), reduce_core::ErrorKind::UnexpectedEnd);
///
/// let error = reduce_core::from_slice::<String>(&bytes).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the stream has `list<option<u8>>`, which cannot become `str` (at byte 16)"
/// );
/// assert!(format!("{error:#}").contains("asked for:\nstr"));
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    offset: Option<usize>,
    /// Innermost step first: it grows while the error travels outwards.
    path: Vec<Step>,
    detail: Option<String>,
    cause: Option<BoxError>,
}

enum Step {
    Field(Cow<'static, str>),
    Index(usize),
    /// The key (not the value) of a map's n-th entry.
    Key(usize),
}

/// The kinds of [`Error`], for programs that must tell them apart.
///
/// ```
/// use reduce_core::ErrorKind;
///
/// let error = reduce_core::from_slice::<u8>(b"not a stream").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::NotAStream);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes do not begin as a stream does.
    NotAStream,
    /// The seal or the checksum of an envelope does not fit, or the key that it was sealed with is not at hand.
    Seal,
    /// The stream asks for something that this release does not have: another format version, a reserved opcode or flag.
    Unsupported,
    /// The bytes end before the value does.
    UnexpectedEnd,
    /// Bytes are left over after the value.
    TrailingBytes,
    /// The bytes cannot be what a dump wrote: an unknown opcode, an overlong number, a `bool` of 7, text that is not UTF-8.
    Malformed,
    /// The stream holds a value of another type than the one asked for.
    TypeMismatch,
    /// The stream has a fingerprint in place of a program, and no program with that fingerprint is known.
    UnknownProgram,
    /// A message continues others of its session, which are not those that were loaded in front of it.
    Sequence,
    /// A value is well formed, but its type cannot hold it: a zero for a `NonZero`, a key twice in a map.
    InvalidValue,
    /// One of the session's [`Limits`](crate::Limits) was reached; the message names it.
    Limit,
    /// A type behind a trait object is not registered, is registered twice, or cannot become what is asked for.
    Registry,
    /// The stream names a registered type that [`Loader::allow`](crate::Loader::allow) leaves out.
    NotAllowed,
    /// The buffers outside of a stream are not those that it was dumped with, or could not be taken out of it.
    Buffers,
    /// A rebuild function or an adapter asked for a context that the session was not given.
    MissingContext,
    /// A rebuild function returned an error, which is the source.
    Rebuild,
    /// A `validate` function refused the value; its error is the source.
    Validate,
    /// An adapter or a conversion (`via`) returned an error, which is the source.
    Convert,
    /// An upgrade function returned an error, which is the source.
    Upgrade,
    /// The value cannot be taken apart just now: a `RefCell` is mutably borrowed, a lock is poisoned or held.
    Unavailable,
    /// Reading from or writing to the given reader or writer failed; the `std::io::Error` is the source.
    Io,
    /// An error of a hand-written reducer or expander.
    Custom,
}

impl Error {
    /// An error of a hand-written [`Reduce`](crate::Reduce) or [`Expand`](crate::Expand), from any error or text. Its
    /// kind is [`Custom`](ErrorKind::Custom); where the cause is an [`Error`] already, it is handed on as it is.
    /// [`Reader::invalid`](crate::Reader::invalid) makes one with the place in the bytes.
    ///
    /// ```
    /// let error = reduce_core::Error::custom("the queue is closed");
    /// assert_eq!(error.to_string(), "the queue is closed");
    /// ```
    #[cold]
    pub fn custom(cause: impl Into<BoxError>) -> Self {
        Self::from_cause(ErrorKind::Custom, Cow::Borrowed(""), cause.into())
    }

    #[cold]
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Error(Box::new(Inner {
            kind,
            message: message.into(),
            offset: None,
            path: Vec::new(),
            detail: None,
            cause: None,
        }))
    }

    /// An error with a cause. Where the cause is an error of ours, it is handed on with its kind and path.
    #[cold]
    pub(crate) fn from_cause(
        kind: ErrorKind,
        message: impl Into<Cow<'static, str>>,
        cause: BoxError,
    ) -> Self {
        match cause.downcast::<Error>() {
            Ok(own) => *own,
            Err(cause) => Self::caused(kind, message, cause),
        }
    }

    /// An error with a cause.
    #[cold]
    fn caused(kind: ErrorKind, message: impl Into<Cow<'static, str>>, cause: BoxError) -> Self {
        let mut error = Self::new(kind, message);
        error.0.cause = Some(cause);
        error
    }

    /// A rebuild function returned an error.
    #[cold]
    pub(crate) fn rebuild(
        at: &'static str,
        function: &'static str,
        cause: BoxError,
        r: &Reader<'_, '_>,
    ) -> Self {
        let message = format!("the rebuild function \"{function}\" failed");
        Self::caused(ErrorKind::Rebuild, message, cause).with_offset(r.offset()).in_field(at)
    }

    /// A `convert` function returned an error.
    #[cold]
    pub(crate) fn convert(
        at: &'static str,
        function: &'static str,
        cause: BoxError,
        r: &Reader<'_, '_>,
    ) -> Self {
        let message = format!("the convert function \"{function}\" failed");
        Self::caused(ErrorKind::Convert, message, cause).with_offset(r.offset()).in_field(at)
    }

    /// An upgrade function returned an error.
    #[cold]
    pub(crate) fn upgrade(
        name: &str,
        from: u32,
        function: &'static str,
        cause: BoxError,
        offset: usize,
    ) -> Self {
        let message = format!(
            "the upgrade function \"{function}\" of `{name}`, from version {from} to {}, failed",
            u64::from(from).saturating_add(1)
        );
        Self::caused(ErrorKind::Upgrade, message, cause).with_offset(offset)
    }

    /// As it is said of bytes that are none of the caller's.
    #[cold]
    pub(crate) fn at_offset(mut self, offset: usize) -> Self {
        self.0.offset = Some(offset);
        self
    }

    /// A `validate` function returned an error.
    #[cold]
    pub(crate) fn validate(function: &'static str, cause: BoxError, r: &Reader<'_, '_>) -> Self {
        let message = format!("the validate function \"{function}\" refused the value");
        Self::caused(ErrorKind::Validate, message, cause).with_offset(r.offset())
    }

    #[cold]
    pub(crate) fn with_offset(mut self, offset: usize) -> Self {
        self.0.offset.get_or_insert(offset);
        self
    }

    #[cold]
    pub(crate) fn has_detail(&self) -> bool {
        self.0.detail.is_some()
    }

    pub(crate) fn with_detail(mut self, detail: String) -> Self {
        self.0.detail = Some(detail);
        self
    }

    /// Puts a field in front of the path: for hand-written [`Reduce`](crate::Reduce) and
    /// [`Expand`](crate::Expand), where the part that failed is a field.
    ///
    /// ```
    /// let error = reduce_core::Error::custom("no such host").in_field("address").in_element(3);
    /// assert_eq!(error.in_field("servers").to_string(), "servers[3].address: no such host");
    /// ```
    #[cold]
    #[must_use]
    pub fn in_field(self, name: &'static str) -> Self {
        if name.is_empty() { self } else { self.step(Step::Field(Cow::Borrowed(name))) }
    }

    /// As [`in_field`](Self::in_field), of a field whose name is known only now.
    #[cold]
    pub(crate) fn in_field_named(self, name: &str) -> Self {
        self.step(Step::Field(Cow::Owned(name.into())))
    }

    /// Puts the index of an element in front of the path, as [`in_field`](Self::in_field) does a field.
    #[cold]
    #[must_use]
    pub fn in_element(self, index: usize) -> Self {
        self.step(Step::Index(index))
    }

    /// The error came from the rest of a list, behind so many elements: the outermost step counts them too.
    #[cold]
    pub(crate) fn behind_elements(mut self, count: usize) -> Self {
        if let Some(Step::Index(index)) = self.0.path.last_mut() {
            *index = index.saturating_add(count);
        }
        self
    }

    #[cold]
    pub(crate) fn in_key(self, index: usize) -> Self {
        self.step(Step::Key(index))
    }

    fn step(mut self, step: Step) -> Self {
        self.0.path.push(step);
        self
    }

    /// What kind of error this is.
    ///
    /// ```
    /// use reduce_core::ErrorKind;
    ///
    /// let error = reduce_core::from_slice::<bool>(&[]).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::UnexpectedEnd);
    /// ```
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The offset in bytes from the start of the stream at which the error was found: in what was read,
    /// or in what had been written so far. `None` where no place in the bytes is to blame.
    ///
    /// ```
    /// let mut bytes = reduce_core::to_vec(&true)?;
    /// *bytes.last_mut().unwrap() = 7; // where `stop` should be
    /// let error = reduce_core::from_slice::<bool>(&bytes).unwrap_err();
    /// assert_eq!(error.offset(), Some(bytes.len() - 1));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    pub fn offset(&self) -> Option<usize> {
        self.0.offset
    }

    /// Where in the value: `orders[3].customer.address`, `stock[key 2]` in the key of an entry, `state.Shipped.parcel` in
    /// a variant. Empty at the root.
    ///
    /// ```
    /// use std::cell::RefCell;
    ///
    /// let cells = vec![RefCell::new(1), RefCell::new(2)];
    /// let _guard = cells[1].borrow_mut();
    /// assert_eq!(reduce_core::to_vec(&cells).unwrap_err().path(), "[1]");
    /// ```
    pub fn path(&self) -> String {
        let mut path = String::new();
        // Writing to a String cannot fail.
        let _ = self.write_path(&mut path, usize::MAX);
        path
    }

    /// Writes at most about `most` steps, the middle of a longer path left out.
    fn write_path(&self, out: &mut dyn fmt::Write, most: usize) -> fmt::Result {
        let steps = self.0.path.len();
        let half = most / 2;
        for (n, step) in self.0.path.iter().rev().enumerate() {
            if steps > most && n >= half && steps.saturating_sub(n) > half {
                if n == half {
                    out.write_str("...")?;
                }
                continue;
            }
            match step {
                Step::Field(name) if n == 0 => out.write_str(name)?,
                Step::Field(name) => write!(out, ".{name}")?,
                Step::Index(index) => write!(out, "[{index}]")?,
                Step::Key(index) => write!(out, "[key {index}]")?,
            }
        }
        Ok(())
    }
}

/// How many steps of a path the one-line form shows.
const SHOWN_STEPS: usize = 16;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if !inner.path.is_empty() {
            let most = if f.alternate() { usize::MAX } else { SHOWN_STEPS };
            self.write_path(f, most)?;
            f.write_str(": ")?;
        }
        f.write_str(&inner.message)?;
        if let Some(cause) = &inner.cause {
            if !inner.message.is_empty() {
                f.write_str(": ")?;
            }
            fmt::Display::fmt(cause, f)?;
        }
        // A failed function has no offset worth a user's while on the one line.
        let of_bytes = !matches!(
            inner.kind,
            ErrorKind::Rebuild
                | ErrorKind::Validate
                | ErrorKind::Convert
                | ErrorKind::Upgrade
                | ErrorKind::MissingContext
                | ErrorKind::Unavailable
                | ErrorKind::Custom
                | ErrorKind::Io
        );
        if let Some(offset) = inner.offset.filter(|_| of_bytes || f.alternate()) {
            write!(f, " (at byte {offset})")?;
        }
        if f.alternate() {
            if let Some(detail) = &inner.detail {
                write!(f, "\n\n{detail}")?;
            }
            let mut next = inner.cause.as_ref().and_then(|cause| cause.source());
            while let Some(cause) = next {
                write!(f, "\ncaused by: {cause}")?;
                next = cause.source();
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut path = String::new();
        // The path of a value that nests too deep has thousands of steps, and `unwrap` shows all that stands here.
        self.write_path(&mut path, SHOWN_STEPS)?;
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &format_args!("{self}"))
            .field("path", &path)
            .field("offset", &self.0.offset)
            .finish()
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match &self.0.cause {
            Some(cause) => Some(&**cause),
            None => None,
        }
    }
}

#[cfg(feature = "std")]
impl From<std::io::Error> for Error {
    fn from(cause: std::io::Error) -> Self {
        Self::from_cause(ErrorKind::Io, "input or output failed", cause.into())
    }
}
