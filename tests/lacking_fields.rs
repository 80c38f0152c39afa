//! What a newer type says of streams that were written before: other names, other types, and fields that they lack.

use reduce_core::{Error, ErrorKind, Expand, Loader, Reduce, from_slice, to_vec};
use std::cell::RefCell;
use std::num::ParseIntError;

/// Types of earlier programs, under the names that they share with those below.
mod before {
    use super::*;

    #[derive(Reduce)]
    #[reduce(name = "shop.Order")]
    pub struct Order {
        pub id: u32,
        pub prices: Vec<u32>,
    }

    #[derive(Reduce)]
    #[reduce(name = "shop.User")]
    pub struct User {
        pub login: String,
        pub age: String,
    }

    #[derive(Reduce)]
    #[reduce(name = "geo.Point")]
    pub struct Point {
        pub x: f64,
        pub y: f64,
    }

    #[derive(Reduce)]
    #[reduce(name = "net.Node")]
    pub struct Node {
        pub id: u32,
    }

    #[derive(Reduce)]
    #[reduce(name = "geo.Shape")]
    pub enum Shape {
        Square(f64),
        Round { r: f64 },
        Blob,
    }
}

fn reload<T: for<'de> Expand<'de>>(old: impl Reduce) -> Result<T, Error> {
    from_slice(&to_vec(&old).unwrap())
}

fn order() -> before::Order {
    before::Order { id: 7, prices: vec![300, 40, 2] }
}

#[derive(Debug, PartialEq, Reduce)]
#[reduce(name = "shop.Order")]
struct Order {
    #[reduce(default)]
    note: Option<String>,
    prices: Vec<u32>,
    #[reduce(default = euro)]
    currency: String,
    #[reduce(rebuild = sum, from(prices))]
    total: u32,
    #[reduce(rebuild = tax, from(total), context(Percent))]
    tax: u32,
    id: u32,
    #[reduce(skip, rebuild = label, from(id, total))]
    label: String,
}

struct Percent(u32);

fn euro() -> String {
    "EUR".into()
}

fn sum(prices: &[u32]) -> Result<u32, &'static str> {
    let sum: u32 = prices.iter().sum();
    if sum < 1000 { Ok(sum) } else { Err("too dear") }
}

fn tax(percent: &Percent, total: u32) -> u32 {
    total * percent.0 / 100
}

fn label(id: u32, total: &u32) -> String {
    format!("{id}: {total}")
}

#[test]
fn what_the_stream_lacks_is_filled_in_as_the_fields_say() {
    let loader = Loader::new().context(Percent(50));
    let order: Order = loader.from_slice(&to_vec(&order()).unwrap()).unwrap();
    let filled = Order {
        note: None,
        prices: vec![300, 40, 2],
        currency: "EUR".into(),
        total: 342,
        tax: 171,
        id: 7,
        label: "7: 342".into(),
    };
    assert_eq!(order, filled);
}

#[test]
fn what_the_stream_has_is_not_filled_in() {
    let whole = Order {
        note: Some("fragile".into()),
        prices: vec![9999],
        currency: "CHF".into(),
        total: 1,
        tax: 2,
        id: 3,
        label: "3: 1".into(),
    };
    // Neither `sum`, which would refuse the price, nor `tax`, which would miss its context.
    assert_eq!(reload::<Order>(&whole).unwrap(), whole);
}

#[test]
fn a_function_that_fills_in_can_fail() {
    let old = before::Order { id: 7, prices: vec![1000] };
    let bytes = to_vec(&old).unwrap();
    let error = Loader::new().context(Percent(5)).from_slice::<Order>(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rebuild);
    assert_eq!(error.to_string(), "total: the rebuild function \"sum\" failed: too dear");
    let error = reload::<Order>(order()).unwrap_err();
    assert!(error.to_string().starts_with("tax: "), "{error}");
}

