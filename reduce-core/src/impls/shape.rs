//! How a std type becomes a record or an enum, as the derive would write it.

use crate::error::Error;
use crate::expand::Expand;
use crate::read::{Mode, ReadFields, Reader};

/// Reads a field that the stream must have.
#[inline(always)]
pub(crate) fn next_field<'de, T: Expand<'de>, F: ReadFields<'de>>(
    fields: &mut F,
    index: usize,
    at: &'static str,
    r: &mut Reader<'_, 'de>,
) -> Result<T, Error> {
    match fields.need(index, r).and_then(|mode| mode.value(r)) {
        Ok(value) => Ok(value),
        Err(error) => Err(error.in_field(at)),
    }
}

/// A record: each field is taken apart by an expression, and the whole is put together by another one.
///
/// ```text
/// record! {
///     [T] Range<T>, "Range", |range, r| { start: T = range.start, end: T = range.end }
///     => Ok(Range { start, end })
/// }
/// ```
macro_rules! record {
    (
        [$($generic:ident),*] $type:ty, $name:literal,
        |$value:ident, $r:ident| { $($field:ident: $of:ty = $part:expr),* $(,)? } => $whole:expr
    ) => {
        impl<$($generic: $crate::describe::Describe),*> $crate::describe::Describe for $type {
            fn def() -> &'static $crate::program::TypeDef {
                use $crate::program::{Field, Fields, TypeDef};
                const {
                    &TypeDef::record::<Self>($name, Fields::Named(const { &[
                        $(Field::new(stringify!($field), <$of as $crate::describe::Describe>::def)),*
                    ] })).by_name()
                }
            }
        }

        impl<$($generic: $crate::reduce::Reduce),*> $crate::reduce::Reduce for $type {
            fn reduce(
                &self,
                w: &mut $crate::write::Writer<'_>,
            ) -> Result<(), $crate::error::Error> {
                let $value = self;
                $($crate::__private::reduce_field(&$part, stringify!($field), w)?;)*
                Ok(())
            }
        }

        impl<'de, $($generic: $crate::expand::Expand<'de>),*> $crate::expand::Expand<'de> for $type {
            fn expand(
                r: &mut $crate::read::Reader<'_, 'de>,
            ) -> Result<Self, $crate::error::Error> {
                Self::expand_by($crate::read::Native, r)
            }

            #[inline]
            fn expand_by<M: $crate::read::Mode<'de>>(
                mode: M,
                $r: &mut $crate::read::Reader<'_, 'de>,
            ) -> Result<Self, $crate::error::Error> {
                let mut fields = mode.fields($r)?;
                let mut places = 0usize..;
                $(let $field = $crate::impls::shape::next_field::<$of, M::Fields<'_>>(
                    &mut fields,
                    places.next().unwrap_or_default(),
                    stringify!($field),
                    $r,
                )?;)*
                $crate::read::ReadFields::end(fields, $r)?;
                $whole
            }

            fn collect(_c: &mut $crate::read::Collect<'de>) {
                $($generic::collect(_c);)*
            }
        }
    };
}

/// An enum whose variants hold one value or none, numbered as they are declared.
///
/// ```text
/// enumeration! { [T] Bound<T>, "Bound" { 0 Included(value: T), 1 Excluded(value: T), 2 Unbounded } }
/// ```
macro_rules! enumeration {
    (
        [$($generic:ident),*] $type:ty, $name:literal
        { $($index:literal $variant:ident $(($value:ident: $of:ty))?),* $(,)? }
    ) => {
        impl<$($generic: $crate::describe::Describe),*> $crate::describe::Describe for $type {
            fn def() -> &'static $crate::program::TypeDef {
                use $crate::program::{TypeDef, Variant};
                const {
                    &TypeDef::enumeration::<Self>($name, const { &[
                        $(Variant::new(stringify!($variant), variant_fields!($($of)?))),*
                    ] }).by_name()
                }
            }
        }

        impl<$($generic: $crate::reduce::Reduce),*> $crate::reduce::Reduce for $type {
            fn reduce(
                &self,
                w: &mut $crate::write::Writer<'_>,
            ) -> Result<(), $crate::error::Error> {
                match self {
                    $(Self::$variant $(($value))? => {
                        $crate::__private::reduce_variant($index, w)?;
                        $($crate::__private::reduce_field(
                            $value,
                            concat!(stringify!($variant), ".0"),
                            w,
                        )?;)?
                    })*
                }
                Ok(())
            }
        }

        impl<'de, $($generic: $crate::expand::Expand<'de>),*> $crate::expand::Expand<'de> for $type {
            fn expand(
                r: &mut $crate::read::Reader<'_, 'de>,
            ) -> Result<Self, $crate::error::Error> {
                Self::expand_by($crate::read::Native, r)
            }

            #[inline]
            fn expand_by<M: $crate::read::Mode<'de>>(
                mode: M,
                r: &mut $crate::read::Reader<'_, 'de>,
            ) -> Result<Self, $crate::error::Error> {
                const COUNT: u32 = 0 $(+ variant_one!($variant))*;
                let (variant, mode) = mode.variant($name, COUNT, r)?;
                #[allow(unused_mut, reason = "not every enum has a variant with a value")]
                let mut fields = mode.fields(r)?;
                let value = match variant {
                    $($index => Self::$variant $((
                        $crate::impls::shape::next_field::<$of, M::Fields<'_>>(
                            &mut fields,
                            0,
                            concat!(stringify!($variant), ".0"),
                            r,
                        )?
                    ))?,)*
                    _ => return $crate::__private::no_variant($name, r),
                };
                $crate::read::ReadFields::end(fields, r)?;
                Ok(value)
            }

            fn collect(_c: &mut $crate::read::Collect<'de>) {
                $($generic::collect(_c);)*
            }
        }
    };
}

/// The fields of a variant that holds one value or none.
macro_rules! variant_fields {
    () => {
        $crate::program::Fields::Unit
    };
    ($of:ty) => {
        $crate::program::Fields::Tuple(
            const { &[$crate::program::Field::unnamed(<$of as $crate::describe::Describe>::def)] },
        )
    };
}

/// A variant, to be counted.
macro_rules! variant_one {
    ($variant:ident) => {
        1
    };
}
