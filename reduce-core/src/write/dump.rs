//! One dump, with what was lent to it.

use super::buffers::Take;
use super::pass::{self, Terms};
use super::{DumpSession, Dumper};
use crate::context::{Given, Lent};
use crate::error::{BoxError, Error};
use crate::reduce::Reduce;
use crate::value::Value;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::any::Any;
use core::cell::RefCell;
use core::fmt;

/// A dump with values lent to it: see [`Dumper::with_context`], which makes it and has an example. Its methods are those of
/// the [`Dumper`].
#[derive(Clone)]
pub struct Dump<'c> {
    dumper: &'c Dumper,
    lent: Vec<Lent<'c>>,
    take: Option<Rc<dyn Take + 'c>>,
}

impl<'c> Dump<'c> {
    pub(super) fn new(dumper: &'c Dumper) -> Self {
        Dump { dumper, lent: Vec::new(), take: None }
    }

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
        pass::to_vec(self.terms(), None, value)
    }

    /// As [`Dumper::value_to_vec`].
    ///
    /// # Errors
    ///
    /// As [`Dumper::value_to_vec`].
    pub fn value_to_vec(&self, value: &Value) -> Result<Vec<u8>, Error> {
        pass::value_to_vec(Terms { take: None, ..self.terms() }, value)
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
        pass::append_to(self.terms(), None, value, buffer)
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

    /// As [`Dumper::session`]: what was lent is lent to all messages of the session, and all of their buffers are offered.
    #[must_use]
    pub fn session(self) -> DumpSession<'c> {
        DumpSession::new(self.dumper.clone(), self.lent, self.take)
    }

    fn terms(&self) -> Terms<'_> {
        Terms { dumper: self.dumper, lent: &self.lent, take: self.take.as_deref() }
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
