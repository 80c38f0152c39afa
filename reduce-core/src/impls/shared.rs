//! `Rc` and `Arc`: one object however many pointers to it, at load as at dump.

use crate::describe::Describe;
use crate::error::{Error, ErrorKind};
use crate::expand::{Expand, Pointee};
use crate::opcode::{self, Group};
use crate::program::TypeDef;
use crate::program::table::refused;
use crate::read::Reader;
use crate::reduce::Reduce;
use crate::write::{Key, Seen, Writer};
use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::sync::Arc;

macro_rules! shared {
    ($($pointer:ident $expand:ident;)*) => {$(
        impl<T: Describe + ?Sized> Describe for $pointer<T> {
            fn def() -> &'static TypeDef {
                const { &TypeDef::shared::<Self>(T::def) }
            }
        }

        /// The pointee is `'static`: objects are told apart by address and type, lifetimes aside.
        impl<T: Reduce + ?Sized + 'static> Reduce for $pointer<T> {
            fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                let key = Key {
                    address: $pointer::as_ptr(self).addr(),
                    of: typeid::of::<T>(),
                    size: size_of_val(&**self),
                };
                match w.memo.see(key, || Box::new(self.clone())) {
                    Seen::Before(number) => {
                        w.byte(opcode::BACK_REFERENCE);
                        w.varint(number);
                        Ok(())
                    }
                    Seen::Open => Err(holds_itself(T::def(), w)),
                    Seen::New => {
                        w.enter()?;
                        w.byte(opcode::NEW);
                        (**self).reduce(w)?;
                        w.memo.close(key);
                        w.leave();
                        Ok(())
                    }
                }
            }
        }

        impl<'de, T: Pointee<'de> + ?Sized + 'static> Expand<'de> for $pointer<T> {
            fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                let at = r.input.offset();
                match r.input.byte()? {
                    opcode::NEW => {
                        r.enter()?;
                        let number = r.memo.reserve();
                        let object = T::$expand(r)?;
                        r.allocate(1, HANDLE)?;
                        r.memo.fill(number, Box::new(object.clone()));
                        r.leave();
                        Ok(object)
                    }
                    opcode::BACK_REFERENCE => {
                        let number = r.input.varint()?;
                        r.memo.get(number).map_err(|error| error.with_offset(at))
                    }
                    code => Err(refused(code, Group::Data, "begins a shared object", at)),
                }
            }
        }
    )*};
}

shared! {
    Rc expand_rc;
    Arc expand_arc;
}

/// What the memo of a load takes for an object, beside the object itself.
const HANDLE: usize = 64;

#[cold]
fn holds_itself(def: &TypeDef, w: &Writer<'_>) -> Error {
    let what = def.name().map_or("an object".into(), |name| format!("an object of type `{name}`"));
    Error::new(
        ErrorKind::Unavailable,
        format!("{what} holds itself through strong pointers, which cannot be stored yet"),
    )
    .with_offset(w.offset())
}
