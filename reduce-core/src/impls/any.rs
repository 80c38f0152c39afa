//! `dyn Any`, with `Send` and `Sync`: behind it stands any registered type.

use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Pointee;
use crate::program::TypeDef;
use crate::reduce::Reduce;
use crate::registry::{Casts, Object};
use crate::write::Writer;
use crate::{__private, __reduce_casts, __reduce_dynamic_pointee};
use core::any::{Any, TypeId};

macro_rules! any {
    ($($object:ty, [$($bound:ident)*];)*) => {$(
        // The list of all implementors is no help to who forgot an attribute.
        #[diagnostic::do_not_recommend]
        impl Describe for $object {
            fn def() -> &'static TypeDef {
                const { &TypeDef::dynamic::<Self>("Any") }
            }
        }

        impl Reduce for $object {
            fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                __private::reduce_object::<Self>(self, "Any", w)
            }

            fn reduce_kept(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                __private::reduce_object_kept::<Self>(self, "Any", w)
            }

            fn reduce_state(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                __private::reduce_object_state(self, "Any", w)
            }

            fn referable(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                __private::refer_to_object::<Self>(self, "Any", w)
            }

            fn two_phase(&self, w: &Writer<'_>) -> bool {
                __private::object_is_two_phase(self, w)
            }

            fn identity(&self) -> TypeId {
                __private::type_id_of(self)
            }
        }

        impl<'de> Pointee<'de> for $object {
            __reduce_dynamic_pointee!('de);
        }

        #[diagnostic::do_not_recommend]
        impl<T: Any $(+ $bound)*> Object<T> for $object {
            fn casts(casts: &mut Casts) {
                __reduce_casts!(casts, T, $object);
            }
        }
    )*};
}

any! {
    dyn Any, [];
    dyn Any + Send, [Send];
    dyn Any + Send + Sync, [Send Sync];
}
