//! Streams in envelopes of both kinds: apart from the other streams, for they need features of `reduce-core`.

use crate::corpus;
use crate::corpus::every::{Entry, Kind, Load, entry};
use reduce_core::checksum;
use reduce_core::sealed::{Key, Keys};

/// Each by itself, and one in the other.
pub fn all() -> Vec<Entry> {
    let mut entries = vec![];
    let values = corpus::all();
    for case in values.iter().filter(|case| ["record", "list_of_strings"].contains(&case.name)) {
        let (key, again) = (|| Key::new(7, [3; 32]), case.again);
        let open = move |bytes: &[u8]| Keys::from(key()).open(bytes).and_then(again).map(drop);
        let sealed = key().seal(&case.bytes);
        let both = checksum::add(&sealed);
        let envelope = |name: &str, bytes, load: Load| {
            entry(&format!("{}_{name}", case.name), bytes, Kind::Envelope, load)
        };
        entries.extend([
            envelope("sealed", sealed, Box::new(open)),
            envelope(
                "with_a_checksum",
                checksum::add(&case.bytes),
                Box::new(move |bytes| checksum::check(bytes).and_then(again).map(drop)),
            ),
            envelope(
                "sealed_with_a_checksum",
                both,
                Box::new(move |bytes| checksum::check(bytes).and_then(open)),
            ),
        ]);
    }
    entries
}
