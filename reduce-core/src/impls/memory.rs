//! What collections take in memory, for the budget of a load: as much as they ever take for so many elements.

use crate::limits::LEAF;

/// What a collection takes.
pub(super) struct Memory {
    bytes: fn(usize, usize) -> usize,
    /// The size of an element.
    pub size: usize,
    /// Whether its elements move when it has no more room for them.
    pub moves: bool,
}

impl Memory {
    pub fn tree<T>() -> Self {
        Memory { bytes: tree, size: size_of::<T>(), moves: false }
    }

    /// A list of elements with so many bytes of links beside each.
    pub fn linked<T>(links: usize) -> Self {
        Memory { bytes: list, size: links.saturating_add(size_of::<T>()), moves: false }
    }

    #[cfg(feature = "std")]
    pub fn table<T>() -> Self {
        Memory { bytes: table, size: size_of::<T>(), moves: true }
    }

    /// For so many elements.
    pub fn of(&self, length: usize) -> usize {
        (self.bytes)(length, self.size)
    }
}

/// A sorted tree. Nodes have room for [`LEAF`] entries, the first entry takes all of one, and those that came in order leave half
/// of it empty.
pub(super) fn tree(length: usize, size: usize) -> usize {
    /// Of a node, and of the pointers to it, for each entry.
    const BESIDE: usize = 8;
    let places = if length == 0 { 0 } else { length.saturating_mul(2).max(LEAF) };
    places.saturating_mul(size.saturating_add(BESIDE))
}

/// A hash table: a power of two of places, of which an eighth stays empty, with a byte beside each and some behind.
#[cfg(feature = "std")]
pub(super) fn table(length: usize, size: usize) -> usize {
    const BEHIND: usize = 32;
    let places = match length {
        0 => return 0,
        1..4 => Some(4),
        4..8 => Some(8),
        8..15 => Some(16),
        _ => length.checked_mul(8).and_then(|eighths| (eighths / 7).checked_next_power_of_two()),
    };
    places.unwrap_or(usize::MAX).saturating_mul(size.saturating_add(1)).saturating_add(BEHIND)
}

/// One place after the other.
pub(super) fn list(length: usize, size: usize) -> usize {
    length.saturating_mul(size)
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::*;
    use std::collections::HashMap;

    /// Not less than the map has room for.
    #[test]
    fn a_table_takes_what_a_map_does() {
        for length in 0..3000 {
            let mut map: HashMap<u64, u64> = HashMap::new();
            map.extend((0..length).map(|n| (n, n)));
            let entry = size_of::<(u64, u64)>();
            let (places, taken) = (map.capacity() as u64, table(length as usize, entry) as u64);
            assert!(taken >= places * 8 / 7 * (entry as u64 + 1), "{length}: {places}, {taken}");
            assert!(taken <= places.max(3) * 3 / 2 * (entry as u64 + 1) + 64, "{length}: {taken}");
        }
        assert_eq!(table(usize::MAX, 8), usize::MAX);
    }

    #[test]
    fn a_tree_takes_a_whole_node_for_its_first_entry() {
        assert_eq!(tree(0, 8), 0);
        assert_eq!(tree(1, 8), LEAF * 16);
        assert_eq!(tree(100, 8), 200 * 16);
    }
}
