//! Adapters of containers: where `A` adapts `T`, `Vec<A>` adapts `Vec<T>`, and so on.

use super::map::Pairs;
use crate::adapter::{Adapted, Adapter, Same};
use crate::context::Context;
use crate::error::{BoxError, Error, ErrorKind};
use crate::expand::Expand;
use crate::program::{DefFn, Field, Fields, TypeDef, Variant};
use crate::reduce::Reduce;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::vec::Vec;

/// Puts a step of the path in front of an adapter's error: as errors of the containers themselves have it.
fn step(cause: BoxError, step: impl FnOnce(Error) -> Error) -> BoxError {
    step(Error::from_cause(ErrorKind::Convert, "the adapter failed", cause)).into()
}

fn at(index: usize) -> impl FnOnce(BoxError) -> BoxError {
    move |cause| step(cause, |error| error.in_element(index))
}

fn at_key(index: usize) -> impl FnOnce(BoxError) -> BoxError {
    move |cause| step(cause, |error| error.in_key(index))
}

fn at_part(position: &'static str) -> impl FnOnce(BoxError) -> BoxError {
    move |cause| step(cause, |error| error.in_field(position))
}

/// Puts together what an adapter stored: a call of it, unless it only calls others.
pub(crate) fn made<T, A: Adapter<T>>(
    stored: A::Stored,
    context: &Context<'_>,
) -> Result<T, BoxError> {
    if A::CALLS {
        context.call()?;
    }
    A::expand(stored, context)
}

/// Adapts elements one after the other.
fn each<T, U>(
    elements: impl IntoIterator<Item = T>,
    mut adapt: impl FnMut(T) -> Result<U, BoxError>,
) -> impl Iterator<Item = Result<U, BoxError>> {
    elements.into_iter().enumerate().map(move |(index, element)| adapt(element).map_err(at(index)))
}

impl<T> Adapter<T> for Same
where
    T: Clone + Reduce + for<'de> Expand<'de>,
{
    type Stored = T;
    const CALLS: bool = false;

    fn adapted_def() -> &'static TypeDef {
        T::def()
    }

    fn reduce(value: &T, _: &Context<'_>) -> Result<T, BoxError> {
        Ok(value.clone())
    }

    fn expand(stored: T, _: &Context<'_>) -> Result<T, BoxError> {
        Ok(stored)
    }
}

impl<T, A: Adapter<T>> Adapter<Option<T>> for Option<A> {
    type Stored = Option<A::Stored>;
    const CALLS: bool = false;

    fn adapted_def() -> &'static TypeDef {
        const { &TypeDef::option::<Adapted<Self, Option<T>>>(A::adapted_def) }
    }

    fn reduce(value: &Option<T>, context: &Context<'_>) -> Result<Self::Stored, BoxError> {
        value.as_ref().map(|value| A::reduce(value, context)).transpose()
    }

    fn expand(stored: Self::Stored, context: &Context<'_>) -> Result<Option<T>, BoxError> {
        stored.map(|stored| made::<T, A>(stored, context)).transpose()
    }
}

impl<T, A: Adapter<T>> Adapter<Box<T>> for Box<A> {
    type Stored = Box<A::Stored>;
    const CALLS: bool = false;

    fn adapted_def() -> &'static TypeDef {
        A::adapted_def()
    }

    fn reduce(value: &Box<T>, context: &Context<'_>) -> Result<Self::Stored, BoxError> {
        A::reduce(value, context).map(Box::new)
    }

    fn expand(stored: Self::Stored, context: &Context<'_>) -> Result<Box<T>, BoxError> {
        made::<T, A>(*stored, context).map(Box::new)
    }
}

impl<T, A: Adapter<T>, const N: usize> Adapter<[T; N]> for [A; N] {
    type Stored = [A::Stored; N];
    const CALLS: bool = false;

    fn adapted_def() -> &'static TypeDef {
        const { &TypeDef::array::<Adapted<Self, [T; N]>>(N, A::adapted_def) }
    }

    fn reduce(value: &[T; N], context: &Context<'_>) -> Result<Self::Stored, BoxError> {
        array(each(value, |value| A::reduce(value, context)))
    }

    fn expand(stored: Self::Stored, context: &Context<'_>) -> Result<[T; N], BoxError> {
        array(each(stored, |stored| made::<T, A>(stored, context)))
    }
}

/// An array of as many elements as there are.
fn array<T, const N: usize>(
    elements: impl Iterator<Item = Result<T, BoxError>>,
) -> Result<[T; N], BoxError> {
    let elements = elements.collect::<Result<Vec<T>, BoxError>>()?;
    elements.try_into().map_err(|_| "an array of another length".into())
}

