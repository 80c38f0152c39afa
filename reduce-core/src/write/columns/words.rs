//! Short lists of words, one behind the other, without a call for each.

use alloc::vec::Vec;

/// Appends the words of lists.
pub(crate) fn append_lists<'a, W: Copy + Default + 'a>(
    words: &mut Vec<W>,
    lists: impl Iterator<Item = &'a [W]> + Clone,
) {
    let from = words.len();
    // What is in memory at once has a size.
    let size = lists.clone().fold(from, |size, list| size.saturating_add(list.len()));
    words.resize(size, W::default());
    let mut rest = words.get_mut(from..).unwrap_or_default();
    for list in lists {
        let Some((to, behind)) = rest.split_at_mut_checked(list.len()) else { return };
        copy(list, to);
        rest = behind;
    }
}

/// Copies what is as long as its place: a short list in two pieces that overlap.
#[inline]
fn copy<W: Copy>(list: &[W], to: &mut [W]) {
    match list.len() {
        0 => {}
        1 => copy_ends::<W, 1>(list, to),
        2..=4 => copy_ends::<W, 2>(list, to),
        5..=8 => copy_ends::<W, 4>(list, to),
        9..=16 => copy_ends::<W, 8>(list, to),
        17..=32 => copy_ends::<W, 16>(list, to),
        _ => to.copy_from_slice(list),
    }
}

#[inline]
fn copy_ends<W: Copy, const N: usize>(list: &[W], to: &mut [W]) {
    if let (Some(first), Some(last)) = (list.first_chunk::<N>(), list.last_chunk::<N>()) {
        if let Some(to) = to.first_chunk_mut::<N>() {
            *to = *first;
        }
        if let Some(to) = to.last_chunk_mut::<N>() {
            *to = *last;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_all_lengths_follow_one_another() {
        let numbers: Vec<u32> = (0..40).collect();
        let mut words = Vec::from([7]);
        let lists = || (0..=40).map(|length| numbers.get(..length).unwrap());
        append_lists(&mut words, lists());
        let all: Vec<u32> = core::iter::once(7).chain(lists().flatten().copied()).collect();
        assert_eq!(words, all);
    }
}
