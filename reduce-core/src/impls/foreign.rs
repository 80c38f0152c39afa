//! Shared objects of foreign types, which the registry's functions make.

use super::weak::cyclic;
use crate::error::Error;
use crate::opcode::{CYCLIC, STATEFUL};
use crate::read::Reader;
use alloc::rc::Rc;
use alloc::sync::Arc;

macro_rules! make {
    ($($make:ident $pointer:ident;)*) => {$(
        /// Makes the shared object that takes the place `number`.
        pub(crate) fn $make<'de, T: 'static>(
            r: &mut Reader<'_, 'de>,
            number: usize,
            mark: u8,
            content: impl FnOnce(&mut Reader<'_, 'de>) -> Result<T, Error>,
        ) -> Result<(), Error> {
            r.allocate(1, size_of::<T>())?;
            if mark & STATEFUL != 0 {
                return Err(r.input.malformed("an object whose type has no state is marked as stateful"));
            }
            let object = if mark & CYCLIC != 0 {
                cyclic::$make(r, number, content)?
            } else {
                $pointer::new(content(r)?)
            };
            r.memo.fill(number, object);
            Ok(())
        }
    )*};
}

make! {
    make_rc Rc;
    make_arc Arc;
}
