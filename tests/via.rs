//! `via`: a value stored as another type.

use reduce_core::{Error, ErrorKind, Expand, Reduce};
use std::convert::Infallible;
use std::error::Error as _;
use std::fmt::Debug;

fn again<T: Reduce + for<'de> Expand<'de>>(value: &T) -> Result<T, Error> {
    reduce_core::from_slice(&reduce_core::to_vec(value).unwrap())
}

/// An even number, stored as its half.
#[derive(Reduce, Debug, PartialEq, Clone)]
#[reduce(via = u16)]
struct Even(u32);

impl From<&Even> for u16 {
    fn from(even: &Even) -> u16 {
        (even.0 / 2) as u16
    }
}

impl From<u16> for Even {
    fn from(half: u16) -> Even {
        Even(u32::from(half) * 2)
    }
}

#[test]
fn the_stored_type_is_all_that_the_stream_knows() {
    let bytes = reduce_core::to_vec(&Even(2000)).unwrap();
    assert_eq!(bytes, reduce_core::to_vec(&1000u16).unwrap());
    assert_eq!(reduce_core::from_slice::<u16>(&bytes).unwrap(), 1000);
    assert_eq!(reduce_core::from_slice::<Even>(&bytes).unwrap(), Even(2000));
}

#[test]
fn a_conversion_that_fails_is_an_error_with_the_path_and_the_cause() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(via = String)]
    struct Port(u16);
    impl From<&Port> for String {
        fn from(port: &Port) -> String {
            if port.0 == 0 { "none".into() } else { port.0.to_string() }
        }
    }
    impl TryFrom<String> for Port {
        type Error = std::num::ParseIntError;
        fn try_from(text: String) -> Result<Self, Self::Error> {
            text.parse().map(Port)
        }
    }
    #[derive(Reduce, Debug, PartialEq)]
    struct Host {
        ports: Vec<Port>,
    }
    let host = Host { ports: vec![Port(80), Port(443)] };
    assert_eq!(again(&host).unwrap(), host);
    let error = again(&Host { ports: vec![Port(80), Port(0)] }).unwrap_err();
    assert_eq!((error.kind(), error.path().as_str()), (ErrorKind::Convert, "ports[1]"));
    assert_eq!(
        error.to_string(),
        "ports[1]: the conversion from the stored value failed: invalid digit found in string"
    );
    assert!(error.source().unwrap().is::<std::num::ParseIntError>());
}

#[test]
fn a_type_that_cannot_be_stored_itself_is_stored_through_a_derived_one() {
    /// Neither cloned nor stored: the number is a handle of this process.
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(via = Address)]
    struct Connection {
        host: String,
        handle: std::ptr::NonNull<u8>,
    }
    #[derive(Reduce)]
    #[reduce(name = "net.Address")]
    struct Address {
        host: String,
    }
    impl From<&Connection> for Address {
        fn from(connection: &Connection) -> Self {
            Address { host: connection.host.clone() }
        }
    }
    #[expect(clippy::infallible_try_from, reason = "it is what is tested")]
    impl TryFrom<Address> for Connection {
        type Error = Infallible;
        fn try_from(address: Address) -> Result<Self, Infallible> {
            Ok(Connection { host: address.host, handle: std::ptr::NonNull::dangling() })
        }
    }
    let connection = Connection { host: "db".into(), handle: std::ptr::NonNull::dangling() };
    assert_eq!(again(&connection).unwrap(), connection);
    let bytes = reduce_core::to_vec(&connection).unwrap();
    assert_eq!(reduce_core::from_slice::<Address>(&bytes).unwrap().host, "db");
}

#[test]
fn enums_and_generic_types_go_by_way_of_others() {
    #[derive(Reduce, Debug, PartialEq, Clone)]
    #[reduce(via = Option<u8>)]
    enum Level {
        Off,
        On(u8),
    }
    impl From<&Level> for Option<u8> {
        fn from(level: &Level) -> Self {
            match level {
                Level::Off => None,
                Level::On(value) => Some(*value),
            }
        }
    }
    impl From<Option<u8>> for Level {
        fn from(stored: Option<u8>) -> Self {
            stored.map_or(Level::Off, Level::On)
        }
    }
    let levels = vec![Level::Off, Level::On(3)];
    assert_eq!(again(&levels).unwrap(), levels);

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(via = Vec<T>, bound(reduce = "T: Reduce + Clone", expand = "T: Expand<'de> + Clone"))]
    struct Stack<T>(Vec<T>);
    impl<T: Clone> From<&Stack<T>> for Vec<T> {
        fn from(stack: &Stack<T>) -> Self {
            stack.0.clone()
        }
    }
    impl<T> From<Vec<T>> for Stack<T> {
        fn from(items: Vec<T>) -> Self {
            Stack(items)
        }
    }
    assert_eq!(again(&Stack(vec![1u8, 2])).unwrap(), Stack(vec![1, 2]));
}

#[test]
fn via_goes_with_validate() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(via = i32, validate = small)]
    struct Small(i32);
    impl From<&Small> for i32 {
        fn from(small: &Small) -> i32 {
            small.0
        }
    }
    impl From<i32> for Small {
        fn from(value: i32) -> Self {
            Small(value)
        }
    }
    fn small(value: &Small) -> Result<(), String> {
        if value.0.abs() < 10 { Ok(()) } else { Err(format!("{} is not small", value.0)) }
    }
    assert_eq!(again(&Small(-9)).unwrap(), Small(-9));
    let error = again(&Small(10)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the validate function \"small\" refused the value: 10 is not small"
    );
}

#[test]
fn via_of_via_stores_the_innermost_type() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(via = Even)]
    struct Quarter(u32);
    impl From<&Quarter> for Even {
        fn from(quarter: &Quarter) -> Even {
            Even(quarter.0 / 2)
        }
    }
    impl From<Even> for Quarter {
        fn from(even: Even) -> Quarter {
            Quarter(even.0 * 2)
        }
    }
    let bytes = reduce_core::to_vec(&Quarter(400)).unwrap();
    assert_eq!(bytes, reduce_core::to_vec(&100u16).unwrap());
    assert_eq!(reduce_core::from_slice::<Quarter>(&bytes).unwrap(), Quarter(400));
}