#[test]
fn a_field_that_nothing_fills_in_is_an_error() {
    #[derive(Debug, Reduce)]
    #[reduce(name = "shop.Order")]
    struct Order {
        _id: u32,
    }

    let error = reload::<Order>(order()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert!(error.to_string().contains("no field `_id` for `shop.Order`"), "{error}");
}

#[test]
fn a_container_rebuild_gets_what_was_filled_in() {
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "shop.Order", rebuild = Order::new)]
    struct Order {
        prices: Vec<u32>,
        #[reduce(rebuild = sum)]
        total: u32,
        #[reduce(default)]
        note: String,
        #[reduce(skip)]
        text: String,
    }

    impl Order {
        fn new(prices: Vec<u32>, total: u32, note: String) -> Self {
            let text = format!("{total}{note}");
            Order { prices, total, note, text }
        }
    }

    fn sum(prices: &[u32], note: &str) -> u32 {
        prices.iter().sum::<u32>() + note.len() as u32
    }

    let made: Order = reload(order()).unwrap();
    assert_eq!(made, Order::new(vec![300, 40, 2], 342, String::new()));
}

#[derive(Debug, PartialEq, Reduce)]
#[reduce(name = "shop.User", version = 2)]
struct User {
    #[reduce(alias = "nick", alias = "login")]
    name: String,
    #[reduce(convert = from_float, convert = str::parse::<u32>, convert = from_list::<u32>)]
    age: u32,
}

fn from_float(old: f64) -> u32 {
    old.round() as u32
}

fn from_list<T: Default>(old: Vec<T>) -> T {
    old.into_iter().next().unwrap_or_default()
}

#[test]
fn a_field_is_found_by_an_earlier_name_and_converted_from_an_earlier_type() {
    let user: User = reload(before::User { login: "ada".into(), age: "36".into() }).unwrap();
    assert_eq!(user, User { name: "ada".into(), age: 36 });
    assert_eq!(reload::<User>(&user).unwrap(), user);

    #[derive(Reduce)]
    #[reduce(name = "shop.User")]
    struct Nick {
        age: Vec<u32>,
        nick: String,
    }

    let user: User = reload(Nick { age: vec![4, 5], nick: "bob".into() }).unwrap();
    assert_eq!(user, User { name: "bob".into(), age: 4 });

    #[derive(Reduce)]
    #[reduce(name = "shop.User")]
    struct Float {
        name: String,
        age: f64,
    }

    let user: User = reload(Float { name: "eve".into(), age: 29.7 }).unwrap();
    assert_eq!(user, User { name: "eve".into(), age: 30 });
}

#[test]
fn a_conversion_can_fail() {
    let old = before::User { login: "ada".into(), age: "old".into() };
    let error = reload::<User>(old).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Convert);
    assert_eq!(
        error.to_string(),
        "age: the convert function \"str::parse::<u32>\" failed: invalid digit found in string"
    );
    let cause = std::error::Error::source(&error).unwrap();
    assert!(cause.is::<ParseIntError>());
}

#[test]
fn no_function_runs_for_a_stream_that_is_malformed() {
    use std::cell::Cell;
    thread_local!(static CALLS: Cell<u32> = const { Cell::new(0) });

    fn called<T: Default>() -> T {
        CALLS.set(CALLS.get() + 1);
        T::default()
    }

    fn convert(_: String) -> u8 {
        called()
    }

    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "shop.User")]
    struct User {
        #[reduce(convert = convert)]
        age: u8,
        #[reduce(default = called)]
        shoe: u8,
        #[reduce(rebuild = called::<u8>, from())]
        hat: u8,
    }

    let old = || before::User { login: String::new(), age: "9".into() };
    let mut bytes = to_vec(&[old(), old()].as_slice()).unwrap();
    let whole: Vec<User> = from_slice(&bytes).unwrap();
    assert_eq!(whole[1], User { age: 0, shoe: 0, hat: 0 });
    assert_eq!(CALLS.take(), 6);

    let place = bytes.len() - 2;
    assert_eq!(bytes[place], b'9');
    bytes[place] = 0xff; // no text
    assert_eq!(from_slice::<Vec<User>>(&bytes).unwrap_err().kind(), ErrorKind::Malformed);
    assert_eq!(CALLS.get(), 0);
}

