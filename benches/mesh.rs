//! Lists of records whose fields are all of fixed width, beside a copy of as many bytes. No peers.
//!
//! `cargo bench -p reduce-benches --bench mesh`

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

fn numbers() -> Vec<f64> {
    (0..1_000_000).map(f64::from).collect()
}

fn main() {
    assert_eq!(loaded::<Triangle>(&triangles()), triangles());
    assert_eq!(loaded::<Sample>(&samples()), samples());
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

benches! {
    triangles: crate::triangles();
    samples: crate::samples();
    numbers: crate::numbers();
}
