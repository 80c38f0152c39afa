//! Handles on shared objects of many types, the pointers of each type in a row: no allocation for each.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::any::{Any, TypeId};

/// Pointers, each found again by its place.
#[derive(Default)]
pub(crate) struct Handles {
    rows: Vec<Box<dyn Row>>,
    #[allow(clippy::box_collection, reason = "a word in each reader, for what few loads have")]
    by_type: Option<Box<BTreeMap<TypeId, u32>>>,
    /// The row of the pointer that was kept last, most often that of the next one as well.
    last: u32,
}

/// Where a pointer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Handle {
    row: u32,
    at: u32,
}

impl Handle {
    /// A place among the pointers of the type that was met first.
    #[inline]
    pub(crate) fn first(at: usize) -> Self {
        Handle { row: 0, at: u32::try_from(at).unwrap_or(NOWHERE) }
    }
}

/// The place of a pointer beyond those that a row has numbers for: it is kept, and not found.
const NOWHERE: u32 = u32::MAX;

/// What a row takes beside its pointers, about.
#[cfg(feature = "std")]
const ROW: usize = 128;

/// Pointers of one type.
trait Row: Any {
    fn pointer(&self, at: usize) -> Option<&dyn Any>;
    fn len(&self) -> usize;
    #[cfg(feature = "std")]
    fn bytes(&self) -> usize;
    /// Lets go of the newest ones, until `len` are left.
    fn release_down_to(&mut self, len: usize);
}

impl<P: 'static> Row for Vec<P> {
    fn pointer(&self, at: usize) -> Option<&dyn Any> {
        self.get(at).map(|pointer| pointer as &dyn Any)
    }

    fn len(&self) -> usize {
        self.len()
    }

    #[cfg(feature = "std")]
    fn bytes(&self) -> usize {
        self.capacity() * size_of::<P>()
    }

    fn release_down_to(&mut self, len: usize) {
        while self.len() > len && self.pop().is_some() {}
    }
}

impl Handles {
    /// Keeps a pointer.
    #[inline]
    pub(crate) fn keep<P: 'static>(&mut self, pointer: P) -> Handle {
        if let Some(kept) = self.row_mut::<P>(self.last) {
            let at = u32::try_from(kept.len()).unwrap_or(NOWHERE);
            kept.push(pointer);
            return Handle { row: self.last, at };
        }
        self.turn_to::<P>();
        match self.row_mut::<P>(self.last) {
            Some(kept) => {
                let at = u32::try_from(kept.len()).unwrap_or(NOWHERE);
                kept.push(pointer);
                Handle { row: self.last, at }
            }
            None => Handle { row: NOWHERE, at: NOWHERE },
        }
    }

    /// Makes the row of this type the last one used.
    #[inline(never)]
    fn turn_to<P: 'static>(&mut self) {
        let new = u32::try_from(self.rows.len()).unwrap_or(NOWHERE);
        self.last = *self.by_type.get_or_insert_default().entry(TypeId::of::<P>()).or_insert(new);
        if self.last == new {
            self.rows.push(Box::new(Vec::<P>::new()));
        }
    }

    #[inline]
    fn row_mut<P: 'static>(&mut self, row: u32) -> Option<&mut Vec<P>> {
        let row: &mut dyn Any = &mut **self.rows.get_mut(usize::try_from(row).ok()?)?;
        row.downcast_mut()
    }

    /// The pointer of a place, if it is of this type.
    #[inline]
    pub(crate) fn get<P: 'static>(&self, handle: Handle) -> Option<&P> {
        let row: &dyn Any = &**self.rows.get(usize::try_from(handle.row).ok()?)?;
        row.downcast_ref::<Vec<P>>()?.get(usize::try_from(handle.at).ok()?)
    }

    /// The pointer of a place, of whatever type.
    pub(crate) fn any(&self, handle: Handle) -> Option<&dyn Any> {
        self.rows.get(usize::try_from(handle.row).ok()?)?.pointer(usize::try_from(handle.at).ok()?)
    }

    /// Whether no memory is theirs.
    #[inline]
    pub(crate) fn hold_nothing(&self) -> bool {
        self.rows.capacity() == 0 && self.by_type.is_none()
    }

    /// Lets go of all pointers. An object that is held by one kept later is not the last one's to drop: so a chain of
    /// objects, whose first one is made last, is dropped one by one.
    pub(crate) fn release_newest_first(&mut self) {
        self.release_down_to(&[]);
    }

    /// How many bytes are reserved.
    #[cfg(feature = "std")]
    pub(crate) fn bytes(&self) -> usize {
        self.rows.iter().map(|row| ROW + row.bytes()).sum()
    }

    /// How many pointers there are of each type.
    pub(crate) fn lengths(&self) -> Vec<usize> {
        self.rows.iter().map(|row| row.len()).collect()
    }

    /// Lets go of all pointers that came after these [`lengths`](Self::lengths) were taken, newest first.
    pub(crate) fn release_down_to(&mut self, lengths: &[usize]) {
        let lengths = lengths.iter().copied().chain(core::iter::repeat(0));
        self.rows.iter_mut().zip(lengths).for_each(|(row, len)| row.release_down_to(len));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::rc::Rc;

    #[test]
    fn pointers_of_several_types_are_found_by_place_and_type() {
        let mut handles = Handles::default();
        let (a, text) = (handles.keep(Rc::new(1u8)), handles.keep(Rc::<str>::from("text")));
        let b = handles.keep(Rc::new(2u8));
        assert_eq!(handles.get::<Rc<u8>>(a).map(|a| **a), Some(1));
        assert_eq!(handles.get::<Rc<u8>>(b).map(|b| **b), Some(2));
        assert_eq!(handles.get::<Rc<str>>(text).map(|text| &**text), Some("text"));
        assert!(handles.get::<Rc<str>>(a).is_none() && handles.get::<Rc<u16>>(a).is_none());
        assert!(handles.any(text).is_some_and(|text| text.is::<Rc<str>>()));
        handles.release_newest_first();
        assert!(handles.any(a).is_none());
    }
}
