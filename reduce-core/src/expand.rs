//! `Expand`: how a value is put together; and what can stand behind a pointer.

use crate::column::Slot;
use crate::describe::Describe;
use crate::error::Error;
use crate::impls::{array_of, shared};
use crate::read::adapt::Way;
use crate::read::columns::{Rows, astray};
use crate::read::{Collect, Elements, Install, Mode, Native, Plan, Planned, Reader};
use crate::row::{self, Row};
use crate::stack;
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::rc::{self, Rc};
use alloc::sync::{self, Arc};
use alloc::vec::Vec;
use core::mem::needs_drop;

/// A value that can be put together from a stream that lives for `'de`: what it borrows, it borrows from there.
///
/// `#[derive(Reduce)]` writes this, [`Describe`] and [`Reduce`](crate::Reduce); see [`Describe`] for all three by
/// hand. The counterpart in Python is the callable that
/// [`__reduce__`](https://docs.python.org/3/library/pickle.html#object.__reduce__) returns; here the stream does not say
/// what is called.
///
/// A type that borrows nothing is `for<'de> Expand<'de>`: [`from_reader`](crate::from_reader) asks for that, since its bytes do
/// not outlive the call.
///
/// ```
/// use reduce_core::Expand;
///
/// /// What a cache file holds, if it can be read.
/// fn cached<T: for<'de> Expand<'de>>(file: &[u8]) -> Option<T> {
///     reduce_core::from_slice(file).ok()
/// }
///
/// /// A view into bytes that are kept.
/// fn view<'de, T: Expand<'de>>(bytes: &'de [u8]) -> Result<T, reduce_core::Error> {
///     reduce_core::from_slice(bytes)
/// }
///
/// let bytes = reduce_core::to_vec("text")?;
/// assert_eq!(cached::<String>(&bytes).as_deref(), Some("text"));
/// assert_eq!(cached::<u8>(&bytes), None);
/// assert_eq!(view::<&str>(&bytes)?, "text");
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be loaded",
    label = "`{Self}` has no expander",
    note = "for a type of your own: `#[derive(Reduce)]`",
    note = "for a type of another crate: `#[reduce(with = Adapter)]` on the field",
    note = "for what has no meaning outside of this process (a connection, an open file, an `Instant`, a lock's guard): `#[reduce(skip, rebuild = path)]` or `#[reduce(skip, default)]` on the field"
)]
pub trait Expand<'de>: Describe + Sized {
    /// Reads the value's parts, in the order in which its description names them.
    ///
    /// The stream is known to hold a value of this type's program.
    ///
    /// # Errors
    ///
    /// When the bytes are malformed, the type cannot hold the value, a limit is reached, or a function of the user's
    /// fails.
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error>;

    /// As [`expand`](Self::expand), in either mode: what the derive writes.
    #[doc(hidden)]
    #[inline]
    fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        mode.by_hand(r)
    }

    /// Reads a value of a type of the stream that is not this one, by a plan.
    #[doc(hidden)]
    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        Self::expand_by(plan, r)
    }

    /// Reads a value of a type of the stream, by whichever way the plan has for it.
    ///
    /// Here, as [`expand_planned`](Self::expand_planned), and not where it is called: what drops a value is there once more
    /// in each of the parts of a program that rustc hands to LLVM by themselves, and this one stands in that of the type.
    #[doc(hidden)]
    fn expand_way(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let (way, objects) = plan.way(Self::def, r)?;
        let value = match way {
            Way::Native => Self::expand(r)?,
            Way::Slot(slot) => Self::adapt_slot(slot, r)?,
            Way::Plan(plan) => Self::adapt(plan, r)?,
        };
        if objects > 0 {
            r.end_unshared(objects)?;
        }
        Ok(value)
    }

    /// Reads a value from a list in columns. Only types whose [`PART`](Describe::PART) says so are asked to.
    #[doc(hidden)]
    #[inline(always)]
    fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        // What registers hold is not handed over in memory, where it would be written in parts and read as a whole.
        if const { size_of::<Self>() <= 16 } { Self::expand_by(slot, r) } else { of_slot(slot, r) }
    }

    /// As [`expand_slot`](Self::expand_slot), where few values are read so.
    #[doc(hidden)]
    #[inline]
    fn adapt_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        // What reads by plans is there anyway: one copy less of each expander. A constant by itself, so that none is made.
        if const { Self::PART.derived } {
            return Self::adapt(Plan::native_in(slot), r);
        }
        Self::expand_slot(slot, r)
    }

    /// As [`expand_slot`](Self::expand_slot), from so many rows, of which the slot is in the first.
    #[doc(hidden)]
    fn expand_slots(
        count: usize,
        first: Slot,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Vec<Self>, Error> {
        each_slot(count, first, r, Self::expand_slot)
    }

    /// Begins to read from rows side by side: what this gives has the value of each, and is asked for no other.
    ///
    /// `WITHIN` another type is a function of its own: whichever is called from one place is put there by the compiler.
    /// Small records are then made in the loop over them, and not read back from memory that was just written in parts.
    #[doc(hidden)]
    #[inline(always)]
    fn expand_rows<'c, const WITHIN: bool>(
        rows: Rows<'c, 'de>,
    ) -> Result<impl FnMut(usize, &mut Reader<'_, 'de>) -> Result<Self, Error>, Error> {
        Ok(move |row, r: &mut Reader<'_, 'de>| Self::expand_slot(rows.slot(row), r))
    }

    /// The same, of arrays, of whose elements there are the first ones' rows.
    #[doc(hidden)]
    #[inline(always)]
    fn expand_array_rows<'c, const N: usize>(
        elements: Rows<'c, 'de>,
    ) -> Result<impl FnMut(usize, &mut Reader<'_, 'de>) -> Result<[Self; N], Error>, Error> {
        Ok(move |row: usize, r: &mut Reader<'_, 'de>| {
            Self::expand_slot_array(elements.slot(row.saturating_mul(N)), r)
        })
    }

    /// The same, of lists, whose elements are these rows: what this gives has so many of them from one on.
    #[doc(hidden)]
    #[inline(always)]
    #[allow(clippy::type_complexity)] // a type of its own could be none of a trait's
    fn expand_list_rows<'c>(
        elements: Rows<'c, 'de>,
    ) -> Result<impl FnMut(usize, usize, &mut Reader<'_, 'de>) -> Result<Vec<Self>, Error>, Error>
    {
        Ok(move |from, count, r: &mut Reader<'_, 'de>| {
            Self::expand_slots(count, elements.slot(from), r)
        })
    }

    /// As [`expand_slots`](Self::expand_slots), borrowed where they lie in the stream as in memory.
    #[doc(hidden)]
    fn borrow_slots<'a>(
        count: usize,
        first: Slot,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Cow<'a, [Self]>, Error>
    where
        'de: 'a,
        Self: Clone + 'a,
    {
        Self::expand_slots(count, first, r).map(Cow::Owned)
    }

    /// As [`expand_slots`](Self::expand_slots), into an array.
    #[doc(hidden)]
    fn expand_slot_array<const N: usize>(
        first: Slot,
        r: &mut Reader<'_, 'de>,
    ) -> Result<[Self; N], Error> {
        array_of(r, |index, r| Self::expand_slot(first.in_row(index), r))
    }

    /// Reads so many elements of a list. Numbers of fixed width are read all at once.
    #[doc(hidden)]
    fn expand_elements(count: usize, r: &mut Reader<'_, 'de>) -> Result<Vec<Self>, Error> {
        r.allocate(count, size_of::<Self>())?;
        if const { Self::WIDTH.is_narrow() && !needs_drop::<Self>() }
            && let Some(elements) = row::expand(count, r)
        {
            return Ok(elements);
        }
        let mut elements = Vec::with_capacity(r.ahead(count, size_of::<Self>()));
        for index in 0..count {
            r.grow(&mut elements, count)?;
            // The body itself, where it is derived, and no call to it: the element is made in its place.
            match Self::expand_by(Native, r) {
                Ok(element) => place(element, &mut elements)?,
                Err(error) => return Err(error.in_element(index)),
            }
        }
        Ok(elements)
    }

    /// The elements of a list that has begun, wherever they lie: one copy for the rarer ways.
    #[doc(hidden)]
    fn expand_planned(elements: Planned, r: &mut Reader<'_, 'de>) -> Result<Vec<Self>, Error> {
        let elements = match elements {
            Planned::Native(Elements::InColumns(length, first)) => {
                return Self::expand_slots(length, first, r);
            }
            Planned::Native(Elements::InRows(length) | Elements::Outside(length)) => {
                let outside = if r.is_outside() { Self::expand_outside(length, r) } else { None };
                match outside {
                    Some(elements) => elements?,
                    None => Self::expand_elements(length, r)?,
                }
            }
            Planned::By(length, mut plan) => {
                let mut elements = Vec::new();
                elements.reserve_exact(r.ahead(length, size_of::<Self>()));
                let step = plan.step();
                for index in 0..length {
                    r.grow(&mut elements, length)?;
                    match Self::expand_way(plan, r) {
                        Ok(element) => place(element, &mut elements)?,
                        Err(error) => return Err(error.in_element(index)),
                    }
                    plan = plan.after(step);
                }
                elements
            }
        };
        r.end_list();
        Ok(elements)
    }

    /// Reads the value from a row of fixed width; any value where it is malformed.
    #[doc(hidden)]
    #[inline]
    fn get_row(_: &mut Row<'_>) -> Self {
        row::never()
    }

    /// As [`get_row`](Self::get_row), of the elements of an array.
    #[doc(hidden)]
    #[inline]
    fn get_rows<const N: usize>(row: &mut Row<'_>) -> [Self; N] {
        core::array::from_fn(|_| Self::get_row(row))
    }

    /// As [`expand_elements`](Self::expand_elements), of a list that lies outside of the stream, where that makes a
    /// difference.
    #[doc(hidden)]
    #[inline]
    fn expand_outside(_: usize, _: &mut Reader<'_, 'de>) -> Option<Result<Vec<Self>, Error>> {
        None
    }

    /// The elements of an array.
    #[doc(hidden)]
    fn expand_array<const N: usize>(r: &mut Reader<'_, 'de>) -> Result<[Self; N], Error> {
        array_of(r, |_, r| Self::expand(r))
    }

    /// So many elements of a list, borrowed where they lie in the stream as in memory.
    #[doc(hidden)]
    fn borrow_elements<'a>(count: usize, r: &mut Reader<'_, 'de>) -> Result<Cow<'a, [Self]>, Error>
    where
        'de: 'a,
        Self: Clone + 'a,
    {
        Self::expand_elements(count, r).map(Cow::Owned)
    }

    /// The rows of a list as they lie in memory, where they are the same there and lie at an address for them.
    #[doc(hidden)]
    #[inline]
    fn lend(_: &[u8]) -> Option<&[Self]> {
        None
    }

    /// Reads the kept fields that are not state, and makes the value with default state.
    #[doc(hidden)]
    fn expand_kept<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        mode.value(r)
    }

    /// Reads the state fields, and hands back what sets them.
    #[doc(hidden)]
    fn expand_state<M: Mode<'de>>(_: M, _: &mut Reader<'_, 'de>) -> Result<Install<Self>, Error>
    where
        Self: 'static,
    {
        Ok(Box::new(|_| ()))
    }

    /// Whether the state can be set just now.
    #[doc(hidden)]
    fn settable(&self) -> bool {
        true
    }

    /// Sets the value of a cell.
    #[doc(hidden)]
    fn set(&self, _: Self) {}

    /// Adds the shared types below this one.
    #[doc(hidden)]
    fn collect(_: &mut Collect<'de>) {}
}

