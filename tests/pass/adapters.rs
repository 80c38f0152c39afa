//! Adapters of a field, of elements, of generic types; `via` and a skipped type of another crate.
use reduce_core::{Adapter, BoxError, Context, Reduce, Same, from_slice, to_vec};
use std::collections::BTreeMap;

mod other_crate {
    #[derive(Debug, PartialEq, Clone)]
    pub struct Version(pub u8, pub u8);
}
use other_crate::Version;

struct AsPair;

impl Adapter<Version> for AsPair {
    type Stored = (u8, u8);

    fn reduce(version: &Version, _: &Context<'_>) -> Result<(u8, u8), BoxError> {
        Ok((version.0, version.1))
    }

    fn expand((major, minor): (u8, u8), _: &Context<'_>) -> Result<Version, BoxError> {
        Ok(Version(major, minor))
    }
}

#[derive(Reduce, Debug, PartialEq)]
struct Package<T> {
    #[reduce(with = AsPair)]
    version: Version,
    #[reduce(with = "Vec<Option<AsPair>>")]
    others: Vec<Option<Version>>,
    #[reduce(with = BTreeMap<Same, AsPair>)]
    named: BTreeMap<String, Version>,
    value: T,
}

#[derive(Reduce, Debug, PartialEq)]
enum Choice {
    One(#[reduce(with = AsPair)] Version),
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(transparent)]
struct Wrapper(#[reduce(with = AsPair)] Version);

#[derive(Debug, PartialEq, Clone)]
struct Celsius(f64);

#[derive(Reduce)]
struct Kelvin(f64);

impl From<&Celsius> for Kelvin {
    fn from(celsius: &Celsius) -> Self {
        Kelvin(celsius.0 + 273.0)
    }
}

impl TryFrom<Kelvin> for Celsius {
    type Error = String;

    fn try_from(kelvin: Kelvin) -> Result<Self, String> {
        if kelvin.0 < 0.0 { Err("below zero".into()) } else { Ok(Celsius(kelvin.0 - 273.0)) }
    }
}

#[derive(Reduce, Debug, PartialEq, Clone)]
#[reduce(via = (u32, T))]
struct Via<T: Clone> {
    id: u32,
    value: T,
}

impl<T: Clone> From<&Via<T>> for (u32, T) {
    fn from(via: &Via<T>) -> Self {
        (via.id, via.value.clone())
    }
}

impl<T: Clone> From<(u32, T)> for Via<T> {
    fn from((id, value): (u32, T)) -> Self {
        Via { id, value }
    }
}

fn main() {
    let package = Package {
        version: Version(1, 2),
        others: vec![None, Some(Version(3, 4))],
        named: BTreeMap::from([("a".to_string(), Version(5, 6))]),
        value: 'v',
    };
    assert_eq!(from_slice::<Package<char>>(&to_vec(&package).unwrap()).unwrap(), package);
    let choice = Choice::One(Version(7, 8));
    assert_eq!(from_slice::<Choice>(&to_vec(&choice).unwrap()).unwrap(), choice);
    let wrapper = Wrapper(Version(9, 10));
    assert_eq!(to_vec(&wrapper).unwrap(), to_vec(&(9u8, 10u8)).unwrap());
    assert_eq!(from_slice::<Wrapper>(&to_vec(&wrapper).unwrap()).unwrap(), wrapper);

    #[derive(Reduce, Debug, PartialEq, Clone)]
    #[reduce(via = Kelvin)]
    struct Reading(Celsius);

    impl From<&Reading> for Kelvin {
        fn from(reading: &Reading) -> Self {
            Kelvin::from(&reading.0)
        }
    }

    impl TryFrom<Kelvin> for Reading {
        type Error = String;

        fn try_from(kelvin: Kelvin) -> Result<Self, String> {
            Celsius::try_from(kelvin).map(Reading)
        }
    }

    let reading = Reading(Celsius(20.0));
    assert_eq!(from_slice::<Reading>(&to_vec(&reading).unwrap()).unwrap(), reading);
    let frozen = to_vec(&Kelvin(-1.0)).unwrap();
    let error = from_slice::<Reading>(&frozen).unwrap_err();
    assert!(error.to_string().contains("below zero"), "{error}");

    let via = Via { id: 1, value: "v".to_string() };
    assert_eq!(from_slice::<Via<String>>(&to_vec(&via).unwrap()).unwrap(), via);
}
