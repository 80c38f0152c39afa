//! Records and enums, of std and of our own.

use super::changes;
use reduce_core::Reduce;
use std::ops::{Bound, Range, RangeInclusive};
use std::time::Duration;

#[test]
fn types_of_std_are_records_and_enums() {
    changes! {
        Range<u8> => Range<u32> { 1..2 => Ok(1..2) }
        Range<u32> => Range<u8> { 1..2 => Ok(1..2), 1..256 => Err("end: 256 does not fit in `u8`") }
        RangeInclusive<u8> => RangeInclusive<i8> { 1..=2 => Ok(1..=2), 1..=200 => Err("200 does not fit in `i8`") }
        Bound<u8> => Bound<u64> { Bound::Included(1) => Ok(Bound::Included(1)), Bound::Unbounded => Ok(Bound::Unbounded) }
        Result<u8, String> => Result<u16, Box<str>> { Ok(1) => Ok(Ok(1)), Err("a".into()) => Ok(Err("a".into())) }
        Result<u16, u16> => Result<u8, u16> { Ok(300) => Err("Ok.0: 300 does not fit"), Err(300) => Ok(Err(300)) }
        Range<u8> => RangeInclusive<u8> { 1..2 => Err("`RangeInclusive") }
        Bound<u8> => Option<u8> { Bound::Unbounded => Err("which cannot become `u8`") }
        Duration => u64 { Duration::ZERO => Err("which cannot become `u64`") }
        Duration => Option<Duration> { Duration::new(1, 2) => Ok(Some(Duration::new(1, 2))) }
    }
}

/// One type over its life.
macro_rules! version {
    ($module:ident $item:item) => {
        mod $module {
            use super::*;
            $item
        }
    };
}

