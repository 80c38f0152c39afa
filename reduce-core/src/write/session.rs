//! A session of dumps: messages that continue one another.

use super::buffers::Take;
use super::graph::Order;
use super::writer::{Mark, Objects};
use super::{Dumper, pass};
use crate::context::Lent;
use crate::error::{Error, ErrorKind};
use crate::limits::MAX_DEFINITIONS;
use crate::reduce::Reduce;
use crate::sequence::Position;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::fmt;

/// Values dumped one after the other to one destination, with one memo and one table of types: see [`Dumper::session`],
/// which makes it. Each value is a message of its own; a type is defined in the first message that needs it, and an
/// object of an earlier value is referred to. A [`LoadSession`](crate::LoadSession) gives them back.
///
/// The counterpart in pickle is a [`Pickler`](https://docs.python.org/3/library/pickle.html#pickle.Pickler) whose `dump` is
/// called again and again.
///
/// ```
/// use reduce_core::{Dumper, Loader, Reduce};
/// use std::rc::Rc;
///
/// #[derive(Reduce)]
/// struct Order {
///     customer: Rc<str>,
///     total: u32,
/// }
///
/// let (ann, mut file, mut sizes) = (Rc::<str>::from("Ann"), Vec::new(), Vec::new());
/// let mut session = Dumper::new().session();
/// for total in [12, 7] {
///     let before = file.len();
///     session.append_to(&Order { customer: ann.clone(), total }, &mut file)?;
///     sizes.push(file.len() - before);
/// }
/// assert!(sizes[1] < sizes[0]);
///
/// let mut session = Loader::new().session();
/// let (first, rest) = session.take_from_slice::<Order>(&file)?;
/// let (second, rest) = session.take_from_slice::<Order>(rest)?;
/// assert!(Rc::ptr_eq(&first.customer, &second.customer));
/// assert!(rest.is_empty());
/// # Ok::<(), reduce_core::Error>(())
/// ```
///
/// # What goes with it
///
/// * The messages are loaded by one session, all of them and in their order: each one but the first says what it
///   continues, and another one is an error of the kind [`Sequence`](ErrorKind::Sequence). The first message is a stream like any
///   other.
/// * An object is written once. What changes in it afterwards (in its cells) is not written again: as in pickle,
///   [`clear_memo`](Self::clear_memo) begins anew.
/// * All shared objects are kept alive until `clear_memo` or the end of the session, here and in the session that loads, so
///   memory grows with them.
/// * A `Weak` refers to any object that this value or an earlier one owns. To one that only a later value owns, it is
///   dangling.
/// * A dump that fails changes nothing: the next message continues those before it.
/// * A session stays on its thread, for the memo holds `Rc`s.
/// * Trait objects, states, canonical order and out-of-band buffers (numbered in each message by itself) are as in
///   any dump. [`Dumper::fingerprint`] is refused, for a session writes its programs once.
pub struct DumpSession<'c> {
    dumper: Dumper,
    lent: Vec<Lent<'c>>,
    take: Option<Rc<dyn Take + 'c>>,
    kept: Kept,
}

impl<'c> DumpSession<'c> {
    pub(super) fn new(
        dumper: Dumper,
        lent: Vec<Lent<'c>>,
        take: Option<Rc<dyn Take + 'c>>,
    ) -> Self {
        DumpSession { dumper, lent, take, kept: Kept::default() }
    }

    /// Dumps the next value as [`Dumper::to_vec`] does.
    ///
    /// # Errors
    ///
    /// As [`Dumper::to_vec`], and where a session cannot go on: its dumper writes fingerprints, or its values are of more
    /// than 65,536 types.
    pub fn to_vec<T: Reduce + ?Sized>(&mut self, value: &T) -> Result<Vec<u8>, Error> {
        self.ready()?;
        let (terms, kept) = self.parts();
        pass::to_vec(terms, Some(kept), value)
    }

    /// Dumps the next value behind what a buffer holds. On an error the buffer and the session are as they were.
    ///
    /// # Errors
    ///
    /// As [`to_vec`](Self::to_vec).
    pub fn append_to<T: Reduce + ?Sized>(
        &mut self,
        value: &T,
        buffer: &mut Vec<u8>,
    ) -> Result<(), Error> {
        self.ready()?;
        let (terms, kept) = self.parts();
        pass::append_to(terms, Some(kept), value, buffer)
    }

