//! `Rc` and `Arc`: one object however many pointers to it, at load as at dump.

use super::weak::cyclic;
use crate::describe::Describe;
use crate::error::{Error, ErrorKind};
use crate::expand::{Expand, Pointee};
use crate::opcode::{self, CYCLIC, Group, STATEFUL};
use crate::program::TypeDef;
use crate::program::table::refused;
use crate::read::state::Pending;
use crate::read::{Collect, Install, Mode, Native, Reader, Target};
use crate::reduce::Reduce;
use crate::stack;
use crate::write::{Key, Writer};
use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::sync::Arc;

macro_rules! shared {
    ($($pointer:ident $key:ident $define:ident $make:ident $object:ident;)*) => {$(
        /// What tells an object apart.
        pub(super) fn $key<T: Reduce + ?Sized>(object: &$pointer<T>) -> Key {
            Key {
                address: $pointer::as_ptr(object).addr(),
                of: T::identity(object),
                size: size_of_val(&**object),
            }
        }

        /// Writes an object that was not met before, and has this number.
        pub(super) fn $define<T: Reduce + ?Sized + 'static>(
            object: &$pointer<T>,
            key: Key,
            number: u32,
            w: &mut Writer<'_>,
        ) -> Result<(), Error> {
            w.objects().graph.begin(key);
            if T::two_phase(object, w) {
                w.byte(opcode::NEW_STATEFUL);
                w.nested::<()>(|w| T::reduce_kept(object, w))?;
                let object = object.clone();
                w.objects().graph.states.push_back(Box::new(move |w| T::reduce_state(&object, w)));
            } else {
                w.byte(opcode::NEW);
                w.nested::<()>(|w| T::reduce(object, w))?;
            }
            let objects = w.objects();
            objects.memo.end(number);
            objects.graph.end();
            Ok(())
        }

        impl<T: Describe + ?Sized> Describe for $pointer<T> {
            fn def() -> &'static TypeDef {
                const { &TypeDef::shared::<Self>(T::def) }
            }
        }

        /// The pointee is `'static`: objects are told apart by address and type, lifetimes aside.
        impl<T: Reduce + ?Sized + 'static> Reduce for $pointer<T> {
            fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                let (key, mark) = ($key(self), w.out.len());
                let objects = w.objects();
                objects.graph.hold(key);
                objects.memo.room()?;
                match objects.memo.find_or_begin(&key, mark, || self.clone()) {
                    Err(number) => $define(self, key, number, w),
                    Ok(entry) if entry.open => Err(holds_itself(T::def(), w)),
                    Ok(entry) => {
                        w.byte(opcode::BACK_REFERENCE);
                        w.varint(entry.number);
                        Ok(())
                    }
                }
            }

            fn reduce_elements(elements: &[Self], w: &mut Writer<'_>) -> Result<(), Error> {
                for (round, next) in elements.chunks(AT_ONCE).enumerate() {
                    w.objects().memo.approach(next.iter().map($key));
                    for (index, element) in next.iter().enumerate() {
                        element
                            .reduce(w)
                            .map_err(|error| error.in_element(round * AT_ONCE + index))?;
                    }
                }
                Ok(())
            }
        }

        impl<'de, T: Pointee<'de> + ?Sized + 'static> Expand<'de> for $pointer<T> {
            fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                let at = r.input.offset();
                match r.input.byte()? {
                    opcode::BACK_REFERENCE => {
                        let number = r.input.varint()?;
                        r.memo.strong(number, r.registry).map_err(|error| error.with_offset(at))
                    }
                    mark if opcode::is_new(mark) => {
                        let number = begin_object(r)?;
                        r.nested::<(), _>(|r| T::$make(Native, r, number, mark))
                    }
                    code => Err(refused(code, Group::Data, "begins a shared object", at)),
                }
            }

            fn collect(c: &mut Collect<'de>) {
                if c.enter::<Self>() {
                    c.add(Self::def(), |r| Self::expand(r).map(drop));
                    T::collect_below(c);
                }
            }
        }

        /// Makes a shared object of a sized type.
        pub(crate) fn $make<'de, T: Expand<'de> + 'static, M: Mode<'de>>(
            mode: M,
            r: &mut Reader<'_, 'de>,
            number: usize,
            mark: u8,
        ) -> Result<$pointer<T>, Error> {
            r.allocate(1, size_of::<T>())?;
            let stateful = mark & STATEFUL != 0;
            if stateful && !T::TWO_PHASE {
                return Err(r.input.malformed("an object whose type has no state is marked as stateful"));
            }
            let content = |r: &mut Reader<'_, 'de>| {
                stack::with_room_for::<T, _>(|| if stateful { T::expand_kept(mode, r) } else { mode.value(r) })
            };
            let object = if mark & CYCLIC != 0 {
                cyclic::$make(r, number, content)?
            } else {
                $pointer::new(content(r)?)
            };
            r.memo.fill(number, object.clone());
            if stateful {
                let object = object.clone();
                r.states.push(Box::new(move |r| {
                    let state = T::expand_state(mode, r)?;
                    Ok(Box::new($object { object, state }))
                }));
            }
            Ok(object)
        }

        /// An object whose state was read.
        struct $object<T> {
            object: $pointer<T>,
            state: Install<T>,
        }

        impl<'de, T: Expand<'de>> Pending for $object<T> {
            fn settable(&self) -> bool {
                T::settable(&self.object)
            }

            fn install(self: Box<Self>) {
                (self.state)(Target::Shared(&self.object));
            }
        }
    )*};
}

shared! {
    Rc rc_key define_rc make_rc RcObject;
    Arc arc_key define_arc make_arc ArcObject;
}

/// So many elements of a list are looked for at the same time.
const AT_ONCE: usize = 8;

/// An object begins: it takes a place in the memo.
pub(super) fn begin_object(r: &mut Reader<'_, '_>) -> Result<usize, Error> {
    r.allocate(1, HANDLE)?;
    Ok(r.memo.reserve())
}

/// An unsized object other than a trait object: it has no state. A mark that says that it refers to itself is of no
/// use: it could not be made with a weak pointer to itself inside, and a dump refuses such a one.
pub(crate) fn unsized_object<'de, P>(
    r: &mut Reader<'_, 'de>,
    mark: u8,
    make: impl FnOnce(&mut Reader<'_, 'de>) -> Result<P, Error>,
) -> Result<P, Error> {
    if mark & STATEFUL == 0 {
        make(r)
    } else {
        Err(r.input.malformed("text or a slice is marked as stateful"))
    }
}

/// What the memo of a load takes for an object, beside the object itself.
const HANDLE: usize = 64;

#[cold]
fn holds_itself(def: &TypeDef, w: &Writer<'_>) -> Error {
    let what = def.name().map_or("an object".into(), |name| format!("an object of type `{name}`"));
    let message = if w.is_ordered() {
        // A strong cycle is found before there is an order.
        format!(
            "the weak pointers of this value leave no order in which {what} can be written inside of all objects that it \
             knows; mark the field of one of the `Weak`s with `#[reduce(state)]`"
        )
    } else {
        format!(
            "{what} holds itself through strong pointers; \
             mark the field that closes the cycle with `#[reduce(state)]`"
        )
    };
    Error::new(ErrorKind::Unavailable, message).with_offset(w.offset())
}
