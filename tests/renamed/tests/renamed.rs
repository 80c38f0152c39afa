//! There is no `reduce_core` in this crate: only `pickle`, and `my_framework::reduce`.

use my_framework::{Envelope, message};
use pickle::{Adapter, BoxError, Context, Loader};

#[derive(Debug, PartialEq)]
struct Version(u8);

struct AsNumber;

impl Adapter<Version> for AsNumber {
    type Stored = u8;

    fn reduce(version: &Version, _: &Context<'_>) -> Result<u8, BoxError> {
        Ok(version.0)
    }

    fn expand(number: u8, _: &Context<'_>) -> Result<Version, BoxError> {
        Ok(Version(number))
    }
}

struct Pool(u32);

#[derive(pickle::Reduce, Debug, PartialEq)]
#[reduce(crate = pickle)]
struct Record<T> {
    id: u32,
    value: T,
    #[reduce(with = Vec<AsNumber>)]
    versions: Vec<Version>,
    #[reduce(skip, default)]
    cached: u8,
    #[reduce(skip, rebuild = connect, context(Pool), from(id))]
    connection: u32,
}

fn connect(pool: &Pool, id: u32) -> Result<u32, BoxError> {
    pool.0.checked_add(id).ok_or_else(|| "no such connection".into())
}

#[test]
fn a_renamed_crate_is_named_by_crate_path() {
    let record = Record {
        id: 1,
        value: Some("text".to_owned()),
        versions: vec![Version(2), Version(3)],
        cached: 0,
        connection: 41,
    };
    let bytes = pickle::to_vec(&record).unwrap();
    let again: Record<Option<String>> = Loader::new().context(Pool(40)).from_slice(&bytes).unwrap();
    assert_eq!(again, record);
}

#[derive(my_framework::reduce::Reduce, Debug, PartialEq)]
#[reduce(crate = "my_framework::reduce")]
enum Choice {
    One,
    Two(u8, Box<Choice>),
    Three { text: String },
}

#[test]
fn a_reexported_crate_is_named_by_crate_path() {
    let choices =
        [Choice::One, Choice::Two(2, Box::new(Choice::One)), Choice::Three { text: "3".into() }];
    let bytes = my_framework::reduce::to_vec(&choices).unwrap();
    assert_eq!(my_framework::reduce::from_slice::<[Choice; 3]>(&bytes).unwrap(), choices);
}

message! { Greeting { text: String } checked by not_empty }

fn not_empty(greeting: &Greeting) -> Result<(), String> {
    if greeting.text.is_empty() { Err("an empty greeting".to_owned()) } else { Ok(()) }
}

#[test]
fn a_macro_of_a_framework_derives_with_dollar_crate() {
    let greeting = Greeting { text: "hello".into(), stamp: my_framework::stamp() };
    let envelope = Envelope { from: "a".to_owned(), content: greeting };
    let bytes = pickle::to_vec(&envelope).unwrap();
    assert_eq!(pickle::from_slice::<Envelope<Greeting>>(&bytes).unwrap(), envelope);

    let bytes = pickle::to_vec(&Greeting { text: String::new(), stamp: 0 }).unwrap();
    let error = pickle::from_slice::<Greeting>(&bytes).unwrap_err();
    assert!(error.to_string().contains("an empty greeting"), "{error}");
}
