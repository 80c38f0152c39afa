//! Buffers that lie outside of a stream, as they were handed to a load.

use crate::error::{Error, ErrorKind};
use alloc::format;

/// The buffers of one load, and how many of them the stream has asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Buffers<'s, 'de> {
    /// Nothing where nobody knows them: a disassembly.
    given: Option<&'s [&'de [u8]]>,
    /// Nothing where parts of the stream are walked again.
    next: Option<usize>,
}

impl<'s, 'de> Buffers<'s, 'de> {
    #[inline]
    pub(crate) fn new(given: &'s [&'de [u8]]) -> Self {
        Buffers { given: Some(given), next: Some(0) }
    }

    pub(crate) fn unknown() -> Self {
        Buffers { given: None, next: Some(0) }
    }

    /// Takes any numbers.
    pub(crate) fn again() -> Self {
        Buffers { given: None, next: None }
    }

    /// How many were asked for.
    pub(crate) fn asked(&self) -> usize {
        self.next.unwrap_or_default()
    }

    /// So many were asked for.
    pub(crate) fn set_asked(&mut self, count: usize) {
        self.next = Some(count);
    }

    /// One that was passed over, where the list that asks for it is read after all.
    pub(crate) fn passed(&self, number: u64, count: u64, width: usize) -> Option<&'de [u8]> {
        let buffer = self.given?.get(usize::try_from(number).ok()?).copied();
        buffer.filter(|buffer| is_length(buffer, count, width))
    }

    /// The same, none of them taken.
    pub(crate) fn untaken(&self) -> Self {
        Buffers { given: self.given, next: Some(0) }
    }

    /// All of them; none where nobody knows them.
    pub(crate) fn given(&self) -> &'s [&'de [u8]] {
        self.given.unwrap_or_default()
    }

    /// How many bytes they have, all of them.
    #[inline]
    pub(crate) fn bytes(&self) -> usize {
        let lengths = self.given.into_iter().flatten().map(|buffer| buffer.len());
        lengths.fold(0, usize::saturating_add)
    }

    /// The next buffer: the stream says that this is its number, and that it holds so many numbers of this width.
    /// Nothing where the buffers are not known. `at` is where the stream says so.
    pub(crate) fn take(
        &mut self,
        number: u64,
        count: u64,
        width: usize,
        at: usize,
    ) -> Result<Option<&'de [u8]>, Error> {
        let Some(at_next) = self.next else { return Ok(None) };
        let next = at_next as u64;
        if number != next {
            let what = if number < next { "stands twice" } else { "comes too early" };
            let message = format!("the buffer {number} {what}: the next one is {next}");
            return Err(Error::new(ErrorKind::Malformed, message).with_offset(at));
        }
        self.next = Some(at_next.saturating_add(1));
        let Some(given) = self.given else { return Ok(None) };
        let wrong = |message| Err(Error::new(ErrorKind::Buffers, message).with_offset(at));
        match given.get(at_next) {
            Some(buffer) if is_length(buffer, count, width) => Ok(Some(buffer)),
            Some(buffer) => {
                let length = buffer.len();
                let numbers =
                    if width == 1 { "" } else { &format!(" numbers of {width} bytes each") };
                wrong(format!(
                    "the buffer {number} has {length} bytes, but the stream was dumped with {count}{numbers} there",
                ))
            }
            None if given.is_empty() => wrong(
                "the stream leaves bytes to buffers outside of it, but none were given to the \
                 session; hand them over with `Loader::buffers`"
                    .into(),
            ),
            None => wrong(format!(
                "the stream asks for the buffer {number}, but only {} were given to the session",
                given.len()
            )),
        }
    }

    /// At the end of the stream: no buffer is left over.
    #[inline]
    pub(crate) fn close(&self, at: usize) -> Result<(), Error> {
        let asked = self.next.unwrap_or_default();
        match self.given {
            Some(given) if asked < given.len() => Err(left_over(given.len(), asked, at)),
            _ => Ok(()),
        }
    }
}

/// Whether a buffer has the bytes of so many numbers.
fn is_length(buffer: &[u8], count: u64, width: usize) -> bool {
    count.checked_mul(width as u64) == Some(buffer.len() as u64)
}

#[cold]
fn left_over(given: usize, asked: usize, at: usize) -> Error {
    Error::new(
        ErrorKind::Buffers,
        format!("{given} buffers were given to the session, but the stream has only {asked}"),
    )
    .with_offset(at)
}
