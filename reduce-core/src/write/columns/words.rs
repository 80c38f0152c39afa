//! Short lists of words, one behind the other, without a call for each.

use super::{in_chunks, no_place};
use crate::error::Error;
use alloc::vec::Vec;

/// Appends the words of lists, and their lengths.
pub(crate) fn append_lists<'a, W: Copy + Default + 'a>(
    lengths: &mut Vec<u32>,
    words: &mut Vec<W>,
    lists: impl Iterator<Item = &'a [W]>,
) -> Result<(), Error> {
    in_chunks(lists, |lists| append_batch(lengths, words, lists))
}

/// Appends the words of arrays.
pub(crate) fn append_arrays<'a, W: Copy + Default + 'a, const N: usize>(
    words: &mut Vec<W>,
    arrays: impl Iterator<Item = &'a [W]> + Clone,
) {
    let from = words.len();
    // What is in memory at once has a size.
    words.resize(from.saturating_add(arrays.clone().count().saturating_mul(N)), W::default());
    let mut rest = words.get_mut(from..).unwrap_or_default();
    for array in arrays {
        let (Some(array), Some((to, behind))) =
            (array.first_chunk::<N>(), rest.split_first_chunk_mut())
        else {
            return;
        };
        *to = *array;
        rest = behind;
    }
}

/// What a list may leave behind its end, where the next one begins: as many words as a list has that is copied in pieces.
const SPARE: usize = 32;
/// How many words a piece has.
const PIECE: usize = 8;

#[inline(never)] // for it is called for each kind of iterator
fn append_batch<W: Copy + Default>(
    lengths: &mut Vec<u32>,
    words: &mut Vec<W>,
    lists: &[&[W]],
) -> Result<(), Error> {
    // What is in memory at once has a size. One that has no place in 32 bits, even as a sum, is seen in all of them together.
    let (mut size, mut all) = (0u64, 0);
    let before = lengths.len();
    #[allow(clippy::cast_possible_truncation)]
    lengths.extend(lists.iter().map(|list| {
        size = size.wrapping_add(list.len() as u64);
        all |= list.len();
        list.len() as u32
    }));
    if u32::try_from(all).is_err() {
        return Err(no_place());
    }
    // As numbers with a sign they are compared some at once. A list so long as to be negative is copied by itself.
    let lengths = lengths.get(before..).unwrap_or_default().iter();
    let longest = lengths.map(|length| length.cast_signed()).fold(0, i32::max);
    let longest = if all > SPARE << 1 { u32::MAX } else { longest.cast_unsigned() };
    let from = words.len();
    let end = from.saturating_add(usize::try_from(size).unwrap_or(usize::MAX));
    words.resize(end.saturating_add(SPARE), W::default());
    let to = words.get_mut(from..).unwrap_or_default();
    // How long each one is no processor foresees: short ones are all copied alike.
    match longest as usize {
        0 => {}
        1..=3 => copy_all(lists, to, copy_few::<W, 3>),
        4..=6 => copy_all(lists, to, copy_few::<W, 6>),
        7..=PIECE => copy_all(lists, to, copy_few::<W, PIECE>),
        9..=24 => copy_all(lists, to, copy_some::<W, 3>),
        25..=SPARE => copy_all(lists, to, copy_some::<W, 4>),
        _ => {
            let mut rest = to;
            for list in lists {
                let Some((to, behind)) = rest.split_at_mut_checked(list.len()) else { break };
                to.copy_from_slice(list);
                rest = behind;
            }
        }
    }
    words.truncate(end);
    Ok(())
}

#[inline(always)]
fn copy_all<W>(lists: &[&[W]], to: &mut [W], copy: impl Fn(&[W], &mut [W; SPARE])) {
    let mut rest = to;
    for list in lists {
        // There is one behind the last list too.
        let Some(window) = rest.first_chunk_mut() else { return };
        copy(list, window);
        let Some(behind) = rest.get_mut(list.len()..) else { return };
        rest = behind;
    }
}

/// Copies a list of up to so many words: the last one again and again behind it.
#[inline(always)]
fn copy_few<W: Copy + Default, const N: usize>(list: &[W], to: &mut [W; SPARE]) {
    let Some(last) = list.len().checked_sub(1) else { return };
    for (to, at) in to.iter_mut().zip(0..N) {
        *to = list.get(at.min(last)).copied().unwrap_or_default();
    }
}

/// Copies a list of up to so many pieces, of which the last ones overlap.
#[inline(always)]
fn copy_some<W: Copy + Default, const PIECES: usize>(list: &[W], to: &mut [W; SPARE]) {
    let Some(end) = list.last_chunk::<PIECE>() else { return copy_few::<W, PIECE>(list, to) };
    let (pieces, _) = list.as_chunks::<PIECE>();
    let (places, _) = to.as_chunks_mut::<PIECE>();
    // Whole ones: the last one again, where there are no more.
    for piece in 1..PIECES {
        let at = piece.min(pieces.len()).saturating_sub(1);
        if let (Some(to), Some(from)) = (places.get_mut(at), pieces.get(at)) {
            *to = *from;
        }
    }
    let last = list.len().saturating_sub(PIECE).min(SPARE - PIECE);
    if let Some(to) = to.get_mut(last..).and_then(|to| to.first_chunk_mut()) {
        *to = *end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_all_lengths_follow_one_another() {
        let numbers: Vec<u32> = (0..200).collect();
        for longest in [0, 1, 5, 8, 9, 31, 32, 33, 100] {
            let lists =
                || (0..200).map(|k| numbers.get(k..k + k * 7 % (longest + 1)).unwrap_or_default());
            let (mut lengths, mut words) = (Vec::new(), Vec::from([7]));
            append_lists(&mut lengths, &mut words, lists()).unwrap();
            assert!(lists().map(<[u32]>::len).eq(lengths.iter().map(|length| *length as usize)));
            let all: Vec<u32> = core::iter::once(7).chain(lists().flatten().copied()).collect();
            assert_eq!(words, all, "up to {longest} words");
        }
    }

    #[test]
    fn arrays_follow_one_another() {
        let numbers: Vec<u8> = (0..12).collect();
        let mut words = Vec::from([7]);
        append_arrays::<_, 3>(&mut words, numbers.chunks(3));
        assert_eq!(words, [7, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    }
}
