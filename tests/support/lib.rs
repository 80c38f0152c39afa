//! What the integration tests share: gates that state their figures, and how much of a sweep is gone through.

use std::fmt::Display;

/// States what a gate has measured, in a line that `cargo run -p reduce-gates` collects, and fails the test where that is not
/// what is asked.
///
/// ```text
/// gate: truncation: 5,000 prefixes of 200 streams: met
/// ```
#[track_caller]
pub fn gate(name: &str, measured: impl Display, met: bool) {
    println!("\ngate: {name}: {measured}: {}", if met { "met" } else { "missed" });
    assert!(met, "{name}: {measured}");
}

/// Whether sweeps go through all there is, as the gates have them do, or through a sample that a test has time for.
pub fn whole() -> bool {
    std::env::var_os("REDUCE_GATES").is_some()
}

/// Every item of a sweep for the gates; else one in so many, beginning at another one for each sweep.
pub fn sample<T>(
    all: impl IntoIterator<Item = T>,
    one_in: usize,
    sweep: usize,
) -> impl Iterator<Item = T> {
    let step = if whole() { 1 } else { one_in };
    all.into_iter().skip(sweep % step).step_by(step)
}
