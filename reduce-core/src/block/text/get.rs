//! Texts on their way in: checked whole, and cut into rows.

use super::{FEW, MANY, header};
use crate::block::flat::reserve;
use crate::block::word::Narrow;
use crate::block::{Order, Word, get, pass};
use crate::error::{Error, ErrorKind};
use crate::limits::Budget;
use crate::read::Input;
use alloc::vec::Vec;

/// What a column of texts, or of bytes, has beside those.
#[derive(Debug, Default)]
pub(crate) struct TextArena {
    /// Where each begins, and the last one ends; or how long it is.
    pub(crate) starts: Vec<u32>,
    /// Which one of a dictionary it is.
    pub(crate) few: Vec<u8>,
    pub(crate) many: Vec<u16>,
}

impl TextArena {
    /// Forgets a column, and keeps what was allocated.
    pub(crate) fn clear(&mut self) {
        self.starts.clear();
        self.few.clear();
        self.many.clear();
    }
}

/// Where the rows of a column of bytes are in an arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Places {
    Plain,
    Few,
    Many,
}

/// Reads a block of `count` texts, and appends each. What the arena and they take is taken from the budget's bytes, not
/// what texts of their own would take.
pub(crate) fn get_texts<'de>(
    count: usize,
    input: &mut Input<'de>,
    budget: &mut Budget,
    arena: &mut TextArena,
    out: &mut Vec<&'de str>,
) -> Result<(), Error> {
    let start = *input;
    if count == 0 {
        return Ok(());
    }
    arena.clear();
    match input.byte()? {
        header::PLAIN => get_plain_texts(count, input, budget, arena, out),
        header::DICTIONARY => {
            let known = get_known(count, input)?;
            let mut texts = Vec::new();
            get_plain_texts(known, input, budget, arena, &mut texts)?;
            if known <= FEW {
                get_rows(count, known, input, budget, &mut arena.few)?;
                reserve(count, &start, budget, out)?;
                // So that no place needs a check.
                texts.resize(FEW, "");
                let texts = texts.first_chunk::<FEW>().unwrap_or(&[""; FEW]);
                let text = |place: &u8| texts.get(usize::from(*place)).copied().unwrap_or_default();
                out.extend(arena.few.iter().map(text));
            } else {
                get_rows(count, known, input, budget, &mut arena.many)?;
                reserve(count, &start, budget, out)?;
                let text =
                    |place: &u16| texts.get(usize::from(*place)).copied().unwrap_or_default();
                out.extend(arena.many.iter().map(text));
            }
            Ok(())
        }
        _ => Err(unknown(&start)),
    }
}

fn get_plain_texts<'de>(
    count: usize,
    input: &mut Input<'de>,
    budget: &mut Budget,
    arena: &mut TextArena,
    out: &mut Vec<&'de str>,
) -> Result<(), Error> {
    let length = input.length()?;
    let at = input.offset();
    let text = core::str::from_utf8(input.take(length)?).map_err(|error| {
        Error::new(ErrorKind::Malformed, "text is not UTF-8")
            .with_offset(at.saturating_add(error.valid_up_to()))
    })?;
    if u32::try_from(length).is_ok() {
        cut(text, count, input, budget, &mut arena.starts, out)
    } else {
        cut::<u64>(text, count, input, budget, &mut Vec::new(), out)
    }
}

/// Reads how long texts are, and cuts them apart.
fn cut<'de, L: Narrow>(
    text: &'de str,
    count: usize,
    input: &mut Input<'_>,
    budget: &mut Budget,
    lengths: &mut Vec<L>,
    out: &mut Vec<&'de str>,
) -> Result<(), Error> {
    let start = *input;
    get(count, Order::Unsigned, input, budget, lengths)?;
    reserve(count, &start, budget, out)?;
    let mut rest = text;
    let mut is_cut = true;
    out.extend(lengths.iter().map(|length| {
        let length = usize::try_from(length.wide()).unwrap_or(usize::MAX);
        // It is looked at whether a character ends there.
        let Some((text, behind)) = rest.split_at_checked(length) else {
            is_cut = false;
            return "";
        };
        rest = behind;
        text
    }));
    if is_cut && rest.is_empty() {
        return Ok(());
    }
    let sum = lengths.iter().try_fold(0u64, |sum, length| sum.checked_add(length.wide()));
    Err(start.malformed(match sum == Some(text.len() as u64) {
        true => "a text of a block ends within a character",
        false => "the texts of a block are not as long as its bytes",
    }))
}

