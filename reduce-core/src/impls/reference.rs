//! References: dumped as what they refer to.

use crate::describe::Describe;
use crate::error::Error;
use crate::program::TypeDef;
use crate::reduce::Reduce;
use crate::write::Writer;

impl<T: Describe + ?Sized> Describe for &T {
    fn def() -> &'static TypeDef {
        T::def()
    }
}

impl<T: Reduce + ?Sized> Reduce for &T {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        (**self).reduce(w)
    }
}

impl<T: Describe + ?Sized> Describe for &mut T {
    fn def() -> &'static TypeDef {
        T::def()
    }
}

impl<T: Reduce + ?Sized> Reduce for &mut T {
    #[inline]
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        (**self).reduce(w)
    }
}