#[inline]
fn of_slot<'de, T: Expand<'de>>(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<T, Error> {
    T::expand_by(slot, r)
}

/// The elements of a list in columns, each read from its slot.
#[inline(always)]
pub fn each_slot<'s, 'de, T>(
    count: usize,
    first: Slot,
    r: &mut Reader<'s, 'de>,
    mut expand: impl FnMut(Slot, &mut Reader<'s, 'de>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    r.allocate(count, size_of::<T>())?;
    let mut elements = Vec::with_capacity(count);
    for row in first.rows(count)? {
        match expand(first.column.slot(row), r) {
            Ok(element) => place(element, &mut elements)?,
            Err(error) => return Err(error.in_element(elements.len())),
        }
    }
    Ok(elements)
}

/// Adds an element where there is room for it.
///
/// `push` alone could grow the list, which may panic, and the element would be dropped then: for that it is kept in memory
/// of its own until then, written in parts and read as a whole. Without, it is made in its place.
#[inline(always)]
pub(crate) fn place<T>(element: T, elements: &mut Vec<T>) -> Result<(), Error> {
    if elements.len() == elements.capacity() {
        // Not dropped either. There is room: who calls has made it.
        core::mem::forget(element);
        return Err(astray());
    }
    elements.push(element);
    Ok(())
}

/// What can stand behind `Box`, `Rc`, `Arc` and their `Weak`s: every type with an expander, and unsized ones such as `str`
/// and `dyn Trait`.
///
/// One implementation for a pointer to all of these is what Rust's rules of coherence allow. It is implemented for every
/// [`Expand`] type, and by [`object`](crate::object) for trait objects; there is no need to implement it by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be loaded behind a pointer",
    label = "`{Self}` has no expander",
    note = "for a trait object: `#[reduce_core::object]` on the trait"
)]
pub trait Pointee<'de>: Describe {
    /// Reads the value into a box.
    #[doc(hidden)]
    fn expand_box<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Box<Self>, Error>;

    /// Makes the shared object that takes the place `number`, and whose mark was `mark`.
    #[doc(hidden)]
    fn make_rc<M: Mode<'de>>(
        mode: M,
        r: &mut Reader<'_, 'de>,
        number: usize,
        mark: u8,
    ) -> Result<Rc<Self>, Error>
    where
        Self: 'static;

    /// As [`make_rc`](Self::make_rc).
    #[doc(hidden)]
    fn make_arc<M: Mode<'de>>(
        mode: M,
        r: &mut Reader<'_, 'de>,
        number: usize,
        mark: u8,
    ) -> Result<Arc<Self>, Error>
    where
        Self: 'static;

    /// A weak pointer to nothing.
    #[doc(hidden)]
    fn dangling_rc(r: &Reader<'_, 'de>) -> Result<rc::Weak<Self>, Error>;

    /// A weak pointer to nothing.
    #[doc(hidden)]
    fn dangling_arc(r: &Reader<'_, 'de>) -> Result<sync::Weak<Self>, Error>;

    /// Adds the shared types below the pointee.
    #[doc(hidden)]
    fn collect_below(c: &mut Collect<'de>);
}

