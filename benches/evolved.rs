//! What it costs that a type has changed: rows of a type that has one field more and one less than its stream, and of some
//! that differ further, beside rows of the stream's own type; in rows and in columns. No peers.
//!
//! `cargo bench -p reduce-benches --bench evolved`

use divan::{Bencher, black_box};
use reduce_core::{Dumper, Reduce};
use std::rc::Rc;

/// The type as it was.
#[derive(Debug, PartialEq, Reduce)]
#[reduce(name = "shop.Row")]
struct Row {
    id: u64,
    customer: String,
    /// Removed since.
    note: String,
    quantity: u32,
    price: f64,
    tags: Vec<u32>,
}

/// The type as it is.
#[derive(Debug, PartialEq, Reduce)]
#[reduce(name = "shop.Row")]
struct Evolved {
    id: u64,
    customer: String,
    quantity: u32,
    price: f64,
    tags: Vec<u32>,
    #[reduce(default)]
    discount: f64,
}

const ROWS: u32 = 100_000;

fn rows() -> Vec<Row> {
    let row = |n: u32| Row {
        id: u64::from(n) * 7919,
        customer: format!("customer {n}"),
        note: format!("a note on the order {n}"),
        quantity: n % 100,
        price: f64::from(n) / 100.0,
        tags: vec![n, n + 1, n + 2],
    };
    (0..ROWS).map(row).collect()
}

/// The same, and numbers are wider.
#[derive(Debug, PartialEq, Reduce)]
#[reduce(name = "shop.Row")]
struct Widened {
    id: u64,
    customer: String,
    quantity: u64,
    price: f64,
    tags: Vec<u64>,
    #[reduce(default)]
    discount: f64,
}

/// The same, and what is read value by value from columns too: a pointer that no column makes.
#[derive(Debug, PartialEq, Reduce)]
#[reduce(name = "shop.Row")]
struct Shared {
    id: u64,
    customer: Rc<str>,
    quantity: u32,
    price: f64,
    tags: Vec<u32>,
    #[reduce(default)]
    discount: f64,
}

/// Where the rows lie.
const LAYOUTS: [&str; 2] = ["rows", "columns"];

fn stream(layout: &str) -> Vec<u8> {
    let dumper = Dumper::new().columns(layout == "columns");
    dumper.to_vec(&rows()).expect("a plain value")
}

fn main() {
    for layout in LAYOUTS {
        let bytes = stream(layout);
        let native: Vec<Row> = reduce_core::from_slice(&bytes).expect("our own bytes");
        let evolved: Vec<Evolved> =
            reduce_core::from_slice(&bytes).expect("a field more, a field less");
        let widened: Vec<Widened> = reduce_core::from_slice(&bytes).expect("and wider numbers");
        let shared: Vec<Shared> = reduce_core::from_slice(&bytes).expect("and pointers");
        assert_eq!(native.len(), evolved.len());
        assert!(native.iter().zip(&evolved).all(|(old, new)| old.tags == new.tags));
        assert!(native.iter().zip(&widened).all(|(old, new)| old.tags.len() == new.tags.len()));
        assert!(native.iter().zip(&shared).all(|(old, new)| *old.customer == *new.customer));
    }
    divan::main();
}

macro_rules! loads {
    ($($name:ident $of:ty;)*) => {$(
        #[divan::bench(args = LAYOUTS, sample_count = 30, sample_size = 1)]
        fn $name(bencher: Bencher<'_, '_>, layout: &str) {
            let bytes = stream(layout);
            bencher.bench_local(|| reduce_core::from_slice::<Vec<$of>>(black_box(&bytes)));
        }
    )*};
}

loads! {
    native Row;
    evolved Evolved;
    widened Widened;
    shared Shared;
}
