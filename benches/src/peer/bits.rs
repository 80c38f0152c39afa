//! bitcode: columns of packed numbers.

use super::{Lender, OWN, Peer};
use crate::data::Lend;
use bitcode::{Buffer, Decode, DecodeOwned, Encode};

/// With its own derives, which are faster than serde's.
pub struct Bitcode(Buffer);

impl<T: Encode + DecodeOwned> Peer<T> for Bitcode {
    const NAME: &'static str = "bitcode";

    fn new() -> Self {
        Bitcode(Buffer::new())
    }

    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8] {
        self.0.encode(value)
    }

    fn load(&mut self, bytes: &[u8]) -> T {
        self.0.decode(bytes).expect(OWN)
    }
}

impl<T> Lender<T> for Bitcode
where
    T: Lend + Encode + DecodeOwned,
    for<'de> T::View<'de>: Decode<'de>,
{
    fn view<'de>(&mut self, bytes: &'de [u8]) -> T::View<'de> {
        // Its buffer is good for decoding too, but for types without lifetimes alone.
        bitcode::decode(bytes).expect(OWN)
    }
}
