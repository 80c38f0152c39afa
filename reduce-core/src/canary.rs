//! Bugs that are planted, to see that the sweeps and the fuzz targets find them: none in an ordinary build.
//!
//! Where one is, a check reads `wrong && !planted(Canary::Bool)`: in an ordinary build `planted` is `false`, and nothing is
//! left of it. With `--cfg reduce_canaries` all are there, and `REDUCE_CANARY` names the one that is active. `fuzz/canaries`
//! goes through them.

/// A bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Canary {
    /// A bool of 2 is true.
    Bool,
    /// Text that is not UTF-8 ends where it ceases to be.
    Utf8,
    /// A number may be written in more bytes than it takes.
    Overlong,
    /// Bytes may follow a stream.
    Trailing,
    /// A record may have a field twice.
    DuplicateField,
    /// A map may have a key twice.
    DuplicateKey,
    /// Memory is not counted.
    Bytes,
    /// Walks without types go to any depth.
    Depth,
    /// A walk takes references to objects that have not ended.
    OpenObject,
    /// A walk takes references to objects of other types.
    ObjectType,
    /// The options of a column need not be as many as it says.
    ColumnCount,
    /// A place behind a column's dictionary is its first one.
    Dictionary,
    /// A walk takes all numbers behind the last variant's for its own.
    Variant,
}

/// Whether the bug is there.
#[cfg(not(reduce_canaries))]
#[inline(always)]
pub(crate) const fn planted(_: Canary) -> bool {
    false
}

#[cfg(reduce_canaries)]
pub(crate) fn planted(canary: Canary) -> bool {
    static SINGS: std::sync::OnceLock<Option<std::string::String>> = std::sync::OnceLock::new();
    let sings = SINGS.get_or_init(|| std::env::var("REDUCE_CANARY").ok());
    sings.as_deref().is_some_and(|sings| sings == alloc::format!("{canary:?}"))
}
