//! What pointers to registered types can become: pointers to trait objects.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::any::{Any, TypeId};
use core::fmt;

/// `dyn Trait: Object<T>` where a `T` can stand behind `dyn Trait`: what
/// [`Registry::implement`](crate::Registry::implement) and `implements(...)` ask for.
///
/// [`object`](crate::object) on the trait writes it, for every type that implements the trait; for `dyn Any`, with `Send`
/// and `Sync` or without, it is there. It is not implemented by hand. pickle asks for nothing like it: any object may stand
/// anywhere there.
///
/// ```
/// use reduce_core::{Error, Expand, Object, Reduce, Registry};
/// use std::any::Any;
///
/// /// Registers a type that stands behind one trait object.
/// fn plug<D, T>(registry: &mut Registry, name: &str) -> Result<(), Error>
/// where
///     D: Object<T> + ?Sized + 'static,
///     T: Reduce + for<'de> Expand<'de> + 'static,
/// {
///     registry.register_as::<T>(name)?.implement::<D, T>()?;
///     Ok(())
/// }
///
/// let mut registry = Registry::new();
/// plug::<dyn Any + Send, String>(&mut registry, "String")?;
/// assert_eq!(registry.len(), 1);
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot stand behind `{Self}`",
    label = "`{T}` does not implement the trait, or the trait lacks `#[reduce_core::object]`"
)]
pub trait Object<T> {
    /// Adds what pointers to a `T` can become.
    #[doc(hidden)]
    fn casts(casts: &mut Casts);
}

/// A pointer type and what it becomes.
type Pair = (TypeId, TypeId);
type Erased = Arc<dyn Any + Send + Sync>;

/// All casts of a registry, by the types that they go from and to.
#[derive(Clone, Default)]
pub struct Casts {
    /// Shared and weak pointers: a [`PointerCast`].
    pointers: BTreeMap<Pair, Erased>,
    /// Boxes, by the type of their content: a [`BoxCast`].
    boxes: BTreeMap<Pair, Erased>,
    /// Weak pointers to nothing: a `fn() -> Weak`.
    dangling: BTreeMap<TypeId, Erased>,
}

/// What a pointer becomes, if it is of the right type.
type Cast<From, To> = Box<dyn Fn(From) -> Option<To> + Send + Sync>;

struct PointerCast<To>(Box<dyn FromPointer<To>>);
/// What a boxed value of one type becomes.
pub(crate) struct BoxCast<To>(Cast<Box<dyn Any>, To>);

impl<To> BoxCast<To> {
    pub(crate) fn apply(&self, from: Box<dyn Any>) -> Option<To> {
        (self.0)(from)
    }
}

/// A function of a borrowed pointer.
trait FromPointer<To>: Fn(&dyn Any) -> Option<To> + Send + Sync {}
impl<To, F: Fn(&dyn Any) -> Option<To> + Send + Sync> FromPointer<To> for F {}

impl Casts {
    /// A shared or weak pointer becomes another one.
    pub fn pointer_to<From: 'static, To: 'static>(&mut self, cast: fn(&From) -> To) {
        let cast = move |from: &dyn Any| from.downcast_ref::<From>().map(cast);
        let erased: Erased = Arc::new(PointerCast::<To>(Box::new(cast)));
        self.pointers.insert((TypeId::of::<From>(), TypeId::of::<To>()), erased);
    }

    /// A boxed `T` becomes a `To`.
    pub fn box_to<T: 'static, To: 'static>(&mut self, cast: fn(Box<T>) -> To) {
        let cast = move |from: Box<dyn Any>| from.downcast::<T>().ok().map(cast);
        let erased: Erased = Arc::new(BoxCast::<To>(Box::new(cast)));
        self.boxes.insert((TypeId::of::<T>(), TypeId::of::<To>()), erased);
    }

    /// A weak pointer to nothing.
    pub fn dangling_as<Weak: 'static>(&mut self, make: fn() -> Weak) {
        let erased: Erased = Arc::new(make);
        self.dangling.insert(TypeId::of::<Weak>(), erased);
    }

    pub(super) fn pointer<To: 'static>(&self, from: &dyn Any) -> Option<To> {
        let cast = self.pointers.get(&(from.type_id(), TypeId::of::<To>()))?;
        (cast.downcast_ref::<PointerCast<To>>()?.0)(from)
    }

    /// Whether [`boxed`](Self::boxed) has an answer for a box of this type.
    pub(super) fn has_boxed<To: 'static>(&self, of: TypeId) -> bool {
        self.boxes.contains_key(&(of, TypeId::of::<To>()))
    }

    /// What a box of this type becomes.
    pub(super) fn box_cast<To: 'static>(&self, of: TypeId) -> Option<&BoxCast<To>> {
        self.boxes.get(&(of, TypeId::of::<To>()))?.downcast_ref()
    }

    pub(super) fn boxed<To: 'static>(&self, from: Box<dyn Any>) -> Option<To> {
        self.box_cast((*from).type_id())?.apply(from)
    }

    pub(super) fn dangling<Weak: 'static>(&self) -> Option<Weak> {
        let make = self.dangling.get(&TypeId::of::<Weak>())?;
        make.downcast_ref::<fn() -> Weak>().map(|make| make())
    }
}

/// Adds the casts of one type to one trait object, in all kinds of pointers.
#[doc(hidden)]
#[macro_export]
macro_rules! __reduce_casts {
    ($casts:expr, $of:ty, $object:ty) => {{
        let casts: &mut $crate::__private::Casts = $casts;
        casts.box_to::<$of, $crate::__private::Box<$object>>(|value| value);
        casts.pointer_to::<$crate::__private::Rc<$of>, $crate::__private::Rc<$object>>(|object| {
            let object: $crate::__private::Rc<$of> = $crate::__private::Clone::clone(object);
            object
        });
        casts.pointer_to::<$crate::__private::Arc<$of>, $crate::__private::Arc<$object>>(
            |object| {
                let object: $crate::__private::Arc<$of> = $crate::__private::Clone::clone(object);
                object
            },
        );
        casts.pointer_to::<$crate::__private::RcWeak<$of>, $crate::__private::RcWeak<$object>>(
            |object| {
                let object: $crate::__private::RcWeak<$of> =
                    $crate::__private::Clone::clone(object);
                object
            },
        );
        casts.pointer_to::<$crate::__private::ArcWeak<$of>, $crate::__private::ArcWeak<$object>>(
            |object| {
                let object: $crate::__private::ArcWeak<$of> =
                    $crate::__private::Clone::clone(object);
                object
            },
        );
        casts.dangling_as::<$crate::__private::RcWeak<$object>>(|| {
            $crate::__private::RcWeak::<$of>::new()
        });
        casts.dangling_as::<$crate::__private::ArcWeak<$object>>(|| {
            $crate::__private::ArcWeak::<$of>::new()
        });
    }};
}

impl fmt::Debug for Casts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Casts")
            .field("pointers", &self.pointers.len())
            .field("boxes", &self.boxes.len())
            .finish()
    }
}