/// Reads a block of `count` lists of bytes, whose rows are put into an arena without any.
pub(crate) fn get_bytes<'de>(
    count: usize,
    input: &mut Input<'de>,
    budget: &mut Budget,
    arena: &mut TextArena,
) -> Result<(&'de [u8], Places), Error> {
    let start = *input;
    if count == 0 {
        return Ok((&[], Places::Plain));
    }
    match input.byte()? {
        header::PLAIN => {
            let bytes = get_plain_bytes(count, input, budget, &mut arena.starts)?;
            Ok((bytes, Places::Plain))
        }
        header::DICTIONARY => {
            let known = get_known(count, input)?;
            let bytes = get_plain_bytes(known, input, budget, &mut arena.starts)?;
            if known <= FEW {
                get_rows(count, known, input, budget, &mut arena.few)?;
                return Ok((bytes, Places::Few));
            }
            get_rows(count, known, input, budget, &mut arena.many)?;
            Ok((bytes, Places::Many))
        }
        _ => Err(unknown(&start)),
    }
}

#[cold]
fn unknown(start: &Input<'_>) -> Error {
    start.malformed("a block of texts has a form that there is not")
}

/// How many texts a dictionary has: no more than the column.
fn get_known(count: usize, input: &mut Input<'_>) -> Result<usize, Error> {
    let start = *input;
    match usize::try_from(input.varint()?) {
        Ok(known) if known < MANY.min(count) => Ok(known.saturating_add(1)),
        _ => {
            Err(start
                .malformed("a dictionary has more texts than its column, or than there may be"))
        }
    }
}

/// Which text of so many it is each time.
fn get_rows<W: Word + Into<usize>>(
    count: usize,
    known: usize,
    input: &mut Input<'_>,
    budget: &mut Budget,
    rows: &mut Vec<W>,
) -> Result<(), Error> {
    let start = *input;
    get(count, Order::Unsigned, input, budget, rows)?;
    // As a fold it takes many at once.
    if rows.iter().fold(W::default(), |most, place| most.max(*place)).into() >= known {
        return Err(start.malformed("a block names a text that its dictionary has not"));
    }
    Ok(())
}

/// Reads lists of bytes and their lengths, and makes of those where each begins and the last ends.
fn get_plain_bytes<'de>(
    count: usize,
    input: &mut Input<'de>,
    budget: &mut Budget,
    starts: &mut Vec<u32>,
) -> Result<&'de [u8], Error> {
    let start = *input;
    let length = input.length()?;
    let bytes = input.take(length)?;
    if u32::try_from(length).is_err() {
        return Err(
            start.malformed("a column of lists of bytes has more of them than there may be")
        );
    }
    let start = *input;
    starts.push(0);
    get(count, Order::Unsigned, input, budget, starts)?;
    let sum = starts.iter().try_fold(0u64, |sum, length| sum.checked_add((*length).into()));
    if sum != Some(bytes.len() as u64) {
        return Err(start.malformed("the texts of a block are not as long as its bytes"));
    }
    let mut end = 0u32;
    for length in starts.iter_mut() {
        // No more than all of them, which was looked at.
        end = end.wrapping_add(*length);
        *length = end;
    }
    Ok(bytes)
}

/// Steps over a block of `count` texts. What needs no look is not checked.
pub(crate) fn pass_text(count: usize, input: &mut Input<'_>) -> Result<(), Error> {
    let start = *input;
    match count {
        0 => Ok(()),
        _ => match input.byte()? {
            header::PLAIN => pass_plain(count, input),
            header::DICTIONARY => {
                let known = get_known(count, input)?;
                pass_plain(known, input)?;
                match known {
                    ..=FEW => pass::<u8>(count, input),
                    _ => pass::<u16>(count, input),
                }
            }
            _ => Err(unknown(&start)),
        },
    }
}

fn pass_plain(count: usize, input: &mut Input<'_>) -> Result<(), Error> {
    let length = input.length()?;
    input.take(length)?;
    match u32::try_from(length) {
        Ok(_) => pass::<u32>(count, input),
        Err(_) => pass::<u64>(count, input),
    }
}
