//! Texts on their way in: checked whole, then lent row by row.

use super::{FEW, MANY, header};
use crate::block::word::Narrow;
use crate::block::{Order, Word, get, pass};
use crate::error::{Error, ErrorKind};
use crate::limits::Budget;
#[cfg(test)]
use crate::limits::Exhausted;
use crate::read::Input;
use alloc::vec::Vec;
use core::ops::Range;

/// How long texts are, on average, that count as short.
const SHORT: usize = 32;

/// What a block of texts holds: text, or bytes.
pub(crate) trait Characters {
    /// Bytes as what they are to be.
    fn check(bytes: &[u8], at: usize) -> Result<&Self, Error>;

    fn len(&self) -> usize;

    /// Whether a part may end anywhere: a guess that is quick to make, and never wrong where it says so.
    fn is_plain(&self) -> bool;

    /// Whether a part may end there.
    fn is_boundary(&self, at: usize) -> bool;

    fn part(&self, range: Range<usize>) -> Option<&Self>;
}

impl Characters for [u8] {
    fn check(bytes: &[u8], _: usize) -> Result<&Self, Error> {
        Ok(bytes)
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn is_plain(&self) -> bool {
        true
    }

    #[inline]
    fn is_boundary(&self, _: usize) -> bool {
        true
    }

    #[inline]
    fn part(&self, range: Range<usize>) -> Option<&Self> {
        self.get(range)
    }
}

impl Characters for str {
    fn check(bytes: &[u8], at: usize) -> Result<&Self, Error> {
        core::str::from_utf8(bytes).map_err(|error| {
            Error::new(ErrorKind::Malformed, "text is not UTF-8")
                .with_offset(at.saturating_add(error.valid_up_to()))
        })
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn is_plain(&self) -> bool {
        self.is_ascii()
    }

    #[inline]
    fn is_boundary(&self, at: usize) -> bool {
        self.is_char_boundary(at)
    }

    #[inline]
    fn part(&self, range: Range<usize>) -> Option<&Self> {
        self.get(range)
    }
}

/// What the texts of columns have beside their bytes, one column behind the other.
#[derive(Debug, Default)]
pub(crate) struct TextArena {
    /// Where each text begins, and the last one ends.
    pub(crate) starts: Vec<u32>,
    /// The same in columns of more bytes than 32 bits count.
    far: Vec<u64>,
    /// Which text of a dictionary it is.
    pub(crate) few: Vec<u8>,
    pub(crate) many: Vec<u16>,
}

impl TextArena {
    /// Forgets the columns, and keeps what was allocated.
    #[cfg(test)]
    pub(crate) fn clear(&mut self) {
        self.starts.clear();
        self.far.clear();
        self.few.clear();
        self.many.clear();
    }
}

/// A column of texts, or of bytes. Its rows are in an arena.
#[derive(Debug)]
pub(crate) struct Text<'de, C: ?Sized> {
    pub(crate) bytes: &'de C,
    pub(crate) places: Places,
}

/// Where the rows of a column are in an arena.
#[derive(Clone, Debug)]
pub(crate) enum Places {
    Plain { starts: Range<usize> },
    Far { starts: Range<usize> },
    Few { starts: Range<usize>, rows: Range<usize> },
    Many { starts: Range<usize>, rows: Range<usize> },
}

/// The rows of a column, with the arena they are in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows<'a, 'de, C: ?Sized> {
    bytes: &'de C,
    places: PlacesIn<'a>,
}

#[derive(Clone, Copy, Debug)]
enum PlacesIn<'a> {
    Plain(&'a [u32]),
    Far(&'a [u64]),
    Few(&'a [u32], &'a [u8]),
    Many(&'a [u32], &'a [u16]),
}

impl<'de, C: Characters + ?Sized> Text<'de, C> {
    /// The rows, for as long as the arena is at rest.
    #[inline]
    pub(crate) fn rows<'a>(&self, arena: &'a TextArena) -> Rows<'a, 'de, C> {
        let starts = |range: &Range<usize>| arena.starts.get(range.clone()).unwrap_or_default();
        let places = match &self.places {
            Places::Plain { starts: range } => PlacesIn::Plain(starts(range)),
            Places::Far { starts } => {
                PlacesIn::Far(arena.far.get(starts.clone()).unwrap_or_default())
            }
            Places::Few { starts: range, rows } => {
                PlacesIn::Few(starts(range), arena.few.get(rows.clone()).unwrap_or_default())
            }
            Places::Many { starts: range, rows } => {
                PlacesIn::Many(starts(range), arena.many.get(rows.clone()).unwrap_or_default())
            }
        };
        Rows { bytes: self.bytes, places }
    }

    /// One row: none, where there is no such row.
    #[inline]
    pub(crate) fn get(&self, row: usize, arena: &TextArena) -> Option<&'de C> {
        self.rows(arena).get(row)
    }

    /// Takes the memory of texts of their own, one for each row, from the budget.
    #[cfg(test)]
    pub(crate) fn allocate(&self, arena: &TextArena, budget: &mut Budget) -> Result<(), Exhausted> {
        match usize::try_from(self.rows(arena).size()) {
            Ok(size) => budget.allocate(size, 1),
            Err(_) => Err(Exhausted::Bytes),
        }
    }
}

