//! The registry of the process, for sessions that were given none, and the types that were collected at link time.

use super::Registry;
#[cfg(feature = "std")]
use crate::error::{Error, ErrorKind};

#[cfg(feature = "std")]
static GLOBAL: std::sync::OnceLock<Registry> = std::sync::OnceLock::new();

/// The registry of a session: its own, or else that of the process.
#[inline]
pub(crate) fn or_global(own: Option<&Registry>) -> Option<&Registry> {
    #[cfg(feature = "std")]
    let own = own.or_else(|| GLOBAL.get());
    own
}

#[cfg(feature = "std")]
impl Registry {
    /// Makes this the registry of the process: every session that was given none uses it, [`to_vec`](crate::to_vec) and
    /// [`from_slice`](crate::from_slice) too.
    ///
    /// A convenience for programs: a library leaves it to the program whose process it is, and hands its own registry to its
    /// sessions. A session that shall name nothing at all gets an empty registry.
    ///
    /// ```
    /// use reduce_core::{Reduce, Registry};
    ///
    /// #[reduce_core::object]
    /// trait Shape {
    ///     fn area(&self) -> f64;
    /// }
    ///
    /// #[derive(Reduce)]
    /// #[reduce(implements(Shape))]
    /// struct Square(f64);
    ///
    /// impl Shape for Square {
    ///     fn area(&self) -> f64 {
    ///         self.0 * self.0
    ///     }
    /// }
    ///
    /// // Once, in `main`.
    /// let mut registry = Registry::new();
    /// registry.register::<Square>()?;
    /// Registry::set_global(registry)?;
    ///
    /// let shape: Box<dyn Shape> = Box::new(Square(3.0));
    /// let bytes = reduce_core::to_vec(&shape)?;
    /// assert_eq!(reduce_core::from_slice::<Box<dyn Shape>>(&bytes)?.area(), 9.0);
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the process has one already, which stays.
    pub fn set_global(registry: Registry) -> Result<(), Error> {
        GLOBAL.set(registry).map_err(|_| {
            Error::new(
                ErrorKind::Registry,
                "the process has a registry already; `Registry::set_global` is called once, at the start",
            )
        })
    }

    /// The registry of the process, once [`set_global`](Self::set_global) was called.
    ///
    /// ```
    /// use reduce_core::Registry;
    ///
    /// assert!(Registry::global().is_none());
    /// Registry::set_global(Registry::new())?;
    /// assert!(Registry::global().is_some_and(Registry::is_empty));
    /// # Ok::<(), reduce_core::Error>(())
    /// ```
    pub fn global() -> Option<&'static Registry> {
        GLOBAL.get()
    }
}

/// Types that hand themselves in at link time.
#[cfg(feature = "inventory")]
mod collected {
    use crate::error::Error;
    use crate::expand::Expand;
    use crate::reduce::Reduce;
    use crate::registry::Registry;
    use core::fmt;

    /// One type that [`register!`](crate::register) handed in.
    pub struct Registration(fn(&mut Registry) -> Result<(), Error>);

    inventory::collect!(Registration);

    impl Registration {
        /// What registers types.
        pub const fn new(register: fn(&mut Registry) -> Result<(), Error>) -> Self {
            Registration(register)
        }
    }

    impl fmt::Debug for Registration {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("Registration")
        }
    }

    /// Registers a type by its own name.
    pub fn by_own_name<T>(registry: &mut Registry) -> Result<(), Error>
    where
        T: Reduce + for<'de> Expand<'de> + 'static,
    {
        registry.register::<T>().map(drop)
    }

    /// Registers a type by another name.
    pub fn by_name<T>(registry: &mut Registry, name: &str) -> Result<(), Error>
    where
        T: Reduce + for<'de> Expand<'de> + 'static,
    {
        registry.register_as::<T>(name).map(drop)
    }

    impl Registry {
        /// A registry of all types that were handed in with [`register!`](crate::register), by any crate that is linked
        /// into the program; further types may be registered on top. The example is at the macro, with the traps.
        ///
        /// # Errors
        ///
        /// When a name or a type was handed in twice.
        pub fn collected() -> Result<Registry, Error> {
            let mut registry = Registry::new();
            for Registration(register) in inventory::iter::<Registration> {
                register(&mut registry)?;
            }
            Ok(registry)
        }
    }
}

#[cfg(feature = "inventory")]
pub use collected::{Registration, by_name, by_own_name};

/// Hands in types for [`Registry::collected`]: at the type, in place of a line in `main`. (Feature `inventory`.)
///
/// A type is registered by its own name, or by the one behind `as`, which each instance of a generic type needs.
///
/// ```
/// use reduce_core::{Reduce, Registry};
///
/// #[reduce_core::object]
/// trait Shape {
///     fn area(&self) -> f64;
/// }
///
/// #[derive(Reduce)]
/// #[reduce(name = "geo.Square", implements(Shape))]
/// struct Square(f64);
///
/// impl Shape for Square {
///     fn area(&self) -> f64 {
///         self.0 * self.0
///     }
/// }
///
/// reduce_core::register!(Square, (u8, Square) as "geo.Numbered");
///
/// # fn main() -> Result<(), reduce_core::Error> {
/// Registry::set_global(Registry::collected()?)?;
/// let shape: Box<dyn Shape> = Box::new(Square(3.0));
/// let bytes = reduce_core::to_vec(&shape)?;
/// assert_eq!(reduce_core::from_slice::<Box<dyn Shape>>(&bytes)?.area(), 9.0);
/// # Ok(())
/// # }
/// ```
///
/// # Traps
///
/// What is handed in is found by the linker and by functions that run ahead of `main`, neither of which Rust
/// promises anything about:
///
/// * A crate that a program depends on and names nowhere is not linked, and hands in nothing: `use the_crate as _;` in
///   the program does.
/// * A linker drops object files of a static library that nothing refers to (a Rust `staticlib` in a C program, a codegen
///   unit that holds nothing but this), and some take what lies in the sections of constructors for garbage. Keep the macro in
///   the module of the type, and have a test that `Registry::collected()?.len()` is what you expect, in a release build.
/// * On WebAssembly the constructors run when the host calls `__wasm_call_ctors`; not all hosts do. Platforms that the
///   crate `inventory` does not know collect nothing.
/// * A library that is loaded later (`dlopen`) hands its types in when it is loaded, in the copy of this crate that it is
///   linked to; registries that were collected until then lack them.
/// * Every type of every crate is in, and what a stream may name grows with each dependency. For bytes from others, prefer
///   a registry of what they may name.
#[cfg(feature = "inventory")]
#[macro_export]
macro_rules! register {
    ($($type:ty $(as $name:expr)?),+ $(,)?) => {
        $($crate::__reduce_register!($type $(, $name)?);)+
    };
}

/// Hands in one type.
#[cfg(feature = "inventory")]
#[doc(hidden)]
#[macro_export]
macro_rules! __reduce_register {
    ($type:ty) => {
        $crate::__private::inventory::submit! {
            $crate::__private::Registration::new($crate::__private::by_own_name::<$type>)
        }
    };
    ($type:ty, $name:expr) => {
        $crate::__private::inventory::submit! {
            $crate::__private::Registration::new(|registry| {
                $crate::__private::by_name::<$type>(registry, $name)
            })
        }
    };
}
