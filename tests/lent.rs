//! Lists that are borrowed from where they lie in the stream as in memory.

use bytemuck::{Pod, Zeroable};
use reduce_core::{Dumper, ErrorKind, Loader, Reduce, Value, disassemble, from_slice, to_vec};
use std::any::Any;
use std::borrow::Cow;
use std::collections::BTreeMap;

#[derive(Reduce, Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
#[reduce(pod)]
struct Sample {
    time: u64,
    values: [f32; 2],
}

fn samples(count: u8) -> Vec<Sample> {
    (0..count).map(|n| Sample { time: u64::from(n) << 40, values: [n.into(), -0.5] }).collect()
}

#[derive(Reduce, Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
#[reduce(pod)]
struct Wide(u128);

/// Bytes at a place that no alignment here minds.
struct Placed {
    words: Vec<u128>,
    length: usize,
}

impl Placed {
    /// So many bytes behind that place.
    fn at(offset: usize, bytes: &[u8]) -> Self {
        let length = offset + bytes.len();
        let mut words = vec![0; length.div_ceil(16)];
        bytemuck::cast_slice_mut(&mut words)[offset..length].copy_from_slice(bytes);
        Placed { words, length }
    }

    fn new(bytes: &[u8]) -> Self {
        Self::at(0, bytes)
    }

    fn bytes(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.words)[..self.length]
    }
}

fn aligned() -> Dumper {
    Dumper::new().aligned(true)
}

fn lies_in<T>(stream: &[u8], list: &[T]) -> bool {
    stream.as_ptr_range().contains(&list.as_ptr().cast())
}

/// A machine with the other order of bytes borrows none of these.
const LITTLE: bool = cfg!(target_endian = "little");

#[derive(Reduce, Debug, PartialEq)]
struct Track<'a> {
    name: &'a str,
    heights: &'a [f64],
    mark: u8,
    corners: &'a [[f32; 3]],
    samples: &'a [Sample],
    wide: &'a [Wide],
    none: &'a [f64],
}

#[test]
fn lists_at_aligned_places_are_borrowed() {
    let (heights, corners) = ([0.5, 1.5, -2.0], [[1.0, 2.0, 3.0]]);
    let (samples, wide) = (samples(3), [Wide(7), Wide(u128::MAX)]);
    for name in ["", "a", "name", "a longer one"] {
        let track = Track {
            name,
            heights: &heights,
            mark: 7,
            corners: &corners,
            samples: &samples,
            wide: &wide,
            none: &[],
        };
        let stream = Placed::new(&aligned().to_vec(&track).unwrap());
        let again = from_slice::<Track<'_>>(stream.bytes());
        if !LITTLE {
            assert!(again.unwrap_err().to_string().contains("little endian"));
            continue;
        }
        let again = again.unwrap();
        assert_eq!(again, track);
        assert!(lies_in(stream.bytes(), again.heights) && lies_in(stream.bytes(), again.samples));
        // Behind other bytes, the same.
        let mut behind = b"front".to_vec();
        aligned().append_to(&track, &mut behind).unwrap();
        assert_eq!(behind[5..], *stream.bytes());
    }
}

#[test]
fn padding_is_a_few_bytes_and_no_part_of_the_value() {
    let value = (7u8, vec![0.5f64; 100], samples(20));
    let (plain, padded) = (to_vec(&value).unwrap(), aligned().to_vec(&value).unwrap());
    assert!((4..=18).contains(&(padded.len() - plain.len())));
    assert_eq!(from_slice::<(u8, Vec<f64>, Vec<Sample>)>(&padded).unwrap(), value);
    let (read, other) = (Value::from_slice(&padded).unwrap(), Value::from_slice(&plain).unwrap());
    assert_eq!(read, other);
    assert_eq!(read.to_vec().unwrap(), plain);
    assert!(reduce_core::check(&padded, &reduce_core::Limits::default()).is_ok());
    // As other types: in lists, sets and arrays, skipped and kept.
    type Other = (u16, [f64; 100], std::collections::VecDeque<Value>);
    let (_, numbers, values) = from_slice::<Other>(&padded).unwrap();
    assert_eq!((numbers, values.len()), ([0.5; 100], 20));
    // Lists that nobody can borrow have none, and empty ones.
    let others = (vec![1u64, 2], vec![true], vec![(1.0f32, 2.0f32)], Vec::<f64>::new());
    assert_eq!(to_vec(&others).unwrap(), aligned().to_vec(&others).unwrap());
}

