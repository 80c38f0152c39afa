//! Room on the thread's stack: where little is left, what nests deeper goes on on a stack of its own (feature
//! `stacker`). Without the feature, and on platforms without it, the thread's stack is all there is.

use core::mem::ManuallyDrop;

/// Values of more bytes than this lie on the stack so often (each call on the way holds one in a debug build) that
/// every level looks for room.
const LARGE: usize = 512;

/// Whether values of this type ask for a look at every level.
pub(crate) const fn is_large<T>() -> bool {
    is_large_size(size_of::<T>())
}

/// As [`is_large`], of values of so many bytes.
pub(crate) const fn is_large_size(size: usize) -> bool {
    size > LARGE
}

/// Runs what handles a value of a type, which lies on the stack: with a look where the type is large.
#[inline(always)]
pub(crate) fn with_room_for<T, R>(run: impl FnOnce() -> R) -> R {
    if is_large::<T>() { with_room(size_of::<T>(), run) } else { run() }
}

/// Runs what handles a value of `size` bytes, on another stack if too little is left of this one.
///
/// All that `run` calls is here twice: where that is much, ask [`is_low`] and begin anew [`elsewhere`].
#[inline(always)]
pub(crate) fn with_room<R>(size: usize, run: impl FnOnce() -> R) -> R {
    if is_low(size) { elsewhere(size, run) } else { run() }
}

/// Runs it on another stack, which is not [low](is_low) for a value of `size` bytes.
#[cold]
#[inline(never)]
pub(crate) fn elsewhere<R>(size: usize, run: impl FnOnce() -> R) -> R {
    // What a panic leaves behind is nothing, and so there is no code that drops it.
    let (mut run, mut done) = (Some(run), ManuallyDrop::new(None));
    on_another(size, &mut Job { run: &mut run, done: &mut done });
    match ManuallyDrop::into_inner(done) {
        Some(done) => done,
        None => never_run(),
    }
}

/// What is run on another stack. A closure behind `dyn FnMut` would be compiled twice more.
trait Run {
    fn run(&mut self);
}

struct Job<'j, F, R> {
    run: &'j mut Option<F>,
    done: &'j mut Option<R>,
}

impl<R, F: FnOnce() -> R> Run for Job<'_, F, R> {
    fn run(&mut self) {
        if let Some(run) = self.run.take() {
            // There is nothing to be dropped, and so no code for it.
            core::mem::forget(self.done.replace(run()));
        }
    }
}

/// Each stack runs what it was made for.
#[cold]
#[inline(never)]
fn never_run() -> ! {
    unreachable!("what another stack was made for has not run")
}

pub(crate) use growing::is_low;
use growing::on_another;

#[cfg(all(feature = "stacker", not(target_family = "wasm")))]
mod growing {
    use super::Run;

    /// What must be left for the levels up to the next look: they take a few KiB each in a debug build.
    const RED_ZONE: usize = 128 << 10;
    /// So many copies of a large value one level holds at most.
    const COPIES: usize = 32;
    /// No more is asked for on account of a value's size: it would hardly fit any stack.
    const MOST: usize = 256 << 20;
    /// How large each further stack is beyond that.
    const MORE: usize = 4 << 20;

    fn needed(size: usize) -> usize {
        RED_ZONE.saturating_add(size.saturating_mul(COPIES)).min(MOST)
    }

    /// Whether too little is left of this stack for what handles a value of `size` bytes.
    #[cold]
    #[inline(never)]
    pub(crate) fn is_low(size: usize) -> bool {
        stacker::remaining_stack().is_some_and(|left| left < needed(size))
    }

    pub(super) fn on_another(size: usize, job: &mut dyn Run) {
        stacker::grow(needed(size).saturating_add(MORE), || job.run());
    }
}

#[cfg(not(all(feature = "stacker", not(target_family = "wasm"))))]
mod growing {
    use super::Run;

    /// The thread's stack is all there is.
    #[inline(always)]
    pub(crate) fn is_low(_: usize) -> bool {
        false
    }

    pub(super) fn on_another(_: usize, job: &mut dyn Run) {
        job.run();
    }
}
