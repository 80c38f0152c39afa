//! Values to bytes and back, and streams that no dump writes.
#![allow(dead_code)] // every test file uses a part

use reduce_core::{Describe, Error, ErrorKind, Expand, Reduce, TypeDef, Writer};
use std::borrow::Cow;
use std::fmt::Debug;
use std::marker::PhantomData;

/// The same value, by way of bytes.
pub fn copied<T>(value: &T) -> T
where
    T: Reduce + for<'de> Expand<'de>,
{
    stored_as::<T, T>(value)
}

/// A value dumped as one type and loaded as another.
pub fn stored_as<A, B>(value: &A) -> B
where
    A: Reduce + ?Sized,
    B: for<'de> Expand<'de>,
{
    reduce_core::from_slice(&reduce_core::to_vec(value).unwrap()).unwrap()
}

/// A value comes back equal, and its copy has the same bytes.
pub fn check<T>(value: &T)
where
    T: Reduce + for<'de> Expand<'de> + PartialEq + Debug,
{
    let bytes = reduce_core::to_vec(value).unwrap();
    let copy: T = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!(&copy, value);
    assert_eq!(reduce_core::to_vec(&copy).unwrap(), bytes);
}

/// As [`check`], by way of a `Cow`, which may borrow from the stream.
pub fn check_cow<T>(value: &T)
where
    T: Reduce + ToOwned + PartialEq + Debug + ?Sized + 'static,
    for<'de> Cow<'de, T>: Expand<'de>,
{
    let bytes = reduce_core::to_vec(value).unwrap();
    assert_eq!(reduce_core::to_vec(&Cow::Borrowed(value)).unwrap(), bytes);
    let copy: Cow<'_, T> = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!(&*copy, value);
}

/// Two values of types with one program have the same bytes.
pub fn same_bytes<A: Reduce + ?Sized, B: Reduce + ?Sized>(a: &A, b: &B) {
    assert_eq!(reduce_core::to_vec(a).unwrap(), reduce_core::to_vec(b).unwrap());
}

/// Bytes of data that claim to be a `T`.
pub struct Claim<T: ?Sized>(Vec<u8>, PhantomData<T>);

impl<T: Describe + ?Sized> Describe for Claim<T> {
    fn def() -> &'static TypeDef {
        T::def()
    }
}

impl<T: Describe + ?Sized> Reduce for Claim<T> {
    fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
        self.0.iter().try_for_each(|byte| byte.reduce(w))
    }
}

/// A stream of a `T` with these bytes as its data.
pub fn claim<T: Describe + ?Sized>(data: &[u8]) -> Vec<u8> {
    reduce_core::to_vec(&Claim::<T>(data.to_vec(), PhantomData)).unwrap()
}

/// A number of variable length.
pub fn varint(value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    reduce::varint(value.into(), &mut bytes);
    bytes
}

/// What loading these bytes as a `T` ends in: kind, path and the line that a user sees.
pub fn refusal<'de, T: Expand<'de>>(bytes: &'de [u8]) -> (ErrorKind, String, String) {
    match reduce_core::from_slice::<T>(bytes) {
        Ok(_) => panic!("the bytes load"),
        Err(error) => (error.kind(), error.path(), error.to_string()),
    }
}

/// As [`refusal`], of a dump.
pub fn dump_refusal<T: Reduce + ?Sized>(value: &T) -> (ErrorKind, String, String) {
    let error = reduce_core::to_vec(value).unwrap_err();
    (error.kind(), error.path(), error.to_string())
}
