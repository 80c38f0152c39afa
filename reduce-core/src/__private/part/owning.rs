//! Fields of type `Cow<'static, _>`.

use super::{Part, part};
use crate::__private::fields::in_field;
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::impls::Borrowable;
use crate::read::{Collect, Mode, ReadFields, Reader};
use alloc::borrow::Cow;
use core::ops::Deref;

/// A field of type `Cow<'static, B>`: read borrowed, kept owned, since the bytes do not live for `'static`. Of another type
/// of that name it is a [`Part`].
pub struct Owning<T: ?Sized>(Part<T>);

/// A field of type `T`, a `Cow<'static, B>`.
#[inline(always)]
pub fn owning<T: ?Sized>() -> Owning<T> {
    Owning(part())
}

impl<'de, B: Borrowable<'de> + Describe + ?Sized + 'static> Owning<Cow<'static, B>> {
    /// Reads the field, the `index`-th of those it stands among; `at` is its step in an error's path.
    pub fn expand(
        self,
        index: usize,
        at: &'static str,
        fields: &mut impl ReadFields<'de>,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Cow<'static, B>, Error> {
        let mode = fields.need(index, r)?;
        in_field(owned(mode, r), at)
    }

    /// As [`expand`](Self::expand), where something stands in for a field that the stream lacks.
    pub fn expand_or(
        self,
        index: usize,
        at: &'static str,
        fields: &mut impl ReadFields<'de>,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Option<Cow<'static, B>>, Error> {
        let Some(mode) = fields.find(index, r)? else { return Ok(None) };
        in_field(owned(mode, r), at).map(Some)
    }

    /// Reads what is stored in the place of the type that has the field.
    pub fn whole(
        self,
        mode: impl Mode<'de>,
        r: &mut Reader<'_, 'de>,
    ) -> Result<Cow<'static, B>, Error> {
        owned(mode, r)
    }

    /// Adds the shared types of the field.
    pub fn collect(self, c: &mut Collect<'de>) {
        <Cow<'de, B>>::collect(c);
    }

    /// It is no cell.
    pub fn settable(self, _: &B) -> bool {
        false
    }

    /// It is no cell.
    pub fn set(self, _: &B, _: Cow<'static, B>) {}
}

impl<T: ?Sized> Deref for Owning<T> {
    type Target = Part<T>;
    #[inline(always)]
    fn deref(&self) -> &Part<T> {
        &self.0
    }
}

fn owned<'de, B: Borrowable<'de> + Describe + ?Sized + 'static>(
    mode: impl Mode<'de>,
    r: &mut Reader<'_, 'de>,
) -> Result<Cow<'static, B>, Error> {
    let value: Cow<'de, B> = mode.value(r)?;
    if let Cow::Borrowed(value) = &value {
        r.allocate(size_of_val(*value), 1)?;
    }
    Ok(Cow::Owned(value.into_owned()))
}
