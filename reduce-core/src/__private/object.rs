//! What the code that `object` generates for a trait calls: trait objects are written and read through the registry.

use crate::error::{Error, ErrorKind};
use crate::impls::foreign;
use crate::opcode::STATEFUL;
use crate::read::{Known, NamedType, Reader};
use crate::registry::{self, BoxCast, Entry, Phase, Registry};
use crate::value::UnknownObject;
use crate::write::Writer;
use alloc::boxed::Box;
use alloc::format;
use alloc::rc::{self, Rc};
use alloc::string::String;
use alloc::sync::{self, Arc};
use core::any::{Any, TypeId, type_name};

/// The type behind a trait object.
pub fn type_id_of(value: &dyn Any) -> TypeId {
    value.type_id()
}

/// A supertrait of every trait with objects: `Any` that can say of which type it is.
pub trait Behind: Any {
    /// The type's name in Rust, for errors.
    #[doc(hidden)]
    fn __reduce_type_name(&self) -> &'static str;
}

impl<T: Any> Behind for T {
    fn __reduce_type_name(&self) -> &'static str {
        type_name::<T>()
    }
}

/// As [`reduce_object`]; the error of a type that is not registered names it.
pub fn reduce_behind<D: ?Sized + 'static>(
    value: &dyn Behind,
    trait_name: &str,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    reduce_object::<D>(value, trait_name, w)
        .map_err(|error| unregistered(value, trait_name, error, w))
}

/// As [`reduce_object_kept`]; the error of a type that is not registered names it.
pub fn reduce_behind_kept<D: ?Sized + 'static>(
    value: &dyn Behind,
    trait_name: &str,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    reduce_object_kept::<D>(value, trait_name, w)
        .map_err(|error| unregistered(value, trait_name, error, w))
}

/// As [`refer_to_object`]; the error of a type that is not registered names it.
pub fn refer_behind<D: ?Sized + 'static>(
    value: &dyn Behind,
    trait_name: &str,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    refer_to_object::<D>(value, trait_name, w)
        .map_err(|error| unregistered(value, trait_name, error, w))
}

/// The error by a better name, if it is that this value's type is not registered.
#[cold]
fn unregistered(value: &dyn Behind, trait_name: &str, error: Error, w: &Writer<'_>) -> Error {
    match w.registry {
        Some(registry)
            if !registry.is_of_no_use()
                && registry.entry(value).is_none()
                && !(value as &dyn Any).is::<UnknownObject>() =>
        {
            let name = value.__reduce_type_name();
            let message = format!(
                "`{name}` stands behind a `dyn {trait_name}` and is not registered; \
                 call `registry.register::<{name}>()`"
            );
            Error::new(ErrorKind::Registry, message).with_offset(w.offset())
        }
        _ => error,
    }
}

/// Writes the type behind a trait object `D`, and the value.
pub fn reduce_object<D: ?Sized + 'static>(
    value: &dyn Any,
    trait_name: &str,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    named::<D>(value, trait_name, Phase::Whole, w)
}

/// Writes the type behind a trait object, and the kept fields of the value that are not state.
pub fn reduce_object_kept<D: ?Sized + 'static>(
    value: &dyn Any,
    trait_name: &str,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    named::<D>(value, trait_name, Phase::Kept, w)
}

/// Writes the state fields of the value behind a trait object.
pub fn reduce_object_state(
    value: &dyn Any,
    trait_name: &str,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    let registry = w.registry;
    match find(registry, value, trait_name).map_err(|e| e.with_offset(w.offset()))? {
        Found::Known(_, entry) => entry.pair.reduce(value, Phase::State, w),
        // It has no state apart.
        Found::Unknown(object) => object.reduce(w),
    }
}

/// Whether a load could make a `D` of the value: what no load could is not dumped.
pub fn refer_to_object<D: ?Sized + 'static>(
    value: &dyn Any,
    trait_name: &str,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    let pair = (TypeId::of::<D>(), value.type_id());
    if w.implementor == Some(pair) || w.behind(pair).is_some() {
        return Ok(());
    }
    let registry = w.registry;
    match find(registry, value, trait_name).map_err(|e| e.with_offset(w.offset()))? {
        Found::Known(_, entry)
            if !registry.is_some_and(|registry| registry.implements::<D>(entry)) =>
        {
            return Err(no_implementor::<D>(entry, w.offset()));
        }
        Found::Unknown(object) if !registry.is_some_and(keeps_behind::<D>) => {
            return Err(not_dumped::<D>(object, w.offset()));
        }
        _ => {}
    }
    w.implementor = Some(pair);
    Ok(())
}

