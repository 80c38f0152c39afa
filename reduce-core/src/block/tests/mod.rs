//! Blocks come back as they were, take the bytes that are told of them, and no bytes do harm.

mod bytes;
mod hostile;
mod numbers;
mod speed;
mod texts;

use super::{Effort, Order, Word, get, pass, put};
use crate::error::Error;
use crate::limits::{Budget, Limits};
use crate::read::Input;
use alloc::vec::Vec;

const EFFORTS: [Effort; 2] = [Effort::Fast, Effort::Small];

fn budget() -> Budget {
    Limits::default().budget(0)
}

fn put_all<W: Word>(values: &[W], order: Order, effort: Effort) -> Vec<u8> {
    let mut out = Vec::new();
    put(values, order, effort, &mut out);
    out
}

/// The numbers of a block, behind which nothing follows.
fn get_all<W: Word>(count: usize, order: Order, bytes: &[u8]) -> Result<Vec<W>, Error> {
    let (mut input, mut out) = (Input::new(bytes), Vec::new());
    get(count, order, &mut input, &mut budget(), &mut out)?;
    assert_eq!(out.len(), count);
    let mut passed = Input::new(bytes);
    pass::<W>(count, &mut passed)?;
    assert_eq!(passed.offset(), input.offset());
    if input.is_empty() { Ok(out) } else { Err(input.malformed("trailing bytes")) }
}

/// Writes numbers both ways, and reads them.
fn round_trip<W: Word>(values: &[W]) {
    for order in [Order::Unsigned, Order::Signed, Order::Float] {
        let sizes = EFFORTS.map(|effort| {
            let bytes = put_all(values, order, effort);
            assert_eq!(get_all::<W>(values.len(), order, &bytes).unwrap(), values, "{order:?}");
            bytes.len()
        });
        assert!(sizes[1] <= sizes[0], "{order:?} {sizes:?}");
    }
}

/// Numbers that look random and are the same each time.
fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    let mut state = seed | 1;
    core::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    })
    .skip(20) // the first are small
}
