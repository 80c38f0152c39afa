//! Lists of records whose fields are all of fixed width, some of them stored as they lie in memory, beside a copy of as many
//! bytes. No peers.
//!
//! `cargo bench -p reduce-benches --bench mesh`

use bytemuck::{Pod, Zeroable};
use divan::{Bencher, black_box};
use reduce_core::{Dumper, Expand, Reduce};

#[derive(Clone, Copy, Debug, PartialEq, Reduce)]
#[reduce(name = "mesh.Vector")]
struct Vector {
    x: f32,
    y: f32,
    z: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Reduce)]
#[reduce(name = "mesh.Triangle")]
struct Triangle {
    v0: Vector,
    v1: Vector,
    v2: Vector,
    normal: Vector,
}

/// Other fields of fixed width.
#[derive(Clone, Copy, Debug, PartialEq, Reduce)]
#[reduce(name = "mesh.Sample")]
struct Sample {
    at: f64,
    position: [f32; 3],
    color: (u8, u8, u8),
    level: i8,
    visible: bool,
}

/// As in memory, where a plain record would be in columns for its integers.
#[derive(Clone, Copy, Debug, PartialEq, Reduce, Pod, Zeroable)]
#[repr(C)]
#[reduce(name = "mesh.Particle", pod)]
struct Particle {
    position: [f32; 3],
    id: u32,
    charge: i16,
    flags: [u8; 2],
}

/// As a triangle, in memory's order because it says so.
#[derive(Clone, Copy, Debug, PartialEq, Reduce, Pod, Zeroable)]
#[repr(C)]
#[reduce(name = "mesh.Raw", pod)]
struct Raw {
    corners: [[f32; 3]; 3],
    normal: [f32; 3],
}

/// The same as a `Particle`, stored as any record.
#[derive(Clone, Copy, Debug, PartialEq, Reduce)]
#[reduce(name = "mesh.Particle")]
struct Plain {
    position: [f32; 3],
    id: u32,
    charge: i16,
    flags: [u8; 2],
}

const COUNT: u16 = 125;

fn vector(n: f32) -> Vector {
    Vector { x: n, y: n + 0.5, z: n * 0.25 }
}

fn triangles() -> Vec<Triangle> {
    let triangle = |n: u16| {
        let n = f32::from(n);
        Triangle { v0: vector(n), v1: vector(n + 1.0), v2: vector(n + 2.0), normal: vector(-n) }
    };
    (0..1000).flat_map(|_| (0..COUNT).map(triangle)).collect()
}

fn samples() -> Vec<Sample> {
    let sample = |n: u16| {
        let [_, byte] = n.to_be_bytes();
        let at = f32::from(n);
        let color = (byte, byte / 2, byte / 3);
        Sample {
            at: at.into(),
            position: [at, at + 1.0, at + 2.0],
            color,
            level: -1,
            visible: n.is_multiple_of(2),
        }
    };
    (0..1000).flat_map(|_| (0..COUNT).map(sample)).collect()
}

fn particles() -> Vec<Particle> {
    let particle = |n: u16| {
        let at = f32::from(n);
        let position = [at, at + 1.0, at + 2.0];
        Particle { position, id: u32::from(n) * 1000, charge: -1, flags: n.to_le_bytes() }
    };
    (0..1000).flat_map(|_| (0..COUNT).map(particle)).collect()
}

fn plain_particles() -> Vec<Plain> {
    let plain = |of: Particle| {
        let Particle { position, id, charge, flags } = of;
        Plain { position, id, charge, flags }
    };
    particles().into_iter().map(plain).collect()
}

fn raw_triangles() -> Vec<Raw> {
    let corner = |of: Vector| [of.x, of.y, of.z];
    let raw = |of: Triangle| Raw {
        corners: [corner(of.v0), corner(of.v1), corner(of.v2)],
        normal: corner(of.normal),
    };
    triangles().into_iter().map(raw).collect()
}

fn numbers() -> Vec<f64> {
    (0..1_000_000).map(f64::from).collect()
}

