//! No peer, but the least that can be: numbers copied as they lie in memory.

use super::{OWN, Peer};
use bytemuck::Pod;

/// A value that is a list of numbers alone.
pub trait Plain {
    /// Of this type.
    type Number: Pod;

    /// They.
    fn numbers(&self) -> &[Self::Number];

    /// The value of them.
    fn of(numbers: Vec<Self::Number>) -> Self;
}

/// One copy of memory each way.
pub struct Memcpy(Vec<u8>);

impl<T: Plain> Peer<T> for Memcpy {
    const NAME: &'static str = "memcpy";

    fn new() -> Self {
        Memcpy(Vec::new())
    }

    fn dump<'a>(&'a mut self, value: &T) -> &'a [u8] {
        self.0.clear();
        self.0.extend_from_slice(bytemuck::cast_slice(value.numbers()));
        &self.0
    }

    fn load(&mut self, bytes: &[u8]) -> T {
        T::of(bytemuck::try_cast_slice(bytes).expect(OWN).to_vec())
    }
}
