//! A test that fails before a release when the streams of earlier releases would not load in it.
//!
//! `cargo run --example schema_check`
//!
//! A crate whose streams outlive it has this beside its types, and a file in its repository:
//!
//! ```text
//! #[test]
//! fn earlier_streams_still_load() {
//!     reduce_core::schema::check("schema/shop.txt").of::<Order>().assert();
//! }
//! ```
//!
//! Here the forms that a type has in the course of time are modules, and the file is a temporary one.

#![allow(dead_code)]

use reduce_core::schema::{self, Severity};
use std::error::Error;

/// What was released.
mod released {
    #[derive(reduce_core::Reduce)]
    #[reduce(name = "shop.Order")]
    pub struct Order {
        id: u32,
        total: u32,
        lines: Vec<Line>,
        note: String,
    }

    #[derive(reduce_core::Reduce)]
    #[reduce(name = "shop.Line")]
    pub struct Line {
        article: String,
        count: u16,
    }
}

/// Somebody saves space, and adds what is needed now.
mod careless {
    #[derive(reduce_core::Reduce)]
    #[reduce(name = "shop.Order")]
    pub struct Order {
        id: u64,
        total: u16,
        lines: Vec<Line>,
        currency: String,
    }

    #[derive(reduce_core::Reduce)]
    #[reduce(name = "shop.Line")]
    pub struct Line {
        article: String,
        count: bool,
    }
}

/// The report was read.
mod careful {
    #[derive(reduce_core::Reduce)]
    #[reduce(name = "shop.Order")]
    pub struct Order {
        id: u64,
        total: u64,
        lines: Vec<Line>,
        #[reduce(alias = "note")]
        remark: String,
        #[reduce(default = euro)]
        currency: String,
    }

    fn euro() -> String {
        "EUR".into()
    }

    #[derive(reduce_core::Reduce)]
    #[reduce(name = "shop.Line")]
    pub struct Line {
        article: String,
        count: u32,
    }
}

/// Totals are in cents now. No rule can say so; a function can.
mod in_cents {
    use reduce_core::{BoxError, Record};

    #[derive(reduce_core::Reduce)]
    #[reduce(name = "shop.Order", version = 1, upgrade(0 = to_cents))]
    pub struct Order {
        id: u64,
        cents: u64,
        lines: Vec<super::careful::Line>,
        #[reduce(alias = "note")]
        remark: String,
        #[reduce(default)]
        currency: String,
    }

    fn to_cents(order: &mut Record) -> Result<(), BoxError> {
        let total = order.take_as::<u64>("total")?;
        order.insert("cents", total.checked_mul(100).ok_or("the total is too large")?)?;
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("shop.txt");

    // Before the release: REDUCE_SCHEMA=overwrite cargo test
    schema::check(&file).overwrite(true).of::<released::Order>().assert();
    println!("The file of the first release:\n\n{}", std::fs::read_to_string(&file)?);

    // Some time later: cargo test
    let check = schema::check(&file).overwrite(false);
    let report = check.clone().of::<careless::Order>().report()?;
    println!("What the test says of a careless change:\n\n{report}");
    assert!(!report.is_ok());
    let worst = report.old_streams().next().ok_or("nothing found")?;
    assert_eq!((worst.severity(), worst.place()), (Severity::Breaks, "shop.Line.count"));

    let report = check.of::<careful::Order>().report()?;
    println!("What it says of a careful one:\n\n{report}");
    assert!(report.is_ok() && !report.is_recorded());

    // Before the next release, its programs are added: from then on streams of both releases are checked.
    schema::check(&file).overwrite(true).of::<careful::Order>().assert();
    let text = std::fs::read_to_string(&file)?;
    assert_eq!(text.lines().filter(|line| line.starts_with("programs ")).count(), 2);

    // What a function sees to passes, and the report lists what that is.
    let report = schema::check(&file).overwrite(false).of::<in_cents::Order>().report()?;
    println!("What it says of an upgrade:\n\n{report}");
    assert!(report.is_ok());
    let worst = report.old_streams().next().ok_or("nothing found")?;
    assert_eq!((worst.severity(), worst.place()), (Severity::Upgraded, "shop.Order"));
    Ok(())
}
