//! Doc comments, `cfg`, `cfg_attr` and the attributes of other derives.
use reduce_core::{Reduce, from_slice, to_vec};

/// A type.
#[doc = "With documentation."]
#[derive(Reduce, Debug, PartialEq, Default)]
#[cfg_attr(all(), reduce(name = "app.Record"))]
#[must_use]
struct Record {
    /// A field.
    a: u8,
    #[cfg(any())]
    gone: NoSuchType,
    #[cfg(all())]
    here: u8,
    #[cfg_attr(all(), reduce(skip, default))]
    #[cfg_attr(any(), reduce(nonsense))]
    cached: u8,
}

#[derive(Reduce, Debug, PartialEq, Default)]
enum Choice {
    /// A variant.
    #[default]
    One,
    #[cfg(any())]
    Gone(NoSuchType),
    #[reduce(rename = "zwei")]
    Two(/** A part. */ u8, #[cfg(any())] NoSuchType, #[cfg(all())] u16),
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "app.Record")]
struct Stored {
    a: u8,
    here: u8,
}

fn main() {
    let record = Record { a: 1, here: 2, cached: 0 };
    let bytes = to_vec(&record).unwrap();
    assert_eq!(from_slice::<Record>(&bytes).unwrap(), record);
    assert_eq!(from_slice::<Stored>(&bytes).unwrap(), Stored { a: 1, here: 2 });
    for choice in [Choice::default(), Choice::Two(1, 2)] {
        assert_eq!(from_slice::<Choice>(&to_vec(&choice).unwrap()).unwrap(), choice);
    }
}