#[test]
fn a_cow_borrows_what_lies_right_and_copies_the_rest() {
    let list = samples(200);
    for offset in 0..16 {
        for bytes in [to_vec(&list).unwrap(), aligned().to_vec(&list).unwrap()] {
            let stream = Placed::at(offset, &bytes);
            let stream = &stream.bytes()[offset..];
            assert_eq!(from_slice::<Vec<Sample>>(stream).unwrap(), list);
            let cow: Cow<'_, [Sample]> = from_slice(stream).unwrap();
            assert_eq!(*cow, list);
            assert_eq!(matches!(cow, Cow::Borrowed(_)), lies_in(stream, &cow));
        }
    }
    let stream = Placed::new(&aligned().to_vec(&list).unwrap());
    assert_eq!(matches!(from_slice(stream.bytes()).unwrap(), Cow::<[Sample]>::Borrowed(_)), LITTLE);
    let stream = Placed::at(1, &aligned().to_vec(&list).unwrap());
    let cow: Cow<'_, [Sample]> = from_slice(&stream.bytes()[1..]).unwrap();
    assert!(matches!(cow, Cow::Owned(_)));
    // In columns, and from another type.
    let rows: Vec<(u32, Vec<f32>)> = (0..40).map(|n| (n, vec![0.5; 3])).collect();
    let bytes = aligned().to_vec(&rows).unwrap();
    let again: Vec<(u32, Cow<'_, [f32]>)> = from_slice(&bytes).unwrap();
    assert!(again.iter().all(|(_, list)| matches!(list, Cow::Owned(_)) && **list == [0.5; 3]));
    let bytes = aligned().to_vec(&vec![0.5f32; 3]).unwrap();
    assert_eq!(*from_slice::<Cow<'_, [f64]>>(&bytes).unwrap(), [0.5; 3]);
    let arrays = vec![[[0.5f64; 2]; 2]; 9];
    let stream = Placed::new(&aligned().to_vec(&arrays).unwrap());
    let cow: Cow<'_, [[[f64; 2]; 2]]> = from_slice(stream.bytes()).unwrap();
    assert_eq!((matches!(cow, Cow::Borrowed(_)), &*cow), (LITTLE, &arrays[..]));
}

#[test]
fn what_takes_any_place_is_borrowed_from_there() {
    #[derive(Reduce, Clone, Copy, Pod, Zeroable)]
    #[repr(C, packed)]
    #[reduce(pod)]
    struct Packed {
        kind: u8,
        size: u64,
    }

    #[derive(Reduce, Clone, Copy, Pod, Zeroable)]
    #[repr(C)]
    #[reduce(pod)]
    struct Color([u8; 3], i8);

    let colors = [Color([1, 2, 3], -4); 5];
    let bytes = to_vec(&("x", &colors[..], &[[7u8; 2]; 3][..])).unwrap();
    let (_, lent, bytes) = from_slice::<(&str, &[Color], &[[u8; 2]])>(&bytes).unwrap();
    assert_eq!((lent.len(), lent[4].0, lent[4].1, bytes), (5, [1, 2, 3], -4, &[[7; 2]; 3][..]));
    let bytes = to_vec(&[Packed { kind: 1, size: 1 << 60 }; 3][..]).unwrap();
    assert_eq!(aligned().to_vec(&[Packed { kind: 1, size: 1 << 60 }; 3][..]).unwrap(), bytes);
    let lent = from_slice::<&[Packed]>(&bytes);
    match lent {
        Ok(lent) => assert!(LITTLE && lent.iter().all(|one| (one.kind, one.size) == (1, 1 << 60))),
        Err(error) => assert!(!LITTLE && error.to_string().contains("little endian")),
    }
}

#[test]
fn what_cannot_be_borrowed_says_how_it_could() {
    if !LITTLE {
        return;
    }
    let list = samples(20);
    let error = from_slice::<&[Sample]>(&to_vec(&list).unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue);
    assert!(error.to_string().contains("dump them with `Dumper::aligned`"), "{error}");
    let stream = Placed::at(4, &aligned().to_vec(&list).unwrap());
    let error = from_slice::<&[Sample]>(&stream.bytes()[4..]).unwrap_err();
    assert!(error.to_string().contains("move the beginning of the stream"), "{error}");
    let rows: Vec<(u32, Vec<f32>)> = (0..40).map(|n| (n, vec![0.5; 3])).collect();
    let bytes = aligned().to_vec(&rows).unwrap();
    let error = from_slice::<Vec<(u32, &[f32])>>(&bytes).unwrap_err();
    assert!(error.to_string().contains("[0].1: `&[f32]`"), "{error}");
    assert!(error.to_string().contains("packed in the columns of a list"), "{error}");
    let rows_stream = Placed::new(&aligned().columns(false).to_vec(&rows).unwrap());
    let again: Vec<(u32, &[f32])> = from_slice(rows_stream.bytes()).unwrap();
    assert_eq!(again[39], (39, &[0.5; 3][..]));
    let error = from_slice::<&[f64]>(&aligned().to_vec(&vec![0.5f32; 3]).unwrap()).unwrap_err();
    assert!(error.to_string().contains("another type than `f64`"), "{error}");
    let error = from_slice::<&[u32]>(&aligned().to_vec(&vec![1u32; 3]).unwrap()).unwrap_err();
    assert!(error.to_string().contains("a struct with `#[reduce(pod)]`"), "{error}");
}

/// What stands in front of the data is longer than it was when they were written.
#[test]
fn places_stay_aligned_where_something_is_put_in_front() {
    let mut registry = reduce_core::Registry::new();
    registry.register_as::<Vec<Sample>>("samples").unwrap();
    registry.register_as::<String>("text").unwrap();
    registry.register_as::<u16>("a number with a name of some length").unwrap();
    let list = samples(9);
    for more in 0..3 {
        let mut objects: Vec<Box<dyn Any>> = vec![Box::new(list.clone())];
        objects.extend((0..more).map(|n| match n {
            0 => Box::new(String::from("text")) as Box<dyn Any>,
            _ => Box::new(7u16),
        }));
        let value = (vec![0.5f64; 3], objects, vec![Wide(3); 2]);
        let stream = Placed::new(&aligned().registry(&registry).to_vec(&value).unwrap());
        let shown = disassemble(stream.bytes()).unwrap();
        let lists: Vec<usize> = (shown.instructions().windows(2))
            .filter(|pair| pair[0].opcode == "aligned")
            .map(|pair| pair[1].offset)
            .collect();
        assert_eq!(lists.len(), 3, "{shown}");
        assert!(
            [8, 8, 16].iter().zip(&lists).all(|(align, at)| at.is_multiple_of(*align)),
            "{shown}"
        );
        type Again<'a> = (&'a [f64], Vec<Box<dyn Any>>, &'a [Wide]);
        let loader = Loader::new().registry(&registry);
        let loaded = loader.from_slice::<Again<'_>>(stream.bytes());
        if LITTLE {
            let (numbers, objects, wide) = loaded.unwrap();
            assert_eq!((numbers, wide), (&[0.5; 3][..], &[Wide(3); 2][..]));
            assert_eq!(objects[0].downcast_ref::<Vec<Sample>>().unwrap(), &list);
        }
    }
    // A short header whose length takes one, two and three bytes.
    for count in [1, 20, 2000] {
        let value = vec![Wide(3); count];
        let mut programs = reduce_core::Programs::new();
        programs.add_stream(&to_vec(&value).unwrap()).unwrap();
        let stream = Placed::new(&aligned().fingerprint(true).to_vec(&value).unwrap());
        let loader = Loader::new().programs(&programs);
        let lent = loader.from_slice::<&[Wide]>(stream.bytes());
        assert_eq!(lent.is_ok_and(|lent| lent == value), LITTLE);
    }
    // Messages of a session, each counted from its own beginning.
    let (mut dumps, mut loads) = (aligned().session(), Loader::new().session());
    for _ in 0..3 {
        let message = Placed::new(&dumps.to_vec(&list).unwrap());
        let lent = loads.from_slice::<&[Sample]>(message.bytes());
        assert_eq!(lent.is_ok_and(|lent| lent == list), LITTLE);
    }
}

#[test]
fn canonical_order_does_not_depend_on_places() {
    let map: std::collections::HashMap<Vec<[u8; 2]>, Vec<f64>> =
        (0..20u8).map(|n| (vec![[n, 1]; n.into()], vec![0.5; n.into()])).collect();
    let sorted: BTreeMap<_, _> = map.iter().map(|(key, value)| (key.len(), value)).collect();
    let bytes = aligned().canonical(true).to_vec(&map).unwrap();
    let again: Vec<(Vec<[u8; 2]>, Vec<f64>)> = from_slice(&bytes).unwrap();
    assert!(again.iter().map(|(key, value)| (key.len(), value)).eq(sorted));
    let keys: std::collections::HashSet<Vec<Wide>> = Default::default();
    assert_eq!(aligned().canonical(true).to_vec(&keys).unwrap(), to_vec(&keys).unwrap());
}

impl Eq for Wide {}
impl std::hash::Hash for Wide {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