/// Sequences; their stored form is always a list.
macro_rules! sequence {
    ($($container:ident where $($bound:ident)?;)*) => {$(
        impl<T $(: $bound)?, A: Adapter<T>> Adapter<$container<T>> for $container<A> {
            type Stored = Vec<A::Stored>;
            const CALLS: bool = false;

            fn adapted_def() -> &'static TypeDef {
                const { &TypeDef::list::<Adapted<Self, $container<T>>>(A::adapted_def) }
            }

            fn reduce(
                value: &$container<T>,
                context: &Context<'_>,
            ) -> Result<Self::Stored, BoxError> {
                each(value, |value| A::reduce(value, context)).collect()
            }

            fn expand(
                stored: Self::Stored,
                context: &Context<'_>,
            ) -> Result<$container<T>, BoxError> {
                each(stored, |stored| made::<T, A>(stored, context)).collect()
            }
        }
    )*};
}

sequence! {
    Vec where;
    VecDeque where;
}

impl<T: Ord, A: Adapter<T>> Adapter<BTreeSet<T>> for BTreeSet<A> {
    type Stored = Vec<A::Stored>;
    const CALLS: bool = false;

    fn adapted_def() -> &'static TypeDef {
        const { &TypeDef::list::<Adapted<Self, BTreeSet<T>>>(A::adapted_def) }
    }

    fn reduce(value: &BTreeSet<T>, context: &Context<'_>) -> Result<Self::Stored, BoxError> {
        each(value, |value| A::reduce(value, context)).collect()
    }

    fn expand(stored: Self::Stored, context: &Context<'_>) -> Result<BTreeSet<T>, BoxError> {
        let mut set = BTreeSet::new();
        for (index, value) in each(stored, |stored| made::<T, A>(stored, context)).enumerate() {
            if !set.insert(value?) {
                return Err(at(index)(TWICE_IN_SET.into()));
            }
        }
        Ok(set)
    }
}

const TWICE_IN_SET: &str = "an element occurs twice in a set";
const TWICE_IN_MAP: &str = "a key occurs twice in a map";

type StoredPairs<A, K, B, V> = Pairs<<A as Adapter<K>>::Stored, <B as Adapter<V>>::Stored>;

fn reduce_pairs<'a, K: 'a, V: 'a, A: Adapter<K>, B: Adapter<V>>(
    entries: impl IntoIterator<Item = (&'a K, &'a V)>,
    context: &Context<'_>,
) -> Result<StoredPairs<A, K, B, V>, BoxError> {
    let pair = |(index, (key, value))| {
        let key = A::reduce(key, context).map_err(at_key(index))?;
        Ok((key, B::reduce(value, context).map_err(at(index))?))
    };
    entries.into_iter().enumerate().map(pair).collect::<Result<_, _>>().map(Pairs)
}

fn expand_pairs<K, V, A: Adapter<K>, B: Adapter<V>>(
    stored: StoredPairs<A, K, B, V>,
    context: &Context<'_>,
    mut insert: impl FnMut(K, V) -> bool,
) -> Result<(), BoxError> {
    for (index, (key, value)) in stored.0.into_iter().enumerate() {
        let key = made::<K, A>(key, context).map_err(at_key(index))?;
        let value = made::<V, B>(value, context).map_err(at(index))?;
        if !insert(key, value) {
            return Err(at_key(index)(TWICE_IN_MAP.into()));
        }
    }
    Ok(())
}

/// [`Same`] stands for keys or values that need no adapter.
impl<K: Ord, V, A: Adapter<K>, B: Adapter<V>> Adapter<BTreeMap<K, V>> for BTreeMap<A, B> {
    type Stored = StoredPairs<A, K, B, V>;
    const CALLS: bool = false;

    fn adapted_def() -> &'static TypeDef {
        const { &TypeDef::map::<Adapted<Self, BTreeMap<K, V>>>(A::adapted_def, B::adapted_def) }
    }

    fn reduce(value: &BTreeMap<K, V>, context: &Context<'_>) -> Result<Self::Stored, BoxError> {
        reduce_pairs::<K, V, A, B>(value, context)
    }

    fn expand(stored: Self::Stored, context: &Context<'_>) -> Result<BTreeMap<K, V>, BoxError> {
        let mut map = BTreeMap::new();
        expand_pairs::<K, V, A, B>(stored, context, |key, value| map.insert(key, value).is_none())?;
        Ok(map)
    }
}

#[cfg(feature = "std")]
mod hashed {
    use super::*;
    use core::hash::{BuildHasher, Hash};
    use std::collections::{HashMap, HashSet};

