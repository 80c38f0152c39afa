//! A session of loads: messages that continue one another.

use super::Loader;
use super::kept::Kept;
use super::open::{self, Frame, Root, Terms};
use crate::context::Lent;
use crate::error::Error;
use crate::expand::Expand;
use alloc::vec::Vec;
use core::fmt;

/// Values loaded one after the other, as one [`DumpSession`](crate::DumpSession) dumped them: see [`Loader::session`], which makes
/// it. An object that several values hold is one object, as it was.
///
/// ```
/// use reduce_core::{Dumper, ErrorKind, Loader};
/// use std::rc::Rc;
///
/// let mut session = Dumper::new().session();
/// let shared = Rc::new(7u32);
/// let messages = [session.to_vec(&shared)?, session.to_vec(&(shared.clone(), 1u8))?];
///
/// let mut session = Loader::new().session();
/// let first: Rc<u32> = session.from_slice(&messages[0])?;
/// let (again, _): (Rc<u32>, u8) = session.from_slice(&messages[1])?;
/// assert!(Rc::ptr_eq(&first, &again));
///
/// let error = session.from_slice::<(Rc<u32>, u8)>(&messages[1]).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Sequence); // it was loaded already
/// # Ok::<(), reduce_core::Error>(())
/// ```
///
/// # What goes with it
///
/// * A message is loaded if it is the next one: a message that was left out, repeated, changed on the way or comes from another
///   session is an error of the kind [`Sequence`](crate::ErrorKind::Sequence). A message that is whole by itself, such as the first
///   one of a session, can be loaded at any time: the session begins anew with it. One with a
///   [fingerprint](crate::Dumper::fingerprint) is no part of any session, and changes nothing.
/// * A load that fails changes nothing: the same message may be tried again, with other limits or as another type. Those
///   behind it cannot be loaded without it.
/// * All shared objects are kept alive until [`clear_memo`](Self::clear_memo), until a message that begins anew, or until
///   the session ends. The limits hold for each message by itself.
/// * Every value that may hold shared objects is checked before anything of it is made, as are those with rebuild functions in
///   any load.
/// * A session stays on its thread, for the memo holds `Rc`s.
pub struct LoadSession<'c> {
    loader: Loader,
    lent: Vec<Lent<'c>>,
    kept: Kept,
}

impl<'c> LoadSession<'c> {
    pub(super) fn new(loader: Loader, lent: Vec<Lent<'c>>) -> Self {
        LoadSession { loader, lent, kept: Kept::default() }
    }

    /// Loads the value of a message that fills the slice, as [`Loader::from_slice`] does.
    ///
    /// # Errors
    ///
    /// As [`Loader::from_slice`], and when the message is not the next one.
    pub fn from_slice<'de, T: Expand<'de>>(&mut self, bytes: &'de [u8]) -> Result<T, Error> {
        self.whole(bytes, &[])
    }

    /// Loads the value of a message with the [buffers](Loader::buffers) that were left out of it; each message has its own.
    ///
    /// # Errors
    ///
    /// As [`from_slice`](Self::from_slice).
    pub fn from_slice_with_buffers<'de, T: Expand<'de>, B: AsRef<[u8]> + ?Sized + 'de>(
        &mut self,
        bytes: &'de [u8],
        buffers: impl IntoIterator<Item = &'de B>,
    ) -> Result<T, Error> {
        let buffers: Vec<&'de [u8]> = buffers.into_iter().map(AsRef::as_ref).collect();
        self.whole(bytes, &buffers)
    }

    /// Loads the value of the message at the beginning of the slice; returns it with the bytes behind the message.
    ///
    /// # Errors
    ///
    /// As [`from_slice`](Self::from_slice), but bytes behind the message are none.
    pub fn take_from_slice<'de, T: Expand<'de>>(
        &mut self,
        bytes: &'de [u8],
    ) -> Result<(T, &'de [u8]), Error> {
        let frame = Frame::read(bytes)?;
        let value = open::value(|value| self.load(frame, bytes, &[], value))?;
        Ok((value, frame.behind))
    }

    /// Reads one message and loads its value, as [`Loader::from_reader`] does. A message that cannot be loaded has been read
    /// all the same; to try it again, read it into a buffer first.
    ///
    /// # Errors
    ///
    /// As [`from_slice`](Self::from_slice), and when reading fails.
    #[cfg(feature = "std")]
    pub fn from_reader<T, R>(&mut self, reader: R) -> Result<T, Error>
    where
        T: for<'de> Expand<'de>,
        R: std::io::Read,
    {
        self.whole(&open::read_stream(reader)?, &[])
    }

    /// Lets go of all objects. The next message must be whole by itself: the first one of a session, or one behind
    /// [`DumpSession::clear_memo`](crate::DumpSession::clear_memo), which this need not be called for.
    pub fn clear_memo(&mut self) {
        self.kept = Kept::default();
    }

    fn whole<'de, T: Expand<'de>>(
        &mut self,
        bytes: &'de [u8],
        buffers: &[&'de [u8]],
    ) -> Result<T, Error> {
        open::value(|value| {
            let frame = Frame::read(bytes)?;
            frame.alone()?;
            self.load(frame, bytes, buffers, value)
        })
    }

    fn load<'de>(
        &mut self,
        frame: Frame<'de>,
        bytes: &'de [u8],
        buffers: &[&'de [u8]],
        value: &mut dyn Root<'de>,
    ) -> Result<(), Error> {
        let calls = self.loader.settings.limits.calls(bytes.len());
        let terms = Terms { loader: &self.loader, lent: &self.lent, buffers, calls: &calls };
        if frame.header.fingerprint.is_some() {
            return open::take_from_slice(terms, bytes, value).map(drop);
        }
        let end = bytes.len().saturating_sub(frame.behind.len());
        let message = bytes.get(..end).unwrap_or_default();
        if frame.header.continued {
            return self.kept.load(terms, frame, message, value);
        }
        // What there was is kept until it is replaced.
        let mut anew = Kept::default();
        anew.load(terms, frame, message, value)?;
        self.kept = anew;
        Ok(())
    }
}

impl fmt::Debug for LoadSession<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadSession")
            .field("loader", &self.loader)
            .field("lent", &self.lent.len())
            .field("messages", &self.kept.position.messages)
            .field("objects", &self.kept.position.objects)
            .finish()
    }
}
