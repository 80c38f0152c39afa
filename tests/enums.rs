//! Derived enums: every kind of variant, many variants, discriminants, none.

use reduce_core::{ErrorKind, Expand, Reduce};
use std::fmt::Debug;

fn comes_back<T: Reduce + for<'de> Expand<'de> + PartialEq + Debug>(value: T) {
    let bytes = reduce_core::to_vec(&value).unwrap();
    assert_eq!(reduce_core::from_slice::<T>(&bytes).unwrap(), value);
}

#[derive(Reduce, Debug, PartialEq, Clone)]
enum Shape {
    Nothing,
    NoPositions(),
    NoFields {},
    Circle(f64),
    Segment(i32, i32),
    Rectangle { width: u16, height: u16 },
    Group(Vec<Shape>),
}

#[test]
fn every_kind_of_variant_comes_back() {
    let shapes = [
        Shape::Nothing,
        Shape::NoPositions(),
        Shape::NoFields {},
        Shape::Circle(-0.0),
        Shape::Segment(i32::MIN, i32::MAX),
        Shape::Rectangle { width: 1, height: u16::MAX },
    ];
    for shape in shapes.clone() {
        comes_back(shape);
    }
    comes_back(Shape::Group(vec![Shape::Group(vec![]), Shape::Group(shapes.to_vec())]));
}

#[test]
fn a_variant_is_its_position_in_the_data() {
    for (shape, index) in [(Shape::Nothing, 0), (Shape::NoPositions(), 1), (Shape::NoFields {}, 2)]
    {
        let bytes = reduce_core::to_vec(&shape).unwrap();
        assert_eq!(bytes[bytes.len() - 2], index, "{shape:?}");
    }
}

#[test]
fn an_unknown_variant_is_malformed() {
    let mut bytes = reduce_core::to_vec(&Shape::Nothing).unwrap();
    let at = bytes.len() - 2;
    bytes[at] = 7;
    let error = reduce_core::from_slice::<Shape>(&bytes).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Malformed, Some(at)));
    assert_eq!(error.to_string(), format!("the enum `Shape` has no variant 7 (at byte {at})"));
}

#[test]
fn explicit_discriminants_play_no_part() {
    #[derive(Reduce, Debug, PartialEq, Clone, Copy)]
    #[repr(i16)]
    enum Level {
        Low = -300,
        Mid = 5,
        High = 1000,
    }
    mod plain {
        #[derive(reduce_core::Reduce, Debug, PartialEq)]
        pub enum Level {
            Low,
            Mid,
            High,
        }
    }
    let pairs = [
        (Level::Low, plain::Level::Low),
        (Level::Mid, plain::Level::Mid),
        (Level::High, plain::Level::High),
    ];
    for (explicit, plain) in pairs {
        comes_back(explicit);
        let bytes = reduce_core::to_vec(&explicit).unwrap();
        assert_eq!(reduce_core::from_slice::<plain::Level>(&bytes).unwrap(), plain);
    }
}

macro_rules! many {
    ($($variant:ident)*) => {
        #[derive(Reduce, Debug, PartialEq, Clone, Copy)]
        enum Many { $($variant),* }
        const ALL: &[Many] = &[$(Many::$variant),*];
    };
}

reduce::three_hundred_names!(many);

#[test]
fn three_hundred_variants_come_back() {
    assert_eq!(ALL.len(), 300);
    let bytes = reduce_core::to_vec(ALL).unwrap();
    assert_eq!(reduce_core::from_slice::<Vec<Many>>(&bytes).unwrap(), ALL);
    // The 128th variant is the first one that takes two bytes.
    let one = |variant| reduce_core::to_vec(&ALL[variant]).unwrap().len();
    assert_eq!((one(128) - one(127), one(299) - one(128)), (1, 0));
}

#[test]
fn an_enum_without_variants_stands_in_types_that_hold_none() {
    #[derive(Reduce, Debug, PartialEq)]
    enum Never {}
    comes_back(Vec::<Never>::new());
    comes_back(None::<Never>);
    // A stream that claims to hold one.
    let mut bytes = reduce_core::to_vec(&None::<Never>).unwrap();
    let at = bytes.len() - 2;
    bytes[at] = 1;
    let error = reduce_core::from_slice::<Option<Never>>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
}

#[test]
fn variants_skip_and_rebuild_fields() {
    #[derive(Reduce, Debug, PartialEq)]
    enum Source {
        Inline(String, #[reduce(skip, rebuild = length)] usize),
        File {
            #[reduce(skip, rebuild = joined)]
            path: String,
            folder: String,
            name: String,
        },
        Cached {
            #[reduce(skip, default)]
            value: Option<u8>,
        },
    }
    fn length(text: &str) -> usize {
        text.len()
    }
    fn joined(folder: &str, name: &str) -> String {
        format!("{folder}/{name}")
    }
    let again = |value: &Source| -> Source {
        reduce_core::from_slice(&reduce_core::to_vec(value).unwrap()).unwrap()
    };
    assert_eq!(again(&Source::Inline("abc".into(), 99)), Source::Inline("abc".into(), 3));
    assert_eq!(
        again(&Source::File { path: "?".into(), folder: "a".into(), name: "b".into() }),
        Source::File { path: "a/b".into(), folder: "a".into(), name: "b".into() }
    );
    assert_eq!(again(&Source::Cached { value: Some(1) }), Source::Cached { value: None });
}

#[test]
fn an_error_in_a_variant_names_variant_and_field() {
    #[derive(Reduce, Debug)]
    enum Link {
        #[allow(dead_code, reason = "gives the other one an index")]
        Down,
        Up {
            #[allow(dead_code, reason = "read by the rebuild function")]
            port: u16,
            #[reduce(skip, rebuild = open)]
            #[allow(dead_code, reason = "never made")]
            socket: (),
        },
    }
    fn open(port: u16) -> Result<(), String> {
        Err(format!("port {port} is taken"))
    }
    let bytes = reduce_core::to_vec(&vec![Link::Down, Link::Up { port: 80, socket: () }]).unwrap();
    let error = reduce_core::from_slice::<Vec<Link>>(&bytes).unwrap_err();
    assert_eq!(error.path(), "[1].Up.socket");
    assert_eq!(
        error.to_string(),
        "[1].Up.socket: the rebuild function \"open\" failed: port 80 is taken"
    );
}
