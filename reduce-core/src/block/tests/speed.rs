//! What a value of a column takes to be written and read. Prints a table:
//! `cargo test --release -p reduce-core --lib -- block::tests::speed --ignored --nocapture`

use super::{budget, numbers};
use crate::block::{Effort, Order, TextArena, TextEncoder, Word, get, get_texts, put};
use crate::read::Input;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::hint::black_box;
use std::println;
use std::time::Instant;

const COUNT: usize = 10_000;
const ROUNDS: usize = 300;

/// The median time of a round for each value, in nanoseconds.
fn median(mut round: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            round();
            start.elapsed().as_secs_f64() * 1e9 / COUNT as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[ROUNDS / 2]
}

fn measure<W: Word>(name: &str, values: impl Iterator<Item = W>) {
    let values: Vec<W> = values.take(COUNT).collect();
    for effort in [Effort::Fast, Effort::Small] {
        let mut bytes = Vec::new();
        let put = median(|| {
            bytes.clear();
            put(black_box(&values), Order::Signed, effort, &mut bytes);
        });
        let mut out: Vec<W> = Vec::new();
        let get = median(|| {
            out.clear();
            let input = &mut Input::new(black_box(&bytes));
            get(COUNT, Order::Signed, input, &mut budget(), &mut out).unwrap();
        });
        assert_eq!(out, values);
        let (width, size) = (size_of::<W>() * 8, bytes.len() as f64 / COUNT as f64);
        println!(
            "{name:>16} u{width:<4}{effort:?}\t{:02x}\tput {put:6.2}\tget {get:6.2}\tbytes {size:.2}",
            bytes[0]
        );
    }
}

#[test]
#[ignore = "measures"]
#[allow(clippy::cast_possible_truncation)]
fn numbers_of_each_coding() {
    let random = || numbers(11);
    measure("constant", random().map(|_| 7u32));
    measure("bool", random().map(|n| (n % 2) as u8));
    for width in [2, 3, 5, 7] {
        measure(&format!("{width} bits"), random().map(|n| (n >> (64 - width)) as u8));
    }
    measure("raw", random().map(|n| n as u8));
    for width in [1, 5, 8, 11, 15] {
        measure(&format!("{width} bits"), random().map(|n| (n >> (64 - width)) as u16));
    }
    for width in [1, 5, 8, 11, 16, 19, 25, 27] {
        measure(&format!("{width} bits"), random().map(|n| (n >> (64 - width)) as u32));
    }
    measure("raw", random().map(|n| n as u32));
    for width in [5, 8, 11, 16, 25, 32, 40, 55] {
        measure(&format!("{width} bits"), random().map(|n| n >> (64 - width)));
    }
    measure("raw", random());
    measure("ids", 1000u64..);
    measure("times", random().zip(0..).map(|(n, k)| (1 << 40) + k * 60 + n % 50));
    measure("codes", random().map(|n| [200u16, 404, 500, 301][n as usize % 4]));
    measure("prices", random().map(|n| [0.1f64, 2.5, 1e9, 4.0][n as usize % 4].to_bits()));
    measure("runs", random().flat_map(|n| [n % 1000; 20]));
    measure("uuids", random().zip(numbers(5)).map(|(a, b)| u128::from(a) << 64 | u128::from(b)));
    measure("small", random().map(|a| u128::from(a % 100)));
}

#[test]
#[ignore = "measures"]
fn texts_of_each_kind() {
    type Make = fn(u64) -> String;
    let kinds: [(&str, Make); 6] = [
        ("empty", |_| String::new()),
        ("few", |n| format!("kind {}", n % 20)),
        ("few long", |n| format!("a kind that takes more bytes {}", n % 20)),
        ("short", |n| format!("{:x}", n >> 40)),
        ("middle", |n| format!("{n:x}")),
        ("long", |n| format!("GET /{n:x}/{n:x}/{n:x}.html HTTP/1.1")),
    ];
    for (name, text) in kinds {
        let texts: Vec<String> = numbers(11).take(COUNT).map(text).collect();
        for effort in [Effort::Fast, Effort::Small] {
            let (mut encoder, mut bytes) = (TextEncoder::default(), Vec::new());
            let put = median(|| {
                bytes.clear();
                encoder.extend(black_box(&texts).iter().map(|text| text.as_bytes()));
                encoder.finish(effort, &mut bytes);
            });
            let (mut arena, mut rows) = (TextArena::default(), Vec::new());
            let get = median(|| {
                rows.clear();
                let input = &mut Input::new(black_box(&bytes));
                get_texts(COUNT, input, &mut budget(), &mut arena, &mut rows).unwrap();
                black_box(rows.len());
            });
            println!(
                "{name:>16} {effort:?}\t{}\tput {put:6.2}\tget {get:6.2}\tbytes {:.2}",
                bytes[0],
                bytes.len() as f64 / COUNT as f64
            );
        }
    }
}
