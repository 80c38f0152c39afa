//! Lists of records whose fields are all of fixed width, which are written and read many at once: bytes, errors and limits
//! are those of records that are gone through one by one.

use reduce_core::{Dumper, Error, ErrorKind, Expand, Limits, Loader, Reduce};
use std::cell::Cell;
use std::fmt::Debug;

#[derive(Clone, Copy, Debug, PartialEq, Reduce)]
struct Vector<T> {
    x: T,
    y: T,
    z: T,
}

#[derive(Clone, Copy, Debug, PartialEq, Reduce)]
#[reduce(name = "Sample")]
struct Sample {
    at: f64,
    position: [f32; 3],
    normal: Vector<f32>,
    color: (u8, i8, u8),
    visible: bool,
}

/// The same to a stream. A field that is not stored makes its rows be gone through one by one.
#[derive(Clone, Copy, Debug, PartialEq, Reduce)]
#[reduce(name = "Sample")]
struct OneByOne {
    at: f64,
    position: [f32; 3],
    normal: Vector<f32>,
    color: (u8, i8, u8),
    visible: bool,
    #[reduce(skip, default)]
    nothing: (),
}

const WIDTH: usize = 8 + 12 + 12 + 3 + 1;

fn sample(n: u8) -> Sample {
    let at = f32::from(n);
    Sample {
        at: f64::from(n) / 3.0,
        position: [at, -at, f32::INFINITY],
        normal: Vector { x: 0.5, y: at, z: -0.0 },
        color: (n, -1, 255),
        visible: n.is_multiple_of(2),
    }
}

impl From<Sample> for OneByOne {
    fn from(sample: Sample) -> Self {
        let Sample { at, position, normal, color, visible } = sample;
        OneByOne { at, position, normal, color, visible, nothing: () }
    }
}

fn samples(count: u8) -> (Vec<Sample>, Vec<OneByOne>) {
    let samples: Vec<Sample> = (0..count).map(sample).collect();
    (samples.clone(), samples.into_iter().map(OneByOne::from).collect())
}

/// Where all lists lie in rows: those of few bytes would lie in columns.
fn in_rows<T: Reduce + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    Dumper::new().columns(false).to_vec(value)
}

fn round_trip<T: Reduce + for<'de> Expand<'de> + PartialEq + Debug>(value: &T) -> Vec<u8> {
    let bytes = in_rows(value).unwrap();
    assert_eq!(reduce_core::from_slice::<T>(&bytes).unwrap(), *value);
    bytes
}

/// Both ways to read the same bytes fail alike.
fn both_fail(bytes: &[u8], limits: Limits) -> Error {
    let loader = Loader::new().limits(limits);
    let error = loader.from_slice::<Vec<Sample>>(bytes).unwrap_err();
    let other = loader.from_slice::<Vec<OneByOne>>(bytes).unwrap_err();
    assert_eq!(error.to_string(), other.to_string());
    assert_eq!((error.kind(), error.offset()), (other.kind(), other.offset()));
    error
}

#[test]
fn bytes_are_those_of_records_one_by_one() {
    for count in [0, 1, 2, 3, 200] {
        let (samples, others) = samples(count);
        let bytes = round_trip(&samples);
        assert_eq!(bytes, round_trip(&others));
        assert_eq!(reduce_core::from_slice::<Vec<OneByOne>>(&bytes).unwrap(), others);
        let rows: Vec<u8> = samples.iter().flat_map(row).collect();
        assert_eq!(rows.len(), usize::from(count) * WIDTH);
        assert!(bytes.windows(rows.len().max(1)).any(|window| window == rows) || count == 0);
    }
}

/// What SPEC.md says of a record's fields: one behind the other, little endian.
fn row(sample: &Sample) -> Vec<u8> {
    let Vector { x, y, z } = sample.normal;
    let mut row = sample.at.to_le_bytes().to_vec();
    for part in sample.position.iter().chain(&[x, y, z]) {
        row.extend(part.to_le_bytes());
    }
    let (red, green, blue) = sample.color;
    row.extend([red, green.cast_unsigned(), blue, u8::from(sample.visible)]);
    row
}

#[test]
fn lists_of_all_shapes_round_trip() {
    let (samples, _) = samples(5);
    round_trip(&vec![samples.clone(), Vec::new(), samples.clone()]);
    round_trip(&vec![[1.5f32, -2.0], [f32::MIN, f32::MAX]]);
    round_trip(&vec![(1u8, [true, false]), (2, [false, true])]);
    round_trip(&vec![true, false, true]);
    round_trip(&[samples[0], samples[1]]);
    round_trip(&Some(samples.clone().into_boxed_slice()));
    // A row of its own length each.
    round_trip(&vec![Vector { x: 1u32, y: 300, z: u32::MAX }, Vector { x: 0, y: 0, z: 0 }]);
    // No bytes at all.
    round_trip(&vec![[0f32; 0]; 3]);
    round_trip(&vec![(); 3]);
    round_trip(&vec![Vector { x: (), y: (), z: () }; 3]);
    // Wide rows.
    round_trip(&vec![[1.5f64; 32], [-1.0; 32]]);
    round_trip(&vec![([1.5f64; 32], true), ([-1.0; 32], false)]);
}

