//! Buffers that a dump leaves out of its stream, and who takes them.

use super::Writer;
use crate::error::{BoxError, Error, ErrorKind};
use crate::{opcode, varint};
use alloc::borrow::Cow;
use core::cell::RefCell;

/// Who is offered the buffers of one dump.
pub(crate) trait Take {
    /// Whether it took the bytes.
    fn take(&self, bytes: &[u8]) -> Result<bool, BoxError>;
}

impl<F: FnMut(&[u8]) -> Result<bool, BoxError>> Take for RefCell<F> {
    fn take(&self, bytes: &[u8]) -> Result<bool, BoxError> {
        match self.try_borrow_mut() {
            Ok(mut take) => take(bytes),
            Err(_) => Err("the function that takes the buffers dumps with itself".into()),
        }
    }
}

/// What a writer knows of buffers.
#[derive(Clone, Copy)]
pub(crate) struct Buffers<'s> {
    /// Nobody: all is in band.
    pub to: Option<&'s dyn Take>,
    /// The least length that is offered.
    pub least: usize,
    /// The pass only finds the order of objects: nothing is offered yet.
    pub rehearsal: bool,
}

/// How far a writer is with them.
pub(crate) struct Offers<'s> {
    buffers: Buffers<'s>,
    /// How many fields around this place are marked `out_of_band`.
    marked: u32,
    /// How many buffers were taken.
    taken: u64,
}

impl<'s> Offers<'s> {
    pub(crate) fn new(buffers: Buffers<'s>) -> Self {
        Offers { buffers, marked: 0, taken: 0 }
    }

    /// From here on all is in band; what [`resume`](Self::resume) takes.
    pub(crate) fn suspend(&mut self) -> Option<&'s dyn Take> {
        self.buffers.to.take()
    }

    pub(crate) fn resume(&mut self, to: Option<&'s dyn Take>) {
        self.buffers.to = to;
    }

    /// Whether a list of numbers would be offered here.
    #[inline]
    pub(crate) fn open(&self) -> bool {
        self.marked > 0 && self.buffers.to.is_some()
    }
}

impl Writer<'_> {
    /// Writes parts whose large lists of bytes and numbers may lie outside of the stream: what `#[reduce(out_of_band)]` on a field is,
    /// for a hand-written reducer. It changes nothing where the session takes no buffers.
    ///
    /// ```
    /// use reduce_core::{Describe, Dumper, Error, Reduce, TypeDef, Writer};
    ///
    /// struct Image(Vec<u8>);
    ///
    /// impl Describe for Image {
    ///     fn def() -> &'static TypeDef {
    ///         <Vec<u8>>::def()
    ///     }
    /// }
    ///
    /// impl Reduce for Image {
    ///     fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
    ///         w.out_of_band(|w| self.0.reduce(w))
    ///     }
    /// }
    ///
    /// let mut sizes = Vec::new();
    /// let take = |bytes: &[u8]| {
    ///     sizes.push(bytes.len());
    ///     Ok(true)
    /// };
    /// let bytes = Dumper::new().buffers(take).to_vec(&Image(vec![7; 5000]))?;
    /// assert!(bytes.len() < 50);
    /// assert_eq!(sizes, [5000]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the parts.
    pub fn out_of_band<T>(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.mark_out_of_band();
        let done = write(self);
        self.unmark_out_of_band();
        done
    }

    #[inline]
    pub(crate) fn mark_out_of_band(&mut self) {
        // Fields nest as deep as the stack, which is far from this.
        self.offers.marked = self.offers.marked.saturating_add(1);
    }

    #[inline]
    pub(crate) fn unmark_out_of_band(&mut self) {
        self.offers.marked = self.offers.marked.saturating_sub(1);
    }

    /// Offers the bytes of a list of so many numbers; where they are taken, all that the stream has of it is written.
    #[cold]
    pub(crate) fn offer<'a>(
        &mut self,
        count: usize,
        width: usize,
        bytes: impl FnOnce() -> Cow<'a, [u8]>,
    ) -> Result<bool, Error> {
        let Buffers { to, least, rehearsal } = self.offers.buffers;
        let large = count.saturating_mul(width) >= least;
        let Some(to) = to.filter(|_| large) else { return Ok(false) };
        let taken = rehearsal
            || to.take(&bytes()).map_err(|cause| {
                let message = "the function that takes the buffers failed";
                Error::from_cause(ErrorKind::Buffers, message, cause).with_offset(self.offset())
            })?;
        if taken {
            // No list is longer than isize::MAX, so no bit is lost.
            varint::push(&mut self.out, (count as u64) << 1 | 1);
            self.byte(opcode::BUFFER);
            self.varint(self.offers.taken);
            self.offers.taken = self.offers.taken.saturating_add(1);
        }
        Ok(taken)
    }
}
