//! `Expand`: how a value is put together; and what can stand behind a pointer.

use crate::describe::Describe;
use crate::error::Error;
use crate::read::Reader;
use alloc::borrow::Cow;
use alloc::vec::Vec;

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

    /// Reads so many elements of a list. Bytes are read all at once.
    #[doc(hidden)]
    fn expand_elements(count: usize, r: &mut Reader<'_, 'de>) -> Result<Vec<Self>, Error> {
        r.allocate(count, size_of::<Self>())?;
        let mut elements = Vec::with_capacity(r.ahead(count, size_of::<Self>()));
        for index in 0..count {
            elements.push(Self::expand(r).map_err(|error| error.in_element(index))?);
        }
        Ok(elements)
    }

    /// The elements of an array.
    #[doc(hidden)]
    fn expand_array<const N: usize>(r: &mut Reader<'_, 'de>) -> Result<[Self; N], Error> {
        let mut failed = None;
        let elements = core::array::from_fn::<Option<Self>, N, _>(|index| {
            if failed.is_some() {
                return None;
            }
            match Self::expand(r) {
                Ok(element) => Some(element),
                Err(error) => {
                    failed = Some(error.in_element(index));
                    None
                }
            }
        });
        match failed {
            Some(error) => Err(error),
            None => crate::impls::all(elements, r),
        }
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
}

/// What can stand behind `Box`, `Rc` and `Arc`: every type with an expander, and unsized ones such as `str`.
///
/// It stands in the bounds of these pointers' expanders, so that one implementation serves them all; name it where
/// code is generic over what a pointer holds. It is not meant to be implemented by hand: a type with an
/// [`Expand`] has it. Behind `Rc` and `Arc` the type is `'static` as well.
///
/// ```
/// use reduce_core::Pointee;
///
/// fn boxed<'de, T: Pointee<'de> + ?Sized>(bytes: &'de [u8]) -> Result<Box<T>, reduce_core::Error> {
///     reduce_core::from_slice(bytes)
/// }
///
/// assert_eq!(&*boxed::<str>(&reduce_core::to_vec("text")?)?, "text");
/// assert_eq!(*boxed::<u8>(&reduce_core::to_vec(&7u8)?)?, 7);
/// # Ok::<(), reduce_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be loaded behind a pointer",
    label = "`{Self}` has no expander"
)]
pub trait Pointee<'de>: Describe {
    /// Reads the value into a box.
    #[doc(hidden)]
    fn expand_box(r: &mut Reader<'_, 'de>) -> Result<alloc::boxed::Box<Self>, Error>;
    /// Reads the value into an `Rc` of its own.
    #[doc(hidden)]
    fn expand_rc(r: &mut Reader<'_, 'de>) -> Result<alloc::rc::Rc<Self>, Error>;
    /// Reads the value into an `Arc` of its own.
    #[doc(hidden)]
    fn expand_arc(r: &mut Reader<'_, 'de>) -> Result<alloc::sync::Arc<Self>, Error>;
}

impl<'de, T: Expand<'de>> Pointee<'de> for T {
    fn expand_box(r: &mut Reader<'_, 'de>) -> Result<alloc::boxed::Box<Self>, Error> {
        r.allocate(1, size_of::<T>())?;
        T::expand(r).map(alloc::boxed::Box::new)
    }
    fn expand_rc(r: &mut Reader<'_, 'de>) -> Result<alloc::rc::Rc<Self>, Error> {
        r.allocate(1, size_of::<T>())?;
        T::expand(r).map(alloc::rc::Rc::new)
    }
    fn expand_arc(r: &mut Reader<'_, 'de>) -> Result<alloc::sync::Arc<Self>, Error> {
        r.allocate(1, size_of::<T>())?;
        T::expand(r).map(alloc::sync::Arc::new)
    }
}