/// Whether the object behind a trait object is written without its state at first.
pub fn object_is_two_phase(value: &dyn Any, w: &Writer<'_>) -> bool {
    let entry = w.registry.and_then(|registry| registry.entry(value));
    entry.is_some_and(|(_, entry)| entry.pair.two_phase(value, w))
}

/// Writes where the type behind a trait object stands, and a part of the value.
fn named<D: ?Sized + 'static>(
    value: &dyn Any,
    trait_name: &str,
    phase: Phase,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    let pair = (TypeId::of::<D>(), value.type_id());
    match w.behind(pair) {
        Some((entry, at)) => {
            w.varint(at);
            entry.pair.reduce(value, phase, w)
        }
        None => named_first::<D>(pair, value, trait_name, phase, w),
    }
}

/// The same, where the type was not met before.
#[inline(never)]
fn named_first<D: ?Sized + 'static>(
    pair: (TypeId, TypeId),
    value: &dyn Any,
    trait_name: &str,
    phase: Phase,
    w: &mut Writer<'_>,
) -> Result<(), Error> {
    refer_to_object::<D>(value, trait_name, w)?;
    let registry = w.registry;
    let found = find(registry, value, trait_name).map_err(|e| e.with_offset(w.offset()))?;
    let (name, entry) = match found {
        Found::Known(name, entry) => (name, entry),
        Found::Unknown(object) => return object.reduce(w),
    };
    let what = || format!("the type behind a `dyn {trait_name}`");
    let at = w.registered(what, name, entry.code, entry.def)?;
    w.remember_behind(pair, entry, at);
    w.varint(at);
    entry.pair.reduce(value, phase, w)
}

/// What stands behind a trait object that is dumped.
enum Found<'s, 'v> {
    Known(&'s str, &'s Entry),
    Unknown(&'v UnknownObject),
}

fn find<'s, 'v>(
    registry: Option<&'s Registry>,
    value: &'v dyn Any,
    trait_name: &str,
) -> Result<Found<'s, 'v>, Error> {
    let Some(registry) = registry.filter(|registry| !registry.is_of_no_use()) else {
        return Err(registry::empty(
            registry.is_some(),
            &format!("a value of `dyn {trait_name}` stands behind a trait object"),
        ));
    };
    if let Some((name, entry)) = registry.entry(value) {
        return Ok(Found::Known(name, entry));
    }
    value.downcast_ref().map(Found::Unknown).ok_or_else(|| {
        Error::new(
            ErrorKind::Registry,
            format!(
                "the type behind this `dyn {trait_name}` is not registered; \
                 register every type that stands behind a trait object"
            ),
        )
    })
}

/// The type behind a `D`, before any function of it runs.
fn implementor<'s, D: ?Sized + 'static>(r: &mut Reader<'s, '_>) -> Result<NamedType<'s>, Error> {
    let at = r.offset();
    let behind = r.named_type()?;
    match (&behind, r.registry) {
        (NamedType::Known((entry, _)), Some(registry)) if registry.implements::<D>(entry) => {}
        (NamedType::Known((entry, _)), _) => return Err(no_implementor::<D>(entry, r.offset())),
        (NamedType::Unknown(_), Some(registry)) if keeps_behind::<D>(registry) => {}
        (NamedType::Unknown(index), _) => return Err(not_kept::<D>(&r.unregistered(*index), at)),
    }
    Ok(behind)
}

/// Whether an object of an unknown type can stand behind a `D`.
fn keeps_behind<D: ?Sized + 'static>(registry: &Registry) -> bool {
    registry.implements_type::<D>(TypeId::of::<UnknownObject>())
}

/// Reads a boxed trait object.
pub fn expand_object<D: ?Sized + 'static>(r: &mut Reader<'_, '_>) -> Result<Box<D>, Error> {
    match r.known_box::<D>() {
        Some((known, cast)) => expand_known(known, cast, r),
        None => expand_first(r),
    }
}

