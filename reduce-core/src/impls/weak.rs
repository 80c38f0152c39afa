//! `rc::Weak` and `sync::Weak`: to an object of the value they are loaded as they were; to one that nothing in the
//! value owns they are loaded as dangling.

use super::shared::{
    arc_after_all, arc_key, begun_arc, begun_rc, define_arc, define_rc, rc_after_all, rc_key,
};
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::{Expand, Pointee};
use crate::opcode::{self, Group};
use crate::program::TypeDef;
use crate::program::table::refused;
use crate::read::adapt::{Node, astray};
use crate::read::{Collect, Mode, Native, Plan, Reader};
use crate::reduce::Reduce;
use crate::write::Writer;
use alloc::rc::{self, Rc};
use alloc::sync::{self, Arc};
use core::any::TypeId;

macro_rules! weak {
    ($($weak:ty, $pointer:ident $key:ident $define:ident $read:ident $begun:ident $after_all:ident $dangling:ident;)*) => {$(
        impl<T: Describe + ?Sized> Describe for $weak {
            fn def() -> &'static TypeDef {
                const { &TypeDef::weak::<Self>(T::def) }
            }
        }

        impl<T: Reduce + ?Sized + 'static> Reduce for $weak {
            fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                let Some(object) = self.upgrade() else {
                    w.byte(opcode::DANGLING);
                    return Ok(());
                };
                let key = $key(&object);
                let objects = w.objects();
                let firm = || is_slice::<T>(T::identity(&object));
                objects.graph.refer(key, firm, || {
                    // The strong pointer keeps the address the object's own.
                    let object = object.clone();
                    Rc::new(move |w: &mut Writer<'_>| {
                        w.type_ref($pointer::<T>::def());
                        object.reduce(w)
                    })
                });
                let met = objects.memo.find(&key);
                match met {
                    Some(entry) => {
                        if entry.open {
                            if firm() {
                                return Err(w.unavailable(
                                    "a slice holds a `Weak` to itself, which no load could make; \
                                     put the slice into a struct, and refer to that",
                                ));
                            }
                            w.mark_cyclic(entry.number);
                        }
                        T::referable(&object, w)?;
                        w.byte(opcode::BACK_REFERENCE);
                        w.varint(entry.number);
                        Ok(())
                    }
                    None if w.is_inline(&key) => {
                        let mark = w.out.len();
                        let memo = &mut w.objects().memo;
                        memo.room()?;
                        match memo.find_or_begin(&key, mark, || object.clone()) {
                            Err(number) => $define(&object, key, number, w),
                            // It was not found just now.
                            Ok(_) => Err(w.unavailable("an object that comes to be in the memo by itself")),
                        }
                    }
                    None => {
                        w.check_inside(&key)?;
                        w.objects().graph.weak(key, T::def().name());
                        w.byte(opcode::DANGLING);
                        Ok(())
                    }
                }
            }
        }

        impl<'de, T: Pointee<'de> + ?Sized + 'static> Expand<'de> for $weak {
            fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                $read(Native, r)
            }

            fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                match r.plans.node(plan) {
                    Node::Weak(content) => $read(*content, r),
                    _ => Err(astray(r)),
                }
            }

            fn collect(c: &mut Collect<'de>) {
                <$pointer<T> as Expand<'de>>::collect(c);
            }
        }

        fn $read<'de, T: Pointee<'de> + ?Sized + 'static, M: Mode<'de>>(
            mode: M,
            r: &mut Reader<'_, 'de>,
        ) -> Result<$weak, Error> {
            let at = r.input.offset();
            match r.input.byte()? {
                opcode::DANGLING => T::$dangling(r).map_err(|error| error.with_offset(at)),
                opcode::BACK_REFERENCE => {
                    let number = r.input.varint()?;
                    r.may_refer(mode, T::def, number, at)?;
                    match r.memo.weak(number, r.registry, $pointer::<T>::downgrade) {
                        // The memo holds the object until the load ends.
                        Err(_) if r.memo.is_skipped(number) => {
                            let object = $after_all::<T, M>(mode, r, number)?;
                            Ok($pointer::downgrade(&object))
                        }
                        found => found.map_err(|error| error.with_offset(at)),
                    }
                }
                mark if opcode::is_new(mark) => {
                    let object = $begun::<T, M>(mode, r, mark, at)?;
                    Ok($pointer::downgrade(&object))
                }
                code => Err(refused(code, Group::Data, "begins a weak reference", at)),
            }
        }
    )*};
}

weak! {
    rc::Weak<T>, Rc rc_key define_rc read_rc begun_rc rc_after_all dangling_rc;
    sync::Weak<T>, Arc arc_key define_arc read_arc begun_arc arc_after_all dangling_arc;
}

/// Whether a pointee is unsized and no trait object: `new_cyclic` makes none such.
fn is_slice<T: ?Sized>(identity: TypeId) -> bool {
    size_of::<&T>() > size_of::<usize>() && identity == typeid::of::<T>()
}

/// Objects that a weak pointer inside them refers to.
///
/// `new_cyclic` takes a function that cannot fail. A failure leaves it by unwinding, without the panic hook, and is caught
/// right outside of it. Where there is no unwinding, such an object is refused before anything of it is made.
pub(super) mod cyclic {
    use super::*;

    macro_rules! cyclic {
        ($($make:ident $pointer:ident $weak:ty;)*) => {$(
            #[cfg(all(feature = "std", panic = "unwind"))]
            pub(crate) fn $make<'de, T: 'static>(
                r: &mut Reader<'_, 'de>,
                number: usize,
                content: impl FnOnce(&mut Reader<'_, 'de>) -> Result<T, Error>,
            ) -> Result<$pointer<T>, Error> {
                use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
                let mut failure = None;
                let made = catch_unwind(AssertUnwindSafe(|| {
                    $pointer::new_cyclic(|weak: &$weak| {
                        r.memo.begin_cycle(number, weak.clone());
                        content(r).unwrap_or_else(|error| {
                            failure = Some(error);
                            resume_unwind(alloc::boxed::Box::new(()))
                        })
                    })
                }));
                made.or_else(|panic| {
                    r.memo.reopen(number);
                    match failure {
                        Some(error) => Err(error),
                        // The user's own panic goes on.
                        None => resume_unwind(panic),
                    }
                })
            }

            #[cfg(not(all(feature = "std", panic = "unwind")))]
            pub(crate) fn $make<'de, T: 'static>(
                r: &mut Reader<'_, 'de>,
                _: usize,
                _: impl FnOnce(&mut Reader<'_, 'de>) -> Result<T, Error>,
            ) -> Result<$pointer<T>, Error> {
                Err(r.input.error(
                    crate::error::ErrorKind::Unsupported,
                    "an object that a `Weak` inside it refers to needs unwinding; \
                     mark the field of the `Weak` with `#[reduce(state)]`",
                ))
            }
        )*};
    }

    cyclic! {
        make_rc Rc rc::Weak<T>;
        make_arc Arc sync::Weak<T>;
    }
}
