//! The shared objects of one load, in the order in which the stream defines them.

use crate::error::{Error, ErrorKind};
use crate::handles::{Handle, Handles};
use crate::program::DefFn;
use crate::registry::Registry;
use crate::scan::Skipped;
use crate::value::{Copies, UnknownObject};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::{Any, type_name};
use core::fmt;

/// One place for each object: the numbers in a stream are dense and ascend, so none is ever a position to make room
/// for. Places hold handles (an `Rc`, an `Arc`), never copies.
#[derive(Default)]
pub(crate) struct Memo {
    places: Vec<Place>,
    pointers: Handles,
    /// So many objects, from the first one on, have the first type that was met, and their pointers stand in their order:
    /// a reference to one of them finds it without a look at its place.
    in_order: usize,
    /// The number of the next object: a number that is there already, where a part that was passed over is read.
    next: usize,
    /// Those that were passed over, also when they have been made.
    #[allow(clippy::box_collection, reason = "a word in each reader, for what few loads have")]
    slots: Option<Box<BTreeMap<usize, Slot>>>,
    /// How many stood in a session's earlier messages.
    earlier: usize,
    /// What kept values hold of them.
    pub(super) copies: Option<Box<Copies>>,
}

/// An object that was passed over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub skipped: Skipped,
    /// Where its state was passed over, and the number of the next object there.
    pub state: Option<(usize, usize)>,
    /// What it was read as, where it was not passed over but read natively.
    pub ours: Option<DefFn>,
}

/// An object that begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begun {
    /// It has this number, and is to be made.
    New(usize),
    /// It was passed over, and has been made since.
    Made(usize),
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
    /// The object was passed over.
    Skipped,
}

impl Memo {
    /// Takes the next place, for an object whose mark stood at `at`.
    #[inline]
    pub(crate) fn begin(&mut self, at: usize) -> Result<Begun, Error> {
        let number = self.next;
        if number < self.places.len() {
            return self.begin_again(number, at);
        }
        self.next = self.places.len().saturating_add(1);
        self.places.push(Place::Open);
        Ok(Begun::New(number))
    }

    /// An object begins that was passed over.
    #[cold]
    fn begin_again(&mut self, number: usize, at: usize) -> Result<Begun, Error> {
        let slots = self.slots.as_ref();
        let slot = slots.and_then(|slots| slots.get(&number));
        let Some(slot) = slot.filter(|slot| slot.skipped.at == at) else {
            return Err(malformed(format!("the shared object {number} stands elsewhere")));
        };
        match self.places.get(number) {
            Some(Place::Ready(_)) => {
                self.next = slot.skipped.end.1;
                Ok(Begun::Made(number))
            }
            Some(Place::Skipped) => {
                self.next = number.saturating_add(1);
                self.set(number, Place::Open);
                Ok(Begun::New(number))
            }
            _ => Err(Error::new(
                ErrorKind::Unsupported,
                format!(
                    "the shared object {number} is referred to before the one that it lies in, which only a field holds that \
                     the type has no more, or a type with a hand-written `Expand`; have the field that owns the objects in \
                     front of those that refer to them"
                ),
            )),
        }
    }

    /// The number of the next object.
    pub(crate) fn next(&self) -> usize {
        self.next
    }

    /// What follows are objects from this number on; the number that was next before.
    pub(crate) fn turn_to(&mut self, number: usize) -> usize {
        core::mem::replace(&mut self.next, number)
    }

    /// Takes the next places, for objects that are passed over; whether they had them already.
    pub(crate) fn pass_over(&mut self, objects: &[Skipped]) -> bool {
        let known = self.next < self.places.len();
        for skipped in objects {
            if !known {
                self.places.push(Place::Skipped);
                let slot = Slot { skipped: *skipped, state: None, ours: None };
                self.slots.get_or_insert_default().insert(self.next, slot);
            }
            self.next = self.next.saturating_add(1);
        }
        known
    }

    /// What is known of an object that was passed over.
    #[inline]
    pub(crate) fn slot(&mut self, number: usize) -> Option<&mut Slot> {
        self.slots.as_mut()?.get_mut(&number)
    }

    /// Remembers where an object lies that was made, or stands for a value that is not shared.
    pub(crate) fn remember(&mut self, number: usize, skipped: Skipped, ours: Option<DefFn>) {
        self.slots.get_or_insert_default().entry(number).or_insert(Slot {
            skipped,
            state: None,
            ours,
        });
    }

    /// Takes the next place, for an object that becomes a value that is not shared. Whether something else has been made
    /// of it.
    pub(crate) fn begin_value(&mut self) -> (usize, bool) {
        let number = self.next;
        self.next = number.saturating_add(1);
        if number >= self.places.len() {
            self.places.push(Place::Open);
        }
        let made = matches!(self.places.get(number), Some(Place::Ready(_)));
        if !made {
            self.set(number, Place::Open);
        }
        (number, made)
    }