    /// Dumps the next value to a writer, once the whole value has been taken apart. The writer is not flushed. Where
    /// writing fails, the session is as it was, but the writer may have taken a part of the message.
    ///
    /// ```
    /// use reduce_core::{Dumper, Loader};
    /// use std::sync::Arc;
    ///
    /// let shared = Arc::new(7u32);
    /// let (mut file, mut session) = (Vec::new(), Dumper::new().session());
    /// session.to_writer(&mut file, &shared)?;
    /// session.to_writer(&mut file, &vec![shared.clone(), shared])?;
    ///
    /// let (mut reader, mut session) = (file.as_slice(), Loader::new().session());
    /// let one: Arc<u32> = session.from_reader(&mut reader)?;
    /// let two: Vec<Arc<u32>> = session.from_reader(&mut reader)?;
    /// assert!(two.iter().all(|two| Arc::ptr_eq(two, &one)));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`to_vec`](Self::to_vec), and when writing fails.
    #[cfg(feature = "std")]
    pub fn to_writer<W: std::io::Write, T: Reduce + ?Sized>(
        &mut self,
        mut writer: W,
        value: &T,
    ) -> Result<(), Error> {
        let before = self.kept.place();
        let message = self.to_vec(value)?;
        writer.write_all(&message).map_err(|error| {
            self.kept.return_to(&before);
            error.into()
        })
    }

    /// Forgets all objects and types: the next message is whole by itself, and can be loaded without those before it. The
    /// counterpart of [`Pickler.clear_memo`](https://docs.python.org/3/library/pickle.html#pickle.Pickler.clear_memo). A session
    /// that loads the message notices by itself.
    ///
    /// ```
    /// use reduce_core::{Dumper, ErrorKind};
    ///
    /// let mut session = Dumper::new().session();
    /// let first = session.to_vec("one")?;
    /// let second = session.to_vec("two")?;
    /// session.clear_memo();
    /// let third = session.to_vec("one")?;
    /// assert_eq!(third, first);
    ///
    /// let error = reduce_core::from_slice::<&str>(&second).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Sequence);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    pub fn clear_memo(&mut self) {
        self.kept = Kept::default();
    }

    fn parts(&mut self) -> (pass::Terms<'_>, &mut Kept) {
        let DumpSession { dumper, lent, take, kept } = self;
        (pass::Terms { dumper, lent, take: take.as_deref() }, kept)
    }

    fn ready(&self) -> Result<(), Error> {
        if !self.dumper.fingerprint {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Unsupported,
            "a session writes each program once, and no fingerprints in place of them: make it from a `Dumper` without \
             `fingerprint`",
        ))
    }
}

impl fmt::Debug for DumpSession<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DumpSession")
            .field("dumper", &self.dumper)
            .field("lent", &self.lent.len())
            .field("buffers", &self.take.is_some())
            .field("messages", &self.kept.position.messages)
            .field("objects", &self.kept.position.objects)
            .finish()
    }
}

/// What a session keeps from one message to the next.
pub(super) struct Kept {
    objects: Box<Objects>,
    position: Position,
    /// Where the message that is being written began.
    before: Mark,
}

/// Where a session stood.
#[cfg(feature = "std")]
struct Place {
    mark: Mark,
    position: Position,
}

impl Default for Kept {
    fn default() -> Self {
        let objects = Box::<Objects>::default();
        Kept { before: objects.mark(), objects, position: Position::START }
    }
}

impl Kept {
    /// Whether the next message continues others.
    pub(super) fn continues(&self) -> bool {
        self.position.messages > 0
    }

    /// What the next message continues, if it continues others.
    pub(super) fn continued(&self) -> Option<Position> {
        self.continues().then_some(self.position)
    }

    /// Lends the objects to a pass.
    pub(super) fn lend(&mut self, order: Option<&Order>) -> Box<Objects> {
        self.before = self.objects.mark();
        self.objects.begin(order);
        core::mem::take(&mut self.objects)
    }

    /// The message is written; there are so many objects and definitions by now.
    pub(super) fn advance(
        &mut self,
        message: &[u8],
        (objects, definitions): (usize, usize),
    ) -> Result<(), Error> {
        if definitions as u64 > u64::from(MAX_DEFINITIONS) {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "the values of the session are of more than 65,536 types; call `DumpSession::clear_memo`",
            ));
        }
        self.position = self.position.after(message, objects, definitions);
        Ok(())
    }

    /// Takes back what was lent; as it was, where the pass is not done.
    pub(super) fn give_back(&mut self, objects: Option<Box<Objects>>, done: bool) {
        self.objects = objects.unwrap_or_default();
        if !done {
            self.objects.roll_back(&self.before);
        }
    }

    #[cfg(feature = "std")]
    fn place(&self) -> Place {
        Place { mark: self.objects.mark(), position: self.position }
    }

    #[cfg(feature = "std")]
    fn return_to(&mut self, place: &Place) {
        self.objects.roll_back(&place.mark);
        self.position = place.position;
    }
}
