//! `Duration` and `SystemTime`.

mod round_trip;

use proptest::prelude::*;
use reduce_core::ErrorKind;
use round_trip::{check, claim, refusal, same_bytes, varint};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const NANOS_PER_SEC: u32 = 1_000_000_000;

/// What is stored of a time.
fn moment(secs: i64, nanos: u32) -> Vec<u8> {
    let zigzag = ((secs << 1) ^ (secs >> 63)) as u64;
    claim::<SystemTime>(&[varint(zigzag), varint(u64::from(nanos))].concat())
}

proptest! {
    #[test]
    fn durations_come_back(secs: u64, nanos in 0..NANOS_PER_SEC) {
        check(&Duration::new(secs, nanos));
    }

    #[test]
    fn times_come_back_before_1970_too(secs: i32, nanos in 0..NANOS_PER_SEC / 100) {
        // Platforms count in units of up to 100 ns.
        let offset = Duration::new(u64::from(secs.unsigned_abs()), nanos * 100);
        check(&(UNIX_EPOCH + offset));
        check(&(UNIX_EPOCH - offset));
    }
}

#[test]
fn extreme_durations_come_back() {
    check(&[Duration::ZERO, Duration::MAX, Duration::from_nanos(1)]);
}

#[test]
fn nanoseconds_count_onwards_from_the_second_below() {
    let before = UNIX_EPOCH - Duration::from_millis(250);
    assert_eq!(reduce_core::to_vec(&before).unwrap(), moment(-1, 750_000_000));
    assert_eq!(reduce_core::to_vec(&UNIX_EPOCH).unwrap(), moment(0, 0));
    let second_before = UNIX_EPOCH - Duration::from_secs(1);
    assert_eq!(reduce_core::to_vec(&second_before).unwrap(), moment(-1, 0));
    let after = UNIX_EPOCH + Duration::from_millis(1_500);
    assert_eq!(reduce_core::to_vec(&after).unwrap(), moment(1, 500_000_000));
}

#[test]
fn extreme_times_come_back_or_are_refused() {
    for secs in [i64::MIN, i64::MIN + 1, -1, i64::MAX] {
        for nanos in [0, 500_000_000, NANOS_PER_SEC - 1] {
            let bytes = moment(secs, nanos);
            match reduce_core::from_slice::<SystemTime>(&bytes) {
                Ok(time) => check(&time),
                Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidValue),
            }
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn every_second_of_64_bits_is_a_time_on_linux() {
    for secs in [i64::MIN, i64::MAX] {
        for nanos in [0, NANOS_PER_SEC - 1] {
            let bytes = moment(secs, nanos);
            let time: SystemTime = reduce_core::from_slice(&bytes).unwrap();
            assert_eq!(reduce_core::to_vec(&time).unwrap(), bytes);
        }
    }
}

#[test]
fn a_second_of_nanoseconds_is_refused() {
    for nanos in [NANOS_PER_SEC, u32::MAX] {
        let data = [varint(1), varint(u64::from(nanos))].concat();
        let duration = claim::<Vec<Duration>>(&[vec![1 << 1], data].concat());
        let (kind, path, _) = refusal::<Vec<Duration>>(&duration);
        assert_eq!((kind, path.as_str()), (ErrorKind::InvalidValue, "[0].nanos"));
        let (kind, path, _) = refusal::<SystemTime>(&moment(1, nanos));
        assert_eq!((kind, path.as_str()), (ErrorKind::InvalidValue, "nanos"));
    }
}

#[test]
fn the_clock_comes_back() {
    let now = SystemTime::now();
    check(&now);
    same_bytes(&now, &Box::new(now));
}
