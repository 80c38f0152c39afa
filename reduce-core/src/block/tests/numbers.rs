//! Columns of numbers come back.

use super::{EFFORTS, numbers, put_all, round_trip};
use crate::block::word::Narrow;
use crate::block::{Effort, Order, header};
use alloc::vec::Vec;
use proptest::prelude::*;

/// Around the ends of groups, chunks and samples.
const COUNTS: [usize; 12] = [0, 1, 2, 7, 8, 9, 16, 17, 63, 64, 65, 200];

fn every_width<W: Narrow>() {
    for count in COUNTS {
        for width in 0..=W::BITS {
            let mask = u64::MAX.checked_shr(64 - width).unwrap_or(0);
            for base in [0, 77, W::SIGN.wide() - 1] {
                let value = |value| W::low(value & mask).plus(W::low(base));
                round_trip(&numbers(count as u64).take(count).map(value).collect::<Vec<W>>());
            }
        }
    }
}

#[test]
fn numbers_of_every_width_come_back() {
    every_width::<u8>();
    every_width::<u16>();
    every_width::<u32>();
    every_width::<u64>();
}

#[test]
fn the_ends_of_every_width_come_back() {
    fn ends<W: Narrow>() {
        let ends = [W::low(0), W::low(u64::MAX), W::SIGN, W::SIGN.minus(W::low(1))];
        for count in COUNTS {
            for step in 0..4 {
                round_trip(&(0..count).map(|k| ends[k * step % 4]).collect::<Vec<W>>());
            }
        }
    }
    ends::<u8>();
    ends::<u16>();
    ends::<u32>();
    ends::<u64>();
}

#[test]
fn numbers_of_128_bits_come_back() {
    for count in COUNTS {
        let random: Vec<u128> = numbers(1)
            .zip(numbers(9))
            .take(count)
            .map(|(a, b)| u128::from(a) << 64 | u128::from(b))
            .collect();
        round_trip(&random);
        round_trip(&random.iter().map(|value| value >> 70).collect::<Vec<_>>());
        round_trip(&random.iter().map(|value| value >> 120 << 60).collect::<Vec<_>>());
        round_trip(&[u128::MAX, 0, 1 << 127].repeat(count));
    }
}

/// The coding of a column that is made for it, in both efforts.
fn assert_coding(values: &[u64], coding: u8, most: usize) {
    round_trip(values);
    for effort in EFFORTS {
        let bytes = put_all(values, Order::Unsigned, effort);
        assert_eq!(bytes[0], coding, "{effort:?}");
        assert!(bytes.len() <= most, "{effort:?} takes {} bytes", bytes.len());
    }
}

#[test]
fn each_kind_of_column_gets_its_coding() {
    assert_coding(&[7; 1000], header::CONSTANT, 2);
    assert_coding(&numbers(3).take(1000).map(|n| n % 16).collect::<Vec<_>>(), 4, 501);
    let offset: Vec<u64> = numbers(3).take(1000).map(|n| 1_000_000 + n % 16).collect();
    assert_coding(&offset, header::BASE | 4, 504);
    assert_coding(&numbers(3).take(1000).collect::<Vec<_>>(), header::RAW, 8001);
    let ids: Vec<u64> = (5000..6000).collect();
    assert_coding(&ids, header::DELTA, 5);
    let times: Vec<u64> =
        numbers(3).zip(0..1000).map(|(n, k)| (1 << 40) + k * 60 + n % 32).collect();
    assert_coding(&times, header::DELTA, 900);
    let codes: Vec<u64> =
        numbers(3).take(1000).map(|n| [200, 404, 500, 70_000][n as usize % 4]).collect();
    assert_coding(&codes, header::DICTIONARY, 270);
    let runs: Vec<u64> = numbers(3).take(50).flat_map(|n| [n % 1000; 20]).collect();
    assert_coding(&runs, header::RUNS, 80);
}

#[test]
fn a_column_of_few_random_floats_is_a_dictionary() {
    let prices: Vec<u64> =
        numbers(3).take(1000).map(|n| [0.1f64, 2.5, 1e9][n as usize % 3].to_bits()).collect();
    assert_coding(&prices, header::DICTIONARY, 280);
}

#[test]
#[allow(clippy::cast_precision_loss)]
fn floats_of_a_step_take_as_many_bits_as_their_steps() {
    let whole = || numbers(3).take(1000).map(|n| (n % 4096) as f64);
    let lengths = [
        whole().map(|n| n / 1024.0).collect::<Vec<_>>(),
        whole().map(|n| n * 1e3f64.log2().floor().exp2()).collect(),
        whole().map(|n| n - 4000.0).collect(),
        // The finest step is not where it is looked first.
        whole().enumerate().map(|(k, n)| if k == 3 { 0.5 } else { n }).collect(),
    ]
    .map(|floats| {
        let bits: Vec<u64> = floats.iter().map(|float| float.to_bits()).collect();
        round_trip(&bits);
        let fast = put_all(&bits, Order::Float, Effort::Fast);
        assert_eq!(fast[0], header::SCALED);
        let bits: Vec<u32> = floats.iter().map(|float| (*float as f32).to_bits()).collect();
        round_trip(&bits);
        assert_eq!(put_all(&bits, Order::Float, Effort::Fast).len(), fast.len());
        fast.len()
    });
    assert_eq!(lengths, [1503, 1503, 1505, 1628]);
}

#[test]
fn floats_that_no_step_has_come_back() {
    let odd = [-0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e-310, 1e300, 0.1];
    for odd in odd {
        let mut floats: Vec<f64> = (0..200u8).map(|n| f64::from(n) * 0.5).collect();
        floats[7] = odd;
        round_trip(&floats.iter().map(|float| float.to_bits()).collect::<Vec<_>>());
        #[allow(clippy::cast_possible_truncation)]
        round_trip(&floats.iter().map(|float| (*float as f32).to_bits()).collect::<Vec<_>>());
    }
}

/// Columns of many shapes: how long, how wide, how far from zero, and how often a number repeats or follows the last.
fn column() -> impl Strategy<Value = Vec<u64>> {
    let shape = (0..400usize, 0..=64u32, any::<u64>(), 1..20usize, any::<bool>(), any::<u64>());
    shape.prop_map(|(count, width, base, repeat, sums, seed)| {
        let mask = u64::MAX.checked_shr(64 - width).unwrap_or(0);
        let mut sum = base;
        let values = numbers(seed).take(count.div_ceil(repeat)).map(|value| {
            let value = base.wrapping_add(value & mask);
            sum = sum.wrapping_add(value & mask);
            if sums { sum } else { value }
        });
        values.flat_map(|value| core::iter::repeat_n(value, repeat)).take(count).collect()
    })
}

#[allow(clippy::cast_possible_truncation)]
mod random {
    use super::*;

    proptest! {
        #[test]
        fn columns_come_back(values in column()) {
            round_trip(&values.iter().map(|value| *value as u8).collect::<Vec<_>>());
            round_trip(&values.iter().map(|value| *value as u16).collect::<Vec<_>>());
            round_trip(&values.iter().map(|value| *value as u32).collect::<Vec<_>>());
            round_trip(&values);
            round_trip(&values.iter().map(|value| u128::from(*value) << 9).collect::<Vec<_>>());
        }

        #[test]
        fn small_is_never_larger_than_raw(values in column()) {
            let bytes = put_all(&values, Order::Signed, Effort::Small);
            prop_assert!(bytes.len() <= 1 + 8 * values.len());
        }
    }
}