fn main() {
    assert_eq!(loaded::<Triangle>(&triangles()), triangles());
    assert_eq!(loaded::<Sample>(&samples()), samples());
    assert_eq!(loaded::<Particle>(&particles()), particles());
    assert_eq!(loaded::<Raw>(&raw_triangles()), raw_triangles());
    assert_eq!(loaded::<Plain>(&plain_particles()), plain_particles());
    // A later release of a program has other fields.
    let bytes = reduce_core::to_vec(&particles()).expect("a plain value");
    let plain = reduce_core::from_slice::<Vec<Plain>>(&bytes).expect("what the type was");
    assert_eq!(plain, plain_particles());
    divan::main();
}

fn loaded<T: Reduce + for<'de> Expand<'de>>(values: &[T]) -> Vec<T> {
    let bytes = reduce_core::to_vec(values).expect("a plain value");
    reduce_core::from_slice(&bytes).expect("our own bytes")
}

/// Into a buffer that is used again.
fn dump<T: Reduce>(bencher: Bencher<'_, '_>, values: &[T]) {
    let dumper = Dumper::new();
    let mut out = Vec::new();
    bencher.bench_local(|| {
        out.clear();
        dumper.append_to(black_box(values), &mut out)
    });
}

fn load<T: Reduce + for<'de> Expand<'de>>(bencher: Bencher<'_, '_>, values: &[T]) {
    let bytes = reduce_core::to_vec(values).expect("a plain value");
    bencher.bench_local(|| reduce_core::from_slice::<Vec<T>>(black_box(&bytes)));
}

/// Borrowed from a stream that has them at an aligned place.
fn lend<T: Reduce>(bencher: Bencher<'_, '_>, values: &[T])
where
    for<'de> &'de [T]: Expand<'de>,
{
    let bytes = Dumper::new().aligned(true).to_vec(values).expect("a plain value");
    let mut words = vec![0u128; bytes.len().div_ceil(16)];
    let room = bytemuck::cast_slice_mut::<u128, u8>(&mut words);
    let (stream, _) = room.split_at_mut(bytes.len());
    stream.copy_from_slice(&bytes);
    bencher.bench_local(|| {
        let lent = reduce_core::from_slice::<&[T]>(black_box(stream)).expect("an aligned list");
        lent.len()
    });
}

/// What no dump of as many bytes beats.
fn dump_copy<T>(bencher: Bencher<'_, '_>, values: &[T]) {
    let bytes = vec![1u8; size_of_val(values)];
    let mut out = Vec::new();
    bencher.bench_local(|| {
        out.clear();
        out.extend_from_slice(black_box(&bytes));
    });
}

/// What no load of as many bytes beats.
fn load_copy<T>(bencher: Bencher<'_, '_>, values: &[T]) {
    let bytes = vec![1u8; size_of_val(values)];
    bencher.bench_local(|| black_box(&bytes).to_vec());
}

macro_rules! benches {
    ($($name:ident: $values:expr;)*) => {$(
        #[divan::bench_group(sample_count = 200, sample_size = 1)]
        mod $name {
            use divan::Bencher;

            #[divan::bench]
            fn dump(bencher: Bencher<'_, '_>) {
                crate::dump(bencher, &$values);
            }

            #[divan::bench]
            fn dump_copy(bencher: Bencher<'_, '_>) {
                crate::dump_copy(bencher, &$values);
            }

            #[divan::bench]
            fn load(bencher: Bencher<'_, '_>) {
                crate::load(bencher, &$values);
            }

            #[divan::bench]
            fn load_copy(bencher: Bencher<'_, '_>) {
                crate::load_copy(bencher, &$values);
            }
        }
    )*};
}

macro_rules! lent {
    ($($name:ident: $values:expr;)*) => {$(
        #[divan::bench(sample_count = 200, sample_size = 100)]
        fn $name(bencher: Bencher<'_, '_>) {
            lend(bencher, &$values);
        }
    )*};
}

lent! {
    lent_particles: particles();
    lent_numbers: numbers();
}

benches! {
    particles: crate::particles();
    plain_particles: crate::plain_particles();
    raw_triangles: crate::raw_triangles();
    triangles: crate::triangles();
    samples: crate::samples();
    numbers: crate::numbers();
}
