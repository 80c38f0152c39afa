//! How a std type becomes a record or an enum, as the derive would write it.

use crate::column::Column;
use crate::error::Error;
use crate::expand::Expand;
use crate::read::{Mode, ReadFields, Reader};
use crate::reduce::Reduce;
use crate::write::{CHUNK, Columns};
use core::iter::once;

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

/// Adds one value to a column.
#[inline]
pub(crate) fn reduce_one<T: Reduce>(
    value: &T,
    column: Column,
    columns: &mut Columns<'_>,
) -> Result<(), Error> {
    T::reduce_column(once(value), column, columns)
}

/// Adds what is made of values to a column.
#[inline]
pub(super) fn reduce_made<S, T: Reduce + Copy>(
    rows: &[&S],
    make: impl Fn(&S) -> T,
    column: Column,
    columns: &mut Columns<'_>,
) -> Result<(), Error> {
    let Some(first) = rows.first() else { return Ok(()) };
    let mut made = [make(first); CHUNK];
    for (place, row) in made.iter_mut().zip(rows) {
        *place = make(row);
    }
    T::reduce_column(made.get(..rows.len()).unwrap_or_default().iter(), column, columns)
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
                        $(Field::part(stringify!($field), <$of as $crate::describe::Describe>::PART)),*
                    ] })).by_name()
                }
            }

            const PART: $crate::program::PartDef = $crate::program::PartDef::in_columns(Self::def);
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

            fn reduce_rows(
                rows: &[&Self],
                column: $crate::column::Column,
                columns: &mut $crate::write::Columns<'_>,
            ) -> Result<(), $crate::error::Error> {
                let mut places = 0usize..;
                $({
                    let part = columns.part(column, places.next().unwrap_or_default())?;
                    for $value in rows {
                        $crate::impls::shape::reduce_one::<$of>(&$part, part, columns)?;
                    }
                })*
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
                $crate::read::ReadFields::end(&mut fields, $r)?;
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

            const PART: $crate::program::PartDef = $crate::program::PartDef::in_columns(Self::def);
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

            fn reduce_rows(
                rows: &[&Self],
                column: $crate::column::Column,
                columns: &mut $crate::write::Columns<'_>,
            ) -> Result<(), $crate::error::Error> {
                columns.variants(column, rows.iter().map(|row| match row {
                    $(variant_pattern!($variant $($value)?) => $index,)*
                }))?;
                $($(
                    let part = columns.first_field(column, $index)?;
                    let values = rows.iter().filter_map(|row| match row {
                        Self::$variant($value) => Some($value),
                        #[allow(unreachable_patterns, reason = "there may be no other variant")]
                        _ => None,
                    });
                    <$of as $crate::reduce::Reduce>::reduce_column(values, part, columns)?;
                )?)*
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
                $crate::read::ReadFields::end(&mut fields, r)?;
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
            const { &[$crate::program::Field::part("", <$of as $crate::describe::Describe>::PART)] },
        )
    };
}

/// What a variant looks like, whatever it holds.
macro_rules! variant_pattern {
    ($variant:ident) => {
        Self::$variant
    };
    ($variant:ident $value:ident) => {
        Self::$variant(_)
    };
}

/// A variant, to be counted.
macro_rules! variant_one {
    ($variant:ident) => {
        1
    };
}
