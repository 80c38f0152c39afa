//! What the benchmarks measure: data sets made from a seed ([`data`]), and every peer behind one trait ([`peer`]).

pub mod data;
#[cfg(feature = "peers")]
pub mod peer;
mod random;

pub use random::Random;
