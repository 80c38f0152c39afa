//! The work of an adapted load grows with its stream and no faster: counted by the limits, not timed.

use reduce_core::{Error, Expand, Limits, Loader, Reduce, to_vec};
use std::rc::Rc;

mod old {
    use super::*;

    #[derive(Reduce, Clone)]
    #[reduce(name = "l.Row")]
    pub struct Row {
        pub gone: Vec<(u8, Option<String>)>,
        pub shared: Rc<(u8, String)>,
        pub last: Vec<u16>,
        pub first: String,
    }

    #[derive(Reduce)]
    #[reduce(name = "l.All")]
    pub struct All {
        pub rows: Vec<Row>,
        pub kept: Rc<(u8, String)>,
    }
}

/// In another order, one field gone.
#[derive(Reduce)]
#[reduce(name = "l.Row")]
struct Moved {
    #[allow(dead_code)]
    first: String,
    #[allow(dead_code)]
    last: Vec<u64>,
    #[allow(dead_code)]
    shared: Rc<(u8, String)>,
}

/// The shared object is read for each reference.
#[derive(Reduce)]
#[reduce(name = "l.Row")]
struct Own {
    #[allow(dead_code)]
    shared: (u32, String),
}

#[derive(Reduce)]
#[reduce(name = "l.All")]
struct Skipped {
    #[allow(dead_code)]
    kept: Rc<(u8, String)>,
}

#[derive(Reduce)]
#[reduce(name = "l.All")]
struct Reordered {
    #[allow(dead_code)]
    kept: Rc<(u8, String)>,
    #[allow(dead_code)]
    rows: Vec<Moved>,
}

fn rows(count: usize) -> Vec<old::Row> {
    let shared = Rc::new((7, "shared".to_string()));
    let row = old::Row {
        gone: vec![(1, None), (2, Some("gone".into()))],
        shared,
        last: vec![1, 300, 7],
        first: "first".into(),
    };
    vec![row; count]
}

fn all(count: usize) -> old::All {
    let rows = rows(count);
    old::All { kept: rows[0].shared.clone(), rows }
}

/// The least limit with which a load succeeds.
fn least(limit: impl Fn(u64) -> Limits, load: impl Fn(Limits) -> Result<(), Error>) -> u64 {
    let (mut low, mut high) = (0, 1 << 30);
    assert!(load(limit(high)).is_ok());
    while low < high {
        let middle = low + (high - low) / 2;
        match load(limit(middle)) {
            Ok(()) => high = middle,
            Err(_) => low = middle + 1,
        }
    }
    high
}

/// Elements and bytes for n, 2n, 4n, 8n.
fn grows_as_the_stream_does<Old: Reduce, New: for<'de> Expand<'de>>(make: impl Fn(usize) -> Old) {
    let units = [50, 100, 200, 400].map(|count| {
        let bytes = to_vec(&make(count)).unwrap();
        let load = |limits| Loader::new().limits(limits).from_slice::<New>(&bytes).map(drop);
        let elements = least(|units| Limits::default().elements(units), load);
        [elements, least(|units| Limits::default().bytes(units as usize), load)]
    });
    for pair in units.windows(2) {
        for (once, twice) in pair[0].iter().zip(&pair[1]) {
            assert!(twice * 10 <= once * 21, "{units:?} as {}", std::any::type_name::<New>());
        }
    }
}

#[test]
fn units_of_adapted_loads_double_with_their_streams() {
    grows_as_the_stream_does::<_, Vec<Moved>>(rows);
    grows_as_the_stream_does::<_, Vec<Own>>(rows);
    grows_as_the_stream_does::<_, Skipped>(all);
    grows_as_the_stream_does::<_, Reordered>(all);
}
