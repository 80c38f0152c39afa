//! Every feature of the derive in a crate without a prelude, with all warnings denied and no unsafe code.

#![no_implicit_prelude]
#![deny(warnings)]
#![forbid(unsafe_code)]

use ::core::clone::Clone;
use ::core::cmp::PartialEq;
use ::core::fmt::Debug;
use ::core::marker::{Copy, PhantomData};
use ::core::option::Option;
use ::core::result::Result;
use ::reduce_core::{Adapter, BoxError, Context, Expand, Loader, Reduce, from_slice, to_vec};
use ::std::assert_eq;
use ::std::borrow::Cow;
use ::std::boxed::Box;
use ::std::collections::BTreeMap;
use ::std::path::{Path, PathBuf};
use ::std::rc::Rc;
use ::std::string::{String, ToString};
use ::std::vec::Vec;

#[::core::prelude::v1::test]
fn structs_and_enums_of_all_shapes() {
    same(&Unit);
    same(&Tuple(1, ().to_unit()));
    same(&Shape::Nothing);
    same(&Shape::Circle(1.5, 0));
    same(&Shape::Named { user_id: 1, next: Option::Some(Box::new(Shape::Nothing)) });
}

#[derive(Reduce, Debug, PartialEq)]
struct Unit;

trait ToUnit {
    fn to_unit(self) -> Unit;
}

impl ToUnit for () {
    fn to_unit(self) -> Unit {
        Unit
    }
}

