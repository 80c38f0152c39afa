//! The numbers that blocks hold: unsigned words of five widths. Signed numbers are their bits, in [`Order::Signed`];
//! floats are their bits.

use super::{Effort, append, halves, numbers};
use crate::error::Error;
use crate::limits::Budget;
use crate::read::Input;
use crate::varint;
use alloc::vec::Vec;
use bytemuck::{AnyBitPattern, NoUninit};
use core::fmt::Debug;

/// Whether the highest bit of a word is a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Unsigned,
    Signed,
    /// The bits of floats: as unsigned words, but for what is tried when they are written.
    Float,
}

/// What a block can hold.
pub(crate) trait Word: Copy + Ord + Default + Debug + AnyBitPattern + NoUninit {
    /// See [`put`](super::put).
    fn put_block(values: &[Self], order: Order, effort: Effort, out: &mut Vec<u8>);

    /// See [`get`](super::get).
    fn get_block(
        count: usize,
        order: Order,
        input: &mut Input<'_>,
        budget: &mut Budget,
        out: &mut Vec<Self>,
    ) -> Result<(), Error>;

    /// See [`pass`](super::pass).
    fn pass_block(count: usize, input: &mut Input<'_>) -> Result<(), Error>;

    /// Appends the bytes of words, little endian.
    fn append_raw(values: &[Self], out: &mut Vec<u8>);

    /// Appends the words that such bytes are.
    fn extend_raw(bytes: &[u8], out: &mut Vec<Self>);
}

/// Words that a register holds: those that are packed.
pub(crate) trait Narrow: Word {
    const BITS: u32;
    /// The highest bit.
    const SIGN: Self;
    /// How many bits of a float of that width are its fraction: none, where there is no such float.
    const FRACTION: u32;
    /// Whether [`least`](Self::least) and [`most`](Self::most) compare with a sign, as most processors have it of such words
    /// many at once.
    const SIGNED: bool;

