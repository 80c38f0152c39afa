//! Rows of fixed width: the values of a type whose rows all take as many bytes, written and read many at once.
//!
//! What a row has in it is said elsewhere, by the reducers and expanders of the types; here nothing but the way to it is
//! another one. A list whose rows can be gone through without a check at each part is gone through like that.

use crate::expand::Expand;
use crate::read::Reader;
use crate::reduce::Reduce;
use crate::write::Writer;
use alloc::vec::Vec;

/// What each value of a type takes in a stream, where that is the same for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Width {
    /// None where it is not the same, and for values without content.
    bytes: usize,
    /// Elements of arrays, which are counted.
    elements: u64,
    /// Where rows of it are lent as slices: the alignment that these have. 1 where they are not.
    align: usize,
    /// Lists of it are in rows whatever their length: somebody said that they are as in memory.
    raw: bool,
}

impl Width {
    /// Not the same for all.
    pub const VARIES: Self = Width { bytes: 0, elements: 0, align: 1, raw: false };

    /// Of a primitive.
    pub(crate) const fn of(bytes: usize) -> Self {
        Width { bytes, align: bytes, ..Self::VARIES }
    }

    /// Of parts that stand one behind the other.
    pub const fn of_parts(parts: &[Self]) -> Self {
        let mut whole = Self::VARIES;
        let mut rest = parts;
        while let [part, others @ ..] = rest {
            let bytes = whole.bytes.checked_add(part.bytes);
            let elements = whole.elements.checked_add(part.elements);
            whole = match (bytes, elements) {
                (Some(bytes), Some(elements)) if part.is_fixed() => {
                    Width { bytes, elements, ..Self::VARIES }
                }
                _ => return Self::VARIES,
            };
            rest = others;
        }
        whole
    }

    /// Of an array.
    pub(crate) const fn of_array(self, length: usize) -> Self {
        let count = length as u64;
        let elements = match self.elements.checked_add(1) {
            Some(each) => each.checked_mul(count),
            None => None,
        };
        match (self.bytes.checked_mul(length), elements) {
            (Some(bytes), Some(elements)) if bytes > 0 => Width { bytes, elements, ..self },
            _ => Self::VARIES,
        }
    }

    /// Of a record that lies in the stream as in memory, from its parts.
    pub(crate) const fn of_raw<T>(parts: &[Self]) -> Self {
        let whole = Self::of_parts(parts);
        assert!(
            whole.bytes == size_of::<T>(),
            "a `#[reduce(pod)]` record is as long as its fields"
        );
        Width { align: align_of::<T>(), raw: true, ..whole }
    }

    /// How many bytes each value takes.
    pub(crate) const fn bytes(self) -> usize {
        self.bytes
    }

    /// How many elements of arrays so many values have in all.
    pub(crate) fn elements_of(self, count: usize) -> Option<u64> {
        self.elements.checked_mul(count as u64)
    }

    pub(crate) const fn align(self) -> usize {
        self.align
    }

    /// Whether lists are in rows whatever their length.
    pub(crate) const fn is_raw(self) -> bool {
        self.raw
    }

    const fn is_fixed(self) -> bool {
        self.bytes > 0
    }

    /// Whether lists of such rows are gone through without a look at each part.
    pub(crate) const fn is_narrow(self) -> bool {
        self.is_fixed() && self.bytes <= NARROW
    }
}

/// As wide as a narrow row may be, in bytes.
const NARROW: usize = 256;

/// A row that is written, from its front.
#[derive(Debug)]
pub struct RowMut<'a>(&'a mut [u8]);

impl<'a> RowMut<'a> {
    /// Writes the next part.
    #[inline(always)]
    pub(crate) fn put<const N: usize>(&mut self, part: &[u8; N]) {
        if let Some((place, rest)) = core::mem::take(&mut self.0).split_first_chunk_mut() {
            *place = *part;
            self.0 = rest;
        }
    }

    /// Writes the next parts.
    #[inline(always)]
    pub(crate) fn put_all(&mut self, parts: &[u8]) {
        if let Some((place, rest)) = core::mem::take(&mut self.0).split_at_mut_checked(parts.len())
        {
            place.copy_from_slice(parts);
            self.0 = rest;
        }
    }
}

/// A row that is read, from its front. Reading goes on where a part is malformed: who reads the row asks behind it.
#[derive(Debug)]
pub struct Row<'a> {
    rest: &'a [u8],
    malformed: bool,
}

impl<'a> Row<'a> {
    /// Reads the next part.
    #[inline(always)]
    pub(crate) fn take<const N: usize>(&mut self) -> [u8; N] {
        match self.rest.split_first_chunk() {
            Some((part, rest)) => {
                self.rest = rest;
                *part
            }
            None => {
                self.malformed = true;
                [0; N]
            }
        }
    }

    /// Reads the next parts; nothing where they are not there.
    #[inline(always)]
    pub(crate) fn take_all(&mut self, count: usize) -> &'a [u8] {
        match self.rest.split_at_checked(count) {
            Some((parts, rest)) => {
                self.rest = rest;
                parts
            }
            None => {
                self.malformed = true;
                &[]
            }
        }
    }

    /// What was read is sound if this holds.
    #[inline(always)]
    pub(crate) fn require(&mut self, sound: bool) {
        self.malformed |= !sound;
    }
}

/// What has a value for it knows rows of fixed width; other types are not asked.
#[cold]
#[inline(never)]
pub(crate) fn never<T>() -> T {
    unreachable!("the width of the rows varies")
}

/// Writes the elements of a list of narrow rows.
pub(crate) fn reduce<T: Reduce>(elements: &[T], w: &mut Writer<'_>) {
    w.out.reserve(elements.len().saturating_mul(T::WIDTH.bytes));
    let mut room = [0; NARROW];
    // Of a constant length: to the compiler the parts are then as many registers, which go to the output together.
    let row = room.get_mut(..T::WIDTH.bytes).unwrap_or_default();
    for element in elements {
        let mut rest = RowMut(&mut *row);
        element.put_row(&mut rest);
        debug_assert!(rest.0.is_empty(), "a row is as wide as its parts");
        w.out.extend_from_slice(row);
    }
}

/// Reads so many elements of a list of narrow rows, whose memory has been paid for. Nothing, and nothing read, where one of
/// them is malformed or a limit is reached: whoever reads them one by one says which, and where.
pub(crate) fn expand<'de, T: Expand<'de>>(count: usize, r: &mut Reader<'_, 'de>) -> Option<Vec<T>> {
    let Width { bytes: width, elements, .. } = T::WIDTH;
    let bytes = r.input.rest().get(..count.checked_mul(width)?)?;
    let mut budget = r.budget;
    budget.elements(elements.checked_mul(count as u64)?).ok()?;
    let mut malformed = false;
    let mut rows = Vec::with_capacity(count);
    rows.extend(bytes.chunks_exact(width.max(1)).map(|row| {
        // A constant length, also where the iterator's is none to the compiler: the parts need no checks then.
        let rest = row.get(..T::WIDTH.bytes).unwrap_or_default();
        let mut row = Row { rest, malformed: false };
        let element = T::get_row(&mut row);
        malformed |= row.malformed;
        element
    }));
    if malformed {
        return None;
    }
    r.input.take(bytes.len()).ok()?;
    r.budget = budget;
    Some(rows)
}
