//! The flat codings: one number for all, so many bits each, or the numbers as they are.

use super::header;
use super::pack::{self, CHUNK, Packer};
use super::unpack;
use super::word::{Narrow, Order};
use crate::error::Error;
use crate::limits::Budget;
use crate::read::Input;
use crate::varint;
use alloc::vec::Vec;

/// The smallest and the largest of numbers, turned so that they compare as their bits do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range<W> {
    pub low: W,
    pub high: W,
}

impl<W: Narrow> Range<W> {
    /// Of no numbers, that of zero.
    #[inline]
    pub(super) fn of(values: impl Iterator<Item = W>, order: Order) -> Self {
        // Turned so that a processor compares some at once.
        let turn = if (order == Order::Signed) == W::SIGNED { W::low(0) } else { W::SIGN };
        let sign = if W::SIGNED { W::SIGN } else { W::low(0) };
        let none = (W::low(u64::MAX).xor(sign), sign);
        let (low, high) = values.fold(none, |(low, high), value| {
            let value = value.xor(turn);
            (low.least(value), high.most(value))
        });
        if low != low.least(high) {
            let zero = W::low(0).ordered(order);
            return Range { low: zero, high: zero };
        }
        Range { low: low.xor(turn).ordered(order), high: high.xor(turn).ordered(order) }
    }

    /// The bits that what they exceed the smallest by takes.
    #[inline]
    pub(super) fn width(self) -> u32 {
        bits(self.high.minus(self.low).wide())
    }
}

/// The bits that a number takes.
#[inline]
pub(super) fn bits(value: u64) -> u32 {
    u64::BITS - value.leading_zeros()
}

/// The bytes that a number of variable length takes.
#[inline]
pub(super) fn head_size(value: u64) -> usize {
    (bits(value).max(1) as usize).div_ceil(7)
}

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flat<W> {
    Constant(W),
    Packed { width: u32, base: W },
    Raw,
}

impl<W: Narrow> Flat<W> {
    /// The smallest coding of numbers in a range, and its size.
    pub(super) fn of(range: Range<W>, count: usize, order: Order) -> (Self, usize) {
        let low = range.low.ordered(order);
        let width = range.width();
        let raw = (Flat::Raw, 1 + size_of::<W>().saturating_mul(count));
        if width == 0 {
            let constant = (Flat::Constant(low), 1 + head_size(low.head(order)));
            return if constant.1 <= raw.1 { constant } else { raw };
        }
        let packed = |width| 1 + pack::size(count, width).unwrap_or(usize::MAX - CHUNK);
        let based = (Flat::Packed { width, base: low }, packed(width) + head_size(low.head(order)));
        let smallest = if width < W::BITS && based.1 < raw.1 { based } else { raw };
        let negative = order == Order::Signed && low.wide_signed() < 0;
        let bare = bits(range.high.ordered(order).wide());
        if negative || bare >= W::BITS {
            return smallest;
        }
        let bare = (Flat::Packed { width: bare, base: W::low(0) }, packed(bare));
        if bare.1 <= smallest.1 { bare } else { smallest }
    }

    /// Writes numbers that this was found for.
    #[inline]
    pub(super) fn put(self, values: &[W], order: Order, out: &mut Vec<u8>) {
        self.put_head(order, out);
        match self {
            Flat::Constant(_) => {}
            Flat::Raw => W::append_raw(values, out),
            Flat::Packed { width, base } => {
                let mut packer = Packer::new(values.len(), width, out);
                packer.push(values, base);
                packer.finish();
            }
        }
    }

    /// The same, of what numbers are turned into.
    pub(super) fn put_with(
        self,
        values: &[W],
        turn: impl Fn(W) -> W,
        order: Order,
        out: &mut Vec<u8>,
    ) {
        self.put_head(order, out);
        let mut turned = [W::low(0); CHUNK];
        let mut each = |put: &mut dyn FnMut(&[W])| {
            for chunk in values.chunks(CHUNK) {
                for (to, value) in turned.iter_mut().zip(chunk) {
                    *to = turn(*value);
                }
                put(turned.get(..chunk.len()).unwrap_or_default());
            }
        };
        match self {
            Flat::Constant(_) => {}
            Flat::Raw => each(&mut |chunk| W::append_raw(chunk, out)),
            Flat::Packed { width, base } => {
                let mut packer = Packer::new(values.len(), width, out);
                each(&mut |chunk| packer.push(chunk, base));
                packer.finish();
            }
        }
    }

    /// The same, of so many numbers that lie nowhere.
    pub(super) fn put_each(
        self,
        count: usize,
        values: impl Iterator<Item = W>,
        order: Order,
        out: &mut Vec<u8>,
    ) {
        self.put_head(order, out);
        match self {
            Flat::Constant(_) => {}
            Flat::Raw => in_chunks(values, |chunk| W::append_raw(chunk, out)),
            Flat::Packed { width, base } => {
                let mut packer = Packer::new(count, width, out);
                in_chunks(values, |chunk| packer.push(chunk, base));
                packer.finish();
            }
        }
    }

    #[inline]
    fn put_head(self, order: Order, out: &mut Vec<u8>) {
        match self {
            Flat::Constant(value) => {
                out.push(header::CONSTANT);
                varint::push(out, value.head(order));
            }
            Flat::Raw => out.push(header::RAW),
            Flat::Packed { width, base } if base == W::low(0) => out.push(u8::low(width.into())),
            Flat::Packed { width, base } => {
                out.push(u8::low(width.into()) | header::BASE);
                varint::push(out, base.head(order));
            }
        }
    }
}