#[test]
fn positions_and_names_lead_to_each_other_by_aliases() {
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "geo.Point")]
    struct Pair(#[reduce(alias = "y")] f64, #[reduce(alias = "x")] f64);

    let pair: Pair = reload(before::Point { x: 1.0, y: 2.0 }).unwrap();
    assert_eq!(pair, Pair(2.0, 1.0));

    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "geo.Point")]
    struct Named {
        #[reduce(alias = "1")]
        east: f64,
        #[reduce(alias = "0")]
        north: f64,
        #[reduce(default)]
        up: f64,
    }

    let named: Named = reload(pair).unwrap();
    assert_eq!(named, Named { east: 1.0, north: 2.0, up: 0.0 });
}

#[test]
fn state_that_the_stream_lacks_is_filled_in() {
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "net.Node")]
    struct Node {
        id: u64,
        #[reduce(state, default = one)]
        next: RefCell<Vec<u32>>,
        #[reduce(state, default)]
        others: RefCell<Vec<u32>>,
    }

    fn one() -> RefCell<Vec<u32>> {
        RefCell::new(vec![1])
    }

    let node: Node = reload(before::Node { id: 5 }).unwrap();
    assert_eq!(node, Node { id: 5, next: one(), others: RefCell::default() });
}

#[test]
fn a_variant_is_found_by_an_earlier_name_or_is_another() {
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "geo.Shape")]
    enum Shape {
        #[reduce(other)]
        Newer,
        #[reduce(alias = "Round")]
        Circle {
            #[reduce(default)]
            center: (f64, f64),
            #[reduce(alias = "r")]
            radius: f64,
        },
        Square(f64),
    }

    use before::Shape as Old;
    let shapes: Vec<Shape> =
        reload(vec![Old::Square(1.5), Old::Round { r: 2.5 }, Old::Blob, Old::Square(3.5)]).unwrap();
    let circle = Shape::Circle { center: (0.0, 0.0), radius: 2.5 };
    assert_eq!(shapes, [Shape::Square(1.5), circle, Shape::Newer, Shape::Square(3.5)]);
}

#[test]
fn unknown_fields_are_refused_where_the_type_says_so() {
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "geo.Point", deny_unknown)]
    struct Point {
        x: f64,
    }

    let error = reload::<Point>(before::Point { x: 1.0, y: 2.0 }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert!(error.to_string().starts_with("the stream has a field `y`"), "{error}");
}

#[test]
fn newer_versions_are_refused_where_the_type_says_so() {
    #[derive(Reduce)]
    #[reduce(name = "geo.Point", version = 3)]
    struct Newer {
        x: f64,
        z: f64,
    }

    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "geo.Point", version = 2)]
    struct Open {
        x: f64,
    }

    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "geo.Point", version = 2, deny_newer)]
    struct Strict {
        x: f64,
    }

    assert_eq!(reload::<Open>(Newer { x: 1.0, z: 2.0 }).unwrap(), Open { x: 1.0 });
    assert_eq!(reload::<Strict>(Open { x: 1.0 }).unwrap(), Strict { x: 1.0 });
    assert_eq!(reload::<Strict>(before::Point { x: 1.0, y: 2.0 }).unwrap(), Strict { x: 1.0 });
    let error = reload::<Strict>(Newer { x: 1.0, z: 2.0 }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    assert!(error.to_string().contains("of version 3, which is newer than 2"), "{error}");
}

#[test]
fn a_default_of_a_generic_field_asks_for_one() {
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(name = "net.Node")]
    struct Node<T> {
        id: u32,
        #[reduce(default)]
        more: T,
    }

    let node: Node<u32> = reload(Node { id: 1, more: 2 }).unwrap();
    assert_eq!(node, Node { id: 1, more: 2 });
}
