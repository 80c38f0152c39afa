//! "did you mean": the candidate nearest to a misspelt word.

/// The nearest candidate, if it is near enough to be a slip of the hand.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // One slip in three letters; a word of one or two letters is near to too much.
    const LETTERS_PER_SLIP: usize = 3;
    // A word that goes on where a candidate ends, as `deny_unknown_fields` does, is meant to be it.
    const LETTERS_OF_A_BEGINNING: usize = 8;
    let allowed = word.chars().count() / LETTERS_PER_SLIP;
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let beginning = candidates.iter().filter(|candidate| {
        candidate.len() >= LETTERS_OF_A_BEGINNING && word.starts_with(**candidate)
    });
    if let Some(beginning) = beginning.max_by_key(|candidate| candidate.len()) {
        return Some(beginning);
    }
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// `; did you mean `x`?`, or nothing.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

/// Insertions, deletions, substitutions and swaps of neighbours between two words.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    // Row i holds the distances of the first i letters of `a` to every beginning of `b`.
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let changed = usize::from(a[i - 1] != b[j - 1]);
                let mut best =
                    (rows[i - 1][j - 1] + changed).min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_goes_on_is_the_one_that_it_begins_with() {
        let keys = ["deny_unknown", "deny_newer", "rename_all"];
        assert_eq!(nearest("deny_unknown_fields", keys), Some("deny_unknown"));
        assert_eq!(nearest("from_elsewhere_too", ["from"]), None);
    }

    #[test]
    fn swapped_neighbours_are_one_slip() {
        assert_eq!(distance("rebiuld", "rebuild"), 1);
        assert_eq!(distance("skpi", "skip"), 1);
    }

    #[test]
    fn distance_counts_each_edit() {
        assert_eq!(distance("", "name"), 4);
        assert_eq!(distance("name", "name"), 0);
        assert_eq!(distance("nam", "name"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn the_nearest_candidate_wins() {
        let keys = ["rename", "rename_all", "rebuild"];
        assert_eq!(nearest("renam", keys), Some("rename"));
        assert_eq!(nearest("rename_al", keys), Some("rename_all"));
    }

    #[test]
    fn a_far_or_short_word_has_no_near_miss() {
        assert_eq!(nearest("flatten", ["rename", "skip"]), None);
        assert_eq!(nearest("x", ["y", "from"]), None);
    }

    #[test]
    fn letters_outside_ascii_count_as_one() {
        assert_eq!(distance("größe", "grösse"), 2);
    }
}
