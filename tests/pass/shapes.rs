//! Every shape of struct and variant.
use reduce_core::{Reduce, from_slice, to_vec};

#[derive(Reduce, Debug, PartialEq, Clone, Copy)]
struct Unit;

#[derive(Reduce, Debug, PartialEq)]
struct NoFields {}

#[derive(Reduce, Debug, PartialEq)]
struct NoParts();

#[derive(Reduce, Debug, PartialEq)]
struct One(u8);

#[derive(Reduce, Debug, PartialEq)]
struct Two(u8, String);

#[derive(Reduce, Debug, PartialEq)]
struct Named {
    unit: Unit,
    none: NoFields,
    parts: NoParts,
    one: One,
    two: Two,
}

#[derive(Reduce, Debug, PartialEq)]
enum Shape {
    Unit,
    NoParts(),
    NoFields {},
    Tuple(u8, Unit),
    Named { a: Option<Box<Shape>>, b: Named },
}

#[derive(Reduce, Debug, PartialEq)]
enum Never {}

fn named() -> Named {
    Named { unit: Unit, none: NoFields {}, parts: NoParts(), one: One(1), two: Two(2, "two".into()) }
}

fn main() {
    assert_eq!(from_slice::<Named>(&to_vec(&named()).unwrap()).unwrap(), named());
    let shapes = vec![
        Shape::Unit,
        Shape::NoParts(),
        Shape::NoFields {},
        Shape::Tuple(7, Unit),
        Shape::Named { a: Some(Box::new(Shape::Unit)), b: named() },
    ];
    assert_eq!(from_slice::<Vec<Shape>>(&to_vec(&shapes).unwrap()).unwrap(), shapes);
    let nothing: Vec<Never> = vec![];
    assert_eq!(from_slice::<Vec<Never>>(&to_vec(&nothing).unwrap()).unwrap(), nothing);
}