    /// [`Same`] stands for keys or values that need no adapter.
    impl<K, V, S, A, B, R> Adapter<HashMap<K, V, S>> for HashMap<A, B, R>
    where
        K: Eq + Hash,
        S: BuildHasher + Default,
        A: Adapter<K>,
        B: Adapter<V>,
    {
        type Stored = StoredPairs<A, K, B, V>;
        const CALLS: bool = false;

        fn adapted_def() -> &'static TypeDef {
            const { &TypeDef::map::<Adapted<Self, HashMap<K, V, S>>>(A::adapted_def, B::adapted_def) }
        }

        fn reduce(
            value: &HashMap<K, V, S>,
            context: &Context<'_>,
        ) -> Result<Self::Stored, BoxError> {
            reduce_pairs::<K, V, A, B>(value, context)
        }

        fn expand(
            stored: Self::Stored,
            context: &Context<'_>,
        ) -> Result<HashMap<K, V, S>, BoxError> {
            let mut map = HashMap::default();
            expand_pairs::<K, V, A, B>(stored, context, |key, value| {
                map.insert(key, value).is_none()
            })?;
            Ok(map)
        }
    }

    impl<T, S, A, R> Adapter<HashSet<T, S>> for HashSet<A, R>
    where
        T: Eq + Hash,
        S: BuildHasher + Default,
        A: Adapter<T>,
    {
        type Stored = Vec<A::Stored>;
        const CALLS: bool = false;

        fn adapted_def() -> &'static TypeDef {
            const { &TypeDef::list::<Adapted<Self, HashSet<T, S>>>(A::adapted_def) }
        }

        fn reduce(value: &HashSet<T, S>, context: &Context<'_>) -> Result<Self::Stored, BoxError> {
            each(value, |value| A::reduce(value, context)).collect()
        }

        fn expand(stored: Self::Stored, context: &Context<'_>) -> Result<HashSet<T, S>, BoxError> {
            let mut set = HashSet::default();
            for (index, value) in each(stored, |stored| made::<T, A>(stored, context)).enumerate() {
                if !set.insert(value?) {
                    return Err(at(index)(TWICE_IN_SET.into()));
                }
            }
            Ok(set)
        }
    }
}

macro_rules! tuple {
    ($($type:ident $adapter:ident $index:tt),+) => {
        impl<$($type,)+ $($adapter: Adapter<$type>),+> Adapter<($($type,)+)> for ($($adapter,)+) {
            type Stored = ($($adapter::Stored,)+);
            const CALLS: bool = false;

            fn adapted_def() -> &'static TypeDef {
                const { &TypeDef::tuple::<Adapted<Self, ($($type,)+)>>(const { &[$($adapter::adapted_def as DefFn),+] }) }
            }

            fn reduce(
                value: &($($type,)+),
                context: &Context<'_>,
            ) -> Result<Self::Stored, BoxError> {
                Ok(($($adapter::reduce(&value.$index, context).map_err(at_part(stringify!($index)))?,)+))
            }

            fn expand(
                stored: Self::Stored,
                context: &Context<'_>,
            ) -> Result<($($type,)+), BoxError> {
                Ok(($(made::<$type, $adapter>(stored.$index, context).map_err(at_part(stringify!($index)))?,)+))
            }
        }
    };
}

tuple!(T A 0);
tuple!(T A 0, U B 1);
tuple!(T A 0, U B 1, V C 2);
tuple!(T A 0, U B 1, V C 2, W D 3);
tuple!(T A 0, U B 1, V C 2, W D 3, X E 4);
tuple!(T A 0, U B 1, V C 2, W D 3, X E 4, Y F 5);
impl<T, E, A: Adapter<T>, B: Adapter<E>> Adapter<Result<T, E>> for Result<A, B> {
    type Stored = Result<A::Stored, B::Stored>;
    const CALLS: bool = false;

    fn adapted_def() -> &'static TypeDef {
        const {
            &TypeDef::enumeration::<Adapted<Self, Result<T, E>>>(
                "Result",
                const {
                    &[
                        Variant::new(
                            "Ok",
                            Fields::Tuple(const { &[Field::unnamed(A::adapted_def)] }),
                        ),
                        Variant::new(
                            "Err",
                            Fields::Tuple(const { &[Field::unnamed(B::adapted_def)] }),
                        ),
                    ]
                },
            )
            .by_name()
        }
    }

    fn reduce(value: &Result<T, E>, context: &Context<'_>) -> Result<Self::Stored, BoxError> {
        Ok(match value {
            Ok(value) => Ok(A::reduce(value, context)?),
            Err(error) => Err(B::reduce(error, context)?),
        })
    }

    fn expand(stored: Self::Stored, context: &Context<'_>) -> Result<Result<T, E>, BoxError> {
        Ok(match stored {
            Ok(stored) => Ok(made::<T, A>(stored, context)?),
            Err(stored) => Err(made::<E, B>(stored, context)?),
        })
    }
}
