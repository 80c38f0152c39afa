//! `Rc` and `Arc`: one object however many pointers to it, at load as at dump.

use super::weak::cyclic;
use crate::describe::Describe;
use crate::error::{Error, ErrorKind};
use crate::expand::{Expand, Pointee};
use crate::opcode::{self, CYCLIC, Group, STATEFUL};
use crate::program::table::refused;
use crate::program::{Kind, TypeDef};
use crate::read::adapt::{Node, astray};
use crate::read::state::{Pending, Read};
use crate::read::{
    Begun, Collect, Install, Mode, Native, Plan, Reader, SharedType, Target, other_type, unlike,
};
use crate::reduce::Reduce;
use crate::stack;
use crate::write::{Key, Writer};
use alloc::boxed::Box;
use alloc::format;
use alloc::rc::{self, Rc};
use alloc::sync::{self, Arc};

/// What an object takes beside itself: its counts,
const COUNTS: usize = 2 * size_of::<usize>();
/// and its place in the memo.
const OBJECT: usize = 3 * COUNTS;

macro_rules! shared {
    ($($pointer:ident $weak:ty, $atomic:literal, $key:ident $define:ident $make:ident $read:ident $begun:ident $after_all:ident $object:ident;)*) => {$(
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
                w.nested_here::<()>(|w| T::reduce_kept(object, w))?;
                let object = object.clone();
                w.objects().graph.states.push_back(Box::new(move |w| T::reduce_state(&object, w)));
            } else {
                w.byte(opcode::NEW);
                w.nested_here::<()>(|w| T::reduce(object, w))?;
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
                        T::referable(self, w)?;
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
                $read(Native, r)
            }

            fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                match r.plans.node(plan) {
                    Node::Shared(content) => $read(*content, r),
                    // Nothing refers to it by a number.
                    Node::Share(content) => {
                        let content = plan.hand(*content);
                        r.allocate(1, COUNTS)?;
                        let object = r.nested_here::<(), _>(|r| T::expand_box(content, r))?;
                        is_copied(&*object, r)?;
                        Ok(object.into())
                    }
                    _ => Err(astray(r)),
                }
            }

            fn collect(c: &mut Collect<'de>) {
                if c.enter::<Self>() {
                    c.add::<Self, $weak>(SharedType {
                        def: Self::def(),
                        atomic: $atomic,
                        make: |r| Self::expand(r).map(drop),
                    });
                    T::collect_below(c);
                }
            }
        }

        #[inline]
        fn $read<'de, T: Pointee<'de> + ?Sized + 'static, M: Mode<'de>>(
            mode: M,
            r: &mut Reader<'_, 'de>,
        ) -> Result<$pointer<T>, Error> {
            let at = r.input.offset();
            match r.input.byte()? {
                opcode::BACK_REFERENCE => {
                    let number = r.input.varint()?;
                    r.may_refer(mode, T::def, number, at)?;
                    match r.memo.strong(number, r.registry) {
                        Err(_) if r.memo.is_skipped(number) => $after_all(mode, r, number),
                        found => found.map_err(|error| error.with_offset(at)),
                    }
                }
                mark if opcode::is_new(mark) => $begun(mode, r, mark, at),
                code => Err(refused(code, Group::Data, "begins a shared object", at)),
            }
        }

        /// An object begins with a mark, which stood at `at`.
        #[inline]
        pub(super) fn $begun<'de, T: Pointee<'de> + ?Sized + 'static, M: Mode<'de>>(
            mode: M,
            r: &mut Reader<'_, 'de>,
            mark: u8,
            at: usize,
        ) -> Result<$pointer<T>, Error> {
            match r.begin_object(at).map_err(|error| error.with_offset(at))? {
                Begun::New(number) => {
                    let object = r.nested_here::<(), _>(|r| T::$make(mode, r, number, mark))?;
                    r.object_ends(number, at, |r| mode.content(T::def, r))?;
                    Ok(object)
                }
                Begun::Made(number) => r
                    .memo
                    .strong(number as u64, r.registry)
                    .map_err(|error| error.with_offset(at)),
            }
        }

        /// Makes an object that was passed over.
        #[cold]
        pub(super) fn $after_all<'de, T: Pointee<'de> + ?Sized + 'static, M: Mode<'de>>(
            mode: M,
            r: &mut Reader<'_, 'de>,
            number: u64,
        ) -> Result<$pointer<T>, Error> {
            r.read_passed(number, |r, content, dynamic| {
                let at = r.input.offset();
                let mark = r.input.byte()?;
                if dynamic == is_dyn::<T>() {
                    if !dynamic && !mode.reads(T::def, content, r) {
                        return Err(other_type(number, at));
                    }
                    return $begun(mode, r, mark, at);
                }
                let Begun::New(number) = r.begin_object(at)? else {
                    return Err(r.input.malformed("an object that was made before it was referred to"));
                };
                let entry = if dynamic {
                    // Its type stands in front of it, and must be this one.
                    Some(r.registered()?).filter(|(entry, _)| (entry.id)() == typeid::of::<T>())
                } else {
                    r.registered_as::<T>(number)
                };
                let (entry, plan) = entry.ok_or_else(|| unlike::<T>(number).with_offset(at))?;
                r.nested_here::<(), _>(|r| entry.pair.$make(plan, r, number, mark))?;
                r.memo.strong(number as u64, r.registry).map_err(|error| error.with_offset(at))
            })
        }

        /// Makes a shared object of a sized type.
        pub(crate) fn $make<'de, T: Expand<'de> + 'static, M: Mode<'de>>(
            mode: M,
            r: &mut Reader<'_, 'de>,
            number: usize,
            mark: u8,
        ) -> Result<$pointer<T>, Error> {
            r.allocate(1, size_of::<T>().saturating_add(OBJECT))?;
            let stateful = mark & STATEFUL != 0;
            let content = |r: &mut Reader<'_, 'de>| {
                stack::with_room_for::<T, _>(|| {
                    if stateful { mode.kept::<T>(r) } else { mode.value::<T>(r) }
                })
            };
            let object: $pointer<T> = if mark & CYCLIC != 0 {
                cyclic::$make(r, number, content)?
            } else {
                $pointer::new(content(r)?)
            };
            r.memo.fill(number, object.clone());
            if stateful {
                let object = object.clone();
                let read = move |r: &mut Reader<'_, 'de>| {
                    let state = mode.queued::<T>(r)?;
                    Ok(Box::new($object { object, state }) as Read)
                };
                r.push_state(number, Box::new(read));
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
    Rc rc::Weak<T>, false, rc_key define_rc make_rc read_rc begun_rc rc_after_all RcObject;
    Arc sync::Weak<T>, true, arc_key define_arc make_arc read_arc begun_arc arc_after_all ArcObject;
}

/// So many elements of a list are looked for at the same time.
const AT_ONCE: usize = 8;

/// An unsized object other than a trait object: it has no state. A mark that says that it refers to itself is of no
/// use: it could not be made with a weak pointer to itself inside, and a dump refuses such a one.
pub(crate) fn unsized_object<'de, P>(
    r: &mut Reader<'_, 'de>,
    mark: u8,
    make: impl FnOnce(&mut Reader<'_, 'de>) -> Result<P, Error>,
) -> Result<P, Error> {
    if mark & STATEFUL == 0 {
        r.allocate(1, OBJECT)?;
        make(r)
    } else {
        Err(r.input.malformed("text or a slice is marked as stateful"))
    }
}

/// What is made of an owned value is a copy, and there is memory for both.
pub(crate) fn is_copied<T: ?Sized>(owned: &T, r: &Reader<'_, '_>) -> Result<(), Error> {
    r.spare(1, size_of_val(owned))
}

/// Whether a pointee is a trait object.
fn is_dyn<T: Describe + ?Sized>() -> bool {
    matches!(T::def().resolve().kind, Kind::Dyn(_))
}

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
