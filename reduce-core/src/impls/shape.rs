//! How a std type becomes a record or an enum, as the derive would write it.

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
                    ] }))
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
                $r: &mut $crate::read::Reader<'_, 'de>,
            ) -> Result<Self, $crate::error::Error> {
                $(let $field =
                    $crate::__private::expand_field::<$of>(stringify!($field), $r)?;)*
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
                    ] })
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
                const COUNT: u32 = 0 $(+ variant_one!($variant))*;
                Ok(match $crate::__private::expand_variant($name, COUNT, r)? {
                    $($index => Self::$variant $(({
                        $crate::__private::expand_field::<$of>(
                            concat!(stringify!($variant), ".0"),
                            r,
                        )?
                    }))?,)*
                    _ => return $crate::__private::no_variant($name, r),
                })
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