#[derive(Reduce, Debug, PartialEq)]
struct Tuple(#[reduce(rename = "first")] u8, Unit);

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "hygiene.Shape", rename_all = "snake_case", rename_all_fields = "camelCase")]
enum Shape {
    Nothing,
    Circle(f64, #[reduce(skip, default)] u8),
    #[reduce(rename = "named")]
    Named {
        user_id: u32,
        next: Option<Box<Shape>>,
    },
}

#[derive(Reduce, Debug, PartialEq, Clone, Copy, ::bytemuck::Pod, ::bytemuck::Zeroable)]
#[repr(C)]
#[reduce(pod)]
struct Raw {
    r#type: u32,
    place: [i16; 2],
    inner: RawPair,
}

#[derive(Reduce, Debug, PartialEq, Clone, Copy, ::bytemuck::Pod, ::bytemuck::Zeroable)]
#[repr(C)]
#[reduce(pod)]
struct RawPair(f32, u32);

#[::core::prelude::v1::test]
fn records_as_in_memory() {
    same(&Raw { r#type: 1, place: [2, -3], inner: RawPair(0.5, 7) });
}

#[::core::prelude::v1::test]
fn generics_with_bounds_defaults_and_lifetimes() {
    same(&Generic::<u8, 2> { values: [1, 2], shared: Rc::new(3), of: PhantomData });
    let borrowed = Borrowed { text: "text", cow: Cow::Borrowed("cow"), bytes: b"bytes" };
    let bytes = to_vec(&borrowed).unwrap();
    assert_eq!(from_slice::<Borrowed<'_>>(&bytes).unwrap(), borrowed);
    same(&Bound(7u16));
}

#[derive(Reduce, Debug, PartialEq)]
struct Generic<T, const N: usize = 2, U: ?::core::marker::Sized = str>
where
    T: ::core::marker::Copy,
{
    values: [T; N],
    shared: Rc<T>,
    of: PhantomData<U>,
}

#[derive(Reduce, Debug, PartialEq)]
struct Borrowed<'de> {
    text: &'de str,
    cow: Cow<'de, str>,
    bytes: &'de [u8],
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(bound = "T: Reduce + for<'any> Expand<'any>", transparent)]
struct Bound<T>(T);

#[::core::prelude::v1::test]
fn skipped_fields_are_made_from_all_sources() {
    let source = Sources {
        path: PathBuf::new(),
        id: 4,
        cached: Vec::new(),
        zero: 1,
        length: 0,
        sum: 14,
        text: "4".to_string(),
    };
    let bytes = to_vec(&source).unwrap();
    let again: Sources = Loader::new().context(Pool(10)).from_slice(&bytes).unwrap();
    assert_eq!(again, source);
}

struct Pool(u32);

#[derive(Reduce, Debug, PartialEq)]
struct Sources {
    path: PathBuf,
    id: u32,
    #[reduce(skip, default)]
    cached: Vec<u8>,
    #[reduce(skip, default = one)]
    zero: u8,
    #[reduce(skip, rebuild = Sources::length, from(path))]
    length: usize,
    #[reduce(skip, rebuild = "sum", context(Pool), from(id, length))]
    sum: u32,
    #[reduce(skip, rebuild = <u32 as ToString>::to_string, from(id))]
    text: String,
}

impl Sources {
    fn length(path: &Path) -> usize {
        path.as_os_str().len()
    }
}

fn one() -> u8 {
    1
}

fn sum(pool: &Pool, id: u32, length: &usize) -> Result<u32, BoxError> {
    let length = <u32 as ::core::convert::TryFrom<usize>>::try_from(*length)?;
    Result::Ok(pool.0 + id + length)
}

#[::core::prelude::v1::test]
fn containers_are_rebuilt_and_validated() {
    let bytes = to_vec(&Whole { path: PathBuf::new(), pool: 0 }).unwrap();
    let whole: Whole = Loader::new().context(Pool(3)).from_slice(&bytes).unwrap();
    assert_eq!(whole, Whole { path: PathBuf::new(), pool: 3 });
    let bytes = to_vec(&Whole { path: "refused".into_path(), pool: 0 }).unwrap();
    let error = Loader::new().context(Pool(3)).from_slice::<Whole>(&bytes).unwrap_err();
    ::std::assert!(error.to_string().contains("not empty"), "{error}");
}

trait IntoPath {
    fn into_path(self) -> PathBuf;
}

impl IntoPath for &str {
    fn into_path(self) -> PathBuf {
        Path::new(self).to_path_buf()
    }
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(rebuild = Whole::open, context(Pool), validate = Whole::check)]
struct Whole {
    path: PathBuf,
    #[reduce(skip)]
    pool: u32,
}

impl Whole {
    fn open(pool: &Pool, path: PathBuf) -> Result<Self, String> {
        Result::Ok(Whole { path, pool: pool.0 })
    }

    fn check(&self) -> Result<(), &'static str> {
        if self.path.as_os_str().is_empty() { Result::Ok(()) } else { Result::Err("not empty") }
    }
}

#[::core::prelude::v1::test]
fn types_of_others_are_adapted_or_stored_via_another() {
    same(&Package {
        version: Version(1),
        others: <BTreeMap<_, _> as ::core::convert::From<_>>::from([(2, Option::Some(Version(3)))]),
    });
    same(&Celsius(20));
}

#[derive(Debug, PartialEq)]
struct Version(u8);

struct AsNumber;

impl Adapter<Version> for AsNumber {
    type Stored = u8;

    fn reduce(version: &Version, _: &Context<'_>) -> Result<u8, BoxError> {
        Result::Ok(version.0)
    }

    fn expand(number: u8, _: &Context<'_>) -> Result<Version, BoxError> {
        Result::Ok(Version(number))
    }
}

#[derive(Reduce, Debug, PartialEq)]
struct Package {
    #[reduce(with = AsNumber)]
    version: Version,
    #[reduce(with = BTreeMap<::reduce_core::Same, Option<AsNumber>>)]
    others: BTreeMap<u8, Option<Version>>,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(via = Kelvin)]
struct Celsius(u16);

#[derive(Reduce)]
struct Kelvin(u16);

impl ::core::convert::From<&Celsius> for Kelvin {
    fn from(celsius: &Celsius) -> Self {
        Kelvin(celsius.0 + 273)
    }
}

impl ::core::convert::TryFrom<Kelvin> for Celsius {
    type Error = &'static str;

    fn try_from(kelvin: Kelvin) -> Result<Self, &'static str> {
        kelvin.0.checked_sub(273).map(Celsius).ok_or("below zero")
    }
}

fn same<T: Reduce + for<'de> Expand<'de> + PartialEq + Debug>(value: &T) {
    let bytes = to_vec(value).unwrap();
    assert_eq!(&from_slice::<T>(&bytes).unwrap(), value);
}
