//! Short lists of words, one behind the other, without a call for each.

use super::CHUNK;
use alloc::vec::Vec;

/// Appends the words of lists.
pub(crate) fn append_lists<'a, W: Copy + Default + 'a>(
    words: &mut Vec<W>,
    mut lists: impl Iterator<Item = &'a [W]>,
) {
    let mut batch: [&[W]; CHUNK] = [&[]; CHUNK];
    let (least, most) = lists.size_hint();
    if least <= CHUNK && most == Some(least) {
        // By value, slices are gone through without a look at their end.
        batch.iter_mut().zip(lists).for_each(|(to, list)| *to = list);
        return append_batch(words, batch.get(..least).unwrap_or_default());
    }
    loop {
        let mut filled = 0usize;
        for (to, list) in batch.iter_mut().zip(&mut lists) {
            *to = list;
            filled = filled.wrapping_add(1);
        }
        append_batch(words, batch.get(..filled).unwrap_or_default());
        if filled < CHUNK {
            return;
        }
    }
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

/// What a list may leave behind its end, where the next one begins.
const SPARE: usize = 32;

#[inline(never)] // for it is called for each kind of iterator
fn append_batch<W: Copy + Default>(words: &mut Vec<W>, lists: &[&[W]]) {
    let from = words.len();
    // What is in memory at once has a size.
    let (mut end, mut longest) = (from, 0);
    for list in lists {
        end = end.saturating_add(list.len());
        longest = list.len().max(longest);
    }
    words.resize(end.saturating_add(SPARE), W::default());
    let to = words.get_mut(from..).unwrap_or_default();
    // How long each one is no processor foresees: short ones are all copied alike.
    match longest {
        0 => {}
        1..=3 => copy_all(lists, to, copy_few::<W, 3>),
        4..=6 => copy_all(lists, to, copy_few::<W, 6>),
        7..=8 => copy_all(lists, to, copy_few::<W, 8>),
        9..=24 => copy_all(lists, to, copy_some::<W, 3>),
        25..=32 => copy_all(lists, to, copy_some::<W, 4>),
        _ => copy_all(lists, to, |list, to| {
            if let Some(to) = to.get_mut(..list.len()) {
                to.copy_from_slice(list);
            }
        }),
    }
    words.truncate(end);
}

#[inline(always)]
fn copy_all<W>(lists: &[&[W]], to: &mut [W], copy: impl Fn(&[W], &mut [W])) {
    let mut rest = to;
    for list in lists {
        copy(list, rest);
        rest = rest.get_mut(list.len()..).unwrap_or_default();
    }
}

/// Copies a list of up to so many words: the last one again and again behind it.
#[inline(always)]
fn copy_few<W: Copy + Default, const N: usize>(list: &[W], to: &mut [W]) {
    let (Some(last), Some(to)) = (list.len().checked_sub(1), to.first_chunk_mut::<N>()) else {
        return;
    };
    for (to, at) in to.iter_mut().zip(0..N) {
        *to = list.get(at.min(last)).copied().unwrap_or_default();
    }
}

/// How many words a piece has.
const PIECE: usize = 8;

/// Copies a list of up to so many pieces, of which the last ones overlap.
#[inline(always)]
fn copy_some<W: Copy + Default, const PIECES: usize>(list: &[W], to: &mut [W]) {
    let Some(last) = list.len().checked_sub(PIECE) else { return copy_few::<W, PIECE>(list, to) };
    for piece in 0..PIECES {
        let at = last.min(PIECE * piece);
        let from = list.get(at..).and_then(|list| list.first_chunk::<PIECE>());
        let to = to.get_mut(at..).and_then(|to| to.first_chunk_mut::<PIECE>());
        if let (Some(from), Some(to)) = (from, to) {
            *to = *from;
        }
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
            let mut words = Vec::from([7]);
            append_lists(&mut words, lists());
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
