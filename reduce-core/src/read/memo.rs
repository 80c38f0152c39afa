//! The shared objects of one load, in the order in which the stream defines them.

use crate::error::{Error, ErrorKind};
use crate::registry::Registry;
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;
use core::any::{Any, type_name};
use core::fmt;

/// One place for each object: the numbers in a stream are dense and ascend, so none is ever a position to make room
/// for. Places hold handles (an `Rc`, an `Arc`), never copies.
#[derive(Default)]
pub(crate) struct Memo {
    places: Vec<Place>,
}

enum Place {
    /// The object is being made, and can be reached by nothing.
    Open,
    /// The object is being made; this is a weak pointer to it.
    #[cfg_attr(
        not(all(feature = "std", panic = "unwind")),
        allow(dead_code, reason = "made only where a failure can unwind")
    )]
    Cyclic(Box<dyn Any>),
    /// A strong pointer to the object.
    Ready(Box<dyn Any>),
}

impl Memo {
    /// Takes the next place, for an object that is being made.
    pub(crate) fn reserve(&mut self) -> usize {
        let number = self.places.len();
        self.places.push(Place::Open);
        number
    }

    /// Puts a strong pointer to a finished object in its place.
    pub(crate) fn fill(&mut self, number: usize, strong: Box<dyn Any>) {
        self.set(number, Place::Ready(strong));
    }

    /// Puts a weak pointer to an object that is being made in its place.
    #[cfg_attr(
        not(all(feature = "std", panic = "unwind")),
        expect(dead_code, reason = "made only where a failure can unwind")
    )]
    pub(crate) fn begin_cycle(&mut self, number: usize, weak: Box<dyn Any>) {
        self.set(number, Place::Cyclic(weak));
    }

    /// The object could not be made.
    #[cfg_attr(
        not(all(feature = "std", panic = "unwind")),
        expect(dead_code, reason = "made only where a failure can unwind")
    )]
    pub(crate) fn reopen(&mut self, number: usize) {
        self.set(number, Place::Open);
    }

    fn set(&mut self, number: usize, place: Place) {
        if let Some(old) = self.places.get_mut(number) {
            *old = place;
        }
    }

    fn place(&self, number: u64) -> Result<&Place, Error> {
        let place = usize::try_from(number).ok().and_then(|number| self.places.get(number));
        place.ok_or_else(|| malformed(format!("there is no shared object {number}")))
    }

    /// A strong pointer to an object met before, as a `Strong`: the pointer type itself, such as `Rc<str>`, or one to
    /// a trait object that the registry can make of it.
    pub(crate) fn strong<Strong: Clone + 'static>(
        &self,
        number: u64,
        registry: Option<&Registry>,
    ) -> Result<Strong, Error> {
        match self.place(number)? {
            Place::Ready(strong) => match strong.downcast_ref::<Strong>() {
                Some(strong) => Ok(strong.clone()),
                None => cast(&**strong, number, registry),
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
            Place::Cyclic(weak) => match weak.downcast_ref::<Weak>() {
                Some(weak) => Ok(weak.clone()),
                None => cast(&**weak, number, registry),
            },
            Place::Open => Err(malformed(format!(
                "the shared object {number} is referred to from inside itself, which its mark does not say"
            ))),
        }
    }
}

/// What the registry makes of a pointer of another type.
fn cast<To: 'static>(
    from: &dyn Any,
    number: u64,
    registry: Option<&Registry>,
) -> Result<To, Error> {
    registry.and_then(|registry| registry.cast_pointer(from)).ok_or_else(|| {
        malformed(format!(
            "the shared object {number} is of another type, and cannot become `{}`",
            type_name::<To>()
        ))
    })
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
