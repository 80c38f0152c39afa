//! "did you mean": the name nearest to one that is not known.

use alloc::vec::Vec;

/// One slip in so many letters is a slip of the hand; more are another name.
const LETTERS_PER_SLIP: usize = 3;

/// The nearest of the names, if it is near enough.
pub(crate) fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = word.chars().count() / LETTERS_PER_SLIP;
    names
        .filter(|name| name.len().abs_diff(word.len()) <= allowed.saturating_mul(4))
        .map(|name| (distance(word, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Insertions, deletions and substitutions between two words.
fn distance(a: &str, b: &str) -> usize {
    // The distances of the letters of `a` so far to every beginning of `b`.
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, letter) in a.chars().enumerate() {
        let (mut left, mut above_left) = (i + 1, i);
        let mut above = row.iter_mut();
        if let Some(first) = above.next() {
            *first = left;
        }
        for (place, other) in above.zip(b.chars()) {
            let changed = above_left + usize::from(letter != other);
            above_left = *place;
            left = changed.min(left + 1).min(above_left + 1);
            *place = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_each_edit() {
        assert_eq!(distance("", "name"), 4);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("name", "name"), 0);
    }

    #[test]
    fn only_slips_are_near() {
        let names = || ["geo.Circle", "geo.Square"].into_iter();
        assert_eq!(nearest("geo.Cirkle", names()), Some("geo.Circle"));
        assert_eq!(nearest("app.User", names()), None);
    }
}