impl Flat<u8> {
    /// The same, of bytes that lie before them in what is written.
    pub(super) fn put_own(self, from: usize, count: usize, out: &mut Vec<u8>) {
        self.put_head(Order::Unsigned, out);
        match self {
            Flat::Constant(_) => {}
            Flat::Raw => out.extend_from_within(from..from.saturating_add(count)),
            Flat::Packed { width, .. } => {
                let mut packer = Packer::new(count, width, out);
                packer.push_own(from, count);
                packer.finish();
            }
        }
    }
}

/// Gathers values in chunks, full ones but for the last.
#[inline]
fn in_chunks<W: Narrow>(values: impl Iterator<Item = W>, mut each: impl FnMut(&[W])) {
    let mut values = values.fuse();
    let mut chunk = [W::low(0); CHUNK];
    loop {
        let mut filled = 0usize;
        for (to, value) in chunk.iter_mut().zip(&mut values) {
            *to = value;
            filled = filled.wrapping_add(1);
        }
        match chunk.get(..filled) {
            None | Some([]) => return,
            Some(full) => each(full),
        }
    }
}

/// Writes numbers flat.
pub(super) fn put<W: Narrow>(values: &[W], order: Order, out: &mut Vec<u8>) {
    if !values.is_empty() {
        let range = Range::of(values.iter().copied(), order);
        Flat::of(range, values.len(), order).0.put(values, order, out);
    }
}

/// The error for a header that names no coding.
#[cold]
pub(super) fn unknown(start: &Input<'_>) -> Error {
    start.malformed("a block of numbers has a coding that there is not")
}

/// The width and the base of a packed block, by its header.
fn packed<W: Narrow>(
    header: u8,
    order: Order,
    start: &Input<'_>,
    input: &mut Input<'_>,
) -> Result<(u32, W), Error> {
    let width = u32::from(header & header::WIDTH);
    if header > header::WIDTH | header::BASE || width == 0 || width >= W::BITS {
        return Err(unknown(start));
    }
    if header & header::BASE == 0 {
        return Ok((width, W::low(0)));
    }
    let base = W::get_head(order, input)?;
    if base == W::low(0) {
        return Err(start.malformed("a block of numbers has a base of zero"));
    }
    Ok((width, base))
}

/// Appends the numbers of a flat block.
pub(super) fn get<W: Narrow>(
    count: usize,
    order: Order,
    input: &mut Input<'_>,
    budget: &mut Budget,
    out: &mut Vec<W>,
) -> Result<(), Error> {
    if count == 0 {
        return Ok(());
    }
    let start = *input;
    match input.byte()? {
        header::CONSTANT => {
            let value = W::get_head(order, input)?;
            reserve(count, &start, budget, out)?;
            out.resize(out.len().saturating_add(count), value);
        }
        header::RAW => {
            let bytes = input.numbers(count, size_of::<W>())?;
            reserve(count, &start, budget, out)?;
            W::extend_raw(bytes, out);
        }
        other => {
            let (width, base) = packed(other, order, &start, input)?;
            let bytes = take_packed(count, width, input)?;
            reserve(count, &start, budget, out)?;
            let from = out.len();
            unpack::unpack(bytes, count, width, base, out);
            let values = out.get(from..).unwrap_or_default();
            check_overflow(values, width, base, order, &start)?;
        }
    }
    Ok(())
}

/// The bytes of packed numbers, whose last bits are zero.
fn take_packed<'de>(count: usize, width: u32, input: &mut Input<'de>) -> Result<&'de [u8], Error> {
    let bytes = input.take(pack::size(count, width).ok_or_else(|| input.end())?)?;
    let used = (count % 8).wrapping_mul(width as usize) % 8;
    match bytes.last() {
        Some(last) if used > 0 && last >> used != 0 => {
            Err(input.malformed("the last bits of a block of numbers are not zero"))
        }
        _ => Ok(bytes),
    }
}

/// What is packed and its base are not more than a number can be.
fn check_overflow<W: Narrow>(
    values: &[W],
    width: u32,
    base: W,
    order: Order,
    start: &Input<'_>,
) -> Result<(), Error> {
    let most = W::low(u64::MAX).wide();
    let room = most.wrapping_sub(base.ordered(order).wide());
    // Most blocks are far from it, and need no look at their numbers.
    if bits(room) > width {
        return Ok(());
    }
    // One that went beyond the end has come out below the base.
    match values.iter().all(|value| value.ordered(order) >= base.ordered(order)) {
        true => Ok(()),
        false => Err(start.malformed("a number of a block exceeds what its column can hold")),
    }
}

/// Makes room for numbers, as far as the budget allows.
#[inline]
pub(super) fn reserve<W>(
    count: usize,
    start: &Input<'_>,
    budget: &mut Budget,
    out: &mut Vec<W>,
) -> Result<(), Error> {
    match budget.allocate(count, size_of::<W>()) {
        Ok(()) => {
            out.reserve(count);
            Ok(())
        }
        Err(limit) => Err(start.exhausted(limit)),
    }
}

/// Steps over a flat block.
pub(super) fn pass<W: Narrow>(count: usize, input: &mut Input<'_>) -> Result<(), Error> {
    if count == 0 {
        return Ok(());
    }
    let start = *input;
    match input.byte()? {
        header::CONSTANT => W::get_head(Order::Unsigned, input).map(drop),
        header::RAW => input.numbers(count, size_of::<W>()).map(drop),
        other => {
            let (width, _) = packed::<W>(other, Order::Unsigned, &start, input)?;
            take_packed(count, width, input).map(drop)
        }
    }
}
