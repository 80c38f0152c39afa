//! Large lists of numbers: in the stream, against buffers outside of it. No peers.
//!
//! `cargo bench -p reduce-benches --bench buffers`

use divan::{Bencher, black_box};
use reduce_core::{Dumper, Loader, Reduce};
use std::borrow::Cow;

#[derive(Debug, PartialEq, Reduce)]
struct Signal<'a> {
    #[reduce(out_of_band)]
    samples: Cow<'a, [f64]>,
    #[reduce(out_of_band)]
    counts: Cow<'a, [u32]>,
}

/// The same, that owns what it loads.
#[derive(Debug, PartialEq, Reduce)]
#[reduce(name = "Signal")]
struct Owned {
    samples: Vec<f64>,
    counts: Vec<u32>,
}

const COUNT: u32 = 1_000_000;

fn signal() -> Signal<'static> {
    let samples = (0..COUNT).map(|n| f64::from(n) * 0.5).collect();
    let counts = (0..COUNT).map(|n| n.wrapping_mul(0x9E37_79B9)).collect();
    Signal { samples: Cow::Owned(samples), counts: Cow::Owned(counts) }
}

/// The stream without its buffers. Whoever takes them in earnest writes the memory to a file or a socket.
fn outside(signal: &Signal<'_>) -> Vec<u8> {
    let take = |bytes: &[u8]| {
        black_box(bytes);
        Ok(true)
    };
    Dumper::new().buffers(take).to_vec(signal).expect("a plain value")
}

fn main() {
    let signal = signal();
    let stream = outside(&signal);
    let taken = taken(&signal);
    let loader = Loader::new();
    let again: Signal<'_> = loader.buffers(&taken).from_slice(&stream).expect("our own bytes");
    assert!(again == signal);
    assert!(matches!(again.samples, Cow::Borrowed(_)), "large allocations are aligned");
    divan::main();
}

/// What was taken out of a dump, one after the other.
fn taken(signal: &Signal<'_>) -> Vec<Vec<u8>> {
    let mut taken = Vec::new();
    let take = |bytes: &[u8]| {
        taken.push(bytes.to_vec());
        Ok(true)
    };
    Dumper::new().buffers(take).to_vec(signal).expect("a plain value");
    taken
}

/// 1,000,000 `f64`s and as many `u32`s.
#[divan::bench_group(sample_count = 100, sample_size = 1)]
mod in_band {
    use super::*;

    #[divan::bench]
    fn dump(bencher: Bencher<'_, '_>) {
        let signal = signal();
        bencher.bench_local(|| reduce_core::to_vec(black_box(&signal)));
    }

    #[divan::bench]
    fn load(bencher: Bencher<'_, '_>) {
        let bytes = reduce_core::to_vec(&signal()).expect("a plain value");
        bencher.bench_local(|| reduce_core::from_slice::<Owned>(black_box(&bytes)));
    }
}

/// The same, in two buffers.
#[divan::bench_group(sample_count = 100, sample_size = 1)]
mod out_of_band {
    use super::*;

    #[divan::bench]
    fn dump(bencher: Bencher<'_, '_>) {
        let signal = signal();
        bencher.bench_local(|| outside(black_box(&signal)));
    }

    #[divan::bench]
    fn load_a_copy(bencher: Bencher<'_, '_>) {
        let signal = signal();
        let stream = outside(&signal);
        let buffers = taken(&signal);
        let loader = Loader::new();
        let load = loader.buffers(&buffers);
        bencher.bench_local(|| load.from_slice::<Owned>(black_box(&stream)));
    }

    #[divan::bench]
    fn load_borrowed(bencher: Bencher<'_, '_>) {
        let signal = signal();
        let stream = outside(&signal);
        let buffers = taken(&signal);
        let loader = Loader::new();
        let load = loader.buffers(&buffers);
        bencher.bench_local(|| load.from_slice::<Signal<'_>>(black_box(&stream)));
    }
}
