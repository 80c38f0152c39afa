//! Type, const and lifetime parameters, defaults, where clauses, projections; bounds only for what is stored.
use reduce_core::{Describe, Expand, Reduce, from_slice, to_vec};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::rc::Rc;

#[derive(Reduce, Debug, PartialEq)]
struct Pair<A, B = u8>(A, B);

#[derive(Reduce, Debug, PartialEq)]
struct Grid<T, const WIDTH: usize, const HEIGHT: usize = 2>
where
    T: Copy,
{
    cells: [[T; WIDTH]; HEIGHT],
}

#[derive(Reduce, Debug, PartialEq)]
struct Page<'a, T: ?Sized + ToOwned + 'a> {
    title: &'a str,
    body: Cow<'a, str>,
    bytes: &'a [u8],
    of: PhantomData<T>,
}

trait Family {
    type Member;
}

#[derive(Debug, PartialEq)]
struct Numbers;

impl Family for Numbers {
    type Member = u32;
}

#[derive(Reduce, Debug, PartialEq)]
struct Of<F: Family> {
    one: F::Member,
    many: Vec<<F as Family>::Member>,
}

/// Has no `Reduce`, no `Default`, no `Clone`.
#[derive(Debug, PartialEq)]
struct Opaque;

#[derive(Reduce, Debug, PartialEq)]
struct Skips<T, U> {
    id: u32,
    #[reduce(skip, default = none)]
    cached: Option<T>,
    of: PhantomData<U>,
}

fn none<T>() -> Option<T> {
    None
}

#[derive(Reduce, Debug, PartialEq)]
enum Either<L, R> {
    Left(L),
    Right { value: R },
}

#[derive(Reduce, Debug, PartialEq)]
struct Shared<T> {
    value: Rc<T>,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(bound = "T: Reduce + for<'any> Expand<'any>")]
struct Bound<T> {
    value: T,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(bound(reduce = "T: Reduce", expand = "T: Expand<'de>"))]
struct Sides<T>(T);

fn same<T: for<'de> Expand<'de> + Reduce + PartialEq + std::fmt::Debug>(value: &T) {
    assert_eq!(&from_slice::<T>(&to_vec(value).unwrap()).unwrap(), value);
}

fn is_described<T: Describe>() {}

fn main() {
    same(&Pair(1u16, 2u8));
    same(&Pair("a".to_string(), Pair(Some(1.5f64), 'x')));
    same(&Grid::<u8, 3> { cells: [[1, 2, 3], [4, 5, 6]] });
    same(&Of::<Numbers> { one: 1, many: vec![2, 3] });
    same(&Skips::<Opaque, Opaque> { id: 3, cached: None, of: PhantomData });
    same(&Either::<u8, String>::Left(1));
    same(&Either::<u8, String>::Right { value: "r".into() });
    same(&Shared { value: Rc::new(5u64) });
    same(&Bound { value: vec![1u8] });
    same(&Sides(Some('s')));
    is_described::<Skips<Opaque, Opaque>>();

    let page: Page<'_, str> =
        Page { title: "title", body: Cow::Borrowed("body"), bytes: &[1, 2], of: PhantomData };
    let bytes = to_vec(&page).unwrap();
    let again: Page<'_, str> = from_slice(&bytes).unwrap();
    assert_eq!(again, page);
    assert!(bytes.as_ptr_range().contains(&again.title.as_ptr()));
}
