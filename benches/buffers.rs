//! Large lists of numbers: in the stream, against a buffer outside of it. No peers.
//!
//! `cargo bench -p reduce-benches --bench buffers`

use divan::{Bencher, black_box};
use reduce_core::{Dumper, Expand, Loader, Reduce};
use std::borrow::Cow;

#[derive(Debug, PartialEq, Reduce)]
struct Signal<'a, T: Clone> {
    #[reduce(out_of_band)]
    samples: Cow<'a, [T]>,
}

/// The same, that owns what it loads.
#[derive(Debug, PartialEq, Reduce)]
#[reduce(name = "Signal")]
struct Owned<T> {
    samples: Vec<T>,
}

const COUNT: u32 = 1_000_000;

/// Fixed width in the stream (`f64`), and variable length (`u32`).
trait Number: Reduce + for<'de> Expand<'de> + Clone + PartialEq + 'static {
    fn of(n: u32) -> Self;
}

impl Number for f64 {
    fn of(n: u32) -> Self {
        f64::from(n) * 0.5
    }
}

impl Number for u32 {
    fn of(n: u32) -> Self {
        // Of all sizes, most of them large.
        n.wrapping_mul(0x9E37_79B9)
    }
}

fn signal<T: Number>() -> Signal<'static, T> {
    Signal { samples: (0..COUNT).map(T::of).collect() }
}

/// The stream without its buffer. Whoever takes it in earnest writes the memory to a file or a socket.
fn outside<T: Number>(signal: &Signal<'_, T>) -> Vec<u8> {
    let take = |bytes: &[u8]| {
        black_box(bytes);
        Ok(true)
    };
    Dumper::new().buffers(take).to_vec(signal).expect("a plain value")
}

/// What was taken out of a dump.
fn taken<T: Number>(signal: &Signal<'_, T>) -> Vec<Vec<u8>> {
    let mut taken = Vec::new();
    let take = |bytes: &[u8]| {
        taken.push(bytes.to_vec());
        Ok(true)
    };
    Dumper::new().buffers(take).to_vec(signal).expect("a plain value");
    taken
}

fn main() {
    check::<f64>();
    check::<u32>();
    divan::main();
}

fn check<T: Number>() {
    let signal = signal::<T>();
    let (stream, taken) = (outside(&signal), taken(&signal));
    let loader = Loader::new();
    let again: Signal<'_, T> = loader.buffers(&taken).from_slice(&stream).expect("our own bytes");
    assert!(again == signal);
    assert!(matches!(again.samples, Cow::Borrowed(_)), "large allocations are aligned");
}

/// 1,000,000 numbers.
#[divan::bench_group(sample_count = 100, sample_size = 1)]
mod in_band {
    use super::*;

    #[divan::bench(types = [f64, u32])]
    fn dump<T: Number>(bencher: Bencher<'_, '_>) {
        let signal = signal::<T>();
        bencher.bench_local(|| reduce_core::to_vec(black_box(&signal)));
    }

    #[divan::bench(types = [f64, u32])]
    fn load<T: Number>(bencher: Bencher<'_, '_>) {
        let bytes = reduce_core::to_vec(&signal::<T>()).expect("a plain value");
        bencher.bench_local(|| reduce_core::from_slice::<Owned<T>>(black_box(&bytes)));
    }
}

/// The same, in a buffer.
#[divan::bench_group(sample_count = 100, sample_size = 1)]
mod out_of_band {
    use super::*;

    #[divan::bench(types = [f64, u32])]
    fn dump<T: Number>(bencher: Bencher<'_, '_>) {
        let signal = signal::<T>();
        bencher.bench_local(|| outside(black_box(&signal)));
    }

    #[divan::bench(types = [f64, u32])]
    fn load_a_copy<T: Number>(bencher: Bencher<'_, '_>) {
        let signal = signal::<T>();
        let (stream, buffers) = (outside(&signal), taken(&signal));
        let loader = Loader::new();
        let load = loader.buffers(&buffers);
        bencher.bench_local(|| load.from_slice::<Owned<T>>(black_box(&stream)));
    }

    #[divan::bench(types = [f64, u32])]
    fn load_borrowed<T: Number>(bencher: Bencher<'_, '_>) {
        let signal = signal::<T>();
        let (stream, buffers) = (outside(&signal), taken(&signal));
        let loader = Loader::new();
        let load = loader.buffers(&buffers);
        bencher.bench_local(|| load.from_slice::<Signal<'_, T>>(black_box(&stream)));
    }
}