impl<'de, T: Expand<'de>> Pointee<'de> for T {
    fn expand_box<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Box<Self>, Error> {
        r.allocate(1, size_of::<T>())?;
        stack::with_room_for::<T, _>(|| mode.value::<T>(r).map(Box::new))
    }

    fn make_rc<M: Mode<'de>>(
        mode: M,
        r: &mut Reader<'_, 'de>,
        number: usize,
        mark: u8,
    ) -> Result<Rc<Self>, Error>
    where
        Self: 'static,
    {
        shared::make_rc(mode, r, number, mark)
    }

    fn make_arc<M: Mode<'de>>(
        mode: M,
        r: &mut Reader<'_, 'de>,
        number: usize,
        mark: u8,
    ) -> Result<Arc<Self>, Error>
    where
        Self: 'static,
    {
        shared::make_arc(mode, r, number, mark)
    }

    fn dangling_rc(_: &Reader<'_, 'de>) -> Result<rc::Weak<Self>, Error> {
        Ok(rc::Weak::new())
    }

    fn dangling_arc(_: &Reader<'_, 'de>) -> Result<sync::Weak<Self>, Error> {
        Ok(sync::Weak::new())
    }

    fn collect_below(c: &mut Collect<'de>) {
        T::collect(c);
    }
}