    /// As a number without sign.
    fn wide(self) -> u64;
    /// As a number with sign.
    fn wide_signed(self) -> i64;
    /// The lower bits of a number.
    fn low(wide: u64) -> Self;
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
    fn xor(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn least(self, other: Self) -> Self;
    fn most(self, other: Self) -> Self;
    /// Of the bits of two floats: the whole number that their product is, or one near by.
    fn steps(self, inverse: Self) -> Self;
    /// Of a whole number and the bits of a float: those of their product.
    fn times(self, step: Self) -> Self;

    /// Turns a word into one that compares in an order as its bits do, and back.
    #[inline]
    fn ordered(self, order: Order) -> Self {
        match order {
            Order::Unsigned | Order::Float => self,
            Order::Signed => self.xor(Self::SIGN),
        }
    }

    /// The number of variable length that stands for a word in a block's head.
    #[inline]
    fn head(self, order: Order) -> u64 {
        match order {
            Order::Unsigned | Order::Float => self.wide(),
            Order::Signed => varint::zigzag(self.wide_signed()),
        }
    }

    /// Reads such a number.
    fn get_head(order: Order, input: &mut Input<'_>) -> Result<Self, Error> {
        let start = *input;
        let head = input.varint()?;
        let word = Self::low(head);
        if word.wide() != head {
            return Err(start.malformed("a number in a block's head is too wide for its column"));
        }
        Ok(match order {
            Order::Unsigned | Order::Float => word,
            // What is cut off are copies of the sign.
            Order::Signed => Self::low(varint::unzigzag(head).cast_unsigned()),
        })
    }
}

macro_rules! raw {
    ($word:ident) => {
        #[inline]
        fn append_raw(values: &[Self], out: &mut Vec<u8>) {
            if cfg!(target_endian = "little") {
                append(out, bytemuck::must_cast_slice(values));
            } else {
                out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            }
        }

        #[inline]
        fn extend_raw(bytes: &[u8], out: &mut Vec<Self>) {
            let (words, _) = bytes.as_chunks::<{ size_of::<$word>() }>();
            out.extend(words.iter().map(|word| $word::from_le_bytes(*word)));
        }
    };
}

/// A float between powers of two that has no fraction, nor has one that is half as much away.
const LARGE: f64 = 1.5 * (1u64 << 52) as f64;

/// Floats of a width and whole numbers of that width. Nothing asks those of a width that no float has.
macro_rules! scaled {
    ($word:ident) => {
        #[inline]
        fn steps(self, _: Self) -> Self {
            self
        }

        #[inline]
        fn times(self, _: Self) -> Self {
            self
        }
    };
    ($word:ident $float:ident) => {
        #[inline]
        #[allow(clippy::cast_possible_truncation, clippy::unnecessary_cast, trivial_numeric_casts)]
        // Whoever asks looks whether it is exact.
        fn steps(self, inverse: Self) -> Self {
            // By way of a number so large that its lowest bit is one: without a look at what is out of range.
            let large = f64::from($float::from_bits(self) * $float::from_bits(inverse)) + LARGE;
            large.to_bits().wrapping_sub(LARGE.to_bits()) as $word
        }

        #[inline]
        #[allow(clippy::cast_precision_loss)] // none of ours has more bits than a fraction
        fn times(self, step: Self) -> Self {
            (self.cast_signed() as $float * $float::from_bits(step)).to_bits()
        }
    };
}

macro_rules! narrow {
    ($($word:ident $signed:literal $fraction:literal $($float:ident)?),*) => {$(
        impl Word for $word {
            fn put_block(values: &[Self], order: Order, effort: Effort, out: &mut Vec<u8>) {
                numbers::put_narrow(values, order, effort, out);
            }

            fn get_block(
                count: usize,
                order: Order,
                input: &mut Input<'_>,
                budget: &mut Budget,
                out: &mut Vec<Self>,
            ) -> Result<(), Error> {
                numbers::get_narrow(count, order, input, budget, out)
            }

            fn pass_block(count: usize, input: &mut Input<'_>) -> Result<(), Error> {
                numbers::pass_narrow::<Self>(count, input)
            }

            raw!($word);
        }

        impl Narrow for $word {
            const BITS: u32 = $word::BITS;
            const SIGN: Self = 1 << ($word::BITS - 1);
            const FRACTION: u32 = $fraction;
            const SIGNED: bool = $signed;

            #[inline]
            fn wide(self) -> u64 {
                u64::from(self)
            }

            #[inline]
            fn wide_signed(self) -> i64 {
                i64::from(self.cast_signed())
            }

            #[inline]
            #[allow(clippy::cast_possible_truncation)] // what it is for
            fn low(wide: u64) -> Self {
                wide as $word
            }

            #[inline]
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }

            #[inline]
            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }

            #[inline]
            fn xor(self, other: Self) -> Self {
                self ^ other
            }

            #[inline]
            fn or(self, other: Self) -> Self {
                self | other
            }

            #[inline]
            fn least(self, other: Self) -> Self {
                if $signed {
                    self.cast_signed().min(other.cast_signed()).cast_unsigned()
                } else {
                    self.min(other)
                }
            }

            #[inline]
            fn most(self, other: Self) -> Self {
                if $signed {
                    self.cast_signed().max(other.cast_signed()).cast_unsigned()
                } else {
                    self.max(other)
                }
            }

            scaled!($word $($float)?);
        }
    )*};
}
narrow!(u8 false 0, u16 true 0, u32 true 23 f32, u64 false 52 f64);

impl Word for u128 {
    fn put_block(values: &[Self], order: Order, effort: Effort, out: &mut Vec<u8>) {
        halves::put(values, order, effort, out);
    }

    fn get_block(
        count: usize,
        order: Order,
        input: &mut Input<'_>,
        budget: &mut Budget,
        out: &mut Vec<Self>,
    ) -> Result<(), Error> {
        halves::get(count, order, input, budget, out)
    }

    fn pass_block(count: usize, input: &mut Input<'_>) -> Result<(), Error> {
        halves::pass(count, input)
    }

    raw!(u128);
}