version! { plain
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Point")]
    pub struct Point { pub x: u8, pub y: u8 }
}
version! { turned
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Point")]
    pub struct Point { pub y: u16, pub x: u16 }
}
version! { solid
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Point")]
    pub struct Point { pub x: u8, pub y: u8, #[reduce(default)] pub z: u8 }
}
version! { strict
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Point")]
    pub struct Point { pub x: u8, pub y: u8, pub z: Option<u8> }
}
version! { renamed
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Point")]
    pub struct Point { #[reduce(alias = "x")] pub across: u8, #[reduce(alias = "top", alias = "y")] pub down: u8 }
}
version! { flat
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Point")]
    pub struct Point { pub x: u8 }
}
version! { closed
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Point", deny_unknown)]
    pub struct Point { pub x: u8 }
}
version! { paired
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Point")]
    pub struct Point(pub u8, pub u8);
}
version! { widened
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Point")]
    pub struct Point(pub u64, pub Option<u8>, #[reduce(default)] pub bool);
}
version! { empty
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Point")]
    pub struct Point;
}
version! { other
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Other")]
    pub struct Point { pub x: u8, pub y: u8 }
}

#[test]
fn fields_are_found_by_name() {
    let point = || plain::Point { x: 1, y: 2 };
    changes! {
        plain::Point => turned::Point { point() => Ok(turned::Point { x: 1, y: 2 }) }
        turned::Point => plain::Point { turned::Point { x: 1, y: 2 } => Ok(point()), turned::Point { x: 1, y: 256 } => Err("y: 256 does not fit") }
        plain::Point => solid::Point { point() => Ok(solid::Point { x: 1, y: 2, z: 0 }) }
        solid::Point => plain::Point { solid::Point { x: 1, y: 2, z: 3 } => Ok(point()) }
        plain::Point => strict::Point { point() => Err("the stream has no field `z` for `t.Point`") }
        solid::Point => strict::Point { solid::Point { x: 1, y: 2, z: 3 } => Ok(strict::Point { x: 1, y: 2, z: Some(3) }) }
        strict::Point => solid::Point { strict::Point { x: 1, y: 2, z: None } => Ok(solid::Point { x: 1, y: 2, z: 0 }) }
        plain::Point => renamed::Point { point() => Ok(renamed::Point { across: 1, down: 2 }) }
        renamed::Point => plain::Point { renamed::Point { across: 1, down: 2 } => Err("the stream has no field `x` for `t.Point`") }
        plain::Point => flat::Point { point() => Ok(flat::Point { x: 1 }) }
        flat::Point => plain::Point { flat::Point { x: 1 } => Err("the stream has no field `y` for `t.Point`") }
        plain::Point => closed::Point { point() => Err("has a field `y` that `t.Point` does not know") }
        flat::Point => closed::Point { flat::Point { x: 1 } => Ok(closed::Point { x: 1 }) }
        plain::Point => empty::Point { point() => Ok(empty::Point) }
        empty::Point => plain::Point { empty::Point => Err("the stream has no field `x` for `t.Point`") }
        paired::Point => widened::Point { paired::Point(1, 2) => Ok(widened::Point(1, Some(2), false)) }
        widened::Point => paired::Point { widened::Point(1, Some(2), true) => Ok(paired::Point(1, 2)), widened::Point(1, None, true) => Err("`None`") }
        plain::Point => paired::Point { point() => Err("the stream has no field `0` for `t.Point`") }
        plain::Point => Option<turned::Point> { point() => Ok(Some(turned::Point { x: 1, y: 2 })) }
        Option<plain::Point> => turned::Point { Some(point()) => Ok(turned::Point { x: 1, y: 2 }) }
        Vec<plain::Point> => std::collections::VecDeque<flat::Point> { vec![point()] => Ok([flat::Point { x: 1 }].into()) }
        plain::Point => std::rc::Rc<flat::Point> { point() => Ok(flat::Point { x: 1 }.into()) }
    }
}

/// Below the root the name of the field says what it is.
#[test]
fn a_field_may_be_of_a_type_of_another_name() {
    let row = super::old_row(plain::Point { x: 1, y: 2 });
    let bytes = reduce_core::to_vec(&row).unwrap();
    let row: super::new::Row<other::Point> = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!(row.field, other::Point { x: 1, y: 2 });
    let bytes = reduce_core::to_vec(&plain::Point { x: 1, y: 2 }).unwrap();
    let error = reduce_core::from_slice::<other::Point>(&bytes).unwrap_err();
    assert!(error.to_string().contains("`t.Point`, not `t.Other`"), "{error}");
}

version! { two
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Shape")]
    pub enum Shape { Dot, Round(u8), Box { w: u8, h: u8 } }
}
version! { three
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Shape")]
    pub enum Shape { Box { h: u16, w: u16 }, Line, Dot, Round(u32) }
}
version! { called
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Shape")]
    pub enum Shape { #[reduce(alias = "Dot")] Point, #[reduce(alias = "Round")] Circle(u8), #[reduce(other)] Else }
}
version! { fuller
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Shape")]
    pub enum Shape { Dot, Round(u8, #[reduce(default)] u8), Box { w: u8 } }
}

#[test]
fn variants_are_found_by_name() {
    use two::Shape;
    changes! {
        Shape => three::Shape {
            Shape::Dot => Ok(three::Shape::Dot),
            Shape::Round(5) => Ok(three::Shape::Round(5)),
            Shape::Box { w: 1, h: 2 } => Ok(three::Shape::Box { w: 1, h: 2 }),
        }
        three::Shape => Shape {
            three::Shape::Dot => Ok(Shape::Dot),
            three::Shape::Round(5) => Ok(Shape::Round(5)),
            three::Shape::Round(256) => Err("Round.0: 256 does not fit in `u8`"),
            three::Shape::Line => Err("the enum `t.Shape` has no variant `Line` any more"),
            three::Shape::Box { w: 1, h: 2 } => Ok(Shape::Box { w: 1, h: 2 }),
        }
        Shape => called::Shape {
            Shape::Dot => Ok(called::Shape::Point),
            Shape::Round(5) => Ok(called::Shape::Circle(5)),
            Shape::Box { w: 1, h: 2 } => Ok(called::Shape::Else),
        }
        Shape => fuller::Shape {
            Shape::Round(5) => Ok(fuller::Shape::Round(5, 0)),
            Shape::Box { w: 1, h: 2 } => Ok(fuller::Shape::Box { w: 1 }),
        }
        fuller::Shape => Shape {
            fuller::Shape::Round(5, 6) => Ok(Shape::Round(5)),
            fuller::Shape::Box { w: 1 } => Err("the stream has no field `h` for `t.Shape::Box`"),
        }
        Option<Shape> => three::Shape { Some(Shape::Dot) => Ok(three::Shape::Dot) }
    }
}

version! { held
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "t.Kind")]
    pub enum Kind { None, Point(plain::Point) }
}

#[test]
fn a_struct_becomes_a_variant_that_holds_it_and_back() {
    changes! {
        Option<plain::Point> => Option<held::Kind> { Some(plain::Point { x: 1, y: 2 }) => Ok(Some(held::Kind::Point(plain::Point { x: 1, y: 2 }))) }
        (u8, held::Kind) => (u8, flat::Point) {
            (1, held::Kind::Point(plain::Point { x: 1, y: 2 })) => Ok((1, flat::Point { x: 1 })),
            (1, held::Kind::None) => Err("the variant `None` of `t.Kind`, of which only `Point` can be loaded here"),
        }
    }
}

#[test]
fn a_name_that_reads_like_a_position_is_none() {
    #[derive(Reduce)]
    #[reduce(name = "s.Places")]
    struct Old(u8, u8);

    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "s.Places")]
    struct New {
        #[reduce(rename = "01", default)]
        a: Option<u8>,
        #[reduce(rename = "+1", default)]
        b: Option<u8>,
        #[reduce(rename = "1")]
        c: u8,
    }
    let new: New = reduce_core::from_slice(&reduce_core::to_vec(&Old(5, 6)).unwrap()).unwrap();
    assert_eq!(new, New { a: None, b: None, c: 6 });
}

#[test]
fn a_root_keeps_its_name_whatever_stands_around_it() {
    #[derive(Reduce)]
    #[reduce(name = "s.Meters")]
    struct Meters {
        value: u32,
    }
    #[derive(Debug, Reduce)]
    #[reduce(name = "s.Feet")]
    #[allow(dead_code)]
    struct Feet {
        value: u32,
    }
    use reduce_core::{Error, from_slice, to_vec};
    use std::collections::BTreeMap;
    use std::rc::Rc;
    let named = |result: Result<(), Error>| {
        let error = result.unwrap_err();
        assert!(error.to_string().contains("s.Meters"), "{error}");
    };
    let bytes = to_vec(&Meters { value: 5 }).unwrap();
    named(from_slice::<Option<Feet>>(&bytes).map(drop));
    named(from_slice::<Rc<Feet>>(&bytes).map(drop));
    let bytes = to_vec(&Some(Rc::new(Meters { value: 5 }))).unwrap();
    named(from_slice::<Feet>(&bytes).map(drop));
    named(from_slice::<Rc<Feet>>(&bytes).map(drop));
    let bytes = to_vec(&BTreeMap::from([(1u8, Meters { value: 5 })])).unwrap();
    named(from_slice::<Vec<(u8, Feet)>>(&bytes).map(drop));
    named(from_slice::<BTreeMap<u8, Option<Feet>>>(&bytes).map(drop));
}