impl<'de, C: Characters + ?Sized> Rows<'_, 'de, C> {
    /// One row: none, where there is no such row.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<&'de C> {
        let range = match self.places {
            PlacesIn::Plain(starts) => range(starts, row)?,
            PlacesIn::Far(starts) => {
                let [from, to] = *starts.get(row..)?.first_chunk()?;
                usize::try_from(from).ok()?..usize::try_from(to).ok()?
            }
            PlacesIn::Few(starts, rows) => range(starts, usize::from(*rows.get(row)?))?,
            PlacesIn::Many(starts, rows) => range(starts, usize::from(*rows.get(row)?))?,
        };
        self.bytes.part(range)
    }

    /// How many bytes the texts of all rows have: those of a dictionary count each time.
    #[cfg(test)]
    pub(crate) fn size(&self) -> u64 {
        fn sum(starts: &[u32], places: impl Iterator<Item = usize>) -> u64 {
            let length = |place| range(starts, place).map_or(0, |range| range.len() as u64);
            // Each is at most 32 bits, and there are fewer than 32 bits of them that memory holds.
            places.fold(0, |sum: u64, place| sum.saturating_add(length(place)))
        }
        match self.places {
            PlacesIn::Plain(_) | PlacesIn::Far(_) => self.bytes.len() as u64,
            PlacesIn::Few(starts, rows) => sum(starts, rows.iter().map(|row| usize::from(*row))),
            PlacesIn::Many(starts, rows) => sum(starts, rows.iter().map(|row| usize::from(*row))),
        }
    }
}

/// Where a text begins and ends.
#[inline]
fn range(starts: &[u32], place: usize) -> Option<Range<usize>> {
    let [from, to] = *starts.get(place..)?.first_chunk()?;
    Some(from as usize..to as usize)
}

/// Reads a block of `count` texts. What the arena and the texts take is taken from the budget's bytes; what texts of
/// their own would take, by [`Text::allocate`].
pub(crate) fn get_text<'de, C: Characters + ?Sized>(
    count: usize,
    input: &mut Input<'de>,
    budget: &mut Budget,
    arena: &mut TextArena,
) -> Result<Text<'de, C>, Error> {
    let start = *input;
    match count {
        0 => Ok(Text { bytes: C::check(&[], 0)?, places: Places::Plain { starts: 0..0 } }),
        _ => match input.byte()? {
            header::PLAIN => get_plain(count, input, budget, arena),
            header::DICTIONARY => get_dictionary(count, &start, input, budget, arena),
            _ => Err(unknown(&start)),
        },
    }
}

#[cold]
fn unknown(start: &Input<'_>) -> Error {
    start.malformed("a block of texts has a form that there is not")
}

fn get_plain<'de, C: Characters + ?Sized>(
    count: usize,
    input: &mut Input<'de>,
    budget: &mut Budget,
    arena: &mut TextArena,
) -> Result<Text<'de, C>, Error> {
    let length = input.length()?;
    let at = input.offset();
    let bytes = C::check(input.take(length)?, at)?;
    let places = if u32::try_from(length).is_ok() {
        let starts = get_starts(count, bytes, input, budget, &mut arena.starts)?;
        Places::Plain { starts }
    } else {
        Places::Far { starts: get_starts(count, bytes, input, budget, &mut arena.far)? }
    };
    Ok(Text { bytes, places })
}

fn get_dictionary<'de, C: Characters + ?Sized>(
    count: usize,
    start: &Input<'_>,
    input: &mut Input<'de>,
    budget: &mut Budget,
    arena: &mut TextArena,
) -> Result<Text<'de, C>, Error> {
    let known = get_known(count, input)?;
    let Text { bytes, places: Places::Plain { starts } } =
        get_plain::<C>(known, input, budget, arena)?
    else {
        return Err(start.malformed("the texts of a dictionary take more bytes than 32 bits count"));
    };
    let places = if known <= FEW {
        let rows = get_rows(count, known, input, budget, &mut arena.few)?;
        Places::Few { starts, rows }
    } else {
        let rows = get_rows(count, known, input, budget, &mut arena.many)?;
        Places::Many { starts, rows }
    };
    Ok(Text { bytes, places })
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
) -> Result<Range<usize>, Error> {
    let start = *input;
    let from = rows.len();
    get(count, Order::Unsigned, input, budget, rows)?;
    // As a fold it takes many at once.
    let places = rows.get(from..).unwrap_or_default();
    if places.iter().fold(W::default(), |most, place| most.max(*place)).into() >= known {
        return Err(start.malformed("a block names a text that its dictionary has not"));
    }
    Ok(from..rows.len())
}

/// Reads the lengths of texts, and makes of them where each begins and the last ends.
fn get_starts<C: Characters + ?Sized, L: Narrow>(
    count: usize,
    bytes: &C,
    input: &mut Input<'_>,
    budget: &mut Budget,
    starts: &mut Vec<L>,
) -> Result<Range<usize>, Error> {
    let start = *input;
    let from = starts.len();
    starts.push(L::default());
    get(count, Order::Unsigned, input, budget, starts)?;
    let lengths = starts.get_mut(from..).unwrap_or_default();
    let sum = lengths.iter().try_fold(0u64, |sum, length| sum.checked_add(length.wide()));
    if sum != Some(bytes.len() as u64) {
        return Err(start.malformed("the texts of a block are not as long as its bytes"));
    }
    let mut end = L::default();
    for length in lengths.iter_mut() {
        end = end.plus(*length);
        *length = end;
    }
    let ends = starts.get(from..).unwrap_or_default();
    // Of short texts, to look at all bytes takes less time than to look where each ends.
    let is_plain = bytes.len() / SHORT < count && bytes.is_plain();
    if !is_plain
        && !ends
            .iter()
            .all(|end| usize::try_from(end.wide()).is_ok_and(|end| bytes.is_boundary(end)))
    {
        return Err(start.malformed("a text of a block ends within a character"));
    }
    Ok(from..starts.len())
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
