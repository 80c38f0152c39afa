//! References: dumped as what they refer to.

use crate::column::Column;
use crate::describe::Describe;
use crate::error::Error;
use crate::program::{PartDef, TypeDef};
use crate::reduce::Reduce;
use crate::write::{Columns, Writer};

impl<T: Describe + ?Sized> Describe for &T {
    fn def() -> &'static TypeDef {
        T::def()
    }

    const PART: PartDef = T::PART;
}

impl<T: Reduce + ?Sized> Reduce for &T {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        (**self).reduce(w)
    }

    #[inline]
    fn reduce_column<'a>(
        values: impl Iterator<Item = &'a Self> + Clone,
        column: Column,
        columns: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        Self: 'a,
    {
        T::reduce_column(values.map(|value| &**value), column, columns)
    }
}

impl<T: Describe + ?Sized> Describe for &mut T {
    fn def() -> &'static TypeDef {
        T::def()
    }

    const PART: PartDef = T::PART;
}

impl<T: Reduce + ?Sized> Reduce for &mut T {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        (**self).reduce(w)
    }

    #[inline]
    fn reduce_column<'a>(
        values: impl Iterator<Item = &'a Self> + Clone,
        column: Column,
        columns: &mut Columns<'_>,
    ) -> Result<(), Error>
    where
        Self: 'a,
    {
        T::reduce_column(values.map(|value| &**value), column, columns)
    }
}
