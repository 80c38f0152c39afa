//! Canonical order, for what iterates in an order that does not belong to its value.

use crate::error::Error;
use crate::reduce::Reduce;
use crate::write::Writer;
use alloc::vec::Vec;

/// The items in the order of their keys' bytes; `at` puts the index of a key that fails into the error's path.
pub(super) fn by_encoding<'a, K, Item, Items, Key>(
    items: Items,
    key: Key,
    at: fn(Error, usize) -> Error,
    w: &mut Writer<'_>,
) -> Result<impl Iterator<Item = Item> + use<K, Item, Items, Key>, Error>
where
    K: Reduce + 'a,
    Items: Iterator<Item = Item>,
    Key: Fn(&Item) -> &'a K,
{
    let mut sorted = Vec::with_capacity(items.size_hint().0);
    for (index, item) in items.enumerate() {
        let encoded = w.encoded(key(&item)).map_err(|error| at(error, index))?;
        sorted.push((encoded, item));
    }
    sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(sorted.into_iter().map(|(_, item)| item))
}
