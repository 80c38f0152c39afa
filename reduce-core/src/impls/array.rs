//! Arrays of any length: their elements, and no length.

use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::TypeDef;
use crate::read::{Collect, Mode, Plan, Reader};
use crate::reduce::Reduce;
use crate::row::{Row, RowMut, Width};
use crate::write::Writer;
use alloc::format;

impl<T: Describe, const N: usize> Describe for [T; N] {
    fn def() -> &'static TypeDef {
        const { &TypeDef::array::<Self>(N, T::def) }
    }

    const WIDTH: Width = T::WIDTH.of_array(N);
}

impl<T: Reduce, const N: usize> Reduce for [T; N] {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        T::reduce_elements(self, w)
    }

    #[inline]
    fn put_row(&self, row: &mut RowMut<'_>) {
        T::put_rows(self, row);
    }
}

impl<'de, T: Expand<'de>, const N: usize> Expand<'de> for [T; N] {
    #[inline]
    fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        r.elements(N as u64)?;
        T::expand_array(r)
    }

    #[inline]
    fn get_row(row: &mut Row<'_>) -> Self {
        T::get_rows(row)
    }

    fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
        let (length, element) = r.begin_sequence(plan)?;
        if length != N {
            return Err(r.invalid(format!("{length} elements, for an array of {N}")));
        }
        let mut failed = None;
        let elements = core::array::from_fn::<Option<T>, N, _>(|index| {
            if failed.is_some() {
                return None;
            }
            element.value(r).map_err(|error| failed = Some(error.in_element(index))).ok()
        });
        match failed {
            Some(error) => Err(error),
            None => {
                r.end_list();
                all(elements, r)
            }
        }
    }

    fn collect(c: &mut Collect<'de>) {
        T::collect(c);
    }
}

/// The elements of an array that are all there.
pub(crate) fn all<T, const N: usize>(
    elements: [Option<T>; N],
    r: &Reader<'_, '_>,
) -> Result<[T; N], Error> {
    // `map` cannot fail halfway: whether all are there is asked first.
    if elements.iter().any(Option::is_none) {
        return Err(r.invalid("an array lacks an element"));
    }
    Ok(elements.map(|element| match element {
        Some(element) => element,
        None => unreachable!("looked at above"),
    }))
}
