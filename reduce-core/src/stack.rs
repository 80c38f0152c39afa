//! Room on the thread's stack: where little is left, what nests deeper goes on on a stack of its own (feature
//! `stacker`). Without the feature, and on platforms without it, the thread's stack is all there is.

/// Values of more bytes than this lie on the stack so often (each call on the way holds one in a debug build) that
/// every level looks for room.
const LARGE: usize = 512;

/// Whether values of this type ask for a look at every level.
pub(crate) const fn is_large<T>() -> bool {
    size_of::<T>() > LARGE
}

/// Runs what handles a value of a type, which lies on the stack: with a look where the type is large.
#[inline(always)]
pub(crate) fn with_room_for<T, R>(run: impl FnOnce() -> R) -> R {
    if is_large::<T>() { with_room(size_of::<T>(), run) } else { run() }
}

pub(crate) use growing::with_room;

#[cfg(all(feature = "stacker", not(target_family = "wasm")))]
mod growing {
    /// What must be left for the levels up to the next look: they take a few KiB each in a debug build.
    const RED_ZONE: usize = 128 << 10;
    /// So many copies of a large value one level holds at most.
    const COPIES: usize = 32;
    /// No more is asked for on account of a value's size: it would hardly fit any stack.
    const MOST: usize = 256 << 20;
    /// How large each further stack is beyond that.
    const MORE: usize = 4 << 20;

    /// Runs what handles a value of `size` bytes, on another stack if too little is left of this one. It is a call of
    /// its own, so that the levels without a look stay small.
    #[cold]
    #[inline(never)]
    pub(crate) fn with_room<R>(size: usize, run: impl FnOnce() -> R) -> R {
        let needed = RED_ZONE.saturating_add(size.saturating_mul(COPIES)).min(MOST);
        match stacker::remaining_stack() {
            Some(left) if left < needed => stacker::grow(needed.saturating_add(MORE), run),
            _ => run(),
        }
    }
}

#[cfg(not(all(feature = "stacker", not(target_family = "wasm"))))]
mod growing {
    /// Runs what handles a value of so many bytes.
    #[inline(always)]
    pub(crate) fn with_room<R>(_: usize, run: impl FnOnce() -> R) -> R {
        run()
    }
}