#[inline(always)]
fn expand_known<'s, D: ?Sized + 'static>(
    (entry, plan): Known<'s>,
    cast: &'s BoxCast<Box<D>>,
    r: &mut Reader<'s, '_>,
) -> Result<Box<D>, Error> {
    let value = entry.pair.expand_box(plan, r)?;
    cast.apply(value).ok_or_else(|| no_cast::<D>(Some(entry), r.offset()))
}

/// The same, where the type was not met before.
#[inline(never)]
fn expand_first<D: ?Sized + 'static>(r: &mut Reader<'_, '_>) -> Result<Box<D>, Error> {
    let (at, number) = (r.offset(), r.input);
    match r.named_type()? {
        NamedType::Known(known) => {
            let cast = r.cast_to_box::<D>(number, known);
            let cast = cast.ok_or_else(|| no_implementor::<D>(known.0, at))?;
            expand_known(known, cast, r)
        }
        NamedType::Unknown(index) => {
            if !r.registry.is_some_and(keeps_behind::<D>) {
                return Err(not_kept::<D>(&r.unregistered(index), at));
            }
            r.allocate(1, size_of::<UnknownObject>())?;
            let value = Box::new(r.unknown_object(index)?) as Box<dyn Any>;
            let object = r.registry.and_then(|registry| registry.cast_box(value));
            object.ok_or_else(|| no_cast::<D>(None, r.offset()))
        }
    }
}

/// Makes a shared trait object.
pub fn make_object_rc<D: ?Sized + 'static>(
    r: &mut Reader<'_, '_>,
    number: usize,
    mark: u8,
) -> Result<Rc<D>, Error> {
    let entry = match implementor::<D>(r)? {
        NamedType::Known((entry, plan)) => {
            entry.pair.make_rc(plan, r, number, mark)?;
            Some(entry)
        }
        NamedType::Unknown(index) => {
            stateless(index, mark, r)?;
            foreign::make_rc(r, number, mark, |r| r.unknown_object(index))?;
            None
        }
    };
    r.memo.strong(number as u64, r.registry).map_err(|_| no_cast::<D>(entry, r.offset()))
}

/// Makes a shared trait object.
pub fn make_object_arc<D: ?Sized + 'static>(
    r: &mut Reader<'_, '_>,
    number: usize,
    mark: u8,
) -> Result<Arc<D>, Error> {
    let entry = match implementor::<D>(r)? {
        NamedType::Known((entry, plan)) => {
            entry.pair.make_arc(plan, r, number, mark)?;
            Some(entry)
        }
        NamedType::Unknown(index) => {
            stateless(index, mark, r)?;
            foreign::make_arc(r, number, mark, |r| r.unknown_object(index))?;
            None
        }
    };
    r.memo.strong(number as u64, r.registry).map_err(|_| no_cast::<D>(entry, r.offset()))
}

/// The state of an object stands behind the value, where what was kept of it cannot be changed any more.
fn stateless(index: usize, mark: u8, r: &Reader<'_, '_>) -> Result<(), Error> {
    if mark & STATEFUL == 0 {
        return Ok(());
    }
    let message = format!(
        "{}, and a shared object with state fields cannot be kept; register the type",
        r.unregistered(index)
    );
    Err(Error::new(ErrorKind::Unsupported, message).with_offset(r.offset()))
}

/// A weak pointer to no trait object.
pub fn dangling_object_rc<D: ?Sized + 'static>(r: &Reader<'_, '_>) -> Result<rc::Weak<D>, Error> {
    r.registry.and_then(Registry::dangling).ok_or_else(nothing_implements::<D>)
}

/// A weak pointer to no trait object.
pub fn dangling_object_arc<D: ?Sized + 'static>(
    r: &Reader<'_, '_>,
) -> Result<sync::Weak<D>, Error> {
    r.registry.and_then(Registry::dangling).ok_or_else(nothing_implements::<D>)
}