#[test]
fn a_malformed_part_is_an_error_at_its_place() {
    let (samples, _) = samples(9);
    let mut bytes = in_rows(&samples).unwrap();
    let end = bytes.len() - 1;
    assert_eq!(bytes[end - 1], 1, "the last element is visible, and only `stop` comes behind it");
    bytes[end - 1 - 4 * WIDTH] = 2;
    let error = both_fail(&bytes, Limits::default());
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert_eq!(error.path(), "[4].visible");
    assert_eq!(error.offset(), Some(end - 4 * WIDTH));
}

#[test]
fn rows_that_end_too_early_are_an_error_at_their_place() {
    let (samples, _) = samples(9);
    let bytes = in_rows(&samples).unwrap();
    for cut in [1, 2, 5, WIDTH, WIDTH + 2, 9 * WIDTH] {
        let error = both_fail(&bytes[..bytes.len() - cut], Limits::default());
        assert_eq!(error.kind(), ErrorKind::UnexpectedEnd, "{cut}");
    }
}

#[test]
fn limits_count_what_they_count_one_by_one() {
    let (samples, others) = samples(9);
    let bytes = in_rows(&samples).unwrap();
    // Nine elements of the list, and three of each one's array.
    let enough = Limits::default().elements(9 + 9 * 3);
    assert_eq!(Loader::new().limits(enough).from_slice::<Vec<Sample>>(&bytes).unwrap(), samples);
    assert_eq!(Loader::new().limits(enough).from_slice::<Vec<OneByOne>>(&bytes).unwrap(), others);
    let error = both_fail(&bytes, Limits::default().elements(9 + 9 * 3 - 1));
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Limit, "[8].position"));

    let enough = Limits::default().bytes(9 * size_of::<Sample>());
    assert_eq!(Loader::new().limits(enough).from_slice::<Vec<Sample>>(&bytes).unwrap(), samples);
    let short = Limits::default().bytes(9 * size_of::<Sample>() - 1);
    assert_eq!(
        Loader::new().limits(short).from_slice::<Vec<Sample>>(&bytes).unwrap_err().kind(),
        ErrorKind::Limit
    );
}

#[derive(Debug, PartialEq, Reduce)]
struct Shapes<T> {
    samples: Vec<T>,
}

/// One field less, one more, and the list in another place.
#[derive(Debug, PartialEq, Reduce)]
#[reduce(name = "Shapes")]
struct Later {
    #[reduce(default)]
    name: String,
    samples: Vec<Sample>,
}

#[test]
fn a_list_in_a_record_that_has_changed_is_read_as_well() {
    let (samples, _) = samples(9);
    let bytes = in_rows(&Shapes { samples: samples.clone() }).unwrap();
    let later: Later = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!(later, Later { name: String::new(), samples });
}

#[test]
fn rows_are_appended_behind_what_is_there() {
    let (samples, _) = samples(9);
    let mut out = b"before".to_vec();
    Dumper::new().append_to(&samples, &mut out).unwrap();
    assert_eq!(out, [&b"before"[..], &in_rows(&samples).unwrap()].concat());
}

thread_local! {
    static DROPPED: Cell<i32> = const { Cell::new(0) };
}

/// Counts how many are dropped.
#[derive(Reduce)]
struct Counted {
    mark: Mark,
    sound: bool,
}

#[derive(Reduce)]
struct Mark {
    number: f32,
}

impl Drop for Counted {
    fn drop(&mut self) {
        DROPPED.set(DROPPED.get() + 1);
    }
}

#[test]
fn what_is_dropped_is_made_once() {
    let counted = |n: u8| Counted { mark: Mark { number: n.into() }, sound: n < 2 };
    let mut bytes = in_rows(&(0..4).map(counted).collect::<Vec<_>>()).unwrap();
    let last = bytes.len() - 2;
    assert_eq!(bytes[last], 0);
    bytes[last] = 2;
    DROPPED.set(0);
    let failed = reduce_core::from_slice::<Vec<Counted>>(&bytes);
    assert_eq!(failed.err().map(|error| error.path()).as_deref(), Some("[3].sound"));
    assert_eq!(
        DROPPED.get(),
        3,
        "each element in front of the malformed one was made and dropped once"
    );
}