    /// A value that is not shared was read of an object.
    pub(crate) fn end_value(&mut self, number: usize) {
        self.set(number, Place::Skipped);
    }

    /// Whether an object is being made.
    pub(crate) fn is_open(&self, number: usize) -> bool {
        matches!(self.places.get(number), Some(Place::Open | Place::Cyclic(_)))
    }

    /// Whether an object was passed over and has not been made.
    #[cold]
    pub(crate) fn is_skipped(&self, number: u64) -> bool {
        matches!(self.place(number), Ok(Place::Skipped))
    }

    /// Puts a strong pointer to a finished object in its place.
    #[inline]
    pub(crate) fn fill<P: 'static>(&mut self, number: usize, strong: P) {
        let handle = self.pointers.keep(strong);
        if number == self.in_order && handle == Handle::first(number) {
            self.in_order = number.saturating_add(1);
        }
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
    #[inline]
    pub(crate) fn strong<Strong: Clone + 'static>(
        &self,
        number: u64,
        registry: Option<&Registry>,
    ) -> Result<Strong, Error> {
        match self.ready::<Strong>(number) {
            Some(strong) => Ok(strong.clone()),
            None => self.made(number, registry),
        }
    }

    #[inline]
    fn ready<Strong: 'static>(&self, number: u64) -> Option<&Strong> {
        let number = usize::try_from(number).ok()?;
        if number < self.in_order {
            return self.pointers.get(Handle::first(number));
        }
        match self.places.get(number)? {
            Place::Ready(handle) => self.pointers.get(*handle),
            _ => None,
        }
    }

    /// A pointer that is not the one that the memo holds.
    #[inline(never)]
    fn made<Strong: 'static>(
        &self,
        number: u64,
        registry: Option<&Registry>,
    ) -> Result<Strong, Error> {
        match self.place(number)? {
            Place::Ready(handle) => self.cast(handle, number, registry),
            Place::Open | Place::Cyclic(_) | Place::Skipped => Err(malformed(format!(
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
            Place::Open | Place::Skipped => Err(malformed(format!(
                "the shared object {number} is referred to from inside itself, which its mark does not say"
            ))),
        }
    }

    /// Whether it has met no objects, and no memory is its own.
    #[inline]
    pub(crate) fn holds_nothing(&self) -> bool {
        self.places.capacity() == 0
            && self.pointers.hold_nothing()
            && self.slots.is_none()
            && self.copies.is_none()
    }

    /// How many objects there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// The message ends: what was passed over in it cannot be gone back to.
    pub(crate) fn end_message(&mut self) {
        (self.slots, self.copies) = (None, None);
        self.next = self.len();
        self.earlier = self.len();
    }

    /// The end of what is known.
    pub(crate) fn mark_end(&self) -> MarkedEnd {
        MarkedEnd { len: self.len(), pointers: self.pointers.lengths() }
    }

    /// Forgets, and lets go of, all objects behind an end that was marked.
    pub(crate) fn roll_back(&mut self, end: &MarkedEnd) {
        self.places.truncate(end.len);
        self.next = end.len;
        self.in_order = self.in_order.min(end.len);
        // Those of earlier messages went with them.
        (self.slots, self.copies) = (None, None);
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
                let to = type_name::<To>();
                let place = usize::try_from(number).unwrap_or(usize::MAX);
                if from.is_some_and(is_unknown) {
                    let message = format!(
                        "the shared object {number} was met behind a trait object first, as one of an unknown type, and \
                         cannot be `{to}` as well; register its type"
                    );
                    return Error::new(ErrorKind::TypeMismatch, message);
                }
                if place < self.earlier || self.slots.as_ref().is_some_and(|slots| slots.contains_key(&place)) {
                    let message = format!(
                        "the shared object {number} was read as another type before, and cannot be `{to}` as well; \
                         give all pointers to it one type"
                    );
                    return Error::new(ErrorKind::TypeMismatch, message);
                }
                malformed(format!(
                    "the shared object {number} is of another type, and cannot become `{to}`"
                ))
            },
        )
    }
}

impl Drop for Memo {
    fn drop(&mut self) {
        // Holders are finished after what they hold.
        if !self.places.is_empty() {
            self.pointers.release_newest_first();
        }
    }
}

/// Whether a pointer is one to an object that was kept as unknown.
fn is_unknown(pointer: &dyn Any) -> bool {
    pointer.is::<Rc<UnknownObject>>() || pointer.is::<Arc<UnknownObject>>()
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