#[cold]
fn no_implementor<D: ?Sized>(entry: &Entry, at: usize) -> Error {
    Error::new(
        ErrorKind::Registry,
        format!(
            "`{0}` is not registered as an implementation of `{1}`; add `implements({2})` to its `#[reduce(...)]`, \
             or call `registry.implement::<{1}, {0}>()`",
            entry.rust_name,
            object_name::<D>(),
            object_name::<D>().trim_start_matches("dyn "),
        ),
    )
    .with_offset(at)
}

/// The registry has no cast that it said it has.
#[cold]
fn no_cast<D: ?Sized>(entry: Option<&Entry>, at: usize) -> Error {
    match entry {
        Some(entry) => no_implementor::<D>(entry, at),
        None => {
            let message = "an object of an unknown type became something else meanwhile";
            Error::new(ErrorKind::Registry, message).with_offset(at)
        }
    }
}

/// The registry keeps objects of unknown types, but not behind this trait.
#[cold]
fn not_kept<D: ?Sized>(unregistered: &Error, at: usize) -> Error {
    Error::new(
        ErrorKind::Registry,
        format!(
            "{}; objects of unknown types are kept behind `dyn Any`, and behind `{}` where it is implemented for \
             `UnknownObject` and the registry is told so with `Registry::implement`",
            unregistered,
            object_name::<D>()
        ),
    )
    .with_offset(at)
}

/// An object of an unknown type, in a dump whose registry does not keep such, or not behind this trait.
#[cold]
fn not_dumped<D: ?Sized>(object: &UnknownObject, at: usize) -> Error {
    Error::new(
        ErrorKind::Registry,
        format!(
            "an object of the unknown type `{}` stands behind a `{}`, and the registry does not keep such there; call \
             `Registry::keep_unknown`",
            object.registered(),
            object_name::<D>()
        ),
    )
    .with_offset(at)
}

/// `dyn geo::Shape + Send`
fn object_name<D: ?Sized>() -> String {
    type_name::<D>().replace("core::marker::", "")
}

#[cold]
fn nothing_implements<D: ?Sized>() -> Error {
    Error::new(
        ErrorKind::Registry,
        format!(
            "a dangling `Weak<{0}>` is made from a registered implementation of `{0}`, and there is none",
            object_name::<D>()
        ),
    )
}

/// The methods of `Pointee` for a trait object.
#[doc(hidden)]
#[macro_export]
macro_rules! __reduce_dynamic_pointee {
    ($de:lifetime) => {
        fn expand_box<M: $crate::__private::Mode<$de>>(
            mode: M,
            r: &mut $crate::__private::Reader<'_, $de>,
        ) -> $crate::__private::Result<$crate::__private::Box<Self>, $crate::__private::Error> {
            $crate::__private::Mode::dynamic(mode, r)?;
            $crate::__private::expand_object(r)
        }

        fn make_rc<M: $crate::__private::Mode<$de>>(
            mode: M,
            r: &mut $crate::__private::Reader<'_, $de>,
            number: $crate::__private::usize,
            mark: $crate::__private::u8,
        ) -> $crate::__private::Result<$crate::__private::Rc<Self>, $crate::__private::Error> {
            $crate::__private::Mode::dynamic(mode, r)?;
            $crate::__private::make_object_rc(r, number, mark)
        }

        fn make_arc<M: $crate::__private::Mode<$de>>(
            mode: M,
            r: &mut $crate::__private::Reader<'_, $de>,
            number: $crate::__private::usize,
            mark: $crate::__private::u8,
        ) -> $crate::__private::Result<$crate::__private::Arc<Self>, $crate::__private::Error> {
            $crate::__private::Mode::dynamic(mode, r)?;
            $crate::__private::make_object_arc(r, number, mark)
        }

        fn dangling_rc(
            r: &$crate::__private::Reader<'_, $de>,
        ) -> $crate::__private::Result<$crate::__private::RcWeak<Self>, $crate::__private::Error> {
            $crate::__private::dangling_object_rc(r)
        }

        fn dangling_arc(
            r: &$crate::__private::Reader<'_, $de>,
        ) -> $crate::__private::Result<$crate::__private::ArcWeak<Self>, $crate::__private::Error> {
            $crate::__private::dangling_object_arc(r)
        }

        fn collect_below(_: &mut $crate::__private::Collect<$de>) {}
    };
}
