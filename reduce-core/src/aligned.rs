//! Lists whose first element lies at an aligned place of the stream, behind padding: `Dumper::aligned`. They can be borrowed
//! from bytes that begin at an aligned address.
//!
//! ```text
//! length * 2 + 1   aligned   n:byte   00*n   the elements, in rows
//! ```

use crate::error::Error;
use crate::opcode;
use crate::read::Input;

/// The greatest alignment that a writer sees to: what lines of memory have. There are fewer bytes of padding.
pub(crate) const MOST: u8 = 64;

/// Whether a list begins here whose elements are aligned.
#[inline]
pub(crate) fn is_ahead(input: &Input<'_>) -> bool {
    let mut ahead = *input;
    ahead.varint().is_ok_and(|head| head & 1 != 0) && begins(&ahead)
}

/// Whether the layout follows.
#[inline]
pub(crate) fn begins(input: &Input<'_>) -> bool {
    input.rest().first() == Some(&opcode::ALIGNED)
}

/// Steps over the layout and its padding.
#[cold]
pub(crate) fn pass(input: &mut Input<'_>) -> Result<(), Error> {
    input.byte()?;
    let at = *input;
    let count = input.byte()?;
    if count >= MOST {
        return Err(at.malformed("more padding in front of a list than any alignment takes"));
    }
    if input.take(count.into())?.iter().any(|byte| *byte != 0) {
        return Err(at.malformed("the padding in front of a list is not zero"));
    }
    Ok(())
}
