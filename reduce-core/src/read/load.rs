//! One load, with what was lent to it.

use super::{LoadSession, Loader, any, dry_run, open};
use crate::check::{self, Report};
use crate::context::{Given, Lent};
use crate::describe::Describe;
use crate::dry_run::DryRun;
use crate::error::Error;
use crate::expand::Expand;
use crate::limits::Calls;
use crate::value::Value;
use alloc::vec::Vec;
use core::any::Any;
use core::fmt;

/// A load with values lent to it: see [`Loader::with_context`], which makes it and has an example. Its methods are those of
/// the [`Loader`].
#[derive(Clone)]
pub struct Load<'c, 'b> {
    loader: &'c Loader,
    lent: Vec<Lent<'c>>,
    buffers: Vec<&'b [u8]>,
}

impl<'c, 'b> Load<'c, 'b> {
    pub(super) fn new(loader: &'c Loader) -> Self {
        Load { loader, lent: Vec::new(), buffers: Vec::new() }
    }

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
        let calls = self.calls(bytes);
        open::value(|value| open::from_slice(self.terms(&calls), bytes, value))
    }

    /// As [`Loader::value_from_slice`]. The bytes of buffers become part of the value.
    ///
    /// # Errors
    ///
    /// As [`Loader::value_from_slice`].
    pub fn value_from_slice(&self, bytes: &[u8]) -> Result<Value, Error> {
        any::from_slice(self.terms(&self.calls(bytes)), bytes)
    }

    /// As [`Loader::check`].
    ///
    /// # Errors
    ///
    /// As [`Loader::check`].
    pub fn check(&self, bytes: &[u8]) -> Result<Report, Error> {
        let Loader { settings, programs, .. } = self.loader;
        settings.check_allowed()?;
        let known = programs.clone().unwrap_or_default();
        check::stream(bytes, settings.limits, &known, &self.buffers, settings.registry())
    }

    /// As [`Loader::check_as`].
    ///
    /// # Errors
    ///
    /// As [`Loader::check_as`].
    pub fn check_as<T: Describe + ?Sized>(&self, bytes: &[u8]) -> Result<Report, Error> {
        let run = dry_run::run(self.terms(&self.calls(bytes)), bytes, T::def(), false)?;
        Ok(run.report)
    }

    /// As [`Loader::dry_run`].
    ///
    /// # Errors
    ///
    /// As [`Loader::dry_run`].
    pub fn dry_run<T: Describe + ?Sized>(&self, bytes: &[u8]) -> Result<DryRun, Error> {
        dry_run::run(self.terms(&self.calls(bytes)), bytes, T::def(), true)
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
        let calls = self.calls(bytes);
        let mut behind = &[][..];
        let value = open::value(|value| {
            behind = open::take_from_slice(self.terms(&calls), bytes, value)?;
            Ok(())
        })?;
        Ok((value, behind))
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
        let bytes = open::read_stream(reader)?;
        let calls = self.calls(&bytes);
        open::value(|value| open::from_slice(self.terms(&calls), &bytes, value))
    }

    /// As [`Loader::session`]: what was lent is lent to all messages of the session. Buffers are not, for each message has
    /// its own: see [`LoadSession::from_slice_with_buffers`].
    #[must_use]
    pub fn session(self) -> LoadSession<'c> {
        LoadSession::new(self.loader.clone(), self.lent)
    }

    #[inline]
    fn calls(&self, bytes: &[u8]) -> Calls {
        self.loader.settings.limits.calls(bytes.len())
    }

    fn terms<'t>(&'t self, calls: &'t Calls) -> open::Terms<'t, 'b> {
        open::Terms { loader: self.loader, lent: &self.lent, buffers: &self.buffers, calls }
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
