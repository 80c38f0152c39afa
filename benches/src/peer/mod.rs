//! Every peer behind one trait, in its default settings, with all that it can keep from one value to the next.

#[cfg(feature = "peers")]
mod bits;
#[cfg(feature = "peers")]
mod fory;
mod memory;
mod ours;
#[cfg(feature = "peers")]
mod serde;
#[cfg(feature = "peers")]
mod wide;

#[cfg(feature = "peers")]
pub use bits::Bitcode;
#[cfg(feature = "peers")]
pub use fory::{Fory, ForyFixed, Registered};
pub use memory::{Memcpy, Plain};
pub use ours::{Reduce, ReduceShapes, ReduceSmall};
#[cfg(feature = "peers")]
pub use serde::{Json, MessagePack, MessagePackNamed, Postcard};
#[cfg(feature = "peers")]
pub use wide::{Borsh, Nanoserde, Rkyv, Savefile, Wincode};

use crate::data::Lend;

/// A way to bytes and back, with the memory that it keeps.
///
/// What fails panics: the values are plain, and the bytes its own.
pub trait Peer<T> {
    /// How the tables call it.
    const NAME: &'static str;

    /// One with nothing kept yet.
    fn new() -> Self;

    /// The bytes of a value, in memory that the next dump uses again.
    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8];

    /// The value of the bytes, which lie at an address that is a multiple of 16.
    fn load(&mut self, bytes: &[u8]) -> T;
}

/// A peer that can lend the texts of a value from its bytes.
pub trait Lender<T: Lend>: Peer<T> {
    /// The value, whose texts lie in the bytes.
    fn view<'de>(&mut self, bytes: &'de [u8]) -> T::View<'de>;
}

/// Why nothing here can fail.
const OWN: &str = "its own bytes";
const PLAIN: &str = "a plain value";
