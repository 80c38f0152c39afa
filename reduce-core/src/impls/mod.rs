//! Reducers and expanders of the types of `core`, `alloc` and `std`, a file per family.

mod adapters;
mod array;
mod cow;
mod list;
#[cfg(feature = "std")]
mod map;
mod number;
mod option;
mod pointer;
mod reference;
mod shared;
mod text;
mod tuple;

pub(crate) use array::all;
