//! The shared objects of one load, in the order in which the stream defines them.

use crate::error::{Error, ErrorKind};
use crate::handles::{Handle, Handles};
use crate::registry::Registry;
use alloc::format;
use alloc::vec::Vec;
use core::any::type_name;
use core::fmt;

/// One place for each object: the numbers in a stream are dense and ascend, so none is ever a position to make room
/// for. Places hold handles (an `Rc`, an `Arc`), never copies.
#[derive(Default)]
pub(crate) struct Memo {
    places: Vec<Place>,
    pointers: Handles,
}

/// The end of what a memo knew.
#[derive(Debug)]
pub(crate) struct MarkedEnd {
    len: usize,
    pointers: Vec<usize>,
}

#[derive(Clone, Copy)]
enum Place {
    /// The object is being made, and can be reached by nothing.
    Open,
    /// The object is being made; this is a weak pointer to it.
    #[cfg_attr(
        not(all(feature = "std", panic = "unwind")),
        allow(dead_code, reason = "needs unwinding")
    )]
    Cyclic(Handle),
    /// A strong pointer to the object.
    Ready(Handle),
}

impl Memo {
    /// Takes the next place, for an object that is being made.
    pub(crate) fn reserve(&mut self) -> usize {
        let number = self.places.len();
        self.places.push(Place::Open);
        number
    }

    /// Puts a strong pointer to a finished object in its place.
    #[inline]
    pub(crate) fn fill<P: 'static>(&mut self, number: usize, strong: P) {
        let handle = self.pointers.keep(strong);
        self.set(number, Place::Ready(handle));
    }

    /// Puts a weak pointer to an object that is being made in its place.
    #[cfg_attr(
        not(all(feature = "std", panic = "unwind")),
        allow(dead_code, reason = "needs unwinding")
    )]
    pub(crate) fn begin_cycle<P: 'static>(&mut self, number: usize, weak: P) {
        let handle = self.pointers.keep(weak);
        self.set(number, Place::Cyclic(handle));
    }

    /// The object could not be made.
    #[cfg_attr(
        not(all(feature = "std", panic = "unwind")),
        allow(dead_code, reason = "needs unwinding")
    )]
    pub(crate) fn reopen(&mut self, number: usize) {
        self.set(number, Place::Open);
    }

    fn set(&mut self, number: usize, place: Place) {
        if let Some(old) = self.places.get_mut(number) {
            *old = place;
        }
    }

    #[inline]
    fn place(&self, number: u64) -> Result<Place, Error> {
        let place = usize::try_from(number).ok().and_then(|number| self.places.get(number));
        place.copied().ok_or_else(|| malformed(format!("there is no shared object {number}")))
    }

    /// A strong pointer to an object met before, as a `Strong`: the pointer type itself, such as `Rc<str>`, or one to
    /// a trait object that the registry can make of it.
    pub(crate) fn strong<Strong: Clone + 'static>(
        &self,
        number: u64,
        registry: Option<&Registry>,
    ) -> Result<Strong, Error> {
        match self.place(number)? {
            Place::Ready(handle) => match self.pointers.get::<Strong>(handle) {
                Some(strong) => Ok(strong.clone()),
                None => self.cast(handle, number, registry),
            },
            Place::Open | Place::Cyclic(_) => Err(malformed(format!(
                "the shared object {number} is referred to from inside itself"
            ))),
        }
    }

    /// A weak pointer to an object met before or being made. `Strong` is the strong pointer's type and `Weak` the weak
    /// one's.
    pub(crate) fn weak<Strong: Clone + 'static, Weak: Clone + 'static>(
        &self,
        number: u64,
        registry: Option<&Registry>,
        downgrade: impl FnOnce(&Strong) -> Weak,
    ) -> Result<Weak, Error> {
        match self.place(number)? {
            Place::Ready(_) => self.strong(number, registry).map(|strong| downgrade(&strong)),
            Place::Cyclic(handle) => match self.pointers.get::<Weak>(handle) {
                Some(weak) => Ok(weak.clone()),
                None => self.cast(handle, number, registry),
            },
            Place::Open => Err(malformed(format!(
                "the shared object {number} is referred to from inside itself, which its mark does not say"
            ))),
        }
    }

    /// How many objects there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// The end of what is known.
    pub(crate) fn mark_end(&self) -> MarkedEnd {
        MarkedEnd { len: self.len(), pointers: self.pointers.lengths() }
    }

    /// Forgets, and lets go of, all objects behind an end that was marked.
    pub(crate) fn roll_back(&mut self, end: &MarkedEnd) {
        self.places.truncate(end.len);
        self.pointers.release_down_to(&end.pointers);
    }

    /// What the registry makes of a pointer of another type.
    fn cast<To: 'static>(
        &self,
        from: Handle,
        number: u64,
        registry: Option<&Registry>,
    ) -> Result<To, Error> {
        let from = self.pointers.any(from);
        registry.zip(from).and_then(|(registry, from)| registry.cast_pointer(from)).ok_or_else(
            || {
                malformed(format!(
                    "the shared object {number} is of another type, and cannot become `{}`",
                    type_name::<To>()
                ))
            },
        )
    }
}

impl Drop for Memo {
    fn drop(&mut self) {
        // Holders are finished after what they hold.
        self.pointers.release_newest_first();
    }
}

#[cold]
fn malformed(message: alloc::string::String) -> Error {
    Error::new(ErrorKind::Malformed, message)
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo").field("places", &self.places.len()).finish()
    }
}
