//! Numbers of a column: one, or those of rows side by side at once. What one number is elsewhere, is in `number`.

use alloc::vec::Vec;

/// A number from the word that a column has of it.
pub(super) trait OfWord<W> {
    fn of_word(word: W) -> Self;
}

macro_rules! of_words {
    ($($type:ident $word:ident $from:expr;)*) => {$(
        impl OfWord<$word> for $type {
            #[inline(always)]
            fn of_word(word: $word) -> Self {
                $from(word)
            }
        }
    )*};
}

of_words! {
    bool u8 |word| word != 0;
    u8 u8 core::convert::identity;
    u16 u16 core::convert::identity;
    u32 u32 core::convert::identity;
    u64 u64 core::convert::identity;
    u128 u128 core::convert::identity;
    i8 u8 u8::cast_signed;
    i16 u16 u16::cast_signed;
    i32 u32 u32::cast_signed;
    i64 u64 u64::cast_signed;
    i128 u128 u128::cast_signed;
    f32 u32 f32::from_bits;
    f64 u64 f64::from_bits;
}

/// A list of such numbers.
#[inline(never)]
pub(super) fn list<W: Copy, T: OfWord<W>>(words: &[W]) -> Vec<T> {
    words.iter().map(|word| T::of_word(*word)).collect()
}

/// The part of `Expand` for a type that is [`OfWord`].
macro_rules! words {
    (u8 w8) => { number_column::words!(u8 byte bytes_of bytes); };
    ($type:ident w8) => { number_column::words!($type w8 w8s w8); };
    ($type:ident w16) => { number_column::words!($type w16 w16s w16); };
    ($type:ident w32) => { number_column::words!($type w32 w32s w32); };
    ($type:ident w64) => { number_column::words!($type w64 w64s w64); };
    ($type:ident w128) => { number_column::words!($type w128 w128s w128); };
    ($type:ident $one:ident $many:ident $rows:ident) => {
        #[inline(always)]
        fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
            r.columns()?.$one(slot).map(OfWord::of_word)
        }

        fn expand_slots(
            count: usize,
            first: Slot,
            r: &mut Reader<'_, 'de>,
        ) -> Result<Vec<Self>, Error> {
            r.allocate(count, size_of::<Self>())?;
            let words = r.columns()?.$many(count, first)?;
            Ok(number_column::list(words))
        }

        #[inline(always)]
        fn expand_list_rows<'c>(
            elements: Rows<'c, 'de>,
        ) -> Result<
            impl FnMut(usize, usize, &mut Reader<'_, 'de>) -> Result<Vec<Self>, Error>,
            Error,
        > {
            let words = elements.$rows()?;
            Ok(move |from, count, r: &mut Reader<'_, 'de>| {
                r.allocate(count, size_of::<Self>())?;
                let words = words.get(from..).and_then(|words| words.get(..count));
                words.map(number_column::list).ok_or_else(astray)
            })
        }

        #[inline]
        fn expand_slot_array<const N: usize>(
            first: Slot,
            r: &mut Reader<'_, 'de>,
        ) -> Result<[Self; N], Error> {
            match r.columns()?.$many(N, first)?.first_chunk::<N>() {
                Some(words) => Ok(words.map(Self::of_word)),
                None => Err(astray()),
            }
        }

        #[inline(always)]
        fn expand_rows<'c, const WITHIN: bool>(
            rows: Rows<'c, 'de>,
        ) -> Result<impl FnMut(usize, &mut Reader<'_, 'de>) -> Result<Self, Error>, Error> {
            let words = rows.$rows()?;
            Ok(move |row, _: &mut Reader<'_, 'de>| Ok(Self::of_word(of_row(words, row))))
        }

        #[inline(always)]
        fn expand_array_rows<'c, const N: usize>(
            elements: Rows<'c, 'de>,
        ) -> Result<impl FnMut(usize, &mut Reader<'_, 'de>) -> Result<[Self; N], Error>, Error> {
            let words = elements.$rows()?;
            Ok(move |row: usize, _: &mut Reader<'_, 'de>| {
                let words = words.get(row.saturating_mul(N)..).and_then(<[_]>::first_chunk::<N>);
                words.map(|words| words.map(Self::of_word)).ok_or_else(astray)
            })
        }
    };
}
pub(super) use words;

/// The same for an integer: those whose lists are not in `number_list` are as wide as the machine.
macro_rules! integer {
    ($type:ident $one:ident $wide:ident variable) => {
        number_column::words!($type $one);
    };
    ($type:ident $one:ident $wide:ident) => {
        #[inline]
        fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
            let word = r.columns()?.$one(slot)?;
            let wide: $wide = OfWord::of_word(word);
            $type::try_from(wide)
                .map_err(|_| outside(ErrorKind::InvalidValue, stringify!($type), &wide, r))
        }
    };
}
pub(super) use integer;