/// An unsized pointee that is made of a box, an `Rc` or an `Arc` by `From` of an owned value.
macro_rules! owned_pointee {
    ($([$($generic:tt)*] $unsized:ty, $owned:ty, $collect:expr;)*) => {$(
        impl<'de, $($generic)*> $crate::expand::Pointee<'de> for $unsized {
            fn expand_box<M: $crate::read::Mode<'de>>(
                mode: M,
                r: &mut $crate::read::Reader<'_, 'de>,
            ) -> Result<alloc::boxed::Box<Self>, $crate::error::Error> {
                mode.value::<$owned>(r).map(Into::into)
            }

            fn make_rc<M: $crate::read::Mode<'de>>(
                mode: M,
                r: &mut $crate::read::Reader<'_, 'de>,
                number: usize,
                mark: u8,
            ) -> Result<alloc::rc::Rc<Self>, $crate::error::Error>
            where
                Self: 'static,
            {
                $crate::impls::unsized_object(r, mark, |r| {
                    let owned = mode.value::<$owned>(r)?;
                    $crate::impls::is_copied::<Self>(&owned, r)?;
                    let object: alloc::rc::Rc<Self> = owned.into();
                    r.memo.fill(number, object.clone());
                    Ok(object)
                })
            }

            fn make_arc<M: $crate::read::Mode<'de>>(
                mode: M,
                r: &mut $crate::read::Reader<'_, 'de>,
                number: usize,
                mark: u8,
            ) -> Result<alloc::sync::Arc<Self>, $crate::error::Error>
            where
                Self: 'static,
            {
                $crate::impls::unsized_object(r, mark, |r| {
                    let owned = mode.value::<$owned>(r)?;
                    $crate::impls::is_copied::<Self>(&owned, r)?;
                    let object: alloc::sync::Arc<Self> = owned.into();
                    r.memo.fill(number, object.clone());
                    Ok(object)
                })
            }

            fn dangling_rc(
                _: &$crate::read::Reader<'_, 'de>,
            ) -> Result<alloc::rc::Weak<Self>, $crate::error::Error> {
                // A weak pointer to what is unsized is made of a strong one, which is dropped here.
                Ok(alloc::rc::Rc::downgrade(&<$owned>::default().into()))
            }

            fn dangling_arc(
                _: &$crate::read::Reader<'_, 'de>,
            ) -> Result<alloc::sync::Weak<Self>, $crate::error::Error> {
                Ok(alloc::sync::Arc::downgrade(&<$owned>::default().into()))
            }

            fn collect_below(c: &mut $crate::read::Collect<'de>) {
                let collect: fn(&mut $crate::read::Collect<'de>) = $collect;
                collect(c);
            }
        }
    )*};
}
pub(crate) use owned_pointee;
