//! One small message of ten fields in rows, against postcard: with its program in the stream, and with a fingerprint.
//!
//! `cargo bench -p reduce-benches --bench small_message`

use divan::{Bencher, black_box};
use reduce_benches::data::message::Message;
use reduce_core::{Dumper, Loader};

fn main() {
    let message = Message::sample();
    let ours = reduce_core::to_vec(&message).expect("a plain value");
    let theirs = postcard::to_allocvec(&message).expect("a plain value");
    assert_eq!(reduce_core::from_slice::<Message>(&ours).expect("our own bytes"), message);
    assert_eq!(postcard::from_bytes::<Message>(&theirs).expect("its own bytes"), message);
    let small = small().to_vec(&message).expect("a plain value");
    assert_eq!(reduce_core::from_slice::<Message>(&small).expect("our own bytes"), message);
    println!(
        "bytes: reduce {}, with a fingerprint {}, postcard {}",
        ours.len(),
        small.len(),
        theirs.len()
    );
    divan::main();
}

/// A fingerprint in place of the program.
fn small() -> Dumper {
    Dumper::new().fingerprint(true)
}

/// Into bytes of its own.
#[divan::bench_group(sample_count = 300, sample_size = 2000)]
mod dump {
    use super::*;

    #[divan::bench]
    fn reduce(bencher: Bencher<'_, '_>) {
        let message = Message::sample();
        bencher.bench_local(|| reduce_core::to_vec(black_box(&message)));
    }

    #[divan::bench]
    fn reduce_small(bencher: Bencher<'_, '_>) {
        let (message, dumper) = (Message::sample(), small());
        bencher.bench_local(|| dumper.to_vec(black_box(&message)));
    }

    #[divan::bench]
    fn postcard(bencher: Bencher<'_, '_>) {
        let message = Message::sample();
        bencher.bench_local(|| postcard::to_allocvec(black_box(&message)));
    }
}

/// Into a buffer used again.
#[divan::bench_group(sample_count = 300, sample_size = 2000)]
mod dump_again {
    use super::*;

    #[divan::bench]
    fn reduce(bencher: Bencher<'_, '_>) {
        let (message, dumper, mut buffer) = (Message::sample(), Dumper::new(), Vec::new());
        bencher.bench_local(|| {
            buffer.clear();
            dumper.append_to(black_box(&message), &mut buffer)
        });
    }

    #[divan::bench]
    fn reduce_small(bencher: Bencher<'_, '_>) {
        let (message, dumper, mut buffer) = (Message::sample(), small(), Vec::new());
        bencher.bench_local(|| {
            buffer.clear();
            dumper.append_to(black_box(&message), &mut buffer)
        });
    }

    #[divan::bench]
    fn postcard(bencher: Bencher<'_, '_>) {
        let message = Message::sample();
        let mut buffer = [0; 512];
        bencher.bench_local(|| {
            postcard::to_slice(black_box(&message), &mut buffer).map(|bytes| bytes.len())
        });
    }
}

/// From bytes to a value.
#[divan::bench_group(sample_count = 300, sample_size = 2000)]
mod load {
    use super::*;

    #[divan::bench]
    fn reduce(bencher: Bencher<'_, '_>) {
        let bytes = reduce_core::to_vec(&Message::sample()).expect("a plain value");
        let loader = Loader::new();
        bencher.bench_local(|| loader.from_slice::<Message>(black_box(&bytes)));
    }

    #[divan::bench]
    fn reduce_small(bencher: Bencher<'_, '_>) {
        let bytes = small().to_vec(&Message::sample()).expect("a plain value");
        let loader = Loader::new();
        bencher.bench_local(|| loader.from_slice::<Message>(black_box(&bytes)));
    }

    #[divan::bench]
    fn postcard(bencher: Bencher<'_, '_>) {
        let bytes = postcard::to_allocvec(&Message::sample()).expect("a plain value");
        bencher.bench_local(|| postcard::from_bytes::<Message>(black_box(&bytes)));
    }
}
