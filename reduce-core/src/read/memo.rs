//! The shared objects of one load, in the order in which the stream defines them.

use crate::error::{Error, ErrorKind};
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;
use core::any::Any;
use core::fmt;

/// One place for each object: the numbers in a stream are dense and ascend, so none is ever a position to make room
/// for. Places hold handles (an `Rc`, an `Arc`), never copies.
#[derive(Default)]
pub(crate) struct Memo {
    places: Vec<Option<Box<dyn Any>>>,
}

impl Memo {
    /// Takes the next place, for an object that is being made.
    pub(crate) fn reserve(&mut self) -> usize {
        let number = self.places.len();
        self.places.push(None);
        number
    }

    /// Puts a finished object in its place.
    pub(crate) fn fill(&mut self, number: usize, handle: Box<dyn Any>) {
        if let Some(place) = self.places.get_mut(number) {
            *place = Some(handle);
        }
    }

    /// The handle of an object met before. `Handle` is the whole pointer type, such as `Rc<str>`.
    pub(crate) fn get<Handle: Clone + 'static>(&self, number: u64) -> Result<Handle, Error> {
        let place = usize::try_from(number).ok().and_then(|number| self.places.get(number));
        match place {
            Some(Some(handle)) => handle.downcast_ref::<Handle>().cloned().ok_or_else(|| {
                Error::new(
                    ErrorKind::Malformed,
                    format!("the shared object {number} is of another type"),
                )
            }),
            Some(None) => Err(Error::new(
                ErrorKind::Malformed,
                format!("the shared object {number} is referred to from inside itself"),
            )),
            None => {
                Err(Error::new(ErrorKind::Malformed, format!("there is no shared object {number}")))
            }
        }
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo").field("places", &self.places.len()).finish()
    }
}
