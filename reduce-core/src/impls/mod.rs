//! Reducers and expanders of the types of `core`, `alloc` and `std`, a file per family.

#[macro_use]
mod shape;

mod adapters;
mod array;
mod atomic;
mod c_str;
mod cell;
mod choice;
mod cow;
mod list;
#[cfg(feature = "std")]
mod lock;
mod map;
mod net;
mod number;
mod option;
mod order;
#[cfg(feature = "std")]
mod path;
mod pointer;
mod range;
mod reference;
mod sequence;
mod set;
mod shared;
mod text;
mod time;
mod tuple;
mod wrapper;

pub(crate) use array::all;
