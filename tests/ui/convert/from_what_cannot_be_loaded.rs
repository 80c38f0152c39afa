use reduce_core::Reduce;
use std::time::{Duration, Instant};

#[derive(Reduce)]
struct Record {
    #[reduce(convert = elapsed)]
    age: Duration,
}

fn elapsed(old: Instant) -> Duration {
    old.elapsed()
}

fn main() {}
